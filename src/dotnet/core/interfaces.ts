/** Interfaces that values of many families implement; their members go by the value at hand. */
import { dispose } from '../../csharp/runtime/dispose.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import { convertibleMembers } from '../numbers/convert-type.ts';
import { box, formatOf, objectCompare, objectEquals } from './protocol.ts';

/** The other value arrives in the representation of T, the receiver as an object. */
function boxed(value: unknown, types: readonly Type[]): unknown {
  return types[0] ? box(value, types[0]) : value;
}

export const interfaceTypes: readonly TypeDeclaration[] = [
  declareType('interface System.IDisposable', 'implied', {
    'void Dispose()': special((runtime: Runtime, _types, self: never) => dispose(runtime, self)),
  }),
  declareType('interface System.IComparable', 'implied', { 'int CompareTo(object obj)': objectCompare }),
  declareType('interface System.IComparable<in T>', 'implied', {
    'int CompareTo(T other)': special((_runtime: Runtime, types, self: never, other: never) => objectCompare(self, boxed(other, types))),
  }),
  declareType('interface System.IEquatable<T>', 'implied', {
    'bool Equals(T other)': special((_runtime: Runtime, types, self: never, other: never) => objectEquals(self, boxed(other, types))),
  }),
  declareType('interface System.IFormattable', 'implied', { 'string ToString(string format, IFormatProvider formatProvider)': formatOf }),
  declareType('interface System.IConvertible', 'implied', convertibleMembers()),
  declareType('interface System.ICloneable', 'implied', {}),
];
