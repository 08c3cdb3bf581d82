/**
 * Reads XML text into a tree, with XmlReader's texts and positions for what is not well-formed. Of a DTD's own declarations
 * entities of plain text are known; nothing outside of the text is read, and what else a DTD may hold is refused.
 */
import type { Budget } from '../../csharp/runtime/budget.ts';
import { argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import { NameValue, XML_NAMESPACE, XMLNS_NAMESPACE } from './names.ts';
import {
  AttributeValue,
  CDataValue,
  CommentValue,
  type ContainerValue,
  DeclarationValue,
  DocumentTypeValue,
  DocumentValue,
  ElementValue,
  InstructionValue,
  NODE_TYPES,
  TextValue,
} from './nodes.ts';

const DEEPEST = 2000;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}._\-\u00b7]*/uy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const QUOTED = `("[^"]*"|'[^']*')`;
const DOCTYPE = new RegExp(
  `<!DOCTYPE\\s+([\\p{L}_][\\p{L}\\p{Nd}._:-]*)(?:\\s+PUBLIC\\s+${QUOTED}\\s+${QUOTED}|\\s+SYSTEM\\s+${QUOTED})?\\s*(?:\\[([^\\]]*)\\]\\s*)?>`,
  'uy',
);
/** What an internal subset may consist of: entities of plain text, comments, and declarations without defaults. */
const SUBSET = /\s+|<!--(?:(?!--)[\s\S])*-->|<!ELEMENT\s[^>]*>|<!ENTITY\s+([\p{L}_][\p{L}\p{Nd}._-]*)\s+("[^"<&%]*"|'[^'<&%]*')\s*>/uy;
const NO_DTD =
  'For security reasons DTD is prohibited in this XML document. To enable DTD processing set the DtdProcessing property on XmlReaderSettings to Parse and pass the settings into XmlReader.Create method.';

/** `XDocument.Parse`. */
export function parseDocument(text: string | null, preserveWhitespace: boolean, budget: Budget): DocumentValue {
  if (text === null) throw argumentNull('s');
  return new XmlParser(text, preserveWhitespace, budget).run();
}

/** What a policy reads for itself: XmlReader's own settings refuse DTDs, those of LINQ to XML do not. */
export function parseWithoutDtd(text: string, preserveWhitespace: boolean, budget: Budget): DocumentValue {
  return new XmlParser(text, preserveWhitespace, budget, false).run();
}

/** `XElement.Parse`: the root alone. */
export function parseElement(text: string | null, preserveWhitespace: boolean, budget: Budget): ElementValue {
  return rootOf(parseDocument(text, preserveWhitespace, budget));
}

/** The root, taken out of its document. */
export function rootOf({ root }: DocumentValue): ElementValue {
  if (root === null) throw new NetException('System.Xml.XmlException', 'Root element is missing.');
  root.parent?.detach(root);
  return root;
}

/** An open element: where its name stands in the text, and the namespaces it declares. */
interface Open {
  readonly element: ElementValue;
  readonly tag: string;
  readonly at: number;
  readonly namespaces: ReadonlyMap<string, string>;
  /** By its own `xml:space`, or an outer one. */
  readonly keepsSpace: boolean;
}

interface RawAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly at: number;
  readonly value: string;
}

class XmlParser {
  readonly #text: string;
  readonly #preserve: boolean;
  readonly #readsDtd: boolean;
  readonly #budget: Budget;
  readonly #document = new DocumentValue();
  readonly #open: Open[] = [];
  readonly #entities = new Map<string, string>();
  #at = 0;

  constructor(text: string, preserveWhitespace: boolean, budget: Budget, readsDtd = true) {
    this.#readsDtd = readsDtd;
    this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#preserve = preserveWhitespace;
    this.#budget = budget;
  }

  run(): DocumentValue {
    this.#budget.allocate(this.#text.length);
    this.#declaration();
    while (this.#at < this.#text.length) {
      this.#budget.step();
      if (this.#text[this.#at] === '<') this.#markup();
      else this.#characters();
    }
    if (this.#open.length > 0) throw this.#unclosed();
    if (this.#document.root === null) throw new NetException('System.Xml.XmlException', 'Root element is missing.');
    return this.#document;
  }

  get #container(): ContainerValue {
    return this.#open.at(-1)?.element ?? this.#document;
  }

  #fail(message: string, at = this.#at): NetException {
    const before = this.#text.slice(0, at);
    const line = before.split(/\r\n|\r|\n/).length;
    const position = at - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
    return new NetException('System.Xml.XmlException', `${message} Line ${line}, position ${position}.`, null, {
      LineNumber: line,
      LinePosition: position,
    });
  }

  #unclosed(): NetException {
    const names = this.#open.map((open) => open.tag).reverse();
    return this.#fail(`Unexpected end of file has occurred. The following elements are not closed: ${names.join(', ')}.`);
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #space(): boolean {
    const from = this.#at;
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#at > from;
  }

