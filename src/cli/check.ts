/** `portico check`: everything that Azure would refuse, with the place and what to write instead. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { checkDocument } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { readFile } from '../xml/reader.ts';
import { EXIT, formatProblems, PROBLEM_FORMATS, type ProblemFormat, painter, UsageError } from './output.ts';
import { enclosingDirectory, policyFilesIn, shownName, textOf } from './policy-files.ts';

interface CheckOptions {
  readonly format: ProblemFormat;
  readonly standalone?: boolean;
  readonly anyMember?: boolean;
  readonly lenient?: boolean;
  readonly lint: boolean;
}

export function register(program: Command): void {
  program
    .command('check [path...]')
    .description('find everything that Azure would refuse, without running anything')
    .addOption(new Option('--format <format>', 'how problems are printed').choices(PROBLEM_FORMATS).default('pretty'))
    .option('--standalone', 'take files alone: named values, fragments, backends and certificates they mention are assumed to exist')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .option('--lenient', 'what is unknown or not supported is a warning')
    .option('--no-lint', 'leave out the warnings of `portico lint`')
    .addHelpText('after', '\nExit code: 0 no errors, 1 errors, 2 wrong use.')
    .action(async (paths: string[], options: CheckOptions) => {
      const asked = paths.length > 0 ? paths : ['.'];
      const { documents, problems: refused } = await check(asked, options);
      const problems = options.lint ? inDocumentOrder([...refused, ...(await findings(asked, options))]) : refused;
      process.stdout.write(formatProblems(options.format, documents, problems, painter(process.stdout)));
      process.exitCode = problems.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.clean;
    });
}

/** What `portico lint` finds, apart from mere hints. */
async function findings(paths: readonly string[], { standalone = false }: CheckOptions): Promise<readonly Diagnostic[]> {
  const { lintPaths } = await import('./lint-run.ts');
  const { findings: found } = await lintPaths(paths, { standalone });
  return found.filter(({ severity }) => severity !== 'info');
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
  const name = shownName(path);
  return { documents: 1, problems: whole.problems.filter(({ file }) => file.name === name) };
}

function checkFiles(paths: readonly string[], environment: PolicyEnvironment): CheckResult {
  const problems = paths.flatMap((path) => {
    const read = readFile(new SourceFile(shownName(path), textOf(path)));
    return read.document.elements.length > 0 ? [...read.problems, ...checkDocument(read.document, undefined, environment)] : read.problems;
  });
  return { documents: paths.length, problems };
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
