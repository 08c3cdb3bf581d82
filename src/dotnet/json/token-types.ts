/** Declarations of the classes of Newtonsoft.Json.Linq. */
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { Boxed, type Ref, type TypeObject } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { Type } from '../../csharp/types/type.ts';
import type { ArrayValue, NetComparer } from '../collections/contract.ts';
import { isInstance } from '../collections/elements.ts';
import { enumerate } from '../collections/enumerator.ts';
import * as views from '../collections/views.ts';
import { box, toText } from '../core/protocol.ts';
import { lazy } from '../linq/sequence.ts';
import { equals as equalTexts, ruleOf } from '../text/comparison.ts';
import { childOf, contentOf, setChild } from './access.ts';
import { castToken, convertToken, objectOf } from './convert.ts';
import { toObject } from './deserialize.ts';
import { noChildren } from './errors.ts';
import { KIND } from './kinds.ts';
import { DEFAULT_MERGE, merge } from './merge.ts';
import { selectToken, selectTokens } from './path.ts';
import { parseText, type RootName } from './reader.ts';
import { JEnumerable, tokens } from './sequences.ts';
import { tokenFrom } from './serialize.ts';
import { loadOptions, mergeOptions, type Settings, searchOf, selectSearch } from './settings.ts';
import { loading, rawMembers, readingMembers, writingMembers } from './token-io.ts';
import { JArray, JConstructor, type JContainer, JObject, JProperty, JToken, JValue, type Scalar } from './tokens.ts';
import { tokenText } from './writer.ts';

type Maybe<T> = T | null;

/** JToken's conversions: C# type and whether there is a nullable form. */
const CAST_TYPES = 'bool byte sbyte short ushort int uint long ulong float double decimal char DateTime DateTimeOffset Guid TimeSpan'.split(
  ' ',
);
const REFERENCE_TYPES = ['string', 'Uri', 'byte[]'];

/** What most casts do, decided without the rules of all the others: a value that already is one of the type. */
const USUAL_CASTS: Readonly<Record<string, (value: Scalar) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  double: (value) => (typeof value === 'number' ? value : undefined),
  int: (value) => (typeof value === 'bigint' && BigInt.asIntN(32, value) === value ? Number(value) : undefined),
  long: (value) => (typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined),
};
const NO_USUAL_CAST = (): undefined => undefined;

function conversions(): MemberTable {
  const table: Record<string, MemberTable[string]> = {};
  const explicit = (name: string): void => {
    const usual = USUAL_CASTS[name] ?? NO_USUAL_CAST;
    table[`static explicit operator ${name}(JToken value)`] = special((runtime, _types, token: Maybe<JToken>) => {
      const value = token instanceof JValue ? usual(token.value) : undefined;
      return value === undefined ? castToken(runtime, token, castTarget(runtime, name)) : value;
    });
  };
  const implicit = (name: string): void => {
    table[`static implicit operator JToken(${name} value)`] = special((runtime, _types, value: unknown) =>
      scalarToken(runtime, name, value),
    );
  };
  for (const name of CAST_TYPES) {
    explicit(name);
    explicit(`${name}?`);
    if (name === 'char') continue;
    implicit(name);
    implicit(`${name}?`);
  }
  for (const name of REFERENCE_TYPES) {
    explicit(name);
    implicit(name);
  }
  return table;
}

function castTarget(runtime: Runtime, name: string): Type {
  const { types } = runtime;
  if (name === 'byte[]') return types.array(types.type('byte'));
  const plain = name.replace('?', '');
  const type = types.type(/^[A-Z]/.test(plain) ? `System.${plain}` : plain);
  return name.endsWith('?') ? types.nullable(type) : type;
}

/** From the representation of a C# type to a JValue. */
function scalarToken(runtime: Runtime, name: string, value: unknown): JValue {
  if (value === null) return new JValue(null, name === 'string' ? KIND.String : KIND.Null);
  if (typeof value !== 'number') return JValue.of(value);
  if (name.startsWith('double')) return JValue.of(value);
  return JValue.of(new Boxed(runtime.types.type(name.replace('?', '')), value));
}

