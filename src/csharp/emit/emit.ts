/**
 * From a checked program to a JavaScript function. The source closes over an array of constants (implementations, types,
 * helpers) and over nothing else: its names are all made by the emitter, its texts are all JSON.
 */
import type { BoundProgram } from '../check/bound.ts';
import { fromEngine } from '../runtime/faults.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { TypeTable } from '../types/table.ts';
import { Frame } from './frame.ts';
import { type EmitWatchers, Program } from './program.ts';
import { emitBlock } from './statement.ts';

export interface EmittedProgram {
  /** Throws NetException, BudgetExhausted or EngineFault, nothing else. */
  run(runtime: Runtime, context: unknown): unknown;
  readonly code: string;
}

/** Emits; throws EmitFault on a tree that the checker should not have made. Its first run makes the function: most that is checked never runs. */
export function emitProgram(bound: BoundProgram, types: TypeTable, watchers: EmitWatchers = {}): EmittedProgram {
  const plain = emitSource(bound, new Program(types, false, watchers));
  const { program, code } = plain.program.writesTuples ? emitSource(bound, new Program(types, true, watchers)) : plain;
  const { values } = program;
  let body: Body | undefined;
  const run = (runtime: Runtime, context: unknown): unknown => {
    body ??= instantiate(code, values);
    return runGuarded(body, runtime, context);
  };
  return { code, run };
}

type Body = (runtime: Runtime, context: unknown) => unknown;

function emitSource(bound: BoundProgram, program: Program): { program: Program; code: string } {
  const frame = new Frame(program, undefined);
  const block = emitBlock(bound.body, frame);
  const budget = /\bb[.,]/.test(block) ? 'const b=r.budget;' : '';
  const code = `"use strict";${program.unpack()}return function(r,c){${budget}${frame.declarations()}${block}return null;};`;
  return { program, code };
}

function instantiate(code: string, values: readonly unknown[]): Body {
  return new Function('$', code)(values) as Body;
}

function runGuarded(body: Body, runtime: Runtime, context: unknown): unknown {
  try {
    return body(runtime, context);
  } catch (error) {
    throw fromEngine(error);
  }
}
