import { semanticStore } from './shared/llm/semantic-store.ts';

/** `<azure-openai-semantic-cache-store>`: keeps completions of Azure OpenAI APIs. */
export const azureOpenaiSemanticCacheStore = semanticStore('azure-openai-semantic-cache-store', 'azure-openai-semantic-cache-store-policy');