function parsing(className: RootName): MemberTable {
  const name = className === 'JToken' ? 'JToken' : className;
  return {
    [`static ${name} Parse(string json)`]: special(({ budget }, _types, text: Maybe<string>) =>
      parseText(text, className, { commentRoot: true }, budget),
    ),
    [`static ${name} Parse(string json, JsonLoadSettings settings)`]: special(
      ({ budget }, _types, text: Maybe<string>, settings: Maybe<Settings>) => parseText(text, className, loadOptions(settings), budget),
    ),
  };
}

function fromObject(className: 'JToken' | 'JObject' | 'JArray'): MemberTable {
  const make = (runtime: Runtime, _types: readonly Type[], value: unknown): JToken => {
    if (value === null) throw argumentNull('o');
    return tokenFrom(runtime, value, className);
  };
  return {
    [`static ${className} FromObject(object o)`]: special(make),
    [`static ${className} FromObject(object o, Newtonsoft.Json.JsonSerializer jsonSerializer)`]: special(make),
  };
}

function firstOf(token: JToken, last: boolean): JToken | null {
  if (token instanceof JValue) throw noChildren(token.fullName);
  return (last ? token.children.at(-1) : token.children[0]) ?? null;
}

function valuesOf(runtime: Runtime, types: readonly Type[], source: Iterable<unknown>) {
  const [type] = types;
  return lazy(runtime, type, function* () {
    for (const token of source) yield type !== undefined && token instanceof JToken ? convertToken(runtime, token, type) : token;
  });
}

function sequence(runtime: Runtime, start: () => Iterable<unknown>) {
  return lazy(runtime, runtime.types.type('Newtonsoft.Json.Linq.JToken'), () => start()[Symbol.iterator]());
}

function annotationsOf(runtime: Runtime, token: JToken, type: Type | undefined): unknown[] {
  return (token.annotations ?? []).filter((one) => type === undefined || isInstance(runtime.types, one, type));
}

function removeAnnotations(runtime: Runtime, token: JToken, type: Type | undefined): void {
  const doomed = annotationsOf(runtime, token, type);
  token.annotations = (token.annotations ?? []).filter((one) => !doomed.includes(one));
}

const annotationMembers: MemberTable = {
  'void AddAnnotation(object annotation)': (token: JToken, annotation: unknown) => {
    if (annotation === null) throw argumentNull('annotation');
    token.annotations = [...(token.annotations ?? []), annotation];
  },
  'T Annotation<T>()': special((runtime, [type], token: JToken) => annotationsOf(runtime, token, type)[0] ?? null),
  'object Annotation(Type type)': special(
    (runtime, _types, token: JToken, type: Maybe<TypeObject>) => annotationsOf(runtime, token, type?.of)[0] ?? null,
  ),
  'IEnumerable<T> Annotations<T>()': special((runtime, [type], token: JToken) =>
    lazy(runtime, type, () => annotationsOf(runtime, token, type)[Symbol.iterator]()),
  ),
  'IEnumerable<object> Annotations(Type type)': special((runtime, _types, token: JToken, type: Maybe<TypeObject>) =>
    lazy(runtime, runtime.types.type('object'), () => annotationsOf(runtime, token, type?.of)[Symbol.iterator]()),
  ),
  'void RemoveAnnotations<T>()': special((runtime, [type], token: JToken) => removeAnnotations(runtime, token, type)),
  'void RemoveAnnotations(Type type)': special((runtime, _types, token: JToken, type: Maybe<TypeObject>) =>
    removeAnnotations(runtime, token, type?.of),
  ),
};

