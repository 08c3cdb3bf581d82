/** `portico lsp`: a language server over standard input and output. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import type * as Lsp from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Completion, completionsAt } from '../editor/completion.ts';
import { hoverAt } from '../editor/hover.ts';
import { definitionsAt, isVariableName, type Location, usesOf, variableAt } from '../editor/navigation.ts';
import { Projects } from '../editor/project.ts';
import { testLenses } from '../editor/test-lenses.ts';
import type { LintDiagnostic } from '../lint/lint.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { DEFAULT_STYLE, formatPolicy } from '../workspace/format.ts';
import { readFile } from '../xml/reader.ts';
import type { PolicyDocument } from '../xml/tree.ts';

export function register(program: Command): void {
  program
    .command('lsp')
    .description('language server for editors, over standard input and output')
    .option('--stdio', 'talk over standard input and output: the default, editors pass it')
    .addHelpText('after', '\nExit code: 0 shut down by the editor, 1 the connection broke, 2 wrong use.')
    .action(serve);
}

async function serve(): Promise<void> {
  const [{ createConnection, ProposedFeatures, TextDocuments }, { TextDocument: Text }] = await Promise.all([
    import('vscode-languageserver/node').then(exportsOf),
    import('vscode-languageserver-textdocument').then(exportsOf),
  ]);
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const documents = new TextDocuments(Text);
  new Server(connection, documents).start();
  documents.listen(connection);
  connection.listen();
}

/** In the bundle the exports of a CommonJS package are its default export. */
function exportsOf<T extends object>(module: T): T {
  return (module as { readonly default?: T }).default ?? module;
}

const RUN_TESTS = 'portico.runTests';
const FIX = 'quickfix';

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
const SEVERITIES: Readonly<Record<Diagnostic['severity'], Lsp.DiagnosticSeverity>> = { error: 1, warning: 2, info: 3 };

class Server {
  readonly #connection: Lsp.Connection;
  readonly #documents: Lsp.TextDocuments<TextDocument>;
  readonly #projects = new Projects();
  readonly #pending = new Map<string, NodeJS.Immediate>();
  readonly #findings = new Map<string, readonly Diagnostic[]>();

  constructor(connection: Lsp.Connection, documents: Lsp.TextDocuments<TextDocument>) {
    this.#connection = connection;
    this.#documents = documents;
  }

