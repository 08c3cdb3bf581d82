/** `portico check`: everything that Azure would refuse, with the place and what to write instead. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { checkDocument } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { readFile } from '../xml/reader.ts';
import { EXIT, formatProblems, PROBLEM_FORMATS, type ProblemFormat, painter, UsageError } from './output.ts';

interface CheckOptions {
  readonly format: ProblemFormat;
  readonly standalone?: boolean;
  readonly anyMember?: boolean;
  readonly lenient?: boolean;
}

export function register(program: Command): void {
  program
    .command('check [path...]')
    .description('find everything that Azure would refuse, without running anything')
    .addOption(new Option('--format <format>', 'how problems are printed').choices(PROBLEM_FORMATS).default('pretty'))
    .option('--standalone', 'take files alone: named values, fragments, backends and certificates they mention are assumed to exist')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .option('--lenient', 'what is unknown or not supported is a warning')
    .addHelpText('after', '\nExit code: 0 no errors, 1 errors, 2 wrong use.')
    .action(async (paths: string[], options: CheckOptions) => {
      const { documents, problems } = await check(paths.length > 0 ? paths : ['.'], options);
      process.stdout.write(formatProblems(options.format, documents, problems, painter(process.stdout)));
      process.exitCode = problems.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.clean;
    });
}

interface CheckResult {
  readonly documents: number;
  readonly problems: readonly Diagnostic[];
}

async function check(paths: readonly string[], options: CheckOptions): Promise<CheckResult> {
  const expressions = createExpressions({ anyMember: options.anyMember ?? false });
  const results: CheckResult[] = [];
  for (const path of paths) {
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
  const root = isDirectory ? resolve(path) : enclosingDirectory(resolve(path));
  if (root === undefined) return checkFiles([path], standaloneEnvironment(options, expressions, false));
  const { checkWorkspace } = await import('./check-workspace.ts');
  const whole = checkWorkspace(root, expressions, options.lenient ?? false);
  if (isDirectory) return whole;
  const name = relative(process.cwd(), resolve(path));
  return { documents: 1, problems: whole.problems.filter(({ file }) => file.name === name) };
}

function checkFiles(paths: readonly string[], environment: PolicyEnvironment): CheckResult {
  const problems = paths.flatMap((path) => {
    const read = readFile(new SourceFile(shownName(path), textOf(path)));
    return read.document.elements.length > 0 ? [...read.problems, ...checkDocument(read.document, undefined, environment)] : read.problems;
  });
  return { documents: paths.length, problems };
}

function textOf(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    throw new UsageError(`\`${path}\` cannot be read: ${error instanceof TypeError ? 'it is not UTF-8 text' : String(error)}`);
  }
}

/** Relative to where the user stands, as long as it lies below. */
function shownName(path: string): string {
  const name = relative(process.cwd(), resolve(path));
  return name.startsWith('..') ? path : name;
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

function policyFilesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.xml$/i.test(name) && !/(?:^|[/\\])node_modules[/\\]/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** The policy directory that a document belongs to: the nearest one above with portico.yaml or an `apis` folder. */
function enclosingDirectory(path: string): string | undefined {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'portico.yaml')) || existsSync(join(directory, 'apis'))) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}
