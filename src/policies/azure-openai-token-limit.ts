import { tokenLimit } from './shared/llm/token-limit.ts';

/** `<azure-openai-token-limit>`: tokens of Azure OpenAI APIs per key. */
export const azureOpenaiTokenLimit = tokenLimit('azure-openai-token-limit', 'azure-openai-token-limit-policy');
