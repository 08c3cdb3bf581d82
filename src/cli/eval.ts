/** `portico eval`: one policy expression, or many recorded ones as JSON lines. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { renderDiagnostic } from '../source/render.ts';
import { type ContextOptions, exchangeFromOptions } from './eval-context.ts';
import { readFixtures } from './eval-fixtures.ts';
import { type EvalCase, type EvalResult, Evaluator } from './eval-run.ts';
import { painter } from './output.ts';

interface EvalOptions extends ContextOptions {
  readonly batch?: boolean;
  readonly interactive?: boolean;
  readonly fixtures?: string;
  readonly anyMember?: boolean;
  readonly fixture?: string;
}

/** Adds the command to the program. */
export function register(program: Command): void {
  program
    .command('eval')
    .description('evaluate one policy expression')
    .argument('[expression]', 'C#, with or without its @( ) or @{ }')
    .option('--method <method>', 'method of the request', 'GET')
    .option('--url <url>', 'URL of the request', 'https://localhost/')
    .option('--header <line...>', 'header of the request: `Name: value`')
    .option('--body <text>', 'body of the request')
    .option('--variable <pair...>', 'context variable: `name=value`, a string')
    .option('--fixtures <file>', 'file of recorded request contexts')
    .option('--fixture <name>', 'the context of that file to evaluate in')
    .option('--batch', 'read cases as JSON lines from standard input, print one outcome a line')
    .option('-i, --interactive', 'prompt for expressions; Tab completes members')
    .option('--any-member', "accept members outside Azure's published list")
    .action(run);
}

function run(expression: string | undefined, options: EvalOptions): Promise<void> | void {
  if (options.batch) return runBatch(options);
  return options.interactive ? runInteractive(expression, options) : runOne(expression, options);
}

async function runInteractive(expression: string | undefined, options: EvalOptions): Promise<void> {
  if (expression !== undefined) throw new Error('--interactive takes no expression: type it at the prompt');
  const evaluator = new Evaluator(options.anyMember === true);
  exchangeFromOptions(options, evaluator.types);
  const { repl } = await import('./eval-repl.ts');
  await repl(evaluator, (text) => evaluator.evaluate(text, exchangeFromOptions(options, evaluator.types)), show);
}

async function runBatch(options: EvalOptions): Promise<void> {
  if (options.fixtures === undefined) throw new Error('--batch needs --fixtures FILE');
  const evaluator = new Evaluator(options.anyMember === true);
  const fixtures = readFixtures(options.fixtures);
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    process.stdout.write(`${JSON.stringify(evaluator.answer(readCase(line), fixtures))}\n`);
  }
}

function readCase(line: string): EvalCase | undefined {
  try {
    return JSON.parse(line) as EvalCase;
  } catch {
    return undefined;
  }
}

function runOne(expression: string | undefined, options: EvalOptions): void {
  if (expression === undefined) throw new Error('an expression is missing: portico eval "1 + 2"');
  const evaluator = new Evaluator(options.anyMember === true);
  const result = evaluator.evaluate(expression, exchangeFromOptions(options, evaluator.types));
  show(result);
  if (result.kind !== 'value') process.exitCode = 1;
}

/** The value and its type to standard output, anything else to standard error. */
function show(result: EvalResult): void {
  const paint = painter(process.stderr);
  switch (result.kind) {
    case 'refused':
      for (const diagnostic of result.diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic, paint)}\n`);
      break;
    case 'threw':
      process.stderr.write(`${paint('red', result.exception.typeName)}: ${result.exception.message}\n`);
      break;
    case 'value':
      process.stdout.write(`${result.outcome.value ?? 'null'}\n  ${painter(process.stdout)('dim', result.outcome.type)}\n`);
      break;
    case 'failed':
      process.stderr.write(`portico: ${result.why}\n`);
  }
}
