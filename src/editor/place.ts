/** What stands at a place of a document that may be half written: a name, a value, or C#. */
import type { ElementDeclaration } from '../policies/definition.ts';
import { policyNamed } from '../policies/registry.ts';
import { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { scanExpression } from '../xml/expression-scan.ts';
import { scanDocument } from '../xml/tokens.ts';
import type { PolicyDocument, Value, XmlElement, XmlNode } from '../xml/tree.ts';

/** `path` holds the names of the elements around, outermost first. */
export type Place =
  | {
      readonly kind: 'code';
      readonly code: string;
      readonly form: 'single' | 'multi';
      readonly offset: number;
      readonly value: Value | undefined;
    }
  | { readonly kind: 'element-name' | 'end-tag'; readonly path: readonly string[]; readonly typed: string }
  | { readonly kind: 'attribute-name'; readonly path: readonly string[]; readonly typed: string; readonly present: readonly string[] }
  | { readonly kind: 'attribute-value'; readonly path: readonly string[]; readonly attribute: string; readonly typed: string }
  | { readonly kind: 'named-value'; readonly typed: string }
  | { readonly kind: 'text'; readonly path: readonly string[] }
  | { readonly kind: 'nothing' };

export function placeAt(document: PolicyDocument, offset: number): Place {
  return codeAt(document, offset) ?? openCodeAt(document.file.text, offset) ?? markupAt(document.file.text.slice(0, offset));
}

// ------------------------------------------------------------ C#

function codeAt(document: PolicyDocument, offset: number): Place | undefined {
  const value = valueAt(document.nodes, offset);
  if (value === undefined || value.kind === 'literal') return undefined;
  return { kind: 'code', code: value.text.text, form: value.kind, offset: decodedOffset(value, offset), value };
}

/** The value in which an offset lies; for an expression between its delimiters. */
export function valueAt(nodes: readonly XmlNode[], offset: number): Value | undefined {
  for (const node of nodes) {
    if (offset < node.span.start || offset > node.span.end) continue;
    const values = node.kind === 'element' ? node.attributes.map(({ value }) => value) : 'value' in node ? [node.value] : [];
    const found = values.find((value) => holds(value, offset)) ?? (node.kind === 'element' ? valueAt(node.children, offset) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds({ kind, span }: Value, offset: number): boolean {
  return kind === 'literal' ? span.start <= offset && offset <= span.end : span.start + 2 <= offset && offset < span.end;
}

/** Offset in the decoded text of an offset in the file. */
export function decodedOffset({ text }: Value, offset: number): number {
  let low = 0;
  let high = text.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (text.sourceOffset(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An expression that is not closed yet: it reaches from the last opener of a value to the place. */
function openCodeAt(text: string, offset: number): Place | undefined {
  const before = text.slice(0, offset);
  for (const opener of [...before.matchAll(/(?<=["'>\s])@[({]/g)].reverse().slice(0, 3)) {
    const lead = before.slice(0, opener.index).trimEnd();
    if (!/(?:=\s*["']|>)$/.test(lead)) continue;
    if (scanExpression(before, opener.index).ok) return undefined;
    return {
      kind: 'code',
      code: before.slice(opener.index + 2),
      form: opener[0] === '@(' ? 'single' : 'multi',
      offset: offset - opener.index - 2,
      value: undefined,
    };
  }
  return undefined;
}

// ------------------------------------------------------------ markup

function markupAt(before: string): Place {
  const named = /\{\{\s*([\w.-]*)$/.exec(before);
  if (named) return { kind: 'named-value', typed: named[1] ?? '' };
  const { path, tag } = openTags(before);
  if (tag !== undefined) return insideTag(before.slice(tag.start), path);
  const end = /<\/([\w.-]*)$/.exec(before);
  if (end) return { kind: 'end-tag', path, typed: end[1] ?? '' };
  const name = /<([\w.-]*)$/.exec(before);
  return name ? { kind: 'element-name', path, typed: name[1] ?? '' } : { kind: 'text', path };
}

/** The elements that are open at the end of a text, and the start tag in which it ends. */
function openTags(before: string): { readonly path: string[]; readonly tag: Span | undefined } {
  // A name that is being typed is no tag yet.
  const typing = /<\/?[\w.-]*$/.exec(before);
  const { tokens } = scanDocument(new SourceFile('', typing ? before.slice(0, typing.index) : before));
  const path: string[] = [];
  let tag: Span | undefined;
  for (const token of tokens) {
    tag = undefined;
    if (token.kind === 'end' && path.includes(token.name)) path.length = path.lastIndexOf(token.name);
    if (token.kind !== 'start' || token.selfClosing) continue;
    path.push(token.name);
    if (!typing && token.span.end === before.length && !before.endsWith('>')) tag = token.span;
  }
  return { path, tag };
}

/** `tag` reaches from `<` to the place. */
function insideTag(tag: string, path: readonly string[]): Place {
  const value = /([\w.:-]+)\s*=\s*(?:"([^"]*)|'([^']*))$/.exec(tag);
  if (value) return { kind: 'attribute-value', path, attribute: value[1] ?? '', typed: value[2] ?? value[3] ?? '' };
  const name = /\s([\w.:-]*)$/.exec(tag);
  if (!name) return { kind: 'nothing' };
  const present = [...tag.matchAll(/\s([\w.:-]+)\s*=/g)].map((match) => match[1] ?? '');
  return { kind: 'attribute-name', path, typed: name[1] ?? '', present };
}

// ------------------------------------------------------------ declarations

const CONTAINERS: ReadonlySet<string> = new Set(['policies', 'fragment', 'inbound', 'backend', 'outbound', 'on-error']);

/** The declaration of the innermost element on a path; undefined for sections and for what nobody declares. */
export function declarationAt(path: readonly string[]): ElementDeclaration | undefined {
  let declared: ElementDeclaration | undefined;
  for (const [i, name] of path.entries()) {
    const inside: ElementDeclaration | undefined = declared?.children?.find((child) => child.name === name) ?? policyNamed(name);
    if (inside === undefined && !(i < 2 && CONTAINERS.has(name))) return undefined;
    declared = inside;
  }
  return declared;
}

/** Names of the elements around an offset, outermost first, with the elements. */
export function elementsAt(document: PolicyDocument, offset: number): XmlElement[] {
  const found: XmlElement[] = [];
  const visit = (nodes: readonly XmlNode[]): void => {
    for (const node of nodes) {
      if (node.kind !== 'element' || offset < node.span.start || offset > node.span.end) continue;
      found.push(node);
      visit(node.children);
      return;
    }
  };
  visit(document.nodes);
  return found;
}
