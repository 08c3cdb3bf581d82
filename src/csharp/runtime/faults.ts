/** What compiled code catches, and how JavaScript's own errors become .NET exceptions. */
import { errorText } from '../../source/error-text.ts';
import type { NamedType } from '../types/type.ts';
import { BudgetExhausted, exhausted } from './budget.ts';
import { NetException } from './exception.ts';
import type { Runtime } from './runtime.ts';

/** A mistake of this program, not of the policy: a JavaScript error inside an implementation. Never caught by an expression. */
export class EngineFault extends Error {}

/** Any thrown thing as the exception that a policy sees; throws what no policy may catch. */
export function asException(error: unknown): NetException {
  if (error instanceof NetException) return error;
  const mapped = fromEngine(error);
  if (mapped instanceof NetException) return mapped;
  throw mapped;
}

/** The same at the end of a run, as a value: NetException, BudgetExhausted or EngineFault. */
export function fromEngine(error: unknown): Error {
  if (error instanceof NetException || error instanceof BudgetExhausted || error instanceof EngineFault) return error;
  if (error instanceof RangeError) return fromRangeError(error);
  const message = errorText(error);
  return new EngineFault(`internal error while evaluating: ${message}`, { cause: error });
}

/** V8 reports exhausted stack and oversized strings, arrays and bigints all as RangeError; in .NET the process would end. */
function fromRangeError(error: RangeError): Error {
  if (error.message.includes('call stack')) return exhausted('the nested calls that the stack holds');
  if (/Invalid (string|array|typed array|array buffer) length|Array buffer allocation|BigInt/i.test(error.message))
    return exhausted('the memory of one value');
  return new EngineFault(`internal error while evaluating: ${error.message}`, { cause: error });
}

/** Whether a catch clause of the type takes the exception. */
export function isCaught(runtime: Runtime, exception: NetException, type: NamedType): boolean {
  const actual = runtime.types.typeOf(exception);
  return actual !== null && runtime.types.isAssignable(actual, type);
}

/** An exception filter: one that throws counts as false. */
export function passesFilter(filter: () => boolean): boolean {
  try {
    return filter();
  } catch (error) {
    asException(error);
    return false;
  }
}
