/** Text to bytes and back as .NET's encodings do it, with their replacement for what cannot be encoded. */

/** One encoding: names and code page as .NET reports them, and the conversions. */
export interface Codec {
  readonly webName: string;
  readonly codePage: number;
  readonly encodingName: string;
  readonly windowsCodePage: number;
  readonly isSingleByte: boolean;
  /** Other names that `GetEncoding` knows, in lower case. */
  readonly aliases: readonly string[];
  readonly preamble: readonly number[];
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
  /** The most bytes that so many characters need. */
  maxBytes(characters: number): number;
  /** The most characters that so many bytes give. */
  maxCharacters(bytes: number): number;
}

const QUESTION_MARK = 63;
const REPLACEMENT = '\ufffd';

/** UTF-8; malformed input becomes U+FFFD a maximal part, as in the Unicode standard. */
export const UTF8: Codec = {
  webName: 'utf-8',
  codePage: 65001,
  encodingName: 'Unicode (UTF-8)',
  windowsCodePage: 1200,
  isSingleByte: false,
  aliases: ['unicode-1-1-utf-8', 'unicode-2-0-utf-8', 'x-unicode-1-1-utf-8', 'x-unicode-2-0-utf-8'],
  preamble: [0xef, 0xbb, 0xbf],
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  maxBytes: (characters) => (characters + 1) * 3,
  maxCharacters: (bytes) => bytes + 1,
};

/** ASCII; what is beyond it becomes a question mark, both ways. */
export const ASCII: Codec = {
  webName: 'us-ascii',
  codePage: 20127,
  encodingName: 'US-ASCII',
  windowsCodePage: 1252,
  isSingleByte: true,
  aliases: ['ascii', 'ansi_x3.4-1968', 'ansi_x3.4-1986', 'cp367', 'csascii', 'ibm367', 'iso-ir-6', 'iso646-us', 'iso_646.irv:1991', 'us'],
  preamble: [],
  encode: (text) => encodeUnits(text, (unit) => (unit < 128 ? unit : QUESTION_MARK)),
  decode: (bytes) => decodeBytes(bytes, (byte) => (byte < 128 ? byte : QUESTION_MARK)),
  maxBytes: (characters) => characters + 1,
  maxCharacters: (bytes) => bytes,
};

/** ISO 8859-1. */
export const LATIN1: Codec = {
  webName: 'iso-8859-1',
  codePage: 28591,
  encodingName: 'Western European (ISO)',
  windowsCodePage: 1252,
  isSingleByte: true,
  aliases: ['latin1', 'l1', 'cp819', 'ibm819', 'csisolatin1', 'iso-ir-100', 'iso8859-1', 'iso_8859-1', 'iso_8859-1:1987'],
  preamble: [],
  encode: (text) => encodeUnits(text, (unit) => (unit < 256 ? unit : nearestLatin1(unit))),
  decode: (bytes) => decodeBytes(bytes, (byte) => byte),
  maxBytes: (characters) => characters + 1,
  maxCharacters: (bytes) => bytes,
};

/** UTF-16, little end first. */
export const UTF16: Codec = {
  webName: 'utf-16',
  codePage: 1200,
  encodingName: 'Unicode',
  windowsCodePage: 1200,
  isSingleByte: false,
  aliases: ['utf-16le', 'unicode', 'ucs-2', 'iso-10646-ucs-2'],
  preamble: [0xff, 0xfe],
  encode: (text) => encodeUtf16(text, true),
  decode: (bytes) => decodeUtf16(bytes, true),
  maxBytes: (characters) => (characters + 1) * 2,
  maxCharacters: (bytes) => Math.ceil(bytes / 2) + 1,
};

/** UTF-16, big end first. */
export const UTF16_BIG_ENDIAN: Codec = {
  ...UTF16,
  webName: 'utf-16BE',
  codePage: 1201,
  encodingName: 'Unicode (Big-Endian)',
  aliases: ['unicodefffe'],
  preamble: [0xfe, 0xff],
  encode: (text) => encodeUtf16(text, false),
  decode: (bytes) => decodeUtf16(bytes, false),
};

/** UTF-32, little end first. */
export const UTF32: Codec = {
  webName: 'utf-32',
  codePage: 12000,
  encodingName: 'Unicode (UTF-32)',
  windowsCodePage: 1200,
  isSingleByte: false,
  aliases: ['utf-32le'],
  preamble: [0xff, 0xfe, 0, 0],
  encode: (text) => encodeUtf32(text, true),
  decode: (bytes) => decodeUtf32(bytes, true),
  maxBytes: (characters) => (characters + 1) * 4,
  maxCharacters: (bytes) => Math.floor(bytes / 2) + 2,
};

/** UTF-32, big end first. */
const UTF32_BIG_ENDIAN: Codec = {
  ...UTF32,
  webName: 'utf-32BE',
  codePage: 12001,
  encodingName: 'Unicode (UTF-32 Big-Endian)',
  aliases: [],
  preamble: [0, 0, 0xfe, 0xff],
  encode: (text) => encodeUtf32(text, false),
  decode: (bytes) => decodeUtf32(bytes, false),
};

export const CODECS: readonly Codec[] = [UTF8, ASCII, LATIN1, UTF16, UTF16_BIG_ENDIAN, UTF32, UTF32_BIG_ENDIAN];

function encodeUnits(text: string, byteOf: (unit: number) => number): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = byteOf(text.charCodeAt(i));
  return bytes;
}

function decodeBytes(bytes: Uint8Array, unitOf: (byte: number) => number): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...Array.from(bytes.subarray(i, i + 8192), unitOf)));
  return parts.join('');
}

/** Latin-1 takes the nearest letter for what it lacks: full-width forms and letters with marks lose them. */
function nearestLatin1(unit: number): number {
  if (unit >= 0xff01 && unit <= 0xff5e) return unit - 0xfee0;
  if (unit >= 0x2018 && unit <= 0x201a) return 39;
  if (unit >= 0x201c && unit <= 0x201e) return 34;
  if (unit === 0x2013 || unit === 0x2014) return 45;
  const base = unit <= 0x17f ? String.fromCharCode(unit).normalize('NFD').charCodeAt(0) : unit;
  return base < 128 ? base : QUESTION_MARK;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, REPLACEMENT);
}

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const whole = wellFormed(text);
  const view = new DataView(new ArrayBuffer(whole.length * 2));
  for (let i = 0; i < whole.length; i++) view.setUint16(i * 2, whole.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

function decodeUtf16(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) parts.push(String.fromCharCode(view.getUint16(i, littleEndian)));
  return wellFormed(parts.join('')) + (bytes.length % 2 === 1 ? REPLACEMENT : '');
}

function encodeUtf32(text: string, littleEndian: boolean): Uint8Array {
  const points = Array.from(wellFormed(text), (point) => point.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(points.length * 4));
  points.forEach((point, i) => {
    view.setUint32(i * 4, point, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let i = 0; i + 3 < bytes.length; i += 4) parts.push(pointText(view.getUint32(i, littleEndian)));
  return parts.join('') + (bytes.length % 4 === 0 ? '' : REPLACEMENT);
}

function pointText(point: number): string {
  return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? REPLACEMENT : String.fromCodePoint(point);
}
