/** XObject, XNode and XContainer: the base classes of LINQ to XML, and the comparers of nodes. */

import { objectHash } from '../../csharp/runtime/equality.ts';
import { argumentNull, invalidOperation } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject, TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NetComparer } from '../collections/contract.ts';
import { isInstance } from '../collections/elements.ts';
import { addContent } from './content.ts';
import { again } from './element.ts';
import type { NameValue } from './names.ts';
import { containerWriting, nodeReading } from './node-io.ts';
import { ContainerValue, ElementValue, NodeValue, type XmlObject } from './nodes.ts';
import { writeNode } from './write.ts';

type Name = NameValue | null;
const DISABLE_FORMATTING = 1;

function* ancestors(node: NodeValue, name?: Name): Generator<ElementValue> {
  for (let at = node.parentElement; at !== null; at = at.parentElement) if (name === undefined || at.name.is(name)) yield at;
}

function* after(node: NodeValue): Generator<NodeValue> {
  for (let at = node.next; at !== null; at = at.next) yield at;
}

function* before(node: NodeValue): Generator<NodeValue> {
  for (let at = node.parent?.first ?? null; at !== null && at !== node; at = at.next) yield at;
}

function* elementsOf(nodes: Iterable<NodeValue>, name?: Name): Generator<ElementValue> {
  for (const node of nodes) if (node instanceof ElementValue && (name === undefined || node.name.is(name))) yield node;
}

function parentOf(node: NodeValue): ContainerValue {
  if (node.parent === null) throw invalidOperation('The parent is missing.');
  return node.parent;
}

function addAfter(runtime: Runtime, node: NodeValue, content: readonly unknown[]): void {
  const parent = parentOf(node);
  const { next } = node;
  for (const item of content) addContent(runtime, parent, item, next);
}

function addBefore(runtime: Runtime, node: NodeValue, content: readonly unknown[]): void {
  const parent = parentOf(node);
  for (const item of content) addContent(runtime, parent, item, node);
}

function replaceWith(runtime: Runtime, node: NodeValue, content: readonly unknown[]): void {
  const parent = parentOf(node);
  const { next } = node;
  parent.detach(node);
  for (const item of content) addContent(runtime, parent, item, next);
}

function addFirst(runtime: Runtime, parent: ContainerValue, content: readonly unknown[]): void {
  const { first } = parent;
  for (const item of content) addContent(runtime, parent, item, first);
}

function replaceNodes(runtime: Runtime, parent: ContainerValue, content: readonly unknown[]): void {
  const kept = content.map((item) =>
    typeof item === 'object' && item !== null && Symbol.iterator in item ? [...(item as Iterable<unknown>)] : item,
  );
  parent.removeNodes();
  for (const item of kept) addContent(runtime, parent, item);
}

/** The way from the root: places among the siblings. */
function path(node: NodeValue): NodeValue[] {
  const way: NodeValue[] = [];
  for (let at: NodeValue | null = node; at !== null; at = at.parent) way.unshift(at);
  return way;
}

export function compareOrder(a: NodeValue | null, b: NodeValue | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const left = path(a);
  const right = path(b);
  if (left[0] !== right[0]) throw invalidOperation('A common ancestor is missing.');
  let at = 0;
  while (left[at] === right[at] && left[at] !== undefined) at += 1;
  const first = left[at];
  const second = right[at];
  if (first === undefined || second === undefined) return first === undefined ? -1 : 1;
  for (const node of after(first)) if (node === second) return -1;
  return 1;
}

/** Same shape, names, attributes in order and texts: what serializes alike. */
function deepEquals(a: NodeValue | null, b: NodeValue | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.nodeType !== b.nodeType) return false;
  return canonical(a) === canonical(b);
}

function canonical(node: NodeValue): string {
  if (!(node instanceof ElementValue))
    return node instanceof ContainerValue ? [...node.nodes()].map(canonical).join('') : writeNode(node, false);
  const attributes = node.attributes.map((attribute) => `${attribute.name.netToString()}=${JSON.stringify(attribute.value)}`).join(' ');
  const end = node.isEmpty ? '/' : '';
  return `<${node.name.netToString()} ${attributes}${end}>${[...node.nodes()].map(canonical).join('')}</>`;
}

function annotationsOf(runtime: Runtime, object: XmlObject, type: Parameters<typeof isInstance>[2] | undefined): unknown[] {
  return object.annotations.filter((annotation) => type !== undefined && isInstance(runtime.types, annotation, type));
}

function typeGiven(type: TypeObject | null): TypeObject['of'] {
  if (type === null) throw argumentNull('type');
  return type.of;
}

