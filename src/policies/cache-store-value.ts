import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, INT, type PolicyDefinition, required } from './definition.ts';
import { after } from './shared/after.ts';
import { CACHING_TYPE, cachingType, NO_INTERNAL_CACHE, storeValue, valueKey } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<cache-store-value>`: keeps a value for so many seconds; null is not stored. */
export const cacheStoreValue: PolicyDefinition = {
  name: 'cache-store-value',
  summary: 'Stores a value in the cache.',
  page: 'cache-store-value-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'any',
  attributes: [
    required('key', 'string', 'Key.'),
    required('value', 'any', 'Value to keep.'),
    required('duration', 'integer', 'Seconds; what lasts none is not kept.', INT),
    CACHING_TYPE,
  ],
  content: 'empty',
  compile: compileStore,
};

function compileStore(element: PolicyElement): Step {
  const key = needed(element.text('key'), 'key');
  const value = needed(element.object('value'), 'value');
  const duration = needed(element.number('duration'), 'duration');
  const kind = cachingType(element.literal('caching-type'));
  return (exchange) => {
    const name = valueKey(key.read(exchange));
    const stored = value.read(exchange);
    const seconds = duration.read(exchange);
    if (stored === null || stored === undefined) return undefined;
    return after(storeValue(exchange, kind, name, stored, seconds), () => undefined);
  };
}
