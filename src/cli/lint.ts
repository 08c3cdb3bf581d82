/** `portico lint`: what Azure accepts and nobody wants: mistakes, holes, leftovers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AuthenticationEntry, authenticationMap } from '../lint/authentication-map.ts';
import { LINT_SEVERITIES } from '../lint/config.ts';
import { applyFixes } from '../lint/fix.ts';
import type { LintDiagnostic, LintSeverity } from '../lint/lint.ts';
import { LINT_RULES } from '../lint/registry.ts';
import { inDocumentOrder, type Severity } from '../source/diagnostic.ts';
import { renderDiagnostic } from '../source/render.ts';
import { type LintResult, lintPaths } from './lint-run.ts';
import { withEnvironment } from './open-directory.ts';
import { count, EXIT, formatProblems, PROBLEM_FORMATS, type ProblemFormat, painter, UsageError } from './output.ts';
import { type StdinOptions, standardInput, withStandardInput, withStdinFilename } from './standard-input.ts';

interface LintCommandOptions extends StdinOptions {
  readonly format: ProblemFormat;
  readonly standalone?: boolean;
  readonly fix?: boolean;
  readonly rule: ReadonlyMap<string, LintSeverity>;
  readonly level: Severity;
  readonly maxWarnings?: number;
  readonly config?: string;
  readonly plugin: readonly string[];
  readonly rules?: boolean;
  readonly authenticationMap?: boolean;
  readonly requireAuthentication?: boolean;
  readonly env?: string;
}

export function register(program: Command): void {
  withStdinFilename(
    withEnvironment(
      program
        .command('lint [path...]')
        .description('find what Azure accepts and nobody wants: mistakes, holes, leftovers')
        .addOption(new Option('--format <format>', 'how findings are printed').choices(PROBLEM_FORMATS).default('pretty'))
        .option('--standalone', 'take files alone, without the directory they lie in')
        .option('--fix', 'repair what can be repaired without changing what the document does')
        .option('--rule <name=severity>', 'off, info, warning or error for one rule; may be repeated', ruleSeverity, new Map())
        .addOption(new Option('--level <severity>', 'leave out what is less severe').choices(['info', 'warning', 'error']).default('info'))
        .option('--max-warnings <n>', 'exit code 1 when there are more warnings', wholeNumber)
        .option('--config <file>', 'file with a `lint` section (default: portico.yaml of the directory)')
        .option('--plugin <file>', 'module with rules of your own; may be repeated', (file: string, all: string[]) => [...all, file], [])
        .option('--rules', 'list the rules')
        .option('--authentication-map', 'list every operation with the checks of its callers')
        .option('--require-authentication', 'exit code 1 when some operation identifies no caller'),
    ),
  )
    .addHelpText('after', '\nExit code: 0 no errors, 1 errors, too many warnings or an open operation, 2 wrong use.')
    .action(async (paths: string[], options: LintCommandOptions) => {
      if (options.rules) return printRules(options.format);
      const given = withStandardInput(paths, options);
      process.exitCode = await lint(given.length > 0 ? given : ['.'], options);
    });
}

function ruleSeverity(text: string, all: ReadonlyMap<string, LintSeverity>): Map<string, LintSeverity> {
  const [id = '', severity = ''] = text.split('=');
  const known = LINT_SEVERITIES.find((name) => name === severity);
  if (id === '' || known === undefined) throw new InvalidArgumentError('write `name=off`, `name=info`, `name=warning` or `name=error`.');
  return new Map([...all, [id, known]]);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('write a whole number.');
  return Number(text);
}

function printRules(format: ProblemFormat): void {
  const rows = LINT_RULES.map(({ code, name, severity, summary }) => ({ code, name, severity, summary }));
  const text = rows.map(({ code, name, severity, summary }) => `${code}  ${severity.padEnd(7)}  ${name.padEnd(34)}  ${summary}`).join('\n');
  process.stdout.write(format === 'json' ? `${JSON.stringify(rows)}\n` : `${text}\n`);
}

async function lint(paths: readonly string[], options: LintCommandOptions): Promise<number> {
  const stdin = standardInput(paths, options);
  if (stdin && options.fix) throw new UsageError('--fix writes files: it has no place for what came on standard input');
  const request = { ...options, severities: options.rule, plugins: options.plugin, stdin, keepSilenced: options.format === 'sarif' };
  let result = await lintPaths(paths, request);
  if (options.fix) {
    const fixed = fixFiles(result.findings.filter(({ silenced }) => silenced === undefined));
    if (options.format === 'pretty' && fixed > 0) process.stderr.write(`${count(fixed, 'finding')} repaired\n`);
    if (fixed > 0) result = await lintPaths(paths, request);
  }
  if (options.authenticationMap || options.requireAuthentication) return printMap(result, options);
  const told = result.findings.filter(({ severity }) => RANK[severity] >= RANK[options.level]);
  const shown = inDocumentOrder([...result.problems, ...told]);
  process.stdout.write(formatProblems(options.format, result.documents, shown, painter(process.stdout)));
  const problems = [...result.problems, ...told.filter(({ silenced }) => silenced === undefined)];
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const failed = problems.some(({ severity }) => severity === 'error') || warnings > (options.maxWarnings ?? Number.POSITIVE_INFINITY);
  return failed ? EXIT.problems : EXIT.clean;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Writes the repaired files; gives the number of repairs. Names of files are relative to where the user stands. */
function fixFiles(findings: readonly LintDiagnostic[]): number {
  let repaired = 0;
  for (const file of new Set(findings.map((finding) => finding.file))) {
    const path = resolve(file.name);
    const { text, count: fixes } = applyFixes(
      file.text,
      findings.filter((finding) => finding.file === file),
    );
    if (fixes === 0) continue;
    if (readFileSync(path, 'utf8') !== file.text) throw new UsageError(`\`${file.name}\` changed while it was checked`);
    writeFileSync(path, text);
    repaired += fixes;
  }
  return repaired;
}

/** Checks that stand where nothing could be read are not in the map, so that errors fail it. */
function printMap({ workspaces, problems }: LintResult, options: LintCommandOptions): number {
  if (workspaces.length === 0) throw new UsageError('an authentication map needs a policy directory');
  for (const problem of problems) process.stderr.write(`${renderDiagnostic(problem, painter(process.stderr))}\n\n`);
  const entries = workspaces.flatMap(authenticationMap);
  process.stdout.write(options.format === 'json' ? `${JSON.stringify({ operations: entries })}\n` : mapText(entries));
  const open = entries.filter(({ authenticated }) => !authenticated);
  const failed = problems.some(({ severity }) => severity === 'error') || (options.requireAuthentication === true && open.length > 0);
  return failed ? EXIT.problems : EXIT.clean;
}

function mapText(entries: readonly AuthenticationEntry[]): string {
  const lines = entries.map(({ api, method, template, checks, authenticated }) => {
    const shown = checks.map(
      ({ check, conditional, place }) => `${check}${conditional ? ' in a branch' : ''}${place === undefined ? '' : ` (${place})`}`,
    );
    return `${authenticated ? 'checked' : 'OPEN   '}  ${method.padEnd(7)} ${template.padEnd(40)} ${api.padEnd(20)} ${shown.join(', ') || 'nothing'}`;
  });
  const open = entries.filter(({ authenticated }) => !authenticated).length;
  return `${[...lines, '', `${count(entries.length, 'operation')}: ${open} without a check that identifies every caller`].join('\n')}\n`;
}