const searchMembers: MemberTable = {
  'JToken SelectToken(string path)': special((runtime, _types, token: JToken, path: Maybe<string>) =>
    selectToken(token, path, searchOf(runtime, false)),
  ),
  'JToken SelectToken(string path, bool errorWhenNoMatch)': special(
    (runtime, _types, token: JToken, path: Maybe<string>, strict: boolean) => selectToken(token, path, searchOf(runtime, strict)),
  ),
  'JToken SelectToken(string path, JsonSelectSettings settings)': special(
    (runtime, _types, token: JToken, path: Maybe<string>, settings: Maybe<Settings>) =>
      selectToken(token, path, selectSearch(runtime, settings)),
  ),
  'IEnumerable<JToken> SelectTokens(string path)': special((runtime, _types, token: JToken, path: Maybe<string>) =>
    select(runtime, token, path, false),
  ),
  'IEnumerable<JToken> SelectTokens(string path, bool errorWhenNoMatch)': special(
    (runtime, _types, token: JToken, path: Maybe<string>, strict: boolean) => select(runtime, token, path, strict),
  ),
  'IEnumerable<JToken> SelectTokens(string path, JsonSelectSettings settings)': special(
    (runtime, _types, token: JToken, path: Maybe<string>, settings: Maybe<Settings>) =>
      sequence(runtime, () => selectTokens(token, path, selectSearch(runtime, settings))),
  ),
};

function select(runtime: Runtime, token: JToken, path: Maybe<string>, strict: boolean) {
  return sequence(runtime, () => selectTokens(token, path, searchOf(runtime, strict)));
}

const jTokenType = declareType('abstract class Newtonsoft.Json.Linq.JToken : IJEnumerable<JToken>, System.ICloneable', 'all', {
  'JTokenType Type { get; }': (token: JToken) => token.kind,
  'bool HasValues { get; }': (token: JToken) => token.hasValues,
  'JContainer Parent { get; }': (token: JToken) => token.parent,
  'JToken Root { get; }': (token: JToken) => token.root,
  'JToken Next { get; }': (token: JToken) => token.next,
  'JToken Previous { get; }': (token: JToken) => token.previous,
  'JToken First { get; }': (token: JToken) => firstOf(token, false),
  'JToken Last { get; }': (token: JToken) => firstOf(token, true),
  'string Path { get; }': (token: JToken) => token.path,
  'JToken this[object key] { get; set; }': { get: childOf, set: setChild },
  'T Value<T>(object key)': special((runtime, [type], token: JToken, key: unknown) =>
    type === undefined ? null : convertToken(runtime, childOf(token, key), type),
  ),
  'IEnumerable<T> Values<T>()': special((runtime, types, token: JToken) => {
    if (token instanceof JValue) throw noChildren(token.fullName);
    return valuesOf(runtime, types, token.kind === KIND.Object ? token.children : token);
  }),
  'JEnumerable<JToken> Children()': special((runtime, _types, token: JToken) => tokens(runtime, () => token)),
  'JEnumerable<T> Children<T>()': special((runtime, [type], token: JToken) =>
    tokens(runtime, () => [...token].filter((one) => type === undefined || isInstance(runtime.types, one, type)), type),
  ),
  'IEnumerable<JToken> Ancestors()': special((runtime, _types, token: JToken) => sequence(runtime, () => token.ancestors(false))),
  'IEnumerable<JToken> AncestorsAndSelf()': special((runtime, _types, token: JToken) => sequence(runtime, () => token.ancestors(true))),
  'IEnumerable<JToken> AfterSelf()': special((runtime, _types, token: JToken) =>
    sequence(runtime, () => token.parent?.children.slice(token.index + 1) ?? []),
  ),
  'IEnumerable<JToken> BeforeSelf()': special((runtime, _types, token: JToken) =>
    sequence(runtime, () => token.parent?.children.slice(0, token.index) ?? []),
  ),
  'void AddAfterSelf(object content)': special((runtime, _types, token: JToken, content: unknown) =>
    token.addBeside(contentOf(runtime, content), 1),
  ),
  'void AddBeforeSelf(object content)': special((runtime, _types, token: JToken, content: unknown) =>
    token.addBeside(contentOf(runtime, content), 0),
  ),
  'void Remove()': (token: JToken) => token.remove(),
  'void Replace(JToken value)': (token: JToken, value: Maybe<JToken>) => token.replace(value),
  'JToken DeepClone()': (token: JToken) => token.clone(),
  'JToken DeepClone(JsonCloneSettings settings)': (token: JToken) => token.clone(),
  'static bool DeepEquals(JToken t1, JToken t2)': (a: Maybe<JToken>, b: Maybe<JToken>) =>
    a === b || (a !== null && b !== null && a.deepEquals(b)),
  'static JTokenEqualityComparer EqualityComparer { get; }': () => TOKEN_COMPARER,
  'T ToObject<T>()': special((runtime, [type], token: JToken) => (type === undefined ? null : toObject(runtime, token, type, false))),
  'T ToObject<T>(Newtonsoft.Json.JsonSerializer jsonSerializer)': special((runtime, [type], token: JToken) =>
    type === undefined ? null : toObject(runtime, token, type, false),
  ),
  'object ToObject(Type objectType)': special((runtime, _types, token: JToken, type: Maybe<TypeObject>) =>
    boxedObject(runtime, token, type),
  ),
  'object ToObject(Type objectType, Newtonsoft.Json.JsonSerializer jsonSerializer)': special(
    (runtime, _types, token: JToken, type: Maybe<TypeObject>) => boxedObject(runtime, token, type),
  ),
  'string ToString()': (token: JToken) => token.netToString(),
  'string ToString(Newtonsoft.Json.Formatting formatting, params Newtonsoft.Json.JsonConverter[] converters)': (
    token: JToken,
    formatting: number,
  ) => tokenText(token, formatting === 1),
  ...parsing('JToken'),
  ...loading('JToken'),
  ...readingMembers,
  ...fromObject('JToken'),
  ...searchMembers,
  ...annotationMembers,
  ...conversions(),
});

