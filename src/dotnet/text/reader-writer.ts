/** Reading from and writing to text: StringReader, StringWriter and the base classes they are used through. */
import { argument, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { textOf, toText } from '../../csharp/runtime/text.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, type SpecialImplementation, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { UTF16 } from './codecs.ts';
import { EncodingValue } from './encoding.ts';
import { formatText } from './formatting.ts';
import { StringBuilderValue } from './string-builder.ts';
import { required, textOfUnits } from './string-parts.ts';
import { requireNonNegative } from './wording.ts';

type Text = string | null;
type Units = readonly number[];

/** A System.IO.StringReader; closed when its text is null. */
export class StringReaderValue implements NetObject {
  #text: Text;
  #at = 0;

  constructor(text: Text) {
    this.#text = text;
  }

  get netType(): TypeDeclaration {
    return stringReaderType;
  }

  #open(): string {
    if (this.#text === null) throw closed('Cannot read from a closed TextReader.');
    return this.#text;
  }

  close(): void {
    this.#text = null;
  }

  /** The next code unit, or -1 at the end. */
  peek(): number {
    const text = this.#open();
    return this.#at < text.length ? text.charCodeAt(this.#at) : -1;
  }

  read(): number {
    const unit = this.peek();
    if (unit >= 0) this.#at += 1;
    return unit;
  }

  readInto(buffer: number[] | null, index: number, count: number): number {
    const target = required(buffer, 'buffer');
    requireNonNegative(index, 'index');
    requireNonNegative(count, 'count');
    if (target.length - index < count) {
      throw argument(
        'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
      );
    }
    const taken = Math.min(count, this.#open().length - this.#at);
    for (let i = 0; i < taken; i++) target[index + i] = this.read();
    return taken;
  }

  /** Up to a line end of `\n`, `\r` or both; null at the end. */
  readLine(): Text {
    const text = this.#open();
    if (this.#at >= text.length) return null;
    let end = this.#at;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end += 1;
    const line = text.slice(this.#at, end);
    this.#at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    return line;
  }

  readToEnd(): string {
    const rest = this.#open().slice(this.#at);
    this.#at += rest.length;
    return rest;
  }
}

/** A System.IO.StringWriter over a StringBuilder. */
export class StringWriterValue implements NetObject {
  readonly builder: StringBuilderValue;
  newLine = '\n';
  #open = true;

  constructor(builder: StringBuilderValue) {
    this.builder = builder;
  }

  get netType(): TypeDeclaration {
    return stringWriterType;
  }

  netToString(): string {
    return this.builder.text;
  }

  close(): void {
    this.#open = false;
  }

  write(runtime: Runtime, text: Text): void {
    if (!this.#open) throw closed('Cannot write to a closed TextWriter.');
    this.builder.append(runtime, text ?? '');
  }
}

function closed(message: string): NetException {
  return new NetException('System.ObjectDisposedException', message);
}

type Reader = StringReaderValue;
type Writer = StringWriterValue;

function partOfUnits(units: Units | null, index: number, count: number): string {
  const whole = required(units, 'buffer');
  requireNonNegative(index, 'index');
  requireNonNegative(count, 'count');
  if (whole.length - index < count) {
    throw argument(
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  }
  return textOfUnits(whole, index, index + count);
}

/** One overload for `Write` and, with the line end added, for `WriteLine`. */
function writes(parameters: string, textOfArguments: (runtime: Runtime, ...args: never[]) => Text): [string, SpecialImplementation][] {
  const write = special((runtime, _types, writer: Writer, ...args: never[]) => {
    writer.write(runtime, textOfArguments(runtime, ...args));
  });
  const writeLine = special((runtime, _types, writer: Writer, ...args: never[]) => {
    writer.write(runtime, (textOfArguments(runtime, ...args) ?? '') + writer.newLine);
  });
  return [
    [`void Write(${parameters})`, write],
    [`void WriteLine(${parameters})`, writeLine],
  ];
}

function writesPrimitive(keyword: string): [string, SpecialImplementation][] {
  return writes(`${keyword} value`, (runtime, value: unknown) => textOf(value, runtime.types.type(keyword)));
}

const PRIMITIVES = ['bool', 'char', 'decimal', 'double', 'float', 'int', 'long', 'uint', 'ulong'] as const;

const WRITES: MemberTable = Object.fromEntries([
  ...PRIMITIVES.flatMap(writesPrimitive),
  ...writes('string value', (_runtime, text: Text) => text),
  ...writes('object value', (_runtime, value: unknown) => toText(value)),
  ...writes('char[] buffer', (_runtime, units: Units | null) => textOfUnits(units ?? [])),
  ...writes('char[] buffer, int index, int count', (_runtime, units: Units | null, index: number, count: number) =>
    partOfUnits(units, index, count),
  ),
  ...writes('System.Text.StringBuilder value', (_runtime, builder: StringBuilderValue | null) => builder?.text ?? null),
  ...writes('string format, object arg0', (runtime, format: Text, ...args: never[]) => formatText(runtime, null, format, args)),
  ...writes('string format, object arg0, object arg1', (runtime, format: Text, ...args: never[]) =>
    formatText(runtime, null, format, args),
  ),
  ...writes('string format, object arg0, object arg1, object arg2', (runtime, format: Text, ...args: never[]) =>
    formatText(runtime, null, format, args),
  ),
  ...writes('string format, params object[] arg', (runtime, format: Text, args: unknown[]) => formatText(runtime, null, format, args)),
]);

/** System.IO.TextReader: of its classes only StringReader can be made here. */
export const textReaderType = declareType('abstract class System.IO.TextReader : IDisposable', 'implied', {
  'static readonly TextReader Null': () => new StringReaderValue(''),
  'void Close()': (reader: Reader) => reader.close(),
  'void Dispose()': (reader: Reader) => reader.close(),
  'int Peek()': (reader: Reader) => reader.peek(),
  'int Read()': (reader: Reader) => reader.read(),
  'int Read(char[] buffer, int index, int count)': (reader: Reader, buffer: number[] | null, index: number, count: number) =>
    reader.readInto(buffer, index, count),
  'int ReadBlock(char[] buffer, int index, int count)': (reader: Reader, buffer: number[] | null, index: number, count: number) =>
    reader.readInto(buffer, index, count),
  'string ReadLine()': (reader: Reader) => reader.readLine(),
  'string ReadToEnd()': (reader: Reader) => reader.readToEnd(),
  'static TextReader Synchronized(TextReader reader)': (reader: Reader | null) => required(reader, 'reader'),
});

/** System.IO.StringReader. */
export const stringReaderType: TypeDeclaration = declareType('class System.IO.StringReader : TextReader', 'all', {
  'StringReader(string s)': (text: Text) => new StringReaderValue(required(text, 's')),
});

/** System.IO.TextWriter: of its classes only StringWriter can be made here. */
export const textWriterType = declareType('abstract class System.IO.TextWriter : IDisposable', 'implied', {
  ...WRITES,
  'void WriteLine()': special((runtime, _types, writer: Writer) => writer.write(runtime, writer.newLine)),
  'static readonly TextWriter Null': () => new StringWriterValue(new StringBuilderValue()),
  'void Close()': (writer: Writer) => writer.close(),
  'void Dispose()': (writer: Writer) => writer.close(),
  'void Flush()': () => undefined,
  'System.Text.Encoding Encoding { get; }': () => new EncodingValue(UTF16),
  'IFormatProvider FormatProvider { get; }': () => null,
  'string NewLine { get; set; }': {
    get: (writer: Writer) => writer.newLine,
    set: (writer: Writer, value: Text) => {
      writer.newLine = value ?? '\n';
    },
  },
  'static TextWriter Synchronized(TextWriter writer)': (writer: Writer | null) => required(writer, 'writer'),
});

/** System.IO.StringWriter. */
export const stringWriterType: TypeDeclaration = declareType('class System.IO.StringWriter : TextWriter', 'all', {
  'StringWriter()': () => new StringWriterValue(new StringBuilderValue()),
  'StringWriter(IFormatProvider formatProvider)': () => new StringWriterValue(new StringBuilderValue()),
  'StringWriter(System.Text.StringBuilder sb)': (builder: StringBuilderValue | null) => new StringWriterValue(required(builder, 'sb')),
  'StringWriter(System.Text.StringBuilder sb, IFormatProvider formatProvider)': (builder: StringBuilderValue | null) =>
    new StringWriterValue(required(builder, 'sb')),
  'System.Text.StringBuilder GetStringBuilder()': (writer: Writer) => writer.builder,
  'string ToString()': (writer: Writer) => writer.builder.text,
});
