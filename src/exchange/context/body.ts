/** Reading a body: As<T> and AsFormUrlEncodedContent (expressions.md, section 6). */
import { invalidOperation, NetException, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { Type } from '../../csharp/types/type.ts';
import { newDictionary } from '../../dotnet/collections/dictionary.ts';
import { newList } from '../../dotnet/collections/list.ts';
import { parseText, type RootName } from '../../dotnet/json/reader.ts';
import type { Body } from '../body.ts';
import { queryParts } from '../query.ts';
import { callStatic } from './library.ts';

const JSON_TYPES: ReadonlyMap<string, RootName> = new Map([
  ['Newtonsoft.Json.Linq.JObject', 'JObject'],
  ['Newtonsoft.Json.Linq.JArray', 'JArray'],
  ['Newtonsoft.Json.Linq.JToken', 'JToken'],
]);
const XML_TYPES: ReadonlyMap<string, string> = new Map([
  ['System.Xml.Linq.XDocument', 'System.Xml.Linq.XDocument'],
  ['System.Xml.Linq.XElement', 'System.Xml.Linq.XElement'],
  ['System.Xml.Linq.XNode', 'System.Xml.Linq.XElement'],
]);

/** `As<T>`: without `preserveContent` the body is gone afterwards, whether or not it could be read. */
export function readBody(runtime: Runtime, type: Type | undefined, body: Body, preserve: boolean): unknown {
  if (body.isConsumed) throw alreadyRead();
  if (type?.kind === 'array') return body.take(preserve).slice();
  const name = type?.kind === 'named' ? type.definition.fullName : '';
  const text = body.text();
  body.take(preserve);
  if (name === 'System.String') return text;
  const root = JSON_TYPES.get(name);
  if (root !== undefined) return parseJson(runtime, root, text);
  const xml = XML_TYPES.get(name);
  if (xml !== undefined) return callStatic(runtime, xml, 'Parse', ['string'], text);
  throw notSupported(`The message body cannot be read as '${type ? runtime.types.reflectionName(type) : ''}'.`);
}

/** The reader's exception as it is for `catch`; LastError shows the gateway's sentence before it. */
function parseJson({ budget }: Runtime, root: RootName, text: string): unknown {
  try {
    return parseText(text, root, {}, budget);
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    const reported = `The message body is not a valid JSON. ${error.message}`;
    throw new NetException(error.typeName, error.message, error.inner, { ...error.details, reported });
  }
}

function alreadyRead(): NetException {
  return invalidOperation('The message body has been read before; read it with preserveContent: true.');
}

/** `IDictionary<string, IList<string>>`: decoded, names in order of appearance. */
export function readForm(runtime: Runtime, body: Body, preserve: boolean): unknown {
  if (body.isConsumed) throw alreadyRead();
  const text = body.text();
  body.take(preserve);
  const { types, budget } = runtime;
  const string = types.type('string');
  const form = newDictionary(types, string, types.type('System.Collections.Generic.IList', string));
  const values = new Map<string, unknown[]>();
  for (const { name, value } of queryParts(text)) {
    budget.step();
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  for (const [name, items] of values) {
    budget.step();
    form.netSetItem(name, newList(types, string, items));
  }
  return form;
}