function boxedObject(runtime: Runtime, token: JToken, type: Maybe<TypeObject>): unknown {
  if (type === null) throw argumentNull('objectType');
  return box(toObject(runtime, token, type.of, false), type.of);
}

const jContainerType = declareType(
  'abstract class Newtonsoft.Json.Linq.JContainer : JToken, System.Collections.Generic.IList<JToken>, System.Collections.IList',
  'all',
  {
    ...writingMembers,
    'int Count { get; }': (container: JContainer) => container.netCount,
    'bool HasValues { get; }': (container: JContainer) => container.hasValues,
    'JToken First { get; }': (container: JContainer) => firstOf(container, false),
    'JToken Last { get; }': (container: JContainer) => firstOf(container, true),
    'void Add(object content)': special((runtime, _types, container: JContainer, content: unknown) =>
      container.netAdd(contentOf(runtime, content)),
    ),
    'void AddFirst(object content)': special((runtime, _types, container: JContainer, content: unknown) =>
      container.addContent(0, contentOf(runtime, content)),
    ),
    'JEnumerable<JToken> Children()': special((runtime, _types, container: JContainer) => tokens(runtime, () => container)),
    'IEnumerable<JToken> Descendants()': special((runtime, _types, container: JContainer) =>
      sequence(runtime, () => container.descendants(false)),
    ),
    'IEnumerable<JToken> DescendantsAndSelf()': special((runtime, _types, container: JContainer) =>
      sequence(runtime, () => container.descendants(true)),
    ),
    'IEnumerable<T> Values<T>()': special((runtime, types, container: JContainer) => valuesOf(runtime, types, container)),
    'void RemoveAll()': (container: JContainer) => container.clearItems(),
    'void ReplaceAll(object content)': special((runtime, _types, container: JContainer, content: unknown) => {
      container.clearItems();
      container.netAdd(contentOf(runtime, content));
    }),
    'void Merge(object content)': special((runtime, _types, container: JContainer, content: unknown) =>
      merge(container, contentOf(runtime, content), DEFAULT_MERGE),
    ),
    'void Merge(object content, JsonMergeSettings settings)': special(
      (runtime, _types, container: JContainer, content: unknown, settings: Maybe<Settings>) =>
        merge(container, contentOf(runtime, content), mergeOptions(settings)),
    ),
  },
);

/** Constructors that copy, or take content. */
function filled<T extends JContainer>(runtime: Runtime, container: T, content: unknown): T {
  container.netAdd(contentOf(runtime, content));
  return container;
}

