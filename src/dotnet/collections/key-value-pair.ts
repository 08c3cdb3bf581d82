import { box } from '../../csharp/runtime/box.ts';
import { combine, equalsOf, hashOf } from '../../csharp/runtime/equality.ts';
import { toText } from '../../csharp/runtime/text.ts';
import type { NetObject, Ref } from '../../csharp/runtime/values.ts';
import { declareType, special } from '../../csharp/types/declare.ts';
import type { TypeTable } from '../../csharp/types/table.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';

/** `KeyValuePair<TKey, TValue>`: both in the representation of their types. */
export class KeyValuePair implements NetObject {
  readonly netType: NamedType;
  readonly key: unknown;
  readonly value: unknown;

  constructor(netType: NamedType, key: unknown, value: unknown) {
    this.netType = netType;
    this.key = key;
    this.value = value;
  }

  netToString(): string {
    const [key, value] = this.#boxed();
    return `[${toText(key)}, ${toText(value)}]`;
  }

  netEquals(other: unknown): boolean {
    if (!(other instanceof KeyValuePair) || other.netType !== this.netType) return false;
    const [keyType, valueType] = this.netType.typeArguments;
    return equalsOf(keyType)(this.key, other.key) && equalsOf(valueType)(this.value, other.value);
  }

  netHashCode(): number {
    const [keyType, valueType] = this.netType.typeArguments;
    return combine([hashOf(keyType)(this.key), hashOf(valueType)(this.value)]);
  }

  #boxed(): [unknown, unknown] {
    const [keyType, valueType] = this.netType.typeArguments;
    return [keyType ? box(this.key, keyType) : this.key, valueType ? box(this.value, valueType) : this.value];
  }
}

/** The constructed type of pairs. */
export function pairType(types: TypeTable, key: Type, value: Type): NamedType {
  return types.type('System.Collections.Generic.KeyValuePair', key, value);
}

export const keyValuePairType = declareType('struct System.Collections.Generic.KeyValuePair<TKey, TValue>', 'all', {
  'KeyValuePair(TKey key, TValue value)': special((runtime, [keyType, valueType], key: unknown, value: unknown) =>
    keyType && valueType ? new KeyValuePair(pairType(runtime.types, keyType, valueType), key, value) : null,
  ),
  'TKey Key { get; }': (pair: KeyValuePair) => pair.key,
  'TValue Value { get; }': (pair: KeyValuePair) => pair.value,
  'string ToString()': (pair: KeyValuePair) => pair.netToString(),
  'void Deconstruct(out TKey key, out TValue value)': (pair: KeyValuePair, key: Ref, value: Ref) => {
    key.value = pair.key;
    value.value = pair.value;
  },
});
