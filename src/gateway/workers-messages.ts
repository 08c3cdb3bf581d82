/** What the parent and its workers tell each other. */

/** From a worker to its parent. */
export type WorkerMessage =
  | {
      readonly kind: 'ready';
      readonly address: string /** Counters are in a store that all workers use. */;
      readonly sharesCounters: boolean;
    }
  /** What a load found, as it is printed, and whether it was taken into service. */
  | { readonly kind: 'loaded'; readonly problems: string; readonly taken: boolean };

/** From the parent to a worker. */
export type ParentMessage = { readonly kind: 'reload' } | { readonly kind: 'stop' };
