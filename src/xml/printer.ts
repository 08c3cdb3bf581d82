/** Writes a tree back: byte for byte the file it was read from. */
import type { PolicyDocument, XmlElement, XmlNode } from './tree.ts';

export function printDocument(document: PolicyDocument): string {
  const text = document.file.text;
  const mark = text.charCodeAt(0) === 0xfeff ? text.charAt(0) : '';
  return mark + document.nodes.map((node) => printNode(node, text)).join('');
}

/** The text of one node. */
function printNode(node: XmlNode, text: string): string {
  return node.kind === 'element' ? printElement(node, text) : text.slice(node.span.start, node.span.end);
}

function printElement(element: XmlElement, text: string): string {
  const open = text.slice(element.openSpan.start, element.openSpan.end);
  const close = element.closeSpan ? text.slice(element.closeSpan.start, element.closeSpan.end) : '';
  return open + element.children.map((child) => printNode(child, text)).join('') + close;
}
