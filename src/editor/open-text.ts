/** A text that an editor holds open, and places in texts as an editor counts them. */
import { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';

/** What the columns of an editor count; negotiated at the start. */
export type PositionEncoding = 'utf-8' | 'utf-16' | 'utf-32';

/** Both numbers start at 0. */
export interface EditorPosition {
  readonly line: number;
  readonly character: number;
}

export interface EditorRange {
  readonly start: EditorPosition;
  readonly end: EditorPosition;
}

/** One change of a text; without a range the whole text is new. */
export interface TextChange {
  readonly range?: EditorRange;
  readonly text: string;
}

/** The place of an offset; in an embedded policy the place in the file around it. */
function editorPosition(file: SourceFile, offset: number, encoding: PositionEncoding): EditorPosition {
  const { line, column } = file.positionAt(offset);
  if (encoding === 'utf-16') return { line: line - 1, character: column - 1 };
  return { line: line - 1, character: unitsOf(file.lineText(line).slice(0, column - 1), encoding) };
}

export function editorRange(file: SourceFile, { start, end }: Span, encoding: PositionEncoding): EditorRange {
  return { start: editorPosition(file, start, encoding), end: editorPosition(file, end, encoding) };
}

/** The offset of a place; places behind the end of a line or of the text are the end. */
export function offsetIn(file: SourceFile, { line, character }: EditorPosition, encoding: PositionEncoding): number {
  const start = file.lineStart(line + 1);
  const text = file.lineText(line + 1);
  return start + (encoding === 'utf-16' ? Math.min(character, text.length) : lengthOf(text, character, encoding));
}

function unitsOf(text: string, encoding: PositionEncoding): number {
  return encoding === 'utf-8' ? new TextEncoder().encode(text).length : [...text].length;
}

/** How many UTF-16 units the first so many bytes or characters are. */
function lengthOf(text: string, units: number, encoding: PositionEncoding): number {
  let left = units;
  let at = 0;
  while (at < text.length && left > 0) {
    const point = text.codePointAt(at) ?? 0;
    left -= encoding === 'utf-32' ? 1 : point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (left < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

export class OpenText {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  /** The text under its path. */
  readonly file: SourceFile;
  readonly encoding: PositionEncoding;

  constructor(uri: string, languageId: string, version: number, file: SourceFile, encoding: PositionEncoding) {
    this.uri = uri;
    this.languageId = languageId;
    this.version = version;
    this.file = file;
    this.encoding = encoding;
  }

  changed(changes: readonly TextChange[], version: number): OpenText {
    const file = changes.reduce((before, { range, text }) => new SourceFile(before.name, this.#replaced(before, range, text)), this.file);
    return new OpenText(this.uri, this.languageId, version, file, this.encoding);
  }

  #replaced(file: SourceFile, range: EditorRange | undefined, text: string): string {
    if (range === undefined) return text;
    const start = offsetIn(file, range.start, this.encoding);
    const end = Math.max(start, offsetIn(file, range.end, this.encoding));
    return file.text.slice(0, start) + text + file.text.slice(end);
  }

  offsetAt(position: EditorPosition): number {
    return offsetIn(this.file, position, this.encoding);
  }

  rangeOf(span: Span): EditorRange {
    return editorRange(this.file, span, this.encoding);
  }
}
