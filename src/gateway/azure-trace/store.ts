/** Traces of the last calls, kept in memory until they are too many, too large together, or too old. */
import { randomBytes } from 'node:crypto';
import type { TraceDocument } from './document.ts';

const MOST_TRACES = 200;
/** Characters of all of them, roughly. */
const MOST_TEXT = 16 * 1024 * 1024;
/** Milliseconds. */
const LIFETIME = 60 * 60 * 1000;

interface Kept {
  readonly document: () => TraceDocument;
  readonly size: number;
  readonly endsAt: number;
}

export class TraceStore {
  readonly #now: () => number;
  readonly #traces = new Map<string, Kept>();
  #size = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A name that nobody can guess: whoever knows it may read the trace. */
  newId(): string {
    return randomBytes(18).toString('base64url');
  }

  /** `document` is asked again at each look, so that what happens to the call later is in it. */
  keep(id: string, document: () => TraceDocument): void {
    const size = JSON.stringify(document()).length;
    this.#traces.set(id, { document, size, endsAt: this.#now() + LIFETIME });
    this.#size += size;
    for (const [oldest, { endsAt }] of this.#traces) {
      if (this.#traces.size <= MOST_TRACES && this.#size <= MOST_TEXT && endsAt > this.#now()) break;
      if (oldest !== id) this.#drop(oldest);
    }
  }

  find(id: string): TraceDocument | undefined {
    const kept = this.#traces.get(id);
    return kept && kept.endsAt > this.#now() ? kept.document() : undefined;
  }

  /** The newest first. */
  list(): { readonly id: string; readonly document: TraceDocument }[] {
    return [...this.#traces].map(([id, { document }]) => ({ id, document: document() })).reverse();
  }

  #drop(id: string): void {
    this.#size -= this.#traces.get(id)?.size ?? 0;
    this.#traces.delete(id);
  }
}
