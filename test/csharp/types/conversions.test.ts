import { describe, expect, it } from 'vitest';
import type { Operand } from '../../../src/csharp/check/semantics.ts';
import { createSemantics } from '../../../src/csharp/types/create-semantics.ts';
import { t, table } from './fixture.ts';

const semantics = createSemantics(table);
const NUMERIC = ['sbyte', 'byte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong', 'char', 'float', 'double', 'decimal'];

/** The table of implicit numeric conversions of the C# specification, written out by row. */
const IMPLICIT: Readonly<Record<string, string>> = {
  sbyte: 'short int long float double decimal',
  byte: 'short ushort int uint long ulong float double decimal',
  short: 'int long float double decimal',
  ushort: 'int uint long ulong float double decimal',
  int: 'long float double decimal',
  uint: 'long ulong float double decimal',
  long: 'float double decimal',
  ulong: 'float double decimal',
  char: 'ushort int uint long ulong float double decimal',
  float: 'double',
  double: '',
  decimal: '',
};

describe('numeric conversions', () => {
  const pairs = NUMERIC.flatMap((from) => NUMERIC.map((to) => [from, to] as const));
  it.each(pairs)('%s to %s', (from, to) => {
    const expected = from === to || (IMPLICIT[from] ?? '').split(' ').includes(to);
    expect(semantics.implicit({ type: t(from) }, t(to)) !== undefined).toBe(expected);
    expect(semantics.explicit({ type: t(from) }, t(to))).toBeDefined();
    expect(semantics.implicit({ type: t(from) }, t(`${to}?`)) !== undefined).toBe(expected);
    expect(semantics.implicit({ type: t(`${from}?`) }, t(`${to}?`)) !== undefined).toBe(expected);
    expect(semantics.implicit({ type: t(`${from}?`) }, t(to))).toBeUndefined();
    expect(semantics.explicit({ type: t(`${from}?`) }, t(to))?.kind).toBe('nullableUnwrap');
  });
});

const NULL: Operand = { type: null, form: 'null' };

describe('kinds of implicit conversion', () => {
  const constant = (type: string, value: number | bigint): Operand => ({ type: t(type), constant: value });
  const cases: readonly [string, Operand, string, string | undefined][] = [
    ['int constant in range', constant('int', 255), 'byte', 'numeric'],
    ['int constant out of range', constant('int', 256), 'byte', undefined],
    ['negative int constant', constant('int', -1), 'uint', undefined],
    ['int constant', constant('int', 5), 'char', undefined],
    ['int constant', constant('int', 5), 'byte?', 'nullableWrap'],
    ['long constant', constant('long', 5n), 'int', undefined],
    ['long constant', constant('long', 5n), 'ulong', 'numeric'],
    ['zero', constant('int', 0), 'DayOfWeek', 'numeric'],
    ['one', constant('int', 1), 'DayOfWeek', undefined],
    ['null', NULL, 'string', 'null'],
    ['null', NULL, 'int?', 'null'],
    ['null', NULL, 'int', undefined],
    ['null', NULL, 'DayOfWeek', undefined],
    ['default', { type: null, form: 'default' }, 'int', 'identity'],
    ['throw', { type: null, form: 'throw' }, 'int', 'identity'],
    ['int', { type: t('int') }, 'object', 'boxing'],
    ['int?', { type: t('int?') }, 'object', 'boxing'],
    ['string', { type: t('string') }, 'object', 'reference'],
    ['int', { type: t('int') }, 'IComparable<int>', 'boxing'],
    ['DayOfWeek', { type: t('DayOfWeek') }, 'Enum', 'boxing'],
    ['int', { type: t('int') }, 'DayOfWeek', undefined],
    ['object', { type: t('object') }, 'string', undefined],
    ['DateTime', { type: t('DateTime') }, 'DateTimeOffset', 'user'],
    ['DateTime?', { type: t('DateTime?') }, 'DateTimeOffset?', 'lifted'],
    ['string', { type: t('string') }, 'JToken', 'user'],
    ['int', { type: t('int') }, 'JToken', 'user'],
    ['byte', { type: t('byte') }, 'JToken', 'user'],
    ['JToken', { type: t('JToken') }, 'string', undefined],
    ['tuple', { type: t('(int a, byte b)') }, '(long x, int y)', 'tuple'],
    ['tuple of other names', { type: t('(int a, string b)') }, '(int, string)', 'identity'],
  ];
  it.each(cases)('%s %#: to %s', (_, from, to, kind) => {
    expect(semantics.implicit(from, t(to))?.kind).toBe(kind);
  });
  it('converts tuple literals element by element', () => {
    const literal: Operand = { type: null, form: { kind: 'tuple', elements: [constant('int', 1), NULL], names: [undefined, undefined] } };
    expect(semantics.implicit(literal, t('(byte, string)'))).toMatchObject({
      kind: 'tuple',
      inner: [{ kind: 'numeric' }, { kind: 'null' }],
    });
    expect(semantics.implicit(literal, t('(byte, int)'))).toBeUndefined();
  });
});

