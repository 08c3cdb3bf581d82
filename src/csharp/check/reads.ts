import type { BodyReads, BoundExpression, ReceiverSymbol } from './bound.ts';

type Message = 'request' | 'response';

/**
 * Finds out which message bodies a program may read. `context.Request` or `context.Response` used as a value (stored,
 * passed on) may be read by anybody, so it counts as read, unless a member is taken from it at once or it is compared with null.
 */
export class ReadsTracker {
  readonly #loose = new Map<BoundExpression, Message>();
  readonly #receivers = new Map<ReceiverSymbol, Message>();
  readonly #read = new Set<Message>();

  /** A property of the context object was bound. */
  taken(value: BoundExpression, name: string): void {
    if (name === 'Request') this.#loose.set(value, 'request');
    if (name === 'Response') this.#loose.set(value, 'response');
  }

  /** A member `name` is used on `receiver`. */
  member(receiver: BoundExpression, name: string): void {
    const message = this.#messageOf(receiver);
    if (message === undefined) return;
    this.#loose.delete(receiver);
    if (name === 'Body') this.#read.add(message);
  }

  /** The value is only looked at (compared with null): it does not get away. */
  observed(value: BoundExpression): void {
    this.#loose.delete(value);
  }

  /** `value?.`: the receiver stands for the value from here on. */
  renamed(value: BoundExpression, receiver: ReceiverSymbol): void {
    const message = this.#messageOf(value);
    if (message === undefined) return;
    this.#loose.delete(value);
    this.#receivers.set(receiver, message);
  }

  result(): BodyReads {
    const all = new Set([...this.#read, ...this.#loose.values()]);
    return { request: all.has('request'), response: all.has('response') };
  }

  #messageOf(value: BoundExpression): Message | undefined {
    return value.kind === 'receiver' ? this.#receivers.get(value.symbol) : this.#loose.get(value);
  }
}
