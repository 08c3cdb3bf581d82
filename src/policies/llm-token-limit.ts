import { tokenLimit } from './shared/llm/token-limit.ts';

/** `<llm-token-limit>`: tokens of language model APIs per key. */
export const llmTokenLimit = tokenLimit('llm-token-limit', 'llm-token-limit-policy');
