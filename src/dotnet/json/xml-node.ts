/** `JsonConvert.SerializeXNode` and `DeserializeXNode`: XmlNodeConverter's mapping between JSON and XML (Newtonsoft.Json 13). */
import { argumentNull, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';
import { NameValue, XML_NAMESPACE, XMLNS_NAMESPACE } from '../xml/names.ts';
import {
  AttributeValue,
  CDataValue,
  CommentValue,
  type ContainerValue,
  DeclarationValue,
  DocumentValue,
  ElementValue,
  InstructionValue,
  NODE_TYPES,
  NodeValue,
  TextValue,
  type XmlObject,
} from '../xml/nodes.ts';
import { prefixInScope } from '../xml/write.ts';
import { serializationException } from './errors.ts';
import { KIND } from './kinds.ts';
import { parseText } from './reader.ts';
import { JArray, JObject, type JProperty, type JToken, JValue } from './tokens.ts';
import { tokenText } from './writer.ts';

type Maybe<T> = T | null;

/** Marks elements that were items of an array. */
const JSON_NAMESPACE = 'http://james.newtonking.com/projects/json';

// ---------------------------------------------------------------- JSON to XML

interface Making {
  readonly runtime: Runtime;
  /** Whether items of arrays are marked with `json:Array`. */
  readonly marks: boolean;
}

/** Prefixes in force, by name. */
type Prefixes = ReadonlyMap<string, string>;

function deserialize(runtime: Runtime, text: Maybe<string>, rootName: Maybe<string>, marks: boolean): Maybe<DocumentValue> {
  if (text === null) throw argumentNull('value');
  const token = parseText(text, 'JToken', { dates: false }, runtime.budget);
  if (token.kind === KIND.Null) return null;
  if (!(token instanceof JObject)) throw failed('XmlNodeConverter can only convert JSON that begins with an object.', token);
  const document = new DocumentValue();
  const making = { runtime, marks };
  if (rootName !== null && rootName !== '') element(making, document, rootName, token, new Map());
  else for (const property of token.properties) rootPart(making, document, property);
  if (marks && document.root) declareJson(document.root);
  return document;
}

function failed(message: string, token: JToken): Error {
  return serializationException(message, { path: token.path, line: token.line, position: token.position, hasLine: true });
}

function rootPart(making: Making, document: DocumentValue, property: JProperty): void {
  const { name, value } = property;
  if (name === '?xml') document.declaration = declarationOf(value);
  else if (document.root !== null || value instanceof JArray)
    throw failed(
      'JSON root object has multiple properties. The root object must have a single property in order to create a valid XML document. Consider specifying a DeserializeRootElementName.',
      property,
    );
  else element(making, document, name, value, new Map());
}

function declarationOf(value: Maybe<JToken>): DeclarationValue {
  const part = (name: string) => (value instanceof JObject ? scalarText(value.getItem(name)) : null);
  return new DeclarationValue(part('@version'), part('@encoding'), part('@standalone'));
}

/** The element of a property; an array gives one for each item. */
function element(making: Making, parent: ContainerValue, name: string, value: Maybe<JToken>, prefixes: Prefixes): void {
  making.runtime.budget.step();
  if (value instanceof JArray) {
    for (const item of value.children) element(making, parent, name, item, prefixes);
    if (making.marks && value.netCount === 1) markArray(parent);
    return;
  }
  const inside = value instanceof JObject ? withDeclared(prefixes, value) : prefixes;
  const made = new ElementValue(qualified(name, inside, true));
  if (value instanceof JObject) for (const property of value.properties) part(making, made, property, inside);
  else addText(made, scalarText(value));
  parent.insert(made, null);
}

function markArray(parent: ContainerValue): void {
  if (parent.last instanceof ElementValue) parent.last.addAttribute(new AttributeValue(new NameValue('Array', JSON_NAMESPACE), 'true'));
}

function declareJson(root: ElementValue): void {
  root.addAttribute(new AttributeValue(new NameValue('json', XMLNS_NAMESPACE), JSON_NAMESPACE));
}

function part(making: Making, parent: ElementValue, { name, value }: JProperty, prefixes: Prefixes): void {
  const text = () => scalarText(value) ?? '';
  if (name === '#text') return addText(parent, scalarText(value));
  if (name === '#cdata-section') return void parent.insert(new CDataValue(text()), null);
  if (name === '#comment') return void parent.insert(new CommentValue(text()), null);
  if (name === '#whitespace' || name === '#significant-whitespace') return addText(parent, text());
  if (name.startsWith('?')) return void parent.insert(new InstructionValue(encoded(name.slice(1)), text()), null);
  const isAttribute = name.startsWith('@') && name.length > 1 && !(value instanceof JObject) && !(value instanceof JArray);
  if (isAttribute) return void parent.addAttribute(new AttributeValue(attributeName(name.slice(1), prefixes), text()));
  element(making, parent, name.startsWith('@') ? name.slice(1) : name, value, prefixes);
}

function addText(parent: ElementValue, text: Maybe<string>): void {
  if (text !== null) parent.insertText(text, null);
}

function withDeclared(prefixes: Prefixes, value: JObject): Prefixes {
  const declared = new Map(prefixes);
  for (const { name, value: uri } of value.properties)
    if (name === '@xmlns' || name.startsWith('@xmlns:')) declared.set(name.slice('@xmlns:'.length), scalarText(uri) ?? '');
  return declared;
}

function attributeName(name: string, prefixes: Prefixes): NameValue {
  if (name === 'xmlns') return new NameValue('xmlns');
  if (name.startsWith('xmlns:')) return new NameValue(encoded(name.slice('xmlns:'.length)), XMLNS_NAMESPACE);
  return qualified(name, prefixes, false);
}

/** `prefix:local`; a prefix that nothing declares is part of the name, its colon encoded. */
function qualified(name: string, prefixes: Prefixes, isElement: boolean): NameValue {
  const at = name.indexOf(':');
  const prefix = at > 0 ? name.slice(0, at) : '';
  const uri = prefix === 'xml' ? XML_NAMESPACE : prefixes.get(prefix);
  if (prefix !== '' && uri !== undefined) return new NameValue(encoded(name.slice(at + 1)), uri);
  return new NameValue(encoded(name), isElement ? (prefixes.get('') ?? '') : '');
}

/** XmlConvert.EncodeName: what cannot stand in a name becomes `_x0020_`. */
function encoded(name: string): string {
  const code = (character: string) => `_x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}_`;
  const safe = name.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[^\p{L}\p{Nl}\p{M}\p{Nd}._\-\u00b7]/gu, code);
  return safe.replace(/^[^\p{L}\p{Nl}_]/u, code);
}

