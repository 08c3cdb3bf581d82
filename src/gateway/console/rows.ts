/** Rows of the page's tables, with which of several workers they are of. */
import type { CacheFigures, CacheRow, CounterRow } from './watched-stores.ts';

/** `worker` is the id of a process. */
export type WorkerCounter = CounterRow & { readonly worker: number };
export type WorkerEntry = CacheRow & { readonly worker: number };
export type WorkerCaches = Omit<CacheFigures, 'entries'> & { readonly entries: readonly WorkerEntry[] };
