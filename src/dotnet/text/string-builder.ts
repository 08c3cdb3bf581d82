import { argumentOutOfRange, indexOutOfRange } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { textOf, toText } from '../../csharp/runtime/text.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, type SpecialImplementation, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { formatText } from './formatting.ts';
import { textsOf, textsOfObjects } from './joining.ts';
import { replace, required, textOfUnits } from './string-parts.ts';
import { requireAtMost, requireElement, requireIndex, requireNonNegative } from './wording.ts';

type Text = string | null;
type Units = readonly number[];
type Builder = StringBuilderValue;

const DEFAULT_CAPACITY = 16;
const MAX_CAPACITY = 2147483647;
const LARGEST_BLOCK = 8000;

/** Text that grows. JavaScript's own strings are ropes, so appending to one is cheap. */
export class StringBuilderValue implements NetObject {
  text: string;
  capacity: number;
  readonly maxCapacity: number;

  /** A capacity of 0 stands for the usual one. Throws ArgumentOutOfRangeException when it is more than `maxCapacity`. */
  constructor(text = '', capacity = 0, maxCapacity = MAX_CAPACITY) {
    if (capacity > maxCapacity) throw argumentOutOfRange('capacity', 'Capacity exceeds maximum capacity.');
    this.text = text;
    this.maxCapacity = maxCapacity;
    this.capacity = Math.max(capacity === 0 ? Math.min(DEFAULT_CAPACITY, maxCapacity) : capacity, text.length);
  }

  get netType(): TypeDeclaration {
    return stringBuilderType;
  }

  netToString(): string {
    return this.text;
  }

  append(runtime: Runtime, added: string): this {
    runtime.budget.allocate(added.length);
    if (this.text.length + added.length > this.maxCapacity)
      throw argumentOutOfRange('valueCount', 'The length cannot be greater than the capacity.');
    this.text += added;
    // .NET adds a block as long as all before it, up to 8,000 characters, or as long as the rest of the text.
    const lacking = this.text.length - this.capacity;
    if (lacking > 0) this.capacity += Math.max(lacking, Math.min(this.capacity, LARGEST_BLOCK));
    return this;
  }

  insert(runtime: Runtime, index: number, added: string, count = 1): this {
    requireIndex(index, this.text.length, 'index');
    requireNonNegative(count, 'count');
    runtime.budget.allocate(added.length * count + this.text.length / 8);
    this.text = this.text.slice(0, index) + added.repeat(count) + this.text.slice(index);
    return this;
  }

  remove(start: number, length: number): this {
    requireNonNegative(length, 'length');
    requireNonNegative(start, 'startIndex');
    if (length > this.text.length - start) requireIndex(length, -1, 'length');
    this.text = this.text.slice(0, start) + this.text.slice(start + length);
    return this;
  }
}

function setLength(runtime: Runtime, builder: Builder, length: number): void {
  if (length < 0) throw argumentOutOfRange('value', 'Length cannot be less than zero.');
  if (length > builder.text.length) builder.append(runtime, '\0'.repeat(budgeted(runtime, length - builder.text.length)));
  else builder.text = builder.text.slice(0, length);
}

function budgeted(runtime: Runtime, count: number): number {
  runtime.budget.allocate(count);
  return count;
}

function setUnit(builder: Builder, index: number, unit: number): void {
  requireElement(index, builder.text.length, 'index');
  builder.text = builder.text.slice(0, index) + String.fromCharCode(unit) + builder.text.slice(index + 1);
}

function getUnit(builder: Builder, index: number): number {
  if (index < 0 || index >= builder.text.length) throw indexOutOfRange();
  return builder.text.charCodeAt(index);
}

function setCapacity(builder: Builder, capacity: number): void {
  if (capacity < builder.text.length) throw argumentOutOfRange('value', 'capacity was less than the current size.');
  builder.capacity = capacity;
}

function part(text: string, start: number, length: number): string {
  requireIndex(start, text.length, 'startIndex');
  requireIndex(length, text.length - start, 'length');
  return text.slice(start, start + length);
}

function partOfUnits(units: Units | null, start: number, count: number): string {
  if (units === null && start === 0 && count === 0) return '';
  const whole = required(units, 'value');
  requireNonNegative(start, 'startIndex');
  requireIndex(count, whole.length - start, 'charCount');
  return textOfUnits(whole, start, start + count);
}

