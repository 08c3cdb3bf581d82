/** Indexing of tokens by an object key, and content handed over as object. */

import { boxer } from '../../csharp/runtime/box.ts';
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { arrayTypeOf, Boxed, isNetObject } from '../../csharp/runtime/values.ts';
import { objectItems } from '../collections/elements.ts';
import { primitiveOf, toText } from '../core/protocol.ts';
import { badKey, noChildren, noSettableChildren } from './errors.ts';
import { ContentList, JArray, JConstructor, JObject, JToken } from './tokens.ts';

/** A key in an error: text is quoted. */
function keyText(key: unknown): string {
  return typeof key === 'string' ? `"${key}"` : key === null ? '{null}' : toText(key);
}

function asIndex(key: unknown): number | undefined {
  return key instanceof Boxed && primitiveOf(key.type) === 'int' ? Number(key.value) : undefined;
}

const EXPECTED = { JObject: 'Object property name', JArray: 'Int32 array index', JConstructor: 'Argument position index' } as const;

/** `token[key]`; null for a missing property, exceptions as each class throws them. */
export function childOf(token: JToken, key: unknown): JToken | null {
  if (!(token instanceof JObject || token instanceof JArray || token instanceof JConstructor)) throw noChildren(token.fullName);
  if (key === null) throw argumentNull('key');
  if (token instanceof JObject) {
    if (typeof key !== 'string') throw badKey('Accessed', 'JObject', keyText(key), EXPECTED.JObject);
    return token.getItem(key);
  }
  const index = asIndex(key);
  if (index === undefined) throw badKey('Accessed', token.className, keyText(key), EXPECTED[token.className]);
  return token.netGet(index) as JToken;
}

/** `token[key] = value`. */
export function setChild(token: JToken, key: unknown, value: JToken | null): void {
  if (!(token instanceof JObject || token instanceof JArray || token instanceof JConstructor)) throw noSettableChildren(token.fullName);
  if (key === null) throw argumentNull('key');
  if (token instanceof JObject) {
    if (typeof key !== 'string') throw badKey('Set', 'JObject', keyText(key), EXPECTED.JObject);
    token.setProperty(key, value);
    return;
  }
  const index = asIndex(key);
  if (index === undefined) throw badKey('Set', token.className, keyText(key), EXPECTED[token.className]);
  token.setItem(index, value);
}

/** An `object` argument as content of a container: the items of an enumerable as objects, everything else itself. */
export function contentOf(runtime: Runtime, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof JToken || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return arrayContent(runtime, value);
  if (!(Symbol.iterator in value)) return isNetObject(value) || value instanceof Boxed ? value : refuse(runtime, value);
  return new ContentList(parts(runtime, value as Iterable<unknown>));
}

/** What `params object[]` and other arrays hold, at once. */
function arrayContent(runtime: Runtime, array: readonly unknown[]): ContentList {
  const type = arrayTypeOf(array);
  if (type === undefined || type.rank > 1) return new ContentList(parts(runtime, array));
  const boxed = boxer(type.element);
  runtime.budget.step(array.length);
  return new ContentList(array.map((item) => contentOf(runtime, boxed(item))));
}

function* parts(runtime: Runtime, source: Iterable<unknown>): Generator<unknown> {
  for (const item of objectItems(runtime.types, source)) {
    runtime.budget.step();
    yield contentOf(runtime, item);
  }
}

function refuse(runtime: Runtime, value: unknown): never {
  const type = runtime.types.typeOf(value);
  throw argument(`Could not determine JSON object type for type ${type === null ? 'null' : runtime.types.reflectionName(type)}.`);
}
