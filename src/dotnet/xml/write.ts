/** XML as text, indented and escaped as .NET's XmlWriter does it for `ToString`. */
import { NetException } from '../../csharp/runtime/exception.ts';
import { type NameValue, XML_NAMESPACE, XMLNS_NAMESPACE } from './names.ts';
import type {
  AttributeValue,
  CDataValue,
  CommentValue,
  DocumentTypeValue,
  DocumentValue,
  ElementValue,
  InstructionValue,
  NodeValue,
  TextValue,
} from './nodes.ts';

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;
const INSTRUCTION = 7;
const COMMENT = 8;
const DOCUMENT = 9;
const DOCUMENT_TYPE = 10;

function escapeText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => ATTRIBUTE_ESCAPES[character] ?? character);
}

/** `XNode.ToString()`; the XML declaration of a document is left out, as there. */
export function writeNode(node: NodeValue, indented: boolean): string {
  return new NodeWriter(indented).write(node);
}

/** The declarations in scope of an element: prefixes by namespace are looked up from the inside out. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

class NodeWriter {
  readonly #parts: string[] = [];
  readonly #indented: boolean;
  #mixed = false;

  constructor(indented: boolean) {
    this.#indented = indented;
  }

  write(node: NodeValue): string {
    this.#node(node, ancestorsScope(node), { declared: new Map([['', '']]), outer: undefined }, 0);
    return this.#parts.join('');
  }

  #indent(level: number): void {
    if (this.#indented && !this.#mixed && this.#parts.length > 0) this.#parts.push(`\n${'  '.repeat(level)}`);
  }

  /** `tree` is what the tree declares, `written` what the text so far declares. */
  #node(node: NodeValue, tree: Scope, written: Scope, level: number): void {
    switch (node.nodeType) {
      case ELEMENT:
        this.#element(node as ElementValue, tree, written, level);
        return;
      case TEXT:
        this.#mixed = true;
        this.#parts.push(escapeText((node as TextValue).value));
        return;
      case CDATA:
        this.#mixed = true;
        this.#parts.push(`<![CDATA[${(node as CDataValue).value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`);
        return;
      case COMMENT:
        this.#indent(level);
        this.#parts.push(`<!--${commentText((node as CommentValue).value)}-->`);
        return;
      case INSTRUCTION:
        this.#indent(level);
        this.#parts.push(instruction(node as InstructionValue));
        return;
      case DOCUMENT_TYPE:
        this.#indent(level);
        this.#parts.push(documentType(node as DocumentTypeValue));
        return;
      case DOCUMENT:
        for (const child of (node as DocumentValue).nodes()) this.#node(child, tree, written, level);
    }
  }

  #element(element: ElementValue, tree: Scope, written: Scope, level: number): void {
    const names = new TagNames(element, tree, written);
    const tag = names.tag();
    const attributes = element.attributes.map((attribute) => ` ${names.attribute(attribute)}="${escapeAttribute(attribute.value)}"`);
    this.#indent(level);
    this.#parts.push(`<${tag}${attributes.join('')}${names.added()}`);
    if (element.isEmpty) {
      this.#parts.push(' />');
      return;
    }
    this.#parts.push('>');
    this.#content(element, names, level);
    this.#parts.push(`</${tag}>`);
  }

  #content(element: ElementValue, names: TagNames, level: number): void {
    const outer = this.#mixed;
    for (const child of element.nodes()) this.#node(child, names.tree, names.written, level + 1);
    if (element.first !== null) this.#indent(level);
    this.#mixed = outer;
  }
}

/** Chooses prefixes for one start tag and collects the declarations that it lacks. */
class TagNames {
  readonly tree: Scope;
  readonly written: Scope;
  readonly #element: ElementValue;
  readonly #declared: Map<string, string>;
  readonly #added: string[] = [];