const jArrayType = declareType('class Newtonsoft.Json.Linq.JArray : JContainer', 'all', {
  'JArray()': () => new JArray(),
  'JArray(JArray other)': (other: JArray) => other.clone(),
  'JArray(params object[] content)': special((runtime, _types, content: ArrayValue) => filled(runtime, new JArray(), content)),
  'JArray(object content)': special((runtime, _types, content: unknown) => filled(runtime, new JArray(), content)),
  'JTokenType Type { get; }': (array: JArray) => array.kind,
  'bool IsReadOnly { get; }': () => false,
  'JToken this[int index] { get; set; }': {
    get: (array: JArray, index: number) => array.netGet(index),
    set: (array: JArray, index: number, value: Maybe<JToken>) => array.setItem(index, value),
  },
  'JToken this[object key] { get; set; }': { get: childOf, set: setChild },
  'void Add(JToken item)': (array: JArray, item: Maybe<JToken>) => array.insertItem(array.netCount, item),
  'void Insert(int index, JToken item)': (array: JArray, index: number, item: Maybe<JToken>) => array.insertItem(index, item),
  'void Clear()': (array: JArray) => array.clearItems(),
  'bool Contains(JToken item)': (array: JArray, item: Maybe<JToken>) => array.netContains(item),
  'int IndexOf(JToken item)': (array: JArray, item: Maybe<JToken>) => array.indexOf(item),
  'bool Remove(JToken item)': (array: JArray, item: Maybe<JToken>) => array.removeItem(item),
  'void RemoveAt(int index)': (array: JArray, index: number) => array.removeAt(index),
  'void CopyTo(JToken[] array, int arrayIndex)': (array: JArray, target: Maybe<ArrayValue>, at: number) => views.copyTo(array, target, at),
  'System.Collections.Generic.IEnumerator<JToken> GetEnumerator()': special((runtime, _types, array: JArray) =>
    enumerate(runtime, array, runtime.types.type('Newtonsoft.Json.Linq.JToken')),
  ),
  ...parsing('JArray'),
  ...loading('JArray'),
  ...fromObject('JArray'),
});

function findProperty(object: JObject, name: Maybe<string>, comparison: number): JProperty | null {
  if (name === null) return null;
  const exact = object.property(name);
  if (exact !== null) return exact;
  const rule = ruleOf(comparison, 'comparison');
  return object.properties.find((one) => equalTexts(one.name, name, rule)) ?? null;
}

const ORDINAL = 4;

function valueNamed(object: JObject, name: Maybe<string>, comparison: number): JToken | null {
  return findProperty(object, name, comparison)?.value ?? null;
}

function tryValue(object: JObject, name: Maybe<string>, comparison: number, out: Ref): boolean {
  out.value = valueNamed(object, name, comparison);
  return out.value !== null;
}

function itemNamed(object: JObject, name: Maybe<string>): JToken | null {
  if (name === null) throw argumentNull('propertyName');
  return object.getItem(name);
}

