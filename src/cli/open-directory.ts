/** A policy directory made ready for commands that look at it. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { createNodeHost } from '../host/node.ts';
import { environmentVariable } from '../host/node-environment.ts';
import { renderDiagnostic } from '../source/render.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { createEngine, type Engine } from '../workspace/engine.ts';
import { createExpressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { remembering } from '../workspace/remembered-expressions.ts';
import { painter, UsageError } from './output.ts';

export interface OpenOptions {
  /** Name of an entry of `environments` in portico.yaml. */
  readonly env?: string;
  readonly anyMember?: boolean;
  /** Nothing is run: named values that have no value here are assumed to have one. */
  readonly assumesValues?: boolean;
}

/** Loads and compiles; errors are printed on standard error. */
export function openDirectory(path: string, { env, anyMember = false, assumesValues = false }: OpenOptions): Engine {
  if (!existsSync(path)) throw new UsageError(`there is no directory \`${path}\``);
  const host = createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });
  const workspace = loadWorkspace(path, { environment: (name) => environmentVariable(name), environmentName: env });
  const engine = createEngine(workspace, { host, expressions: remembering(createExpressions({ anyMember })), assumesValues });
  const paint = painter(process.stderr);
  for (const problem of engine.problems) if (problem.severity === 'error') process.stderr.write(`${renderDiagnostic(problem, paint)}\n\n`);
  return engine;
}

export function hasErrors({ problems }: Engine): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** `-H 'Name: value'`, as curl takes them. */
export function collectHeader(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** Finds a header among `Name: value` texts. */
export function headerLookup(headers: readonly string[]): (name: string) => string | undefined {
  const known = new Map(
    headers.map((text) => [text.slice(0, text.indexOf(':')).trim().toLowerCase(), text.slice(text.indexOf(':') + 1).trim()]),
  );
  return (name) => known.get(name.toLowerCase());
}

/** `--env`, for every command that reads portico.yaml. */
export function withEnvironment(command: Command): Command {
  return command.option('--env <name>', 'lay this entry of `environments` in portico.yaml over the rest');
}