  start(): void {
    this.#connection.onInitialize(() => ({ capabilities: CAPABILITIES, serverInfo: { name: 'portico' } }));
    // The first document pays for the type tables and for code that never ran: better while the editor still starts.
    this.#connection.onInitialized(() => {
      setImmediate(() => this.#projects.diagnose('warm-up.xml', WARM_UP));
    });
    this.#documents.onDidChangeContent(({ document }) => this.#diagnoseSoon(document));
    this.#documents.onDidClose(({ document }) => this.#close(document));
    this.#documents.onDidSave(() => this.#reload());
    this.#connection.onDidChangeWatchedFiles(() => this.#reload());
    this.#connection.onCompletion((params) => this.#complete(params));
    this.#connection.onHover((params) => this.#hover(params));
    this.#connection.onDefinition((params) => this.#define(params));
    this.#connection.onReferences((params) => this.#uses(params));
    this.#connection.onPrepareRename((params) => this.#prepareRename(params));
    this.#connection.onRenameRequest((params) => this.#rename(params));
    this.#connection.onDocumentFormatting((params) => this.#format(params));
    this.#connection.onCodeAction((params) => this.#fixes(params));
    this.#connection.onCodeLens((params) => this.#lenses(params));
    this.#connection.onExecuteCommand((params) => this.#execute(params));
  }

  // ------------------------------------------------------------ diagnostics

  /** Keystrokes that come in together are answered once. */
  #diagnoseSoon(document: TextDocument): void {
    const waiting = this.#pending.get(document.uri);
    if (waiting) clearImmediate(waiting);
    this.#pending.set(
      document.uri,
      setImmediate(() => this.#diagnose(document)),
    );
  }

  #diagnose(document: TextDocument): void {
    this.#pending.delete(document.uri);
    if (!isPolicyFile(document.uri)) return;
    const path = pathOf(document.uri);
    const { problems } = this.#projects.diagnose(path, document.getText());
    this.#findings.set(document.uri, problems);
    const diagnostics = problems.map((problem) => diagnosticOf(problem, document));
    void this.#connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
  }

  #close({ uri }: TextDocument): void {
    clearImmediate(this.#pending.get(uri));
    this.#pending.delete(uri);
    this.#findings.delete(uri);
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #reload(): void {
    this.#projects.forget();
    for (const document of this.#documents.all()) this.#diagnoseSoon(document);
  }

  // ------------------------------------------------------------ questions

  #read({ textDocument }: { readonly textDocument: { readonly uri: string } }) {
    const document = this.#documents.get(textDocument.uri);
    if (document === undefined || !isPolicyFile(document.uri)) return undefined;
    const path = pathOf(document.uri);
    const policy: PolicyDocument = readFile(new SourceFile(path, document.getText())).document;
    return { document, policy, path, workspace: this.#projects.workspaceOf(path) };
  }

  #complete(params: Lsp.CompletionParams): Lsp.CompletionItem[] {
    const open = this.#read(params);
    if (!open) return [];
    const setting = { engine: this.#projects.expressions.engine, workspace: open.workspace };
    return completionsAt(open.policy, open.document.offsetAt(params.position), setting).map(completionItem);
  }

  #hover(params: Lsp.HoverParams): Lsp.Hover | null {
    const open = this.#read(params);
    const hover = open && hoverAt(open.policy, open.document.offsetAt(params.position), this.#projects.expressions.engine, open.workspace);
    return open && hover ? { contents: { kind: 'markdown', value: hover.text }, range: rangeIn(open.document, hover.span) } : null;
  }

  #define(params: Lsp.DefinitionParams): Lsp.Location[] {
    const open = this.#read(params);
    if (!open) return [];
    return definitionsAt(open.policy, open.document.offsetAt(params.position), open.workspace, readText).map(locationOf);
  }

  #uses(params: Lsp.ReferenceParams): Lsp.Location[] {
    const open = this.#read(params);
    const name = open && variableAt(open.policy, open.document.offsetAt(params.position));
    return open && name !== undefined ? usesOf(open.policy, name, open.workspace).map(locationOf) : [];
  }

  #prepareRename(params: Lsp.PrepareRenameParams): { range: Lsp.Range; placeholder: string } | null {
    const open = this.#read(params);
    if (!open) return null;
    const offset = open.document.offsetAt(params.position);
    const name = variableAt(open.policy, offset);
    if (name === undefined) return null;
    const use = usesOf(open.policy, name, undefined).find(({ span }) => span.start <= offset && offset <= span.end);
    return use ? { range: rangeIn(open.document, use.span), placeholder: name } : null;
  }

  #rename(params: Lsp.RenameParams): Lsp.WorkspaceEdit | null {
    const open = this.#read(params);
    const name = open && variableAt(open.policy, open.document.offsetAt(params.position));
    if (!open || name === undefined) return null;
    if (!isVariableName(params.newName)) throw new Error(`\`${params.newName}\` cannot be the name of a variable`);
    const changes: Record<string, Lsp.TextEdit[]> = {};
    for (const use of usesOf(open.policy, name, open.workspace)) {
      const { uri, range } = locationOf(use);
      changes[uri] = [...(changes[uri] ?? []), { range, newText: params.newName }];
    }
    return { changes };
  }

  #format(params: Lsp.DocumentFormattingParams): Lsp.TextEdit[] {
    const open = this.#read(params);
    if (!open || this.#findings.get(open.document.uri)?.some(({ code }) => code.startsWith('PTC00') && code !== 'PTC0013')) return [];
    const unit = params.options.insertSpaces ? ' '.repeat(params.options.tabSize) : '\t';
    const text = formatPolicy(open.policy, { ...DEFAULT_STYLE, unit });
    const whole = { start: open.document.positionAt(0), end: open.document.positionAt(open.document.getText().length) };
    return text === open.document.getText() ? [] : [{ range: whole, newText: text }];
  }

  /** Repairs of lint rules. */
  #fixes(params: Lsp.CodeActionParams): Lsp.CodeAction[] {
    const document = this.#documents.get(params.textDocument.uri);
    if (!document) return [];
    const from = document.offsetAt(params.range.start);
    const to = document.offsetAt(params.range.end);
    const findings = (this.#findings.get(document.uri) ?? []) as readonly Partial<LintDiagnostic>[];
    return findings.flatMap(({ fix, span, help }) => {
      if (fix === undefined || span === undefined || span.end < from || span.start > to) return [];
      const edits = fix.map((edit) => ({ range: rangeIn(document, edit.span), newText: edit.text }));
      return [{ title: help ?? 'Repair', kind: FIX, edit: { changes: { [document.uri]: edits } } }];
    });
  }

  // ------------------------------------------------------------ tests

  #lenses({ textDocument: { uri } }: Lsp.CodeLensParams): Lsp.CodeLens[] {
    const document = this.#documents.get(uri);
    if (!document || !/\.test\.ya?ml$/i.test(uri)) return [];
    return testLenses(document.getText()).map(({ offset, title, test }) => {
      const at = document.positionAt(offset);
      return { range: { start: at, end: at }, command: { title, command: RUN_TESTS, arguments: test === undefined ? [uri] : [uri, test] } };
    });
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
}