  #declaration(): void {
    if (!/^<\?xml[ \t\r\n]/.test(this.#text)) return;
    const end = this.#text.indexOf('?>');
    if (end < 0) throw this.#fail('Unexpected end of file while parsing XmlDecl has occurred.', this.#text.length);
    const head = this.#text.slice(5, end);
    const value = (name: string) => new RegExp(`${name}\\s*=\\s*("([^"]*)"|'([^']*)')`).exec(head);
    const read = (name: string) => value(name)?.[2] ?? value(name)?.[3] ?? null;
    if (read('version') === null) throw this.#fail('Syntax for an XML declaration is invalid.', 6);
    this.#document.declaration = new DeclarationValue(read('version'), read('encoding'), read('standalone'));
    this.#at = end + 2;
  }

  #markup(): void {
    const rest = this.#text.length - this.#at;
    if (this.#open.length === 0 && rest < 4) throw this.#fail('Data at the root level is invalid.');
    if (this.#text.startsWith('</', this.#at)) this.#endTag();
    else if (this.#take('<!--')) this.#comment();
    else if (this.#text.startsWith('<![CDATA[', this.#at)) this.#cdata();
    else if (this.#text.startsWith('<!DOCTYPE', this.#at)) this.#doctype();
    else if (this.#text.startsWith('<?', this.#at)) this.#instruction();
    else this.#startTag();
  }

  #doctype(): void {
    DOCTYPE.lastIndex = this.#at;
    const isRead = this.#readsDtd && this.#open.length === 0 && this.#document.root === null;
    const match = isRead ? DOCTYPE.exec(this.#text) : null;
    if (match === null) throw this.#fail(NO_DTD, this.#at + 3);
    const [whole, name = '', publicId, ofPublic, system, subset = ''] = match;
    if (!this.#declareEntities(subset)) throw this.#fail(NO_DTD, this.#at + 3);
    this.#at += whole.length;
    const systemId = ofPublic ?? system;
    this.#document.insert(new DocumentTypeValue(name, unquoted(publicId), unquoted(systemId), subset), null);
  }

  #declareEntities(subset: string): boolean {
    for (let at = 0; at < subset.length; at = SUBSET.lastIndex) {
      SUBSET.lastIndex = at;
      const [, name, value] = SUBSET.exec(subset) ?? [];
      if (SUBSET.lastIndex === 0) return false;
      if (name !== undefined && !this.#entities.has(name)) this.#entities.set(name, unquoted(value) ?? '');
    }
    return true;
  }

  #until(end: string, what: string): string {
    const at = this.#text.indexOf(end, this.#at);
    if (at < 0) throw this.#fail(`Unexpected end of file while parsing ${what} has occurred.`, this.#text.length);
    const content = this.#text.slice(this.#at, at);
    this.#at = at + end.length;
    return content.replace(/\r\n?/g, '\n');
  }

  #comment(): void {
    const start = this.#at;
    const content = this.#until('-->', 'Comment');
    const bad = content.indexOf('--');
    if (bad >= 0 || content.endsWith('-')) {
      throw this.#fail("An XML comment cannot contain '--', and '-' cannot be the last character.", start + Math.max(bad, 0));
    }
    this.#container.insert(new CommentValue(content), null);
  }

  #cdata(): void {
    if (this.#open.length === 0) throw this.#fail('Data at the root level is invalid.');
    this.#at += 9;
    this.#container.insert(new CDataValue(this.#until(']]>', 'CDATA')), null);
  }

  #instruction(): void {
    this.#at += 2;
    const start = this.#at;
    const target = this.#name();
    if (target.toLowerCase() === 'xml') {
      throw this.#fail(
        'Unexpected XML declaration. The XML declaration must be the first node in the document, and no whitespace characters are allowed to appear before it.',
        start,
      );
    }
    this.#space();
    this.#container.insert(new InstructionValue(target, this.#until('?>', 'PI')), null);
  }

  /** A name without a colon. */
  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw this.#badName();
    this.#at += name.length;
    return name;
  }

  #badName(): NetException {
    const character = this.#text[this.#at];
    if (character === undefined) return this.#fail('Unexpected end of file while parsing Name has occurred.');
    return this.#fail(`Name cannot begin with the '${character}' character, hexadecimal value ${hexadecimal(character)}.`);
  }

  /** `prefix:local`. */
  #qualified(): [prefix: string, local: string] {
    const first = this.#name();
    return this.#take(':') ? [first, this.#name()] : ['', first];
  }

