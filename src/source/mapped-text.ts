import { SourceFile } from './source-file.ts';
import type { Span } from './span.ts';

/** A stretch of mapped text: `length` characters that came from `sourceLength` characters at `sourceStart`. */
export interface Segment {
  readonly start: number;
  readonly length: number;
  readonly sourceStart: number;
  readonly sourceLength: number;
}

/**
 * Text with a map back to offsets in the file it came from. Entity decoding, CDATA, line-end rules and
 * named-value substitution all produce it, so that an error behind two `{{names}}` still points at the right
 * character. A segment whose lengths are equal maps character by character; any other maps as a whole.
 */
export class MappedText {
  readonly text: string;
  readonly file: SourceFile;
  readonly segments: readonly Segment[];

  constructor(file: SourceFile, text: string, segments: readonly Segment[]) {
    this.file = file;
    this.text = text;
    this.segments = segments;
  }

  /** A whole file, or a part of it, as it stands. */
  static verbatim(file: SourceFile, start = 0, end = file.text.length): MappedText {
    const length = end - start;
    return new MappedText(file, file.text.slice(start, end), [{ start: 0, length, sourceStart: start, sourceLength: length }]);
  }

  /** A text that stands in no file: its own text is the file. */
  static of(text: string, name = '<expression>'): MappedText {
    return MappedText.verbatim(new SourceFile(name, text));
  }

  /** Offset in the file of an offset in this text. */
  sourceOffset(offset: number): number {
    const segment = this.#segmentAt(offset);
    if (!segment) return 0;
    const inside = offset - segment.start;
    if (segment.length === segment.sourceLength) return segment.sourceStart + Math.min(inside, segment.sourceLength);
    return inside >= segment.length ? segment.sourceStart + segment.sourceLength : segment.sourceStart;
  }

  /** Span in the file of a span in this text. */
  sourceSpan(part: Span): Span {
    const start = this.sourceOffset(part.start);
    if (part.end <= part.start) return { start, end: start };
    const last = this.#segmentAt(part.end - 1);
    if (!last) return { start, end: start };
    const whole = last.length !== last.sourceLength;
    const end = whole ? last.sourceStart + last.sourceLength : this.sourceOffset(part.end - 1) + 1;
    return { start, end: Math.max(start, end) };
  }

  /** A part of this text, still mapped. */
  slice(start: number, end: number = this.text.length): MappedText {
    const segments: Segment[] = [];
    for (const segment of this.segments) {
      const from = Math.max(segment.start, start);
      const to = Math.min(segment.start + segment.length, end);
      if (from < to) segments.push(cut(segment, from, to, start));
    }
    if (segments.length === 0) {
      segments.push({ start: 0, length: 0, sourceStart: this.sourceOffset(start), sourceLength: 0 });
    }
    return new MappedText(this.file, this.text.slice(start, end), segments);
  }

  #segmentAt(offset: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.segments[low];
  }
}

function cut(segment: Segment, from: number, to: number, base: number): Segment {
  if (segment.length !== segment.sourceLength) {
    return { start: from - base, length: to - from, sourceStart: segment.sourceStart, sourceLength: segment.sourceLength };
  }
  const sourceStart = segment.sourceStart + (from - segment.start);
  return { start: from - base, length: to - from, sourceStart, sourceLength: to - from };
}
