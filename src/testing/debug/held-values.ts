/** What can be seen, evaluated and set while a call is held. */
import type { LocalSymbol } from '../../csharp/check/bound.ts';
import { compileExpression, type ExpressionEngine } from '../../csharp/compile.ts';
import { box } from '../../csharp/runtime/box.ts';
import { Budget } from '../../csharp/runtime/budget.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { isNetObject } from '../../csharp/runtime/values.ts';
import type { Type } from '../../csharp/types/type.ts';
import { describe } from '../../dotnet/outcome/describe.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { MappedText } from '../../source/mapped-text.ts';
import { innerOf } from './inspect.ts';

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

/** A local of the expression that is held. */
export interface Local {
  readonly symbol: LocalSymbol;
  read(): unknown;
  write(value: unknown): void;
}

export class HeldValues {
  readonly #engine: ExpressionEngine;
  /** Values whose insides may be asked for. */
  #handles: { readonly value: unknown; readonly code: string | undefined; readonly type: Type | undefined }[] = [];
  /** The call; absent before the first policy. */
  exchange: Exchange | undefined;
  /** Locals around the statement that is held; none at a policy. */
  held: readonly Local[] = [];
  /** An expression of the debugger itself runs, which does not stop. */
  asking = false;

  constructor(engine: ExpressionEngine) {
    this.#engine = engine;
  }

  /** The call was held anew: references given before mean nothing any more. */
  forget(): void {
    this.#handles = [];
  }

  /** Locals of the expression that is held; those without a value yet are left out. */
  get locals(): ShownValue[] {
    return this.held.flatMap((local) => {
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
    return [...(this.exchange?.variables.entries() ?? [])].map(([name, value]) =>
      this.#shown(name, value, this.#variableCode(name, value)),
    );
  }

  /** C# that gives a variable with its type; what has no name in C# comes as object. */
  #variableCode(name: string, value: unknown): string {
    const { types } = this.#engine;
    const type = value === null || value === undefined ? null : types.typeOf(value);
    const read = `context.Variables[${JSON.stringify(name)}]`;
    return type?.kind === 'named' || type?.kind === 'array' ? `((${types.display(type)})${read})` : read;
  }

  /** The parts of `context`, to be opened. */
  get context(): ShownValue[] {
    const runtime = this.#runtime();
    const { types, contextType } = this.#engine;
    const inner = runtime ? innerOf(this.exchange, runtime, types.type(contextType)) : [];
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
    const host = this.exchange?.host;
    return host && { host, types: this.#engine.types, budget: new Budget() };
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
    const { request, response } = this.exchange ?? {};
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
    const exchange = this.exchange;
    if (!exchange) return { failed: 'no call runs' };
    const engine = this.#engine;
    const names = this.#borrow(exchange, engine);
    this.asking = true;
    try {
      const text = `${names.map(({ declaration }) => declaration).join('')}return (${code});`;
      const { expression, diagnostics } = compileExpression(MappedText.of(text), 'multi', engine, type);
      if (!expression) return { failed: diagnostics[0]?.message ?? 'it does not compile' };
      const value = expression.run({ host: exchange.host, types: engine.types, budget: new Budget() }, exchange);
      return { value, type: expression.naturalType };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    } finally {
      this.asking = false;
      for (const { key } of names) exchange.variables.remove(key);
    }
  }

  /** Locals lent to an expression through variables that no policy can name. */
  #borrow(exchange: Exchange, { types }: ExpressionEngine): { readonly key: string; readonly declaration: string }[] {
    return this.held.flatMap((local) => {
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
    const local = kind === 'local' ? this.held.find(({ symbol }) => symbol.name === name) : undefined;
    if (kind === 'local' && !local) return `there is no local \`${name}\` here`;
    const { types } = this.#engine;
    const result = this.#run(code, local ? types.display(local.symbol.type) : 'object');
    if ('failed' in result) return result.failed;
    if (local) local.write(result.value);
    else this.exchange?.variables.set(name, result.value);
    return this.#shown(
      name,
      local ? box(result.value, local.symbol.type) : result.value,
      local ? name : this.#variableCode(name, result.value),
    );
  }
}

/** Names, members and indexers: nothing that needs brackets before more is written behind it. */
function isPath(code: string): boolean {
  return /^[\w.?()[\]"]+$/.test(code);
}
