/** Changes of a document: formatting, tag names that are typed together, repairs. */
import type * as Lsp from 'vscode-languageserver/node';
import { repairAll, repairsFor } from '../editor/actions.ts';
import type { OpenText } from '../editor/open-text.ts';
import { closingTag, formattedRange, tagNamesAt } from '../editor/typing.ts';
import { span } from '../source/span.ts';
import { DEFAULT_STYLE, formatPolicy, type PolicyStyle } from '../workspace/format.ts';
import type { About, LspSession } from './lsp-session.ts';
import { FIX_ALL } from './lsp-shapes.ts';

/** Undefined for a document that cannot be laid out because it is broken. */
function laidOut(session: LspSession, params: About, { insertSpaces, tabSize }: Lsp.FormattingOptions) {
  const found = session.policy(params);
  if (!found || session.projects.read(found.open.file).problems.some(({ severity }) => severity === 'error')) return undefined;
  const style: PolicyStyle = { ...DEFAULT_STYLE, unit: insertSpaces ? ' '.repeat(tabSize) : '\t' };
  return { ...found, style };
}

export function formatting(session: LspSession, params: Lsp.DocumentFormattingParams): Lsp.TextEdit[] {
  const found = laidOut(session, params, params.options);
  if (!found) return [];
  const { text } = found.open.file;
  const newText = formatPolicy(found.document, found.style);
  return newText === text ? [] : [{ range: found.open.rangeOf(span(0, text.length)), newText }];
}

export function rangeFormatting(session: LspSession, params: Lsp.DocumentRangeFormattingParams): Lsp.TextEdit[] {
  const found = laidOut(session, params, params.options);
  if (!found) return [];
  const { open } = found;
  const edit = formattedRange(found.document, span(open.offsetAt(params.range.start), open.offsetAt(params.range.end)), found.style);
  return edit ? [{ range: open.rangeOf(edit.span), newText: edit.text }] : [];
}

export function onTypeFormatting(session: LspSession, params: Lsp.DocumentOnTypeFormattingParams): Lsp.TextEdit[] {
  const at = session.at(params);
  const tag = at && closingTag(at.document, at.offset);
  return at && tag !== undefined ? [{ range: at.open.rangeOf(span(at.offset)), newText: tag }] : [];
}

export function linkedEditing(session: LspSession, params: Lsp.LinkedEditingRangeParams): Lsp.LinkedEditingRanges | null {
  const at = session.at(params);
  const names = at ? tagNamesAt(at.document, at.offset) : [];
  return at && names.length > 0 ? { ranges: names.map((span) => at.open.rangeOf(span)), wordPattern: '[\\w.:-]+' } : null;
}

export function codeActions(session: LspSession, { textDocument, range, context }: Lsp.CodeActionParams): Lsp.CodeAction[] {
  const found = session.policy({ textDocument });
  if (!found) return [];
  const { open, document } = found;
  const problems = session.diagnostics.last(open);
  const wants = (kind: string) => context.only?.every((only) => kind !== only && !kind.startsWith(`${only}.`)) !== true;
  const at = span(open.offsetAt(range.start), open.offsetAt(range.end));
  const fixes = wants('quickfix') ? repairsFor(document, problems, at) : [];
  const whole = wants(FIX_ALL) ? repairAll(document, problems) : undefined;
  return [
    ...fixes.map(({ title, edits, isPreferred, diagnostic }): Lsp.CodeAction => {
      const changes = { [open.uri]: edits.map((edit) => ({ range: open.rangeOf(edit.span), newText: edit.text })) };
      return { title, kind: 'quickfix', isPreferred, diagnostics: session.shown(open, [diagnostic]), edit: { changes } };
    }),
    ...(whole === undefined ? [] : [fixAll(open, whole)]),
  ];
}

function fixAll(open: OpenText, newText: string): Lsp.CodeAction {
  const edits = [{ range: open.rangeOf(span(0, open.file.text.length)), newText }];
  return { title: 'repair everything that `portico lint --fix` repairs', kind: FIX_ALL, edit: { changes: { [open.uri]: edits } } };
}
