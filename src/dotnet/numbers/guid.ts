/** System.Guid: 32 hexadecimal digits, in the order in which they are written. */
import { argument, formatException, type NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { guidException, readGuid } from './guid-parse.ts';
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

/** The form that a format names. Throws FormatException when it names none. */
function formOf(format: string): string {
  const form = format.toUpperCase();
  if (!/^[DNBPX]$/.test(form)) throw badFormat();
  return form;
}

/** Reads a GUID in any form, or in the one given; throws FormatException, `constructing` OverflowException, too. */
export function parseGuid(text: string, format?: string, constructing = false): NetGuid {
  const read = readGuid(text, format === undefined ? undefined : formOf(format));
  if ('fault' in read) throw guidException(read.fault, constructing);
  return new NetGuid(read.digits);
}

/** The same for Try methods: undefined when the text or the format is none. */
export function tryParseGuid(text: string, format?: string): NetGuid | undefined {
  if (format !== undefined && !/^[DNBPX]$/i.test(format)) return undefined;
  const read = readGuid(text, format?.toUpperCase());
  return 'digits' in read ? new NetGuid(read.digits) : undefined;
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
