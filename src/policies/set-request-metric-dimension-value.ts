import type { Exchange } from '../exchange/exchange.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { deliver } from './shared/sinks.ts';
import type { Step } from './step.ts';

/** `<set-request-metric-dimension-value>`: a dimension of the metric that counts requests. Known to the schema alone. */
export const setRequestMetricDimensionValue: PolicyDefinition = {
  name: 'set-request-metric-dimension-value',
  summary: 'Adds a dimension to the metric of requests.',
  page: 'api-management-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  standIn: 'the metric goes out once a call that set a dimension, beside the custom metrics',
  cardinality: 'any',
  attributes: [required('name', 'string', 'Dimension.'), required('value', 'string', 'Its value; the last one set counts.')],
  content: 'empty',
  compile: compileDimension,
};

const KEY = 'request-metric-dimensions';
const METRIC = { kind: 'metric', namespace: 'API Management', name: 'Requests', value: 1 } as const;

function compileDimension(element: PolicyElement): Step {
  const name = needed(element.text('name'), 'name');
  const value = needed(element.text('value'), 'value');
  return (exchange) => {
    dimensionsOf(exchange).set(name.read(exchange) ?? '', value.read(exchange) ?? '');
    return undefined;
  };
}

/** The first dimension of a call has the metric sent behind it. */
function dimensionsOf(exchange: Exchange): Map<string, string> {
  const known = exchange.memory.get(KEY) as Map<string, string> | undefined;
  if (known) return known;
  const made = new Map<string, string>();
  exchange.memory.set(KEY, made);
  exchange.deferred.push((ended) => deliver({ ...METRIC, dimensions: Object.fromEntries(made) }, null, ended));
  return made;
}