describe('kinds of explicit conversion', () => {
  const cases: readonly [string, string, string | undefined][] = [
    ['object', 'int', 'unboxing'],
    ['object', 'int?', 'unboxing'],
    ['object', 'string', 'explicitReference'],
    ['IComparable', 'DayOfWeek', undefined],
    ['Enum', 'DayOfWeek', 'unboxing'],
    ['int', 'DayOfWeek', 'numeric'],
    ['DayOfWeek', 'int', 'numeric'],
    ['DayOfWeek', 'StringComparison', 'numeric'],
    ['decimal', 'DayOfWeek', 'user'],
    ['Exception', 'FormatException', 'explicitReference'],
    ['FormatException', 'ArgumentException', undefined],
    ['string', 'int', undefined],
    ['int', 'string', undefined],
    ['object[]', 'string[]', 'explicitReference'],
    ['IEnumerable<int>', 'List<int>', 'explicitReference'],
    ['List<int>', 'IReadOnlyDictionary<string, int>', 'explicitReference'],
    ['string', 'IDisposable', undefined],
    ['IEnumerable<string>', 'string[]', 'explicitReference'],
    ['Array', 'int[]', 'explicitReference'],
    ['JToken', 'string', 'user'],
    ['JToken', 'decimal', 'user'],
    ['JToken', 'float', 'user'],
    ['JToken', 'int?', 'user'],
    ['JToken', 'JObject', 'explicitReference'],
    ['JValue', 'int', 'user'],
    ['JToken', 'DayOfWeek', undefined],
    ['Guid', 'int', undefined],
    ['bool', 'int', undefined],
  ];
  it.each(cases)('%s to %s: %s', (from, to, kind) => {
    expect(semantics.explicit({ type: t(from) }, t(to))?.kind).toBe(kind);
  });
  it('takes the operator to the type itself where there is one', () => {
    const conversion = semantics.explicit({ type: t('JToken') }, t('decimal'));
    expect(conversion?.operator?.returnType).toBe(t('decimal'));
    expect(semantics.explicit({ type: t('JToken') }, t('int?'))?.operator?.returnType).toBe(t('int?'));
  });
});

describe('best common type', () => {
  it.each([
    [['int', 'long'], 'long'],
    [['int', 'string'], undefined],
    [['string', 'object'], 'object'],
    [['int', 'int?'], 'int?'],
    [['FormatException', 'ArgumentException'], undefined],
    [['int', 'decimal', 'byte'], 'decimal'],
  ])('%s: %s', (types, best) => {
    expect(semantics.bestCommonType(types.map((type) => ({ type: t(type) })))).toBe(best === undefined ? undefined : t(best));
  });
  it('does not ask null', () => {
    expect(semantics.bestCommonType([{ type: t('string') }, NULL])).toBe(t('string'));
    expect(semantics.bestCommonType([{ type: t('int') }, NULL])).toBe(t('int'));
    expect(semantics.bestCommonType([NULL])).toBeUndefined();
  });
});

describe('element types', () => {
  it.each([
    ['int[]', 'int'],
    ['string', 'char'],
    ['List<string>', 'string'],
    ['Dictionary<string, int>', 'KeyValuePair<string, int>'],
    ['Array', 'object'],
    ['int', undefined],
  ])('%s: %s', (type, element) => {
    expect(semantics.elementTypeOf(t(type))).toBe(element === undefined ? undefined : t(element));
  });
});
