/** A small library to test the type system with; implementations do nothing, only signatures matter here. */
import type { TypeDeclaration } from '../../../src/csharp/types/declare.ts';
import { constant, declareEnum, declareType } from '../../../src/csharp/types/declare.ts';
import type { Type } from '../../../src/csharp/types/type.ts';
import { createTypeTable } from '../../../src/csharp/types/type-table.ts';

const nothing = (): null => null;

function members(...signatures: readonly string[]): Record<string, () => null> {
  return Object.fromEntries(signatures.map((signature) => [signature, nothing]));
}

const NUMBERS = ['SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Single', 'Double', 'Char'] as const;
const KEYWORDS: Readonly<Record<string, string>> = {
  SByte: 'sbyte',
  Byte: 'byte',
  Int16: 'short',
  UInt16: 'ushort',
  Int32: 'int',
  UInt32: 'uint',
  Int64: 'long',
  UInt64: 'ulong',
  Single: 'float',
  Double: 'double',
  Char: 'char',
  Boolean: 'bool',
};

const INTEGRAL = ['sbyte', 'byte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'char'];
const DECIMAL_MEMBERS = members(
  ...INTEGRAL.map((from) => `static implicit operator decimal(${from} value)`),
  ...['float', 'double'].map((from) => `static explicit operator decimal(${from} value)`),
  ...[...INTEGRAL, 'float', 'double'].map((to) => `static explicit operator ${to}(decimal value)`),
  ...['+', '-', '*', '/', '%'].map((operator) => `static decimal operator ${operator}(decimal d1, decimal d2)`),
  ...['==', '!=', '<', '>', '<=', '>='].map((operator) => `static bool operator ${operator}(decimal d1, decimal d2)`),
  ...['+', '-', '++', '--'].map((operator) => `static decimal operator ${operator}(decimal d)`),
);

const simple = NUMBERS.map((name) =>
  declareType(
    `struct System.${name} : IComparable, IComparable<${KEYWORDS[name]}>, IEquatable<${KEYWORDS[name]}>`,
    'all',
    {
      ...members(`string ToString()`, `string ToString(string format)`, `static ${KEYWORDS[name]} Parse(string s)`),
      ...(name === 'Int32' ? { 'const int MaxValue': constant(2147483647) } : {}),
    },
    { keyword: KEYWORDS[name] ?? '' },
  ),
);

const funcs = [0, 1, 2, 3].flatMap((count) => {
  const names = Array.from({ length: count }, (_, index) => (count === 1 ? 'T' : `T${index + 1}`));
  const ins = names.map((name) => `in ${name}`);
  const args = names.map((name, index) => `${name} arg${count === 1 ? '' : index + 1}`).join(', ');
  const action = count === 0 ? 'delegate void System.Action()' : `delegate void System.Action<${ins.join(', ')}>(${args})`;
  return [
    declareType(`delegate TResult System.Func<${[...ins, 'out TResult'].join(', ')}>(${args})`, 'implied', {}),
    declareType(action, 'implied', {}),
  ];
});

const generic = 'System.Collections.Generic';

export const DECLARATIONS: readonly TypeDeclaration[] = [
  declareType(
    'class System.Object',
    'implied',
    members(
      'Object()',
      'bool Equals(object obj)',
      'string ToString()',
      'int GetHashCode()',
      'static bool Equals(object objA, object objB)',
    ),
    { keyword: 'object' },
  ),
  declareType('abstract class System.ValueType', 'implied', {}),
  declareType('abstract class System.Enum : ValueType', ['Parse'], {}),
  declareType('abstract class System.Delegate', 'implied', {}),
  declareType('abstract class System.MulticastDelegate : Delegate', 'implied', {}),
  declareType('abstract class System.Array : System.Collections.IList', 'all', {
    ...members(
      'int Length { get; }',
      'static int IndexOf<T>(T[] array, T value)',
      'static void Sort<T>(T[] array, Comparison<T> comparison)',
    ),
  }),
  declareType('interface System.IComparable', 'implied', members('int CompareTo(object obj)')),
  declareType('interface System.IComparable<in T>', 'implied', members('int CompareTo(T other)')),
  declareType('interface System.IEquatable<T>', 'implied', members('bool Equals(T other)')),
  declareType('interface System.IDisposable', 'implied', members('void Dispose()')),
  declareType('interface System.IFormatProvider', 'implied', {}),
  ...simple,
  declareType('struct System.Boolean : IComparable', 'all', members('static bool Parse(string value)'), { keyword: 'bool' }),
  declareType('struct System.Decimal : IComparable, IComparable<decimal>', 'all', DECIMAL_MEMBERS, { keyword: 'decimal' }),
  declareType(
    `class System.String : IComparable, ${generic}.IEnumerable<char>`,
    'all',
    members(
      'int Length { get; }',
      'char this[int index] { get; }',
      'string Substring(int startIndex)',
      'string Substring(int startIndex, int length)',
      'string[] Split(params char[] separator)',
      'string[] Split(string separator, int options = 0)',
      'static string Join(string separator, params object[] values)',
      'static string Join(string separator, params string[] value)',
      'static string Join<T>(string separator, IEnumerable<T> values)',
      'static string Join(string separator, IEnumerable<string> values)',
      'static string Format(string format, object arg0)',
      'static string Format(string format, params object[] args)',
      'static string Concat(object arg0, object arg1)',
      'static bool operator ==(string a, string b)',
      'static bool operator !=(string a, string b)',
    ),
    { keyword: 'string' },
  ),
  declareType(
    'struct System.Nullable<T> where T : struct',
    'all',
    members('bool HasValue { get; }', 'T Value { get; }', 'T GetValueOrDefault()'),
  ),
  declareType('struct System.ValueTuple<T1, T2>', 'implied', members('T1 Item1', 'T2 Item2', 'ValueTuple(T1 item1, T2 item2)')),
  declareType('struct System.ValueTuple<T1, T2, T3>', 'implied', members('T1 Item1', 'T2 Item2', 'T3 Item3')),
  declareEnum('System.DayOfWeek', 'implied', { Sunday: 0, Monday: 1, Saturday: 6 }),
  declareEnum('System.StringComparison', 'all', { CurrentCulture: 0, Ordinal: 4 }),
  declareType(
    'struct System.DateTime : IComparable<DateTime>',
    ['AddDays', 'Ticks'],
    members(
      'DateTime(long ticks)',
      'DateTime(int year, int month, int day)',
      'DateTime AddDays(double value)',
      'long Ticks { get; }',
      'static DateTime operator +(DateTime d, TimeSpan t)',
      'static DateTime operator -(DateTime d, TimeSpan t)',
      'static TimeSpan operator -(DateTime d1, DateTime d2)',
      'static bool operator ==(DateTime d1, DateTime d2)',
      'static bool operator !=(DateTime d1, DateTime d2)',
      'static bool operator <(DateTime t1, DateTime t2)',
    ),
  ),
  declareType(
    'struct System.TimeSpan',
    'all',
    members('static TimeSpan operator -(TimeSpan t)', 'static TimeSpan operator +(TimeSpan t1, TimeSpan t2)'),
  ),
  declareType('struct System.DateTimeOffset', 'all', members('static implicit operator DateTimeOffset(DateTime dateTime)')),
  declareType('struct System.Guid : IComparable', 'all', members('Guid(string g)')),
  declareType('class System.Exception', 'all', members('Exception()', 'Exception(string message)', 'string Message { get; }')),
  declareType('class System.FormatException : Exception', 'all', members('FormatException(string message)')),
  declareType('class System.ArgumentException : Exception', 'all', {}),
  ...funcs,
  declareType('delegate bool System.Predicate<in T>(T obj)', 'implied', {}),
  declareType('delegate int System.Comparison<in T>(T x, T y)', 'implied', {}),
  declareType('delegate TOutput System.Converter<in TInput, out TOutput>(TInput input)', 'implied', {}),
  declareType(
    'static class System.Math',
    'all',
    members(
      ...['int', 'long', 'double', 'decimal', 'byte', 'uint'].map((type) => `static ${type} Max(${type} val1, ${type} val2)`),
      'static double Floor(double d)',
      'static decimal Floor(decimal d)',
      'static decimal Round(decimal d)',
      'static double Round(double a)',
    ),
  ),
  declareType('interface System.Collections.IEnumerable', 'implied', {}),
  declareType('interface System.Collections.ICollection : IEnumerable', 'implied', {}),
  declareType('interface System.Collections.IList : ICollection', 'implied', {}),
  declareType(`interface ${generic}.IEnumerable<out T> : System.Collections.IEnumerable`, 'all', {}),
  declareType(`interface ${generic}.ICollection<T> : IEnumerable<T>`, 'all', members('int Count { get; }', 'void Add(T item)')),
  declareType(`interface ${generic}.IList<T> : ICollection<T>`, 'all', members('T this[int index] { get; set; }')),
  declareType(`interface ${generic}.IReadOnlyCollection<out T> : IEnumerable<T>`, 'all', members('int Count { get; }')),
  declareType(`interface ${generic}.IReadOnlyList<out T> : IReadOnlyCollection<T>`, 'all', members('T this[int index] { get; }')),
  declareType(`interface ${generic}.IReadOnlyDictionary<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>`, 'all', {
    ...members('TValue this[TKey key] { get; }', 'bool TryGetValue(TKey key, out TValue value)'),
  }),
  declareType(`struct ${generic}.KeyValuePair<TKey, TValue>`, 'all', members('TKey Key { get; }', 'TValue Value { get; }')),
  declareType(
    `class ${generic}.List<T> : IList<T>, IReadOnlyList<T>, System.Collections.IList`,
    'all',
    members(
      'List()',
      'List(int capacity)',
      'List(IEnumerable<T> collection)',
      'void Add(T item)',
      'void ForEach(Action<T> action)',
      'List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)',
      'T this[int index] { get; set; }',
    ),
  ),
  declareType(`class ${generic}.Dictionary<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>`, 'all', {
    ...members('Dictionary()', 'Dictionary<TKey, TValue>.KeyCollection Keys { get; }', 'TValue this[TKey key] { get; set; }'),
  }),
  declareType(
    `class ${generic}.Dictionary<TKey, TValue>.KeyCollection : IEnumerable<TKey>`,
    'all',
    {},
    { nestedIn: `${generic}.Dictionary` },
  ),
  declareType('interface System.Linq.IGrouping<out TKey, out TElement> : IEnumerable<TElement>', 'implied', members('TKey Key { get; }')),
  declareType('interface System.Linq.IOrderedEnumerable<out TElement> : IEnumerable<TElement>', 'implied', {}),
  declareType(
    'static class System.Linq.Enumerable',
    'all',
    members(
      'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)',
      'static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, int, TResult> selector)',
      'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)',
      'static IEnumerable<TSource> Where<TSource>(this IEnumerable<TSource> source, Func<TSource, int, bool> predicate)',
      'static List<TSource> ToList<TSource>(this IEnumerable<TSource> source)',
      'static int Sum(this IEnumerable<int> source)',
      'static double Sum(this IEnumerable<double> source)',
      'static int Sum<TSource>(this IEnumerable<TSource> source, Func<TSource, int> selector)',
      'static double Sum<TSource>(this IEnumerable<TSource> source, Func<TSource, double> selector)',
      'static decimal Sum<TSource>(this IEnumerable<TSource> source, Func<TSource, decimal> selector)',
      'static int? Sum<TSource>(this IEnumerable<TSource> source, Func<TSource, int?> selector)',
      'static TAccumulate Aggregate<TSource, TAccumulate>(this IEnumerable<TSource> source, TAccumulate seed, Func<TAccumulate, TSource, TAccumulate> func)',
      'static bool Contains<TSource>(this IEnumerable<TSource> source, TSource value)',
      'static IEnumerable<TSource> Concat<TSource>(this IEnumerable<TSource> first, IEnumerable<TSource> second)',
      'static TSource FirstOrDefault<TSource>(this IEnumerable<TSource> source)',
      'static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(this IEnumerable<TSource> source, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector)',
    ),
  ),
  declareType(
    'abstract class Newtonsoft.Json.Linq.JToken : IEnumerable<JToken>',
    'all',
    members(
      'JToken this[object key] { get; set; }',
      'T Value<T>(object key)',
      ...['string', 'int', 'bool', 'long', 'double', 'decimal', 'int?', 'Guid'].map(
        (type) => `static explicit operator ${type}(JToken value)`,
      ),
      ...['string', 'int', 'bool', 'long', 'double', 'decimal', 'int?', 'Guid'].map(
        (type) => `static implicit operator JToken(${type} value)`,
      ),
    ),
  ),
  declareType('class Newtonsoft.Json.Linq.JObject : JToken', 'all', members('JObject()', 'JToken this[string propertyName] { get; set; }')),
  declareType('class Newtonsoft.Json.Linq.JValue : JToken', 'all', members('JValue(object value)')),
  declareType('interface IUrl', 'all', members('string Host { get; }')),
];

export const table = createTypeTable(DECLARATIONS);

const NAMED: Readonly<Record<string, (...args: Type[]) => Type>> = {
  List: (...args) => table.type(`${generic}.List`, ...args),
  IEnumerable: (...args) => table.type(`${generic}.IEnumerable`, ...args),
  IList: (...args) => table.type(`${generic}.IList`, ...args),
  IReadOnlyList: (...args) => table.type(`${generic}.IReadOnlyList`, ...args),
  IReadOnlyDictionary: (...args) => table.type(`${generic}.IReadOnlyDictionary`, ...args),
  Dictionary: (...args) => table.type(`${generic}.Dictionary`, ...args),
  KeyValuePair: (...args) => table.type(`${generic}.KeyValuePair`, ...args),
  Func: (...args) => table.type('System.Func', ...args),
  Action: (...args) => table.type('System.Action', ...args),
  Comparison: (...args) => table.type('System.Comparison', ...args),
  IComparable: (...args) => table.type('System.IComparable', ...args),
};

/** A type from C# text: `List<int>`, `int?`, `string[]`, `(int a, string b)`. */
export function t(text: string): Type {
  const trimmed = text.trim();
  if (trimmed.endsWith('?')) return table.nullable(t(trimmed.slice(0, -1)));
  if (trimmed.endsWith('[]')) return table.array(t(trimmed.slice(0, -2)));
  if (trimmed.startsWith('(')) return tupleFrom(trimmed.slice(1, -1));
  const open = trimmed.indexOf('<');
  if (open > 0) return NAMED[trimmed.slice(0, open)]?.(...splitTop(trimmed.slice(open + 1, -1)).map(t)) ?? unknownType(trimmed);
  if (trimmed === 'void') return table.special('void');
  const [found] = table.find(trimmed, 0);
  return found === undefined ? unknownType(trimmed) : table.construct(found, []);
}

function unknownType(text: string): never {
  throw new Error(`no type '${text}' in the fixture`);
}

function tupleFrom(text: string): Type {
  const parts = splitTop(text).map((part) => {
    const named = /^(.*[^\s,])\s+([A-Za-z_]\w*)$/.exec(part.trim());
    return { type: t(named?.[1] ?? part), name: named?.[2] };
  });
  return table.tuple(
    parts.map((part) => part.type),
    parts.map((part) => part.name),
  );
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    if ('<(['.includes(text[i] ?? '')) depth += 1;
    if ('>)]'.includes(text[i] ?? '')) depth -= 1;
    if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}