function partOfText(text: Text, start: number, count: number): string {
  if (text === null && start === 0 && count === 0) return '';
  const whole = required(text, 'value');
  requireNonNegative(count, 'count');
  requireIndex(start, whole.length - count, 'startIndex');
  return whole.slice(start, start + count);
}

function replacePart(runtime: Runtime, builder: Builder, old: Text, value: Text, start: number, count: number): Builder {
  requireIndex(start, builder.text.length, 'startIndex');
  requireIndex(count, builder.text.length - start, 'count');
  const { text } = builder;
  builder.text = text.slice(0, start) + replace(runtime.budget, text.slice(start, start + count), old, value) + text.slice(start + count);
  return builder;
}

function unitText(unit: number): string {
  return String.fromCharCode(unit);
}

function joinInto(runtime: Runtime, builder: Builder, separator: Text, texts: readonly Text[]): Builder {
  return builder.append(runtime, texts.map((text) => text ?? '').join(separator ?? ''));
}

function copyTo(builder: Builder, sourceIndex: number, destination: number[] | null, destinationIndex: number, count: number): void {
  const target = required(destination, 'destination');
  requireNonNegative(destinationIndex, 'destinationIndex');
  requireAtMost(count, target.length - destinationIndex, 'count');
  const copied = part(builder.text, sourceIndex, count);
  for (let i = 0; i < copied.length; i++) target[destinationIndex + i] = copied.charCodeAt(i);
}

/** Value types whose text the type itself writes. */
const PRIMITIVES = ['bool', 'byte', 'double', 'float', 'int', 'long', 'sbyte', 'short', 'uint', 'ulong', 'ushort', 'decimal'] as const;

function appendPrimitive(keyword: string): SpecialImplementation {
  return special((runtime, _types, builder: Builder, value: unknown) =>
    builder.append(runtime, textOf(value, runtime.types.type(keyword))),
  );
}

function insertPrimitive(keyword: string): SpecialImplementation {
  return special((runtime, _types, builder: Builder, index: number, value: unknown) =>
    builder.insert(runtime, index, textOf(value, runtime.types.type(keyword))),
  );
}

const PRIMITIVE_MEMBERS: MemberTable = Object.fromEntries(
  PRIMITIVES.flatMap((keyword) => [
    [`StringBuilder Append(${keyword} value)`, appendPrimitive(keyword)],
    [`StringBuilder Insert(int index, ${keyword} value)`, insertPrimitive(keyword)],
  ]),
);

