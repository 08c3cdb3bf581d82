/**
 * XML as JSON in two forms (policies-b.yaml, xml-to-json). `direct` keeps everything: attributes as `@name`, prefixes joined
 * with `$`, text beside other content as `$t`, the XML declaration at the top. `javascript-friendly` drops marks, prefixes
 * and namespace declarations.
 */
import { Budget } from '../../csharp/runtime/budget.ts';
import { JArray, JObject, type JToken, JValue, writeJson } from '../../dotnet/json/index.ts';
import { XMLNS_NAMESPACE } from '../../dotnet/xml/names.ts';
import { type AttributeValue, type DocumentValue, type ElementValue, TextValue } from '../../dotnet/xml/nodes.ts';
import { parseWithoutDtd } from '../../dotnet/xml/parse.ts';
import { prefixInScope } from '../../dotnet/xml/write.ts';

export interface XmlToJsonOptions {
  readonly direct: boolean;
  /** Every child element is an array. */
  readonly arrays: boolean;
  /** Texts of blanks alone are kept. */
  readonly blanks: boolean;
  readonly emptyAsNull: boolean;
  readonly trims: boolean;
}

const TEXT = '$t';

/** Converts an XML text to JSON without indentation. Throws XmlException for what is not well-formed. */
export function xmlToJson(text: string, options: XmlToJsonOptions): string {
  const document = parseWithoutDtd(text, options.blanks, new Budget());
  const result = new JObject();
  if (options.direct) addDeclaration(document, result);
  const { root } = document;
  if (root) result.setProperty(nameOf(root, options), elementToken(root, options));
  return writeJson(result, false);
}

function addDeclaration({ declaration }: DocumentValue, result: JObject): void {
  const parts = { version: declaration?.version, encoding: declaration?.encoding, standalone: declaration?.standalone };
  for (const [name, value] of Object.entries(parts)) if (value != null) result.setProperty(name, JValue.text(value));
}

function elementToken(element: ElementValue, options: XmlToJsonOptions): JToken {
  const result = new JObject();
  for (const attribute of element.attributes) addAttribute(attribute, result, options);
  for (const child of element.elements()) addMember(result, nameOf(child, options), elementToken(child, options), options.arrays);
  const text = textOf(element, options);
  if (!result.hasValues) return text === '' && options.emptyAsNull ? JValue.null() : JValue.text(text);
  if (text !== '') result.setProperty(TEXT, JValue.text(text));
  return result;
}

/** The element's own texts joined; blanks between child elements were left out by the parser. */
function textOf(element: ElementValue, options: XmlToJsonOptions): string {
  let text = '';
  for (const node of element.nodes()) if (node instanceof TextValue) text += node.value;
  return options.trims ? text.trim() : text;
}

function addAttribute(attribute: AttributeValue, result: JObject, options: XmlToJsonOptions): void {
  if (options.direct) result.setProperty(`@${attributeName(attribute)}`, JValue.text(attribute.value));
  else if (!attribute.isNamespaceDeclaration) addMember(result, attribute.name.local, JValue.text(attribute.value), false);
}

function attributeName(attribute: AttributeValue): string {
  const { local, uri } = attribute.name;
  if (uri === '') return local;
  return `${uri === XMLNS_NAMESPACE ? 'xmlns' : prefixOf(attribute.parentElement, uri)}$${local}`;
}

function nameOf(element: ElementValue, { direct }: XmlToJsonOptions): string {
  const { local, uri } = element.name;
  if (!direct || uri === '') return local;
  const prefix = prefixOf(element, uri);
  return prefix === '' ? local : `${prefix}$${local}`;
}

function prefixOf(element: ElementValue | null, uri: string): string {
  return element === null ? '' : (prefixInScope(element, uri) ?? '');
}

/** A name that comes again turns what is there into an array. */
function addMember(result: JObject, name: string, value: JToken, always: boolean): void {
  const present = result.getItem(name);
  if (present instanceof JArray) present.insertItem(present.children.length, value);
  else if (present !== null) result.setProperty(name, arrayOf(present.clone(), value));
  else result.setProperty(name, always ? arrayOf(value) : value);
}

function arrayOf(...items: readonly JToken[]): JArray {
  const array = new JArray();
  for (const item of items) array.append(item);
  return array;
}
