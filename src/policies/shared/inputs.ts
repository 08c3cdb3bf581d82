/** Small helpers over the values of an element. */
import type { Exchange } from '../../exchange/exchange.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import type { Input } from '../compiler.ts';
import { NO_READS } from '../step.ts';

/** A value made of several inputs. */
export interface Reader<T> {
  /** It may be another one at each call. */
  readonly isExpression: boolean;
  read(exchange: Exchange): T;
}

/** What `make` gives; when none of its parts is an expression it is made once, so that its identity can stand for it. */
export function combined<T>(
  parts: readonly ({ readonly isExpression: boolean } | undefined)[],
  make: (exchange: Exchange) => T,
): Reader<T> {
  if (parts.some((part) => part?.isExpression)) return { isExpression: true, read: make };
  let made: { readonly value: T } | undefined;
  const read = (exchange: Exchange): T => {
    made ??= { value: make(exchange) };
    return made.value;
  };
  return { isExpression: false, read };
}

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
