/** A policy document from a text and the format that was declared for it (gateway-model, section 5). */
import { EmbeddedSource } from '../../source/embedded.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { type Span, span } from '../../source/span.ts';
import { entityAt } from '../../xml/characters.ts';
import { readFile } from '../../xml/reader.ts';
import { scanDocument } from '../../xml/tokens.ts';
import type { PolicyDocument } from '../../xml/tree.ts';
import { MappedBuilder } from '../../xml/value.ts';
import type { Report } from '../config-file.ts';
import * as faults from './faults.ts';

/** `undefined`: nobody said, both forms are taken. */
export type PolicyFormat = 'rawxml' | 'xml' | undefined;

export function readPolicyText(file: SourceFile, format: PolicyFormat, report: Report): PolicyDocument {
  const source = format === 'xml' ? asEncoded(file, report) : file;
  const { document, problems } = readFile(source);
  for (const problem of problems) report(problem);
  return document;
}

/**
 * Format `xml` decodes twice inside expressions, once as XML and once as the expression's own layer: the inner layer is
 * undone here, the reader does the outer one. What the format would have refused is reported.
 */
function asEncoded(file: SourceFile, report: Report): SourceFile {
  const { expressions } = scanDocument(file);
  for (const place of expressions) checkEncoded(file, place, report);
  if (!/&amp;(?:#|quot;|lt;|gt;|amp;|apos;)/.test(file.text)) return file;
  const builder = new MappedBuilder(file);
  let at = 0;
  for (const { start, end } of expressions) {
    builder.verbatim(at, start);
    decodeInner(file.text, start, end, builder);
    at = end;
  }
  builder.verbatim(at, file.text.length);
  return new EmbeddedSource(builder.finish(0));
}

function decodeInner(text: string, start: number, end: number, builder: MappedBuilder): void {
  let at = start;
  for (let next = text.indexOf('&amp;', at); next >= 0 && next < end; next = text.indexOf('&amp;', next + 5)) {
    if (!entityAt(`&${text.slice(next + 5, next + 20)}`, 0)) continue;
    builder.verbatim(at, next);
    builder.replaced('&', next, 5);
    at = next + 5;
  }
  builder.verbatim(at, end);
}

/** The first thing that an XML reader would have stumbled over. */
function checkEncoded(file: SourceFile, { start, end }: Span, report: Report): void {
  const before = file.text.slice(Math.max(0, start - 200), start).trimEnd();
  if (before.endsWith('<![CDATA[')) return;
  const quote = /=\s*(["'])$/.exec(before)?.[1];
  for (let at = start; at < end; at += 1) {
    const character = file.text.charAt(at);
    const isBare = character === '<' || character === quote || (character === '&' && !entityAt(file.text, at));
    if (!isBare) continue;
    report({ severity: 'error', ...faults.rawInXml(character), file, span: span(at, at + 1) });
    return;
  }
}
