/**
 * Silencing in the document itself: `<!-- portico-disable-next-line PTL101 -->` or by name, `<!-- portico-disable-line … -->`,
 * `<!-- portico-disable … -->` to `<!-- portico-enable … -->` or the end; the same words in `//` comments of C#. Without names all
 * rules are meant; what stands behind a colon is a reason for readers.
 */
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { ruleNamed } from './registry.ts';

interface Silence {
  /** Code of the rule, or undefined for all. */
  readonly code: string | undefined;
  readonly from: number;
  readonly to: number;
}

const DIRECTIVE = /portico-(disable-next-line|disable-line|disable|enable)\b([^\n]*)/g;

/** The lines on which rules are silent. */
function silencesOf(file: SourceFile): (code: string, line: number) => boolean {
  if (!file.text.includes('portico-')) return () => false;
  const silences: Silence[] = [];
  let open: { code: string | undefined; from: number }[] = [];
  for (const found of file.text.matchAll(DIRECTIVE)) {
    const { line } = file.positionAt(found.index);
    const codes = codesOf(found[2] ?? '');
    if (found[1] === 'disable') open.push(...codes.map((code) => ({ code, from: line })));
    else if (found[1] === 'enable') {
      const closes = (code: string | undefined) => codes.includes(undefined) || codes.includes(code);
      silences.push(...open.filter(({ code }) => closes(code)).map((silence) => ({ ...silence, to: line })));
      open = open.filter(({ code }) => !closes(code));
    } else {
      const at = found[1] === 'disable-line' ? line : line + 1;
      silences.push(...codes.map((code) => ({ code, from: at, to: at })));
    }
  }
  silences.push(...open.map((silence) => ({ ...silence, to: Number.POSITIVE_INFINITY })));
  return (code, line) =>
    silences.some((silence) => (silence.code === undefined || silence.code === code) && silence.from <= line && line <= silence.to);
}

/** Codes named behind a directive; names of rules count, unknown words are codes of custom rules. */
function codesOf(text: string): (string | undefined)[] {
  const [before = ''] = text.split(':');
  const words = before.split(/[\s,]+/).filter((word) => /^[A-Za-z][\w/-]*$/.test(word));
  return words.length === 0 ? [undefined] : words.map((word) => ruleNamed(word)?.code ?? word);
}

export function withoutSilenced<T extends Diagnostic>(diagnostics: readonly T[]): T[] {
  const byFile = new Map<SourceFile, ReturnType<typeof silencesOf>>();
  return diagnostics.filter(({ file, span, code }) => {
    const silent = byFile.get(file) ?? silencesOf(file);
    byFile.set(file, silent);
    return !silent(code, file.positionAt(span.start).line);
  });
}
