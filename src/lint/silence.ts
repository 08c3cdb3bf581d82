/**
 * Silencing in the document itself: `<!-- portico-disable-next-line PTL101 -->` or by name, `<!-- portico-disable-line … -->`,
 * `<!-- portico-disable … -->` to `<!-- portico-enable … -->` or the end; the same words in `//` comments of C#. Without names all
 * rules are meant; what stands behind a colon is a reason for readers.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { ruleNamed } from './registry.ts';

interface Silence {
  /** What stands behind the colon. */
  readonly reason: string;
  /** Code of the rule, or undefined for all. */
  readonly code: string | undefined;
  readonly from: number;
  readonly to: number;
}

const DIRECTIVE = /portico-(disable-next-line|disable-line|disable|enable)\b([^\n]*)/g;

/** The reason why a rule is silent on a line, empty where none is given; undefined where it is not silent. */
function silencesOf(file: SourceFile): (code: string, line: number) => string | undefined {
  if (!file.text.includes('portico-')) return () => undefined;
  const silences: Silence[] = [];
  let open: Omit<Silence, 'to'>[] = [];
  for (const found of file.text.matchAll(DIRECTIVE)) {
    const { line } = file.positionAt(found.index);
    const codes = codesOf(found[2] ?? '');
    const reason = reasonOf(found[2] ?? '');
    if (found[1] === 'disable') open.push(...codes.map((code) => ({ code, reason, from: line })));
    else if (found[1] === 'enable') {
      const closes = (code: string | undefined) => codes.includes(undefined) || codes.includes(code);
      silences.push(...open.filter(({ code }) => closes(code)).map((silence) => ({ ...silence, to: line })));
      open = open.filter(({ code }) => !closes(code));
    } else {
      const at = found[1] === 'disable-line' ? line : line + 1;
      silences.push(...codes.map((code) => ({ code, reason, from: at, to: at })));
    }
  }
  silences.push(...open.map((silence) => ({ ...silence, to: Number.POSITIVE_INFINITY })));
  return (code, line) =>
    silences.find((silence) => (silence.code === undefined || silence.code === code) && silence.from <= line && line <= silence.to)?.reason;
}

function reasonOf(text: string): string {
  const colon = text.indexOf(':');
  return colon < 0
    ? ''
    : text
        .slice(colon + 1)
        .replace(/(?:--+>?|\*\/).*$/, '')
        .trim();
}

/** Codes named behind a directive; names of rules count, unknown words are codes of custom rules. */
function codesOf(text: string): (string | undefined)[] {
  const [before = ''] = text.split(':');
  const words = before.split(/[\s,]+/).filter((word) => /^[A-Za-z][\w/-]*$/.test(word));
  return words.length === 0 ? [undefined] : words.map((word) => ruleNamed(word)?.code ?? word);
}

/** What a comment silences is marked with its reason. */
export function withSilences<T extends Diagnostic>(diagnostics: readonly T[]): (T & { readonly silenced?: string })[] {
  const byFile = new Map<SourceFile, ReturnType<typeof silencesOf>>();
  return diagnostics.map((diagnostic) => {
    const { file, span, code } = diagnostic;
    const silent = byFile.get(file) ?? silencesOf(file);
    byFile.set(file, silent);
    const silenced = silent(code, file.positionAt(span.start).line);
    return silenced === undefined ? diagnostic : { ...diagnostic, silenced };
  });
}