/** System.Text.StringBuilder. */
export const stringBuilderType = declareType('class System.Text.StringBuilder', 'all', {
  'StringBuilder()': () => new StringBuilderValue(),
  'StringBuilder(int capacity)': (capacity: number) => {
    requireNonNegative(capacity, 'capacity');
    return new StringBuilderValue('', capacity);
  },
  'StringBuilder(string value)': (text: Text) => new StringBuilderValue(text ?? ''),
  'StringBuilder(string value, int capacity)': (text: Text, capacity: number) => {
    requireNonNegative(capacity, 'capacity');
    return new StringBuilderValue(text ?? '', capacity);
  },
  'StringBuilder(string value, int startIndex, int length, int capacity)': (text: Text, start: number, length: number, capacity: number) =>
    new StringBuilderValue(part(text ?? '', start, length), capacity),
  'StringBuilder(int capacity, int maxCapacity)': (capacity: number, maxCapacity: number) =>
    new StringBuilderValue('', capacity, maxCapacity),
  ...PRIMITIVE_MEMBERS,
  'StringBuilder Append(char value)': special((runtime, _types, builder: Builder, unit: number) => builder.append(runtime, unitText(unit))),
  'StringBuilder Append(char value, int repeatCount)': special((runtime, _types, builder: Builder, unit: number, count: number) => {
    requireNonNegative(count, 'repeatCount');
    return builder.append(runtime, unitText(unit).repeat(budgeted(runtime, count)));
  }),
  'StringBuilder Append(char[] value)': special((runtime, _types, builder: Builder, units: Units | null) =>
    builder.append(runtime, textOfUnits(units ?? [])),
  ),
  'StringBuilder Append(char[] value, int startIndex, int charCount)': special(
    (runtime, _types, builder: Builder, units: Units | null, start: number, count: number) =>
      builder.append(runtime, partOfUnits(units, start, count)),
  ),
  'StringBuilder Append(object value)': special((runtime, _types, builder: Builder, value: unknown) =>
    builder.append(runtime, toText(value)),
  ),
  'StringBuilder Append(string value)': special((runtime, _types, builder: Builder, text: Text) => builder.append(runtime, text ?? '')),
  'StringBuilder Append(string value, int startIndex, int count)': special(
    (runtime, _types, builder: Builder, text: Text, start: number, count: number) =>
      builder.append(runtime, partOfText(text, start, count)),
  ),
  'StringBuilder Append(StringBuilder value)': special((runtime, _types, builder: Builder, other: Builder | null) =>
    builder.append(runtime, other?.text ?? ''),
  ),
  'StringBuilder Append(StringBuilder value, int startIndex, int count)': special(
    (runtime, _types, builder: Builder, other: Builder | null, start: number, count: number) =>
      builder.append(runtime, partOfText(other?.text ?? null, start, count)),
  ),
  'StringBuilder AppendFormat(string format, object arg0)': special((runtime, _types, builder: Builder, format: Text, ...args: never[]) =>
    builder.append(runtime, formatText(runtime, null, format, args)),
  ),
  'StringBuilder AppendFormat(string format, object arg0, object arg1)': special(
    (runtime, _types, builder: Builder, format: Text, ...args: never[]) => builder.append(runtime, formatText(runtime, null, format, args)),
  ),
  'StringBuilder AppendFormat(string format, object arg0, object arg1, object arg2)': special(
    (runtime, _types, builder: Builder, format: Text, ...args: never[]) => builder.append(runtime, formatText(runtime, null, format, args)),
  ),
  'StringBuilder AppendFormat(string format, params object[] args)': special(
    (runtime, _types, builder: Builder, format: Text, args: unknown[]) => builder.append(runtime, formatText(runtime, null, format, args)),
  ),
  'StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0)': special(
    (runtime, _types, builder: Builder, provider: unknown, format: Text, ...args: never[]) =>
      builder.append(runtime, formatText(runtime, provider, format, args)),
  ),
  'StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0, object arg1)': special(
    (runtime, _types, builder: Builder, provider: unknown, format: Text, ...args: never[]) =>
      builder.append(runtime, formatText(runtime, provider, format, args)),
  ),
  'StringBuilder AppendFormat(IFormatProvider provider, string format, object arg0, object arg1, object arg2)': special(
    (runtime, _types, builder: Builder, provider: unknown, format: Text, ...args: never[]) =>
      builder.append(runtime, formatText(runtime, provider, format, args)),
  ),
  'StringBuilder AppendFormat(IFormatProvider provider, string format, params object[] args)': special(
    (runtime, _types, builder: Builder, provider: unknown, format: Text, args: unknown[]) =>
      builder.append(runtime, formatText(runtime, provider, format, args)),
  ),
  'StringBuilder AppendJoin(string separator, params object[] values)': special(
    (runtime, _types, builder: Builder, separator: Text, values: unknown[]) =>
      joinInto(runtime, builder, separator, textsOfObjects(required(values, 'values'))),
  ),
  'StringBuilder AppendJoin(string separator, params string[] values)': special(
    (runtime, _types, builder: Builder, separator: Text, values: Text[]) =>
      joinInto(runtime, builder, separator, required(values, 'values')),
  ),
  'StringBuilder AppendJoin<T>(string separator, IEnumerable<T> values)': special(
    (runtime, types, builder: Builder, separator: Text, values: Iterable<unknown>) =>
      joinInto(runtime, builder, separator, textsOf(runtime, required(values, 'values'), types[0])),
  ),
  'StringBuilder AppendJoin(char separator, params object[] values)': special(
    (runtime, _types, builder: Builder, separator: number, values: unknown[]) =>
      joinInto(runtime, builder, unitText(separator), textsOfObjects(required(values, 'values'))),
  ),
  'StringBuilder AppendJoin(char separator, params string[] values)': special(
    (runtime, _types, builder: Builder, separator: number, values: Text[]) =>
      joinInto(runtime, builder, unitText(separator), required(values, 'values')),
  ),
  'StringBuilder AppendJoin<T>(char separator, IEnumerable<T> values)': special(
    (runtime, types, builder: Builder, separator: number, values: Iterable<unknown>) =>
      joinInto(runtime, builder, unitText(separator), textsOf(runtime, required(values, 'values'), types[0])),
  ),
  'StringBuilder AppendLine()': special((runtime, _types, builder: Builder) => builder.append(runtime, '\n')),
  'StringBuilder AppendLine(string value)': special((runtime, _types, builder: Builder, text: Text) =>
    builder.append(runtime, `${text ?? ''}\n`),
  ),
  'int Capacity { get; set; }': { get: (builder: Builder) => builder.capacity, set: setCapacity },
  'StringBuilder Clear()': (builder: Builder) => {
    builder.text = '';
    return builder;
  },
  'void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count)': copyTo,
  'int EnsureCapacity(int capacity)': (builder: Builder, capacity: number) => {
    requireNonNegative(capacity, 'capacity');
    builder.capacity = Math.max(builder.capacity, capacity);
    return builder.capacity;
  },
  'bool Equals(StringBuilder sb)': (builder: Builder, other: Builder | null) => other !== null && other.text === builder.text,
  'StringBuilder Insert(int index, char value)': special((runtime, _types, builder: Builder, index: number, unit: number) =>
    builder.insert(runtime, index, unitText(unit)),
  ),
  'StringBuilder Insert(int index, char[] value)': special((runtime, _types, builder: Builder, index: number, units: Units | null) =>
    builder.insert(runtime, index, textOfUnits(units ?? [])),
  ),
  'StringBuilder Insert(int index, char[] value, int startIndex, int charCount)': special(
    (runtime, _types, builder: Builder, index: number, units: Units | null, start: number, count: number) =>
      builder.insert(runtime, index, partOfUnits(units, start, count)),
  ),
  'StringBuilder Insert(int index, object value)': special((runtime, _types, builder: Builder, index: number, value: unknown) =>
    builder.insert(runtime, index, toText(value)),
  ),
  'StringBuilder Insert(int index, string value)': special((runtime, _types, builder: Builder, index: number, text: Text) =>
    builder.insert(runtime, index, text ?? ''),
  ),
  'StringBuilder Insert(int index, string value, int count)': special(
    (runtime, _types, builder: Builder, index: number, text: Text, count: number) => builder.insert(runtime, index, text ?? '', count),
  ),
  'char this[int index] { get; set; }': { get: getUnit, set: setUnit },
  'int Length { get; set; }': {
    get: (builder: Builder) => builder.text.length,
    set: special((runtime, _types, builder: Builder, length: number) => setLength(runtime, builder, length)),
  },
  'int MaxCapacity { get; }': (builder: Builder) => builder.maxCapacity,
  'StringBuilder Remove(int startIndex, int length)': (builder: Builder, start: number, length: number) => builder.remove(start, length),
  'StringBuilder Replace(string oldValue, string newValue)': special((runtime, _types, builder: Builder, old: Text, value: Text) =>
    replacePart(runtime, builder, old, value, 0, builder.text.length),
  ),
  'StringBuilder Replace(string oldValue, string newValue, int startIndex, int count)': special(
    (runtime, _types, builder: Builder, old: Text, value: Text, start: number, count: number) =>
      replacePart(runtime, builder, old, value, start, count),
  ),
  'StringBuilder Replace(char oldChar, char newChar)': special((runtime, _types, builder: Builder, old: number, unit: number) =>
    replacePart(runtime, builder, unitText(old), unitText(unit), 0, builder.text.length),
  ),
  'StringBuilder Replace(char oldChar, char newChar, int startIndex, int count)': special(
    (runtime, _types, builder: Builder, old: number, unit: number, start: number, count: number) =>
      replacePart(runtime, builder, unitText(old), unitText(unit), start, count),
  ),
  'string ToString()': (builder: Builder) => builder.text,
  'string ToString(int startIndex, int length)': (builder: Builder, start: number, length: number) => part(builder.text, start, length),
});
