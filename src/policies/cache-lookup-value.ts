import type { CacheAnswer } from '../host/host.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { after } from './shared/after.ts';
import { CACHING_TYPE, cachingType, lookUpValue, NO_INTERNAL_CACHE, valueKey } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

/** `<cache-lookup-value>`: reads a value into a variable; a miss without default-value leaves the variable alone. */
export const cacheLookupValue: PolicyDefinition = {
  name: 'cache-lookup-value',
  summary: 'Reads a cached value into a variable.',
  page: 'cache-lookup-value-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'any',
  attributes: [
    required('key', 'string', 'Lookup key.'),
    required('variable-name', 'string', 'Variable that receives the value.', { expressions: false }),
    optional('default-value', 'any', 'Value assigned on a miss.'),
    CACHING_TYPE,
  ],
  content: 'empty',
  compile: compileLookup,
};

function compileLookup(element: PolicyElement): Step {
  const key = needed(element.text('key'), 'key');
  const variable = element.literal('variable-name') ?? '';
  const fallback = element.object('default-value');
  const kind = cachingType(element.literal('caching-type'));
  return (exchange) => {
    const answer = lookUpValue(exchange, kind, valueKey(key.read(exchange)));
    const settle = (result: CacheAnswer): undefined => {
      if (result.hit) setVariable(exchange, variable, result.value);
      else if (fallback) setVariable(exchange, variable, fallback.read(exchange));
    };
    return after(answer, settle);
  };
}