const WARM_UP =
  '<policies><inbound><base /><set-variable name="a" value="@{ var x = context.Request.Headers.GetValueOrDefault("A", "").Split(\',\'); return x.Where(y => y != "").Select(y => y.Trim()).FirstOrDefault() ?? $"{x.Length}"; }" /><choose><when condition="@(((string)context.Variables["a"]).Length > 3)"><set-body>@(new JObject(new JProperty("a", 1)).ToString())</set-body></when></choose></inbound><backend><base /></backend><outbound><base /></outbound></policies>';

const CAPABILITIES: Lsp.ServerCapabilities = {
  // Whole texts: a policy document is small.
  textDocumentSync: { openClose: true, change: 1, save: true },
  completionProvider: { triggerCharacters: ['<', '.', '"', ' ', '{', '/'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [FIX] },
  codeLensProvider: {},
  executeCommandProvider: { commands: [RUN_TESTS] },
};

function isPolicyFile(uri: string): boolean {
  return /\.(?:xml|cshtml)$/i.test(uri);
}

function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : resolve(uri.replace(/^\w+:\/*/, ''));
}

function rangeIn(document: TextDocument, { start, end }: Span): Lsp.Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

function locationOf({ file, span }: Location): Lsp.Location {
  const position = (offset: number): Lsp.Position => {
    const { line, column } = file.positionAt(offset);
    return { line: line - 1, character: column - 1 };
  };
  return { uri: pathToFileURL(resolve(file.name)).href, range: { start: position(span.start), end: position(span.end) } };
}

function diagnosticOf({ code, severity, message, help, span, related = [] }: Diagnostic, document: TextDocument): Lsp.Diagnostic {
  return {
    range: rangeIn(document, span),
    severity: SEVERITIES[severity],
    code,
    source: 'portico',
    message: help === undefined ? message : `${message}\n${help}`,
    relatedInformation: related.map((place) => ({ location: locationOf(place), message: place.message })),
  };
}

function completionItem({ label, kind, detail, documentation, snippet }: Completion): Lsp.CompletionItem {
  return {
    label,
    kind: COMPLETION_KINDS[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: { kind: 'markdown', value: documentation } }),
    ...(snippet === undefined ? {} : { insertText: snippet, insertTextFormat: 2 }),
  };
}

function readText(path: string): SourceFile | undefined {
  return existsSync(path) ? new SourceFile(path, readFileSync(path, 'utf8')) : undefined;
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
