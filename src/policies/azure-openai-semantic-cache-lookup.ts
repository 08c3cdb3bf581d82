import { semanticLookup } from './shared/llm/semantic-lookup.ts';

/** `<azure-openai-semantic-cache-lookup>`: stored completions of Azure OpenAI APIs. */
export const azureOpenaiSemanticCacheLookup = semanticLookup(
  'azure-openai-semantic-cache-lookup',
  'azure-openai-semantic-cache-lookup-policy',
);
