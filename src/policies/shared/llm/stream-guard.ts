/** Events of a streamed completion, held back until the text in them was judged. */
import type { Exchange } from '../../../exchange/exchange.ts';
import { membersOf } from '../../../source/json.ts';
import { dataOf, dataTextOf, EventSplitter } from './events.ts';
import { completionTexts } from './usage.ts';

export interface Guard {
  /** Characters judged together. */
  readonly size: number;
  /** Characters that consecutive windows share. */
  readonly overlap: number;
  readonly exchange: Exchange;
  /** Why the text must not pass; null when it may. */
  judge(text: string): Promise<string | null>;
}

/** The completion's text in an event; data that is no JSON is judged as it stands. */
export function textOfEvent(event: string): string {
  const data = dataOf(event);
  if (data !== undefined) return completionTexts(membersOf(data)).join('');
  const text = dataTextOf(event).trim();
  return text === '[DONE]' ? '' : text;
}

/** Passes judged events on; after a violation nothing follows, since status and headers are out already. */
export async function* guarded(stream: AsyncIterable<Uint8Array>, guard: Guard): AsyncGenerator<Uint8Array> {
  const splitter = new EventSplitter();
  const window = new Window(guard);
  for await (const chunk of stream) {
    for (const event of splitter.push(chunk)) window.add(event);
    if (!window.isFull) continue;
    if (!(await window.passes())) return;
    yield window.release();
  }
  window.add(splitter.rest());
  if (await window.passes()) yield window.release();
}

class Window {
  readonly #guard: Guard;
  #held = '';
  #text = '';
  /** Length of what was judged in the window before. */
  #judged = 0;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  get isFull(): boolean {
    return this.#text.length >= this.#guard.size;
  }

  add(event: string): void {
    this.#held += event;
    this.#text += textOfEvent(event);
  }

  async passes(): Promise<boolean> {
    if (this.#text.length === this.#judged) return true;
    const { judge, exchange } = this.#guard;
    const found = await judge(this.#text);
    if (found !== null) exchange.host.log('warn', 'llm-content-safety ends a stream', { why: exchange.mask(found) });
    return found === null;
  }

  release(): Uint8Array {
    const { overlap } = this.#guard;
    const bytes = new TextEncoder().encode(this.#held);
    this.#held = '';
    this.#text = overlap === 0 ? '' : this.#text.slice(-overlap);
    this.#judged = this.#text.length;
    return bytes;
  }
}
