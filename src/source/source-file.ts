import type { Span } from './span.ts';

/** A place in a file as people count it: both numbers start at 1; columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Most columns that count as indentation. */
const DEEPEST = 200;

/** One text as it came from disk, with its name and a table of line starts. */
export class SourceFile {
  /** The name shown in diagnostics: a path relative to where the user stands, or `<expression>`. */
  readonly name: string;
  /** The text byte for byte as decoded from UTF-8; a byte order mark stays in it. */
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Line and column of an offset; offsets past the end give the last position. */
  positionAt(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (starts[low] ?? 0) + 1 };
  }

  /** Offset at which a line (from 1) begins; past the last line the end of the text. */
  lineStart(line: number): number {
    return this.#starts()[line - 1] ?? this.text.length;
  }

  /** The text of a line (from 1), without its line break. */
  lineText(line: number): string {
    const starts = this.#starts();
    const start = starts[line - 1] ?? this.text.length;
    return this.text.slice(start, starts[line] ?? this.text.length).replace(/\r?\n$|\r$/, '');
  }

  /** Each line of a part as written, without the indentation of its first. */
  linesOf({ start, end }: Span): { readonly text: string; readonly line: number }[] {
    const first = this.positionAt(start);
    const indentation = new RegExp(`^\\s{0,${Math.min(first.column - 1, DEEPEST)}}`);
    return this.text
      .slice(start, end)
      .split(/\r\n?|\n/)
      .map((text, index) => ({ text: index === 0 ? text : text.replace(indentation, ''), line: first.line + index }));
  }

  #starts(): readonly number[] {
    this.#lineStarts ??= lineStarts(this.text);
    return this.#lineStarts;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
