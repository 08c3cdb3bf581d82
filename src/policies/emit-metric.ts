import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { DIMENSION, defaultDimensions, dimensionReader } from './shared/dimensions.ts';
import { deliver } from './shared/sinks.ts';
import type { Step } from './step.ts';

/** `<emit-metric>`: sends a metric of one's own with its dimensions. */
export const emitMetric: PolicyDefinition = {
  name: 'emit-metric',
  summary: 'Sends a custom metric.',
  page: 'emit-metric-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  standIn: 'metrics are recorded and logged',
  cardinality: 'any',
  attributes: [
    required('name', 'string', 'Metric.', { expressions: false }),
    optional('namespace', 'string', 'Namespace.', { expressions: false, default: 'API Management' }),
    optional('value', 'number', 'Value.', { default: '1' }),
    optional('default-dimensions', 'boolean', 'Known to the schema alone; `true` adds every default dimension.', {
      expressions: false,
      default: 'false',
    }),
  ],
  content: 'children',
  children: [DIMENSION],
  compile: compileEmitMetric,
};

function compileEmitMetric(element: PolicyElement, compiler: PolicyCompiler): Step {
  const name = element.literal('name') ?? '';
  const namespace = element.literal('namespace') ?? 'API Management';
  const value = element.number('value');
  const dimensions = dimensionReader(element, compiler, 'metric');
  const addsDefaults = element.boolean('default-dimensions')?.constant ?? false;
  return (exchange) => {
    const amount = value?.read(exchange) ?? 1;
    const own = dimensions(exchange)();
    const all = addsDefaults ? { ...defaultDimensions(exchange), ...own } : own;
    deliver({ kind: 'metric', namespace, name, value: amount, dimensions: all }, compiler.info, exchange);
    return undefined;
  };
}
