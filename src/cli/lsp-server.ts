/** The language server: its life, its diagnostics, and which part answers what. */
import type * as Lsp from 'vscode-languageserver/node';
import type { OpenText, PositionEncoding } from '../editor/open-text.ts';
import { completions, documented, hover, signatureHelp } from './lsp-completion.ts';
import { fullReport } from './lsp-diagnostics.ts';
import { codeActions, formatting, linkedEditing, onTypeFormatting, rangeFormatting } from './lsp-edits.ts';
import { definitions, documentLinks, highlights, references, symbolsNamed } from './lsp-navigation.ts';
import { documentSymbols, foldingRanges, selectionRanges, semanticTokens } from './lsp-outline.ts';
import { renamable, rename } from './lsp-rename.ts';
import { type About, LspSession, pathOf, type SessionParts } from './lsp-session.ts';
import { CAPABILITIES } from './lsp-shapes.ts';
import { codeLenses, runCommand, testsOf } from './lsp-tests.ts';

const ENCODINGS: readonly PositionEncoding[] = ['utf-16', 'utf-8', 'utf-32'];

export class LanguageServer {
  readonly #session: LspSession;
  /** Counts what changed beside the open documents. */
  #generation = 0;

  constructor(parts: Omit<SessionParts, 'pluginsLoaded'>) {
    this.#session = new LspSession({ ...parts, pluginsLoaded: (problems) => this.#pluginsLoaded(problems) });
  }

  start(): void {
    this.#listenToLife();
    answer(this.#session);
    const { connection, documents } = this.#session;
    connection.languages.diagnostics.on((params) => this.#pull(params));
    connection.languages.diagnostics.onWorkspace((params) => this.#pullAll(params));
    documents.listen(connection);
  }

  #listenToLife(): void {
    const { connection, documents } = this.#session;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    documents.onDidChangeContent(({ document }) => this.#changed(document));
    documents.onDidClose(({ document }) => this.#close(document));
    documents.onDidSave(() => this.#reload());
    connection.onDidChangeWatchedFiles(() => this.#reload());
  }

  #initialize(params: Lsp.InitializeParams): Lsp.InitializeResult {
    const session = this.#session;
    session.client = params.capabilities;
    const offered = params.capabilities.general?.positionEncodings ?? ['utf-16'];
    session.encoding = ENCODINGS.find((one) => one === offered.find((name) => ENCODINGS.some((known) => known === name))) ?? 'utf-16';
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    session.folders = roots.map(pathOf);
    session.offersDebug = (params.initializationOptions as { debugLens?: unknown } | undefined)?.debugLens === true;
    return { capabilities: { positionEncoding: session.encoding, ...CAPABILITIES }, serverInfo: { name: 'portico' } };
  }

  #initialized(): void {
    // The first document pays for the type tables and for code that never ran: better while the editor still starts.
    setImmediate(() => this.#session.projects.diagnose('warm-up.xml', WARM_UP));
    const { client, connection } = this.#session;
    const { workspace } = client;
    if (workspace?.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = removed.map(({ uri }) => pathOf(uri));
        this.#session.folders = [...this.#session.folders.filter((path) => !gone.includes(path)), ...added.map(({ uri }) => pathOf(uri))];
      });
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration)
      void connection.client.register({ method: 'workspace/didChangeWatchedFiles' } as never, { watchers: WATCHED }).catch(ignore);
  }

  #changed(open: OpenText): void {
    this.#session.projects.opened(open.file.name, open.file);
    if (!this.#pulls) this.#session.diagnostics.soon(open);
  }

  #close(open: OpenText): void {
    this.#session.projects.opened(open.file.name, undefined);
    this.#session.diagnostics.close(open.uri);
    if (!this.#pulls) void this.#session.connection.sendDiagnostics({ uri: open.uri, diagnostics: [] });
  }

  /** What the directory holds beside open policies changes only by other files. */
  #reload(): void {
    this.#session.projects.forget();
    this.#diagnoseAgain();
  }

  #pluginsLoaded(problems: readonly string[]): void {
    // A notification: not every editor answers the request that could have buttons.
    for (const message of problems) void this.#session.connection.sendNotification('window/showMessage', { type: 2, message });
    this.#diagnoseAgain();
  }

