/**
 * Readers and writers over tokens, as `CreateReader` and `CreateWriter` give them. Their types are not in Azure's list: an
 * expression can pass one on (`JToken.Load(token.CreateReader())`), but neither name nor ask it.
 */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { readerException } from './errors.ts';
import { KIND } from './kinds.ts';
import type { RootName } from './reader.ts';
import { type JContainer, type JToken, JValue } from './tokens.ts';
import { tokenText } from './writer.ts';

type Maybe<T> = T | null;

const WHAT: Readonly<Record<Exclude<RootName, 'JToken'>, string>> = {
  JObject: 'an object',
  JArray: 'an array',
  JConstructor: 'a constructor',
  JProperty: 'a property',
};
const STARTS: Readonly<Record<number, string>> = {
  [KIND.Object]: 'StartObject',
  [KIND.Array]: 'StartArray',
  [KIND.Constructor]: 'StartConstructor',
  [KIND.Property]: 'PropertyName',
  [KIND.Integer]: 'Integer',
  [KIND.Float]: 'Float',
  [KIND.String]: 'String',
  [KIND.Boolean]: 'Boolean',
  [KIND.Null]: 'Null',
  [KIND.Undefined]: 'Undefined',
  [KIND.Comment]: 'Comment',
  [KIND.Date]: 'Date',
  [KIND.Raw]: 'Raw',
  [KIND.Bytes]: 'Bytes',
};

/** A JTokenReader: gives its token once, then stands at the end. */
class TokenReader implements NetObject {
  #token: JToken | null;

  constructor(token: JToken) {
    this.#token = token;
  }
  get netType(): TypeDeclaration {
    return tokenReaderType;
  }
  /** A copy of what is read, as `Load` makes it. */
  take(runtime: Runtime, wanted: RootName): JToken {
    const token = this.#token;
    const start = { path: '', line: token?.line ?? 0, position: token?.position ?? 0, hasLine: (token?.line ?? 0) > 0 };
    if (token === null) throw readerException(`Error reading ${wanted} from JsonReader.`, start);
    if (wanted !== 'JToken' && token.className !== wanted)
      throw readerException(
        `Error reading ${wanted} from JsonReader. Current JsonReader item is not ${WHAT[wanted]}: ${STARTS[token.kind] ?? 'String'}.`,
        start,
      );
    this.#token = null;
    runtime.budget.step();
    return token.clone();
  }
}

/** A JTokenWriter into a container. */
class TokenWriter implements NetObject {
  readonly #container: JContainer;

  constructor(container: JContainer) {
    this.#container = container;
  }
  get netType(): TypeDeclaration {
    return tokenWriterType;
  }
  write(runtime: Runtime, token: JToken): void {
    runtime.budget.step();
    this.#container.insertItem(this.#container.netCount, token.clone());
  }
}

/** Nothing is held open. */
const CLOSING: MemberTable = { 'void Close()': () => undefined, 'void Dispose()': () => undefined };

const tokenReaderType = declareType('class Newtonsoft.Json.Linq.JTokenReader : Newtonsoft.Json.JsonReader', 'none', {});
const tokenWriterType = declareType('class Newtonsoft.Json.Linq.JTokenWriter : Newtonsoft.Json.JsonWriter', 'none', {});

export const tokenIoTypes: readonly TypeDeclaration[] = [
  declareType('abstract class Newtonsoft.Json.JsonReader : System.IDisposable', 'none', CLOSING),
  declareType('abstract class Newtonsoft.Json.JsonWriter : System.IDisposable', 'none', CLOSING),
  tokenReaderType,
  tokenWriterType,
];

/** `Load`, and `ReadFrom` of JToken itself. */
export function loading(className: RootName): MemberTable {
  const load = special((runtime, _types, reader: Maybe<TokenReader>) => {
    if (reader === null) throw argumentNull('reader');
    return reader.take(runtime, className);
  });
  const names = className === 'JToken' ? ['Load', 'ReadFrom'] : ['Load'];
  return Object.fromEntries(
    names.flatMap((name) => [
      [`static ${className} ${name}(Newtonsoft.Json.JsonReader reader)`, load],
      [`static ${className} ${name}(Newtonsoft.Json.JsonReader reader, JsonLoadSettings settings)`, load],
    ]),
  );
}

/** Of JToken. */
export const readingMembers: MemberTable = {
  'Newtonsoft.Json.JsonReader CreateReader()': (token: JToken) => new TokenReader(token),
  'void WriteTo(Newtonsoft.Json.JsonWriter writer, params Newtonsoft.Json.JsonConverter[] converters)': special(
    (runtime, _types, token: JToken, writer: Maybe<TokenWriter>) => {
      if (writer === null) throw argumentNull('writer');
      writer.write(runtime, token);
    },
  ),
};

/** Of JContainer. */
export const writingMembers: MemberTable = {
  'Newtonsoft.Json.JsonWriter CreateWriter()': (container: JContainer) => new TokenWriter(container),
};

/** Of JRaw. */
export const rawMembers: MemberTable = {
  'static JRaw Create(Newtonsoft.Json.JsonReader reader)': special((runtime, _types, reader: Maybe<TokenReader>) => {
    if (reader === null) throw argumentNull('reader');
    const text = tokenText(reader.take(runtime, 'JToken'), false);
    runtime.budget.allocate(text.length);
    return new JValue(text, KIND.Raw);
  }),
};
