/**
 * Finds the end of a policy expression in raw, escaped or mixed text: counts brackets as C# does and skips what hides
 * them (strings, characters, comments, interpolation holes). Quotes and brackets may be written as entities.
 * One pass, linear time; nesting is a list, not recursion.
 */
import { logicalAt } from './characters.ts';

const CLOSER: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
]);

/** What the scanner is inside of: a bracket, or a string with its way of ending. */
type Frame = { readonly kind: 'bracket'; readonly closer: string } | StringFrame;
interface StringFrame {
  readonly kind: 'string';
  /** The opening quote as written: `"` or `&quot;`. */
  readonly quote: string;
  readonly verbatim: boolean;
  readonly interpolated: boolean;
}

export type ScanResult =
  | { readonly ok: true; readonly end: number }
  | { readonly ok: false; readonly at: number; readonly reason: ScanFailure };
export type ScanFailure = 'unclosed' | 'unclosedString' | 'unclosedComment' | 'mismatch';

/** Whether `@(` or `@{` stands at `at`. */
export function startsExpression(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 64 && (next === 40 || next === 123);
}

/** `at` is the offset of the `@`; `limit` the end of what may be looked at. The result's `end` is behind the closer. */
export function scanExpression(text: string, at: number, limit: number = text.length): ScanResult {
  const opener = text.charAt(at + 1);
  const frames: Frame[] = [{ kind: 'bracket', closer: CLOSER.get(opener) ?? ')' }];
  let here = at + 2;
  while (here < limit) {
    const frame = frames[frames.length - 1];
    if (!frame) return { ok: true, end: here };
    const next = frame.kind === 'string' ? stepString(text, here, frame, frames) : stepCode(text, here, frames);
    if (typeof next !== 'number') return next;
    if (frames.length === 0) return { ok: true, end: next };
    here = next;
  }
  return { ok: false, at, reason: frames[frames.length - 1]?.kind === 'string' ? 'unclosedString' : 'unclosed' };
}

function stepString(text: string, at: number, frame: StringFrame, frames: Frame[]): number | ScanResult {
  if (text.startsWith(frame.quote, at)) return endString(text, at, frame, frames);
  const { text: character, length } = logicalAt(text, at);
  if (!frame.verbatim && character === '\\') return at + length + logicalAt(text, at + length).length;
  if (!frame.verbatim && (character === '\n' || character === '\r')) return { ok: false, at, reason: 'unclosedString' };
  if (frame.interpolated && character === '{') return openHole(text, at + length, frames);
  return at + length;
}

/** A doubled quote in a verbatim string is a quote, any other ends the string. */
function endString(text: string, at: number, frame: StringFrame, frames: Frame[]): number {
  const behind = at + frame.quote.length;
  if (frame.verbatim && text.startsWith(frame.quote, behind)) return behind + frame.quote.length;
  frames.pop();
  return behind;
}

/** `{{` is an escape, a single `{` opens a hole with code. */
function openHole(text: string, at: number, frames: Frame[]): number {
  const { text: character, length } = logicalAt(text, at);
  if (character === '{') return at + length;
  frames.push({ kind: 'bracket', closer: '}' });
  return at;
}

function stepCode(text: string, at: number, frames: Frame[]): number | ScanResult {
  const { text: character, length } = logicalAt(text, at);
  const behind = at + length;
  switch (character) {
    case '/':
      return skipComment(text, at, behind);
    case '"':
      return openString(text, at, behind, false, false, frames);
    case '$':
    case '@':
      return prefixedString(text, behind, character, frames);
    case "'":
      return skipCharacter(text, at, behind);
    case '(':
    case '{':
    case '[':
      frames.push({ kind: 'bracket', closer: CLOSER.get(character) ?? ')' });
      return behind;
    case ')':
    case '}':
    case ']':
      return close(character, at, behind, frames);
    default:
      return behind;
  }
}

function close(character: string, at: number, behind: number, frames: Frame[]): number | ScanResult {
  const frame = frames.pop();
  if (frame?.kind !== 'bracket' || frame.closer !== character) return { ok: false, at, reason: 'mismatch' };
  return behind;
}

function skipComment(text: string, at: number, behind: number): number | ScanResult {
  const { text: second, length } = logicalAt(text, behind);
  if (second === '/') return lineEnd(text, behind + length);
  if (second !== '*') return behind;
  const end = text.indexOf('*/', behind + length);
  return end < 0 ? { ok: false, at, reason: 'unclosedComment' } : end + 2;
}

/** End of a `//` comment: the line break as written or as an entity. */
function lineEnd(text: string, at: number): number {
  for (let here = at; here < text.length; ) {
    const { text: character, length } = logicalAt(text, here);
    if (character === '\n' || character === '\r') return here;
    here += length;
  }
  return text.length;
}

function openString(text: string, quoteAt: number, behind: number, verbatim: boolean, interpolated: boolean, frames: Frame[]): number {
  frames.push({ kind: 'string', quote: text.slice(quoteAt, behind), verbatim, interpolated });
  return behind;
}

/** `$"`, `@"`, `$@"`, `@$"`; any other `$` or `@` is a character like others (`@class`). */
function prefixedString(text: string, at: number, first: string, frames: Frame[]): number {
  const second = logicalAt(text, at);
  if (second.text === '"') return openString(text, at, at + second.length, first === '@', first === '$', frames);
  if ((second.text !== '@' && second.text !== '$') || second.text === first) return at;
  const quoteAt = at + second.length;
  const third = logicalAt(text, quoteAt);
  return third.text === '"' ? openString(text, quoteAt, quoteAt + third.length, true, true, frames) : at;
}

/** A character literal; a lone apostrophe is passed over. */
function skipCharacter(text: string, at: number, behind: number): number {
  const quote = text.slice(at, behind);
  const first = logicalAt(text, behind);
  let here = behind + first.length;
  if (first.text === '\\') {
    const escaped = logicalAt(text, here);
    here += escaped.length;
    if (/[uUx]/.test(escaped.text)) while (/[0-9a-fA-F]/.test(text.charAt(here))) here += 1;
  }
  return text.startsWith(quote, here) ? here + quote.length : behind;
}
