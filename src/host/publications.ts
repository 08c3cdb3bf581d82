/** Events of GraphQL fields inside one process: resolvers publish, connections subscribe. */
export class Publications {
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

  /** Gives how many were told. */
  publish(api: string, field: string, payload: string): number {
    const receivers = this.#receivers.get(`${api}/${field}`);
    for (const receiver of receivers ?? []) receiver(payload);
    return receivers?.size ?? 0;
  }
}
