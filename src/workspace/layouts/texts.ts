/** Putting mapped texts together: what stands in the file keeps its place, what comes from elsewhere gets one. */
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { MappedBuilder } from '../../xml/value.ts';

/** `at`: the place in the file for texts of other files. */
export function joinTexts(file: SourceFile, parts: readonly MappedText[], at: number): MappedText {
  if (parts.length === 1 && parts[0]?.file === file) return parts[0];
  const builder = new MappedBuilder(file);
  for (const part of parts) {
    if (part.file === file) builder.append(part);
    else builder.replaced(part.text, at, 0);
  }
  return builder.finish(at);
}

/** A text that stands at one place of a file as a whole. */
export function textAt(file: SourceFile, text: string, start: number, length = 0): MappedText {
  return new MappedText(file, text, [{ start: 0, length: text.length, sourceStart: start, sourceLength: length }]);
}

/** Every occurrence of `from` becomes `to`; a replacement from another file stands where it was put. */
export function replaceText(text: MappedText, from: string, to: MappedText): MappedText {
  if (from === '' || !text.text.includes(from)) return text;
  const builder = new MappedBuilder(text.file);
  let last = 0;
  for (let next = text.text.indexOf(from); next >= 0; next = text.text.indexOf(from, last)) {
    if (next > last) builder.append(text.slice(last, next));
    const place = text.sourceSpan({ start: next, end: next + from.length });
    builder.replaced(to.text, place.start, place.end - place.start);
    last = next + from.length;
  }
  if (last < text.text.length) builder.append(text.slice(last));
  return builder.finish(text.sourceOffset(0));
}

/** `''` becomes `'`, with its place. */
export function undoubled(text: MappedText, quote: string): MappedText {
  const doubled = quote + quote;
  if (!text.text.includes(doubled)) return text;
  const parts: MappedText[] = [];
  let last = 0;
  for (let next = text.text.indexOf(doubled); next >= 0; next = text.text.indexOf(doubled, last)) {
    parts.push(text.slice(last, next + 1));
    last = next + 2;
  }
  parts.push(text.slice(last));
  return joinTexts(text.file, parts, text.sourceOffset(0));
}
