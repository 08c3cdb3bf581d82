/** A call's end as a value, or as a promise when it is not there yet. */
import type { Exchange } from '../exchange/exchange.ts';
import type { CallReceiver } from '../pipeline/run.ts';

/** Receives one call. */
export class CallRun implements CallReceiver {
  #exchange: Exchange | undefined;
  #failure: { readonly error: unknown } | undefined;
  #resolve: ((exchange: Exchange) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  finished(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#resolve?.(exchange);
  }

  faulted(error: unknown): void {
    this.#failure = { error };
    this.#reject?.(error);
  }

  /** Throws, or rejects, where the engine itself failed. */
  result(): Exchange | Promise<Exchange> {
    if (this.#failure) throw this.#failure.error;
    if (this.#exchange) return this.#exchange;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }
}