  #startTag(): void {
    this.#at += 1;
    const at = this.#at;
    const [prefix, local] = this.#qualified();
    if (this.#open.length === 0 && this.#document.root !== null) throw this.#fail('There are multiple root elements.', at);
    const attributes = this.#attributes();
    const namespaces = this.#namespaces(attributes);
    const element = new ElementValue(new NameValue(local, this.#resolve(prefix, at, namespaces, true)));
    this.#addAttributes(element, attributes, namespaces);
    this.#container.insert(element, null);
    const closed = this.#take('/');
    if (!this.#take('>')) throw this.#unexpected('>');
    if (closed) return;
    const tag = this.#text.slice(at, at + (prefix === '' ? 0 : prefix.length + 1) + local.length);
    const space = attributes.find((one) => one.prefix === 'xml' && one.local === 'space');
    const keepsSpace = space === undefined ? this.#keepsSpace : space.value === 'preserve';
    this.#open.push({ element, tag, at, namespaces, keepsSpace });
    if (this.#open.length > DEEPEST) throw this.#fail('The XML document is nested too deeply.');
  }

  #attributes(): RawAttribute[] {
    const attributes: RawAttribute[] = [];
    const seen = new Set<string>();
    for (;;) {
      const spaced = this.#space();
      const character = this.#text[this.#at];
      if (character === '>' || character === '/') return attributes;
      if (character !== undefined && !spaced) throw this.#unexpectedCharacter(attributes.length > 0);
      const attribute = this.#attribute();
      const name = `${attribute.prefix}:${attribute.local}`;
      if (seen.has(name)) {
        throw this.#fail(`'${name.replace(/^:/, '')}' is a duplicate attribute name.`, attribute.at);
      }
      seen.add(name);
      attributes.push(attribute);
    }
  }

  #unexpectedCharacter(afterAttribute: boolean): NetException {
    NAME.lastIndex = this.#at;
    if (NAME.test(this.#text)) return this.#fail(`'${this.#text[this.#at]}' is an unexpected token. Expecting whitespace.`);
    if (afterAttribute) return this.#badName();
    const character = this.#text[this.#at] ?? '';
    return this.#fail(`The '${character}' character, hexadecimal value ${hexadecimal(character)}, cannot be included in a name.`);
  }

  #attribute(): RawAttribute {
    const at = this.#at;
    const [prefix, local] = this.#qualified();
    this.#space();
    if (!this.#take('=')) throw this.#unexpected('=');
    this.#space();
    const quote = this.#text[this.#at] ?? '';
    if (quote !== '"' && quote !== "'") throw this.#unexpectedToken("'\"' or '''");
    this.#at += 1;
    const start = this.#at;
    const end = this.#text.indexOf(quote, start);
    const raw = this.#text.slice(start, end < 0 ? this.#text.length : end);
    const less = raw.indexOf('<');
    if (less >= 0) throw this.#fail("'<', hexadecimal value 0x3C, is an invalid attribute character.", start + less);
    if (end < 0) throw this.#fail('There is an unclosed literal string.', this.#text.length);
    this.#at = end + 1;
    return { prefix, local, at, value: this.#decode(raw.replace(/\r\n|[\t\r\n]/g, ' '), start) };
  }

  #unexpected(expected: string): NetException {
    return this.#unexpectedToken(`'${expected}'`);
  }

  #unexpectedToken(expected: string): NetException {
    const token = this.#text[this.#at];
    if (token === undefined) return this.#fail('Unexpected end of file has occurred.');
    return this.#fail(`'${token}' is an unexpected token. The expected token is ${expected}.`);
  }

  #namespaces(attributes: readonly RawAttribute[]): ReadonlyMap<string, string> {
    const outer = this.#open.at(-1)?.namespaces ?? new Map([['xml', XML_NAMESPACE]]);
    const declarations = attributes.filter(isDeclaration);
    if (declarations.length === 0) return outer;
    const own = new Map(outer);
    for (const { prefix, local, value } of declarations) own.set(prefix === '' ? '' : local, value);
    return own;
  }

  #resolve(prefix: string, at: number, namespaces: ReadonlyMap<string, string>, useDefault: boolean): string {
    if (prefix === '') return useDefault ? (namespaces.get('') ?? '') : '';
    const uri = namespaces.get(prefix);
    if (uri === undefined) throw this.#fail(`'${prefix}' is an undeclared prefix.`, at);
    return uri;
  }

  #attributeOf(attribute: RawAttribute, namespaces: ReadonlyMap<string, string>): AttributeValue {
    const { prefix, local, at, value } = attribute;
    const uri = prefix === 'xmlns' ? XMLNS_NAMESPACE : this.#resolve(prefix, at, namespaces, false);
    return new AttributeValue(new NameValue(local, uri), value);
  }

