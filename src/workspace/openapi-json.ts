/** Reading an API definition as plain JSON. */

export type Json = Readonly<Record<string, unknown>>;

/** Follows a local `$ref`; an unknown one gives an empty object. */
export function resolve(root: Json, value: unknown): Json {
  let current = value;
  for (let steps = 0; steps < 20 && isJson(current) && typeof current.$ref === 'string'; steps += 1) current = lookUp(root, current.$ref);
  return isJson(current) ? current : {};
}

function lookUp(root: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return {};
  let current: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    current = isJson(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object; an empty one otherwise. */
export function member(value: Json, name: string): Json {
  const found = value[name];
  return isJson(found) ? found : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
