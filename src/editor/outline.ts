/** The shape of a document: what stands where (symbols), what can be folded, what a selection grows to. */
import { parseExpression } from '../csharp/syntax/parser.ts';
import { childrenOf, type Placed } from '../csharp/syntax/walk.ts';
import { policyNamed } from '../policies/registry.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { childElements, type PolicyDocument, type Value, type XmlElement, type XmlNode } from '../xml/tree.ts';
import { decodedOffset, elementsAt, valueAt } from './place.ts';

export interface OutlineSymbol {
  readonly name: string;
  /** What tells it from its like: the name of a header, a condition. */
  readonly detail: string;
  readonly kind: 'document' | 'section' | 'policy' | 'variable' | 'element';
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineSymbol[];
}

const ROOTS: ReadonlySet<string> = new Set(['policies', 'fragment']);
const SECTIONS: ReadonlySet<string> = new Set(['inbound', 'backend', 'outbound', 'on-error']);
/** Attributes that tell a policy from its like, most telling first. */
const TELLING: readonly string[] = ['id', 'name', 'fragment-id', 'backend-id', 'condition', 'template', 'variable-name', 'counter-key'];
const LONGEST_DETAIL = 60;

export function symbolsOf(document: PolicyDocument): OutlineSymbol[] {
  return document.elements.map((element) => symbolOf(element, 0));
}

function symbolOf(element: XmlElement, depth: number): OutlineSymbol {
  return {
    name: element.name,
    detail: detailOf(element),
    kind: kindOf(element.name, depth),
    span: element.span,
    nameSpan: element.nameSpan,
    children: childElements(element).map((child) => symbolOf(child, depth + 1)),
  };
}

function kindOf(name: string, depth: number): OutlineSymbol['kind'] {
  if (depth === 0 && ROOTS.has(name)) return 'document';
  if (depth < 2 && SECTIONS.has(name)) return 'section';
  if (name === 'set-variable') return 'variable';
  return policyNamed(name) ? 'policy' : 'element';
}

function detailOf({ attributes }: XmlElement): string {
  const told = TELLING.map((name) => attributes.find((attribute) => attribute.name === name)).find((attribute) => attribute !== undefined);
  const text = told?.value.text.text.trim().replace(/\s+/g, ' ') ?? '';
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text;
}

// ------------------------------------------------------------ folding

export interface Fold {
  /** From 0; the last line stays visible where it closes something. */
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'comment' | 'region';
}

export function foldsOf(document: PolicyDocument): Fold[] {
  const folds: Fold[] = [];
  collectFolds(document.nodes, document.file, folds);
  return [...new Map(folds.map((fold) => [`${fold.startLine} ${fold.endLine}`, fold])).values()];
}

function collectFolds(nodes: readonly XmlNode[], file: SourceFile, into: Fold[]): void {
  for (const node of nodes) {
    if (node.kind === 'comment') addFold(file, node.span, 'comment', 0, into);
    if (node.kind !== 'element') continue;
    addFold(file, node.span, 'region', node.closeSpan ? 1 : 0, into);
    for (const { value } of node.attributes) addCode(file, value, into);
    for (const child of node.children) if ('value' in child) addCode(file, child.value, into);
    collectFolds(node.children, file, into);
  }
}

function addCode(file: SourceFile, value: Value, into: Fold[]): void {
  if (value.kind !== 'literal') addFold(file, value.span, 'region', 1, into);
}

function addFold(file: SourceFile, { start, end }: Span, kind: Fold['kind'], keep: number, into: Fold[]): void {
  const startLine = file.positionAt(start).line - 1;
  const endLine = file.positionAt(end).line - 1 - keep;
  if (endLine > startLine) into.push({ startLine, endLine, kind });
}

// ------------------------------------------------------------ selection

/** What stands around a place, innermost first, each inside the next. */
export function selectionsAt(document: PolicyDocument, offset: number): Span[] {
  const elements = elementsAt(document, offset);
  const inner = elements[elements.length - 1];
  const attribute = inner?.attributes.find((one) => one.span.start <= offset && offset <= one.span.end);
  const value = valueAt(document.nodes, offset);
  const spans = [
    ...(value ? codeSpans(value, offset) : []),
    ...(value ? [value.span] : []),
    ...(attribute ? [attribute.span] : []),
    ...elements.toReversed().flatMap((element) => elementSpans(element, offset)),
    span(0, document.file.text.length),
  ];
  return nested(spans);
}

function codeSpans(value: Value, offset: number): Span[] {
  if (value.kind === 'literal') return [];
  const at = decodedOffset(value, offset);
  const around: Span[] = [];
  const visit = (node: Placed): void => {
    if (node.span.start > at || node.span.end < at) return;
    around.push(value.text.sourceSpan(node.span));
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseExpression(value.text.text, value.kind).root);
  return [...around.reverse(), span(value.span.start + 2, value.span.end - 1)];
}

function elementSpans({ openSpan, closeSpan, span: whole }: XmlElement, offset: number): Span[] {
  if (closeSpan === undefined) return [whole];
  const isInside = openSpan.end <= offset && offset <= closeSpan.start;
  const isTag = openSpan.start <= offset && offset <= openSpan.end;
  return [...(isInside ? [span(openSpan.end, closeSpan.start)] : []), ...(isTag ? [openSpan] : []), whole];
}

/** Each wider than the one before. */
function nested(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const one of spans) {
    const last = kept[kept.length - 1];
    const holds = last === undefined || (one.start <= last.start && one.end >= last.end);
    if (holds && (last === undefined || one.start < last.start || one.end > last.end)) kept.push(one);
  }
  return kept;
}
