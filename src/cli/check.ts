/** `portico check`: everything that Azure would refuse, with the place and what to write instead. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { checkDocument } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import type { GatewayKind } from '../policies/definition.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';
import { enclosingDirectory } from '../workspace/enclosing-directory.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { remembering } from '../workspace/remembered-expressions.ts';
import { readFile } from '../xml/reader.ts';
import { EXIT, formatProblems, PROBLEM_FORMATS, type ProblemFormat, painter, UsageError } from './output.ts';
import { isTemplateFile, policyFilesIn, shownName, sourceOf } from './policy-files.ts';
import type { ProfileFound } from './profile.ts';
import {
  directoryAround,
  type StandardInput,
  type StdinOptions,
  standardInput,
  withStandardInput,
  withStdinFilename,
} from './standard-input.ts';

interface CheckOptions extends StdinOptions {
  readonly format: ProblemFormat;
  readonly standalone?: boolean;
  readonly anyMember?: boolean;
  readonly lenient?: boolean;
  readonly lint: boolean;
  readonly env?: string;
  readonly verbose?: boolean;
  readonly profile?: GatewayKind;
}

export function register(program: Command): void {
  withStdinFilename(
    program
      .command('check [path...]')
      .description('find everything that Azure would refuse, without running anything')
      .addOption(new Option('--format <format>', 'how problems are printed').choices(PROBLEM_FORMATS).default('pretty'))
      .option('--standalone', 'take files alone: named values, fragments, backends and certificates they mention are assumed to exist')
      .option('--any-member', "accept .NET members outside Azure's published list")
      .option('--lenient', 'what is unknown or not supported is a warning')
      .addOption(new Option('--profile <target>', 'tell for each document how it fares on one kind of gateway').choices(PROFILE_TARGETS))
      .option('--env <name>', 'lay this entry of `environments` in portico.yaml over the rest')
      .option('--verbose', 'name files and resources that have no part in running policies, too')
      .option('--no-lint', 'leave out the warnings of `portico lint`'),
  )
    .addHelpText('after', '\nExit code: 0 no errors, 1 errors, 2 wrong use.')
    .action(async (paths: string[], options: CheckOptions) => {
      const given = withStandardInput(paths, options);
      const asked = given.length > 0 ? given : ['.'];
      const stdin = standardInput(asked, options);
      const { documents, problems: refused } = await check(asked, options, stdin);
      const problems = options.lint ? inDocumentOrder([...refused, ...(await findings(asked, options, stdin, refused))]) : refused;
      const found = options.profile && (await profileFor(options.profile, asked, problems, stdin));
      const profile = found?.profile;
      const told = profile && !SHOWS_PROFILES.includes(options.format) ? inDocumentOrder([...problems, ...found.problems]) : problems;
      process.stdout.write(formatProblems(options.format, documents, told, painter(process.stdout), profile));
      const isRefused = (profile?.refused ?? 0) > 0 || problems.some((one) => one.severity === 'error' && !('silenced' in one));
      process.exitCode = isRefused ? EXIT.problems : EXIT.clean;
    });
}

/** Kept here as text, so that no policy loads for the help. */
const PROFILE_TARGETS: readonly GatewayKind[] = ['classic', 'v2', 'consumption', 'self-hosted', 'workspace'];

/** Formats that have a place for profiles; in others their notes stand among the problems. */
const SHOWS_PROFILES: readonly ProblemFormat[] = ['pretty', 'json'];

async function profileFor(
  target: GatewayKind,
  paths: readonly string[],
  problems: readonly Diagnostic[],
  stdin: StandardInput | undefined,
): Promise<ProfileFound> {
  const { profileOf } = await import('./profile.ts');
  const documents = paths.flatMap((path) => (path !== '-' && statSync(path).isDirectory() ? policyFilesIn(path) : [path]));
  const files = documents.map((path) => (path === '-' && stdin ? stdin.file : { name: shownName(path), text: sourceOf(path).file.text }));
  return profileOf(target, files, problems);
}

/** What `portico lint` finds, apart from mere hints, and what is wrong with its settings. */
async function findings(
  paths: readonly string[],
  { standalone = false, env, format }: CheckOptions,
  stdin: StandardInput | undefined,
  told: readonly Diagnostic[],
): Promise<readonly Diagnostic[]> {
  const { lintPaths } = await import('./lint-run.ts');
  // Templates hold their documents inside other files, which lint does not open.
  const { findings: found, settings } = await lintPaths(
    paths.filter((path) => !isTemplateFile(path)),
    { standalone, env, stdin, keepSilenced: format === 'sarif' },
  );
  const wrong = standalone ? [] : untold(settings, told);
  return [...wrong, ...found.filter(({ severity }) => severity !== 'info')];
}