  constructor(element: ElementValue, tree: Scope, written: Scope) {
    this.#element = element;
    const own = declarationsOf(element);
    this.tree = own.size === 0 ? tree : { declared: own, outer: tree };
    this.#declared = new Map(own);
    this.written = { declared: this.#declared, outer: written };
  }

  tag(): string {
    const { name } = this.#element;
    const prefix = prefixOf(name.uri, this.tree, true) ?? '';
    this.#declare(prefix, name.uri);
    return prefix === '' ? name.local : `${prefix}:${name.local}`;
  }

  attribute(attribute: AttributeValue): string {
    const { name } = attribute;
    if (name.uri === '') return name.local;
    if (name.uri === XMLNS_NAMESPACE) return `xmlns:${name.local}`;
    if (name.uri === XML_NAMESPACE) return `xml:${name.local}`;
    const prefix = prefixOf(name.uri, this.tree, false) ?? prefixOf(name.uri, this.written, false) ?? this.#newPrefix();
    this.#declare(prefix, name.uri);
    return `${prefix}:${name.local}`;
  }

  added(): string {
    return this.#added.join('');
  }

  #declare(prefix: string, uri: string): void {
    const own = this.#declared.get(prefix);
    if (prefix === '' && own !== undefined && own !== uri)
      throw new NetException(
        'System.Xml.XmlException',
        `The prefix '' cannot be redefined from '${uri}' to '${own}' within the same start element tag.`,
      );
    if (lookUp(prefix, this.written) === uri || uri === XML_NAMESPACE) return;
    this.#declared.set(prefix, uri);
    this.#added.push(` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`);
  }

  #newPrefix(): string {
    let number = 1;
    while (lookUp(`p${number}`, this.written) !== undefined) number += 1;
    return `p${number}`;
  }
}

/** Prefixes and namespaces that an element declares. */
function declarationsOf(element: ElementValue): Map<string, string> {
  const declared = new Map<string, string>();
  for (const attribute of element.attributes) {
    if (attribute.isNamespaceDeclaration) declared.set(attribute.name.uri === '' ? '' : attribute.name.local, attribute.value);
  }
  return declared;
}

function ancestorsScope(node: NodeValue): Scope {
  const elements: ElementValue[] = [];
  for (let at = node.parentElement; at !== null; at = at.parentElement) elements.push(at);
  return elements.reduceRight<Scope>((outer, element) => ({ declared: declarationsOf(element), outer }), {
    declared: new Map([['', '']]),
    outer: undefined,
  });
}

function lookUp(prefix: string, scope: Scope | undefined): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const uri = at.declared.get(prefix);
    if (uri !== undefined) return uri;
  }
  return undefined;
}

/** The innermost prefix that stands for the namespace and is not hidden further in. */
function prefixOf(uri: string, scope: Scope, allowDefault: boolean): string | undefined {
  if (uri === '') return '';
  if (uri === XML_NAMESPACE) return 'xml';
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    for (const [prefix, declared] of at.declared) {
      if (declared === uri && (allowDefault || prefix !== '') && lookUp(prefix, scope) === uri) return prefix;
    }
  }
  return undefined;
}

/** `XElement.GetPrefixOfNamespace`: null for none and for the default one. */
export function prefixInScope(element: ElementValue, uri: string): string | null {
  const scope: Scope = { declared: declarationsOf(element), outer: ancestorsScope(element) };
  return prefixOf(uri, scope, false) || null;
}

/** The namespace a prefix stands for at an element (`''`: the default one); null for none. */
export function namespaceInScope(element: ElementValue, prefix: string): string | null {
  if (prefix === 'xml') return XML_NAMESPACE;
  if (prefix === 'xmlns') return XMLNS_NAMESPACE;
  return lookUp(prefix, { declared: declarationsOf(element), outer: ancestorsScope(element) }) ?? null;
}

/** A space keeps dashes apart, and the last one from the end. */
function commentText(text: string): string {
  return text.replace(/-(?=-|$)/g, '- ');
}

function instruction(node: InstructionValue): string {
  return node.data === '' ? `<?${node.target}?>` : `<?${node.target} ${node.data.replaceAll('?>', '? >')}?>`;
}

function documentType(node: DocumentTypeValue): string {
  const system = node.systemId === null ? '' : ` "${node.systemId}"`;
  const ids = node.publicId !== null ? ` PUBLIC "${node.publicId}"${system}` : node.systemId === null ? '' : ` SYSTEM${system}`;
  const subset = node.internalSubset === null ? '' : `[${node.internalSubset}]`;
  return `<!DOCTYPE ${node.name}${ids === '' ? ' ' : ids}${subset}>`;
}

/** `XAttribute.ToString()`. */
export function writeAttribute(attribute: AttributeValue): string {
  return `${attributeName(attribute)}="${escapeAttribute(attribute.value)}"`;
}

function attributeName(attribute: AttributeValue): string {
  const { name } = attribute;
  if (name.uri === '') return name.local;
  return `${knownPrefix(name, attribute) ?? 'p1'}:${name.local}`;
}

function knownPrefix(name: NameValue, attribute: AttributeValue): string | null {
  if (name.uri === XMLNS_NAMESPACE) return 'xmlns';
  if (name.uri === XML_NAMESPACE) return 'xml';
  return attribute.parentElement === null ? null : prefixInScope(attribute.parentElement, name.uri);
}
