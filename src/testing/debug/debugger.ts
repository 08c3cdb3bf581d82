/**
 * Holds a call at breakpoints and steps: at policies, through the runner's events, and at statements of C#, through stops in their
 * code. The thread that runs the policies waits inside `pause`; whoever asks in the meantime is answered from there.
 */

import type { LocalSymbol } from '../../csharp/check/bound.ts';
import type { Budget } from '../../csharp/runtime/budget.ts';
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { Expressions } from '../../workspace/expressions.ts';
import { type Breakpoint, Breakpoints } from './breakpoints.ts';
import { HeldValues } from './held-values.ts';

/** Where the call is held. */
export interface HeldFrame {
  readonly name: string;
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Held {
  readonly reason: 'entry' | 'breakpoint' | 'step' | 'exception' | 'pause';
  /** Innermost first. */
  readonly frames: readonly HeldFrame[];
  /** For `exception`. */
  readonly text?: string;
}

/** How to go on. `next` stays in the same list of policies or statements, `in` stops at whatever comes next, `out` behind it. */
export type Resume = 'continue' | 'next' | 'in' | 'out' | 'stop';

export interface DebuggerOptions {
  readonly expressions: Expressions;
  readonly stopOnEntry: boolean;
  /** Whether a file of a breakpoint is this one. */
  same(file: SourceFile, name: string): boolean;
  /** Waits until the call shall go on. */
  pause(held: Held): Resume;
  /** Somebody asked to hold the call wherever it is. */
  pauseAsked?(): boolean;
  /** What log points and broken conditions say. */
  log?(text: string): void;
}

/** Thrown into the call when it shall end. */
export class Stopped extends Error {}

interface Statement {
  readonly file: SourceFile;
  readonly span: Span;
  readonly locals: readonly LocalSymbol[];
}

export class PolicyDebugger {
  readonly #options: DebuggerOptions;
  readonly #statements: Statement[] = [];
  /** Policies that run, outermost first. */
  readonly #steps: StepInfo[] = [];
  readonly #breakpoints: Breakpoints;
  #resume: Resume;
  /** Depth at which `next` and `out` were asked for. */
  #depth = 0;
  #entered = false;
  /** Answers while the call is held. */
  readonly values: HeldValues;
  /** Whether failures that lead to on-error hold the call. */
  holdsErrors = true;

  constructor(options: DebuggerOptions) {
    this.#options = options;
    this.values = new HeldValues(options.expressions.engine);
    this.#breakpoints = new Breakpoints({
      same: options.same,
      evaluate: (code) => this.values.evaluate(code),
      ...(options.log ? { log: options.log } : {}),
    });
    this.#resume = options.stopOnEntry ? 'in' : 'continue';
  }

  /** For the gateway under debug: its expressions stop before every statement. */
  get expressions(): Expressions {
    const { engine, compile } = this.#options.expressions;
    const stops = {
      declare: (file: SourceFile, span: Span, locals: readonly LocalSymbol[]) => this.#statements.push({ file, span, locals }) - 1,
      at: (budget: Budget, number: number, read: readonly (() => unknown)[], write: readonly ((value: unknown) => void)[]) => {
        this.#atStatement(number, read, write);
        budget.forgetTime();
      },
    };
    return { engine: { ...engine, stops }, compile };
  }

  set breakpoints(breakpoints: readonly Breakpoint[]) {
    this.#breakpoints.all = breakpoints;
  }

  readonly listener = (event: ExchangeEvent, exchange: Exchange): void => {
    this.values.exchange = exchange;
    if (event.kind === 'step-finished') this.#steps.splice(this.#steps.lastIndexOf(event.step));
    if (event.kind === 'error-raised') this.#failed(event.error.message);
    if (event.kind !== 'step-started') return;
    this.values.held = [];
    this.#hold(event.step.file, event.step.span, this.#steps.length, () => this.#steps.push(event.step));
  };

  #failed(text: string): void {
    if (this.holdsErrors && this.#steps.length > 0 && !this.values.asking) this.#pause('exception', this.#frames(), text);
  }

  #atStatement(number: number, read: readonly (() => unknown)[], write: readonly ((value: unknown) => void)[]): void {
    const statement = this.#statements[number];
    if (this.values.asking || statement === undefined) return;
    this.values.held = statement.locals.map((symbol, i) => ({ symbol, read: () => read[i]?.(), write: (value) => write[i]?.(value) }));
    this.#hold(statement.file, statement.span, this.#steps.length + 1, () => undefined, {
      name: 'expression',
      file: statement.file,
      span: statement.span,
    });
  }

  /** `depth`: how many policies and expressions are around the place. */
  #hold(file: SourceFile, span: Span, depth: number, enter: () => void, inner?: HeldFrame): void {
    enter();
    const frames = inner ? [inner, ...this.#frames()] : this.#frames();
    const reason = this.#reasonAt(file, span, depth);
    if (reason !== undefined) this.#pause(reason, frames, undefined, depth);
  }

  #reasonAt(file: SourceFile, span: Span, depth: number): Held['reason'] | undefined {
    if (this.#breakpoints.isHit(file, span)) return 'breakpoint';
    if (this.#options.pauseAsked?.() === true) return 'pause';
    const steps =
      this.#resume === 'in' || (this.#resume === 'next' && depth <= this.#depth) || (this.#resume === 'out' && depth < this.#depth);
    if (!steps) return undefined;
    return this.#entered ? 'step' : 'entry';
  }

  #pause(reason: Held['reason'], frames: readonly HeldFrame[], text?: string, depth = this.#steps.length): void {
    this.#entered = true;
    this.values.forget();
    this.#resume = this.#options.pause({ reason, frames, ...(text === undefined ? {} : { text }) });
    this.#depth = depth;
    if (this.#resume === 'stop') throw new Stopped('the debugger ended the call');
  }

  #frames(): HeldFrame[] {
    return [...this.#steps].reverse().map((step) => ({ name: `${step.section}: ${step.path}`, file: step.file, span: step.span }));
  }

  /** Lines of a file at which something can be held, in order. */
  linesOf(name: string): number[] {
    const lines = this.#statements
      .filter(({ file }) => this.#options.same(file, name))
      .map(({ file, span }) => file.positionAt(span.start).line);
    return [...new Set(lines)].sort((a, b) => a - b);
  }
}
