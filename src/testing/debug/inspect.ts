/** What is inside a value that a debugger shows: members of JSON, entries and items of collections, properties of objects. */
import { box } from '../../csharp/runtime/box.ts';
import { callImplementation } from '../../csharp/runtime/defaults.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { AnonymousObject, Boxed, isNetObject } from '../../csharp/runtime/values.ts';
import { instanceNames, offers } from '../../csharp/types/member-names.ts';
import type { NamedType, Type } from '../../csharp/types/type.ts';
import { isDictionaryObject } from '../../dotnet/collections/contract.ts';
import { elementTypeOf, itemsOf } from '../../dotnet/collections/elements.ts';
import { JArray, JObject, JToken } from '../../dotnet/json/tokens.ts';

export interface Inner {
  readonly name: string;
  /** In the representation of object. */
  readonly value: unknown;
  /** C# behind the outer value: `.Name`, `["name"]`, `[0]`; undefined where nothing plain names it. */
  readonly access: string | undefined;
  /** As declared where it stands: objects of `context` know no more. */
  readonly type?: Type | undefined;
}

/** Most that are shown of one value. */
const MOST = 200;

/** In their own order; empty for plain values. `declared`: the type of the place that holds the value. */
export function innerOf(value: unknown, runtime: Runtime, declared?: Type): Inner[] {
  if (value === null || value === undefined || typeof value !== 'object' || value instanceof Boxed) return [];
  if (value instanceof JToken) return tokens(value);
  if (value instanceof AnonymousObject)
    return value.anonymousType.members.map(({ name, type }, i) => ({ name, value: box(value.values[i], type), access: `.${name}` }));
  if (isDictionaryObject(value)) return entries(value, runtime);
  if (isIterable(value)) return items(value, runtime);
  const own = isNetObject(value) ? properties(value, runtime.types.typeOf(value), runtime) : [];
  return own.length > 0 ? own : properties(value, declared, runtime);
}

function tokens(token: JToken): Inner[] {
  if (token instanceof JObject)
    return token.properties.slice(0, MOST).map(({ name, value }) => ({ name, value, access: `[${JSON.stringify(name)}]` }));
  return token instanceof JArray ? token.children.slice(0, MOST).map((value, i) => ({ name: `[${i}]`, value, access: `[${i}]` })) : [];
}

function entries(
  value: Extract<object, object> & { readonly netKeys: Iterable<unknown>; readonly netValues: Iterable<unknown> },
  { types }: Runtime,
): Inner[] {
  const pair = elementTypeOf(types, value);
  const [keyType, valueType] = pair?.kind === 'named' ? pair.typeArguments : [];
  const values = [...value.netValues];
  return [...value.netKeys].slice(0, MOST).map((key, i) => {
    const name = typeof key === 'string' ? key : String(boxed(key, keyType));
    return { name, value: boxed(values[i], valueType), access: typeof key === 'string' ? `[${JSON.stringify(key)}]` : undefined };
  });
}

function items(value: Iterable<unknown>, { types, budget }: Runtime): Inner[] {
  const element = elementTypeOf(types, value);
  const found: Inner[] = [];
  for (const item of itemsOf(value, element)) {
    budget.step();
    if (found.length >= MOST) break;
    found.push({ name: `[${found.length}]`, value: boxed(item, element), access: Array.isArray(value) ? `[${found.length}]` : undefined });
  }
  return found;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function boxed(value: unknown, type: Type | undefined): unknown {
  return type === undefined ? value : box(value, type);
}

/** What the type shows; values of .NET's own small types, such as DateTime, are told as a whole. */
function properties(value: object, type: Type | null | undefined, runtime: Runtime): Inner[] {
  const { types } = runtime;
  if (type?.kind !== 'named' || type.definition.typeKind === 'struct' || type.definition.typeKind === 'enum') return [];
  return instanceNames(types, type, offers(true))
    .flatMap((name) => property(value, type, name, runtime))
    .slice(0, MOST);
}

function property(value: object, type: NamedType, name: string, runtime: Runtime): Inner[] {
  const [found] = runtime.types.lookup(type, name);
  if (found?.member.kind !== 'property' || found.member.getter === undefined || found.member.isStatic) return [];
  const { getter, type: declared, owner } = found.member;
  try {
    const result = callImplementation(getter, runtime, found.on.typeArguments, [value]);
    const shown = runtime.types.substitute(declared, owner.typeParameters, found.on.typeArguments);
    return [{ name, value: box(result, shown), access: `.${name}`, type: shown }];
  } catch {
    // What throws when it is asked has no value to show.
    return [];
  }
}
