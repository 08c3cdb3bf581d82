/** What the parent and its workers tell each other. */

import type { Publication } from '../host/publications.ts';

/** From a worker to its parent. */
export type WorkerMessage =
  | {
      readonly kind: 'ready';
      readonly address: string;
      /** Counters are in a store that all workers use. */
      readonly sharesCounters: boolean;
      /** What else whoever started it is told, in whole lines. */
      readonly notes: string;
    }
  /** What a load found, as it is printed, and whether it was taken into service. */
  | { readonly kind: 'loaded'; readonly problems: string; readonly taken: boolean }
  /** To a `reload`, when a load that began behind it has ended. */
  | { readonly kind: 'reloaded'; readonly round: number; readonly taken: boolean }
  /** A question to all workers, itself included; `id` is the asker's. */
  | { readonly kind: 'ask'; readonly id: number; readonly what: string }
  /** To a `question` of the parent's. */
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  /** For the subscribers of the other workers. */
  | { readonly kind: 'published'; readonly publication: Publication };

/** From the parent to a worker. */
export type ParentMessage =
  | { readonly kind: 'reload'; readonly round: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'published'; readonly publication: Publication }
  | { readonly kind: 'question'; readonly id: number; readonly what: string }
  /** To an `ask` of the worker's: what came within the time. */
  | { readonly kind: 'answers'; readonly id: number; readonly values: readonly unknown[] };
