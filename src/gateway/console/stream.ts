/** Server-sent events: the rows that changed since the last beat, however many calls a second there are. */
import type { ServerResponse } from 'node:http';
import { EVENT_HEADERS } from './http.ts';

/** Pages that listen at one time. */
const MOST_LISTENERS = 16;
const BEAT_MILLISECONDS = 150;
/** A line now and then, so that a page notices when the gateway is gone. */
const STILL_MILLISECONDS = 15_000;
/** A page that does not take its events loses them: it reads the list anew when it comes back. */
const MOST_WAITING_BYTES = 1024 * 1024;

export class EventStream<Row extends { readonly id: string }> {
  readonly #listeners = new Set<ServerResponse>();
  readonly #changed = new Map<string, () => Row>();
  #timer: NodeJS.Timeout | undefined;
  #still: NodeJS.Timeout | undefined;

  /** False when there are too many already. */
  add(response: ServerResponse): boolean {
    if (this.#listeners.size >= MOST_LISTENERS) return false;
    response.writeHead(200, EVENT_HEADERS);
    response.write('retry: 1000\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#remove(response));
    this.#still ??= setInterval(() => this.#send(':\n\n'), STILL_MILLISECONDS).unref();
    return true;
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** The row is made when it is sent. */
  change(id: string, row: () => Row): void {
    if (this.#listeners.size === 0) return;
    this.#changed.set(id, row);
    this.#timer ??= setTimeout(() => this.#flush(), BEAT_MILLISECONDS).unref();
  }

  tell(event: string, data: unknown): void {
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#still);
    for (const listener of this.#listeners) listener.end();
  }

  #flush(): void {
    this.#timer = undefined;
    const rows = [...this.#changed.values()].map((row) => row());
    this.#changed.clear();
    this.tell('calls', rows.slice(-200));
  }

  #send(text: string): void {
    for (const listener of this.#listeners) if (listener.writableLength < MOST_WAITING_BYTES) listener.write(text);
  }

  #remove(response: ServerResponse): void {
    this.#listeners.delete(response);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#still);
    this.#still = undefined;
  }
}
