/** llm-emit-token-metric and its Azure OpenAI twin. */
import type { PolicyCompiler, PolicyElement } from '../../compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from '../../definition.ts';
import type { Step } from '../../step.ts';
import { DIMENSION, dimensionReader } from '../dimensions.ts';
import { deliver } from '../sinks.ts';
import { measure } from './measure.ts';
import { promptOf } from './prompt.ts';
import type { TokenUsage } from './usage.ts';

const literal = { expressions: false };
const VALUE_TYPES = ['all', 'total-tokens', 'prompt-tokens', 'completion-tokens'];

/** The definition under one of its two names; `most` custom dimensions are what its page promises. */
export function tokenMetric(name: string, page: string, most: number): PolicyDefinition {
  return {
    name,
    summary: 'Sends the token counts of a language model call as metrics.',
    page,
    sections: ['inbound'],
    scopes: ALL_SCOPES,
    standIn: 'metrics are recorded and logged',
    cardinality: 'any',
    attributes: [
      optional('namespace', 'string', 'Namespace.', { ...literal, default: 'API Management' }),
      optional('value-type', 'enum', 'Which counts are sent.', { ...literal, values: VALUE_TYPES, default: 'all' }),
      optional('value', 'number', 'Of an older page, which shows no effect of it.', { default: '1' }),
      optional('name', 'string', 'Name of the metric in place of its own; known to the schema alone.', {
        ...literal,
        standIn: 'the name of each metric that is sent',
      }),
      optional('ignore-prompt', 'boolean', 'Leaves the prompt out of the counts; known to the schema alone.', {
        ...literal,
        default: 'false',
      }),
    ],
    content: 'children',
    children: [DIMENSION],
    compile: (element, compiler) => compileTokenMetric(element, compiler, most),
  };
}

const METRICS: readonly { readonly type: string; readonly name: string; of(usage: TokenUsage): number }[] = [
  { type: 'total-tokens', name: 'Total Tokens', of: ({ total }) => total },
  { type: 'prompt-tokens', name: 'Prompt Tokens', of: ({ prompt }) => prompt },
  { type: 'completion-tokens', name: 'Completion Tokens', of: ({ completion }) => completion },
];

function compileTokenMetric(element: PolicyElement, compiler: PolicyCompiler, most: number): Step {
  const namespace = element.literal('namespace') ?? 'API Management';
  const type = element.literal('value-type') ?? 'all';
  const own = element.literal('name');
  const ignoresPrompt = element.boolean('ignore-prompt')?.constant ?? false;
  const metrics = METRICS.filter((metric) => type === 'all' || metric.type === type).filter(
    (metric) => !(ignoresPrompt && metric.type === 'prompt-tokens'),
  );
  const dimensions = dimensionReader(element, compiler, 'tokens', most);
  compiler.reads({ request: true });
  return (exchange) => {
    const readDimensions = dimensions(exchange);
    measure(exchange, {
      prompt: promptOf(exchange),
      early: false,
      done: (usage, ended) => {
        if (!usage) return;
        for (const { name, of } of metrics)
          deliver(
            { kind: 'metric', namespace, name: own ?? name, value: of(counted(usage, ignoresPrompt)), dimensions: readDimensions() },
            compiler.info,
            ended,
          );
      },
    });
    return undefined;
  };
}

function counted(usage: TokenUsage, ignoresPrompt: boolean): TokenUsage {
  return ignoresPrompt ? { ...usage, prompt: 0, total: usage.completion } : usage;
}
