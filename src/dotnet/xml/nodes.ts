/** The tree of LINQ to XML. Children form a linked list, so that walking and changing it stay cheap. */
import { exhausted } from '../../csharp/runtime/budget.ts';
import { argument, argumentNull, invalidOperation } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { xmlDeclarations } from './declared.ts';
import { type NameValue, XMLNS_NAMESPACE } from './names.ts';
import { writeAttribute, writeNode } from './write.ts';

/** `System.Xml.XmlNodeType`. */
export const NODE_TYPES = {
  None: 0,
  Element: 1,
  Attribute: 2,
  Text: 3,
  CDATA: 4,
  EntityReference: 5,
  Entity: 6,
  ProcessingInstruction: 7,
  Comment: 8,
  Document: 9,
  DocumentType: 10,
  DocumentFragment: 11,
  Notation: 12,
  Whitespace: 13,
  SignificantWhitespace: 14,
  EndElement: 15,
  EndEntity: 16,
  XmlDeclaration: 17,
} as const;

/** XObject: what has a parent. */
export abstract class XmlObject implements NetObject {
  parent: ContainerValue | null = null;
  annotations: unknown[] = [];
  abstract readonly nodeType: number;
  abstract get netType(): TypeDeclaration;

  get document(): DocumentValue | null {
    let top: XmlObject = this;
    while (top.parent !== null) top = top.parent;
    return top instanceof DocumentValue ? top : null;
  }

  get parentElement(): ElementValue | null {
    return this.parent instanceof ElementValue ? this.parent : null;
  }
}

export abstract class NodeValue extends XmlObject {
  next: NodeValue | null = null;
  previous: NodeValue | null = null;
  abstract clone(): NodeValue;

  netToString(): string {
    return writeNode(this, true);
  }

  remove(): void {
    if (this.parent === null) throw invalidOperation('The parent is missing.');
    this.parent.detach(this);
  }
}

export class TextValue extends NodeValue {
  value: string;

  constructor(value: string) {
    super();
    this.value = value;
  }
  get nodeType(): number {
    return NODE_TYPES.Text;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().text;
  }
  clone(): TextValue {
    return new TextValue(this.value);
  }
}

export class CDataValue extends TextValue {
  override get nodeType(): number {
    return NODE_TYPES.CDATA;
  }
  override get netType(): TypeDeclaration {
    return xmlDeclarations().cdata;
  }
  override clone(): CDataValue {
    return new CDataValue(this.value);
  }
}

export class CommentValue extends NodeValue {
  value: string;
  readonly nodeType = NODE_TYPES.Comment;

  constructor(value: string) {
    super();
    this.value = value;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().comment;
  }
  clone(): CommentValue {
    return new CommentValue(this.value);
  }
}

export class InstructionValue extends NodeValue {
  target: string;
  data: string;
  readonly nodeType = NODE_TYPES.ProcessingInstruction;

  constructor(target: string, data: string) {
    super();
    this.target = target;
    this.data = data;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().instruction;
  }
  clone(): InstructionValue {
    return new InstructionValue(this.target, this.data);
  }
}

export class DocumentTypeValue extends NodeValue {
  name: string;
  publicId: string | null;
  systemId: string | null;
  internalSubset: string | null;
  readonly nodeType = NODE_TYPES.DocumentType;

  constructor(name: string, publicId: string | null, systemId: string | null, internalSubset: string | null) {
    super();
    this.name = name;
    this.publicId = publicId;
    this.systemId = systemId;
    this.internalSubset = internalSubset;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().documentType;
  }
  clone(): DocumentTypeValue {
    return new DocumentTypeValue(this.name, this.publicId, this.systemId, this.internalSubset);
  }
}

/** Levels of a tree that an expression builds, as many as its reader takes. */
const DEEPEST = 2000;

export abstract class ContainerValue extends NodeValue {
  first: NodeValue | null = null;
  last: NodeValue | null = null;

