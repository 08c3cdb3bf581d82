/** Base64 and hexadecimal text of bytes, as System.Convert has them. */
import { argument, argumentNull, argumentOutOfRange, formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { type MemberTable, type SpecialImplementation, special } from '../../csharp/types/declare.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<number, number> = new Map([...ALPHABET].map((ch, at) => [ch.charCodeAt(0), at]));
/** How many characters a line has when line breaks are wanted. */
const LINE = 76;

/** The characters of three bytes. */
function quartet(bits: number): string {
  return ALPHABET.charAt(bits >> 18) + ALPHABET.charAt((bits >> 12) & 63) + ALPHABET.charAt((bits >> 6) & 63) + ALPHABET.charAt(bits & 63);
}

/** Base64 of bytes. */
export function toBase64(bytes: Uint8Array, lineBreaks = false): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < whole; at += 3) text += quartet(((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0));
  if (whole < bytes.length) {
    const last = quartet(((bytes[whole] ?? 0) << 16) | ((bytes[whole + 1] ?? 0) << 8));
    text += bytes.length - whole === 1 ? `${last.slice(0, 2)}==` : `${last.slice(0, 3)}=`;
  }
  return lineBreaks ? (text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []).join('\r\n') : text;
}

function badBase64(): NetException {
  return formatException(
    'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.',
  );
}

/** Bytes of a Base64 text; blanks and line breaks between the characters are skipped. Throws FormatException. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [group, count, padding, length] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9 || code === 10 || code === 13) continue;
    const value = VALUES.get(code);
    if (code === 61) padding += 1;
    else if (value === undefined || padding > 0) throw badBase64();
    group = (group << 6) | (value ?? 0);
    count += 1;
    if (count % 4 !== 0) continue;
    if (padding > 2) throw badBase64();
    for (let part = 0; part < 3 - padding; part += 1) bytes[length++] = (group >> (16 - part * 8)) & 255;
    group = 0;
  }
  if (count % 4 !== 0 || padding > 2) throw badBase64();
  return bytes.slice(0, length);
}

function slice(bytes: Uint8Array | null, offset: number, length: number): Uint8Array {
  if (bytes === null) throw argumentNull('inArray');
  if (length < 0)
    throw argumentOutOfRange('length', 'Index was out of range. Must be non-negative and less than the size of the collection.');
  if (offset < 0) throw argumentOutOfRange('offset', 'Value must be positive.');
  if (offset > bytes.length - length) throw argumentOutOfRange('offset', 'Offset and length must refer to a position in the string.');
  return bytes.subarray(offset, offset + length);
}

function encoded(bytes: Uint8Array | null, options = 0): string {
  if (bytes === null) throw argumentNull('inArray');
  if (options !== 0 && options !== 1) throw argument(`Illegal enum value: ${options}.`, 'options');
  return toBase64(bytes, options === 1);
}

function toCharArray(
  bytes: Uint8Array | null,
  offset: number,
  length: number,
  out: number[] | null,
  outOffset: number,
  options = 0,
): number {
  if (out === null) throw argumentNull('outArray');
  const text = encoded(slice(bytes, offset, length), options);
  if (outOffset < 0 || outOffset > out.length - text.length)
    throw argumentOutOfRange(
      'offsetOut',
      'Either offset did not refer to a position in the string, or there is an insufficient length of destination character array.',
    );
  for (let at = 0; at < text.length; at += 1) out[outOffset + at] = text.charCodeAt(at);
  return text.length;
}

function fromCharArray(chars: readonly number[] | null, offset: number, length: number): Uint8Array {
  if (chars === null) throw argumentNull('inArray');
  if (length < 0)
    throw argumentOutOfRange('length', 'Index was out of range. Must be non-negative and less than the size of the collection.');
  if (offset < 0) throw argumentOutOfRange('offset', 'Value must be positive.');
  if (offset > chars.length - length) throw argumentOutOfRange('offset', 'Offset and length must refer to a position in the string.');
  let text = '';
  for (const code of chars.slice(offset, offset + length)) text += String.fromCharCode(code);
  return fromBase64(text);
}

type FromBytes = (bytes: Uint8Array | null, ...rest: never[]) => string;

/** Counts the text that bytes become, so many characters a byte at most, before it is made. */
export function sized(charactersAByte: number, make: FromBytes): SpecialImplementation {
  return special((runtime, _types, bytes: Uint8Array | null, ...rest: never[]) => {
    runtime.budget.allocate((bytes?.length ?? 0) * charactersAByte);
    return make(bytes, ...rest);
  });
}

export function base64Members(): MemberTable {
  return {
    'static string ToBase64String(byte[] inArray)': sized(2, encoded),
    'static string ToBase64String(byte[] inArray, Base64FormattingOptions options)': sized(2, encoded),
    'static string ToBase64String(byte[] inArray, int offset, int length)': sized(2, (bytes, offset: number, length: number) =>
      encoded(slice(bytes, offset, length)),
    ),
    'static string ToBase64String(byte[] inArray, int offset, int length, Base64FormattingOptions options)': sized(
      2,
      (bytes, offset: number, length: number, options: number) => encoded(slice(bytes, offset, length), options),
    ),
    'static byte[] FromBase64String(string s)': special((runtime, _types, s: string | null) => {
      if (s === null) throw argumentNull('s');
      runtime.budget.allocate(s.length);
      return fromBase64(s);
    }),
    'static byte[] FromBase64CharArray(char[] inArray, int offset, int length)': fromCharArray,
    'static int ToBase64CharArray(byte[] inArray, int offsetIn, int length, char[] outArray, int offsetOut)': toCharArray,
    'static int ToBase64CharArray(byte[] inArray, int offsetIn, int length, char[] outArray, int offsetOut, Base64FormattingOptions options)':
      toCharArray,
  };
}

/** Upper-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function fromHex(text: string | null): Uint8Array {
  if (text === null) throw argumentNull('s');
  if (text.length % 2 !== 0) throw formatException('The input is not a valid hex string as its length is not a multiple of 2.');
  if (/[^0-9a-fA-F]/.test(text)) throw formatException('The input is not a valid hex string as it contains a non-hex character.');
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

export function hexMembers(): MemberTable {
  return {
    'static string ToHexString(byte[] inArray)': sized(2, (bytes) => toHex(slice(bytes, 0, bytes?.length ?? 0))),
    'static string ToHexString(byte[] inArray, int offset, int length)': sized(2, (bytes, offset: number, length: number) =>
      toHex(slice(bytes, offset, length)),
    ),
    'static byte[] FromHexString(string s)': fromHex,
  };
}
