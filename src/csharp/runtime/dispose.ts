import { callImplementation } from './defaults.ts';
import type { Runtime } from './runtime.ts';

/** IDisposable.Dispose of a value in object representation; null and objects without one need nothing. */
export function dispose(runtime: Runtime, value: unknown): void {
  if (value === null || value === undefined) return;
  const type = runtime.types.typeOf(value);
  const found = type && runtime.types.lookup(type, 'Dispose')[0];
  if (found?.member.kind !== 'method') return;
  callImplementation(found.member.implementation, runtime, found.on.typeArguments, [value]);
}
