/** One connection of the protocol graphql-transport-ws, from its greeting to the last event. Knows no sockets. */
import type { Exchange, MessageChannel, MessageReceiver } from '../exchange/exchange.ts';
import { membersOf, tryJson } from '../source/json.ts';
import { admit, type SubscriptionRequest } from './subscriptions.ts';

export const PROTOCOL = 'graphql-transport-ws';

/** Begins a subscription; each event becomes a result. */
export type Subscribe = (
  request: SubscriptionRequest,
  next: (result: object) => void,
) => Promise<{ readonly errors: readonly object[] } | { stop(): void }>;

/** Milliseconds in which a connection must be greeted. */
const GREETING = 10_000;

const NOT_SPOKEN = [4406, 'Subprotocol not acceptable'] as const;
const TOO_LATE = [4408, 'Connection initialisation timeout'] as const;

/** Subscriptions of one connection. */
const MOST_SUBSCRIPTIONS = 100;

export class SubscriptionSession implements MessageReceiver {
  readonly #channel: MessageChannel;
  readonly #handshake: Exchange;
  readonly #subscribe: Subscribe;
  /** Undefined: it is about to begin. */
  readonly #running = new Map<string, { stop(): void } | undefined>();
  /** Ends the wait for a greeting. */
  readonly #greeting = new AbortController();
  #state: 'new' | 'greeted' | 'over' = 'new';

  constructor(channel: MessageChannel, handshake: Exchange, subscribe: Subscribe, isSpoken: boolean) {
    this.#channel = channel;
    this.#handshake = handshake;
    this.#subscribe = subscribe;
    const [code, reason] = isSpoken ? TOO_LATE : NOT_SPOKEN;
    handshake.host.sleep(isSpoken ? GREETING : 0, this.#greeting.signal).then(
      () => this.#fail(code, reason),
      () => {},
    );
  }

  async message(text: string): Promise<void> {
    if (this.#state === 'over') return;
    const { type, id, payload } = membersOf(tryJson(text));
    switch (type) {
      case 'connection_init':
        return this.#greet();
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'pong':
        return;
      case 'subscribe':
        return typeof id === 'string' && id !== ''
          ? this.#begin(id, payload)
          : this.#fail(4400, 'Invalid message: `subscribe` needs an `id`');
      case 'complete':
        return typeof id === 'string' ? this.#end(id) : this.#fail(4400, 'Invalid message: `complete` needs an `id`');
      default:
        return this.#fail(4400, 'Invalid message');
    }
  }

  closed(): void {
    this.#state = 'over';
    this.#greeting.abort();
    for (const one of this.#running.values()) one?.stop();
    this.#running.clear();
  }

  #greet(): void {
    if (this.#state === 'greeted') return this.#fail(4429, 'Too many initialisation requests');
    this.#state = 'greeted';
    this.#greeting.abort();
    this.#send({ type: 'connection_ack' });
  }

  async #begin(id: string, payload: unknown): Promise<void> {
    if (this.#state !== 'greeted') return this.#fail(4401, 'Unauthorized');
    if (this.#running.has(id)) return this.#fail(4409, `Subscriber for ${id.slice(0, 80)} already exists`);
    if (this.#running.size >= MOST_SUBSCRIPTIONS)
      return this.#refuse(id, [{ message: `A connection has at most ${MOST_SUBSCRIPTIONS} subscriptions.` }]);
    this.#running.set(id, undefined);
    const admission = await admit(payload, this.#handshake);
    if ('errors' in admission) return this.#refuse(id, admission.errors);
    const begun = await this.#subscribe(admission.request, (result) => {
      if (this.#running.has(id)) this.#send({ id, type: 'next', payload: result });
    });
    if ('errors' in begun) return this.#refuse(id, begun.errors);
    if ((this.#state as string) === 'over') begun.stop();
    else this.#running.set(id, begun);
  }

  #end(id: string): void {
    this.#running.get(id)?.stop();
    this.#running.delete(id);
  }

  #refuse(id: string, errors: readonly object[]): void {
    this.#running.delete(id);
    this.#send({ id, type: 'error', payload: errors });
  }

  #send(message: object): void {
    if (this.#state !== 'over') this.#channel.send(JSON.stringify(message));
  }

  #fail(code: number, reason: string): void {
    this.closed();
    this.#channel.close(code, reason);
  }
}
