/**
 * Reads a policy document: raw, escaped or mixed. Our scanner finds values and places; the tree is built from its
 * tokens; fast-xml-parser judges the masked text as a second, independent reader.
 */
import { XMLValidator } from 'fast-xml-parser';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import * as faults from './faults.ts';
import { maskExpressions } from './mask.ts';
import { type EndTag, type Scan, type StartTag, scanDocument, type Token } from './tokens.ts';
import { type DocumentKind, isElement, type PolicyDocument, type XmlElement, type XmlNode } from './tree.ts';

export interface ReadResult {
  /** Always there, as far as it could be read. */
  readonly document: PolicyDocument;
  readonly problems: readonly Diagnostic[];
}

/** Elements nested deeper than this are refused; real documents stay below 20. */
const DEEPEST = 200;

/** Reads a text under the name that diagnostics shall show. Never throws on bad input. */
export function readDocument(text: string, name: string): ReadResult {
  return readFile(new SourceFile(name, text));
}

export function readFile(file: SourceFile): ReadResult {
  const scan = scanDocument(file);
  const builder = new TreeBuilder(file);
  for (const token of scan.tokens) builder.take(token);
  const nodes = builder.finish();
  const problems = [...scan.problems, ...builder.problems];
  const elements = nodes.filter(isElement);
  if (elements.length === 0) problems.push(faults.place(file, span(0, 0), faults.emptyDocument()));
  if (!problems.some((problem) => problem.severity === 'error')) problems.push(...secondOpinion(file, scan, elements.length));
  return { document: { file, nodes, elements, kind: kindOf(elements) }, problems: inDocumentOrder(problems) };
}

const SECTIONS: ReadonlySet<string> = new Set(['inbound', 'backend', 'outbound', 'on-error']);
const RESOLVERS: ReadonlySet<string> = new Set(['http-data-source', 'sql-data-source', 'cosmosdb-data-source', 'graphql-data-source']);

function kindOf(elements: readonly XmlElement[]): DocumentKind {
  const name = elements[0]?.name ?? '';
  if (name === 'policies' || name === 'fragment') return name;
  if (RESOLVERS.has(name)) return 'resolver';
  return elements.length > 0 && elements.every((element) => SECTIONS.has(element.name)) ? 'section' : 'bare';
}

/** What fast-xml-parser finds although our reader found nothing. Several roots are wrapped, which adds no line. */
function secondOpinion(file: SourceFile, scan: Scan, roots: number): Diagnostic[] {
  const masked = maskExpressions(file.text, scan.expressions);
  const verdict = XMLValidator.validate(roots === 1 ? masked : `<wrapped>${masked.replace(/^\uFEFF?(\s*<\?xml[^>]*\?>)?/, '')}</wrapped>`);
  if (verdict === true) return [];
  const start = offsetOf(file, verdict.err.line, verdict.err.col ?? 1);
  return [faults.place(file, span(start, start), faults.notWellFormed(verdict.err.msg))];
}

function offsetOf(file: SourceFile, line: number, column: number): number {
  let at = 0;
  for (let skipped = 1; skipped < line; skipped += 1) {
    const next = file.text.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  return Math.min(at + Math.max(0, column - 1), file.text.length);
}

interface OpenElement {
  readonly tag: StartTag;
  readonly children: XmlNode[];
}

class TreeBuilder {
  readonly problems: Diagnostic[] = [];
  readonly #file: SourceFile;
  readonly #roots: XmlNode[] = [];
  readonly #open: OpenElement[] = [];
  /** Start tags below the deepest element that is kept, not closed yet: told once, and left out with all that they hold. */
  #buried = 0;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  take(token: Token): void {
    if (this.#buried > 0) this.#bury(token);
    else if (token.kind === 'start') this.#start(token);
    else if (token.kind === 'end') this.#end(token);
    else {
      if (this.#open.length === 0) this.#checkOutside(token);
      this.#siblings().push(token);
    }
  }

  finish(): XmlNode[] {
    while (this.#open.length > 0) {
      const last = this.#open[this.#open.length - 1];
      if (last) this.#report(last.tag.span, faults.unclosedElement(last.tag.name));
      this.#close(undefined, this.#file.text.length);
    }
    return this.#roots;
  }

  #report(at: Span, fault: Parameters<typeof faults.place>[2]): void {
    this.problems.push(faults.place(this.#file, at, fault));
  }

  #siblings(): XmlNode[] {
    return this.#open[this.#open.length - 1]?.children ?? this.#roots;
  }

  #checkOutside(token: Exclude<Token, StartTag | EndTag>): void {
    if (token.kind !== 'text' && token.kind !== 'cdata') return;
    if (token.value.text.text.trim() !== '' || token.kind === 'cdata') this.#report(token.span, faults.textOutsideRoot());
  }

  #start(tag: StartTag): void {
    if (!tag.selfClosing && this.#open.length < DEEPEST) {
      this.#open.push({ tag, children: [] });
      return;
    }
    if (!tag.selfClosing) {
      this.#report(tag.span, faults.tooDeep(DEEPEST));
      this.#buried = 1;
    }
    this.#siblings().push(element(tag, [], undefined, tag.span.end));
  }

  #bury(token: Token): void {
    if (token.kind === 'start' && !token.selfClosing) this.#buried += 1;
    else if (token.kind === 'end') this.#buried -= 1;
  }

  /** Closes the element it names; when only an outer one has that name, the inner ones were never closed. */
  #end(tag: EndTag): void {
    const at = this.#open.findLastIndex((open) => open.tag.name === tag.name);
    const innermost = this.#open[this.#open.length - 1];
    if (!innermost) {
      this.#roots.push({ kind: 'stray', span: tag.span });
      return this.#report(tag.span, faults.unexpectedEnd(tag.name));
    }
    if (at < 0) {
      this.#report(tag.span, faults.mismatchedEnd(tag.name, innermost.tag.name));
      return this.#close(tag, tag.span.end);
    }
    while (this.#open.length > at + 1) {
      const inner = this.#open[this.#open.length - 1];
      if (inner) this.#report(inner.tag.span, faults.unclosedElement(inner.tag.name));
      this.#close(undefined, tag.span.start);
    }
    return this.#close(tag, tag.span.end);
  }

  #close(tag: EndTag | undefined, end: number): void {
    const open = this.#open.pop();
    if (open) this.#siblings().push(element(open.tag, open.children, tag, end));
  }
}

function element(tag: StartTag, children: readonly XmlNode[], close: EndTag | undefined, end: number): XmlElement {
  return {
    kind: 'element',
    name: tag.name,
    nameSpan: tag.nameSpan,
    attributes: tag.attributes,
    children,
    openSpan: tag.span,
    closeSpan: close?.span,
    span: span(tag.span.start, end),
  };
}
