/** `portico eval`: one policy expression, or many recorded ones as JSON lines. */

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { KEYWORD_TYPES } from '../csharp/types/keywords.ts';
import { reportedText } from '../policies/evaluation.ts';
import { tryJson } from '../source/json.ts';
import { renderDiagnostic } from '../source/render.ts';
import { type ContextOptions, exchangeMaker } from './eval-context.ts';
import { readFixtures } from './eval-fixtures.ts';
import { type EvalCase, type EvalResult, Evaluator, outcomeOf } from './eval-run.ts';
import { painter } from './output.ts';

interface EvalOptions extends ContextOptions {
  readonly batch?: boolean;
  readonly interactive?: boolean;
  readonly anyMember?: boolean;
  readonly returns?: string;
  readonly format?: string;
}

const EXAMPLES = `
Examples:
  portico eval 'context.Request.Headers.GetValueOrDefault("X-A", "none")' -H 'X-A: one'
  portico eval '(string)context.Request.Body.As<JObject>()["name"]' --curl "curl https://h/p -d '{\\"name\\": \\"ana\\"}'"
  portico eval '@{ return context.Request.Url.Query.Count; }' --request call.http
  echo 'DateTime.UtcNow.Year' | portico eval -
  portico eval -i`;

/** Adds the command to the program. */
export function register(program: Command): void {
  program
    .command('eval')
    .description('evaluate one policy expression')
    .argument('[expression]', 'C#, with or without its @( ) or @{ }; - reads it from standard input')
    .option('-X, --method <method>', 'method of the request (default: GET)')
    .option('--url <url>', 'URL of the request (default: https://localhost/)')
    .option('-H, --header <line...>', 'header of the request: `Name: value`')
    .option('-d, --body <text>', 'body of the request; @FILE reads it from a file')
    .option('--ip <address>', "the caller's address (default: 127.0.0.1)")
    .option('--variable <pair...>', 'context variable: `name=value`, a string, or `name:int=5`')
    .option('--curl <command>', 'the request that a curl command would send')
    .option('--request <file>', 'file that describes the call: YAML, JSON, an HTTP message or a curl command; - is standard input')
    .option('--fixtures <file>', 'file of recorded request contexts')
    .option('--fixture <name>', 'the context of that file to evaluate in')
    .option('--returns <type>', 'type that the place of the expression wants: bool, int, string …')
    .option('--format <format>', 'pretty or json', 'pretty')
    .option('--batch', 'read cases as JSON lines from standard input, print one outcome a line')
    .option('-i, --interactive', 'prompt for expressions; Tab completes members')
    .option('--any-member', "accept members outside Azure's published list")
    .addHelpText('after', EXAMPLES)
    .action((expression: string | undefined, options: EvalOptions) => run(...reclaimed(expression, options)));
}

/** Options that take several values swallow an expression written behind them; it is told by not looking like one of theirs. */
function reclaimed(expression: string | undefined, options: EvalOptions): [string | undefined, EvalOptions] {
  if (expression !== undefined || options.batch || options.interactive) return [expression, options];
  const { header = [], variable = [] } = options;
  const last = header.at(-1);
  if (header.length > 1 && last !== undefined && !/^[\w!#$%&'*+.^`|~-]+:/.test(last))
    return [last, { ...options, header: header.slice(0, -1) }];
  const pair = variable.at(-1);
  const isPair = pair === undefined || /^[\w.-]+(:[\w[\]<>,]+)?=(?!=)/.test(pair);
  return variable.length < 2 || isPair ? [expression, options] : [pair, { ...options, variable: variable.slice(0, -1) }];
}

function run(expression: string | undefined, options: EvalOptions): Promise<void> {
  if (options.format !== 'pretty' && options.format !== 'json') throw new Error(`--format is pretty or json, not \`${options.format}\``);
  if (options.batch) return runBatch(options);
  return options.interactive ? runInteractive(expression, options) : runOne(expression, options);
}

async function runInteractive(expression: string | undefined, options: EvalOptions): Promise<void> {
  if (expression !== undefined) throw new Error('--interactive takes no expression: type it at the prompt');
  if (options.request === '-') throw new Error('--interactive reads standard input itself: name the file of --request');
  const evaluator = new Evaluator(options.anyMember === true);
  const make = await exchangeMaker(options);
  make(evaluator.types);
  const { repl } = await import('./eval-repl.ts');
  await repl(evaluator, (text) => evaluator.evaluate(text, make(evaluator.types), options.returns), showAs(options));
}

async function runBatch(options: EvalOptions): Promise<void> {
  if (options.fixtures === undefined) throw new Error('--batch needs --fixtures FILE');
  const evaluator = new Evaluator(options.anyMember === true);
  const fixtures = readFixtures(options.fixtures);
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    process.stdout.write(`${JSON.stringify(evaluator.answer(tryJson(line) as EvalCase | undefined, fixtures))}\n`);
  }
}

async function runOne(expression: string | undefined, options: EvalOptions): Promise<void> {
  if (expression === undefined || expression.trim() === '') throw new Error('an expression is missing: portico eval "1 + 2"');
  if (expression === '-' && options.request === '-') throw new Error('standard input cannot be the expression and the request');
  const text = expression === '-' ? readFileSync(0, 'utf8').trim() : expression;
  const evaluator = new Evaluator(options.anyMember === true);
  checkReturns(options, evaluator);
  const make = await exchangeMaker(options);
  const result = evaluator.evaluate(text, make(evaluator.types), options.returns);
  showAs(options)(result);
  if (result.kind !== 'value') process.exitCode = 1;
}

function checkReturns({ returns }: EvalOptions, { types }: Evaluator): void {
  if (returns !== undefined && types.definition(KEYWORD_TYPES[returns] ?? returns, 0) === undefined)
    throw new Error(`\`${returns}\` is no type that an expression may return: write \`bool\`, \`int\`, \`string\` or the like`);
}

function showAs({ format }: EvalOptions): (result: EvalResult) => void {
  return format === 'json' ? (result) => void process.stdout.write(`${JSON.stringify(outcomeOf(result))}\n`) : show;
}

/** The value and its type to standard output, anything else to standard error. */
function show(result: EvalResult): void {
  const paint = painter(process.stderr);
  switch (result.kind) {
    case 'refused':
      for (const diagnostic of result.diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic, paint)}\n`);
      break;
    case 'threw':
      for (let thrown: typeof result.exception | null = result.exception, indent = ''; thrown; thrown = thrown.inner, indent = '  ---> ')
        process.stderr.write(`${indent}${paint('red', thrown.typeName)}: ${thrown.message}\n`);
      if (reportedText(result.exception) !== result.exception.message)
        process.stderr.write(`  ${paint('dim', `in LastError.Message: ${reportedText(result.exception)}`)}\n`);
      break;
    case 'value':
      process.stdout.write(`${result.outcome.value ?? 'null'}\n  ${painter(process.stdout)('dim', result.outcome.type)}\n`);
      break;
    case 'failed':
      process.stderr.write(`portico: ${result.why}\n`);
  }
}
