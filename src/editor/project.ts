/** What an editor knows about the folder of a document: scopes, named values, fragments, backends. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CompileExpression, CompileResult } from '../csharp/compile.ts';
import type { ScopeName } from '../exchange/events.ts';
import { environmentVariable } from '../host/node-environment.ts';
import { parseCode } from '../lint/code.ts';
import { lintAlone, lintDocument, lintOperations } from '../lint/lint.ts';
import type { ParseCode, ParsedCode } from '../lint/model.ts';
import { checkDocument } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { policyNamed } from '../policies/registry.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { MappedText } from '../source/mapped-text.ts';
import { nearestName } from '../source/nearest.ts';
import { SourceFile } from '../source/source-file.ts';
import { allowing } from '../workspace/allowed-members.ts';
import { scopedDocuments } from '../workspace/documents.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import type { ParsedFiles } from '../workspace/files.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace } from '../workspace/model.ts';
import { type ReadResult, readFile } from '../xml/reader.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import { LintSetups, NO_SETUP } from './lint-setup.ts';
import { NamesByDocument } from './names.ts';
import type { Surroundings } from './navigation.ts';
import { type OpenDocuments, overlaid } from './overlay.ts';
import { Recent } from './recent.ts';
import { SemanticTokens } from './semantic-tokens.ts';

/** All open folders; shared tables are made once. */
export class Projects {
  readonly expressions: Expressions = createExpressions();
  readonly names = new NamesByDocument();
  readonly tokens = new SemanticTokens(this.expressions.engine);
  readonly #workspaces = new Map<string, Workspace>();
  readonly #files = new Map<string, ParsedFiles>();
  readonly #setups: LintSetups;
  readonly #open = new Map<string, SourceFile>();
  readonly #reads = new WeakMap<SourceFile, ReadResult>();
  #overlaid = new WeakMap<Workspace, Workspace>();
  readonly #otherFiles = new Map<string, readonly string[]>();
  readonly #compiled = new Recent<CompileResult>();
  readonly #parsed = new Recent<ParsedCode>();

  /** `pluginsLoaded` is told when more rules are there than the last diagnostics knew, and what is wrong with plugins. */
  constructor(pluginsLoaded: (problems: readonly string[]) => void = () => undefined) {
    this.#setups = new LintSetups(pluginsLoaded);
  }

  /** The policy directory around a file as it is on disk, loaded when first asked for. */
  workspaceOf(path: string): Workspace | undefined {
    const root = enclosingDirectory(path);
    if (root === undefined) return undefined;
    const known = this.#workspaces.get(root) ?? this.#load(root);
    this.#workspaces.set(root, known);
    return known;
  }