const jObjectType = declareType(
  'class Newtonsoft.Json.Linq.JObject : JContainer, System.Collections.Generic.IDictionary<string, JToken>',
  'all',
  {
    'JObject()': () => new JObject(),
    'JObject(JObject other)': (other: JObject) => other.clone(),
    'JObject(params object[] content)': special((runtime, _types, content: ArrayValue) => filled(runtime, new JObject(), content)),
    'JObject(object content)': special((runtime, _types, content: unknown) => filled(runtime, new JObject(), content)),
    'JTokenType Type { get; }': (object: JObject) => object.kind,
    'JToken this[object key] { get; set; }': { get: childOf, set: setChild },
    'JToken this[string propertyName] { get; set; }': {
      get: itemNamed,
      set: (object: JObject, name: Maybe<string>, value: Maybe<JToken>) => {
        if (name === null) throw argumentNull('name');
        object.setProperty(name, value);
      },
    },
    'void Add(string propertyName, JToken value)': (object: JObject, name: Maybe<string>, value: Maybe<JToken>) =>
      object.netAddItem(name, value),
    'bool ContainsKey(string propertyName)': (object: JObject, name: Maybe<string>) => object.netLookup(name) !== undefined,
    'bool Remove(string propertyName)': (object: JObject, name: Maybe<string>) => {
      if (name === null) throw argumentNull('propertyName');
      return object.netRemoveKey(name);
    },
    'JToken GetValue(string propertyName)': (object: JObject, name: Maybe<string>) => valueNamed(object, name, ORDINAL),
    'JToken GetValue(string propertyName, StringComparison comparison)': valueNamed,
    'bool TryGetValue(string propertyName, out JToken value)': (object: JObject, name: Maybe<string>, out: Ref) =>
      tryValue(object, name, ORDINAL, out),
    'bool TryGetValue(string propertyName, StringComparison comparison, out JToken value)': tryValue,
    'IEnumerable<JProperty> Properties()': special((runtime, _types, object: JObject) =>
      lazy(runtime, runtime.types.type('Newtonsoft.Json.Linq.JProperty'), () => object[Symbol.iterator]()),
    ),
    'JProperty Property(string name)': (object: JObject, name: Maybe<string>) => findProperty(object, name, ORDINAL),
    'JProperty Property(string name, StringComparison comparison)': findProperty,
    'JEnumerable<JToken> PropertyValues()': special((runtime, _types, object: JObject) => tokens(runtime, () => object.netValues)),
    'System.Collections.Generic.IEnumerator<System.Collections.Generic.KeyValuePair<string, JToken>> GetEnumerator()': special(
      (runtime, _types, object: JObject) => {
        const { types } = runtime;
        const pair = types.type('System.Collections.Generic.KeyValuePair', types.type('string'), types.type('Newtonsoft.Json.Linq.JToken'));
        return enumerate(runtime, object, pair);
      },
    ),
    ...parsing('JObject'),
    ...loading('JObject'),
    ...fromObject('JObject'),
  },
);

const jPropertyType = declareType('class Newtonsoft.Json.Linq.JProperty : JContainer', 'all', {
  ...loading('JProperty'),
  'JProperty(JProperty other)': (other: JProperty) => other.clone(),
  'JProperty(string name, params object[] content)': special(
    (runtime, _types, name: Maybe<string>, content: ArrayValue) => new JProperty(name, contentOf(runtime, content)),
  ),
  'JProperty(string name, object content)': special(
    (runtime, _types, name: Maybe<string>, content: unknown) => new JProperty(name, contentOf(runtime, content)),
  ),
  'string Name { get; }': (property: JProperty) => property.name,
  'JToken Value { get; set; }': {
    get: (property: JProperty) => property.value,
    set: (property: JProperty, value: Maybe<JToken>) => {
      property.value = value;
    },
  },
  'JTokenType Type { get; }': (property: JProperty) => property.kind,
});

const jConstructorType = declareType('class Newtonsoft.Json.Linq.JConstructor : JContainer', 'all', {
  ...loading('JConstructor'),
  'JConstructor()': () => new JConstructor(),
  'JConstructor(JConstructor other)': (other: JConstructor) => other.clone(),
  'JConstructor(string name)': (name: Maybe<string>) => new JConstructor(name),
  'JConstructor(string name, params object[] content)': special((runtime, _types, name: Maybe<string>, content: ArrayValue) =>
    filled(runtime, new JConstructor(name), content),
  ),
  'JConstructor(string name, object content)': special((runtime, _types, name: Maybe<string>, content: unknown) =>
    filled(runtime, new JConstructor(name), content),
  ),
  'string Name { get; set; }': {
    get: (token: JConstructor) => token.name,
    set: (token: JConstructor, name: Maybe<string>) => {
      token.name = name;
    },
  },
  'JTokenType Type { get; }': (token: JConstructor) => token.kind,
  'JToken this[object key] { get; set; }': { get: childOf, set: setChild },
});

function valueConstructors(): MemberTable {
  const table: Record<string, MemberTable[string]> = {};
  for (const name of [
    'long',
    'decimal',
    'char',
    'ulong',
    'double',
    'float',
    'DateTime',
    'DateTimeOffset',
    'bool',
    'string',
    'Guid',
    'Uri',
    'TimeSpan',
  ])
    table[`JValue(${name} value)`] = special((runtime, _types, value: unknown) => scalarToken(runtime, name, value));
  return table;
}

