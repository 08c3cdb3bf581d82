/** System.Object and the bases of value types and delegates. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { type Callable, combineDelegates, invocationsOf, removeDelegate } from './invocations.ts';
import { objectEquals, objectHash, referenceEquals, toText } from './protocol.ts';
import { typeObject } from './type.ts';

/** `new object()`: nothing but an identity. */
class PlainObject implements NetObject {
  get netType(): TypeDeclaration {
    return objectType;
  }
}

export const objectType: TypeDeclaration = declareType(
  'class System.Object',
  'implied',
  {
    'Object()': () => new PlainObject(),
    'bool Equals(object obj)': objectEquals,
    'static bool Equals(object objA, object objB)': objectEquals,
    'static bool ReferenceEquals(object objA, object objB)': referenceEquals,
    'int GetHashCode()': objectHash,
    'Type GetType()': special((runtime: Runtime, _types, self: never) => {
      const type = runtime.types.typeOf(self);
      return type && typeObject(runtime.types, type);
    }),
    'string ToString()': toText,
  },
  { keyword: 'object', summary: 'The base of all types.' },
);

export const valueTypeType = declareType('abstract class System.ValueType', 'implied', {});

export const delegateTypes: readonly TypeDeclaration[] = [
  declareType('abstract class System.Delegate', 'implied', {
    'static Delegate Combine(Delegate a, Delegate b)': combineDelegates,
    'static Delegate Remove(Delegate source, Delegate value)': removeDelegate,
    'Delegate[] GetInvocationList()': special((runtime: Runtime, _types, self: Callable) =>
      makeArray(runtime.types.array(runtime.types.type('System.Delegate')), [...invocationsOf(self)]),
    ),
    'static bool operator ==(Delegate d1, Delegate d2)': (a: unknown, b: unknown) => a === b,
    'static bool operator !=(Delegate d1, Delegate d2)': (a: unknown, b: unknown) => a !== b,
  }),
  declareType('abstract class System.MulticastDelegate : Delegate', 'implied', {}),
];
