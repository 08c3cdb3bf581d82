/** Events of GraphQL fields: resolvers publish, connections subscribe. */

export interface Publication {
  readonly api: string;
  /** Of type Subscription. */
  readonly field: string;
  /** The resolver's result as it stands in its body. */
  readonly payload: string;
}

/** Those of one process; `relay` tells others. */
export class Publications {
  /** Brings events to other processes. Default: there are none. */
  relay: ((publication: Publication) => void) | undefined;
  readonly #receivers = new Map<string, Set<(payload: string) => void>>();

  /** Gives what ends it. */
  subscribe(api: string, field: string, receiver: (payload: string) => void): () => void {
    const key = `${api}/${field}`;
    const receivers = this.#receivers.get(key) ?? new Set();
    this.#receivers.set(key, receivers);
    receivers.add(receiver);
    return () => {
      receivers.delete(receiver);
      if (receivers.size === 0 && this.#receivers.get(key) === receivers) this.#receivers.delete(key);
    };
  }

  /** Gives whether there may be somebody who was told. */
  publish(publication: Publication): boolean {
    this.relay?.(publication);
    return this.receive(publication) || this.relay !== undefined;
  }

  /** Tells the subscribers of this process, and whether there are any. */
  receive({ api, field, payload }: Publication): boolean {
    const receivers = this.#receivers.get(`${api}/${field}`);
    for (const receiver of receivers ?? []) receiver(payload);
    return receivers !== undefined;
  }
}
