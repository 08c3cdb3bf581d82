/** Plain JavaScript views of tokens, for libraries that work on them. Names such as `__proto__` are own properties there. */
import { NetDateTime } from './dates.ts';
import { JArray, JObject, JProperty, type JToken, JValue } from './tokens.ts';
import { asNumber } from './values.ts';
import { scalarJson } from './writer.ts';

export type PlainJson = null | boolean | number | string | PlainJson[] | { [name: string]: PlainJson };

/** Objects, arrays and scalars; integers that a double cannot hold lose digits, dates and other values become their JSON text. */
export function toPlain(token: JToken | null): PlainJson {
  if (token instanceof JObject) {
    const result: { [name: string]: PlainJson } = {};
    for (const { name, value } of token.properties)
      Object.defineProperty(result, name, { value: toPlain(value), enumerable: true, configurable: true, writable: true });
    return result;
  }
  if (token instanceof JArray) return token.children.map(toPlain);
  if (token instanceof JProperty) return toPlain(token.value);
  return token instanceof JValue ? plainScalar(token) : null;
}

function plainScalar({ value }: JValue): PlainJson {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = scalarJson(value);
  return value instanceof NetDateTime || text.startsWith('"') ? text.slice(1, -1) : asNumber(value);
}

/** From plain JavaScript data; whole numbers become integers. Undefined counts as null. */
export function fromPlain(value: unknown): JToken {
  if (value === null || value === undefined) return JValue.null();
  if (Array.isArray(value)) {
    const array = new JArray();
    for (const item of value) array.append(fromPlain(item));
    return array;
  }
  if (typeof value === 'object') {
    const object = new JObject();
    for (const [name, item] of Object.entries(value)) object.setProperty(name, fromPlain(item));
    return object;
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return JValue.of(BigInt(value));
  return JValue.of(value);
}
