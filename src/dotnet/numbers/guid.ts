/** System.Guid: 32 hexadecimal digits, in the order in which they are written. */
import { argument, formatException, type NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { guidType } from './guid-type.ts';

/** Where each byte of ToByteArray stands in the text: the first three groups are little-endian. */
const BYTE_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

export class NetGuid implements NetObject {
  /** Lower-case hexadecimal without dashes. */
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  get netType(): TypeDeclaration {
    return guidType;
  }
  netToString(): string {
    return formatGuid(this, 'D');
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetGuid && other.digits === this.digits;
  }
  netHashCode(): number {
    const { digits } = this;
    const bytes = (...places: number[]): number => Number.parseInt(places.map((at) => digits.slice(at, at + 2)).join(''), 16);
    // .NET joins the sixteen bytes, four a word and little-endian, with xor.
    return Number.parseInt(digits.slice(0, 8), 16) ^ bytes(12, 14, 8, 10) ^ bytes(22, 20, 18, 16) ^ bytes(30, 28, 26, 24);
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof NetGuid)) throw argument('Object must be of type GUID.', 'value');
    return this.digits < other.digits ? -1 : this.digits > other.digits ? 1 : 0;
  }
  netFormat(format: string | null): string {
    return formatGuid(this, format);
  }
}

export const EMPTY = '0'.repeat(32);

/** Text with dashes (D), bare (N), in braces (B), parentheses (P) or as nested hexadecimal (X). Throws FormatException. */
export function formatGuid({ digits }: NetGuid, format: string | null): string {
  if (format === 'D') return dashed(digits);
  switch ((format || 'D').toUpperCase()) {
    case 'D':
      return dashed(digits);
    case 'N':
      return digits;
    case 'B':
      return `{${dashed(digits)}}`;
    case 'P':
      return `(${dashed(digits)})`;
    case 'X':
      return hexadecimal(digits);
    default:
      throw badFormat();
  }
}

function badFormat(): NetException {
  return formatException('Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".');
}

function dashed(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

function hexadecimal(digits: string): string {
  const rest = (digits.slice(16).match(/../g) ?? []).map((byte) => `0x${byte}`).join(',');
  return `{0x${digits.slice(0, 8)},0x${digits.slice(8, 12)},0x${digits.slice(12, 16)},{${rest}}}`;
}

const DASHED = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const FORMS: Readonly<Record<string, RegExp>> = {
  D: new RegExp(`^${DASHED}$`, 'i'),
  N: /^[0-9a-f]{32}$/i,
  B: new RegExp(`^\\{${DASHED}\\}$`, 'i'),
  P: new RegExp(`^\\(${DASHED}\\)$`, 'i'),
};
const HEX_FORM = /^\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\{((?:0x[0-9a-f]{1,2},){7}0x[0-9a-f]{1,2})\}\}$/i;
/** Longer texts are no GUIDs, whatever white space they hold. */
const LONGEST = 512;

/** Reads a GUID in any form, or in the one given; undefined when the text is none. */
export function parseGuid(text: string, format?: string): NetGuid | undefined {
  const trimmed = text.length > LONGEST ? '' : text.trim();
  const wanted = format?.toUpperCase();
  if (wanted !== undefined && !/^[DNBPX]$/.test(wanted)) throw badFormat();
  for (const form of wanted === undefined ? ['D', 'N', 'B', 'P', 'X'] : [wanted]) {
    const guid = form === 'X' ? parseHexadecimal(trimmed) : parseWritten(trimmed, FORMS[form]);
    if (guid) return guid;
  }
  return undefined;
}

/** Digits with nothing between them but dashes, and perhaps braces or parentheses around them. */
function parseWritten(text: string, form: RegExp | undefined): NetGuid | undefined {
  if (!form?.test(text)) return undefined;
  const digits = text.replaceAll('-', '').toLowerCase();
  return new NetGuid(digits.length === 32 ? digits : digits.slice(1, -1));
}

function parseHexadecimal(text: string): NetGuid | undefined {
  const match = HEX_FORM.exec(text.replace(/\s/g, ''));
  if (!match) return undefined;
  const [, a = '', b = '', c = '', bytes = ''] = match;
  const rest = bytes.split(',').map((byte) => byte.slice(2).padStart(2, '0'));
  return new NetGuid((a.padStart(8, '0') + b.padStart(4, '0') + c.padStart(4, '0') + rest.join('')).toLowerCase());
}

/** `Unrecognized Guid format.` */
export function unrecognized(): NetException {
  return formatException('Unrecognized Guid format.');
}

export function guidToBytes({ digits }: NetGuid, bigEndian = false): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, at) => {
    const place = bigEndian ? at : (BYTE_ORDER[at] ?? at);
    return Number.parseInt(digits.slice(place * 2, place * 2 + 2), 16);
  });
}

/** Throws ArgumentException unless there are 16 bytes. */
export function guidFromBytes(bytes: Uint8Array): NetGuid {
  if (bytes.length !== 16) throw argument('Byte array for Guid must be exactly 16 bytes long.', 'b');
  const digits = BYTE_ORDER.map((place) => hex(bytes[place] ?? 0, 2));
  return new NetGuid(digits.join(''));
}

/** From the numbers of the constructors: one of 32 bits, two of 16, eight bytes. */
export function guidFromParts(a: number, b: number, c: number, bytes: readonly number[]): NetGuid {
  return new NetGuid(hex(a, 8) + hex(b, 4) + hex(c, 4) + bytes.map((byte) => hex(byte, 2)).join(''));
}

function hex(value: number, width: number): string {
  return (value >>> 0).toString(16).padStart(width, '0').slice(-width);
}
