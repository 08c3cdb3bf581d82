/** Texts of Terraform files that lose some of their blanks: heredocs with `<<-`, and what lies beside `~`. */
import type { MappedText } from '../../source/mapped-text.ts';
import type { HclPart } from './hcl-tree.ts';

/** Indentation counts in the file, in directives too, and not in what is interpolated. */
export function withoutIndent(parts: readonly HclPart[], text: string): HclPart[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  return !Number.isFinite(indent) || indent === 0 ? [...parts] : cutParts(parts, { indent, atLineStart: true });
}

function cutParts(parts: readonly HclPart[], state: { readonly indent: number; atLineStart: boolean }): HclPart[] {
  return parts.flatMap((part): HclPart[] => {
    if ('segments' in part) return cutText(part, state);
    if (part.kind === 'when') return [{ ...part, body: cutParts(part.body, state), otherwise: cutParts(part.otherwise, state) }];
    if (part.kind === 'each') return [{ ...part, body: cutParts(part.body, state) }];
    state.atLineStart = false;
    return [part];
  });
}

function cutText(part: MappedText, state: { readonly indent: number; atLineStart: boolean }): MappedText[] {
  const pieces = linesOf(part).map(({ text: line, breaks }) => {
    const cut = state.atLineStart ? line.slice(Math.min(state.indent, /^[ \t]*/.exec(line.text)?.[0].length ?? 0)) : line;
    state.atLineStart = breaks;
    return cut;
  });
  return pieces.filter(({ text: piece }) => piece !== '');
}

function linesOf(text: MappedText): { readonly text: MappedText; readonly breaks: boolean }[] {
  const found: { text: MappedText; breaks: boolean }[] = [];
  let at = 0;
  while (at < text.text.length) {
    const next = text.text.indexOf('\n', at);
    const end = next < 0 ? text.text.length : next + 1;
    found.push({ text: text.slice(at, end), breaks: next >= 0 });
    at = end;
  }
  return found;
}

/** `~` takes the blanks before it on its own line, or where there is nothing before it the end of the line above. */
export function withoutBlanksAtEnd(text: MappedText): MappedText {
  const whole = text.text;
  const start = whole.lastIndexOf('\n', whole.length - 2) + 1;
  return text.slice(0, start + whole.slice(start).trimEnd().length);
}
