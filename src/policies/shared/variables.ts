import { Boxed } from '../../csharp/runtime/values.ts';
import type { Exchange } from '../../exchange/exchange.ts';

/** Stores a variable (object representation) and tells the listener. */
export function setVariable(exchange: Exchange, name: string, value: unknown): void {
  const before = exchange.listener ? exchange.variables.get(name) : undefined;
  exchange.variables.set(name, value);
  if (exchange.listener) exchange.emit({ kind: 'value-written', step: exchange.current, target: 'variable', name, before, after: value });
}

/** A System.Int32 on the heap. */
export function boxedInt(exchange: Exchange, value: number): Boxed {
  return new Boxed(exchange.types.type('int'), value);
}

/** A count: System.Int32, or System.Int64 when it is too large for that. */
export function boxedCount(exchange: Exchange, value: number): Boxed {
  return value < 2 ** 31 ? boxedInt(exchange, value) : new Boxed(exchange.types.type('long'), BigInt(value));
}
