/** Traces of the last calls, kept in memory until they are too many or too old; each is bounded in itself. */
import { randomBytes } from 'node:crypto';
import type { TraceDocument } from './document.ts';

const MOST_TRACES = 200;
/** Milliseconds. */
const LIFETIME = 60 * 60 * 1000;

interface Kept {
  readonly document: () => TraceDocument;
  readonly endsAt: number;
}

export class TraceStore {
  readonly #now: () => number;
  readonly #traces = new Map<string, Kept>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A name that nobody can guess: whoever knows it may read the trace. */
  newId(): string {
    return randomBytes(18).toString('base64url');
  }

  /** `document` is asked again at each look, so that what happens to the call later is in it. */
  keep(id: string, document: () => TraceDocument): void {
    this.#traces.set(id, { document, endsAt: this.#now() + LIFETIME });
    for (const [oldest, { endsAt }] of this.#traces) {
      if (this.#traces.size <= MOST_TRACES && endsAt > this.#now()) break;
      this.#traces.delete(oldest);
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
}