const jValueType = declareType(
  'class Newtonsoft.Json.Linq.JValue : JToken, System.IComparable, System.IComparable<JValue>, System.IEquatable<JValue>, System.IFormattable, System.IConvertible',
  'all',
  {
    'JValue(JValue other)': (other: JValue) => other.clone(),
    ...valueConstructors(),
    'JValue(object value)': (value: unknown) => JValue.of(value),
    'JTokenType Type { get; }': (token: JValue) => token.kind,
    'bool HasValues { get; }': () => false,
    'object Value { get; set; }': {
      get: special((runtime, _types, token: JValue) => objectOf(runtime, token.value)),
      set: (token: JValue, value: unknown) => {
        token.value = JValue.of(value).value;
      },
    },
    'int CompareTo(JValue obj)': (token: JValue, other: unknown) => Math.sign(token.netCompareTo(other)),
    'bool Equals(object obj)': (token: JValue, other: unknown) => other instanceof JValue && token.deepEquals(other),
    'bool Equals(JValue other)': (token: JValue, other: unknown) => other instanceof JValue && token.deepEquals(other),
    'int GetHashCode()': (token: JValue) => token.netHashCode(),
    'string ToString()': (token: JValue) => token.netToString(),
    'string ToString(string format)': (token: JValue, format: Maybe<string>) => token.netFormat(format),
    'string ToString(IFormatProvider formatProvider)': (token: JValue) => token.netFormat(null),
    'string ToString(string format, IFormatProvider formatProvider)': (token: JValue, format: Maybe<string>) => token.netFormat(format),
    'static JValue CreateComment(string value)': (value: Maybe<string>) => new JValue(value, KIND.Comment),
    'static JValue CreateNull()': () => JValue.null(),
    'static JValue CreateString(string value)': (value: Maybe<string>) => new JValue(value, KIND.String),
    'static JValue CreateUndefined()': () => new JValue(null, KIND.Undefined),
  },
);

const jRawType = declareType('class Newtonsoft.Json.Linq.JRaw : JValue', 'all', {
  ...rawMembers,
  'JRaw(JRaw other)': (other: JValue) => other.clone(),
  'JRaw(object rawJson)': (value: unknown) => new JValue(value === null ? null : toText(value), KIND.Raw),
});

const comparerType = declareType('class Newtonsoft.Json.Linq.JTokenEqualityComparer : IEqualityComparer<JToken>', 'implied', {
  'JTokenEqualityComparer()': () => TOKEN_COMPARER,
  'bool Equals(JToken x, JToken y)': (comparer: NetComparer, a: unknown, b: unknown) => comparer.netEqual?.(a, b) ?? false,
  'int GetHashCode(JToken obj)': (comparer: NetComparer, token: unknown) => comparer.netHash?.(token) ?? 0,
});

function hashToken(token: unknown): number {
  if (token instanceof JValue) return token.netHashCode();
  return token instanceof JToken ? token.children.reduce((hash, child) => hash ^ hashToken(child), token.kind) : 0;
}

const TOKEN_COMPARER: NetComparer = {
  netType: comparerType,
  netEqual: (a, b) => a === b || (a instanceof JToken && b instanceof JToken && a.deepEquals(b)),
  netHash: hashToken,
};

/** `token.Value<int>()`: the source of the extension is a token, seen as a sequence. */
function sourceValue(runtime: Runtime, source: unknown, type: Type | undefined): unknown {
  if (source === null) throw argumentNull('value');
  if (!(source instanceof JToken)) throw argument('Source value must be a JToken.');
  return type === undefined ? source : convertToken(runtime, source, type);
}

/** The tokens of all sources, one after the other. */
function* each(source: Iterable<unknown>, parts: (token: JToken) => Iterable<unknown>): Generator<unknown> {
  for (const token of source) if (token instanceof JToken) yield* parts(token);
}

function required(source: Iterable<unknown> | null): Iterable<unknown> {
  if (source === null) throw argumentNull('source');
  return source;
}

/** Values of each token, or of its child under the key. */
function* valuesByKey(source: Iterable<unknown>, key: unknown): Generator<JToken> {
  for (const token of source) {
    if (!(token instanceof JToken)) continue;
    if (key === null) {
      if (token instanceof JValue) yield token;
      else yield* token.children;
    } else {
      const child = childOf(token, key);
      if (child !== null) yield child;
    }
  }
}