/** Each once: documents share their settings, and whoever reads the directory has read that file, too. */
function untold(settings: readonly Diagnostic[], told: readonly Diagnostic[]): Diagnostic[] {
  const keyOf = ({ file, span, code }: Diagnostic) => `${file.name}:${span.start}:${code}`;
  const seen = new Set(told.map(keyOf));
  return settings.filter((problem) => !seen.has(keyOf(problem)) && seen.add(keyOf(problem)));
}

interface CheckResult {
  readonly documents: number;
  readonly problems: readonly Diagnostic[];
}

async function check(paths: readonly string[], options: CheckOptions, stdin: StandardInput | undefined): Promise<CheckResult> {
  const expressions = remembering(createExpressions({ anyMember: options.anyMember ?? false }));
  const results: CheckResult[] = [];
  for (const path of paths) {
    if (path === '-' && stdin) {
      results.push(await checkStandardInput(stdin, options, expressions));
      continue;
    }
    if (!existsSync(path)) throw new UsageError(`there is no file or directory \`${path}\``);
    results.push(await checkPath(path, options, expressions));
  }
  return {
    documents: results.reduce((sum, { documents }) => sum + documents, 0),
    problems: inDocumentOrder(results.flatMap(({ problems }) => problems)),
  };
}

async function checkPath(path: string, options: CheckOptions, expressions: Expressions): Promise<CheckResult> {
  const isDirectory = statSync(path).isDirectory();
  if (options.standalone) return checkFiles(isDirectory ? policyFilesIn(path) : [path], standaloneEnvironment(options, expressions));
  const isWhole = isDirectory || isTemplateFile(path);
  const root = isWhole ? resolve(path) : enclosingDirectory(resolve(path));
  if (root === undefined) return checkFiles([path], standaloneEnvironment(options, expressions, false));
  const { checkWorkspace } = await import('./check-workspace.ts');
  const whole = checkWorkspace(root, expressions, options);
  if (isWhole) return whole;
  const name = shownName(path);
  const problems = whole.problems.filter(({ file }) => file.name === name);
  // Nothing was looked at in a file that has no part in the directory: what it mentions is taken to exist.
  return problems.length > 0 || whole.has(name)
    ? { documents: 1, problems }
    : checkFiles([path], standaloneEnvironment(options, expressions));
}

/** In place of the file that it stands for, with the directory around that; a file that the directory does not have yet is checked alone. */
async function checkStandardInput(stdin: StandardInput, options: CheckOptions, expressions: Expressions): Promise<CheckResult> {
  const root = options.standalone ? undefined : directoryAround(stdin);
  if (root !== undefined) {
    const { checkOpenDocument } = await import('./check-workspace.ts');
    const problems = checkOpenDocument(root, stdin.file, expressions, options);
    if (problems) return { documents: 1, problems };
  }
  const assumes = options.standalone === true || root !== undefined;
  return { documents: 1, problems: checkFile(stdin.file, standaloneEnvironment(options, expressions, assumes)) };
}

function checkFiles(paths: readonly string[], environment: PolicyEnvironment): CheckResult {
  const problems = paths.flatMap((path) => {
    const source = sourceOf(path);
    return source.problems.length > 0 ? source.problems : checkFile(source.file, environment);
  });
  return { documents: paths.length, problems };
}

function checkFile(file: SourceFile, environment: PolicyEnvironment): readonly Diagnostic[] {
  const read = readFile(file);
  return read.document.elements.length > 0 ? [...read.problems, ...checkDocument(read.document, undefined, environment)] : read.problems;
}

/** `standalone` false: the file stands alone on disk, but nothing is assumed. */
function standaloneEnvironment({ lenient = false }: CheckOptions, expressions: Expressions, standalone = true): PolicyEnvironment {
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    namedValues: new Map(),
    fragments: new Map(),
    services: {
      backend: () => undefined,
      hasBackend: () => standalone,
      hasCertificate: () => standalone,
      tokens: undefined,
      gates: new Map(),
    },
    standalone,
    lenient,
  };
}
