/** Newtonsoft.Json and Newtonsoft.Json.Linq; also the reader and writer that message bodies use. */
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { jsonExceptionTypes } from './exceptions.ts';
import { jsonConvertType } from './json-convert.ts';
import { sequenceTypes } from './sequences.ts';
import { settingsTypes } from './settings.ts';
import { tokenIoTypes } from './token-io.ts';
import { tokenDeclarations } from './token-types.ts';

export { fromPlain, type PlainJson, toPlain } from './plain.ts';
export { parseJson, parseText } from './reader.ts';
export { JArray, JObject, JToken, JValue } from './tokens.ts';
export { tokenText as writeJson } from './writer.ts';

export const jsonTypes: readonly TypeDeclaration[] = [
  ...settingsTypes,
  ...sequenceTypes,
  ...Object.values(tokenDeclarations),
  ...tokenIoTypes,
  jsonConvertType,
  ...jsonExceptionTypes,
];
