import { tokenMetric } from './shared/llm/token-metric.ts';

/** `<azure-openai-emit-token-metric>`: token counts of Azure OpenAI APIs as metrics. */
export const azureOpenaiEmitTokenMetric = tokenMetric('azure-openai-emit-token-metric', 'azure-openai-emit-token-metric-policy', 10);
