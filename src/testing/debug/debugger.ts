/**
 * Holds a call at breakpoints and steps: at policies, through the runner's events, and at statements of C#, through stops in their
 * code. The thread that runs the policies waits inside `pause`; whoever asks in the meantime is answered from there.
 */

import type { LocalSymbol } from '../../csharp/check/bound.ts';
import { compileExpression, type ExpressionEngine } from '../../csharp/compile.ts';
import { box } from '../../csharp/runtime/box.ts';
import { Budget } from '../../csharp/runtime/budget.ts';
import { describe } from '../../dotnet/outcome/describe.ts';
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { Expressions } from '../../workspace/expressions.ts';

/** Where the call is held. */
export interface HeldFrame {
  readonly name: string;
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Held {
  readonly reason: 'entry' | 'breakpoint' | 'step' | 'exception';
  /** Innermost first. */
  readonly frames: readonly HeldFrame[];
  /** For `exception`. */
  readonly text?: string;
}

/** How to go on. `next` stays in the same list of policies or statements, `in` stops at whatever comes next, `out` behind it. */
export type Resume = 'continue' | 'next' | 'in' | 'out' | 'stop';

export interface ShownValue {
  readonly name: string;
  /** .NET type. */
  readonly type: string;
  readonly value: string;
}

export interface Breakpoint {
  /** Absolute or shown name of the file, as the debugger's `same` compares it. */
  readonly file: string;
  readonly line: number;
  /** C# of type bool; the call is held when it is true. */
  readonly condition?: string | undefined;
}

export interface DebuggerOptions {
  readonly expressions: Expressions;
  readonly stopOnEntry: boolean;
  /** Whether a file of a breakpoint is this one. */
  same(file: SourceFile, name: string): boolean;
  /** Waits until the call shall go on. */
  pause(held: Held): Resume;
}

/** Thrown into the call when it shall end. */
export class Stopped extends Error {}

interface Statement {
  readonly file: SourceFile;
  readonly span: Span;
  readonly locals: readonly LocalSymbol[];
}

interface Local {
  readonly symbol: LocalSymbol;
  read(): unknown;
  write(value: unknown): void;
}

export class PolicyDebugger {
  readonly #options: DebuggerOptions;
  readonly #statements: Statement[] = [];
  /** Policies that run, outermost first. */
  readonly #steps: StepInfo[] = [];
  #breakpoints: readonly Breakpoint[] = [];
  #resume: Resume;
  /** Depth at which `next` and `out` were asked for. */
  #depth = 0;
  #entered = false;
  #exchange: Exchange | undefined;
  #locals: readonly Local[] = [];
  /** Expressions of the debugger itself do not stop. */
  #asking = false;

  constructor(options: DebuggerOptions) {
    this.#options = options;
    this.#resume = options.stopOnEntry ? 'in' : 'continue';
  }

  /** For the gateway under debug: its expressions stop before every statement. */
  get expressions(): Expressions {
    const { engine, compile } = this.#options.expressions;
    const stops = {
      declare: (file: SourceFile, span: Span, locals: readonly LocalSymbol[]) => this.#statements.push({ file, span, locals }) - 1,
      at: (number: number, read: readonly (() => unknown)[], write: readonly ((value: unknown) => void)[]) =>
        this.#atStatement(number, read, write),
    };
    return { engine: { ...engine, stops }, compile };
  }

  set breakpoints(breakpoints: readonly Breakpoint[]) {
    this.#breakpoints = breakpoints;
  }

  readonly listener = (event: ExchangeEvent, exchange: Exchange): void => {
    this.#exchange = exchange;
    if (event.kind === 'step-finished') this.#steps.splice(this.#steps.lastIndexOf(event.step));
    if (event.kind === 'error-raised') this.#failed(event.error.message);
    if (event.kind !== 'step-started') return;
    this.#locals = [];
    this.#hold(event.step.file, event.step.span, this.#steps.length, () => this.#steps.push(event.step));
  };

  #failed(text: string): void {
    if (this.#steps.length > 0 && !this.#asking) this.#pause('exception', this.#frames(), text);
  }

  #atStatement(number: number, read: readonly (() => unknown)[], write: readonly ((value: unknown) => void)[]): void {
    const statement = this.#statements[number];
    if (this.#asking || statement === undefined) return;
    this.#locals = statement.locals.map((symbol, i) => ({ symbol, read: () => read[i]?.(), write: (value) => write[i]?.(value) }));
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
    if (this.#hits(file, span)) this.#pause('breakpoint', frames, undefined, depth);
    else if (
      this.#resume === 'in' ||
      (this.#resume === 'next' && depth <= this.#depth) ||
      (this.#resume === 'out' && depth < this.#depth)
    ) {
      this.#pause(this.#entered ? 'step' : 'entry', frames, undefined, depth);
    }
  }

  #hits(file: SourceFile, span: Span): boolean {
    const { line } = file.positionAt(span.start);
    return this.#breakpoints.some((one) => one.line === line && this.#options.same(file, one.file) && this.#holds(one.condition));
  }

  #holds(condition: string | undefined): boolean {
    if (condition === undefined || condition.trim() === '') return true;
    const result = this.evaluate(condition);
    return typeof result !== 'string' && result.value === 'true';
  }

  #pause(reason: Held['reason'], frames: readonly HeldFrame[], text?: string, depth = this.#steps.length): void {
    this.#entered = true;
    this.#resume = this.#options.pause({ reason, frames, ...(text === undefined ? {} : { text }) });
    this.#depth = depth;
    if (this.#resume === 'stop') throw new Stopped('the debugger ended the call');
  }

  #frames(): HeldFrame[] {
    return [...this.#steps].reverse().map((step) => ({ name: `${step.section}: ${step.path}`, file: step.file, span: step.span }));
  }

  // ------------------------------------------------------------ answers while the call is held

  /** Locals of the expression that is held; those without a value yet are left out. */
  get locals(): ShownValue[] {
    return this.#locals.flatMap((local) => {
      const value = this.#valueOf(local);
      return value === undefined ? [] : [this.#shown(local.symbol.name, box(value, local.symbol.type))];
    });
  }

