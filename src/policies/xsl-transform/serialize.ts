/** The result tree as text by xsl:output (XSLT 1.0, section 16). */
import { XML_NAMESPACE, XMLNS_NAMESPACE } from '../../dotnet/xml/names.ts';
import {
  AttributeValue,
  CommentValue,
  type ContainerValue,
  ElementValue,
  InstructionValue,
  type NodeValue,
  TextValue,
} from '../../dotnet/xml/nodes.ts';
import { stringOf } from '../../dotnet/xml/xpath-axes.ts';
import { type Fragment, nameOf, RawText } from './result.ts';
import type { OutputSettings } from './stylesheet.ts';

export function serialize(root: Fragment, output: OutputSettings): string {
  const method = output.method ?? (isHtml(root) ? 'html' : 'xml');
  if (method === 'text') return stringOf(root);
  return new Serializer(method === 'html', output).document(root);
}

/** The root element is `html` without a namespace and only blanks stand before it (section 16). */
function isHtml(root: Fragment): boolean {
  for (const node of root.nodes()) {
    if (node instanceof ElementValue) return node.name.uri === '' && node.name.local.toLowerCase() === 'html';
    if (node instanceof TextValue && node.value.trim() !== '') return false;
  }
  return false;
}

const VOID: ReadonlySet<string> = new Set('area base basefont br col frame hr img input isindex link meta param'.split(' '));
const UNESCAPED: ReadonlySet<string> = new Set(['script', 'style']);

type Prefixes = ReadonlyMap<string, string>;

class Serializer {
  readonly #parts: string[] = [];
  readonly #html: boolean;
  readonly #output: OutputSettings;
  readonly #indents: boolean;

  constructor(html: boolean, output: OutputSettings) {
    this.#html = html;
    this.#output = output;
    const indent = output.attributes.get('indent');
    this.#indents = indent === undefined ? html : indent === 'yes';
  }

