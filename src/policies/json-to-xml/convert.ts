/**
 * JSON as XML: objects nest, arrays repeat their element (an empty one stands once, empty), null is `xsi:nil`, several
 * properties at the top get the root `Document` (policies-b.yaml, json-to-xml).
 */
import { NetException } from '../../csharp/runtime/exception.ts';
import { JArray, JObject, type JToken, JValue, parseText } from '../../dotnet/json/index.ts';
import { scalarText } from '../../dotnet/json/values.ts';
import { elementName } from './names.ts';
import { XmlText } from './xml-text.ts';

export interface JsonToXmlOptions {
  readonly dates: boolean;
  /** Between prefix and local name. */
  readonly separator: string;
  readonly namespacePrefix: string | undefined;
  readonly attributeBlock: string | undefined;
  readonly attributePrefix: string | undefined;
  readonly namespaceBlock: string | undefined;
  /** In place of characters that names may not have; without it they are written `_xHHHH_`. */
  readonly replacement: string | undefined;
  readonly trims: boolean;
  readonly emptyAsNull: boolean;
}

const ROOT = 'Document';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** Converts a JSON text. Throws JsonReaderException for what is no JSON, XmlException for an empty property name. */
export function jsonToXml(text: string, options: JsonToXmlOptions): string {
  const token = parseText(text, 'JToken', { dates: options.dates });
  const converter = new Converter(options);
  const only = token instanceof JObject && token.properties.length === 1 ? token.properties[0] : undefined;
  if (only && !converter.isMeta(only.name)) converter.property(only.name, only.value, NO_PREFIXES);
  else converter.property(ROOT, token, NO_PREFIXES);
  return converter.finish();
}

/** Prefixes declared by the elements around. */
type Prefixes = ReadonlySet<string>;
const NO_PREFIXES: Prefixes = new Set(['xml']);

interface Meta {
  /** Declarations by prefix; `''` is the default namespace. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly attributes: ReadonlyMap<string, JToken | null>;
}

const NO_META: Meta = { namespaces: new Map(), attributes: new Map() };

class Converter {
  readonly #options: JsonToXmlOptions;
  readonly #xml = new XmlText();

  constructor(options: JsonToXmlOptions) {
    this.#options = options;
  }

  finish(): string {
    return this.#xml.toString();
  }

  property(name: string, value: JToken | null, outer: Prefixes): void {
    if (!(value instanceof JArray)) this.#element(name, value, outer);
    else if (value.children.length === 0) this.#empty(name, outer);
    else for (const item of value.children) this.#item(name, item, outer);
  }

  /** An array inside an array becomes an element that holds the same element again. */
  #item(name: string, item: JToken, outer: Prefixes): void {
    if (!(item instanceof JArray)) {
      this.#element(name, item, outer);
      return;
    }
    this.#xml.open(this.#name(name, outer));
    this.property(name, item, outer);
    this.#xml.close();
  }

  #empty(name: string, outer: Prefixes): void {
    this.#xml.open(this.#name(name, outer));
    this.#xml.close();
  }

  #element(name: string, value: JToken | null, outer: Prefixes): void {
    const meta = value instanceof JObject ? this.#meta(value) : NO_META;
    const scope = meta.namespaces.size === 0 ? outer : new Set([...outer, ...meta.namespaces.keys()]);
    this.#xml.open(this.#name(name, scope));
    for (const [prefix, uri] of meta.namespaces) this.#xml.attribute(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri);
    for (const [attribute, token] of meta.attributes) this.#xml.attribute(this.#name(attribute, scope), this.#text(token) ?? '');
    if (value instanceof JObject) this.#members(value, meta, scope);
    else this.#scalar(value);
    this.#xml.close();
  }

  #members(object: JObject, meta: Meta, scope: Prefixes): void {
    for (const { name, value } of object.properties) if (!this.#isTaken(name, value, meta)) this.property(name, value, scope);
  }

  #isTaken(name: string, value: JToken | null, meta: Meta): boolean {
    if (!this.isMeta(name)) return false;
    if (this.#declaredPrefix(name) !== undefined) return value instanceof JValue;
    if (name === this.#options.attributeBlock || name === this.#options.namespaceBlock) return value instanceof JObject;
    return meta.attributes.has(this.#attributeName(name) ?? '') && value instanceof JValue;
  }

  #scalar(value: JToken | null): void {
    const text = this.#text(value);
    if (text !== null) this.#xml.text(text);
    else {
      this.#xml.attribute('xsi:nil', 'true');
      this.#xml.attribute('xmlns:xsi', XSI);
    }
  }

  /** .NET's text of the value: `True`, `01/15/2024 10:30:00`; null for null. */
  #text(token: JToken | null): string | null {
    if (!(token instanceof JValue)) return token === null ? null : token.netToString();
    if (token.value === null) return null;
    const text = scalarText(token.value);
    const trimmed = this.#options.trims ? text.trim() : text;
    return trimmed === '' && this.#options.emptyAsNull ? null : trimmed;
  }

  /** Whether a property of that name says something about the element instead of being a child. */
  isMeta(name: string): boolean {
    const { attributeBlock, namespaceBlock } = this.#options;
    return (
      name === attributeBlock ||
      name === namespaceBlock ||
      this.#declaredPrefix(name) !== undefined ||
      this.#attributeName(name) !== undefined
    );
  }

  #meta(object: JObject): Meta {
    const namespaces = new Map<string, string>();
    const attributes = new Map<string, JToken | null>();
    for (const { name, value } of object.properties) {
      const prefix = this.#declaredPrefix(name);
      const attribute = this.#attributeName(name);
      if (value instanceof JObject) this.#block(name, value, namespaces, attributes);
      else if (prefix !== undefined && value instanceof JValue) namespaces.set(prefix, this.#text(value) ?? '');
      else if (attribute !== undefined && value instanceof JValue) attributes.set(attribute, value);
    }
    return { namespaces, attributes };
  }

  #block(name: string, block: JObject, namespaces: Map<string, string>, attributes: Map<string, JToken | null>): void {
    for (const { name: inner, value } of block.properties) {
      if (name === this.#options.attributeBlock) attributes.set(inner, value);
      else if (name === this.#options.namespaceBlock) namespaces.set(this.#declaredPrefix(inner) ?? inner, this.#text(value) ?? '');
    }
  }

  /** `p` for `xmlns:p`, `''` for `xmlns`; undefined for a name that declares nothing. */
  #declaredPrefix(name: string): string | undefined {
    const { namespacePrefix, separator } = this.#options;
    if (namespacePrefix === undefined || !name.startsWith(namespacePrefix)) return undefined;
    const rest = name.slice(namespacePrefix.length);
    if (rest === '') return '';
    return rest.startsWith(separator) && rest.length > separator.length ? rest.slice(separator.length) : undefined;
  }

  #attributeName(name: string): string | undefined {
    const { attributePrefix } = this.#options;
    return attributePrefix !== undefined && name.startsWith(attributePrefix) && name.length > attributePrefix.length
      ? name.slice(attributePrefix.length)
      : undefined;
  }

  /** The name as it is written: `p:local` when the part before the separator is a declared prefix. */
  #name(name: string, scope: Prefixes): string {
    if (name === '') throw new NetException('System.Xml.XmlException', 'The empty string is not a valid XML name.');
    const { separator, replacement } = this.#options;
    const at = name.indexOf(separator);
    const prefix = at > 0 ? name.slice(0, at) : '';
    const local = name.slice(at + separator.length);
    if (prefix !== '' && local !== '' && scope.has(prefix)) return `${prefix}:${elementName(local, replacement)}`;
    return elementName(name, replacement);
  }
}
