/** The shape of a document: symbols, folding, selection, semantic tokens. */
import type * as Lsp from 'vscode-languageserver/node';
import { foldsOf, selectionsAt, symbolsOf } from '../editor/outline.ts';
import { span } from '../source/span.ts';
import type { About, LspSession } from './lsp-session.ts';
import { symbolOf, tokenData } from './lsp-shapes.ts';

export function documentSymbols(session: LspSession, params: Lsp.DocumentSymbolParams): Lsp.DocumentSymbol[] {
  const found = session.policy(params);
  return found ? symbolsOf(found.document).map((symbol) => symbolOf(symbol, found.open)) : [];
}

export function foldingRanges(session: LspSession, params: Lsp.FoldingRangeParams): Lsp.FoldingRange[] {
  const found = session.policy(params);
  return found ? foldsOf(found.document).map(({ kind, ...fold }) => (kind === 'comment' ? { ...fold, kind } : fold)) : [];
}

export function selectionRanges(session: LspSession, params: Lsp.SelectionRangeParams): Lsp.SelectionRange[] {
  const found = session.policy(params);
  if (!found) return params.positions.map((at) => ({ range: { start: at, end: at } }));
  return params.positions.map((position) => {
    const spans = selectionsAt(found.document, found.open.offsetAt(position)).reverse();
    const chain = spans.reduce<Lsp.SelectionRange | undefined>(
      (parent, span) => ({ range: found.open.rangeOf(span), ...(parent ? { parent } : {}) }),
      undefined,
    );
    return chain ?? { range: { start: position, end: position } };
  });
}

export function semanticTokens(session: LspSession, params: About, range?: Lsp.Range): Lsp.SemanticTokens {
  const found = session.policy(params);
  if (!found) return { data: [] };
  const { open, document } = found;
  const within = range && span(open.offsetAt(range.start), open.offsetAt(range.end));
  return { data: tokenData(session.projects.tokens.of(document, within), open) };
}
