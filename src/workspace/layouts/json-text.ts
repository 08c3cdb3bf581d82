/** The text of a JSON string or a YAML scalar, each character with its place in the file. */
import { isScalar } from 'yaml';
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { MappedBuilder } from '../../xml/value.ts';
import type { Entry } from '../config-file.ts';

export type ScalarText = MappedText;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A JSON string that starts behind its quote at `start` and ends before the other one at `end`. */
function jsonStringText(file: SourceFile, start: number, end: number): MappedText {
  const builder = new MappedBuilder(file);
  const { text } = file;
  let at = start;
  for (let next = text.indexOf('\\', at); next >= 0 && next < end; next = text.indexOf('\\', at)) {
    builder.verbatim(at, next);
    const letter = text.charAt(next + 1);
    const length = letter === 'u' ? 6 : 2;
    const decoded = letter === 'u' ? String.fromCharCode(Number.parseInt(text.slice(next + 2, next + 6), 16)) : ESCAPES[letter];
    builder.replaced(decoded ?? letter, next, length);
    at = next + length;
  }
  builder.verbatim(at, end);
  return builder.finish(start);
}

/** Undefined when the entry is no text. Escapes that only YAML has, and folded blocks, map as a whole. */
export function scalarText(entry: Entry): MappedText | undefined {
  const { node } = entry;
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const { file } = entry.context;
  const { start, end } = entry.span;
  const mapped = mappedOf(file, start, end, node.value);
  return (
    mapped ?? new MappedText(file, node.value, [{ start: 0, length: node.value.length, sourceStart: start, sourceLength: end - start }])
  );
}

function mappedOf(file: SourceFile, start: number, end: number, value: string): MappedText | undefined {
  const written = file.text.slice(start, end);
  if (written === value) return MappedText.verbatim(file, start, end);
  if (!written.startsWith('"')) return blockOf(file, start, end, value);
  const text = jsonStringText(file, start + 1, end - 1);
  return text.text === value ? text : undefined;
}

/** A literal block (`|`): each line stands in the file behind its indentation. */
function blockOf(file: SourceFile, start: number, end: number, value: string): MappedText | undefined {
  const builder = new MappedBuilder(file);
  let at = start;
  for (const line of value.split(/(?<=\n)/)) {
    const bare = line.replace(/\n$/, '');
    const found = bare === '' ? at : file.text.indexOf(bare, at);
    if (found < 0 || found > end) return undefined;
    builder.verbatim(found, found + bare.length);
    const next = file.text.indexOf('\n', found + bare.length);
    at = next < 0 ? end : next + 1;
    if (line.endsWith('\n')) builder.replaced('\n', Math.min(at, end) - 1, 1);
  }
  const text = builder.finish(start);
  return text.text === value ? text : undefined;
}
