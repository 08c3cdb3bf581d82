/** A template cut into text, `{{ output }}` and `{% tag %}`. */
import { LiquidSyntaxError } from './errors.ts';

export interface Piece {
  readonly kind: 'text' | 'output' | 'tag';
  /** The text, or what stands between the marks, trimmed. */
  readonly content: string;
  /** As written, for raw blocks. */
  readonly source: string;
}

/**
 * Cuts the template. Blanks before `{{-` and `{%-` go away; behind `-}}` and `-%}` either one line break or a run of blanks
 * does (policies-b.yaml, set-body-liquid: whitespace).
 */
export function scan(template: string): Piece[] {
  const text = trimmed(template);
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    const start = nextMark(text, at);
    if (start > at) pieces.push({ kind: 'text', content: text.slice(at, start), source: text.slice(at, start) });
    if (start === text.length) break;
    const isTag = text.startsWith('{%', start);
    const end = text.indexOf(isTag ? '%}' : '}}', start + 2);
    if (end < 0) throw unterminated(text.slice(start, start + 40), isTag);
    pieces.push({ kind: isTag ? 'tag' : 'output', content: text.slice(start + 2, end).trim(), source: text.slice(start, end + 2) });
    at = end + 2;
  }
  return pieces;
}

function nextMark(text: string, from: number): number {
  const output = text.indexOf('{{', from);
  const tag = text.indexOf('{%', from);
  if (output < 0 || tag < 0) return Math.max(output, tag) < 0 ? text.length : Math.max(output, tag);
  return Math.min(output, tag);
}

function unterminated(start: string, isTag: boolean): LiquidSyntaxError {
  const [line = ''] = start.split('\n');
  return new LiquidSyntaxError(`\`${start}\` is not closed by \`${isTag ? '%}' : '}}'}\``, { text: line.trimEnd(), before: 0 });
}

function trimmed(template: string): string {
  const left = template.replace(/(?<![ \t])[ \t]*(\{\{|\{%)-/g, '$1');
  return left.replace(/-(\}\}|%\})(?:\n|\r\n|[ \t]+)?/g, '$1');
}
