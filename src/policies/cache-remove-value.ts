import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { CACHING_TYPE, cachingType, NO_INTERNAL_CACHE, valueKey } from './shared/caching.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<cache-remove-value>`: deletes a value; a missing key is no error. */
export const cacheRemoveValue: PolicyDefinition = {
  name: 'cache-remove-value',
  summary: 'Deletes a cached value.',
  page: 'cache-remove-value-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  differences: NO_INTERNAL_CACHE,
  cardinality: 'any',
  attributes: [required('key', 'string', 'Key.'), CACHING_TYPE],
  content: 'empty',
  compile: compileRemove,
};

function compileRemove(element: PolicyElement): Step {
  const key = needed(element.text('key'), 'key');
  const kind = cachingType(element.literal('caching-type'));
  return (exchange) => {
    const removed = exchange.host.cache.remove(kind, valueKey(key.read(exchange)));
    return removed instanceof Promise ? removed.then(() => undefined) : undefined;
  };
}