/** System.Xml.Linq.XObject. */
export const objectType: TypeDeclaration = declareType('abstract class System.Xml.Linq.XObject', 'all', {
  'void AddAnnotation(object annotation)': (object: XmlObject, annotation: unknown) => {
    if (annotation === null) throw argumentNull('annotation');
    object.annotations.push(annotation);
  },
  'T Annotation<T>() where T : class': special((runtime, types, object: XmlObject) => annotationsOf(runtime, object, types[0])[0] ?? null),
  'IEnumerable<T> Annotations<T>() where T : class': special((runtime, types, object: XmlObject) =>
    annotationsOf(runtime, object, types[0]),
  ),
  'void RemoveAnnotations<T>() where T : class': special((runtime, types, object: XmlObject) => {
    const removed = annotationsOf(runtime, object, types[0]);
    object.annotations = object.annotations.filter((annotation) => !removed.includes(annotation));
  }),
  'object Annotation(Type type)': special(
    (runtime, _types, object: XmlObject, type: TypeObject | null) => annotationsOf(runtime, object, typeGiven(type))[0] ?? null,
  ),
  'IEnumerable<object> Annotations(Type type)': special((runtime, _types, object: XmlObject, type: TypeObject | null) =>
    annotationsOf(runtime, object, typeGiven(type)),
  ),
  'void RemoveAnnotations(Type type)': special((runtime, _types, object: XmlObject, type: TypeObject | null) => {
    const removed = annotationsOf(runtime, object, typeGiven(type));
    object.annotations = object.annotations.filter((annotation) => !removed.includes(annotation));
  }),
  'string BaseUri { get; }': () => '',
  'XDocument Document { get; }': (object: XmlObject) => object.document,
  'System.Xml.XmlNodeType NodeType { get; }': (object: XmlObject) => object.nodeType,
  'XElement Parent { get; }': (object: XmlObject) => object.parentElement,
});

/** System.Xml.Linq.XNode. */
export const nodeType: TypeDeclaration = declareType('abstract class System.Xml.Linq.XNode : XObject', 'all', {
  'void AddAfterSelf(object content)': special((runtime, _types, node: NodeValue, content: unknown) => addAfter(runtime, node, [content])),
  'void AddAfterSelf(params object[] content)': special((runtime, _types, node: NodeValue, content: unknown[]) =>
    addAfter(runtime, node, content),
  ),
  'void AddBeforeSelf(object content)': special((runtime, _types, node: NodeValue, content: unknown) =>
    addBefore(runtime, node, [content]),
  ),
  'void AddBeforeSelf(params object[] content)': special((runtime, _types, node: NodeValue, content: unknown[]) =>
    addBefore(runtime, node, content),
  ),
  'IEnumerable<XElement> Ancestors()': (node: NodeValue) => again(() => ancestors(node)),
  'IEnumerable<XElement> Ancestors(XName name)': (node: NodeValue, name: Name) => again(() => ancestors(node, name)),
  'static int CompareDocumentOrder(XNode n1, XNode n2)': compareOrder,
  'static bool DeepEquals(XNode n1, XNode n2)': deepEquals,
  'static XNodeDocumentOrderComparer DocumentOrderComparer { get; }': () => new OrderComparer(),
  'static XNodeEqualityComparer EqualityComparer { get; }': () => new EqualityComparer(),
  'IEnumerable<XElement> ElementsAfterSelf()': (node: NodeValue) => again(() => elementsOf(after(node))),
  'IEnumerable<XElement> ElementsAfterSelf(XName name)': (node: NodeValue, name: Name) => again(() => elementsOf(after(node), name)),
  'IEnumerable<XElement> ElementsBeforeSelf()': (node: NodeValue) => again(() => elementsOf(before(node))),
  'IEnumerable<XElement> ElementsBeforeSelf(XName name)': (node: NodeValue, name: Name) => again(() => elementsOf(before(node), name)),
  'bool IsAfter(XNode node)': (node: NodeValue, other: NodeValue | null) => compareOrder(node, other) > 0,
  'bool IsBefore(XNode node)': (node: NodeValue, other: NodeValue | null) => compareOrder(node, other) < 0,
  'XNode NextNode { get; }': (node: NodeValue) => node.next,
  'XNode PreviousNode { get; }': (node: NodeValue) => node.previous,
  'IEnumerable<XNode> NodesAfterSelf()': (node: NodeValue) => again(() => after(node)),
  'IEnumerable<XNode> NodesBeforeSelf()': (node: NodeValue) => again(() => before(node)),
  'void Remove()': (node: NodeValue) => node.remove(),
  'void ReplaceWith(object content)': special((runtime, _types, node: NodeValue, content: unknown) =>
    replaceWith(runtime, node, [content]),
  ),
  'void ReplaceWith(params object[] content)': special((runtime, _types, node: NodeValue, content: unknown[]) =>
    replaceWith(runtime, node, content),
  ),
  ...nodeReading,
  'string ToString()': special((runtime, _types, node: NodeValue) => text(runtime, node, 0)),
  'string ToString(SaveOptions options)': special((runtime, _types, node: NodeValue, options: number) => text(runtime, node, options)),
});

