/** Preprocessor lines: `#if` and its kin are obeyed (no symbol is defined), `#region`, `#pragma`, `#line`, `#nullable` are skipped. */
import { isNewline } from './characters.ts';
import {
  directiveExpected,
  endOfDirectiveExpected,
  endRegionExpected,
  errorDirective,
  featureUnavailable,
  unexpectedDirective,
} from './faults.ts';
import type { Reporter } from './reporter.ts';

const SKIPPED: ReadonlySet<string> = new Set(['region', 'pragma', 'line', 'warning', 'define', 'undef']);

export class DirectiveReader {
  private readonly text: string;
  private readonly limit: number;
  private readonly report: Reporter;
  private readonly open: ('if' | 'region')[] = [];

  constructor(text: string, limit: number, report: Reporter) {
    this.text = text;
    this.limit = limit;
    this.report = report;
  }

  /** Reads the directive whose `#` is at `at`; gives the offset at which tokens go on. */
  read(at: number): number {
    const end = this.lineEnd(at);
    const line = /^#\s*([A-Za-z]*)\s*(.*)$/s.exec(this.text.slice(at, end));
    const name = line?.[1] ?? '';
    const rest = (line?.[2] ?? '').trim();
    if (name === 'if') return this.condition(end, rest);
    if (name === 'elif' || name === 'else') return this.otherwise(at, end);
    if (name === 'endif') return this.close('if', at, end);
    if (name === 'endregion') return this.close('region', at, end);
    if (name === 'region') this.open.push('region');
    else if (name === 'error') this.report(errorDirective(rest), at, end);
    else if (name === 'nullable') this.report(featureUnavailable('nullable reference types', '8.0'), at, end);
    else if (!SKIPPED.has(name)) this.report(directiveExpected(), at, at + 1);
    return end;
  }

  /** Reports what is still open at the end of the text. */
  finish(): void {
    for (const kind of this.open) this.report(kind === 'if' ? endOfDirectiveExpected() : endRegionExpected(), this.limit, this.limit);
  }

  private lineEnd(at: number): number {
    let end = at;
    while (end < this.limit && !isNewline(this.text[end] ?? '')) end++;
    return end;
  }

  private condition(end: number, rest: string): number {
    this.open.push('if');
    return isTrue(rest) ? end : this.skipBranch(end);
  }

  /** Reached after a branch that was taken: all further branches are skipped. */
  private otherwise(at: number, end: number): number {
    if (this.open.at(-1) !== 'if') {
      this.report(unexpectedDirective(), at, end);
      return end;
    }
    return this.skipBranch(end, true);
  }

  private close(kind: 'if' | 'region', at: number, end: number): number {
    if (this.open.at(-1) === kind) this.open.pop();
    else this.report(unexpectedDirective(), at, end);
    return end;
  }

  /** Skips lines up to a branch that holds, or to the matching `#endif`. */
  private skipBranch(from: number, toEnd = false): number {
    let depth = 0;
    let at = from;
    while (at < this.limit) {
      at = this.nextLine(at);
      const end = this.lineEnd(at);
      const line = /^\s*#\s*(if|elif|else|endif)\b\s*(.*)$/s.exec(this.text.slice(at, end));
      if (line?.[1] === 'if') depth++;
      else if (line?.[1] === 'endif' && depth-- === 0) {
        this.open.pop();
        return end;
      } else if (line !== null && depth === 0 && !toEnd && (line[1] === 'else' || isTrue(line[2] ?? ''))) return end;
      at = end;
    }
    return this.limit;
  }

  private nextLine(at: number): number {
    if (this.text[at] === '\r' && this.text[at + 1] === '\n') return at + 2;
    return at < this.limit && isNewline(this.text[at] ?? '') ? at + 1 : at;
  }
}

/** No symbol is defined, so a condition holds when it is `true` or the denial of something that does not. */
function isTrue(condition: string): boolean {
  const text = condition.replace(/\/\/.*$/, '').trim();
  if (text.startsWith('!')) return !isTrue(text.slice(1));
  return text === 'true';
}
