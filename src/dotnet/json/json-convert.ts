/** JsonConvert: text to values and back. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { isInstance } from '../collections/elements.ts';
import { box, isObject, isValueType, nullableElement } from '../core/protocol.ts';
import { isTokenType, toObject } from './deserialize.ts';
import { serializationException } from './errors.ts';
import { parseText } from './reader.ts';
import { JsonScanner } from './scanner.ts';
import { toJToken } from './serialize.ts';
import { readOptions, Settings, serializeOptions, writeOptions } from './settings.ts';
import { JContainer } from './tokens.ts';
import { writeToken } from './writer.ts';
import { xmlNodeMembers } from './xml-node.ts';

type Maybe<T> = T | null;

/** `SerializeObject` of an object-represented value. */
function serialize(runtime: Runtime, value: unknown, formatting: number | undefined, settings: Maybe<Settings>): string {
  const text = writeToken(toJToken(runtime, value, serializeOptions(settings)), writeOptions(settings, formatting));
  runtime.budget.allocate(text.length);
  return text;
}

/** `DeserializeObject<T>`, in T's representation. */
function deserialize(runtime: Runtime, text: Maybe<string>, type: Type, settings: Maybe<Settings>): unknown {
  if (text === null) throw argumentNull('value');
  if (isBlank(text)) return nothing(runtime, type);
  const into = isTokenType(type) ? 'tokens' : isObject(type) ? 'object' : 'typed';
  const token = parseText(text, 'JToken', { ...readOptions(settings), into }, runtime.budget);
  // Only the whole of the wrong tokens is looked at, which leaves the reader behind their end.
  if (into === 'tokens' && token instanceof JContainer && !isInstance(runtime.types, token, type)) placeAtEnd(token, text);
  return toObject(runtime, token, type, true);
}

function placeAtEnd(token: JContainer, text: string): void {
  const lines = text.trimEnd().split(/\r\n|\r|\n/);
  token.line = lines.length;
  token.position = lines.at(-1)?.length ?? 0;
}

/** Whether there is nothing but space and comments. */
function isBlank(text: string): boolean {
  return /^\s*($|\/)/.test(text) && !new JsonScanner(text).readContent();
}

function nothing(runtime: Runtime, type: Type): null {
  if (!isValueType(type) || nullableElement(type) !== undefined) return null;
  const place = { path: '', line: 0, position: 0, hasLine: true };
  throw serializationException(`No JSON content found and type '${runtime.types.reflectionName(type)}' is not nullable.`, place);
}

function deserializeObject(runtime: Runtime, text: Maybe<string>, type: Maybe<TypeObject>, settings: Maybe<Settings>): unknown {
  const wanted = type?.of ?? runtime.types.type('object');
  return box(deserialize(runtime, text, wanted, settings), wanted);
}

const settingsOf = (last: unknown): Maybe<Settings> => (last instanceof Settings ? last : null);

/** The last argument is settings, or converters (of which none can exist). */
const generic = special((runtime, [type], text: Maybe<string>, last: unknown) =>
  type === undefined ? null : deserialize(runtime, text, type, settingsOf(last)),
);
const byType = special((runtime, _types, text: Maybe<string>, type: Maybe<TypeObject>, last: unknown) =>
  deserializeObject(runtime, text, type, settingsOf(last)),
);
const plain = special((runtime, _types, value: unknown, last: unknown) => serialize(runtime, value, undefined, settingsOf(last)));
const formatted = special((runtime, _types, value: unknown, formatting: number, last: unknown) =>
  serialize(runtime, value, formatting, settingsOf(last)),
);

const CONVERTERS = 'params JsonConverter[] converters';
const SETTINGS = 'JsonSerializerSettings settings';

const members: MemberTable = {
  'static T DeserializeObject<T>(string value)': generic,
  [`static T DeserializeObject<T>(string value, ${CONVERTERS})`]: generic,
  [`static T DeserializeObject<T>(string value, ${SETTINGS})`]: generic,
  'static object DeserializeObject(string value)': special((runtime, _types, text: Maybe<string>) =>
    deserializeObject(runtime, text, null, null),
  ),
  [`static object DeserializeObject(string value, ${SETTINGS})`]: special(
    (runtime, _types, text: Maybe<string>, settings: Maybe<Settings>) => deserializeObject(runtime, text, null, settings),
  ),
  'static object DeserializeObject(string value, Type type)': byType,
  [`static object DeserializeObject(string value, Type type, ${CONVERTERS})`]: byType,
  [`static object DeserializeObject(string value, Type type, ${SETTINGS})`]: byType,
  'static string SerializeObject(object value)': plain,
  [`static string SerializeObject(object value, ${CONVERTERS})`]: plain,
  [`static string SerializeObject(object value, ${SETTINGS})`]: plain,
  'static string SerializeObject(object value, Formatting formatting)': formatted,
  [`static string SerializeObject(object value, Formatting formatting, ${CONVERTERS})`]: formatted,
  [`static string SerializeObject(object value, Formatting formatting, ${SETTINGS})`]: formatted,
  [`static string SerializeObject(object value, Type type, ${SETTINGS})`]: special(
    (runtime, _types, value: unknown, _type: unknown, settings: Maybe<Settings>) => serialize(runtime, value, undefined, settings),
  ),
  [`static string SerializeObject(object value, Type type, Formatting formatting, ${SETTINGS})`]: special(
    (runtime, _types, value: unknown, _type: unknown, formatting: number, settings: Maybe<Settings>) =>
      serialize(runtime, value, formatting, settings),
  ),
};

export const jsonConvertType = declareType('static class Newtonsoft.Json.JsonConvert', ['SerializeObject', 'DeserializeObject'], {
  ...members,
  ...xmlNodeMembers,
});
