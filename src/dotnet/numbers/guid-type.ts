/** The declaration of System.Guid. */
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { Ref } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { EMPTY, formatGuid, guidFromBytes, guidFromParts, guidToBytes, NetGuid, parseGuid, tryParseGuid } from './guid.ts';

function parse(text: string | null, name: string, format?: string): NetGuid {
  if (text === null) throw argumentNull(name);
  return parseGuid(text, format, name === 'g');
}

function attempt(text: string | null, result: Ref, format?: string | null): boolean {
  const guid = text === null || format === null ? undefined : tryParseGuid(text, format);
  result.value = guid ?? new NetGuid(EMPTY);
  return guid !== undefined;
}

const parts = (a: number, b: number, c: number, ...bytes: number[]): NetGuid => guidFromParts(a, b, c, bytes);
const compare = (a: NetGuid, b: NetGuid): number => a.netCompareTo(b);
const equals = (a: NetGuid, b: NetGuid): boolean => a.digits === b.digits;

const BYTES = 'byte d, byte e, byte f, byte g, byte h, byte i, byte j, byte k';

const CONSTRUCTORS: MemberTable = {
  'Guid()': () => new NetGuid(EMPTY),
  'Guid(byte[] b)': (bytes: Uint8Array | null) => {
    if (bytes === null) throw argumentNull('b');
    return guidFromBytes(bytes);
  },
  'Guid(string g)': (text: string | null) => parse(text, 'g'),
  'Guid(int a, short b, short c, byte[] d)': (a: number, b: number, c: number, d: Uint8Array | null) => {
    if (d === null) throw argumentNull('d');
    if (d.length !== 8) throw argument('Byte array for Guid must be exactly 8 bytes long.', 'd');
    return guidFromParts(a, b, c, [...d]);
  },
  [`Guid(int a, short b, short c, ${BYTES})`]: parts,
  [`Guid(uint a, ushort b, ushort c, ${BYTES})`]: parts,
};

export const guidType: TypeDeclaration = declareType(
  'struct System.Guid : IComparable, IComparable<Guid>, IEquatable<Guid>, IFormattable',
  'all',
  {
    ...CONSTRUCTORS,
    'static readonly Guid Empty': () => new NetGuid(EMPTY),
    'static Guid NewGuid()': special((runtime) => new NetGuid(runtime.host.newGuid().replaceAll('-', '').toLowerCase())),
    'static Guid Parse(string input)': (text: string | null) => parse(text, 'input'),
    'static Guid Parse(string s, IFormatProvider provider)': (text: string | null) => parse(text, 's'),
    'static Guid ParseExact(string input, string format)': (text: string | null, format: string | null) => {
      if (format === null) throw argumentNull('format');
      return parse(text, 'input', format);
    },
    'static bool TryParse(string input, out Guid result)': (text: string | null, result: Ref) => attempt(text, result),
    'static bool TryParse(string s, IFormatProvider provider, out Guid result)': (text: string | null, _provider: unknown, result: Ref) =>
      attempt(text, result),
    'static bool TryParseExact(string input, string format, out Guid result)': (text: string | null, format: string | null, result: Ref) =>
      attempt(text, result, format),
    'int CompareTo(Guid value)': compare,
    'int CompareTo(object value)': (self: NetGuid, other: unknown) => {
      if (other === null) return 1;
      if (other instanceof NetGuid) return compare(self, other);
      throw argument('Object must be of type GUID.', 'value');
    },
    'bool Equals(Guid g)': equals,
    'bool Equals(object o)': (self: NetGuid, other: unknown) => self.netEquals(other),
    'int GetHashCode()': (self: NetGuid) => self.netHashCode(),
    'byte[] ToByteArray()': (self: NetGuid) => guidToBytes(self),
    'byte[] ToByteArray(bool bigEndian)': guidToBytes,
    'string ToString()': (self: NetGuid) => self.netToString(),
    'string ToString(string format)': formatGuid,
    'string ToString(string format, IFormatProvider provider)': (self: NetGuid, format: string | null) => formatGuid(self, format),
    'static bool operator ==(Guid a, Guid b)': equals,
    'static bool operator !=(Guid a, Guid b)': (a: NetGuid, b: NetGuid) => !equals(a, b),
    'static bool operator <(Guid left, Guid right)': (a: NetGuid, b: NetGuid) => compare(a, b) < 0,
    'static bool operator >(Guid left, Guid right)': (a: NetGuid, b: NetGuid) => compare(a, b) > 0,
    'static bool operator <=(Guid left, Guid right)': (a: NetGuid, b: NetGuid) => compare(a, b) <= 0,
    'static bool operator >=(Guid left, Guid right)': (a: NetGuid, b: NetGuid) => compare(a, b) >= 0,
  },
);
