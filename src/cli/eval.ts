/** `portico eval`: one policy expression, or many recorded ones as JSON lines. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { renderDiagnostic } from '../source/render.ts';
import { type ContextOptions, exchangeFromOptions } from './eval-context.ts';
import { readFixtures } from './eval-fixtures.ts';
import { type EvalCase, Evaluator } from './eval-run.ts';

interface EvalOptions extends ContextOptions {
  readonly batch?: boolean;
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
    .option('--any-member', "accept members outside Azure's published list")
    .action((expression: string | undefined, options: EvalOptions) => (options.batch ? runBatch(options) : runOne(expression, options)));
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
  const exchange = exchangeFromOptions(options, evaluator.types);
  const result = evaluator.evaluate(expression, exchange);
  switch (result.kind) {
    case 'refused':
      for (const diagnostic of result.diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic)}\n`);
      break;
    case 'threw':
      process.stderr.write(`${result.exception.typeName}: ${result.exception.message}\n`);
      break;
    case 'value':
      process.stdout.write(`${result.outcome.value ?? 'null'}\n  ${result.outcome.type}\n`);
      break;
    case 'failed':
      process.stderr.write(`portico: ${result.why}\n`);
  }
  if (result.kind !== 'value') process.exitCode = 1;
}