  #valueOf(local: Local): unknown {
    try {
      return local.read();
    } catch {
      // Out of its scope here.
      return undefined;
    }
  }

  get variables(): ShownValue[] {
    return [...(this.#exchange?.variables.entries() ?? [])].map(([name, value]) => this.#shown(name, value));
  }

  /** The message parts that people look at first. */
  get message(): ShownValue[] {
    const shown = [
      'context.Request.Method',
      'context.Request.Url',
      'context.Request.IpAddress',
      'context.Response?.StatusCode',
      'context.LastError?.Message',
      'context.Elapsed',
    ];
    return shown.flatMap((code) => {
      const result = this.evaluate(code);
      return typeof result === 'string' ? [] : [{ ...result, name: code.replace('context.', '').replace('?', '') }];
    });
  }

  get headers(): ShownValue[] {
    const { request, response } = this.#exchange ?? {};
    const of = (kind: string, raw: readonly string[]) =>
      raw.flatMap((name, i) => (i % 2 === 0 ? [{ name: `${kind} ${name}`, type: 'string', value: raw[i + 1] ?? '' }] : []));
    return [...of('request', request?.headers.raw ?? []), ...of('response', response?.headers.raw ?? [])];
  }

  #shown(name: string, value: unknown): ShownValue {
    const { types } = this.#options.expressions.engine;
    const host = this.#exchange?.host;
    if (!host) return { name, type: 'null', value: 'null' };
    const outcome = describe(value, { host, types, budget: new Budget() });
    return { name, type: outcome.type, value: outcome.value ?? 'null' };
  }

  /** C# with `context` and the locals of the held expression; gives a sentence when it does not compile or throws. */
  evaluate(code: string): ShownValue | string {
    const result = this.#run(code, 'object');
    return 'failed' in result ? result.failed : this.#shown(code, result.value);
  }

  #run(code: string, type: string): { readonly value: unknown } | { readonly failed: string } {
    const exchange = this.#exchange;
    if (!exchange) return { failed: 'no call runs' };
    const { engine } = this.#options.expressions;
    const names = this.#borrow(exchange, engine);
    this.#asking = true;
    try {
      const text = `${names.map(({ declaration }) => declaration).join('')}return (${code});`;
      const { expression, diagnostics } = compileExpression(MappedText.of(text), 'multi', engine, type);
      if (!expression) return { failed: diagnostics[0]?.message ?? 'it does not compile' };
      return { value: expression.run({ host: exchange.host, types: engine.types, budget: new Budget() }, exchange) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#asking = false;
      for (const { key } of names) exchange.variables.remove(key);
    }
  }

  /** Locals lent to an expression through variables that no policy can name. */
  #borrow(exchange: Exchange, { types }: ExpressionEngine): { readonly key: string; readonly declaration: string }[] {
    return this.#locals.flatMap((local) => {
      const value = this.#valueOf(local);
      if (value === undefined || local.symbol.type.kind === 'anonymous') return [];
      const key = `\u0001${local.symbol.name}`;
      exchange.variables.set(key, box(value, local.symbol.type));
      return [
        {
          key,
          declaration: `var @${local.symbol.name}=(${types.display(local.symbol.type)})context.Variables["\\u0001${local.symbol.name}"];`,
        },
      ];
    });
  }

  /** Sets a local or a variable to the value of an expression; gives a sentence when that fails. */
  assign(kind: 'local' | 'variable', name: string, code: string): ShownValue | string {
    const local = kind === 'local' ? this.#locals.find(({ symbol }) => symbol.name === name) : undefined;
    if (kind === 'local' && !local) return `there is no local \`${name}\` here`;
    const { types } = this.#options.expressions.engine;
    const result = this.#run(code, local ? types.display(local.symbol.type) : 'object');
    if ('failed' in result) return result.failed;
    if (local) local.write(result.value);
    else this.#exchange?.variables.set(name, result.value);
    return this.#shown(name, local ? box(result.value, local.symbol.type) : result.value);
  }

  /** Lines of a file at which something can be held, in order. */
  linesOf(name: string): number[] {
    const lines = this.#statements
      .filter(({ file }) => this.#options.same(file, name))
      .map(({ file, span }) => file.positionAt(span.start).line);
    return [...new Set(lines)].sort((a, b) => a - b);
  }
}
