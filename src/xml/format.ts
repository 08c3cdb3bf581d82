/**
 * Lays out a policy document: one element a line, indented by its depth, long start tags with one attribute a line. What may be
 * content is never touched: text, bodies, elements that nobody declared.
 */

import type { PolicyDocument, Value, XmlAttribute, XmlElement, XmlNode } from './tree.ts';
import { isBlank } from './tree.ts';

/** `container`: white space between its children means nothing; `value`: one text or expression; `verbatim`: left as it stands. */
export type ContentLayout = 'container' | 'value' | 'verbatim';

export interface FormatOptions {
  /** One level of indentation. Default four blanks, as in the documents that Azure makes. */
  readonly unit: string;
  /** A start tag that is longer gets one attribute a line. Default 140. */
  readonly width: number;
  /** What stands inside the element that is named by the names from the root on. */
  contentOf(path: readonly string[]): ContentLayout;
  /** The expression with its delimiters, laid out for a line that begins with `base`; undefined: leave it as written. */
  expression(value: Value, base: string, newline: string): string | undefined;
}

/** The text of the whole document, laid out. Give it only documents that were read without an error. */
export function formatDocument(document: PolicyDocument, options: FormatOptions): string {
  const writer = new Writer(document, options);
  writer.nodes(document.nodes, 0, []);
  const mark = document.file.text.charCodeAt(0) === 0xfeff ? '\ufeff' : '';
  return `${mark}${writer.text().trimStart()}${writer.newline}`;
}

class Writer {
  readonly newline: string;
  readonly #source: string;
  readonly #options: FormatOptions;
  readonly #parts: string[] = [];

  constructor(document: PolicyDocument, options: FormatOptions) {
    this.#source = document.file.text;
    this.#options = options;
    this.newline = this.#source.includes('\r\n') ? '\r\n' : '\n';
  }

  text(): string {
    return this.#parts.join('');
  }

  /** The children of a container: each on a line of its own, at most one blank line between two. */
  nodes(nodes: readonly XmlNode[], depth: number, path: readonly string[]): void {
    let lines = 1;
    let first = true;
    for (const node of nodes) {
      if (isBlank(node)) {
        lines = countLines(this.#slice(node));
        continue;
      }
      const glued = node.kind === 'comment' && lines === 0 && !(first && path.length === 0);
      if (glued) this.#parts.push(' ');
      else this.#parts.push(this.newline.repeat(first ? 1 : Math.min(Math.max(lines, 1), 2)), this.#indent(depth));
      this.#node(node, depth, path);
      first = false;
      lines = 0;
    }
  }

  #indent(depth: number): string {
    return this.#options.unit.repeat(depth);
  }

  #slice(node: { readonly span: { readonly start: number; readonly end: number } }): string {
    return this.#source.slice(node.span.start, node.span.end);
  }

  #node(node: XmlNode, depth: number, path: readonly string[]): void {
    if (node.kind === 'element') this.#element(node, depth, [...path, node.name]);
    else if (node.kind === 'comment') this.#parts.push(this.#comment(node, depth));
    else this.#parts.push(this.#slice(node).trim());
  }

  /** Further lines of a comment move with its first one. */
  #comment(node: XmlNode, depth: number): string {
    const lineStart = this.#source.lastIndexOf('\n', node.span.start - 1) + 1;
    const before = this.#source.slice(lineStart, node.span.start);
    if (before.trim() !== '' && before !== '\ufeff') return this.#slice(node);
    const indent = this.#indent(depth);
    return this.#slice(node)
      .split('\n')
      .map((line, i) => (i > 0 && before !== '' && line.startsWith(before) ? indent + line.slice(before.length) : line))
      .join('\n');
  }

  #element(element: XmlElement, depth: number, path: readonly string[]): void {
    const layout = this.#options.contentOf(path);
    this.#startTag(element, depth);
    if (!element.closeSpan) return;
    const only = onlyExpression(element);
    if (layout === 'verbatim' || element.children.length === 0) this.#verbatim(element);
    else if (only !== undefined) this.#parts.push(this.#value(only, depth));
    else if (layout === 'container' && element.children.every((child) => !isContent(child))) this.#container(element, depth, path);
    else this.#verbatim(element);
    this.#parts.push(`</${element.name}>`);
  }

  #container(element: XmlElement, depth: number, path: readonly string[]): void {
    const empty = element.children.every(isBlank);
    if (!empty) this.nodes(element.children, depth + 1, path);
    if (!empty || element.children.some((child) => countLines(this.#slice(child)) > 0)) this.#parts.push(this.newline, this.#indent(depth));
  }

  #verbatim(element: XmlElement): void {
    if (element.closeSpan) this.#parts.push(this.#source.slice(element.openSpan.end, element.closeSpan.start));
  }

  #startTag(element: XmlElement, depth: number): void {
    const closer = element.closeSpan ? '>' : ' />';
    const inline = element.attributes.map((attribute) => ` ${this.#attribute(attribute, depth)}`);
    this.#parts.push(`<${element.name}`);
    if (inline.length < 2 || this.#fits(inline, this.#indent(depth).length + element.name.length + 1, closer)) this.#parts.push(...inline);
    else
      for (const attribute of element.attributes)
        this.#parts.push(this.newline, this.#indent(depth + 1), this.#attribute(attribute, depth + 1));
    this.#parts.push(closer);
  }

  /** On one line; only the expression of the last attribute may go on over further lines, as such tags are usually written. */
  #fits(inline: readonly string[], before: number, closer: string): boolean {
    const text = inline.join('') + closer;
    const end = text.indexOf('\n');
    return (
      before + (end < 0 ? text.length : end) <= this.#options.width && !inline.slice(0, -1).some((attribute) => attribute.includes('\n'))
    );
  }

  #attribute(attribute: XmlAttribute, depth: number): string {
    const quote = this.#source.charAt(attribute.span.end - 1);
    const { value } = attribute;
    const text = value.kind === 'literal' ? this.#source.slice(value.span.start, value.span.end) : this.#value(value, depth);
    return `${attribute.name}=${quote}${text}${quote}`;
  }

  #value(value: Value, depth: number): string {
    return this.#options.expression(value, this.#indent(depth), this.newline) ?? this.#source.slice(value.span.start, value.span.end);
  }
}

function isContent(node: XmlNode): boolean {
  return node.kind === 'cdata' || (node.kind === 'text' && !isBlank(node));
}

/** The expression that is all an element holds. */
function onlyExpression(element: XmlElement): Value | undefined {
  const [only] = element.children;
  return element.children.length === 1 && only?.kind === 'text' && only.value.kind !== 'literal' ? only.value : undefined;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
