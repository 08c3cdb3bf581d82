/** Delegates that call several functions: what `+` and `-` on delegates make. */
import { DELEGATE_TYPE } from '../../csharp/runtime/values.ts';

export type Callable = (...args: never[]) => unknown;

const INVOCATIONS = Symbol('portico.invocations');

interface Combined {
  [INVOCATIONS]?: readonly Callable[];
  [DELEGATE_TYPE]?: unknown;
}

/** The functions that a delegate calls, in order. */
export function invocationsOf(delegate: Callable): readonly Callable[] {
  return (delegate as Combined)[INVOCATIONS] ?? [delegate];
}

/** Calls all of them; the last result is the result. */
function ofAll(all: readonly Callable[], like: Callable): Callable | null {
  const [only] = all;
  if (only === undefined) return null;
  if (all.length === 1) return only;
  const combined: Callable & Combined = (...args) => {
    let result: unknown;
    for (const one of all) result = one(...args);
    return result;
  };
  combined[INVOCATIONS] = all;
  combined[DELEGATE_TYPE] = (like as Combined)[DELEGATE_TYPE];
  return combined;
}

/** `Delegate.Combine`. */
export function combineDelegates(a: Callable | null, b: Callable | null): Callable | null {
  if (a === null || b === null) return a ?? b;
  return ofAll([...invocationsOf(a), ...invocationsOf(b)], a);
}

/** `Delegate.Remove`: takes the last place where the value's functions stand side by side out of the list. */
export function removeDelegate(source: Callable | null, value: Callable | null): Callable | null {
  if (source === null || value === null) return source;
  const [all, removed] = [invocationsOf(source), invocationsOf(value)];
  for (let at = all.length - removed.length; at >= 0; at -= 1) {
    if (removed.every((one, offset) => all[at + offset] === one)) return ofAll(all.toSpliced(at, removed.length), source);
  }
  return source;
}
