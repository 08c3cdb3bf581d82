/** IComparer<T>, IEqualityComparer<T>, Comparer<T> and EqualityComparer<T>. */
import { argumentNull, invalidOperation } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { compareOf, equalsOf, hashOf, isMapKey, isObject, isString, unbox } from '../core/protocol.ts';
import type { NetComparer } from './contract.ts';
import type { Compare } from './sort.ts';

/** How keys of a dictionary, set or query are told apart. */
export interface Equality {
  readonly equals: (a: unknown, b: unknown) => boolean;
  readonly hash: (value: unknown) => number;
  /** A Map key with the same meaning, or undefined when values have to be hashed. */
  readonly key?: ((value: unknown) => unknown) | undefined;
}

/** The meaning of an IEqualityComparer<T>; null and undefined mean the default of the type. */
export function equalityOf(comparer: NetComparer | null | undefined, type: Type | undefined): Equality {
  if (comparer && comparer instanceof DefaultEquality === false) {
    return {
      equals: (a, b) => comparer.netEqual?.(a, b) ?? false,
      hash: (value) => comparer.netHash?.(value) ?? 0,
      key: comparer.netKey === undefined ? undefined : (value) => (value === null ? null : comparer.netKey?.(value)),
    };
  }
  return { equals: equalsOf(type), hash: hashOf(type), key: type !== undefined && isMapKey(type) ? (value) => value : undefined };
}

/** The meaning of an IComparer<T>; null and undefined mean Comparer<T>.Default. */
export function orderOf(comparer: NetComparer | null | undefined, type: Type | undefined): Compare {
  if (comparer?.netCompare) return (a, b) => comparer.netCompare?.(a, b) ?? 0;
  return compareOf(type);
}

/** `EqualityComparer<T>.Default`. */
export class DefaultEquality implements NetComparer {
  readonly netType: NamedType;

  constructor(netType: NamedType) {
    this.netType = netType;
  }
  netEqual(a: unknown, b: unknown): boolean {
    return equalsOf(this.netType.typeArguments[0])(a, b);
  }
  netHash(value: unknown): number {
    return hashOf(this.netType.typeArguments[0])(value);
  }
}

/** `Comparer<T>.Default`, or one made from a Comparison<T>. */
class OrderComparer implements NetComparer {
  readonly netType: NamedType;
  readonly netCompare: Compare;

  constructor(netType: NamedType, compare: Compare) {
    this.netType = netType;
    this.netCompare = compare;
  }
}

function constructed(runtime: Runtime, name: string, type: Type | undefined): NamedType {
  return runtime.types.type(`System.Collections.Generic.${name}`, type ?? runtime.types.type('object'));
}

/** The comparer that `Comparer` properties of dictionaries and sets show. */
export function defaultEquality(runtime: Runtime, type: Type | undefined): DefaultEquality {
  return new DefaultEquality(constructed(runtime, 'EqualityComparer', type));
}

/** An object-represented argument of the non-generic IComparer or IEqualityComparer, as the comparer's own T has it. */
function argument(comparer: NetObject, value: unknown): unknown {
  const type = 'kind' in comparer.netType ? comparer.netType.typeArguments[0] : undefined;
  return type === undefined || isObject(type) || isString(type) ? value : unbox(value);
}

function compareWith(comparer: NetComparer, a: unknown, b: unknown): number {
  if (comparer.netCompare === undefined) throw invalidOperation('The comparer has no order.');
  return comparer.netCompare(a, b);
}

export const comparerTypes = [
  declareType('interface System.Collections.Generic.IComparer<in T>', 'implied', {
    'int Compare(T x, T y)': compareWith,
  }),
  declareType('interface System.Collections.Generic.IEqualityComparer<in T>', 'implied', {
    'bool Equals(T x, T y)': (comparer: NetComparer, a: unknown, b: unknown) => comparer.netEqual?.(a, b) ?? false,
    'int GetHashCode(T obj)': (comparer: NetComparer, value: unknown) => comparer.netHash?.(value) ?? 0,
  }),
  declareType('interface System.Collections.IComparer', 'implied', {
    'int Compare(object x, object y)': (comparer: NetComparer, a: unknown, b: unknown) =>
      compareWith(comparer, argument(comparer, a), argument(comparer, b)),
  }),
  declareType('interface System.Collections.IEqualityComparer', 'implied', {
    'bool Equals(object x, object y)': (comparer: NetComparer, a: unknown, b: unknown) =>
      comparer.netEqual?.(argument(comparer, a), argument(comparer, b)) ?? false,
    'int GetHashCode(object obj)': (comparer: NetComparer, value: unknown) => comparer.netHash?.(argument(comparer, value)) ?? 0,
  }),
  declareType('abstract class System.Collections.Generic.Comparer<T> : IComparer<T>, System.Collections.IComparer', 'implied', {
    'static Comparer<T> Default { get; }': special(
      (runtime, [type]) => new OrderComparer(constructed(runtime, 'Comparer', type), orderOf(null, type)),
    ),
    'static Comparer<T> Create(Comparison<T> comparison)': special((runtime, [type], comparison: Compare | null) => {
      if (comparison === null) throw argumentNull('comparison');
      return new OrderComparer(constructed(runtime, 'Comparer', type), comparison);
    }),
    'int Compare(T x, T y)': compareWith,
  }),
  declareType(
    'abstract class System.Collections.Generic.EqualityComparer<T> : IEqualityComparer<T>, System.Collections.IEqualityComparer',
    'implied',
    {
      'static EqualityComparer<T> Default { get; }': special((runtime, [type]) => defaultEquality(runtime, type)),
      'bool Equals(T x, T y)': (comparer: NetComparer, a: unknown, b: unknown) => comparer.netEqual?.(a, b) ?? false,
      'int GetHashCode(T obj)': (comparer: NetComparer, value: unknown) => comparer.netHash?.(value) ?? 0,
    },
  ),
];