  /** Of what was read before, files with the same text are not parsed again. */
  #load(root: string): Workspace {
    const before = this.#files.get(root) ?? new Map();
    const workspace = loadWorkspace(root, { environment: (name) => environmentVariable(name), before });
    if (workspace.parsed) this.#files.set(root, workspace.parsed);
    return workspace;
  }

  /** The same with what is open in the editor. */
  currentWorkspaceOf(path: string): Workspace | undefined {
    const workspace = this.workspaceOf(path);
    if (workspace === undefined) return undefined;
    const known = this.#overlaid.get(workspace) ?? overlaid(workspace, this.#openDocuments());
    this.#overlaid.set(workspace, known);
    return known;
  }

  #openDocuments(): OpenDocuments {
    const policies = [...this.#open].filter(([path]) => /\.(?:xml|cshtml)$/i.test(path));
    return new Map(policies.map(([path, file]) => [path, this.read(file).document]));
  }

  /** The text of a file as it stands in an editor; undefined when it was closed. */
  opened(path: string, file: SourceFile | undefined): void {
    if (file) this.#open.set(resolve(path), file);
    else this.#open.delete(resolve(path));
    this.#overlaid = new WeakMap();
  }

  /** Files changed on disk: folders are read again when they are next asked for. */
  forget(): void {
    this.#workspaces.clear();
    this.#overlaid = new WeakMap();
    this.#otherFiles.clear();
    this.#setups.forget();
  }

  around(path: string): Surroundings {
    const workspace = this.currentWorkspaceOf(path);
    return {
      workspace,
      names: this.names,
      read: (name) => this.textOf(name),
      otherFiles: () => (workspace ? this.otherFilesOf(workspace.root) : []),
    };
  }

  /** Undefined when there is no such file, or when it is too large to hold names. */
  textOf(path: string): SourceFile | undefined {
    const open = this.#open.get(resolve(path));
    if (open) return open;
    const facts = statSync(path, { throwIfNoEntry: false });
    return facts?.isFile() && facts.size < LARGEST ? new SourceFile(path, readFileSync(path, 'utf8')) : undefined;
  }

  /** Tests of a directory, and the configuration of its publisher. */
  otherFilesOf(root: string): readonly string[] {
    const known = this.#otherFiles.get(root) ?? filesUnder(root, /\.test\.ya?ml$|^configuration[\w.-]*\.ya?ml$/i);
    this.#otherFiles.set(root, known);
    return known;
  }

  read(file: SourceFile): ReadResult {
    const known = this.#reads.get(file) ?? readFile(file);
    this.#reads.set(file, known);
    return known;
  }

  /** Everything wrong with a text of a file, and what `portico lint` says about the document by itself. */
  diagnose(path: string, text: string | SourceFile): { readonly read: ReadResult; readonly problems: readonly Diagnostic[] } {
    const read = this.read(typeof text === 'string' ? new SourceFile(path, text) : text);
    const workspace = this.currentWorkspaceOf(path);
    if (workspace === undefined && isForeign(read.document, path)) return { read, problems: [] };
    const scope = workspace && scopeOf(workspace, path);
    const own = read.document.elements.length > 0 ? checkDocument(read.document, scope, this.environment(workspace)) : [];
    const found = [...read.problems, ...own].filter(({ file }) => file === read.document.file);
    const broken = read.problems.some(({ severity }) => severity === 'error');
    const options = { parse: this.#parse, ...(workspace ? this.#setups.of(workspace.root) : NO_SETUP) };
    const findings = broken ? [] : scope === undefined ? lintAlone(read.document, options) : lintDocument(read.document, scope, options);
    return { read, problems: inDocumentOrder([...found, ...findings]) };
  }

  /** What rules find that need all of the directory, in one of its files. */
  diagnoseOperations(path: string, file: SourceFile): readonly Diagnostic[] {
    const workspace = this.currentWorkspaceOf(path);
    if (workspace === undefined || this.read(file).problems.some(({ severity }) => severity === 'error')) return [];
    const options = { parse: this.#parse, ...this.#setups.of(workspace.root) };
    return lintOperations(workspace, options).filter((finding) => finding.file === file);
  }

  environment(workspace: Workspace | undefined): PolicyEnvironment {
    const standalone = workspace === undefined;
    return {
      engine: allowing(this.expressions, workspace?.local.allowedMembers).engine,
      compileExpression: this.#compile,
      namedValues: new Map(
        [...(workspace?.namedValues ?? [])].map(([name, { value, secret }]) => [name, { value: value ?? '', secret }] as const),
      ),
      fragments: workspace?.fragments ?? new Map(),
      services: {
        backend: () => undefined,
        hasBackend: (id) => standalone || workspace.backends.has(id),
        hasCertificate: (id) =>
          standalone || workspace.certificates.has(id) || workspace.exportedCertificates?.has(id.toLowerCase()) === true,
        tokens: undefined,
        gates: new Map(),
      },
      standalone,
      lenient: false,
    };
  }

  readonly #parse: ParseCode = (text, kind) => this.#parsed.get(`${kind} ${text}`, () => parseCode(text, kind));

  /** The same text means the same wherever it stands: only what changed is compiled at a keystroke. */
  readonly #compile: CompileExpression = (code, kind, engine, returnType = 'object') => {
    const key = `${kind} ${returnType} ${[...(engine.allowed ?? [])].join()} ${code.text}`;
    const known = this.#compiled.get(key, () => this.expressions.compile(MappedText.of(code.text), kind, engine, returnType));
    return { ...known, diagnostics: known.diagnostics.map((one) => ({ ...one, file: code.file, span: code.sourceSpan(one.span) })) };
  };
}

/** Editors send every XML file: build files and the like are not ours to judge. */
function isForeign({ kind, elements: [root] }: PolicyDocument, path: string): boolean {
  if (kind !== 'bare' || root === undefined || /polic/i.test(basename(path))) return false;
  return policyNamed(root.name) === undefined && nearestName(root.name, ROOTS) === undefined;
}

const ROOTS = ['policies', 'fragment', 'inbound', 'backend', 'outbound', 'on-error'];

/** Largest file that is looked through for names. */
const LARGEST = 1024 * 1024;
/** Most folders that are looked into. */
const MOST_FOLDERS = 2000;

/** Files whose names fit, without those of packages and of version control. */
function filesUnder(root: string, name: RegExp): string[] {
  const found: string[] = [];
  const folders = [root];
  for (let i = 0; i < folders.length && i < MOST_FOLDERS; i += 1) {
    for (const entry of entriesIn(folders[i] ?? root)) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && name.test(entry.name)) found.push(path);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) folders.push(path);
    }
  }
  return found;
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The scope of a file in its directory. */
function scopeOf(workspace: Workspace, path: string): ScopeName | undefined {
  return scopedDocuments(workspace).find(({ document }) => resolve(document.file.name) === resolve(path))?.scope;
}