  #diagnoseAgain(): void {
    this.#generation += 1;
    if (!this.#pulls) for (const open of this.#session.documents.all()) this.#session.diagnostics.soon(open);
    else if (this.#session.client.workspace?.diagnostics?.refreshSupport)
      void this.#session.connection.languages.diagnostics.refresh().catch(ignore);
  }

  /** An editor that asks for diagnostics would show those that are told a second time. */
  get #pulls(): boolean {
    return this.#session.client.textDocument?.diagnostic !== undefined;
  }

  async #pull({ textDocument, previousResultId }: Lsp.DocumentDiagnosticParams): Promise<Lsp.DocumentDiagnosticReport> {
    const { documents, diagnostics } = this.#session;
    const open = documents.get(textDocument.uri);
    if (!open) return fullReport('', []);
    const resultId = `${this.#generation}.${open.version}`;
    if (previousResultId === resultId) return { kind: 'unchanged', resultId };
    return fullReport(resultId, this.#session.shown(open, await diagnostics.of(open)));
  }

  async #pullAll({ previousResultIds }: Lsp.WorkspaceDiagnosticParams): Promise<Lsp.WorkspaceDiagnosticReport> {
    const known = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: Lsp.WorkspaceDocumentDiagnosticReport[] = [];
    const session = this.#session;
    for (const open of session.allDocuments()) {
      const version = session.documents.get(open.uri)?.version ?? null;
      const resultId = `${this.#generation}.${version ?? 'disk'}`;
      if (known.get(open.uri) === resultId) items.push({ kind: 'unchanged', resultId, uri: open.uri, version });
      else items.push({ ...fullReport(resultId, session.shown(open, await session.diagnostics.of(open))), uri: open.uri, version });
    }
    return { items };
  }
}

/** What the server is asked about documents. */
function answer(session: LspSession): void {
  const { connection } = session;
  connection.onCompletion((params) => completions(session, params));
  connection.onCompletionResolve((item) => documented(session, item));
  connection.onSignatureHelp((params) => signatureHelp(session, params));
  connection.onHover((params) => hover(session, params));
  connection.onDefinition((params) => definitions(session, params));
  connection.onReferences((params) => references(session, params));
  connection.onDocumentHighlight((params) => highlights(session, params));
  connection.onDocumentSymbol((params) => documentSymbols(session, params));
  connection.onWorkspaceSymbol(({ query }) => symbolsNamed(session, query));
  connection.onDocumentLinks((params) => documentLinks(session, params));
  connection.onFoldingRanges((params) => foldingRanges(session, params));
  connection.onSelectionRanges((params) => selectionRanges(session, params));
  connection.languages.onLinkedEditingRange((params) => linkedEditing(session, params));
  connection.onPrepareRename((params) => renamable(session, params));
  connection.onRenameRequest((params) => rename(session, params));
  connection.onDocumentFormatting((params) => formatting(session, params));
  connection.onDocumentRangeFormatting((params) => rangeFormatting(session, params));
  connection.onDocumentOnTypeFormatting((params) => onTypeFormatting(session, params));
  connection.onCodeAction((params) => codeActions(session, params));
  connection.onCodeLens((params) => codeLenses(session, params));
  connection.onExecuteCommand((params) => runCommand(session, params));
  connection.onRequest('portico/tests', (params: About) => testsOf(session, params));
  connection.languages.semanticTokens.on((params) => semanticTokens(session, params));
  connection.languages.semanticTokens.onRange((params) => semanticTokens(session, params, params.range));
}

const WARM_UP =
  '<policies><inbound><base /><set-variable name="a" value="@{ var x = context.Request.Headers.GetValueOrDefault("A", "").Split(\',\'); return x.Where(y => y != "").Select(y => y.Trim()).FirstOrDefault() ?? $"{x.Length}"; }" /><choose><when condition="@(((string)context.Variables["a"]).Length > 3)"><set-body>@(new JObject(new JProperty("a", 1)).ToString())</set-body></when></choose></inbound><backend><base /></backend><outbound><base /></outbound></policies>';

/** An editor that refuses what it said it can do gets less, and the server lives. */
function ignore(): void {}

const WATCHED = ['**/*.xml', '**/*.{yaml,yml}', '**/*.json', '**/*.{js,mjs}'].map((globPattern) => ({ globPattern }));
