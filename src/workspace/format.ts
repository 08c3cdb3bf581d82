/** `portico fmt` and the formatting of editors: layout of a policy document by the declarations of its policies. */
import { formatExpression, sameTokens } from '../csharp/format/format.ts';
import { namedValueReferences } from '../pipeline/named-values.ts';
import type { ElementDeclaration } from '../policies/definition.ts';
import { policyNamed } from '../policies/registry.ts';
import { type ContentLayout, type FormatOptions, formatDocument } from '../xml/format.ts';
import { readDocument } from '../xml/reader.ts';
import type { PolicyDocument, Value, XmlElement, XmlNode } from '../xml/tree.ts';
import { isBlank } from '../xml/tree.ts';

export interface PolicyStyle {
  /** One level of indentation; default four blanks. */
  readonly unit: string;
  /** Start tags longer than this get one attribute a line; default 140 columns. */
  readonly width: number;
}

export const DEFAULT_STYLE: PolicyStyle = { unit: '    ', width: 140 };

/**
 * The document laid out. What it means never changes: elements, attribute values, texts, comments and the tokens of every expression
 * are compared before the result is given back.
 *
 * @throws Error when they differ, which would be a fault of this formatter.
 */
export function formatPolicy(document: PolicyDocument, style: PolicyStyle = DEFAULT_STYLE): string {
  const options: FormatOptions = {
    ...style,
    contentOf,
    expression: (value, base, newline) => expression(value, base, newline, style.unit),
  };
  const text = formatDocument(document, options);
  const again = readDocument(text, document.file.name);
  if (again.problems.some(({ severity }) => severity === 'error') || !sameNodes(document.nodes, again.document.nodes, [])) {
    throw new Error(`the layout of ${document.file.name} would change what it means`);
  }
  return text;
}

const CONTAINERS: ReadonlySet<string> = new Set(['policies', 'fragment', 'inbound', 'backend', 'outbound', 'on-error']);

/** What the declaration of the innermost policy on the path says. */
function contentOf(path: readonly string[]): ContentLayout {
  let declared: ElementDeclaration | undefined;
  for (const [i, name] of path.entries()) {
    const inside: ElementDeclaration | undefined = declared?.children?.find((child) => child.name === name) ?? policyNamed(name);
    if (inside === undefined && !(i < 2 && CONTAINERS.has(name))) return 'verbatim';
    declared = inside;
  }
  if (declared === undefined) return 'container';
  if (declared.content === 'text' || declared.content === 'body') return 'value';
  return 'container';
}

/** A named value may be any code: an identifier of the same length stands for it while the tokens are read. */
function withoutNamedValues(text: string): string {
  const parts: string[] = [];
  let last = 0;
  for (const { start, end } of namedValueReferences(text)) {
    parts.push(text.slice(last, start), 'n'.repeat(end - start));
    last = end;
  }
  return parts.join('') + text.slice(last);
}

function expression(value: Value, base: string, newline: string, unit: string): string | undefined {
  if (value.kind === 'literal') return undefined;
  const { file } = value.text;
  const written = (start: number, end: number) => {
    const place = value.text.sourceSpan({ start, end });
    return file.text.slice(place.start, place.end);
  };
  const code = formatExpression(withoutNamedValues(value.text.text), value.kind, { base, unit, newline, written });
  if (code === undefined) return undefined;
  return value.kind === 'single' ? `@(${code})` : `@{${code}}`;
}

function sameNodes(one: readonly XmlNode[], other: readonly XmlNode[], path: readonly string[]): boolean {
  const container = path.length === 0 || contentOf(path) === 'container';
  const left = one.filter((node) => !container || !isBlank(node));
  const right = other.filter((node) => !container || !isBlank(node));
  return left.length === right.length && left.every((node, i) => sameNode(node, right[i], path));
}

function sameNode(one: XmlNode, other: XmlNode | undefined, path: readonly string[]): boolean {
  if (other === undefined || one.kind !== other.kind) return false;
  if (one.kind === 'element') return other.kind === 'element' && sameElement(one, other, [...path, one.name]);
  if (one.kind === 'text' || one.kind === 'cdata') return 'value' in other && sameValue(one.value, other.value);
  return true;
}

function sameElement(one: XmlElement, other: XmlElement, path: readonly string[]): boolean {
  return (
    one.name === other.name &&
    one.attributes.length === other.attributes.length &&
    one.attributes.every((attribute, i) => {
      const twin = other.attributes[i];
      return twin !== undefined && twin.name === attribute.name && sameValue(attribute.value, twin.value);
    }) &&
    sameNodes(one.children, other.children, path)
  );
}

function sameValue(one: Value, other: Value): boolean {
  if (one.kind !== other.kind) return false;
  if (one.text.text === other.text.text) return true;
  return one.kind !== 'literal' && sameTokens(withoutNamedValues(one.text.text), withoutNamedValues(other.text.text));
}
