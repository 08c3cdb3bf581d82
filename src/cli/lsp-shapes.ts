/** The answers of the editor room in the shapes of the protocol. */
import { existsSync } from 'node:fs';
import type * as Lsp from 'vscode-languageserver/node';
import type { Completion } from '../editor/completion.ts';
import { editorRange, type OpenText } from '../editor/open-text.ts';
import type { OutlineSymbol } from '../editor/outline.ts';
import { type SemanticToken, TOKEN_TYPES } from '../editor/semantic-tokens.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';

export const RUN_TESTS = 'portico.runTests';
export const FIX_ALL = 'source.fixAll.portico';

export const CAPABILITIES: Lsp.ServerCapabilities = {
  textDocumentSync: { openClose: true, change: 2, save: true },
  completionProvider: { triggerCharacters: ['<', '.', '"', ' ', '{', '/', '('], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  documentLinkProvider: {},
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  linkedEditingRangeProvider: true,
  renameProvider: { prepareProvider: true },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: '>', moreTriggerCharacter: ['/'] },
  codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL] },
  codeLensProvider: {},
  executeCommandProvider: { commands: [RUN_TESTS] },
  diagnosticProvider: { identifier: 'portico', interFileDependencies: true, workspaceDiagnostics: true },
  semanticTokensProvider: { legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [] }, full: true, range: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

const COMPLETION_KINDS: Readonly<Record<Completion['kind'], Lsp.CompletionItemKind>> = {
  policy: 3,
  element: 10,
  attribute: 10,
  value: 12,
  member: 2,
  type: 7,
  variable: 6,
  keyword: 14,
};

/** `replaced`: what was typed already; editors cut words at hyphens, we do not. */
export function completionItem(
  { label, kind, detail, documentation, snippet }: Completion,
  replaced: Lsp.Range,
  snippets: boolean,
): Lsp.CompletionItem {
  const text = snippet === undefined ? label : snippets ? snippet : withoutStops(snippet);
  return {
    label,
    kind: COMPLETION_KINDS[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: { kind: 'markdown', value: documentation } }),
    ...(snippet === undefined ? {} : { insertText: text, insertTextFormat: snippets ? 2 : 1 }),
    filterText: label,
    textEdit: { range: replaced, newText: text },
  };
}

/** A snippet for editors that know none. */
function withoutStops(snippet: string): string {
  return snippet.replace(/\$\d/g, '');
}

const SEVERITIES: Readonly<Record<Diagnostic['severity'], Lsp.DiagnosticSeverity>> = { error: 1, warning: 2, info: 3 };
/** What editors show struck through, and what they show faded. */
const TAGS: Readonly<Record<string, Lsp.DiagnosticTag[]>> = { PTL901: [2], PTL401: [1], PTL204: [1] };

/** `locate` gives the place of a part of any file. */
export function diagnosticOf(
  { code, severity, message, help, span, related = [] }: Diagnostic,
  open: OpenText,
  locate: (file: SourceFile, span: Span) => Lsp.Location,
): Lsp.Diagnostic {
  const page = /^PT[CL]/.test(code) ? pageOf(code) : undefined;
  return {
    range: open.rangeOf(span),
    severity: SEVERITIES[severity],
    code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    source: 'portico',
    message: help === undefined ? message : `${message}\n${help}`,
    ...(TAGS[code] ? { tags: TAGS[code] } : {}),
    relatedInformation: related.map((place) => ({ location: locate(place.file, place.span), message: place.message })),
  };
}

/** The pages that come with the package: beside the bundle, and two folders up from the sources. */
const PAGES = ['../docs/', '../../docs/'].map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));

function pageOf(code: string): string | undefined {
  return PAGES && new URL(`${code.startsWith('PTL') ? 'lint' : 'error-codes'}.md#${code.toLowerCase()}`, PAGES).href;
}

const SYMBOL_KINDS: Readonly<Record<OutlineSymbol['kind'], Lsp.SymbolKind>> = {
  document: 2,
  section: 3,
  policy: 12,
  variable: 13,
  element: 8,
};

export function symbolOf(symbol: OutlineSymbol, open: OpenText): Lsp.DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: SYMBOL_KINDS[symbol.kind],
    range: open.rangeOf(symbol.span),
    selectionRange: open.rangeOf(symbol.nameSpan),
    children: symbol.children.map((child) => symbolOf(child, open)),
  };
}

/** Five numbers a token, each place counted from the one before. */
export function tokenData(tokens: readonly SemanticToken[], open: OpenText): number[] {
  let line = 0;
  let character = 0;
  return tokens.flatMap(({ span, type }) => {
    const { start, end } = editorRange(open.file, span, open.encoding);
    const row = [
      start.line - line,
      start.line === line ? start.character - character : start.character,
      end.character - start.character,
      TOKEN_TYPES.indexOf(type),
      0,
    ];
    line = start.line;
    character = start.character;
    return row;
  });
}