type Source = Iterable<unknown> | null;

const extensionsType = declareType('static class Newtonsoft.Json.Linq.Extensions', 'all', {
  'static U Value<U>(this IEnumerable<JToken> value)': special((runtime, [type], source: unknown) => sourceValue(runtime, source, type)),
  'static U Value<T, U>(this IEnumerable<T> value)': special((runtime, [, type], source: unknown) => sourceValue(runtime, source, type)),
  'static IJEnumerable<JToken> Values(this IEnumerable<JToken> source)': special((runtime, _types, source: Source) => {
    const all = required(source);
    return tokens(runtime, () => valuesByKey(all, null));
  }),
  'static IJEnumerable<JToken> Values(this IEnumerable<JToken> source, object key)': special(
    (runtime, _types, source: Source, key: unknown) => {
      const all = required(source);
      return tokens(runtime, () => valuesByKey(all, key));
    },
  ),
  'static IEnumerable<U> Values<U>(this IEnumerable<JToken> source)': special((runtime, types, source: Source) => {
    const all = required(source);
    return valuesOf(runtime, types, { [Symbol.iterator]: () => valuesByKey(all, null) });
  }),
  'static IEnumerable<U> Values<U>(this IEnumerable<JToken> source, object key)': special(
    (runtime, types, source: Source, key: unknown) => {
      const all = required(source);
      return valuesOf(runtime, types, { [Symbol.iterator]: () => valuesByKey(all, key) });
    },
  ),
  'static IJEnumerable<JToken> Children<T>(this IEnumerable<T> source)': special((runtime, _types, source: Source) => {
    const all = required(source);
    return tokens(runtime, () => each(all, (token) => token.children));
  }),
  'static IEnumerable<U> Children<T, U>(this IEnumerable<T> source)': special((runtime, [, type], source: Source) => {
    const all = required(source);
    return valuesOf(runtime, type ? [type] : [], { [Symbol.iterator]: () => each(all, (token) => token.children) });
  }),
  'static IJEnumerable<JToken> Ancestors<T>(this IEnumerable<T> source)': related((token) => token.ancestors(false)),
  'static IJEnumerable<JToken> AncestorsAndSelf<T>(this IEnumerable<T> source)': related((token) => token.ancestors(true)),
  'static IJEnumerable<JToken> Descendants<T>(this IEnumerable<T> source)': related((token) => token.descendants(false)),
  'static IJEnumerable<JToken> DescendantsAndSelf<T>(this IEnumerable<T> source)': related((token) => token.descendants(true)),
  'static IJEnumerable<JProperty> Properties(this IEnumerable<JObject> source)': special((runtime, _types, source: Source) => {
    const all = required(source);
    return tokens(runtime, () => each(all, (token) => token.children), runtime.types.type('Newtonsoft.Json.Linq.JProperty'));
  }),
  'static IJEnumerable<JToken> AsJEnumerable(this IEnumerable<JToken> source)': special((runtime, _types, source: Source) =>
    asSequence(runtime, source),
  ),
  'static IJEnumerable<T> AsJEnumerable<T>(this IEnumerable<T> source)': special((runtime, [type], source: Source) =>
    asSequence(runtime, source, type),
  ),
});

function related(parts: (token: JToken) => Iterable<unknown>) {
  return special((runtime, _types, source: Source) => {
    const all = required(source);
    return tokens(runtime, () => each(all, parts));
  });
}

function asSequence(runtime: Runtime, source: Source, type?: Type) {
  if (source === null || source instanceof JEnumerable || source instanceof JToken) return source;
  return tokens(runtime, () => source, type);
}

/** Declarations by simple name, for `netType` of tokens. */
export const tokenDeclarations: Readonly<Record<string, TypeDeclaration>> = {
  JToken: jTokenType,
  JContainer: jContainerType,
  JArray: jArrayType,
  JObject: jObjectType,
  JProperty: jPropertyType,
  JConstructor: jConstructorType,
  JValue: jValueType,
  JRaw: jRawType,
  JTokenEqualityComparer: comparerType,
  Extensions: extensionsType,
};
