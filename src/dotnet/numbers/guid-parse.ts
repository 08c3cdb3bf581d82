/** Reads GUIDs as .NET does: which form a text is taken for, what each form forgives, and what its exceptions say. */
import { formatException, type NetException } from '../../csharp/runtime/exception.ts';
import { trimUnits } from '../text/split.ts';
import { isWhiteSpace } from '../text/unicode.ts';
import { tooLarge } from './parse-number.ts';

const FAULTS = {
  unrecognized: 'Unrecognized Guid format.',
  length: 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).',
  dashes: 'Dashes are in the wrong position for GUID parsing.',
  digit: 'Guid string should only contain hexadecimal characters.',
  brace: 'Expected {0xdddddddd, etc}.',
  prefix: 'Expected 0x prefix.',
  comma: "Could not find a comma, or the length between the previous token and the comma was zero (i.e., '0x,'etc.).",
  closing: "Could not find a brace, or the length between the previous token and the brace was zero (i.e., '0x,'etc.).",
  end: 'Could not find the ending brace.',
  junk: 'Additional non-parsable characters are at the end of the string.',
  byte: 'Value was either too large or too small for an unsigned byte.',
  word: 'Value was either too large or too small for a UInt32.',
} as const;

/** Why a text is no GUID. */
export type GuidFault = keyof typeof FAULTS;

/** The 32 digits that a text stands for, in lower case, or what is wrong with it. */
export type ParsedGuid = { readonly digits: string } | { readonly fault: GuidFault };

/** The exception of a fault; only the constructor makes an OverflowException of a number beyond 32 bits. */
export function guidException(fault: GuidFault, constructing: boolean): NetException {
  return constructing && fault === 'word' ? tooLarge('a UInt32') : formatException(FAULTS[fault]);
}

/** Longer texts are no GUIDs, whatever white space they hold. */
const LONGEST = 512;

/** Reads the form that the first characters announce, or the one given (D, N, B, P or X). */
export function readGuid(text: string, form?: string): ParsedGuid {
  const trimmed = trimUnits(text, isWhiteSpace, true, true);
  if (form === undefined && trimmed.length < 32) return { fault: 'unrecognized' };
  switch (form ?? announcedForm(trimmed)) {
    case 'D':
      return readDashed(trimmed);
    case 'N':
      return trimmed.length === 32 ? hexadecimal(trimmed) : { fault: 'length' };
    case 'B':
      return readEnclosed(trimmed, '{', '}');
    case 'P':
      return readEnclosed(trimmed, '(', ')');
    default:
      return readNested(trimmed.slice(0, LONGEST));
  }
}

function announcedForm(text: string): string {
  if (text.startsWith('(')) return 'P';
  if (text.startsWith('{')) return text[9] === '-' ? 'B' : 'X';
  return text[8] === '-' ? 'D' : 'N';
}

function hexadecimal(digits: string): ParsedGuid {
  return /^[0-9a-f]+$/i.test(digits) ? { digits: digits.toLowerCase() } : { fault: 'digit' };
}

function readEnclosed(text: string, open: string, close: string): ParsedGuid {
  const isEnclosed = text.length === 38 && text.startsWith(open) && text.endsWith(close);
  return isEnclosed ? readDashed(text.slice(1, -1)) : { fault: 'length' };
}

function readDashed(text: string): ParsedGuid {
  if (text.length !== 36) return { fault: 'length' };
  const groups = /^(.{8})-(.{4})-(.{4})-(.{4})-(.{12})$/s.exec(text)?.slice(1);
  if (groups === undefined) return { fault: 'dashes' };
  const plain = hexadecimal(groups.join(''));
  return 'digits' in plain ? plain : prefixedGroups(groups);
}

/** An old leniency: groups may begin with `0x` and `+` as long as they keep their length; not the last eight digits. */
function prefixedGroups([a = '', b = '', c = '', d = '', e = '']: readonly string[]): ParsedGuid {
  const numbers = [a, b, c, d, e.slice(0, 4)].map((group, at) =>
    prefixedNumber(group)
      ?.toString(16)
      .padStart(at === 0 ? 8 : 4, '0'),
  );
  const last = e.slice(4);
  if (numbers.includes(undefined) || !/^[0-9a-f]+$/i.test(last)) return { fault: 'digit' };
  return { digits: numbers.join('') + last.toLowerCase() };
}

/** Hexadecimal after an optional `+` and an optional `0x`; undefined with other characters. */
function prefixedNumber(text: string): bigint | undefined {
  const digits = text.replace(/^\+/, '').replace(/^0x/i, '');
  if (!/^[0-9a-f]*$/i.test(digits)) return undefined;
  return BigInt(`0x${digits || '0'}`);
}

interface Place {
  /** Where the next number's `0x` starts. */
  readonly at: number;
  readonly value: bigint;
}

/** `{0xdddddddd,0xdddd,0xdddd,{0xdd,0xdd,0xdd,0xdd,0xdd,0xdd,0xdd,0xdd}}`, with white space anywhere. */
function readNested(spaced: string): ParsedGuid {
  const text = [...spaced].filter((character) => !isWhiteSpace(character.charCodeAt(0))).join('');
  if (!text.startsWith('{')) return { fault: 'brace' };
  let at = 1;
  let digits = '';
  for (let index = 0; index < 11; index += 1) {
    if (index === 3 && text[at] !== '{') return { fault: 'brace' };
    const place = readPart(text, index === 3 ? at + 1 : at, index === 10 ? '}' : ',');
    if ('fault' in place) return place;
    if (index > 2 && place.value > 255n) return { fault: 'byte' };
    const width = index === 0 ? 8 : index < 3 ? 4 : 2;
    digits += place.value.toString(16).padStart(width, '0').slice(-width);
    at = place.at;
  }
  if (text[at] !== '}') return { fault: 'end' };
  return at === text.length - 1 ? { digits } : { fault: 'junk' };
}

function readPart(text: string, at: number, separator: string): Place | { readonly fault: GuidFault } {
  if (!/^0x/i.test(text.slice(at, at + 2))) return { fault: 'prefix' };
  const end = text.indexOf(separator, at + 2);
  if (end <= at + 2) return { fault: separator === ',' ? 'comma' : 'closing' };
  const value = prefixedNumber(text.slice(at + 2, end));
  if (value === undefined) return { fault: 'digit' };
  return value > 0xffffffffn ? { fault: 'word' } : { at: end + 1, value };
}
