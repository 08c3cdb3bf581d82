/** Reading an API definition as plain JSON. */
import { isJsonObject, type Members, membersOf } from '../source/json.ts';

/** Follows a local `$ref`; an unknown one gives an empty object. */
export function resolve(root: Members, value: unknown): Members {
  let current = value;
  for (let steps = 0; steps < 20 && isJsonObject(current) && typeof current.$ref === 'string'; steps += 1)
    current = lookUp(root, current.$ref);
  return isJsonObject(current) ? current : {};
}

function lookUp(root: Members, reference: string): unknown {
  if (!reference.startsWith('#/')) return {};
  let current: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    current = isJsonObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current;
}

/** A member that is an object; an empty one otherwise. */
export function member(value: Members, name: string): Members {
  return membersOf(value[name]);
}
