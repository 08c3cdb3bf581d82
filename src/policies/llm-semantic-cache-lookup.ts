import { semanticLookup } from './shared/llm/semantic-lookup.ts';

/** `<llm-semantic-cache-lookup>`: stored completions of language model APIs. */
export const llmSemanticCacheLookup = semanticLookup('llm-semantic-cache-lookup', 'llm-semantic-cache-lookup-policy');
