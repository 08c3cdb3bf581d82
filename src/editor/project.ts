/** What an editor knows about the folder of a document: scopes, named values, fragments, backends. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CompileExpression, CompileResult } from '../csharp/compile.ts';
import type { ScopeName } from '../exchange/events.ts';
import { parseCode } from '../lint/code.ts';
import { readLintConfig } from '../lint/config.ts';
import { type LintSeverity, lintAlone, lintDocument } from '../lint/lint.ts';
import type { ParseCode, ParsedCode } from '../lint/model.ts';
import { checkDocument } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { policyNamed } from '../policies/registry.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { MappedText } from '../source/mapped-text.ts';
import { nearestName } from '../source/nearest.ts';
import { SourceFile } from '../source/source-file.ts';
import { readConfig } from '../workspace/config-file.ts';
import { scopedDocuments } from '../workspace/documents.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { enclosingDirectory } from '../workspace/files.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace } from '../workspace/model.ts';
import { type ReadResult, readFile } from '../xml/reader.ts';
import type { PolicyDocument } from '../xml/tree.ts';

/** Most results that are kept: a document of this many expressions is compiled once. */
const MOST_KEPT = 2000;

/** All open folders; shared tables are made once. */
export class Projects {
  readonly expressions: Expressions = createExpressions();
  readonly #workspaces = new Map<string, Workspace>();
  readonly #severities = new Map<string, ReadonlyMap<string, LintSeverity>>();
  readonly #compiled = new Recent<CompileResult>();
  readonly #parsed = new Recent<ParsedCode>();

  /** The policy directory around a file, loaded when first asked for. */
  workspaceOf(path: string): Workspace | undefined {
    const root = enclosingDirectory(path);
    if (root === undefined) return undefined;
    const known = this.#workspaces.get(root) ?? loadWorkspace(root, { environment: (name) => process.env[name] });
    this.#workspaces.set(root, known);
    return known;
  }

  /** Files changed on disk: folders are read again when they are next asked for. */
  forget(): void {
    this.#workspaces.clear();
    this.#severities.clear();
  }

  /** What portico.yaml says about the rules of `portico lint`; its mistakes are for `portico check` to tell. */
  #severitiesIn(root: string): ReadonlyMap<string, LintSeverity> {
    const known = this.#severities.get(root) ?? readSeverities(join(root, 'portico.yaml'));
    this.#severities.set(root, known);
    return known;
  }

  /** Everything wrong with the text of a file as it stands in the editor, and what `portico lint` says. */
  diagnose(path: string, text: string): { readonly read: ReadResult; readonly problems: readonly Diagnostic[] } {
    const read = readFile(new SourceFile(path, text));
    const workspace = this.workspaceOf(path);
    if (workspace === undefined && isForeign(read.document, path)) return { read, problems: [] };
    const scope = workspace && scopeOf(workspace, path);
    const own = read.document.elements.length > 0 ? checkDocument(read.document, scope, this.environment(workspace)) : [];
    const found = [...read.problems, ...own].filter(({ file }) => file === read.document.file);
    const broken = read.problems.some(({ severity }) => severity === 'error');
    const options = { parse: this.#parse, severities: workspace ? this.#severitiesIn(workspace.root) : new Map() };
    const findings = broken ? [] : scope === undefined ? lintAlone(read.document, options) : lintDocument(read.document, scope, options);
    return { read, problems: inDocumentOrder([...found, ...findings]) };
  }

  environment(workspace: Workspace | undefined): PolicyEnvironment {
    const standalone = workspace === undefined;
    return {
      engine: this.expressions.engine,
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
    const key = `${kind} ${returnType} ${code.text}`;
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

function readSeverities(file: string): ReadonlyMap<string, LintSeverity> {
  if (!existsSync(file)) return new Map();
  const root = readConfig(
    readFileSync(file, 'utf8'),
    file,
    () => undefined,
    (name) => process.env[name],
  );
  return readLintConfig(root.get('lint')).severities;
}

/** Results by text, as many as were asked for last. */
class Recent<T> {
  readonly #results = new Map<string, T>();

  get(key: string, make: () => T): T {
    const result = this.#results.get(key) ?? make();
    this.#results.delete(key);
    this.#results.set(key, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > MOST_KEPT && oldest !== undefined) this.#results.delete(oldest);
    return result;
  }
}

/** The scope of a file in its directory. */
function scopeOf(workspace: Workspace, path: string): ScopeName | undefined {
  return scopedDocuments(workspace).find(({ document }) => resolve(document.file.name) === resolve(path))?.scope;
}
