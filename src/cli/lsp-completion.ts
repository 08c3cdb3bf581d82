/** What an editor asks while an expression or a policy is written: completion, signatures, hover. */
import type * as Lsp from 'vscode-languageserver/node';
import { completionsAt, documentationFor, typedBefore } from '../editor/completion.ts';
import { hoverAt } from '../editor/hover.ts';
import { signaturesAt } from '../editor/signatures.ts';
import { span } from '../source/span.ts';
import type { LspSession } from './lsp-session.ts';
import { completionItem } from './lsp-shapes.ts';

export function completions(session: LspSession, params: Lsp.CompletionParams): Lsp.CompletionItem[] {
  const at = session.at(params);
  if (!at) return [];
  const { open, document, around, offset } = at;
  const items = completionsAt(document, offset, { engine: session.engine, workspace: around.workspace });
  const replaced = open.rangeOf(span(offset - typedBefore(document, offset), offset));
  const asked = session.client.textDocument?.completion?.completionItem;
  return items.map((item) => completionItem(item, replaced, asked === undefined || asked.snippetSupport === true));
}

export function documented(session: LspSession, item: Lsp.CompletionItem): Lsp.CompletionItem {
  if (item.documentation !== undefined) return item;
  const value = documentationFor(item.label, item.detail, session.engine);
  return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
}

export function signatureHelp(session: LspSession, params: Lsp.SignatureHelpParams): Lsp.SignatureHelp | null {
  const at = session.at(params);
  const found = at && signaturesAt(at.document, at.offset, session.engine);
  if (!found) return null;
  const signatures = found.signatures.map(({ label, parameters }) => ({ label, parameters: parameters.map((one) => ({ label: one })) }));
  return { signatures, activeSignature: found.active, activeParameter: found.parameter };
}

export function hover(session: LspSession, params: Lsp.HoverParams): Lsp.Hover | null {
  const at = session.at(params);
  const hover = at && hoverAt(at.document, at.offset, session.engine, at.around.workspace);
  return at && hover ? { contents: { kind: 'markdown', value: hover.text }, range: at.open.rangeOf(hover.span) } : null;
}
