import { tokenMetric } from './shared/llm/token-metric.ts';

/** `<llm-emit-token-metric>`: token counts of language model APIs as metrics. */
export const llmEmitTokenMetric = tokenMetric('llm-emit-token-metric', 'llm-emit-token-metric-policy', 5);