function text(runtime: Runtime, node: NodeValue, options: number): string {
  const written = writeNode(node, (options & DISABLE_FORMATTING) === 0);
  runtime.budget.allocate(written.length);
  return written;
}

/** System.Xml.Linq.XContainer. */
export const containerType: TypeDeclaration = declareType('abstract class System.Xml.Linq.XContainer : XNode', 'all', {
  ...containerWriting,
  'void Add(object content)': special((runtime, _types, parent: ContainerValue, content: unknown) => addContent(runtime, parent, content)),
  'void Add(params object[] content)': special((runtime, _types, parent: ContainerValue, content: unknown[]) =>
    addContent(runtime, parent, content),
  ),
  'void AddFirst(object content)': special((runtime, _types, parent: ContainerValue, content: unknown) =>
    addFirst(runtime, parent, [content]),
  ),
  'void AddFirst(params object[] content)': special((runtime, _types, parent: ContainerValue, content: unknown[]) =>
    addFirst(runtime, parent, content),
  ),
  'IEnumerable<XNode> DescendantNodes()': (parent: ContainerValue) => again(() => parent.descendantNodes()),
  'IEnumerable<XElement> Descendants()': (parent: ContainerValue) => again(() => parent.descendants()),
  'IEnumerable<XElement> Descendants(XName name)': (parent: ContainerValue, name: Name) => again(() => parent.descendants(name)),
  'XElement Element(XName name)': (parent: ContainerValue, name: Name) => parent.element(name),
  'IEnumerable<XElement> Elements()': (parent: ContainerValue) => again(() => parent.elements()),
  'IEnumerable<XElement> Elements(XName name)': (parent: ContainerValue, name: Name) => again(() => parent.elements(name)),
  'XNode FirstNode { get; }': (parent: ContainerValue) => parent.first,
  'XNode LastNode { get; }': (parent: ContainerValue) => parent.last,
  'IEnumerable<XNode> Nodes()': (parent: ContainerValue) => again(() => parent.nodes()),
  'void RemoveNodes()': (parent: ContainerValue) => parent.removeNodes(),
  'void ReplaceNodes(object content)': special((runtime, _types, parent: ContainerValue, content: unknown) =>
    replaceNodes(runtime, parent, [content]),
  ),
  'void ReplaceNodes(params object[] content)': special((runtime, _types, parent: ContainerValue, content: unknown[]) =>
    replaceNodes(runtime, parent, content),
  ),
});

class OrderComparer implements NetComparer, NetObject {
  get netType(): TypeDeclaration {
    return orderComparerType;
  }
  netCompare(a: unknown, b: unknown): number {
    return compareOrder(a as NodeValue | null, b as NodeValue | null);
  }
}

class EqualityComparer implements NetComparer, NetObject {
  get netType(): TypeDeclaration {
    return equalityComparerType;
  }
  netEqual(a: unknown, b: unknown): boolean {
    return deepEquals(a as NodeValue | null, b as NodeValue | null);
  }
  netHash(value: unknown): number {
    return value instanceof NodeValue ? objectHash(canonical(value)) : 0;
  }
}

export const orderComparerType: TypeDeclaration = declareType(
  'class System.Xml.Linq.XNodeDocumentOrderComparer : IComparer<XNode>, System.Collections.IComparer',
  'all',
  {
    'XNodeDocumentOrderComparer()': () => new OrderComparer(),
    'int Compare(XNode x, XNode y)': (_comparer: OrderComparer, a: NodeValue | null, b: NodeValue | null) => compareOrder(a, b),
  },
);

export const equalityComparerType: TypeDeclaration = declareType(
  'class System.Xml.Linq.XNodeEqualityComparer : IEqualityComparer<XNode>, System.Collections.IEqualityComparer',
  'all',
  {
    'XNodeEqualityComparer()': () => new EqualityComparer(),
    'bool Equals(XNode x, XNode y)': (_comparer: EqualityComparer, a: NodeValue | null, b: NodeValue | null) => deepEquals(a, b),
    'int GetHashCode(XNode obj)': (comparer: EqualityComparer, node: NodeValue | null) => comparer.netHash(node),
  },
);
