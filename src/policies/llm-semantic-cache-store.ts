import { semanticStore } from './shared/llm/semantic-store.ts';

/** `<llm-semantic-cache-store>`: keeps completions of language model APIs. */
export const llmSemanticCacheStore = semanticStore('llm-semantic-cache-store', 'llm-semantic-cache-store-policy');
