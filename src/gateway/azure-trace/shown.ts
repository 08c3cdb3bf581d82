/** Texts and values as a trace may show them: without credentials and secrets, each of bounded length. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import type { Masks } from '../masks.ts';

/** Characters of one text. */
const LONGEST_TEXT = 4096;

export class Shown {
  readonly #exchange: Pick<Exchange, 'mask'>;
  readonly #masks: Masks;

  constructor(exchange: Pick<Exchange, 'mask'>, masks: Masks) {
    this.#exchange = exchange;
    this.#masks = masks;
  }

  text(text: string): string {
    return cut(this.#masks.text(this.#exchange.mask(text)));
  }

  url(url: string): string {
    return cut(this.#masks.url(this.#exchange.mask(url)));
  }

  header(name: string, value: string): string {
    return cut(this.#masks.header(name, this.#exchange.mask(value)));
  }

  /** In wire order. */
  headers(headers: Headers): { readonly name: string; readonly value: string }[] {
    const wire = headers.toWire();
    return wire.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: this.header(name, wire[at + 1] ?? '') }] : []));
  }

  /** Plain values as they are, those of .NET as their text; whatever has the name of a secret is one. */
  value(value: unknown, name = ''): unknown {
    if (value === null || value === undefined) return null;
    const plain = typeof value === 'object' && 'value' in value ? value.value : value;
    if (typeof plain === 'number' || typeof plain === 'boolean') return plain;
    const text = this.#exchange.mask(textOf(value));
    return cut(name === '' ? this.#masks.text(text) : this.#masks.parameter(name, text));
  }
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map(String).join(',');
  if ('netToString' in value) return String((value as { netToString(): unknown }).netToString());
  return 'value' in value ? String((value as { value: unknown }).value) : 'an object';
}
