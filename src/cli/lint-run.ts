/** Linting paths, for `portico lint` and as a part of `portico check`. What reads YAML loads only where there is a directory or a configuration. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { customRulesOf, type LintConfig, readLintConfig, unknownRule } from '../lint/config.ts';
import { type LintDiagnostic, type LintSeverity, lintAlone, lintWorkspace } from '../lint/lint.ts';
import type { CustomRule } from '../lint/model.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { enclosingDirectory } from '../workspace/files.ts';
import type { Workspace } from '../workspace/model.ts';
import { readFile } from '../xml/reader.ts';
import { UsageError } from './output.ts';
import { policyFilesIn, shownName, sourceOf, textOf } from './policy-files.ts';

export interface LintRequest {
  /** Files alone, without the directory they lie in. */
  readonly standalone?: boolean;
  /** A file with a `lint` section; default: portico.yaml of the directory, or where the user stands. */
  readonly config?: string;
  readonly plugins?: readonly string[];
  /** By code or name, over what the configuration says. */
  readonly severities?: ReadonlyMap<string, LintSeverity>;
}

export interface LintResult {
  readonly documents: number;
  readonly findings: readonly LintDiagnostic[];
  /** Mistakes of configuration, and documents that could not be read. */
  readonly problems: readonly Diagnostic[];
  /** The policy directories among the paths. */
  readonly workspaces: readonly Workspace[];
  readonly custom: readonly CustomRule[];
}

export async function lintPaths(paths: readonly string[], request: LintRequest): Promise<LintResult> {
  const results: LintResult[] = [];
  for (const path of paths) {
    if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
    results.push(await lintPath(path, request));
  }
  return {
    documents: results.reduce((sum, { documents }) => sum + documents, 0),
    findings: inDocumentOrder(results.flatMap(({ findings }) => findings)) as LintDiagnostic[],
    problems: results.flatMap(({ problems }) => problems),
    workspaces: results.flatMap(({ workspaces }) => workspaces),
    custom: results.flatMap(({ custom }) => custom),
  };
}

async function lintPath(path: string, request: LintRequest): Promise<LintResult> {
  const isDirectory = statSync(path).isDirectory();
  const root = request.standalone ? undefined : isDirectory ? resolve(path) : enclosingDirectory(resolve(path));
  const setup = await configure(root, request);
  if (root === undefined) return { ...setup.shared, ...lintFiles(isDirectory ? policyFilesIn(path) : [path], setup) };
  const { loadWorkspace } = await import('../workspace/load.ts');
  const workspace = loadWorkspace(root, { environment: (name) => process.env[name] });
  const findings = lintWorkspace(workspace, setup);
  const name = shownName(path);
  const unread = unreadDocuments(workspace).filter(({ file }) => isDirectory || file.name === name);
  const all = { ...setup.shared, problems: [...setup.shared.problems, ...unread], workspaces: [workspace] };
  if (isDirectory) return { ...all, documents: workspace.files.filter((file) => /\.xml$/i.test(file)).length, findings };
  return { ...all, documents: 1, findings: findings.filter(({ file }) => file.name === name) };
}

interface Setup extends Pick<LintConfig, 'severities'> {
  readonly custom: readonly CustomRule[];
  readonly shared: Pick<LintResult, 'problems' | 'workspaces' | 'custom'>;
}

async function configure(root: string | undefined, request: LintRequest): Promise<Setup> {
  const problems: Diagnostic[] = [];
  const file = request.config ?? [join(root ?? '.', 'portico.yaml'), 'portico.yaml'].find((name) => existsSync(name));
  const config = file === undefined ? undefined : await configIn(file, problems);
  const base = file === undefined ? '.' : dirname(file);
  const plugins = [...(config?.plugins ?? []).map((name) => resolve(base, name)), ...(request.plugins ?? []).map((name) => resolve(name))];
  const custom = (await Promise.all(plugins.map(loadPlugin))).flat();
  const severities = new Map([...(config?.severities ?? []), ...(request.severities ?? [])]);
  for (const id of severities.keys()) {
    const wrong = unknownRule(id, custom);
    if (wrong !== undefined) throw new UsageError(file === undefined ? wrong : `${shownName(file)}: ${wrong}`);
  }
  return { severities, custom, shared: { problems, workspaces: [], custom } };
}

async function configIn(file: string, problems: Diagnostic[]): Promise<LintConfig> {
  const { readConfig } = await import('../workspace/config-file.ts');
  const root = readConfig(
    textOf(file),
    shownName(file),
    (problem) => problems.push(problem),
    (name) => process.env[name],
  );
  return readLintConfig(root.get('lint'));
}

async function loadPlugin(file: string): Promise<readonly CustomRule[]> {
  const rules = await import(pathToFileURL(file).href).then(customRulesOf, (error: unknown) => String(error));
  if (typeof rules === 'string') throw new UsageError(`the plugin \`${shownName(file)}\` cannot be used: ${rules}`);
  return rules;
}

function lintFiles(paths: readonly string[], setup: Setup): Pick<LintResult, 'documents' | 'findings' | 'problems'> {
  const problems: Diagnostic[] = [...setup.shared.problems];
  const findings = paths.flatMap((path) => {
    const source = sourceOf(path);
    const read = readFile(source.file);
    const errors = source.problems.length > 0 ? source.problems : read.problems.filter(({ severity }) => severity === 'error');
    problems.push(...errors);
    return errors.length > 0 ? [] : lintAlone(read.document, setup);
  });
  return { documents: paths.length, findings, problems };
}

/** A document that cannot be read is not looked at: its errors stand for what would have been found. */
function unreadDocuments({ problems }: Workspace): Diagnostic[] {
  return problems.filter(({ code, severity, file }) => severity === 'error' && /^PTC(?:0|5001)/.test(code) && /\.xml$/i.test(file.name));
}
