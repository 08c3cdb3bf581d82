/** Small helpers over the values of an element. */
import { PolicyError } from '../../exchange/policy-error.ts';
import type { Input } from '../compiler.ts';
import { NO_READS } from '../step.ts';

/** An input that always has the same value. */
export function constantInput<T>(constant: T): Input<T> {
  return { constant, isExpression: false, reads: NO_READS, read: () => constant };
}

/** The input; one that is missing after a reported error fails when it is reached. */
export function needed<T>(input: Input<T> | undefined, what: string): Input<T> {
  return input ?? { constant: undefined, isExpression: true, reads: NO_READS, read: () => missing(what) };
}

function missing(what: string): never {
  throw new PolicyError({ reason: 'PolicyInvalid', message: `\`${what}\` is missing` });
}

/** The texts of several inputs; null gives the empty text. */
export function texts(inputs: readonly Input<string | null>[]): Input<readonly string[]> {
  const isExpression = inputs.some((input) => input.isExpression);
  if (!isExpression) return constantInput(inputs.map((input) => input.constant ?? ''));
  return { constant: undefined, isExpression, reads: NO_READS, read: (exchange) => inputs.map((input) => input.read(exchange) ?? '') };
}
