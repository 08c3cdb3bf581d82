/** Values of the document as policies read them: literals decided once, expressions run and converted per call. */
import type { CompiledExpression } from '../csharp/compile.ts';
import { Budget, BudgetExhausted, type BudgetLimits, DEFAULT_LIMITS } from '../csharp/runtime/budget.ts';
import { NetException } from '../csharp/runtime/exception.ts';
import type { Runtime } from '../csharp/runtime/runtime.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toBoolean, toNumber, toPolicyText } from '../exchange/text.ts';
import type { Input } from '../policies/compiler.ts';
import { evaluationFailure, invalidValue } from '../policies/evaluation.ts';
import { NO_READS } from '../policies/step.ts';

/** A value as compiled: exactly one of literal and expression, or neither after an error. */
export interface CompiledValue {
  readonly literal: string | undefined;
  readonly expression: CompiledExpression | undefined;
  /** The expression's C#, for traces. */
  readonly code: string;
}

/** What all inputs of one element share. */
export interface InputContext {
  readonly path: string;
  readonly limits: BudgetLimits | undefined;
}

/** Bounds are counted anew for every evaluation; compiled regular expressions stay with the place that uses them. */
function runtimeOf(exchange: Exchange, limits: BudgetLimits | undefined, patterns: Map<string, unknown>): Runtime {
  return { host: exchange.host, types: exchange.types, budget: new Budget(limits ?? DEFAULT_LIMITS), patterns };
}

function makeInput<T>(
  value: CompiledValue,
  context: InputContext,
  fromLiteral: (text: string) => T,
  fromResult: (result: unknown) => T,
): Input<T> {
  const { expression } = value;
  if (!expression) {
    const constant = fromLiteral(value.literal ?? '');
    return { constant, isExpression: false, reads: NO_READS, read: () => constant };
  }
  const patterns = new Map<string, unknown>();
  const read = (exchange: Exchange): T => {
    try {
      const result = expression.run(runtimeOf(exchange, context.limits, patterns), exchange);
      if (exchange.listener) exchange.emit({ kind: 'expression-evaluated', step: exchange.current, expression: value.code, value: result });
      return fromResult(result);
    } catch (error) {
      throw failed(error, context.path);
    }
  };
  return { constant: undefined, isExpression: true, reads: expression.reads, read };
}

function failed(error: unknown, path: string): unknown {
  return error instanceof NetException || error instanceof BudgetExhausted ? evaluationFailure(error, path) : error;
}

export function textInput(value: CompiledValue, context: InputContext): Input<string | null> {
  return makeInput<string | null>(value, context, (text) => text, toPolicyText);
}

/** One of `values`; an expression may write it in any case, and what is none of them fails the call. */
export function enumInput(name: string, values: readonly string[]): (value: CompiledValue, context: InputContext) => Input<string | null> {
  const byLowerCase = new Map(values.map((one) => [one.toLowerCase(), one]));
  const chosen = (result: unknown): string => {
    const text = toPolicyText(result) ?? '';
    const found = byLowerCase.get(text.trim().toLowerCase());
    if (found === undefined) throw invalidValue(`'${text}' is not a valid ${name}.`);
    return found;
  };
  return (value, context) => makeInput<string | null>(value, context, (text) => text, chosen);
}

export function numberInput(value: CompiledValue, context: InputContext): Input<number> {
  return makeInput(value, context, Number, toNumber);
}

export function booleanInput(value: CompiledValue, context: InputContext): Input<boolean> {
  return makeInput(value, context, (text) => text === 'true', toBoolean);
}

export function objectInput(value: CompiledValue, context: InputContext): Input<unknown> {
  return makeInput<unknown>(
    value,
    context,
    (text) => text,
    (result) => result,
  );
}
