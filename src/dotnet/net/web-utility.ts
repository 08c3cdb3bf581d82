import { argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { StringWriterValue } from '../text/reader-writer.ts';
import { HTML_ENTITIES } from './html-entities.ts';
import { hexEscape } from './uri-escape.ts';

type Text = string | null;

const NAMED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '&': '&amp;' };

/** `HtmlEncode`: markup, Latin-1's upper half and what lies beyond the basic plane. */
export function htmlEncode(text: string): string {
  return text.replace(/[<>"'&\u00a0-\u00ff]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return NAMED[character] ?? (character.length === 1 && point >= 0xd800 ? '\ufffd' : `&#${point};`);
  });
}

/** `HtmlDecode`: named and numbered references that end in a semicolon. */
function htmlDecode(text: string): string {
  return text.replace(/&(#[xX]?)?([0-9A-Za-z]{1,32});/g, (whole, mark: string | undefined, name: string) => {
    if (mark === undefined) return HTML_ENTITIES.get(name) ?? whole;
    return numbered(name, mark.length === 2 ? 16 : 10) ?? whole;
  });
}

function numbered(digits: string, base: 10 | 16): string | undefined {
  if (!(base === 16 ? /^[0-9A-Fa-f]{1,8}$/ : /^[0-9]{1,10}$/).test(digits)) return undefined;
  const point = Number.parseInt(digits, base);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
  return String.fromCodePoint(point);
}

function isSafe(byte: number): boolean {
  return /[A-Za-z0-9\-_.!*()]/.test(String.fromCharCode(byte));
}

/** `UrlEncode` on bytes, as text. */
function urlEncode(bytes: Uint8Array): string {
  let encoded = '';
  for (const byte of bytes) encoded += byte === 32 ? '+' : byte < 128 && isSafe(byte) ? String.fromCharCode(byte) : hexEscape(byte);
  return encoded;
}

/** `UrlDecode`: plus signs and escapes; escapes that are no UTF-8 become U+FFFD, what is no escape stays. */
export function urlDecode(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Uint8Array.from(escapes.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  });
}

function urlDecodeBytes(bytes: Uint8Array): Uint8Array {
  const decoded: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const hex = String.fromCharCode(...bytes.subarray(i + 1, i + 3));
    const isEscape = bytes[i] === 37 && /^[0-9A-Fa-f]{2}$/.test(hex);
    decoded.push(isEscape ? Number.parseInt(hex, 16) : bytes[i] === 43 ? 32 : (bytes[i] ?? 0));
    if (isEscape) i += 2;
  }
  return Uint8Array.from(decoded);
}

function part(bytes: Uint8Array | null, offset: number, count: number, parameter: string): Uint8Array | null {
  if (bytes === null && count === 0) return null;
  if (bytes === null) throw argumentNull(parameter);
  if (offset < 0 || offset > bytes.length) throw argumentOutOfRange('offset');
  if (count < 0 || offset + count > bytes.length) throw argumentOutOfRange('count');
  return bytes.subarray(offset, offset + count);
}

function orNull(convert: (text: string) => string): (text: Text) => Text {
  return (text) => (text === null ? null : convert(text));
}

/** System.Net.WebUtility. */
export const webUtilityType = declareType('static class System.Net.WebUtility', 'all', {
  'static string HtmlEncode(string value)': special((runtime, _types, text: Text) => {
    runtime.budget.allocate(text?.length ?? 0);
    return orNull(htmlEncode)(text);
  }),
  'static void HtmlEncode(string value, System.IO.TextWriter output)': special(
    (runtime, _types, text: Text, output: StringWriterValue | null) => {
      if (output === null) throw argumentNull('output');
      output.write(runtime, orNull(htmlEncode)(text));
    },
  ),
  'static string HtmlDecode(string value)': orNull(htmlDecode),
  'static void HtmlDecode(string value, System.IO.TextWriter output)': special(
    (runtime, _types, text: Text, output: StringWriterValue | null) => {
      if (output === null) throw argumentNull('output');
      output.write(runtime, orNull(htmlDecode)(text));
    },
  ),
  'static string UrlEncode(string value)': special((runtime, _types, text: Text) => {
    runtime.budget.allocate((text?.length ?? 0) * 3);
    return text === null ? null : urlEncode(new TextEncoder().encode(text));
  }),
  'static string UrlDecode(string encodedValue)': orNull(urlDecode),
  'static byte[] UrlEncodeToBytes(byte[] value, int offset, int count)': (bytes: Uint8Array | null, offset: number, count: number) => {
    const taken = part(bytes, offset, count, 'value');
    return taken === null ? null : new TextEncoder().encode(urlEncode(taken));
  },
  'static byte[] UrlDecodeToBytes(byte[] encodedValue, int offset, int count)': (
    bytes: Uint8Array | null,
    offset: number,
    count: number,
  ) => {
    const taken = part(bytes, offset, count, 'encodedValue');
    return taken === null ? null : urlDecodeBytes(taken);
  },
});
