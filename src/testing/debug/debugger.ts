/**
 * Holds a call at breakpoints and steps: at policies, through the runner's events, and at statements of C#, through stops in their
 * code. The thread that runs the policies waits inside `pause`; whoever asks in the meantime is answered from there.
 */

import type { LocalSymbol } from '../../csharp/check/bound.ts';
import { compileExpression, type ExpressionEngine } from '../../csharp/compile.ts';
import { box } from '../../csharp/runtime/box.ts';
import { Budget } from '../../csharp/runtime/budget.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isNetObject } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';
import { describe } from '../../dotnet/outcome/describe.ts';
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';
import type { Span } from '../../source/span.ts';
import type { Expressions } from '../../workspace/expressions.ts';
import { innerOf } from './inspect.ts';

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

export interface ShownValue {
  readonly name: string;
  /** .NET type. */
  readonly type: string;
  readonly value: string;
  /** To ask for what is inside, while the call is held; 0 for plain values. */
  readonly reference?: number;
  /** C# that gives the value. */
  readonly code?: string;
}

export interface Breakpoint {
  /** Absolute or shown name of the file, as the debugger's `same` compares it. */
  readonly file: string;
  readonly line: number;
  /** C# of type bool; the call is held when it is true. */
  readonly condition?: string | undefined;
  /** `5`, `>= 3`, `% 2`: by how often the place was reached with the condition true. */
  readonly hitCondition?: string | undefined;
  /** Told in place of holding the call; `{…}` holds C#. */
  readonly logMessage?: string | undefined;
}

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
  #hits = new WeakMap<Breakpoint, number>();
  /** Values whose insides may be asked for. */
  #handles: { readonly value: unknown; readonly code: string | undefined; readonly type: Type | undefined }[] = [];
  /** Whether failures that lead to on-error hold the call. */
  holdsErrors = true;

  constructor(options: DebuggerOptions) {
    this.#options = options;
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
    if (this.holdsErrors && this.#steps.length > 0 && !this.#asking) this.#pause('exception', this.#frames(), text);
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
    const reason = this.#reasonAt(file, span, depth);
    if (reason !== undefined) this.#pause(reason, frames, undefined, depth);
  }

  #reasonAt(file: SourceFile, span: Span, depth: number): Held['reason'] | undefined {
    if (this.#isHit(file, span)) return 'breakpoint';
    if (this.#options.pauseAsked?.() === true) return 'pause';
    const steps =
      this.#resume === 'in' || (this.#resume === 'next' && depth <= this.#depth) || (this.#resume === 'out' && depth < this.#depth);
    if (!steps) return undefined;
    return this.#entered ? 'step' : 'entry';
  }

  /** Every breakpoint of the line counts and logs; one that holds is enough. */
  #isHit(file: SourceFile, span: Span): boolean {
    if (this.#breakpoints.length === 0) return false;
    const { line } = file.positionAt(span.start);
    const here = this.#breakpoints.filter((one) => one.line === line && this.#options.same(file, one.file));
    return here.filter((one) => this.#holds(one)).length > 0;
  }

  #holds(breakpoint: Breakpoint): boolean {
    if (!this.#isTrue(breakpoint.condition)) return false;
    const hits = (this.#hits.get(breakpoint) ?? 0) + 1;
    this.#hits.set(breakpoint, hits);
    if (!isCount(breakpoint.hitCondition, hits)) return false;
    if (breakpoint.logMessage === undefined || breakpoint.logMessage === '') return true;
    this.#options.log?.(this.#filled(breakpoint.logMessage));
    return false;
  }

  /** A condition that cannot be evaluated holds the call: who wrote it wants to know. */
  #isTrue(condition: string | undefined): boolean {
    if (condition === undefined || condition.trim() === '') return true;
    const result = this.evaluate(condition);
    if (typeof result === 'string') this.#options.log?.(`the condition \`${condition}\` cannot be evaluated: ${result}`);
    return typeof result === 'string' || result.value === 'true';
  }

  #filled(message: string): string {
    return message.replace(/\{([^{}]+)\}/g, (_, code: string) => {
      const result = this.evaluate(code);
      return typeof result === 'string' ? `{${result}}` : result.value;
    });
  }

  #pause(reason: Held['reason'], frames: readonly HeldFrame[], text?: string, depth = this.#steps.length): void {
    this.#entered = true;
    this.#handles = [];
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
      return value === undefined ? [] : [this.#shown(local.symbol.name, box(value, local.symbol.type), local.symbol.name)];
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
    return [...(this.#exchange?.variables.entries() ?? [])].map(([name, value]) =>
      this.#shown(name, value, this.#variableCode(name, value)),
    );
  }

  /** C# that gives a variable with its type; what has no name in C# comes as object. */
  #variableCode(name: string, value: unknown): string {
    const { types } = this.#options.expressions.engine;
    const type = value === null || value === undefined ? null : types.typeOf(value);
    const read = `context.Variables[${JSON.stringify(name)}]`;
    return type?.kind === 'named' || type?.kind === 'array' ? `((${types.display(type)})${read})` : read;
  }

  /** The parts of `context`, to be opened. */
  get context(): ShownValue[] {
    const runtime = this.#runtime();
    const { types, contextType } = this.#options.expressions.engine;
    const inner = runtime ? innerOf(this.#exchange, runtime, types.type(contextType)) : [];
    return inner
      .filter(({ name, value }) => name !== 'Variables' && value !== null && value !== undefined)
      .map(({ name, value, access = '', type }) => this.#shown(name, value, `context${access}`, type));
  }

  /** What is inside a value that was shown since the call was held. */
  inside(reference: number): ShownValue[] {
    const handle = this.#handles[reference - 1];
    const runtime = this.#runtime();
    if (handle === undefined || runtime === undefined) return [];
    return innerOf(handle.value, runtime, handle.type).map(({ name, value, access, type }) =>
      this.#shown(name, value, handle.code === undefined || access === undefined ? undefined : `${handle.code}${access}`, type),
    );
  }

  #runtime(): Runtime | undefined {
    const host = this.#exchange?.host;
    return host && { host, types: this.#options.expressions.engine.types, budget: new Budget() };
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

  #shown(name: string, value: unknown, code?: string, declared?: Type): ShownValue {
    const runtime = this.#runtime();
    if (!runtime) return { name, type: 'null', value: 'null' };
    const outcome = describe(value, runtime);
    // The objects behind `context` are not .NET's: what they are declared as says more.
    const type = declared && !isNetObject(value) && outcome.value === outcome.type ? runtime.types.display(declared) : undefined;
    const named = { name, type: type ?? outcome.type, value: type ?? outcome.value ?? 'null' };
    const shown = code === undefined ? named : { ...named, code };
    if (innerOf(value, { ...runtime, budget: new Budget() }, declared).length === 0) return shown;
    this.#handles.push({ value, code, type: declared });
    return { ...shown, reference: this.#handles.length };
  }

  /** C# with `context` and the locals of the held expression; gives a sentence when it does not compile or throws. */
  evaluate(code: string): ShownValue | string {
    const result = this.#run(code, 'object');
    return 'failed' in result ? result.failed : this.#shown(code, result.value, isPath(code) ? code : `(${code})`, result.type);
  }

  #run(code: string, type: string): { readonly value: unknown; readonly type: Type | undefined } | { readonly failed: string } {
    const exchange = this.#exchange;
    if (!exchange) return { failed: 'no call runs' };
    const { engine } = this.#options.expressions;
    const names = this.#borrow(exchange, engine);
    this.#asking = true;
    try {
      const text = `${names.map(({ declaration }) => declaration).join('')}return (${code});`;
      const { expression, diagnostics } = compileExpression(MappedText.of(text), 'multi', engine, type);
      if (!expression) return { failed: diagnostics[0]?.message ?? 'it does not compile' };
      const value = expression.run({ host: exchange.host, types: engine.types, budget: new Budget() }, exchange);
      return { value, type: expression.naturalType };
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
    return this.#shown(
      name,
      local ? box(result.value, local.symbol.type) : result.value,
      local ? name : this.#variableCode(name, result.value),
    );
  }

  /** Lines of a file at which something can be held, in order. */
  linesOf(name: string): number[] {
    const lines = this.#statements
      .filter(({ file }) => this.#options.same(file, name))
      .map(({ file, span }) => file.positionAt(span.start).line);
    return [...new Set(lines)].sort((a, b) => a - b);
  }
}

/** Names, members and indexers: nothing that needs brackets before more is written behind it. */
function isPath(code: string): boolean {
  return /^[\w.?()[\]"]+$/.test(code);
}

/** Whether a hit count fits `5`, `== 5`, `>= 5`, `% 5` and the like; a text that is none of these always does. */
function isCount(condition: string | undefined, hits: number): boolean {
  const found = /^\s*(==?|>=|<=|>|<|%)?\s*(\d+)\s*$/.exec(condition ?? '');
  if (!found) return true;
  const count = Number(found[2]);
  return COUNTS[found[1] ?? '==']?.(hits, count) ?? true;
}

const COUNTS: Readonly<Record<string, (hits: number, count: number) => boolean>> = {
  '=': (hits, count) => hits === count,
  '==': (hits, count) => hits === count,
  '>=': (hits, count) => hits >= count,
  '<=': (hits, count) => hits <= count,
  '>': (hits, count) => hits > count,
  '<': (hits, count) => hits < count,
  '%': (hits, count) => count > 0 && hits % count === 0,
};
