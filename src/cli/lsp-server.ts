/** The language server: what editors ask, answered by the editor room. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Lsp from 'vscode-languageserver/node';
import { repairAll, repairsFor } from '../editor/actions.ts';
import { completionsAt, documentationFor, typedBefore } from '../editor/completion.ts';
import { configNames } from '../editor/config-names.ts';
import { hoverAt } from '../editor/hover.ts';
import { linksOf, testLinksOf } from '../editor/links.ts';
import { isLocalName, localAt } from '../editor/locals.ts';
import { type Location, type NameUse, outermost } from '../editor/names.ts';
import { definitionsAt, definitionsOf, usesOf } from '../editor/navigation.ts';
import { editorRange, OpenText, type PositionEncoding } from '../editor/open-text.ts';
import { foldsOf, selectionsAt, symbolsOf } from '../editor/outline.ts';
import { Projects } from '../editor/project.ts';
import { checkRenamable, RenameRefused, type Renaming, renaming } from '../editor/rename.ts';
import { signaturesAt } from '../editor/signatures.ts';
import { testLenses } from '../editor/test-lenses.ts';
import { closingTag, formattedRange, tagNamesAt } from '../editor/typing.ts';
import { workspaceSymbols } from '../editor/workspace-symbols.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { type Span, span } from '../source/span.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { DEFAULT_STYLE, formatPolicy, type PolicyStyle } from '../workspace/format.ts';
import type { Workspace } from '../workspace/model.ts';
import { fullReport, kindOf, OpenDiagnostics } from './lsp-diagnostics.ts';
import { CAPABILITIES, completionItem, diagnosticOf, FIX_ALL, RUN_TESTS, symbolOf, tokenData } from './lsp-shapes.ts';

type MakeDocuments = (texts: Lsp.TextDocumentsConfiguration<OpenText>) => Lsp.TextDocuments<OpenText>;
type About = { readonly textDocument: { readonly uri: string } };
type AboutPlace = About & { readonly position: Lsp.Position };

const ENCODINGS: readonly PositionEncoding[] = ['utf-16', 'utf-8', 'utf-32'];

export class LanguageServer {
  readonly #connection: Lsp.Connection;
  readonly #documents: Lsp.TextDocuments<OpenText>;
  readonly #refusal: (message: string) => Error;
  readonly #projects = new Projects((problems) => this.#pluginsLoaded(problems));
  readonly #diagnostics = new OpenDiagnostics(this.#projects, (open, problems) => this.#publish(open, problems));
  #client: Lsp.ClientCapabilities = {};
  #encoding: PositionEncoding = 'utf-16';
  #folders: readonly string[] = [];
  #offersDebug = false;
  /** Counts what changed beside the open documents. */
  #generation = 0;

  constructor(connection: Lsp.Connection, documents: MakeDocuments, refusal: (message: string) => Error) {
    this.#connection = connection;
    this.#refusal = refusal;
    this.#documents = documents({
      create: (uri, languageId, version, text) => new OpenText(uri, languageId, version, new SourceFile(pathOf(uri), text), this.#encoding),
      update: (open, changes, version) => open.changed(changes, version),
    });
  }

  start(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    this.#documents.onDidChangeContent(({ document }) => this.#changed(document));
    this.#documents.onDidClose(({ document }) => this.#close(document));
    this.#documents.onDidSave(({ document }) => this.#saved(document));
    connection.onDidChangeWatchedFiles(() => this.#reload());
    connection.onCompletion((params) => this.#complete(params));
    connection.onCompletionResolve((item) => this.#resolve(item));
    connection.onSignatureHelp((params) => this.#signatures(params));
    connection.onHover((params) => this.#hover(params));
    connection.onDefinition((params) => this.#define(params));
    connection.onReferences((params) => this.#uses(params));
    connection.onDocumentHighlight((params) => this.#highlight(params));
    connection.onDocumentSymbol((params) => this.#symbols(params));
    connection.onWorkspaceSymbol(({ query }) => this.#workspaceSymbols(query));
    connection.onDocumentLinks((params) => this.#links(params));
    connection.onFoldingRanges((params) => this.#folds(params));
    connection.onSelectionRanges((params) => this.#selections(params));
    connection.languages.onLinkedEditingRange((params) => this.#linked(params));
    connection.onPrepareRename((params) => this.#prepareRename(params));
    connection.onRenameRequest((params) => this.#rename(params));
    connection.onDocumentFormatting((params) => this.#format(params));
    connection.onDocumentRangeFormatting((params) => this.#formatRange(params));
    connection.onDocumentOnTypeFormatting((params) => this.#formatOnType(params));
    connection.onCodeAction((params) => this.#actions(params));
    connection.onCodeLens((params) => this.#lenses(params));
    connection.onExecuteCommand((params) => this.#execute(params));
    connection.onRequest('portico/tests', (params: About) => this.#tests(params));
    connection.languages.diagnostics.on((params) => this.#pull(params));
    connection.languages.diagnostics.onWorkspace((params) => this.#pullAll(params));
    connection.languages.semanticTokens.on((params) => this.#tokens(params));
    connection.languages.semanticTokens.onRange((params) => this.#tokens(params, params.range));
    this.#documents.listen(connection);
  }

  // ------------------------------------------------------------ life

  #initialize(params: Lsp.InitializeParams): Lsp.InitializeResult {
    this.#client = params.capabilities;
    const offered = params.capabilities.general?.positionEncodings ?? ['utf-16'];
    this.#encoding = ENCODINGS.find((one) => one === offered.find((name) => ENCODINGS.some((known) => known === name))) ?? 'utf-16';
    const roots = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#folders = roots.map(pathOf);
    this.#offersDebug = (params.initializationOptions as { debugLens?: unknown } | undefined)?.debugLens === true;
    return { capabilities: { positionEncoding: this.#encoding, ...CAPABILITIES }, serverInfo: { name: 'portico' } };
  }

  #initialized(): void {
    // The first document pays for the type tables and for code that never ran: better while the editor still starts.
    setImmediate(() => this.#projects.diagnose('warm-up.xml', WARM_UP));
    const { workspace } = this.#client;
    if (workspace?.workspaceFolders)
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = removed.map(({ uri }) => pathOf(uri));
        this.#folders = [...this.#folders.filter((path) => !gone.includes(path)), ...added.map(({ uri }) => pathOf(uri))];
      });
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration)
      void this.#connection.client.register({ method: 'workspace/didChangeWatchedFiles' } as never, { watchers: WATCHED }).catch(ignore);
  }

  #changed(open: OpenText): void {
    this.#projects.opened(open.file.name, open.file);
    if (!this.#pulls) this.#diagnostics.soon(open);
  }

  #close(open: OpenText): void {
    this.#projects.opened(open.file.name, undefined);
    this.#diagnostics.close(open.uri);
    if (!this.#pulls) void this.#connection.sendDiagnostics({ uri: open.uri, diagnostics: [] });
  }

  /** What the directory holds beside open policies changes only by other files. */
  #saved(_open: OpenText): void {
    this.#reload();
  }

  #reload(): void {
    this.#projects.forget();
    this.#diagnoseAgain();
  }

  #pluginsLoaded(problems: readonly string[]): void {
    // A notification: not every editor answers the request that could have buttons.
    for (const message of problems) void this.#connection.sendNotification('window/showMessage', { type: 2, message });
    this.#diagnoseAgain();
  }

  #diagnoseAgain(): void {
    this.#generation += 1;
    if (!this.#pulls) for (const open of this.#documents.all()) this.#diagnostics.soon(open);
    else if (this.#client.workspace?.diagnostics?.refreshSupport) void this.#connection.languages.diagnostics.refresh().catch(ignore);
  }

  /** An editor that asks for diagnostics would show those that are told a second time. */
  get #pulls(): boolean {
    return this.#client.textDocument?.diagnostic !== undefined;
  }

  // ------------------------------------------------------------ diagnostics

  #publish(open: OpenText, problems: readonly Diagnostic[]): void {
    const diagnostics = this.#shown(open, problems);
    void this.#connection.sendDiagnostics({ uri: open.uri, version: open.version, diagnostics });
  }

  #shown(open: OpenText, problems: readonly Diagnostic[]): Lsp.Diagnostic[] {
    return problems.map((problem) => diagnosticOf(problem, open, (file, span) => this.#location({ file, span })));
  }

  async #pull({ textDocument, previousResultId }: Lsp.DocumentDiagnosticParams): Promise<Lsp.DocumentDiagnosticReport> {
    const open = this.#documents.get(textDocument.uri);
    if (!open) return fullReport('', []);
    const resultId = `${this.#generation}.${open.version}`;
    if (previousResultId === resultId) return { kind: 'unchanged', resultId };
    return fullReport(resultId, this.#shown(open, await this.#diagnostics.of(open)));
  }

  async #pullAll({ previousResultIds }: Lsp.WorkspaceDiagnosticParams): Promise<Lsp.WorkspaceDiagnosticReport> {
    const known = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const items: Lsp.WorkspaceDocumentDiagnosticReport[] = [];
    for (const open of this.#allDocuments()) {
      const version = this.#documents.get(open.uri)?.version ?? null;
      const resultId = `${this.#generation}.${version ?? 'disk'}`;
      if (known.get(open.uri) === resultId) items.push({ kind: 'unchanged', resultId, uri: open.uri, version });
      else items.push({ ...fullReport(resultId, this.#shown(open, await this.#diagnostics.of(open))), uri: open.uri, version });
    }
    return { items };
  }

  /** Every policy document of the folders that are open, as it stands in the editor or on disk. */
  #allDocuments(): OpenText[] {
    const paths = this.#directories().flatMap((workspace) => policyDocuments(workspace).map(({ file }) => resolve(file.name)));
    return [...new Set(paths)]
      .filter((path) => /\.(?:xml|cshtml)$/i.test(path))
      .flatMap((path) => {
        const uri = this.#uri(path);
        const file = this.#projects.textOf(path);
        return this.#documents.get(uri) ?? (file ? [new OpenText(uri, 'xml', 0, file, this.#encoding)] : []);
      });
  }

  /** The policy directories of open folders and files. */
  #directories(): Workspace[] {
    const places = [...this.#folders.map((folder) => resolve(folder, 'policy.xml')), ...this.#documents.all().map(({ file }) => file.name)];
    const found = places.flatMap((path) => this.#projects.currentWorkspaceOf(path) ?? []);
    return [...new Map(found.map((workspace) => [workspace.root, workspace])).values()];
  }

  // ------------------------------------------------------------ what stands at a place

  /** A policy document that is open. */
  #policy({ textDocument: { uri } }: About) {
    const open = this.#documents.get(uri);
    if (open === undefined || kindOf(open) !== 'policy') return undefined;
    return { open, document: this.#projects.read(open.file).document, around: this.#projects.around(open.file.name) };
  }

  #at(params: AboutPlace) {
    const found = this.#policy(params);
    return found && { ...found, offset: found.open.offsetAt(params.position) };
  }

  get #engine(): Projects['expressions']['engine'] {
    return this.#projects.expressions.engine;
  }

  /** The shared name at a place of a policy document, of portico.yaml or of a test. */
  #nameAt(params: AboutPlace): { readonly use: NameUse; readonly open: OpenText } | undefined {
    const open = this.#documents.get(params.textDocument.uri);
    if (open === undefined) return undefined;
    const offset = open.offsetAt(params.position);
    const isPolicy = kindOf(open) === 'policy';
    const use = isPolicy
      ? this.#projects.names.at(this.#projects.read(open.file).document, offset)
      : /\.(?:ya?ml|json)$/i.test(open.uri)
        ? configNames(open.file).find(({ span }) => span.start <= offset && offset <= span.end)
        : undefined;
    return use && { use, open };
  }

  #complete(params: Lsp.CompletionParams): Lsp.CompletionItem[] {
    const at = this.#at(params);
    if (!at) return [];
    const { open, document, around, offset } = at;
    const items = completionsAt(document, offset, { engine: this.#engine, workspace: around.workspace });
    const replaced = open.rangeOf(span(offset - typedBefore(document, offset), offset));
    const asked = this.#client.textDocument?.completion?.completionItem;
    return items.map((item) => completionItem(item, replaced, asked === undefined || asked.snippetSupport === true));
  }

  #resolve(item: Lsp.CompletionItem): Lsp.CompletionItem {
    if (item.documentation !== undefined) return item;
    const value = documentationFor(item.label, item.detail, this.#engine);
    return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
  }

  #signatures(params: Lsp.SignatureHelpParams): Lsp.SignatureHelp | null {
    const at = this.#at(params);
    const found = at && signaturesAt(at.document, at.offset, this.#engine);
    if (!found) return null;
    const signatures = found.signatures.map(({ label, parameters }) => ({ label, parameters: parameters.map((one) => ({ label: one })) }));
    return { signatures, activeSignature: found.active, activeParameter: found.parameter };
  }

  #hover(params: Lsp.HoverParams): Lsp.Hover | null {
    const at = this.#at(params);
    const hover = at && hoverAt(at.document, at.offset, this.#engine, at.around.workspace);
    return at && hover ? { contents: { kind: 'markdown', value: hover.text }, range: at.open.rangeOf(hover.span) } : null;
  }

  #define(params: Lsp.DefinitionParams): Lsp.Location[] {
    const at = this.#at(params);
    if (at) {
      const local = localAt(at.document, at.offset, this.#engine)?.spans.slice(0, 1) ?? [];
      const found = definitionsAt(at.document, at.offset, at.around);
      return [...found, ...(found.length > 0 ? [] : local.map((span) => ({ file: at.open.file, span })))].map((one) => this.#location(one));
    }
    const named = this.#nameAt(params);
    if (!named) return [];
    return definitionsOf(named.use, undefined, this.#projects.around(named.open.file.name)).map((one) => this.#location(one));
  }

  #uses(params: Lsp.ReferenceParams): Lsp.Location[] {
    const named = this.#nameAt(params);
    if (!named) return this.#localSpans(params).map(({ open, span }) => this.#location({ file: open.file, span }));
    const document = kindOf(named.open) === 'policy' ? this.#projects.read(named.open.file).document : undefined;
    const uses = usesOf(named.use, document, this.#projects.around(named.open.file.name));
    return uses.filter(({ isDefinition }) => params.context.includeDeclaration || !isDefinition).map((one) => this.#location(one));
  }

  #localSpans(params: AboutPlace): { readonly open: OpenText; readonly span: Span }[] {
    const at = this.#at(params);
    const local = at && localAt(at.document, at.offset, this.#engine);
    return at && local ? local.spans.map((span) => ({ open: at.open, span })) : [];
  }

  #highlight(params: Lsp.DocumentHighlightParams): Lsp.DocumentHighlight[] {
    const at = this.#at(params);
    if (!at) return [];
    const use = at.around.names.at(at.document, at.offset);
    if (use)
      return at.around.names
        .uses(use, [at.document])
        .map(({ span, isDefinition }) => ({ range: at.open.rangeOf(span), kind: isDefinition ? 3 : 2 }));
    const locals = localAt(at.document, at.offset, this.#engine)?.spans.map((span, i) => ({
      span,
      kind: i === 0 ? (3 as const) : (2 as const),
    }));
    const tags = tagNamesAt(at.document, at.offset).map((span) => ({ span, kind: 1 as const }));
    return (locals ?? tags).map(({ span, kind }) => ({ range: at.open.rangeOf(span), kind }));
  }

  // ------------------------------------------------------------ shape

  #symbols(params: Lsp.DocumentSymbolParams): Lsp.DocumentSymbol[] {
    const found = this.#policy(params);
    return found ? symbolsOf(found.document).map((symbol) => symbolOf(symbol, found.open)) : [];
  }

  #workspaceSymbols(query: string): Lsp.WorkspaceSymbol[] {
    return this.#directories().flatMap((workspace) =>
      workspaceSymbols(workspace, this.#projects.around(resolve(workspace.root, 'policy.xml')), query).map(
        ({ name, kind, container, place }) => ({
          name,
          kind: kind === 'variable' ? 13 : kind === 'named value' ? 14 : kind === 'fragment' ? 2 : 11,
          containerName: container,
          location: this.#location(place),
        }),
      ),
    );
  }

  #links(params: Lsp.DocumentLinkParams): Lsp.DocumentLink[] {
    const found = this.#policy(params);
    const open = found?.open ?? this.#documents.get(params.textDocument.uri);
    if (!open) return [];
    const links = found
      ? linksOf(found.document, found.around.workspace)
      : kindOf(open) === 'test'
        ? testLinksOf(open.file.text, open.file.name, existsSync)
        : [];
    return links.map(({ span, path }) => ({ range: open.rangeOf(span), target: pathToFileURL(path).href }));
  }

  #folds(params: Lsp.FoldingRangeParams): Lsp.FoldingRange[] {
    const found = this.#policy(params);
    return found ? foldsOf(found.document).map(({ kind, ...fold }) => (kind === 'comment' ? { ...fold, kind } : fold)) : [];
  }

  #selections(params: Lsp.SelectionRangeParams): Lsp.SelectionRange[] {
    const found = this.#policy(params);
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

  #tokens(params: About, range?: Lsp.Range): Lsp.SemanticTokens {
    const found = this.#policy(params);
    if (!found) return { data: [] };
    const { open, document } = found;
    const within = range && span(open.offsetAt(range.start), open.offsetAt(range.end));
    return { data: tokenData(this.#projects.tokens.of(document, within), open) };
  }

  // ------------------------------------------------------------ writing

  #linked(params: Lsp.LinkedEditingRangeParams): Lsp.LinkedEditingRanges | null {
    const at = this.#at(params);
    const names = at ? tagNamesAt(at.document, at.offset) : [];
    return at && names.length > 0 ? { ranges: names.map((span) => at.open.rangeOf(span)), wordPattern: '[\\w.:-]+' } : null;
  }

  #prepareRename(params: Lsp.PrepareRenameParams): { range: Lsp.Range; placeholder: string } | null {
    const named = this.#nameAt(params);
    if (named) {
      this.#refusing(() => checkRenamable(named.use, this.#projects.around(named.open.file.name)));
      return { range: named.open.rangeOf(named.use.span), placeholder: named.use.name };
    }
    const at = this.#at(params);
    const local = at && localAt(at.document, at.offset, this.#engine);
    const place = local?.spans.find(({ start, end }) => at && start <= at.offset && at.offset <= end);
    return at && local && place ? { range: at.open.rangeOf(place), placeholder: local.name } : null;
  }

  #rename(params: Lsp.RenameParams): Lsp.WorkspaceEdit | null {
    const named = this.#nameAt(params);
    if (named) {
      const document = kindOf(named.open) === 'policy' ? this.#projects.read(named.open.file).document : undefined;
      const around = this.#projects.around(named.open.file.name);
      return this.#workspaceEdit(
        this.#refusing(() => renaming(named.use, params.newName, document, around)),
        params.newName,
      );
    }
    return this.#renameLocal(params);
  }

  #renameLocal(params: Lsp.RenameParams): Lsp.WorkspaceEdit | null {
    const at = this.#at(params);
    const local = at && localAt(at.document, at.offset, this.#engine);
    if (!at || !local) return null;
    if (!isLocalName(params.newName)) throw this.#refusal(`\`${params.newName}\` cannot be the name of a variable in C#`);
    if (params.newName !== local.name && local.taken.has(params.newName))
      throw this.#refusal(`there is a variable \`${params.newName}\` in this expression already`);
    return this.#workspaceEdit({ places: local.spans.map((span) => ({ file: at.open.file, span })) }, params.newName);
  }

  #refusing<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw error instanceof RenameRefused ? this.#refusal(error.message) : error;
    }
  }

  /** Files get their new names behind the changes of text, which go by the old ones. */
  #workspaceEdit({ places, move }: Renaming, newText: string): Lsp.WorkspaceEdit {
    const changes: Record<string, Lsp.TextEdit[]> = {};
    for (const place of places) {
      const { uri, range } = this.#location(place);
      changes[uri] = [...(changes[uri] ?? []), { range, newText }];
    }
    if (!move && !this.#client.workspace?.workspaceEdit?.documentChanges) return { changes };
    const edits = Object.entries(changes).map(([uri, list]): Lsp.TextDocumentEdit => {
      return { textDocument: { uri, version: this.#documents.get(uri)?.version ?? null }, edits: list };
    });
    if (!move) return { documentChanges: edits };
    const rename: Lsp.RenameFile = { kind: 'rename', oldUri: pathToFileURL(move.from).href, newUri: pathToFileURL(move.to).href };
    return { documentChanges: [...edits, rename] };
  }

  /** Undefined for a document that cannot be laid out because it is broken. */
  #layout(params: About, { insertSpaces, tabSize }: Lsp.FormattingOptions) {
    const found = this.#policy(params);
    if (!found || this.#projects.read(found.open.file).problems.some(({ severity }) => severity === 'error')) return undefined;
    const style: PolicyStyle = { ...DEFAULT_STYLE, unit: insertSpaces ? ' '.repeat(tabSize) : '\t' };
    return { ...found, style };
  }

  #format(params: Lsp.DocumentFormattingParams): Lsp.TextEdit[] {
    const found = this.#layout(params, params.options);
    if (!found) return [];
    const { text } = found.open.file;
    const newText = formatPolicy(found.document, found.style);
    return newText === text ? [] : [{ range: found.open.rangeOf(span(0, text.length)), newText }];
  }

  #formatRange(params: Lsp.DocumentRangeFormattingParams): Lsp.TextEdit[] {
    const found = this.#layout(params, params.options);
    if (!found) return [];
    const { open } = found;
    const edit = formattedRange(found.document, span(open.offsetAt(params.range.start), open.offsetAt(params.range.end)), found.style);
    return edit ? [{ range: open.rangeOf(edit.span), newText: edit.text }] : [];
  }

  #formatOnType(params: Lsp.DocumentOnTypeFormattingParams): Lsp.TextEdit[] {
    const at = this.#at(params);
    const tag = at && closingTag(at.document, at.offset);
    return at && tag !== undefined ? [{ range: at.open.rangeOf(span(at.offset)), newText: tag }] : [];
  }

  #actions({ textDocument, range, context }: Lsp.CodeActionParams): Lsp.CodeAction[] {
    const found = this.#policy({ textDocument });
    if (!found) return [];
    const { open, document } = found;
    const problems = this.#diagnostics.last(open);
    const wants = (kind: string) => context.only?.every((only) => kind !== only && !kind.startsWith(`${only}.`)) !== true;
    const at = span(open.offsetAt(range.start), open.offsetAt(range.end));
    const fixes = wants('quickfix') ? repairsFor(document, problems, at) : [];
    const whole = wants(FIX_ALL) ? repairAll(document, problems) : undefined;
    return [
      ...fixes.map(({ title, edits, isPreferred, diagnostic }): Lsp.CodeAction => {
        const changes = { [open.uri]: edits.map((edit) => ({ range: open.rangeOf(edit.span), newText: edit.text })) };
        return { title, kind: 'quickfix', isPreferred, diagnostics: this.#shown(open, [diagnostic]), edit: { changes } };
      }),
      ...(whole === undefined ? [] : [this.#fixAll(open, whole)]),
    ];
  }

  #fixAll(open: OpenText, newText: string): Lsp.CodeAction {
    const edits = [{ range: open.rangeOf(span(0, open.file.text.length)), newText }];
    return { title: 'repair everything that `portico lint --fix` repairs', kind: FIX_ALL, edit: { changes: { [open.uri]: edits } } };
  }

  // ------------------------------------------------------------ tests

  #lenses({ textDocument: { uri } }: Lsp.CodeLensParams): Lsp.CodeLens[] {
    const open = this.#documents.get(uri);
    if (!open || kindOf(open) !== 'test') return [];
    return testLenses(open.file.text).flatMap(({ offset, title, test }): Lsp.CodeLens[] => {
      const range = open.rangeOf(span(offset));
      const args = test === undefined ? [uri] : [uri, test];
      const run = { range, command: { title, command: RUN_TESTS, arguments: args } };
      if (!this.#offersDebug || test === undefined) return [run];
      return [run, { range, command: { title: 'Debug test', command: 'portico.debugTest', arguments: args } }];
    });
  }

  /** A request of our own, for explorers of tests: the tests of a file, open or not, with their places. */
  #tests({ textDocument: { uri } }: About): { readonly name: string; readonly range: Lsp.Range }[] {
    const file = this.#documents.get(uri)?.file ?? this.#projects.textOf(pathOf(uri));
    if (!file) return [];
    return testLenses(file.text).flatMap(({ offset, test }) =>
      test === undefined ? [] : [{ name: test, range: editorRange(file, span(offset), this.#encoding) }],
    );
  }

  /** Runs a test file, or one of its tests, as `portico test` does, and shows the outcome. */
  async #execute({ command, arguments: args = [] }: Lsp.ExecuteCommandParams): Promise<{ code: number; output: string } | null> {
    const [uri, test] = args as readonly unknown[];
    if (command !== RUN_TESTS || typeof uri !== 'string') return null;
    const filter = typeof test === 'string' ? ['--filter', test] : [];
    const result = await runSelf(['test', pathOf(uri), ...filter]);
    this.#connection.console.log(result.output);
    await this.#connection.sendNotification('window/showMessage', { type: result.code === 0 ? 3 : 1, message: lastLine(result.output) });
    return result;
  }

  // ------------------------------------------------------------ places

  #location(place: Location): Lsp.Location {
    const { file, span: at } = outermost(place);
    return { uri: this.#uri(resolve(file.name)), range: editorRange(file, at, this.#encoding) };
  }

  /** As the editor spells it, when the file is open. */
  #uri(path: string): string {
    return this.#documents.all().find(({ file }) => file.name === path)?.uri ?? pathToFileURL(path).href;
  }
}

const WARM_UP =
  '<policies><inbound><base /><set-variable name="a" value="@{ var x = context.Request.Headers.GetValueOrDefault("A", "").Split(\',\'); return x.Where(y => y != "").Select(y => y.Trim()).FirstOrDefault() ?? $"{x.Length}"; }" /><choose><when condition="@(((string)context.Variables["a"]).Length > 3)"><set-body>@(new JObject(new JProperty("a", 1)).ToString())</set-body></when></choose></inbound><backend><base /></backend><outbound><base /></outbound></policies>';

/** An editor that refuses what it said it can do gets less, and the server lives. */
function ignore(): void {}

const WATCHED = ['**/*.xml', '**/*.{yaml,yml}', '**/*.json', '**/*.{js,mjs}'].map((globPattern) => ({ globPattern }));

function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : resolve(uri.replace(/^[\w-]+:\/*/, ''));
}

/** This program with other arguments. */
function runSelf(args: readonly string[]): Promise<{ code: number; output: string }> {
  const script = process.argv[1] ?? '';
  const options = { env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((done) => {
    execFile(process.execPath, [...process.execArgv, script, ...args], options, (error, out, err) => {
      done({ code: error ? Number(error.code ?? 1) : 0, output: `${out}${err}` });
    });
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
