/** Rows of the page's tables, with which of several workers they are of. */
import type { BackendSnapshot } from '../../workspace/backend-runtime.ts';
import type { CacheFigures, CacheRow, CounterRow } from './watched-stores.ts';

export type BackendRow = Omit<BackendSnapshot, 'openUntil'> & { readonly openUntil: number | null };
/** `worker` is the id of a process. */
export type WorkerCounter = CounterRow & { readonly worker: number };
export type WorkerEntry = CacheRow & { readonly worker: number };
export type WorkerCaches = Omit<CacheFigures, 'entries'> & { readonly entries: readonly WorkerEntry[] };
/** `openIn` of `workers` leave it out. */
export type WorkersBackend = BackendRow & { readonly openIn: number; readonly workers: number };
