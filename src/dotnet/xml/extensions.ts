/** System.Xml.Linq.Extensions: the axes over sequences of nodes. */
import { argumentNull } from '../../csharp/runtime/exception.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { again } from './element.ts';
import type { NameValue } from './names.ts';
import { compareOrder } from './node.ts';
import type { AttributeValue, ContainerValue, ElementValue, NodeValue } from './nodes.ts';

type Name = NameValue | null;
type Sequence<T> = Iterable<T> | null;

/** One axis over all nodes of a sequence, lazily. */
function axis<T, R>(walk: (node: T, name: Name | undefined) => Iterable<R>) {
  return (source: Sequence<T>, name?: Name): Iterable<R> => {
    if (source === null) throw argumentNull('source');
    return again(function* () {
      for (const node of source) if (node !== null) yield* walk(node, name);
    });
  };
}

function* ancestors(node: NodeValue, name: Name | undefined): Generator<ElementValue> {
  for (let at = node.parentElement; at !== null; at = at.parentElement) if (name === undefined || at.name.is(name)) yield at;
}

function* ancestorsAndSelf(element: ElementValue, name: Name | undefined): Generator<ElementValue> {
  if (name === undefined || element.name.is(name)) yield element;
  yield* ancestors(element, name);
}

function* descendantsAndSelf(element: ElementValue, name: Name | undefined): Generator<ElementValue> {
  if (name === undefined || element.name.is(name)) yield element;
  yield* element.descendants(name);
}

function* attributes(element: ElementValue, name: Name | undefined): Generator<AttributeValue> {
  for (const attribute of [...element.attributes]) if (name === undefined || attribute.name.is(name)) yield attribute;
}

function* nodesAndSelf(element: ElementValue): Generator<NodeValue> {
  yield element;
  yield* element.descendantNodes();
}

function removeAll(source: Sequence<NodeValue | AttributeValue>): void {
  if (source === null) throw argumentNull('source');
  for (const item of [...source]) item?.remove();
}

function inOrder(source: Sequence<NodeValue>): Iterable<NodeValue> {
  if (source === null) throw argumentNull('source');
  return again(() => [...source].sort(compareOrder)[Symbol.iterator]());
}

const elements = axis((node: ContainerValue, name) => (name === undefined ? node.elements() : node.elements(name)));
const descendants = axis((node: ContainerValue, name) => (name === undefined ? node.descendants() : node.descendants(name)));

export const extensionsType: TypeDeclaration = declareType('static class System.Xml.Linq.Extensions', 'all', {
  'static IEnumerable<XElement> Ancestors<T>(this IEnumerable<T> source) where T : XNode': axis(ancestors),
  'static IEnumerable<XElement> Ancestors<T>(this IEnumerable<T> source, XName name) where T : XNode': axis(ancestors),
  'static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source)': axis(ancestorsAndSelf),
  'static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source, XName name)': axis(ancestorsAndSelf),
  'static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source)': axis(attributes),
  'static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source, XName name)': axis(attributes),
  'static IEnumerable<XNode> DescendantNodes<T>(this IEnumerable<T> source) where T : XContainer': axis((node: ContainerValue) =>
    node.descendantNodes(),
  ),
  'static IEnumerable<XNode> DescendantNodesAndSelf(this IEnumerable<XElement> source)': axis(nodesAndSelf),
  'static IEnumerable<XElement> Descendants<T>(this IEnumerable<T> source) where T : XContainer': descendants,
  'static IEnumerable<XElement> Descendants<T>(this IEnumerable<T> source, XName name) where T : XContainer': descendants,
  'static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source)': axis(descendantsAndSelf),
  'static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source, XName name)': axis(descendantsAndSelf),
  'static IEnumerable<XElement> Elements<T>(this IEnumerable<T> source) where T : XContainer': elements,
  'static IEnumerable<XElement> Elements<T>(this IEnumerable<T> source, XName name) where T : XContainer': elements,
  'static IEnumerable<T> InDocumentOrder<T>(this IEnumerable<T> source) where T : XNode': inOrder,
  'static IEnumerable<XNode> Nodes<T>(this IEnumerable<T> source) where T : XContainer': axis((node: ContainerValue) => node.nodes()),
  'static void Remove<T>(this IEnumerable<T> source) where T : XNode': removeAll,
  'static void Remove(this IEnumerable<XAttribute> source)': removeAll,
});
