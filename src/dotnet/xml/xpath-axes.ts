/** XPath's axes over the tree of LINQ to XML. */
import { AttributeValue, CommentValue, ContainerValue, ElementValue, InstructionValue, NodeValue, TextValue } from './nodes.ts';
import { xpathException } from './xpath-lexer.ts';
import type { Axis } from './xpath-tree.ts';

export type XPathNode = NodeValue | AttributeValue;

/** Prefixes to namespaces, as a resolver gives them. */
export type Namespaces = (prefix: string) => string | undefined;

export function* walk(node: XPathNode, axis: Axis): Generator<XPathNode> {
  switch (axis) {
    case 'self':
      yield node;
      return;
    case 'child':
      if (node instanceof ContainerValue) yield* node.nodes();
      return;
    case 'descendant':
      if (node instanceof ContainerValue) yield* node.descendantNodes();
      return;
    case 'descendant-or-self':
      yield node;
      if (node instanceof ContainerValue) yield* node.descendantNodes();
      return;
    case 'attribute':
      if (node instanceof ElementValue) yield* node.attributes.filter((attribute) => !attribute.isNamespaceDeclaration);
      return;
    case 'parent':
      if (node.parent !== null) yield node.parent;
      return;
    case 'ancestor':
      yield* ancestors(node);
      return;
    case 'ancestor-or-self':
      yield node;
      yield* ancestors(node);
      return;
    case 'following-sibling':
      if (node instanceof NodeValue) yield* siblings(node, 'next');
      return;
    case 'preceding-sibling':
      if (node instanceof NodeValue) yield* siblings(node, 'previous');
      return;
    case 'following':
    case 'preceding':
      for (const from of [node, ...ancestors(node)]) {
        if (from instanceof NodeValue)
          for (const sibling of siblings(from, axis === 'following' ? 'next' : 'previous')) yield* whole(sibling, axis);
      }
      return;
    case 'namespace':
      return;
  }
}

function* whole(node: NodeValue, axis: 'following' | 'preceding'): Generator<NodeValue> {
  const inside = node instanceof ContainerValue ? [node, ...node.descendantNodes()] : [node];
  yield* axis === 'following' ? inside : inside.reverse();
}

function* ancestors(node: XPathNode): Generator<XPathNode> {
  for (let at = node.parent; at !== null; at = at.parent) yield at;
}

function* siblings(node: NodeValue, direction: 'next' | 'previous'): Generator<NodeValue> {
  for (let at = node[direction]; at !== null; at = at[direction]) yield at;
}

/** Whether a node passes a step's test. */
export function passes(node: XPathNode, test: string, axis: Axis, namespaces: Namespaces): boolean {
  switch (test) {
    case 'node()':
      return true;
    case 'text()':
      return node instanceof TextValue;
    case 'comment()':
      return node instanceof CommentValue;
    case 'processing-instruction()':
      return node instanceof InstructionValue;
    default:
      return passesName(node, test, axis, namespaces);
  }
}

function passesName(node: XPathNode, test: string, axis: Axis, namespaces: Namespaces): boolean {
  const named = axis === 'attribute' ? node instanceof AttributeValue : node instanceof ElementValue;
  if (!named) return false;
  if (test === '*') return true;
  const colon = test.indexOf(':');
  const uri = colon < 0 ? '' : namespaces(test.slice(0, colon));
  if (uri === undefined) throw xpathException(`Namespace prefix '${test.slice(0, colon)}' is not defined.`);
  const local = test.slice(colon + 1);
  const { name } = node as ElementValue | AttributeValue;
  return name.uri === uri && (local === '*' || name.local === local);
}

/** The string-value of a node (section 5). */
export function stringOf(node: XPathNode): string {
  if (node instanceof InstructionValue) return node.data;
  if (node instanceof ElementValue || node instanceof TextValue || node instanceof CommentValue || node instanceof AttributeValue)
    return node.value;
  if (!(node instanceof ContainerValue)) return '';
  let text = '';
  for (const below of node.descendantNodes()) if (below instanceof TextValue) text += below.value;
  return text;
}
