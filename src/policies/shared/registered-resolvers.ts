/** Resolvers that policies of the call set (the retired form), for whoever resolves the request. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { StepList } from '../step.ts';

const KEY = 'graphql-resolvers';

/** `path`: `Type/field`. */
export function registerResolver(path: string, steps: StepList, exchange: Exchange): void {
  const known = exchange.memory.get(KEY) as Map<string, StepList> | undefined;
  if (known) known.set(path, steps);
  else exchange.memory.set(KEY, new Map([[path, steps]]));
}

/** Those that the call has set so far, by `Type/field`. */
export function registeredResolvers(exchange: Exchange): ReadonlyMap<string, StepList> {
  return (exchange.memory.get(KEY) as Map<string, StepList> | undefined) ?? new Map();
}
