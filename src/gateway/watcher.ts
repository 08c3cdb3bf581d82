/** Somebody who looks on while a gateway runs (the console). Absent, it costs one check a call. */
import type { ExchangeListener } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { Call } from '../workspace/call.ts';
import type { CallerResponse } from './caller.ts';
import type { Stores } from './stores.ts';

export interface GatewayWatcher {
  /** The stores as they shall be asked; called once, before anything is served. */
  stores(stores: Stores): Stores;
  /** A call came in. */
  begins(call: Call, requestId: string): CallWatch;
  /** After each load: whether it was taken into service. */
  loaded(problems: readonly Diagnostic[], taken: boolean): void;
}

/** One call, from its head to the end of its answer. */
export interface CallWatch {
  readonly listener: ExchangeListener;
  /** The policies are done; the answer goes out next. */
  finished(exchange: Exchange): void;
  /** An error of the gateway's own. */
  faulted(error: unknown): void;
  /** Bytes on their way to the caller. */
  sent(chunk: Uint8Array | string): void;
  /** All of the answer is on its way. */
  ended(): void;
  /** The answer is out, or the connection broke. */
  closed(): void;
}

/** Shows what is written to a caller as it goes out. */
export function tap(response: CallerResponse, watch: CallWatch): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  response.write = (chunk) => {
    watch.sent(chunk);
    return write(chunk);
  };
  response.end = (chunk?: Uint8Array | string) => {
    if (chunk !== undefined) watch.sent(chunk);
    watch.ended();
    return end(chunk);
  };
}

/** Both hear everything. */
export function both(one: ExchangeListener | null, other: ExchangeListener): ExchangeListener {
  if (!one) return other;
  return (event, exchange) => {
    one(event, exchange);
    other(event, exchange);
  };
}
