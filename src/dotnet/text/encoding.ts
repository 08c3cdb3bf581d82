import { argument, argumentNull, argumentOutOfRange, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { ASCII, CODECS, type Codec, LATIN1, UTF8, UTF16, UTF16_BIG_ENDIAN, UTF32 } from './codecs.ts';
import { required, substring, textOfUnits, unitsOf } from './string-parts.ts';
import { requireNonNegative } from './wording.ts';

type Bytes = Uint8Array;
type Units = readonly number[];
type Text = string | null;

/** A System.Text.Encoding; two of the same code page are equal. */
export class EncodingValue implements NetObject {
  readonly codec: Codec;

  constructor(codec: Codec) {
    this.codec = codec;
  }

  get netType(): TypeDeclaration {
    return encodingType;
  }

  netToString(): string {
    return `System.Text.${CLASS_NAMES[this.codec.codePage] ?? 'Encoding'}`;
  }

  netEquals(other: unknown): boolean {
    return other instanceof EncodingValue && other.codec.codePage === this.codec.codePage;
  }

  netHashCode(): number {
    return this.codec.codePage;
  }
}

const CLASS_NAMES: Readonly<Record<number, string>> = {
  65001: 'UTF8Encoding+UTF8EncodingSealed',
  20127: 'ASCIIEncoding+ASCIIEncodingSealed',
  28591: 'Latin1Encoding+Latin1EncodingSealed',
  1200: 'UnicodeEncoding',
  1201: 'UnicodeEncoding',
  12000: 'UTF32Encoding',
  12001: 'UTF32Encoding',
};

const PROVIDER_HINT = 'For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method.';

/** `Encoding.GetEncoding(name)`. */
function byName(name: Text): EncodingValue {
  const wanted = required(name, 'name').trim().toLowerCase();
  if (wanted === 'utf-7') throw utf7();
  const codec = CODECS.find((candidate) => candidate.webName.toLowerCase() === wanted || candidate.aliases.includes(wanted));
  if (codec === undefined) throw argument(`'${name}' is not a supported encoding name. ${PROVIDER_HINT}`, 'name');
  return new EncodingValue(codec);
}

/** `Encoding.GetEncoding(codepage)`; 0 is the default, UTF-8. */
function byCodePage(codePage: number): EncodingValue {
  if (codePage < 0 || codePage > 65535) {
    throw argumentOutOfRange('codepage', 'Valid values are between 0 and 65535, inclusive.');
  }
  if (codePage === 65000) throw utf7();
  const codec = codePage === 0 ? UTF8 : CODECS.find((candidate) => candidate.codePage === codePage);
  if (codec === undefined) throw notSupported(`No data is available for encoding ${codePage}. ${PROVIDER_HINT}`);
  return new EncodingValue(codec);
}

function utf7() {
  return notSupported('Support for UTF-7 is disabled. See https://aka.ms/dotnet-warnings/SYSLIB0001 for more information.');
}

function encodeText(runtime: Runtime, encoding: EncodingValue, text: string): Bytes {
  runtime.budget.allocate(text.length * 2);
  return encoding.codec.encode(text);
}

function decode(runtime: Runtime, encoding: EncodingValue, bytes: Bytes): string {
  runtime.budget.allocate(bytes.length);
  return encoding.codec.decode(bytes);
}

function partOfText(text: Text, index: number, count: number, parameter: string): string {
  const whole = required(text, parameter);
  requireRange(index, count, whole.length, parameter);
  return substring(whole, index, count);
}

function partOfUnits(units: Units | null, index: number, count: number): string {
  const whole = required(units, 'chars');
  requireRange(index, count, whole.length, 'chars');
  return textOfUnits(whole, index, index + count);
}

function partOfBytes(bytes: Bytes | null, index: number, count: number): Bytes {
  const whole = required(bytes, 'bytes');
  requireRange(index, count, whole.length, 'bytes');
  return whole.subarray(index, index + count);
}

function requireRange(index: number, count: number, length: number, parameter: string): void {
  requireNonNegative(index, 'index');
  requireNonNegative(count, 'count');
  if (index + count > length) {
    throw argumentOutOfRange(parameter, 'Index and count must refer to a location within the buffer.');
  }
}

function writeBytes(bytes: Bytes, target: Bytes | null, index: number): number {
  const into = required(target, 'bytes');
  if (index < 0 || index + bytes.length > into.length) {
    throw argument('The output byte buffer is too small to contain the encoded data, encoding codepage and fallback.', 'bytes');
  }
  into.set(bytes, index);
  return bytes.length;
}

function writeUnits(text: string, target: number[] | null, index: number): number {
  const into = required(target, 'chars');
  if (index < 0 || index + text.length > into.length) {
    throw argument('The output char buffer is too small to contain the decoded characters.', 'chars');
  }
  for (let i = 0; i < text.length; i++) into[index + i] = text.charCodeAt(i);
  return text.length;
}

function charArray(runtime: Runtime, text: string): unknown[] {
  return makeArray(runtime.types.array(runtime.types.type('char')), unitsOf(text));
}

function convert(runtime: Runtime, from: EncodingValue | null, to: EncodingValue | null, bytes: Bytes | null): Bytes {
  if (from === null) throw argumentNull('srcEncoding');
  if (to === null) throw argumentNull('dstEncoding');
  return encodeText(runtime, to, decode(runtime, from, required(bytes, 'bytes')));
}

/** System.Text.Encoding. */
export const encodingType = declareType('abstract class System.Text.Encoding', 'all', {
  'static Encoding ASCII { get; }': () => new EncodingValue(ASCII),
  'static Encoding BigEndianUnicode { get; }': () => new EncodingValue(UTF16_BIG_ENDIAN),
  'static Encoding Default { get; }': () => new EncodingValue(UTF8),
  'static Encoding Latin1 { get; }': () => new EncodingValue(LATIN1),
  'static Encoding UTF32 { get; }': () => new EncodingValue(UTF32),
  'static Encoding UTF7 { get; }': () => {
    throw utf7();
  },
  'static Encoding UTF8 { get; }': () => new EncodingValue(UTF8),
  'static Encoding Unicode { get; }': () => new EncodingValue(UTF16),
  'string BodyName { get; }': (encoding: EncodingValue) => encoding.codec.webName,
  'object Clone()': (encoding: EncodingValue) => new EncodingValue(encoding.codec),
  'int CodePage { get; }': (encoding: EncodingValue) => encoding.codec.codePage,
  'static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes)': special(
    (runtime, _types, from: EncodingValue | null, to: EncodingValue | null, bytes: Bytes | null) => convert(runtime, from, to, bytes),
  ),
  'static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes, int index, int count)': special(
    (runtime, _types, from: EncodingValue | null, to: EncodingValue | null, bytes: Bytes | null, index: number, count: number) =>
      convert(runtime, from, to, partOfBytes(bytes, index, count)),
  ),
  'string EncodingName { get; }': (encoding: EncodingValue) => encoding.codec.encodingName,
  'bool Equals(object value)': (encoding: EncodingValue, other: unknown) => encoding.netEquals(other),
  'int GetByteCount(string s)': special(
    (runtime, _types, encoding: EncodingValue, text: Text) => encodeText(runtime, encoding, required(text, 's')).length,
  ),
  'int GetByteCount(string s, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, text: Text, index: number, count: number) =>
      encodeText(runtime, encoding, partOfText(text, index, count, 's')).length,
  ),
  'int GetByteCount(char[] chars)': special(
    (runtime, _types, encoding: EncodingValue, units: Units | null) =>
      encodeText(runtime, encoding, textOfUnits(required(units, 'chars'))).length,
  ),
  'int GetByteCount(char[] chars, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, units: Units | null, index: number, count: number) =>
      encodeText(runtime, encoding, partOfUnits(units, index, count)).length,
  ),
  'byte[] GetBytes(string s)': special((runtime, _types, encoding: EncodingValue, text: Text) =>
    encodeText(runtime, encoding, required(text, 's')),
  ),
  'byte[] GetBytes(string s, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, text: Text, index: number, count: number) =>
      encodeText(runtime, encoding, partOfText(text, index, count, 's')),
  ),
  'int GetBytes(string s, int charIndex, int charCount, byte[] bytes, int byteIndex)': special(
    (runtime, _types, encoding: EncodingValue, text: Text, index: number, count: number, bytes: Bytes | null, at: number) =>
      writeBytes(encodeText(runtime, encoding, partOfText(text, index, count, 's')), bytes, at),
  ),
  'byte[] GetBytes(char[] chars)': special((runtime, _types, encoding: EncodingValue, units: Units | null) =>
    encodeText(runtime, encoding, textOfUnits(required(units, 'chars'))),
  ),
  'byte[] GetBytes(char[] chars, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, units: Units | null, index: number, count: number) =>
      encodeText(runtime, encoding, partOfUnits(units, index, count)),
  ),
  'int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)': special(
    (runtime, _types, encoding: EncodingValue, units: Units | null, index: number, count: number, bytes: Bytes | null, at: number) =>
      writeBytes(encodeText(runtime, encoding, partOfUnits(units, index, count)), bytes, at),
  ),
  'int GetCharCount(byte[] bytes)': special(
    (runtime, _types, encoding: EncodingValue, bytes: Bytes | null) => decode(runtime, encoding, required(bytes, 'bytes')).length,
  ),
  'int GetCharCount(byte[] bytes, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, bytes: Bytes | null, index: number, count: number) =>
      decode(runtime, encoding, partOfBytes(bytes, index, count)).length,
  ),
  'char[] GetChars(byte[] bytes)': special((runtime, _types, encoding: EncodingValue, bytes: Bytes | null) =>
    charArray(runtime, decode(runtime, encoding, required(bytes, 'bytes'))),
  ),
  'char[] GetChars(byte[] bytes, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, bytes: Bytes | null, index: number, count: number) =>
      charArray(runtime, decode(runtime, encoding, partOfBytes(bytes, index, count))),
  ),
  'int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)': special(
    (runtime, _types, encoding: EncodingValue, bytes: Bytes | null, index: number, count: number, units: number[] | null, at: number) =>
      writeUnits(decode(runtime, encoding, partOfBytes(bytes, index, count)), units, at),
  ),
  'string GetString(byte[] bytes)': special((runtime, _types, encoding: EncodingValue, bytes: Bytes | null) =>
    decode(runtime, encoding, required(bytes, 'bytes')),
  ),
  'string GetString(byte[] bytes, int index, int count)': special(
    (runtime, _types, encoding: EncodingValue, bytes: Bytes | null, index: number, count: number) =>
      decode(runtime, encoding, partOfBytes(bytes, index, count)),
  ),
  'static Encoding GetEncoding(string name)': byName,
  'static Encoding GetEncoding(int codepage)': byCodePage,
  'int GetHashCode()': (encoding: EncodingValue) => encoding.netHashCode(),
  'int GetMaxByteCount(int charCount)': (encoding: EncodingValue, count: number) => {
    requireNonNegative(count, 'charCount');
    return encoding.codec.maxBytes(count);
  },
  'int GetMaxCharCount(int byteCount)': (encoding: EncodingValue, count: number) => {
    requireNonNegative(count, 'byteCount');
    return encoding.codec.maxCharacters(count);
  },
  'byte[] GetPreamble()': (encoding: EncodingValue) => Uint8Array.from(encoding.codec.preamble),
  'string HeaderName { get; }': (encoding: EncodingValue) => encoding.codec.webName,
  'bool IsAlwaysNormalized()': (encoding: EncodingValue) => encoding.codec.codePage === ASCII.codePage,
  'bool IsAlwaysNormalized(NormalizationForm form)': (encoding: EncodingValue) => encoding.codec.codePage === ASCII.codePage,
  'bool IsBrowserDisplay { get; }': (encoding: EncodingValue) => encoding.codec === UTF8 || encoding.codec === LATIN1,
  'bool IsBrowserSave { get; }': (encoding: EncodingValue) =>
    encoding.codec === UTF8 || encoding.codec === LATIN1 || encoding.codec === UTF16,
  'bool IsMailNewsDisplay { get; }': (encoding: EncodingValue) => MAIL.includes(encoding.codec),
  'bool IsMailNewsSave { get; }': (encoding: EncodingValue) => MAIL.includes(encoding.codec),
  'bool IsReadOnly { get; }': () => true,
  'bool IsSingleByte { get; }': (encoding: EncodingValue) => encoding.codec.isSingleByte,
  'string WebName { get; }': (encoding: EncodingValue) => encoding.codec.webName,
  'int WindowsCodePage { get; }': (encoding: EncodingValue) => encoding.codec.windowsCodePage,
});

const MAIL: readonly Codec[] = [UTF8, ASCII, LATIN1];