function scalarText(value: Maybe<JToken>): Maybe<string> {
  if (value === null || value.kind === KIND.Null || value.kind === KIND.Undefined) return null;
  if (!(value instanceof JValue)) return tokenText(value, false);
  return typeof value.value === 'boolean' ? String(value.value) : value.netToString();
}

// ---------------------------------------------------------------- XML to JSON

function serialize(runtime: Runtime, node: Maybe<XmlObject>, formatting: number, omitsRoot: boolean): string {
  const token = node === null ? JValue.null() : nodeJson(runtime, node, omitsRoot);
  const text = tokenText(token, formatting === 1);
  runtime.budget.allocate(text.length);
  return text;
}

function nodeJson(runtime: Runtime, node: XmlObject, omitsRoot: boolean): JToken {
  const root = node instanceof DocumentValue ? node.root : node;
  if (omitsRoot && root instanceof ElementValue) return elementJson(runtime, root);
  const object = new JObject();
  if (node instanceof DocumentValue && node.declaration !== null) object.setProperty('?xml', declarationJson(node.declaration));
  const nodes = node instanceof DocumentValue ? [...node.nodes()] : node instanceof NodeValue ? [node] : [];
  addGroups(runtime, object, nodes);
  if (node instanceof AttributeValue) object.setProperty(`@${node.name.local}`, JValue.of(node.value));
  return object;
}

function declarationJson({ version, encoding, standalone }: DeclarationValue): JObject {
  const object = new JObject();
  const parts = { '@version': version, '@encoding': encoding, '@standalone': standalone };
  for (const [name, value] of Object.entries(parts)) if (value !== null && value !== '') object.setProperty(name, JValue.of(value));
  return object;
}

/** A text alone is the text, nothing at all is null, else an object of attributes and groups of children. */
function elementJson(runtime: Runtime, element: ElementValue): JToken {
  runtime.budget.step();
  const attributes = element.attributes.filter(({ name }) => name.uri !== JSON_NAMESPACE && !isJsonDeclaration(name));
  const nodes = [...element.nodes()];
  const [only] = nodes;
  if (attributes.length === 0 && nodes.length === 0) return element.isEmpty ? JValue.null() : JValue.of('');
  if (attributes.length === 0 && nodes.length === 1 && only?.nodeType === NODE_TYPES.Text) return JValue.of((only as TextValue).value);
  const object = new JObject();
  for (const attribute of attributes) object.setProperty(`@${attributeJsonName(attribute)}`, JValue.of(attribute.value));
  addGroups(runtime, object, nodes);
  return object;
}

