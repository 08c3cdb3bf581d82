/** Server-sent events (WHATWG HTML, 9.2) cut out of a byte stream. */
import type { GatewayResponse } from '../../../exchange/message.ts';
import { tryJson } from '../../../source/json.ts';

/** Characters an event may have before it is handed over unfinished. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

export function isEventStream(response: GatewayResponse): boolean {
  return /^\s*text\/event-stream\b/i.test(response.headers.first('Content-Type') ?? '');
}

/** Characters of `\r\n\r\n` that may have come with an earlier chunk. */
const TAIL = 3;

export class EventSplitter {
  readonly #decoder = new TextDecoder();
  /** What is pending but for its last characters, which are searched again with the next chunk. */
  #parts: string[] = [];
  #tail = '';
  #length = 0;

  /** The events that ended with this chunk, with their blank lines. */
  push(chunk: Uint8Array): string[] {
    const text = this.#tail + this.#decoder.decode(chunk, { stream: true });
    const events: string[] = [];
    let from = 0;
    for (const end of text.matchAll(/\r?\n\r?\n/g)) {
      const to = end.index + end[0].length;
      events.push(this.#take() + text.slice(from, to));
      from = to;
    }
    this.#hold(text.slice(from));
    if (this.#length > MOST_CHARACTERS) events.push(this.rest());
    return events;
  }

  /** What stands behind the last blank line. */
  rest(): string {
    const tail = this.#tail;
    this.#tail = '';
    return this.#take() + tail;
  }

  #take(): string {
    const text = this.#parts.join('');
    this.#parts = [];
    this.#length = 0;
    return text;
  }

  #hold(text: string): void {
    const cut = Math.max(0, text.length - TAIL);
    if (cut > 0) this.#parts.push(text.slice(0, cut));
    this.#length += cut;
    this.#tail = text.slice(cut);
  }
}

/** The text of an event's data; empty for comments. */
export function dataTextOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice(5)).join('\n');
}

/** The JSON of an event's data; undefined for comments and `[DONE]`. */
export function dataOf(event: string): unknown {
  return tryJson(dataTextOf(event));
}

/** The events of a whole body. */
export function eventsOf(text: string): string[] {
  return text.split(/\r?\n\r?\n/).filter((event) => event !== '');
}
