/** Character and string literals with their escapes (ECMA-334, 6.4.5.5 and 6.4.5.6). */
import { isHexDigit, isNewline } from './characters.ts';
import { emptyCharacter, newlineInConstant, tooManyCharacters, unrecognizedEscape, unterminatedString } from './faults.ts';
import type { Reporter } from './reporter.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

export interface Scanned {
  readonly value: string;
  readonly end: number;
}

/** Reads the escape sequence whose backslash is at `at`; a wrong one is reported and stands for its own character. */
export function scanEscape(text: string, at: number, limit: number, report: Reporter): Scanned {
  const letter = at + 1 < limit ? (text[at + 1] ?? '') : '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  if (letter === 'u') return hexEscape(text, at, limit, { least: 4, most: 4 }, report);
  if (letter === 'U') return hexEscape(text, at, limit, { least: 8, most: 8 }, report);
  if (letter === 'x') return hexEscape(text, at, limit, { least: 1, most: 4 }, report);
  report(unrecognizedEscape(), at, Math.min(at + 2, limit));
  return { value: letter, end: Math.min(at + 1 + letter.length, limit) };
}

function hexEscape(text: string, at: number, limit: number, size: { least: number; most: number }, report: Reporter): Scanned {
  let end = at + 2;
  while (end < limit && end < at + 2 + size.most && isHexDigit(text[end] ?? '')) end++;
  const code = Number.parseInt(text.slice(at + 2, end), 16);
  if (end - at - 2 >= size.least && code <= 0x10ffff) return { value: String.fromCodePoint(code), end };
  report(unrecognizedEscape(), at, end);
  return { value: '', end };
}

/** Reads `"…"` whose quote is at `start`. */
export function scanRegularString(text: string, start: number, limit: number, report: Reporter): Scanned {
  return scanQuoted(text, start, limit, '"', report);
}

function scanQuoted(text: string, start: number, limit: number, quote: string, report: Reporter): Scanned {
  let value = '';
  let at = start + 1;
  while (at < limit) {
    const c = text[at] ?? '';
    if (c === quote) return { value, end: at + 1 };
    if (isNewline(c)) break;
    if (c === '\\') {
      const escaped = scanEscape(text, at, limit, report);
      value += escaped.value;
      at = escaped.end;
    } else {
      value += c;
      at++;
    }
  }
  report(newlineInConstant(), start, start + 1);
  return { value, end: at };
}

/** Reads `@"…"` whose quote is at `quote`; `start` is the offset of the whole token. */
export function scanVerbatimString(text: string, start: number, quote: number, limit: number, report: Reporter): Scanned {
  let value = '';
  let at = quote + 1;
  for (;;) {
    const next = text.indexOf('"', at);
    if (next < 0 || next >= limit) {
      report(unterminatedString(), start, start + 1);
      return { value: value + text.slice(at, limit), end: limit };
    }
    value += text.slice(at, next);
    if (next + 1 >= limit || text[next + 1] !== '"') return { value, end: next + 1 };
    value += '"';
    at = next + 2;
  }
}

/** Reads `'c'`; the value is one UTF-16 code unit. */
export function scanCharacter(text: string, start: number, limit: number, report: Reporter): Scanned {
  const scanned = scanQuoted(text, start, limit, "'", report);
  if (scanned.value.length === 1) return scanned;
  report(scanned.value === '' ? emptyCharacter() : tooManyCharacters(), start, scanned.end);
  return { value: scanned.value[0] ?? '\0', end: scanned.end };
}