  /** What is added in front of `before`, or at the end. A node that stands in a tree already is copied. */
  insert(node: NodeValue, before: NodeValue | null): NodeValue {
    const own = node.parent !== null || this.isWithin(node) ? node.clone() : node;
    const previous = before === null ? this.last : before.previous;
    own.parent = this;
    own.previous = previous;
    own.next = before;
    if (previous === null) this.first = own;
    else previous.next = own;
    if (before === null) this.last = own;
    else before.previous = own;
    return own;
  }

  /** A node without children holds nothing. Bounded, since a tree that grows at its bottom would be walked up at each step. */
  isWithin(node: NodeValue): boolean {
    if (node === this) return true;
    if (!(node instanceof ContainerValue) || node.first === null) return false;
    let levels = 0;
    for (let at: XmlObject | null = this; at !== null; at = at.parent) {
      if (at === node) return true;
      levels += 1;
      if (levels > DEEPEST) throw exhausted(`${DEEPEST} nested XML elements`);
    }
    return false;
  }

  detach(node: NodeValue): void {
    if (node.previous === null) this.first = node.next;
    else node.previous.next = node.next;
    if (node.next === null) this.last = node.previous;
    else node.next.previous = node.previous;
    node.parent = null;
    node.previous = null;
    node.next = null;
  }

  removeNodes(): void {
    while (this.first !== null) this.detach(this.first);
  }

  /** Text joins a text in front of it, as it does in .NET. */
  insertText(text: string, before: NodeValue | null): void {
    const previous = before === null ? this.last : before.previous;
    if (previous !== null && previous.nodeType === NODE_TYPES.Text) (previous as TextValue).value += text;
    else if (text !== '') this.insert(new TextValue(text), before);
  }

  *nodes(): Generator<NodeValue> {
    for (let node = this.first; node !== null; node = node.next) yield node;
  }

  *elements(name?: NameValue | null): Generator<ElementValue> {
    if (name === null) return;
    for (const node of this.nodes()) if (node instanceof ElementValue && (name === undefined || node.name.is(name))) yield node;
  }

  element(name: NameValue | null): ElementValue | null {
    for (const element of this.elements(name)) return element;
    return null;
  }

  /** All nodes below, in document order. */
  *descendantNodes(): Generator<NodeValue> {
    for (let node: NodeValue | null = this.first; node !== null; node = following(node, this)) yield node;
  }

  *descendants(name?: NameValue | null): Generator<ElementValue> {
    if (name === null) return;
    for (const node of this.descendantNodes()) if (node instanceof ElementValue && (name === undefined || node.name.is(name))) yield node;
  }

  protected copyNodes(from: ContainerValue): void {
    for (const node of from.nodes()) this.insert(node.clone(), null);
  }
}

/** The next node in document order below `top`. */
function following(node: NodeValue, top: ContainerValue): NodeValue | null {
  if (node instanceof ContainerValue && node.first !== null) return node.first;
  let at: NodeValue = node;
  while (at.next === null) {
    if (at.parent === null || at.parent === top) return null;
    at = at.parent;
  }
  return at.next;
}

export class AttributeValue extends XmlObject {
  readonly name: NameValue;
  value: string;
  readonly nodeType = NODE_TYPES.Attribute;

  constructor(name: NameValue, value: string) {
    super();
    this.name = name;
    this.value = value;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().attribute;
  }
  get isNamespaceDeclaration(): boolean {
    return this.name.uri === XMLNS_NAMESPACE || (this.name.uri === '' && this.name.local === 'xmlns');
  }
  netToString(): string {
    return writeAttribute(this);
  }
  clone(): AttributeValue {
    return new AttributeValue(this.name, this.value);
  }
  remove(): void {
    if (this.parentElement === null) throw invalidOperation('The parent is missing.');
    const { attributes } = this.parentElement;
    attributes.splice(attributes.indexOf(this), 1);
    this.parent = null;
  }
}

