/** Linting paths, for `portico lint` and as a part of `portico check`. What reads YAML loads only where there is a directory or a configuration. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentVariable } from '../host/node-environment.ts';
import { customRulesOf, type LintConfig, readLintConfig, reportUnknownRules, unknownRule } from '../lint/config.ts';
import { type LintDiagnostic, type LintSeverity, lintAlone, lintWorkspace } from '../lint/lint.ts';
import type { CustomRule } from '../lint/model.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { danglingReference } from '../workspace/faults.ts';
import type { Workspace } from '../workspace/model.ts';
import { readFile } from '../xml/reader.ts';
import { UsageError } from './output.ts';
import { policyFilesIn, shownName, sourceOf, textOf } from './policy-files.ts';
import { directoryAround, type StandardInput } from './standard-input.ts';

export interface LintRequest {
  /** Files alone, without the directory they lie in. */
  readonly standalone?: boolean;
  /** A file with a `lint` section; default: portico.yaml of the directory, or where the user stands. */
  readonly config?: string;
  readonly plugins?: readonly string[];
  /** Entry of `environments` in portico.yaml. */
  readonly env?: string | undefined;
  /** What `-` among the paths stands for. */
  readonly stdin?: StandardInput | undefined;
  /** What comments silence is among the findings, marked. */
  readonly keepSilenced?: boolean;
  /** By code or name, over what the configuration says. */
  readonly severities?: ReadonlyMap<string, LintSeverity>;
}

export interface LintResult {
  readonly documents: number;
  readonly findings: readonly LintDiagnostic[];
  /** Mistakes of configuration, and documents that could not be read. */
  readonly problems: readonly Diagnostic[];
  /** Those of configuration alone. */
  readonly settings: readonly Diagnostic[];
  /** The policy directories among the paths. */
  readonly workspaces: readonly Workspace[];
  readonly custom: readonly CustomRule[];
}

