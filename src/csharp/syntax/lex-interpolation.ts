/**
 * Interpolated strings: the lexer only finds where each hole, its code and its format end, by balancing brackets and stepping over
 * nested strings, characters and comments; the parser reads the code (ECMA-334, 12.8.3).
 */
import { isNewline } from './characters.ts';
import {
  emptyFormat,
  newlineInConstant,
  newlineInHole,
  tooComplex,
  trailingWhiteSpaceInFormat,
  unescapedCurly,
  unterminatedString,
} from './faults.ts';
import { scanCharacter, scanEscape, scanRegularString, scanVerbatimString } from './lex-string.ts';
import type { Reporter } from './reporter.ts';
import type { StringHole, StringPart } from './token.ts';

/** Strings within holes within strings: deeper is refused, since every level is scanned by all levels around it. */
const MAX_NESTED_STRINGS = 60;

const SILENT: Reporter = () => undefined;

interface InterpolatedScan {
  readonly text: string;
  readonly limit: number;
  readonly verbatim: boolean;
  readonly depth: number;
  readonly report: Reporter;
}

export interface ScannedInterpolation {
  readonly parts: readonly StringPart[];
  readonly end: number;
}

/** Where the quote of an interpolated string that starts at `at` is; undefined when none starts there. */
export function interpolationQuote(text: string, at: number): { readonly quote: number; readonly verbatim: boolean } | undefined {
  const two = text.slice(at, at + 2);
  if (two === '$"') return { quote: at + 1, verbatim: false };
  if ((two === '$@' || two === '@$') && text[at + 2] === '"') return { quote: at + 2, verbatim: true };
  return undefined;
}

/** Reads the interpolated string that starts at `start`. */
export function scanInterpolated(text: string, start: number, limit: number, report: Reporter, depth = 0): ScannedInterpolation {
  const head = interpolationQuote(text, start) ?? { quote: start + 1, verbatim: false };
  return new InterpolationScanner({ text, limit, verbatim: head.verbatim, depth, report }).string(start, head.quote + 1);
}

class InterpolationScanner {
  private readonly scan: InterpolatedScan;
  private readonly parts: StringPart[] = [];
  private value = '';
  private valueStart = 0;

  constructor(scan: InterpolatedScan) {
    this.scan = scan;
  }

  string(start: number, contentStart: number): ScannedInterpolation {
    const { text, limit, verbatim, report } = this.scan;
    let at = contentStart;
    this.valueStart = at;
    while (at < limit) {
      const c = text[at] ?? '';
      if (c === '"' && !(verbatim && text[at + 1] === '"')) return this.finish(at, at + 1);
      if (isNewline(c) && !verbatim) break;
      at = this.piece(at, c);
    }
    const last = this.parts.at(-1);
    // A hole that is not closed is reported by the parser, which knows what stands in it.
    if (last?.kind !== 'hole' || last.closed) report(verbatim ? unterminatedString() : newlineInConstant(), start, start + 1);
    return this.finish(at, at);
  }

  private piece(at: number, c: string): number {
    const { text, limit, verbatim, report } = this.scan;
    if (c === '"') return this.add('"', at + 2);
    if (c === '\\' && !verbatim) {
      const escaped = scanEscape(text, at, limit, report);
      return this.add(escaped.value, escaped.end);
    }
    if (c !== '{' && c !== '}') return this.add(c, at + 1);
    if (text[at + 1] === c && at + 1 < limit) return this.add(c, at + 2);
    if (c === '{') return this.hole(at);
    report(unescapedCurly('}'), at, at + 1);
    return this.add(c, at + 1);
  }

  private add(value: string, next: number): number {
    this.value += value;
    return next;
  }

  private flush(end: number): void {
    if (this.value !== '') this.parts.push({ kind: 'text', text: this.value, start: this.valueStart, end });
    this.value = '';
  }

  private finish(contentEnd: number, end: number): ScannedInterpolation {
    this.flush(contentEnd);
    return { parts: this.parts, end };
  }

  private hole(at: number): number {
    this.flush(at);
    const codeEnd = this.codeEnd(at + 1);
    const colon = this.scan.text[codeEnd] === ':' && codeEnd < this.scan.limit;
    const format = colon ? this.format(codeEnd) : undefined;
    const stop = format?.end ?? codeEnd;
    const closed = stop < this.scan.limit && this.scan.text[stop] === '}';
    const end = closed ? stop + 1 : stop;
    const hole: StringHole = { kind: 'hole', start: at, end, codeEnd, closed };
    this.parts.push(format === undefined ? hole : { ...hole, format: format.value });
    this.valueStart = end;
    return end;
  }

  /** The offset of the `:` or `}` that ends the code of a hole, or the limit. */
  private codeEnd(start: number): number {
    const { text, limit } = this.scan;
    let open = 0;
    let at = start;
    while (at < limit) {
      const c = text[at] ?? '';
      if (open === 0 && (c === '}' || (c === ':' && text[at + 1] !== ':'))) return at;
      if (isNewline(c) && !this.scan.verbatim) this.scan.report(newlineInHole(), at, at + 1);
      if (c === '(' || c === '[' || c === '{') open++;
      if (c === ')' || c === ']' || c === '}') open = Math.max(0, open - 1);
      at = c === ':' && text[at + 1] === ':' ? at + 2 : this.skip(at, c);
    }
    return limit;
  }

  /** Steps over one character, or over a whole nested string, character or comment. Its own faults are reported when it is parsed. */
  private skip(at: number, c: string): number {
    const { text, limit } = this.scan;
    if (c === '"') return scanRegularString(text, at, limit, SILENT).end;
    if (c === "'") return scanCharacter(text, at, limit, SILENT).end;
    if (c === '$' || c === '@') return this.skipPrefixed(at, c);
    if (c === '/' && text[at + 1] === '*') {
      const close = text.indexOf('*/', at + 2);
      return close < 0 ? limit : Math.min(close + 2, limit);
    }
    return at + 1;
  }

  private skipPrefixed(at: number, c: string): number {
    const { text, limit, depth, report } = this.scan;
    if (interpolationQuote(text, at) !== undefined) {
      if (depth < MAX_NESTED_STRINGS) return scanInterpolated(text, at, limit, SILENT, depth + 1).end;
      report(tooComplex(), at, at + 1);
      return limit;
    }
    if (c === '@' && text[at + 1] === '"') return scanVerbatimString(text, at, at + 1, limit, SILENT).end;
    return at + 1;
  }

  private format(colon: number): { readonly value: string; readonly end: number } {
    const { text, limit, verbatim, report } = this.scan;
    let value = '';
    let at = colon + 1;
    while (at < limit) {
      const c = text[at] ?? '';
      const doubled = text[at + 1] === c;
      if (c === '}' && !doubled) break;
      if (c === '"' && !(verbatim && doubled)) break;
      if (isNewline(c) && !verbatim) break;
      if (c === '\\' && !verbatim) {
        const escaped = scanEscape(text, at, limit, report);
        value += escaped.value;
        at = escaped.end;
        continue;
      }
      if (c === '{' && !doubled) report(unescapedCurly('{'), at, at + 1);
      value += c;
      at += (c === '{' || c === '}' || c === '"') && doubled ? 2 : 1;
    }
    if (value === '') report(emptyFormat(), colon, colon + 1);
    else if (/\s$/.test(value)) report(trailingWhiteSpaceInFormat(), colon + 1, at);
    return { value, end: at };
  }
}
