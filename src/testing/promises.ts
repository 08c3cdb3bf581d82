/** Headers that policies promise for whatever answer there will be (rate limits, cors). */
import type { ExchangeEvent } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';

/** Tells promised headers as written by the policy that promised them. */
export class Promises {
  #seen = 0;

  before(event: ExchangeEvent, { responseHeaders }: Exchange): ExchangeEvent[] {
    if (responseHeaders.length === this.#seen || (event.kind !== 'step-finished' && event.kind !== 'error-raised')) return [];
    const promised = responseHeaders.slice(this.#seen);
    this.#seen = responseHeaders.length;
    return promised.flatMap((name, at): ExchangeEvent[] =>
      at % 2 === 1
        ? []
        : [{ kind: 'value-written', step: event.step, target: 'response.header', name, before: undefined, after: promised[at + 1] ?? '' }],
    );
  }
}