export async function lintPaths(paths: readonly string[], request: LintRequest): Promise<LintResult> {
  const results: LintResult[] = [];
  for (const path of paths) {
    if (path !== '-' && !existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
    results.push(await lintPath(path, request));
  }
  return {
    documents: results.reduce((sum, { documents }) => sum + documents, 0),
    findings: inDocumentOrder(results.flatMap(({ findings }) => findings)) as LintDiagnostic[],
    problems: results.flatMap(({ problems }) => problems),
    settings: results.flatMap(({ settings }) => settings),
    workspaces: results.flatMap(({ workspaces }) => workspaces),
    custom: results.flatMap(({ custom }) => custom),
  };
}

async function lintPath(path: string, request: LintRequest): Promise<LintResult> {
  const stdin = path === '-' ? request.stdin : undefined;
  const isDirectory = !stdin && statSync(path).isDirectory();
  const root = request.standalone ? undefined : rootOf(path, isDirectory, stdin);
  const setup = await configure(root, request);
  if (root === undefined)
    return { ...setup.shared, ...lintFiles(stdin ? [stdin] : (isDirectory ? policyFilesIn(path) : [path]).map(sourceOf), setup) };
  const { loadWorkspace } = await import('../workspace/load.ts');
  const loaded = loadWorkspace(root, { environment: (name) => environmentVariable(name), environmentName: request.env });
  const unknown = request.env === undefined ? [] : unknownEnvironment(loaded, request.env);
  const shared = { ...setup.shared, problems: [...setup.shared.problems, ...unknown] };
  if (stdin) return { ...shared, ...(await lintOpenDocument(loaded, stdin, setup)) };
  const findings = lintWorkspace(loaded, setup);
  const name = shownName(path);
  const unread = unreadDocuments(loaded).filter(({ file }) => isDirectory || file.name === name);
  const all = { ...shared, problems: [...shared.problems, ...unread], workspaces: [loaded] };
  if (isDirectory) return { ...all, documents: loaded.files.filter((file) => /\.xml$/i.test(file)).length, findings };
  return { ...all, documents: 1, findings: findings.filter(({ file }) => file.name === name) };
}

function rootOf(path: string, isDirectory: boolean, stdin: StandardInput | undefined): string | undefined {
  if (stdin) return directoryAround(stdin);
  return isDirectory ? resolve(path) : enclosingDirectory(resolve(path));
}

/** Standard input in place of the file that it stands for; alone where the directory does not have that. */
async function lintOpenDocument(
  loaded: Workspace,
  { file }: StandardInput,
  setup: Setup,
): Promise<Pick<LintResult, 'documents' | 'findings' | 'problems'>> {
  const { document, problems } = readFile(file);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { documents: 1, findings: [], problems: [...setup.shared.problems, ...errors] };
  const { overlaid } = await import('../editor/overlay.ts');
  const { policyDocuments } = await import('../workspace/documents.ts');
  const workspace = overlaid(loaded, new Map([[resolve(file.name), document]]));
  const findings = policyDocuments(workspace).includes(document) ? lintWorkspace(workspace, setup) : lintAlone(document, setup);
  return { documents: 1, findings: findings.filter((finding) => finding.file === file), problems: setup.shared.problems };
}

/** As `portico check` tells it. */
function unknownEnvironment({ problems }: Workspace, name: string): Diagnostic[] {
  const { message } = danglingReference('environment', name);
  return problems.filter((problem) => problem.message === message);
}

interface Setup extends Pick<LintConfig, 'severities'> {
  readonly keepSilenced: boolean;
  readonly custom: readonly CustomRule[];
  readonly shared: Pick<LintResult, 'problems' | 'settings' | 'workspaces' | 'custom'>;
}

async function configure(root: string | undefined, request: LintRequest): Promise<Setup> {
  const problems: Diagnostic[] = [];
  const file = request.config ?? [join(root ?? '.', 'portico.yaml'), 'portico.yaml'].find((name) => existsSync(name));
  const config = file === undefined ? undefined : await configIn(file, problems);
  const base = file === undefined ? '.' : dirname(file);
  const plugins = [...(config?.plugins ?? []).map((name) => resolve(base, name)), ...(request.plugins ?? []).map((name) => resolve(name))];
  const custom = (await Promise.all(plugins.map(loadPlugin))).flat();
  const severities = new Map([...(config?.severities ?? []), ...(request.severities ?? [])]);
  if (config) reportUnknownRules(config, custom);
  for (const id of request.severities?.keys() ?? []) {
    const wrong = unknownRule(id, custom);
    if (wrong !== undefined) throw new UsageError(wrong);
  }
  return {
    severities,
    custom,
    keepSilenced: request.keepSilenced ?? false,
    shared: { problems, settings: problems, workspaces: [], custom },
  };
}

async function configIn(file: string, problems: Diagnostic[]): Promise<LintConfig> {
  const { readConfig } = await import('../workspace/config-file.ts');
  const root = readConfig(
    textOf(file),
    shownName(file),
    (problem) => problems.push(problem),
    (name) => environmentVariable(name),
  );
  return readLintConfig(root.get('lint'));
}

async function loadPlugin(file: string): Promise<readonly CustomRule[]> {
  if (!existsSync(file)) throw new UsageError(`the plugin \`${shownName(file)}\` cannot be used: there is no such file`);
  const rules = await import(pathToFileURL(file).href).then(customRulesOf, (error: unknown) =>
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
  if (typeof rules === 'string') throw new UsageError(`the plugin \`${shownName(file)}\` cannot be used: ${rules}`);
  return rules;
}

function lintFiles(
  sources: readonly { readonly file: SourceFile; readonly problems?: readonly Diagnostic[] }[],
  setup: Setup,
): Pick<LintResult, 'documents' | 'findings' | 'problems'> {
  const problems: Diagnostic[] = [...setup.shared.problems];
  const findings = sources.flatMap(({ file, problems: unread = [] }) => {
    const read = readFile(file);
    const errors = unread.length > 0 ? unread : read.problems.filter(({ severity }) => severity === 'error');
    problems.push(...errors);
    return errors.length > 0 ? [] : lintAlone(read.document, setup);
  });
  return { documents: sources.length, findings, problems };
}

/** What cannot be read, or is not there at all, is not looked at: these errors stand for what would have been found. */
function unreadDocuments({ problems }: Workspace): Diagnostic[] {
  return problems.filter(
    ({ code, severity, file }) =>
      severity === 'error' && (/^PTC500[19]$/.test(code) || (code.startsWith('PTC0') && /\.xml$/i.test(file.name))),
  );
}