export class ElementValue extends ContainerValue {
  name: NameValue;
  readonly attributes: AttributeValue[] = [];
  /** Written as `<a></a>` when there is no content: read so, or given an empty text. */
  open = false;
  readonly nodeType = NODE_TYPES.Element;

  constructor(name: NameValue) {
    super();
    this.name = name;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().element;
  }
  get isEmpty(): boolean {
    return this.first === null && !this.open;
  }
  /** The texts below, in order. */
  get value(): string {
    let text = '';
    for (const node of this.descendantNodes()) if (node instanceof TextValue) text += node.value;
    return text;
  }
  setText(text: string): void {
    this.removeNodes();
    this.insertText(text, null);
  }
  attribute(name: NameValue | null): AttributeValue | null {
    return this.attributes.find((attribute) => attribute.name.is(name)) ?? null;
  }
  addAttribute(attribute: AttributeValue): void {
    if (this.attribute(attribute.name) !== null) throw invalidOperation('Duplicate attribute.');
    const own = attribute.parent === null ? attribute : attribute.clone();
    own.parent = this;
    this.attributes.push(own);
  }
  removeAttributes(): void {
    for (const attribute of this.attributes) attribute.parent = null;
    this.attributes.length = 0;
  }
  override insertText(text: string, before: NodeValue | null): void {
    this.open = text === '' && this.first === null;
    super.insertText(text, before);
  }
  override removeNodes(): void {
    this.open = false;
    super.removeNodes();
  }
  clone(): ElementValue {
    const copy = new ElementValue(this.name);
    copy.open = this.open;
    for (const attribute of this.attributes) copy.addAttribute(attribute);
    copy.copyNodes(this);
    return copy;
  }
}

export class DocumentValue extends ContainerValue {
  declaration: DeclarationValue | null = null;
  readonly nodeType = NODE_TYPES.Document;

  get netType(): TypeDeclaration {
    return xmlDeclarations().document;
  }
  get root(): ElementValue | null {
    for (const element of this.elements()) return element;
    return null;
  }
  override insert(node: NodeValue, before: NodeValue | null): NodeValue {
    if (node instanceof CDataValue || node.nodeType === NODE_TYPES.Document) {
      throw argument(`A node of type ${node.nodeType === NODE_TYPES.Document ? 'Document' : 'CDATA'} cannot be added to content.`);
    }
    const second = node instanceof ElementValue && this.root !== null;
    const misplaced = node instanceof DocumentTypeValue && this.root !== null;
    if (second || misplaced) throw invalidOperation('This operation would create an incorrectly structured document.');
    return super.insert(node, before);
  }
  override insertText(text: string, before: NodeValue | null): void {
    if (/[^ \t\r\n]/.test(text)) throw argument('Non-whitespace characters cannot be added to content.');
    super.insertText(text, before);
  }
  clone(): DocumentValue {
    const copy = new DocumentValue();
    copy.declaration = this.declaration === null ? null : this.declaration.clone();
    copy.copyNodes(this);
    return copy;
  }
}

/** An XDeclaration. */
export class DeclarationValue implements NetObject {
  version: string | null;
  encoding: string | null;
  standalone: string | null;

  constructor(version: string | null, encoding: string | null, standalone: string | null) {
    this.version = version;
    this.encoding = encoding;
    this.standalone = standalone;
  }
  get netType(): TypeDeclaration {
    return xmlDeclarations().declaration;
  }
  netToString(): string {
    const part = (name: string, value: string | null) => (value === null ? '' : ` ${name}="${value}"`);
    return `<?xml${part('version', this.version)}${part('encoding', this.encoding)}${part('standalone', this.standalone)}?>`;
  }
  clone(): DeclarationValue {
    return new DeclarationValue(this.version, this.encoding, this.standalone);
  }
}

/** A node argument that may not be null. */
export function nodeOf<T>(node: T | null, parameter: string): T {
  if (node === null) throw argumentNull(parameter);
  return node;
}