  /** Adds them without the tree's own look for duplicates, which would be quadratic. */
  #addAttributes(element: ElementValue, attributes: readonly RawAttribute[], namespaces: ReadonlyMap<string, string>): void {
    const names = new Set<string>();
    for (const raw of attributes) {
      const attribute = this.#attributeOf(raw, namespaces);
      const name = attribute.name.netToString();
      if (names.has(name)) throw this.#fail(`'${raw.local}' is a duplicate attribute name.`, raw.at);
      names.add(name);
      attribute.parent = element;
      element.attributes.push(attribute);
    }
  }

  #endTag(): void {
    this.#at += 2;
    const at = this.#at;
    const [prefix, local] = this.#qualified();
    const tag = prefix === '' ? local : `${prefix}:${local}`;
    const open = this.#open.pop();
    if (open === undefined) throw this.#fail('Unexpected end tag.', at);
    if (open.tag !== tag) throw this.#mismatch(open, tag, at);
    open.element.open = open.element.first === null;
    this.#space();
    if (!this.#take('>')) throw this.#unexpected('>');
  }

  #mismatch(open: Open, tag: string, at: number): NetException {
    const before = this.#text.slice(0, open.at);
    const line = before.split(/\r\n|\r|\n/).length;
    const position = open.at - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
    return this.#fail(`The '${open.tag}' start tag on line ${line} position ${position} does not match the end tag of '${tag}'.`, at);
  }

  /** Whether the innermost `xml:space` says so. */
  get #keepsSpace(): boolean {
    return this.#open.at(-1)?.keepsSpace === true;
  }

  #characters(): void {
    const start = this.#at;
    const less = this.#text.indexOf('<', start);
    const end = less < 0 ? this.#text.length : less;
    const raw = this.#text.slice(start, end);
    const blank = !/[^ \t\r\n]/.test(raw);
    if (this.#open.length === 0 && !blank) throw this.#fail('Data at the root level is invalid.', start + raw.search(/[^ \t\r\n]/));
    const close = raw.indexOf(']]>');
    if (close >= 0) throw this.#fail("']]>' is not allowed in character data.", start + close);
    this.#at = end;
    if (blank && (this.#open.length === 0 || !(this.#preserve || this.#keepsSpace))) return;
    this.#appendText(this.#decode(raw.replace(/\r\n?/g, '\n'), start));
  }

  #appendText(text: string): void {
    const { last } = this.#container;
    if (last !== null && last.nodeType === NODE_TYPES.Text) (last as TextValue).value += text;
    else this.#container.insert(new TextValue(text), null);
  }

  /** Replaces references and refuses characters that XML has not. */
  #decode(raw: string, start: number): string {
    const bad = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.exec(raw);
    if (bad !== null) {
      throw this.#fail(`'${bad[0]}', hexadecimal value ${hexadecimal(bad[0])}, is an invalid character.`, start + bad.index);
    }
    if (!raw.includes('&')) return raw;
    return raw.replace(/&(?:#(?:x([0-9A-Fa-f]+)|([0-9]+))|([^;&\s<]*))(;?)/g, (...match: unknown[]) =>
      this.#reference(match as ReferenceMatch, start),
    );
  }

  #reference([whole, hex, decimal, name, end, offset]: ReferenceMatch, start: number): string {
    const at = start + offset + 1;
    if (hex !== undefined || decimal !== undefined) return this.#numbered(hex, decimal, end, at);
    NAME.lastIndex = 0;
    const valid = name !== undefined && NAME.exec(name)?.[0] === name && end === ';';
    if (!valid) throw this.#fail('An error occurred while parsing EntityName.', at + (name === '' ? 0 : whole.length - 1));
    const text = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : this.#entities.get(name);
    if (text === undefined) throw this.#fail(`Reference to undeclared entity '${name}'.`, at);
    this.#budget.allocate(text.length);
    return text;
  }

  #numbered(hex: string | undefined, decimal: string | undefined, end: string, at: number): string {
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (end !== ';') throw this.#fail('An error occurred while parsing EntityName.', at);
    const valid =
      point <= 0x10ffff && /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(String.fromCodePoint(Math.min(point, 0x10ffff)));
    if (!valid) throw this.#fail('Invalid syntax for a character reference.', at + 1);
    return String.fromCodePoint(point);
  }
}

type ReferenceMatch = [string, string | undefined, string | undefined, string | undefined, string, number];

function isDeclaration({ prefix, local }: RawAttribute): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns');
}

function unquoted(text: string | undefined): string | null {
  return text === undefined ? null : text.slice(1, -1);
}

function hexadecimal(character: string): string {
  return `0x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
}
