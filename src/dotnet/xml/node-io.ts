/**
 * Readers and writers over nodes, as `CreateReader` and `CreateWriter` give them. Their types are not in Azure's list: an
 * expression can pass one on (`XElement.Load(node.CreateReader())`), but neither name nor ask it.
 */
import { argumentNull, invalidOperation } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareEnum, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { addContent } from './content.ts';
import { type ContainerValue, DocumentValue, ElementValue, NODE_TYPES, type NodeValue, TextValue } from './nodes.ts';

type Maybe<T> = T | null;

/** An XmlReader over a node, or over the nodes of a document; before the first one until it is moved. */
class NodeReader implements NetObject {
  readonly #nodes: readonly NodeValue[];
  #at = -1;

  constructor(node: NodeValue) {
    this.#nodes = node instanceof DocumentValue ? [...node.nodes()] : [node];
  }
  get netType(): TypeDeclaration {
    return readerType;
  }
  get current(): NodeValue | undefined {
    return this.#nodes[this.#at];
  }
  get nodeType(): number {
    return this.current?.nodeType ?? NODE_TYPES.None;
  }
  advance(): void {
    this.#at += 1;
  }
  /** Comments, processing instructions, document types and white space are no content. */
  moveToContent(): number {
    if (this.#at < 0) this.#at = 0;
    while (this.current !== undefined && !isContent(this.current)) this.#at += 1;
    return this.nodeType;
  }
}

function isContent(node: NodeValue): boolean {
  return node instanceof ElementValue || (node instanceof TextValue && node.value.trim() !== '');
}

/** An XmlWriter into a container: what is written is there once it is closed. */
class NodeWriter implements NetObject {
  readonly #container: ContainerValue;
  readonly #written: NodeValue[] = [];

  constructor(container: ContainerValue) {
    this.#container = container;
  }
  get netType(): TypeDeclaration {
    return writerType;
  }
  write(runtime: Runtime, node: NodeValue): void {
    runtime.budget.step();
    if (node instanceof DocumentValue) this.#written.push(...[...node.nodes()].map((each) => each.clone()));
    else this.#written.push(node.clone());
  }
  close(runtime: Runtime): void {
    for (const node of this.#written.splice(0)) addContent(runtime, this.#container, node);
  }
}

const readerType = declareType('abstract class System.Xml.XmlReader : System.IDisposable', 'none', {
  'XmlNodeType NodeType { get; }': (reader: NodeReader) => reader.nodeType,
  'XmlNodeType MoveToContent()': (reader: NodeReader) => reader.moveToContent(),
  'void Close()': () => undefined,
  'void Dispose()': () => undefined,
});
const closing = special((runtime, _types, writer: NodeWriter) => writer.close(runtime));
const writerType = declareType('abstract class System.Xml.XmlWriter : System.IDisposable', 'none', {
  'void Flush()': () => undefined,
  'void Close()': closing,
  'void Dispose()': closing,
});

export const nodeIoTypes: readonly TypeDeclaration[] = [
  readerType,
  writerType,
  declareEnum('System.Xml.Linq.ReaderOptions', 'implied', { None: 0, OmitDuplicateNamespaces: 1 }, { flags: true }),
];

function given<T>(value: Maybe<T>, name: string): T {
  if (value === null) throw argumentNull(name);
  return value;
}

function readFrom(reader: Maybe<NodeReader>): NodeValue {
  const from = given(reader, 'reader');
  const { current } = from;
  if (current === undefined) throw invalidOperation('The XmlReader state should be Interactive.');
  from.advance();
  return current.clone();
}

function nodeTypeName(type: number): string {
  return Object.entries(NODE_TYPES).find(([, value]) => value === type)?.[0] ?? 'None';
}

/** XElement.Load: the one element, with nothing but comments and the like around it. */
function loadElement(reader: Maybe<NodeReader>): NodeValue {
  const from = given(reader, 'reader');
  const type = from.moveToContent();
  if (type !== NODE_TYPES.Element)
    throw invalidOperation(`The XmlReader must be on a node of type Element instead of a node of type ${nodeTypeName(type)}.`);
  const element = readFrom(from);
  from.moveToContent();
  if (from.current !== undefined) throw invalidOperation('The XmlReader state should be EndOfFile after this operation.');
  return element;
}

const write = special((runtime, _types, node: NodeValue, writer: Maybe<NodeWriter>) => given(writer, 'writer').write(runtime, node));

/** Of XNode. */
export const nodeReading: MemberTable = {
  'System.Xml.XmlReader CreateReader()': (node: NodeValue) => new NodeReader(node),
  'System.Xml.XmlReader CreateReader(ReaderOptions readerOptions)': (node: NodeValue) => new NodeReader(node),
  'static XNode ReadFrom(System.Xml.XmlReader reader)': readFrom,
  'void WriteTo(System.Xml.XmlWriter writer)': write,
};

/** Of XContainer. */
export const containerWriting: MemberTable = {
  'System.Xml.XmlWriter CreateWriter()': (container: ContainerValue) => new NodeWriter(container),
};

/** Of XElement and XDocument. */
export const savingMembers: MemberTable = { 'void Save(System.Xml.XmlWriter writer)': write };

/** Of XElement. */
export const elementLoading: MemberTable = {
  'static XElement Load(System.Xml.XmlReader reader)': loadElement,
  'static XElement Load(System.Xml.XmlReader reader, LoadOptions options)': loadElement,
};
