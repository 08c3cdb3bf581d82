/** `portico test`: runs `*.test.yaml` files, offline. */
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationOf } from '../testing/duration.ts';
import { UsageError } from './output.ts';
import { COVERAGE_REPORTERS, type CoverageReporterName, type ReporterChoice, type TestOptions } from './test-options.ts';
import { REPORTERS } from './test-reporters.ts';

interface Aliases {
  readonly workers?: number;
  readonly maxWorkers?: number;
}

export function register(program: Command): void {
  const reporters: ReporterChoice[] = [];
  /** `--bail policies`: what is no number is a path. */
  const behindBail: string[] = [];
  program
    .command('test [path...]')
    .description('run the *.test.yaml files of policies, offline')
    .option('--filter <text>', 'only tests whose name holds the text, or fits the /pattern/', filterText)
    .addOption(
      new Option('--reporter <reporter>', 'how results are printed; may be repeated (default: pretty)')
        .choices(REPORTERS)
        .argParser((text) => addReporter(text, reporters)),
    )
    .addOption(new Option('--output <file>', 'file that the reporter before it writes to').argParser((text) => addOutput(text, reporters)))
    .option('--watch', 'run again what a change touches')
    .option('--update', 'store the outcomes of tests with `snapshot` as they are now')
    .option('--bail [n]', 'stop after so many failed tests; 1 unless given', (text: string) => bailCount(text, behindBail))
    .option('-j, --jobs <n>', 'most threads: a number, or a share of the processors such as 50% (default: all, where it pays)', threadCount)
    .addOption(alias('--workers <n>'))
    .addOption(alias('--max-workers <n>'))
    .addOption(alias('--maxWorkers <n>'))
    .option('--timeout <time>', 'real time that a test may take, such as 5s (default: 10s)', milliseconds)
    .option('--coverage', 'tell which lines and branches of the policies the tests reach')
    .option(
      '--coverage-reporter <names>',
      'text, lcov, html, json, separated by commas (default: text); implies --coverage',
      coverageReporters,
    )
    .option('--coverage-dir <directory>', 'where coverage files go', 'coverage')
    .option('--threshold <percent>', 'least coverage of lines and of branches; less ends with 1; implies --coverage', percentage)
    .option('--mutate', 'change the policies one place at a time, and list the changes that no test notices')
    .option('--mutate-threshold <percent>', 'least share of noticed changes; less ends with 1; implies --mutate', percentage)
    .option('--faults', 'run each passing test again with each outgoing call failing in each way')
    .option('--against <url>', 'send the requests to a live gateway, and list what differs')
    .option('--import <file>', 'make tests of requests: HAR, curl commands, .http files')
    .option('--out <file>', 'file that --import writes (default: standard output)')
    .option('--env <name>', 'lay this entry of `environments` in portico.yaml over the rest')
    .option('--trace', 'print every step of every call')
    .option('--any-member', "accept .NET members outside Azure's published list")
    .addHelpText('after', '\nExit code: 0 all passed, 1 an expectation failed, 2 a suite is broken or wrong use.')
    .action(async (paths: string[], given: TestOptions & Aliases) => {
      if (!isMainThread) return (await import('./test-helper.ts')).help();
      const options = { ...given, jobs: given.jobs ?? given.workers ?? given.maxWorkers };
      const all = [...behindBail, ...paths];
      process.exitCode = await run(all.length > 0 ? all : ['.'], options, reporters.length > 0 ? reporters : [DEFAULT_REPORTER]);
    });
}

/** As other runners of tests name the number of threads. */
function alias(flags: string): Option {
  return new Option(flags).argParser(threadCount).hideHelp();
}

function threadCount(text: string): number {
  const [, digits, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  const number = percent ? Math.max(1, Math.floor((availableParallelism() * Number(digits)) / 100)) : Number(digits);
  if (Number(digits) >= 1) return number;
  throw new InvalidArgumentError('a number from 1, or a share of the processors such as `50%`');
}

const DEFAULT_REPORTER: ReporterChoice = { name: 'pretty', output: undefined };

function addReporter(text: string, reporters: ReporterChoice[]): void {
  const name = REPORTERS.find((one) => one === text);
  if (!name) throw new InvalidArgumentError(`Allowed choices are ${REPORTERS.join(', ')}.`);
  const waiting = reporters.find(({ output }) => output?.startsWith(WAITING));
  if (waiting) Object.assign(waiting, { name, output: waiting.output?.slice(WAITING.length) });
  else reporters.push({ name, output: undefined });
}

/** Marks an `--output` that came before any `--reporter`. */
const WAITING = '\0';

function addOutput(text: string, reporters: ReporterChoice[]): void {
  const last = reporters[reporters.length - 1];
  if (last) last.output = text;
  else reporters.push({ name: 'pretty', output: WAITING + text });
}

function coverageReporters(text: string, before: readonly CoverageReporterName[] = []): CoverageReporterName[] {
  const names = text.split(',').map((name) => COVERAGE_REPORTERS.find((one) => one === name.trim()));
  if (names.some((name) => name === undefined)) throw new InvalidArgumentError(`Allowed choices are ${COVERAGE_REPORTERS.join(', ')}.`);
  return [...before, ...names.filter((name) => name !== undefined)];
}

function bailCount(text: string, paths: string[]): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  if (!/^[-+.\d]+$/.test(text) || text.startsWith('.')) {
    paths.push(text);
    return 1;
  }
  throw new InvalidArgumentError('a number from 1');
}

function filterText(text: string): string {
  const [, pattern, flags] = /^\/(.+)\/([iu]*)$/.exec(text) ?? [];
  try {
    if (pattern !== undefined) new RegExp(pattern, flags);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function percentage(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError('a number from 0 to 100');
}

function milliseconds(text: string): number {
  const duration = durationOf(text);
  if (duration !== undefined && duration > 0) return duration;
  throw new InvalidArgumentError('a duration such as `5s` or `500ms`');
}

/** What runs the tests more than once, or in another way. */
const ANALYSES = ['coverage', 'coverageReporter', 'threshold', 'mutate', 'mutateThreshold', 'faults'] as const;

/** What would have no effect is no use of the command. */
function refuseBeside(name: keyof TestOptions, options: TestOptions, others: readonly (keyof TestOptions)[]): void {
  const other = options[name] === undefined ? undefined : others.find((one) => options[one] !== undefined);
  const flag = (one: string) => `--${one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (other !== undefined) throw new UsageError(`${flag(other)} does not go with ${flag(name)}`);
}

async function run(paths: readonly string[], options: TestOptions, chosen: readonly ReporterChoice[]): Promise<number> {
  const reporters = chosen.map(({ name, output }) => ({ name, output: output?.startsWith(WAITING) ? output.slice(1) : output }));
  if (options.import !== undefined) return (await import('./test-import.ts')).importRequests(options.import, options.out, options.env);
  if (options.out !== undefined) throw new UsageError('--out goes with --import');
  refuseBeside('against', options, [...ANALYSES, 'update', 'watch']);
  refuseBeside('watch', options, ANALYSES);
  if (options.against !== undefined) return (await import('./test-against.ts')).runAgainst(paths, options.against, options, reporters);
  if (options.watch) return (await import('./test-watch.ts')).watchTests(paths, options, reporters);
  return (await import('./test-run.ts')).runTests(paths, options, reporters);
}
