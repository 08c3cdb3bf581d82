/** An expression's result turned into what a position wants (expressions.md, section 2): the one place for these rules. */
import { formatException, invalidCast } from '../csharp/runtime/exception.ts';
import { toText } from '../csharp/runtime/text.ts';
import { Boxed } from '../csharp/runtime/values.ts';

/** Text for headers, bodies, keys and URLs: `Convert.ToString(value, InvariantCulture)`; null stays null. */
export function toPolicyText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  return toText(value);
}

/** A number for `timeout`, `calls`, `status-code` …: any number, or a text that holds one. Throws FormatException, InvalidCastException. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Boxed && typeof value.value !== 'boolean') return Number(value.value);
  if (value === null || value === undefined || value instanceof Boxed) throw invalidCast();
  const text = toText(value).trim();
  if (!NUMBER.test(text)) throw formatException();
  return Number(text);
}

/** What .NET reads as a number: JavaScript's own would take `0x10` and `Infinity`. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?$/;

/** A bool, or a text `true`/`false` in any case as bool.Parse reads it. Throws FormatException, InvalidCastException. */
export function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value instanceof Boxed) {
    if (typeof value.value === 'boolean') return value.value;
    throw invalidCast();
  }
  if (value === null || value === undefined) throw invalidCast();
  const text = toText(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw formatException('String was not recognized as a valid Boolean.');
}

/** Content for a body: byte[] stays bytes, everything else is text; null is no content. */
export function toBodyContent(value: unknown): string | Uint8Array | null {
  return value instanceof Uint8Array ? value : toPolicyText(value);
}