function isJsonDeclaration({ local, uri }: NameValue): boolean {
  return uri === XMLNS_NAMESPACE && local === 'json';
}

function attributeJsonName(attribute: AttributeValue): string {
  const { name, parentElement } = attribute;
  if (name.uri === XMLNS_NAMESPACE) return `xmlns:${name.local}`;
  return withPrefix(name, parentElement, name.uri === '');
}

function withPrefix({ local, uri }: NameValue, scope: Maybe<ElementValue>, isPlain: boolean): string {
  const prefix = isPlain || scope === null ? null : uri === XML_NAMESPACE ? 'xml' : prefixInScope(scope, uri);
  return decoded(prefix === null || prefix === '' ? local : `${prefix}:${local}`);
}

function decoded(name: string): string {
  return name.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Children of one name together; several, or one that is marked, as an array. */
function addGroups(runtime: Runtime, object: JObject, nodes: readonly NodeValue[]): void {
  const groups = new Map<string, NodeValue[]>();
  for (const node of nodes) {
    const name = groupName(node);
    if (name !== null) groups.set(name, [...(groups.get(name) ?? []), node]);
  }
  for (const [name, same] of groups) {
    const values = same.map((node) => valueJson(runtime, node));
    const isArray = values.length > 1 || same.some(isMarked);
    const array = new JArray();
    if (isArray) for (const value of values) array.append(value);
    object.setProperty(name, isArray ? array : (values[0] ?? null));
  }
}

function isMarked(node: NodeValue): boolean {
  const mark =
    node instanceof ElementValue ? node.attributes.find(({ name }) => name.is(new NameValue('Array', JSON_NAMESPACE))) : undefined;
  return mark?.value === 'true';
}

/** Null for what JSON leaves out: document types. */
function groupName(node: NodeValue): string | null {
  switch (node.nodeType) {
    case NODE_TYPES.Element:
      return node instanceof ElementValue ? withPrefix(node.name, node, false) : null;
    case NODE_TYPES.Text:
      return '#text';
    case NODE_TYPES.CDATA:
      return '#cdata-section';
    case NODE_TYPES.Comment:
      throw notSupported('A comment between elements cannot be written as JSON here: remove comments from the XML first.');
    case NODE_TYPES.ProcessingInstruction:
      return node instanceof InstructionValue ? `?${decoded(node.target)}` : null;
    default:
      return null;
  }
}

function valueJson(runtime: Runtime, node: NodeValue): JToken {
  if (node instanceof ElementValue) return elementJson(runtime, node);
  if (node instanceof TextValue) return JValue.of(node.value);
  return JValue.of(node instanceof InstructionValue ? node.data : null);
}

const NODE = 'System.Xml.Linq.XObject node';
const DOCUMENT = 'static System.Xml.Linq.XDocument DeserializeXNode';

/** Not in Azure's list: there for `--any-member`. */
export const xmlNodeMembers: MemberTable = {
  [`static string SerializeXNode(${NODE})`]: special((runtime, _types, node: Maybe<XmlObject>) => serialize(runtime, node, 0, false)),
  [`static string SerializeXNode(${NODE}, Formatting formatting)`]: special((runtime, _types, node: Maybe<XmlObject>, formatting: number) =>
    serialize(runtime, node, formatting, false),
  ),
  [`static string SerializeXNode(${NODE}, Formatting formatting, bool omitRootObject)`]: special(
    (runtime, _types, node: Maybe<XmlObject>, formatting: number, omits: boolean) => serialize(runtime, node, formatting, omits),
  ),
  [`${DOCUMENT}(string value)`]: special((runtime, _types, text: Maybe<string>) => deserialize(runtime, text, null, false)),
  [`${DOCUMENT}(string value, string deserializeRootElementName)`]: special((runtime, _types, text: Maybe<string>, root: Maybe<string>) =>
    deserialize(runtime, text, root, false),
  ),
  [`${DOCUMENT}(string value, string deserializeRootElementName, bool writeArrayAttribute)`]: special(
    (runtime, _types, text: Maybe<string>, root: Maybe<string>, marks: boolean) => deserialize(runtime, text, root, marks),
  ),
};