  document(root: Fragment): string {
    const { attributes } = this.#output;
    if (!this.#html && attributes.get('omit-xml-declaration') !== 'yes') this.#declaration(attributes);
    const hasType = this.#doctype(root);
    let first = this.#parts.length === 0 || hasType;
    for (const node of root.nodes()) {
      if (this.#indents && !first && !(node instanceof TextValue)) this.#line(0);
      first = false;
      this.#node(node, new Map([['', '']]), 0, isMixed(root));
    }
    return this.#parts.join('');
  }

  #declaration(attributes: ReadonlyMap<string, string>): void {
    const standalone = attributes.get('standalone');
    const encoding = attributes.get('encoding') ?? 'utf-8';
    this.#parts.push(`<?xml version="1.0" encoding="${encoding}"${standalone === undefined ? '' : ` standalone="${standalone}"`}?>`);
  }

  #doctype(root: Fragment): boolean {
    const system = this.#output.attributes.get('doctype-system');
    const id = this.#output.attributes.get('doctype-public');
    if ((system === undefined && !(this.#html && id !== undefined)) || !root.root) return false;
    const ids = id === undefined ? ` SYSTEM "${system ?? ''}"` : ` PUBLIC "${id}"${system === undefined ? '' : ` "${system}"`}`;
    this.#parts.push(`<!DOCTYPE ${nameText(root.root)}${ids}>`);
    return false;
  }

  #line(level: number): void {
    this.#parts.push(`\n${'  '.repeat(level)}`);
  }

  #node(node: NodeValue, scope: Prefixes, level: number, mixed: boolean): void {
    if (node instanceof ElementValue) this.#element(node, scope, level);
    else if (node instanceof RawText) this.#parts.push(node.value);
    else if (node instanceof TextValue) this.#parts.push(this.#text(node));
    else if (node instanceof CommentValue) this.#parts.push(`<!--${node.value}-->`);
    else if (node instanceof InstructionValue)
      this.#parts.push(`<?${node.target}${node.data === '' ? '' : ` ${node.data}`}${this.#html ? '>' : '?>'}`);
    else if (mixed) this.#parts.push('');
  }

  #text(node: TextValue): string {
    const parent = node.parentElement;
    if (this.#html && parent && UNESCAPED.has(parent.name.local.toLowerCase())) return node.value;
    if (parent && this.#output.cdata.has(parent.name.netToString()))
      return `<![CDATA[${node.value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    return node.value.replace(/[&<>\r]/g, (character) => TEXT_ESCAPES[character] ?? character);
  }

  #element(element: ElementValue, outer: Prefixes, level: number): void {
    const scope = new Map(outer);
    const declared: string[] = [];
    const tag = this.#nameIn(element, scope, declared);
    for (const attribute of element.attributes) if (attribute.isNamespaceDeclaration) declare(attribute, scope, declared);
    const attributes = element.attributes
      .filter((attribute) => !attribute.isNamespaceDeclaration)
      .map((attribute) => ` ${this.#nameIn(attribute, scope, declared)}="${escapeAttribute(attribute.value, this.#html)}"`);
    this.#parts.push(`<${tag}`, ...declared, ...attributes);
    this.#content(element, tag, scope, level);
  }

  #content(element: ElementValue, tag: string, scope: Prefixes, level: number): void {
    const isVoid = this.#html && element.name.uri === '' && VOID.has(element.name.local.toLowerCase());
    const isEmpty = element.first === null;
    if (isEmpty && (isVoid || !this.#html)) {
      this.#parts.push(isVoid ? '>' : ' />');
      return;
    }
    this.#parts.push('>');
    this.#meta(element, level);
    const mixed = isMixed(element);
    for (const child of element.nodes()) {
      if (this.#indents && !mixed) this.#line(level + 1);
      this.#node(child, scope, level + 1, mixed);
    }
    if (this.#indents && !mixed && !isEmpty) this.#line(level);
    this.#parts.push(`</${tag}>`);
  }

  /** Section 16.2: a head says what it is written in. */
  #meta(element: ElementValue, level: number): void {
    if (!this.#html || element.name.uri !== '' || element.name.local.toLowerCase() !== 'head') return;
    if (this.#indents) this.#line(level + 1);
    const encoding = this.#output.attributes.get('encoding') ?? 'utf-8';
    const type = this.#output.attributes.get('media-type') ?? 'text/html';
    this.#parts.push(`<META http-equiv="Content-Type" content="${type}; charset=${encoding}">`);
  }

  /** The name with a prefix that stands for its namespace here, declared if need be. */
  #nameIn(node: ElementValue | AttributeValue, scope: Map<string, string>, declared: string[]): string {
    const { prefix, local, uri } = nameOf(node);
    const isAttribute = node instanceof AttributeValue;
    if (uri === XML_NAMESPACE) return `xml:${local}`;
    if (uri === '') {
      if (!isAttribute && scope.get('') !== '') declareAs('', '', scope, declared);
      return local;
    }
    const wanted = prefix === '' && isAttribute ? freePrefix(uri, scope) : prefix;
    if (scope.get(wanted) !== uri)
      declareAs(declared.some((one) => one.startsWith(` xmlns:${wanted}=`)) ? freePrefix(uri, scope) : wanted, uri, scope, declared);
    const used = scope.get(wanted) === uri ? wanted : freePrefix(uri, scope);
    return used === '' ? local : `${used}:${local}`;
  }
}

function declare(attribute: AttributeValue, scope: Map<string, string>, declared: string[]): void {
  const prefix = attribute.name.uri === XMLNS_NAMESPACE ? attribute.name.local : '';
  if (declared.some((one) => one.startsWith(prefix === '' ? ' xmlns=' : ` xmlns:${prefix}=`))) return;
  if (scope.get(prefix) !== attribute.value && !(prefix === '' && attribute.value === ''))
    declareAs(prefix, attribute.value, scope, declared);
}

function declareAs(prefix: string, uri: string, scope: Map<string, string>, declared: string[]): void {
  scope.set(prefix, uri);
  declared.push(` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri, false)}"`);
}

/** A prefix in scope for the namespace, or one that nobody uses. */
function freePrefix(uri: string, scope: Prefixes): string {
  for (const [prefix, known] of scope) if (known === uri && prefix !== '') return prefix;
  let number = 0;
  while (scope.has(`ns${number}`)) number += 1;
  return `ns${number}`;
}

function nameText(element: ElementValue): string {
  const { prefix, local } = nameOf(element);
  return prefix === '' ? local : `${prefix}:${local}`;
}

function isMixed(container: ContainerValue): boolean {
  for (const node of container.nodes()) if (node instanceof TextValue) return true;
  return false;
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = { ...TEXT_ESCAPES, '"': '&quot;', '\n': '&#xA;', '\t': '&#x9;' };

/** HTML leaves `<` in attributes as it is (section 16.2). */
function escapeAttribute(value: string, html: boolean): string {
  return value.replace(html ? /[&"]/g : /[&<>"\r\n\t]/g, (character) => ATTRIBUTE_ESCAPES[character] ?? character);
}
