/** System.ValueTuple and System.Tuple. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { type NetObject, TupleValue } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, type PlainImplementation, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { combine, compareOf, equalsOf, hashOf, objectCompare, objectEquals, objectHash, textOf, toText } from './protocol.ts';

/** An instance of System.Tuple<…>: a class, never changed. */
export class TupleObject implements NetObject {
  readonly netType: NamedType;
  readonly items: readonly unknown[];

  constructor(netType: NamedType, items: readonly unknown[]) {
    this.netType = netType;
    this.items = items;
  }

  netToString(): string {
    return `(${this.items.map((item, at) => this.#textAt(item, at)).join(', ')})`;
  }

  netEquals(other: unknown): boolean {
    if (!(other instanceof TupleObject) || other.netType !== this.netType) return false;
    return this.items.every((item, at) => equalsOf(this.#type(at))(item, other.items[at]));
  }

  netHashCode(): number {
    return combine(this.items.map((item, at) => hashOf(this.#type(at))(item)));
  }

  netCompareTo(other: unknown): number {
    const items = other instanceof TupleObject ? other.items : [];
    for (const [at, item] of this.items.entries()) {
      const result = compareOf(this.#type(at))(item, items[at]);
      if (result !== 0) return result;
    }
    return 0;
  }

  #type(at: number): Type | undefined {
    return this.netType.typeArguments[at];
  }

  /** The eighth item is a tuple that continues the list. */
  #textAt(item: unknown, at: number): string {
    const text = textOf(item, this.#type(at) ?? this.netType);
    return at === 7 && item instanceof TupleObject ? text.slice(1, -1) : text;
  }
}

interface Shape {
  /** `T1, T2` */
  readonly types: string;
  /** `T1 item1, T2 item2` */
  readonly parameters: string;
  /** `<T1, T2>`, or nothing. */
  readonly suffix: string;
  readonly names: readonly { readonly type: string; readonly item: string }[];
}

/** The eighth type parameter holds the rest. */
function shapeOf(count: number): Shape {
  const names = Array.from({ length: count }, (_, at) =>
    at === 7 ? { type: 'TRest', item: 'Rest' } : { type: `T${at + 1}`, item: `Item${at + 1}` },
  );
  const types = names.map((one) => one.type).join(', ');
  const parameters = names.map((one) => `${one.type} ${one.item.toLowerCase()}`).join(', ');
  return { types, parameters, suffix: count === 0 ? '' : `<${types}>`, names };
}

const common: MemberTable = {
  'bool Equals(object obj)': objectEquals,
  'int GetHashCode()': objectHash,
  'string ToString()': toText,
  'int CompareTo(object other)': objectCompare,
};

function itemAt(at: number): PlainImplementation {
  return (self: TupleValue | TupleObject) => self.items[at];
}

function declareValueTuple(count: number): TypeDeclaration {
  const { suffix, parameters, names } = shapeOf(count);
  const fields = names.map(({ type, item }, at) => [
    `${type} ${item}`,
    {
      get: itemAt(at),
      set: (self: TupleValue, value: unknown) => {
        self.items[at] = value;
      },
    },
  ]);
  const self = `ValueTuple${suffix}`;
  return declareType(`struct System.ValueTuple${suffix} : IEquatable<${self}>, IComparable, IComparable<${self}>`, 'implied', {
    ...(count === 0 ? {} : { [`ValueTuple(${parameters})`]: special(makeValueTuple) }),
    ...Object.fromEntries(fields),
    ...common,
    [`bool Equals(${self} other)`]: objectEquals,
    [`int CompareTo(${self} other)`]: objectCompare,
    ...(count === 0 ? valueTupleStatics() : {}),
  });
}

function makeValueTuple(runtime: Runtime, types: readonly Type[], ...items: never[]): TupleValue {
  return new TupleValue(runtime.types.type('System.ValueTuple', ...types), items);
}

function makeTuple(runtime: Runtime, types: readonly Type[], ...items: never[]): TupleObject {
  return new TupleObject(runtime.types.type('System.Tuple', ...types), items);
}

const COUNTS = [1, 2, 3, 4, 5, 6, 7];

function valueTupleStatics(): MemberTable {
  const create = COUNTS.map((count) => [`static ValueTuple${shapeOf(count).suffix} Create${generic(count)}`, special(makeValueTuple)]);
  return Object.fromEntries(create);
}

function generic(count: number): string {
  const { suffix, parameters } = shapeOf(count);
  return `${suffix}(${parameters})`;
}

function declareTuple(count: number): TypeDeclaration {
  const { suffix, parameters, names } = shapeOf(count);
  const items = names.map(({ type, item }, at) => [`${type} ${item} { get; }`, itemAt(at)]);
  return declareType(`class System.Tuple${suffix} : IComparable`, 'all', {
    [`Tuple(${parameters})`]: special(makeTuple),
    ...Object.fromEntries(items),
    ...common,
  });
}

/** The eighth argument of Create becomes a tuple of its own. */
function createEight(runtime: Runtime, types: readonly Type[], ...items: never[]): TupleObject {
  const last = types.slice(7);
  const rest = makeTuple(runtime, last, ...items.slice(7));
  return makeTuple(runtime, [...types.slice(0, 7), rest.netType], ...items.slice(0, 7), rest as never);
}

const EIGHT = 'T1, T2, T3, T4, T5, T6, T7';

const tupleStatics = declareType('static class System.Tuple', 'all', {
  ...Object.fromEntries(COUNTS.map((count) => [`static Tuple${shapeOf(count).suffix} Create${generic(count)}`, special(makeTuple)])),
  [`static Tuple<${EIGHT}, Tuple<T8>> Create<${EIGHT}, T8>(${shapeOf(7).parameters}, T8 item8)`]: special(createEight),
});

export const tupleTypes: readonly TypeDeclaration[] = [
  ...[0, ...COUNTS, 8].map(declareValueTuple),
  tupleStatics,
  ...[...COUNTS, 8].map(declareTuple),
];
