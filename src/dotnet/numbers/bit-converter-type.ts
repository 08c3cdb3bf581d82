/** System.BitConverter: little-endian bytes of numbers. */
import { argument, argumentNull, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import { declareType, type MemberTable, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { sized, toHex } from './convert-bytes.ts';

type Write = (view: DataView, value: never) => void;
type Read = (view: DataView) => number | bigint | boolean;

interface Layout {
  readonly name: string;
  readonly keyword: string;
  readonly size: number;
  readonly write: Write;
  readonly read: Read;
}

const LAYOUTS: readonly Layout[] = [
  layout(
    'Boolean',
    'bool',
    1,
    (view, value: boolean) => view.setUint8(0, Number(value)),
    (view) => view.getUint8(0) !== 0,
  ),
  layout(
    'Char',
    'char',
    2,
    (view, value: number) => view.setUint16(0, value, true),
    (view) => view.getUint16(0, true),
  ),
  layout(
    'Double',
    'double',
    8,
    (view, value: number) => view.setFloat64(0, value, true),
    (view) => view.getFloat64(0, true),
  ),
  layout(
    'Single',
    'float',
    4,
    (view, value: number) => view.setFloat32(0, value, true),
    (view) => view.getFloat32(0, true),
  ),
  layout(
    'Int16',
    'short',
    2,
    (view, value: number) => view.setInt16(0, value, true),
    (view) => view.getInt16(0, true),
  ),
  layout(
    'Int32',
    'int',
    4,
    (view, value: number) => view.setInt32(0, value, true),
    (view) => view.getInt32(0, true),
  ),
  layout(
    'Int64',
    'long',
    8,
    (view, value: bigint) => view.setBigInt64(0, value, true),
    (view) => view.getBigInt64(0, true),
  ),
  layout(
    'UInt16',
    'ushort',
    2,
    (view, value: number) => view.setUint16(0, value, true),
    (view) => view.getUint16(0, true),
  ),
  layout(
    'UInt32',
    'uint',
    4,
    (view, value: number) => view.setUint32(0, value, true),
    (view) => view.getUint32(0, true),
  ),
  layout(
    'UInt64',
    'ulong',
    8,
    (view, value: bigint) => view.setBigUint64(0, value, true),
    (view) => view.getBigUint64(0, true),
  ),
];

function layout(name: string, keyword: string, size: number, write: Write, read: Read): Layout {
  return { name, keyword, size, write, read };
}

function byName(name: string): Layout {
  const found = LAYOUTS.find((each) => each.name === name);
  if (!found) throw new Error(`no layout for ${name}`);
  return found;
}

/** The bits of one type read as another. */
function reinterpret(from: string, to: string) {
  const [source, target] = [byName(from), byName(to)];
  return (value: never) => {
    const view = new DataView(new ArrayBuffer(source.size));
    source.write(view, value);
    return target.read(view);
  };
}

function bytesOf({ size, write }: Layout) {
  return (value: never): Uint8Array => {
    const bytes = new Uint8Array(size);
    write(new DataView(bytes.buffer), value);
    return bytes;
  };
}

function readAt({ size, read }: Layout) {
  return (bytes: Uint8Array | null, start: number) => {
    if (bytes === null) throw argumentNull('value');
    if (start < 0 || start >= bytes.length)
      throw argumentOutOfRange('startIndex', 'Index was out of range. Must be non-negative and less than the size of the collection.');
    if (start > bytes.length - size)
      throw argument(
        'Destination array is not long enough to copy all the items in the collection. Check array index and length.',
        'value',
      );
    return read(new DataView(bytes.buffer, bytes.byteOffset + start, size));
  };
}

/** `01-AB-FF`. */
function dashed(bytes: Uint8Array | null, start = 0, length = (bytes?.length ?? 0) - start): string {
  if (bytes === null) throw argumentNull('value');
  if (start < 0 || (start >= bytes.length && start > 0))
    throw argumentOutOfRange('startIndex', 'Index was out of range. Must be non-negative and less than the size of the collection.');
  if (length < 0) throw argumentOutOfRange('length', 'Value must be positive.');
  if (start > bytes.length - length)
    throw argument('Destination array is not long enough to copy all the items in the collection. Check array index and length.', 'value');
  return (toHex(bytes.subarray(start, start + length)).match(/../g) ?? []).join('-');
}

function layoutMembers(): MemberTable {
  const members: Record<string, MemberTable[string]> = {};
  for (const each of LAYOUTS) {
    members[`static byte[] GetBytes(${each.keyword} value)`] = bytesOf(each);
    members[`static ${each.keyword} To${each.name}(byte[] value, int startIndex)`] = readAt(each);
  }
  return members;
}

export const bitConverterType: TypeDeclaration = declareType('static class System.BitConverter', 'all', {
  ...layoutMembers(),
  'static readonly bool IsLittleEndian': () => true,
  'static long DoubleToInt64Bits(double value)': reinterpret('Double', 'Int64'),
  'static ulong DoubleToUInt64Bits(double value)': reinterpret('Double', 'UInt64'),
  'static double Int64BitsToDouble(long value)': reinterpret('Int64', 'Double'),
  'static double UInt64BitsToDouble(ulong value)': reinterpret('UInt64', 'Double'),
  'static int SingleToInt32Bits(float value)': reinterpret('Single', 'Int32'),
  'static uint SingleToUInt32Bits(float value)': reinterpret('Single', 'UInt32'),
  'static float Int32BitsToSingle(int value)': reinterpret('Int32', 'Single'),
  'static float UInt32BitsToSingle(uint value)': reinterpret('UInt32', 'Single'),
  'static string ToString(byte[] value)': sized(3, (value) => dashed(value)),
  'static string ToString(byte[] value, int startIndex)': sized(3, (value, start: number) => dashed(value, start)),
  'static string ToString(byte[] value, int startIndex, int length)': sized(3, dashed),
});
