/** Turns written text into values: decodes entities, keeps the map to the file, tells expressions from literals. */
import { MappedText, type Segment } from '../source/mapped-text.ts';
import type { SourceFile } from '../source/source-file.ts';
import { span } from '../source/span.ts';
import { entityAt, isBlank, skipBlanks } from './characters.ts';
import { startsExpression } from './expression-scan.ts';
import type { Value } from './tree.ts';

/** What happens to line breaks and blanks of literal text: XML 1.0, sections 2.11 and 3.3.3. */
export type Blanks = 'keep' | 'text' | 'attribute';

/** Decodes `start` to `end` of the file once. Unknown entities stay as written. */
export function decode(file: SourceFile, start: number, end: number, blanks: Blanks, entities = true): MappedText {
  const builder = new MappedBuilder(file);
  let at = start;
  while (at < end) {
    const plain = plainUntil(file.text, at, end);
    builder.verbatim(at, plain);
    at = plain;
    if (at < end) at = decodeOne(file.text, at, end, blanks, entities, builder);
  }
  return builder.finish(start);
}

function plainUntil(text: string, from: number, end: number): number {
  let at = from;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 38 || code === 9 || code === 10 || code === 13) return at;
  }
  return at;
}

function decodeOne(text: string, at: number, end: number, blanks: Blanks, entities: boolean, builder: MappedBuilder): number {
  const entity = entities ? entityAt(text, at) : undefined;
  if (entity && at + entity.length <= end) {
    builder.replaced(entity.text, at, entity.length);
    return at + entity.length;
  }
  const code = text.charCodeAt(at);
  if (code === 38 || blanks === 'keep') {
    builder.verbatim(at, at + 1);
    return at + 1;
  }
  const isCrLf = code === 13 && text.charCodeAt(at + 1) === 10 && at + 1 < end;
  const length = isCrLf ? 2 : 1;
  builder.replaced(blanks === 'attribute' ? ' ' : code === 13 ? '\n' : text.charAt(at), at, length);
  return at + length;
}

/** Collects pieces of text together with where they came from; neighbouring verbatim pieces become one segment. */
export class MappedBuilder {
  readonly #file: SourceFile;
  readonly #segments: Segment[] = [];
  #text = '';

  constructor(file: SourceFile) {
    this.#file = file;
  }

  verbatim(start: number, end: number): void {
    if (end <= start) return;
    this.#segments.push({ start: this.#text.length, length: end - start, sourceStart: start, sourceLength: end - start });
    this.#text += this.#file.text.slice(start, end);
  }

  replaced(text: string, sourceStart: number, sourceLength: number): void {
    if (text.length === 0) return;
    this.#segments.push({ start: this.#text.length, length: text.length, sourceStart, sourceLength });
    this.#text += text;
  }

  /** Appends text that is mapped into the same file already. */
  append(part: MappedText): void {
    for (const segment of part.segments) {
      if (segment.length > 0) this.#segments.push({ ...segment, start: segment.start + this.#text.length });
    }
    this.#text += part.text;
  }

  /** `emptyAt`: where an empty text stands. */
  finish(emptyAt: number): MappedText {
    if (this.#segments.length === 0) {
      return new MappedText(this.#file, '', [{ start: 0, length: 0, sourceStart: emptyAt, sourceLength: 0 }]);
    }
    return new MappedText(this.#file, this.#text, this.#segments);
  }
}

/** The value of an expression that stands from its `@` at `start` to behind its closer at `end`. */
export function expressionValue(file: SourceFile, start: number, end: number): Value {
  const kind = file.text.charAt(start + 1) === '(' ? 'single' : 'multi';
  return { kind, text: decode(file, start + 2, end - 1, 'keep'), span: span(start, end) };
}

/**
 * Tells what decoded text is: an expression when the whole of it, blanks aside, is `@(…)` or `@{…}`. Needed again after
 * named values are filled in, since one may hold a whole expression.
 */
export function classify(text: MappedText): Value {
  const start = skipBlanks(text.text, 0);
  const whole = span(text.sourceOffset(0), text.sourceSpan({ start: 0, end: text.text.length }).end);
  if (!startsExpression(text.text, start)) return { kind: 'literal', text, span: whole };
  let end = text.text.length;
  while (end > start && isBlank(text.text.charCodeAt(end - 1))) end -= 1;
  const single = text.text.charAt(start + 1) === '(';
  if (text.text.charAt(end - 1) !== (single ? ')' : '}')) return { kind: 'literal', text, span: whole };
  return { kind: single ? 'single' : 'multi', text: text.slice(start + 2, end - 1), span: text.sourceSpan({ start, end }) };
}
