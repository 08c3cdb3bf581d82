/** Server-sent events (WHATWG HTML, 9.2) cut out of a byte stream. */
import type { GatewayResponse } from '../../../exchange/message.ts';
import { tryJson } from './json.ts';

/** Characters an event may have before it is handed over unfinished. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

export function isEventStream(response: GatewayResponse): boolean {
  return /^\s*text\/event-stream\b/i.test(response.headers.first('Content-Type') ?? '');
}

export class EventSplitter {
  readonly #decoder = new TextDecoder();
  #pending = '';

  /** The events that ended with this chunk, with their blank lines. */
  push(chunk: Uint8Array): string[] {
    const seen = this.#pending.length;
    this.#pending += this.#decoder.decode(chunk, { stream: true });
    const ends = /\r?\n\r?\n/g;
    ends.lastIndex = Math.max(0, seen - 3);
    const events: string[] = [];
    let from = 0;
    for (let end = ends.exec(this.#pending); end; end = ends.exec(this.#pending)) {
      events.push(this.#pending.slice(from, ends.lastIndex));
      from = ends.lastIndex;
    }
    this.#pending = this.#pending.slice(from);
    if (this.#pending.length > MOST_CHARACTERS) events.push(this.rest());
    return events;
  }

  /** What stands behind the last blank line. */
  rest(): string {
    const rest = this.#pending;
    this.#pending = '';
    return rest;
  }
}

/** The JSON of an event's data; undefined for comments and `[DONE]`. */
export function dataOf(event: string): unknown {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? undefined : tryJson(lines.map((line) => line.slice(5)).join('\n'));
}

/** The events of a whole body. */
export function eventsOf(text: string): string[] {
  return text.split(/\r?\n\r?\n/).filter((event) => event !== '');
}
