/** What one process knows of what the page shows, asked by itself or by another worker's console. */
import { type BackendRow, backendRows } from '../backend-health.ts';
import type { Gateway } from '../gateway.ts';
import type { Masks } from '../masks.ts';
import type { CallDetail, CallSummary } from './call-rows.ts';
import type { CallRing } from './ring.ts';
import type { CacheFigures, CounterRow, WatchedStores } from './watched-stores.ts';

/** Discovery documents and remembered tokens. */
export type IdentitySnapshot = ReturnType<Gateway['identity']>;

/** Calls that changed after the given serial, and the serial from which to ask next. */
export interface Changes {
  readonly serial: number;
  readonly calls: readonly CallSummary[];
}

/** Each question with its answer; all are what JSON has. */
export interface Answers {
  calls: readonly CallSummary[];
  call: CallDetail | null;
  counters: readonly CounterRow[];
  caches: CacheFigures;
  backends: readonly BackendRow[];
  keys: IdentitySnapshot;
  changes: Changes;
  clear: null;
  remove: boolean;
  reload: boolean;
}

export type Question = keyof Answers;

/** Up to where the changes of each worker are known, by process id. */
export type Serials = Readonly<Record<string, number>>;

/** An entry of the cache of one process. */
export interface EntryPlace {
  readonly worker: number;
  readonly id: number;
}

export interface OwnStateOptions {
  readonly gateway: Pick<Gateway, 'engine' | 'identity' | 'reload'>;
  readonly calls: CallRing;
  readonly stores: WatchedStores | undefined;
  readonly masks: () => Masks;
}

type Answering = { readonly [Q in Question]: (about: unknown) => Answers[Q] | Promise<Answers[Q]> };

export class OwnState {
  readonly #options: OwnStateOptions;
  readonly #answers: Answering = {
    calls: () => this.#options.calls.list().map((call) => call.summary()),
    call: (about) => this.#options.calls.find(String(about))?.detail() ?? null,
    counters: () => (this.#options.stores?.counters.rows() ?? []).map((row) => ({ ...row, key: this.#masked(row.key) })),
    caches: () => this.#caches(),
    backends: () => backendRows(this.#options.gateway.engine.backends.snapshot(), this.#options.masks()),
    keys: () => this.#options.gateway.identity(),
    changes: (about) => this.#changes(about as Serials),
    clear: () => {
      this.#options.calls.clear();
      return null;
    },
    remove: (about) => this.#remove(about as EntryPlace),
    reload: () => this.#options.gateway.reload(),
  };

  constructor(options: OwnStateOptions) {
    this.#options = options;
  }

  /** Null for what is no question. */
  answer(question: string, about: unknown): unknown {
    return Object.hasOwn(this.#answers, question) ? this.#answers[question as Question](about) : null;
  }

  #changes(serials: Serials): Changes {
    const { calls } = this.#options;
    return { serial: calls.serial, calls: calls.changedAfter(serials[process.pid] ?? 0).map((call) => call.summary()) };
  }

  #caches(): CacheFigures {
    const figures = this.#options.stores?.cache.figures() ?? { hits: 0, misses: 0, stores: 0, entries: [] };
    return { ...figures, entries: figures.entries.map((row) => ({ ...row, key: this.#masked(row.key) })) };
  }

  async #remove({ worker, id }: EntryPlace): Promise<boolean> {
    return worker === process.pid && ((await this.#options.stores?.cache.removeRow(id)) ?? false);
  }

  #masked(text: string): string {
    return this.#options.masks().text(text);
  }
}
