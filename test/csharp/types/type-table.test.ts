import { describe, expect, it } from 'vitest';
import { NetException } from '../../../src/csharp/runtime/exception.ts';
import { AnonymousObject, Boxed, makeArray, TupleValue } from '../../../src/csharp/runtime/values.ts';
import { declareType } from '../../../src/csharp/types/declare.ts';
import { fullDisplay } from '../../../src/csharp/types/display.ts';
import { createTypeTable, verifyTable } from '../../../src/csharp/types/type-table.ts';
import { DECLARATIONS, t, table } from './fixture.ts';

describe('names of types', () => {
  it.each([
    ['int', 'int', 'int', 'System.Int32', 'System.Int32'],
    ['string[]', 'string[]', 'string[]', 'System.String[]', 'System.String[]'],
    [
      'List<string>',
      'List<string>',
      'System.Collections.Generic.List<string>',
      'System.Collections.Generic.List`1[System.String]',
      'System.Collections.Generic.List<System.String>',
    ],
    [
      'Dictionary<string, List<int>>',
      'Dictionary<string, List<int>>',
      'System.Collections.Generic.Dictionary<string, System.Collections.Generic.List<int>>',
      'System.Collections.Generic.Dictionary`2[System.String,System.Collections.Generic.List`1[System.Int32]]',
      'System.Collections.Generic.Dictionary<System.String,System.Collections.Generic.List<System.Int32>>',
    ],
    ['DateTime?', 'DateTime?', 'System.DateTime?', 'System.Nullable`1[System.DateTime]', 'System.Nullable<System.DateTime>'],
    [
      '(int a, string b)',
      '(int a, string b)',
      '(int a, string b)',
      'System.ValueTuple`2[System.Int32,System.String]',
      'System.ValueTuple<System.Int32,System.String>',
    ],
    ['IUrl', 'IUrl', 'IUrl', 'IUrl', 'IUrl'],
  ])('%s', (text, short, qualified, reflected, full) => {
    const type = t(text);
    expect([table.display(type), table.displayQualified(type), table.reflectionName(type), fullDisplay(type)]).toEqual([
      short,
      qualified,
      reflected,
      full,
    ]);
  });

  it('writes nested types of generic types, arrays of arrays and anonymous types', () => {
    const [keys] = table.lookup(t('Dictionary<string, int>'), 'Keys');
    const type =
      keys?.member.kind === 'property'
        ? table.substitute(keys.member.type, keys.on.definition.typeParameters, keys.on.typeArguments)
        : t('int');
    expect(table.display(type)).toBe('Dictionary<string, int>.KeyCollection');
    expect(table.reflectionName(type)).toBe('System.Collections.Generic.Dictionary`2+KeyCollection[System.String,System.Int32]');
    expect(fullDisplay(type)).toBe('System.Collections.Generic.Dictionary+KeyCollection<System.String,System.Int32>');
    expect(table.display(table.array(table.array(t('int'), 2)))).toBe('int[][*,*]');
    const anonymous = table.anonymous([
      { name: 'A', type: t('int') },
      { name: 'B', type: t('string') },
    ]);
    expect([table.display(anonymous), fullDisplay(anonymous)]).toEqual(['<anonymous type: int A, string B>', 'anonymous{A,B}']);
  });
});

describe('interning', () => {
  it('makes each type once', () => {
    expect(t('List<List<int>>')).toBe(t('List<List<int>>'));
    expect(t('(int a, string b)')).not.toBe(t('(int, string)'));
    expect(table.withoutTupleNames(t('List<(int a, string b)>'))).toBe(t('List<(int, string)>'));
  });
});

describe('assignability', () => {
  it.each([
    ['string', 'object', true],
    ['int', 'object', true],
    ['int', 'IComparable<int>', true],
    ['int', 'int?', true],
    ['int?', 'IComparable<int>', true],
    ['int', 'long', false],
    ['IEnumerable<string>', 'IEnumerable<object>', true],
    ['IEnumerable<int>', 'IEnumerable<object>', false],
    ['List<string>', 'IEnumerable<object>', true],
    ['List<string>', 'List<object>', false],
    ['string[]', 'object[]', true],
    ['int[]', 'object[]', false],
    ['string[]', 'IList<object>', true],
    ['int[]', 'IReadOnlyList<int>', true],
    ['string', 'IEnumerable<char>', true],
    ['Func<object, string>', 'Func<string, object>', true],
    ['Func<string, object>', 'Func<object, string>', false],
    ['Func<int, string>', 'Func<object, string>', false],
    ['FormatException', 'Exception', true],
    ['Exception', 'FormatException', false],
    ['DayOfWeek', 'Enum', true],
    ['int[]', 'Array', true],
    ['Func<int>', 'Delegate', true],
  ])('%s to %s: %s', (from, to, expected) => {
    expect(table.isAssignable(t(from), t(to))).toBe(expected);
  });
});

describe('lookup', () => {
  const found = (type: string, name: string) => table.lookup(t(type), name).map(({ member, on }) => `${table.display(on)}.${member.name}`);
  it('goes from the type to its bases', () => {
    expect(found('FormatException', 'Message')).toEqual(['Exception.Message']);
    expect(found('IList<int>', 'Count')).toEqual(['ICollection<int>.Count']);
    expect(found('IUrl', 'ToString')).toEqual(['object.ToString']);
    expect(found('int[]', 'Length')).toEqual(['Array.Length']);
    expect(found('(int id, string name)', 'name')).toEqual(['(int id, string name).Item2']);
    expect(found('int', 'ToString')).toEqual(['int.ToString', 'int.ToString', 'object.ToString']);
  });
  it('gives enum members and constants their values', () => {
    expect(table.lookup(t('DayOfWeek'), 'Saturday')[0]?.member).toMatchObject({ kind: 'field', isConst: true, value: 6 });
    expect(table.lookup(t('int'), 'MaxValue')[0]?.member).toMatchObject({ kind: 'field', isConst: true, value: 2147483647 });
  });
});

describe('type of a value', () => {
  const name = (value: unknown) => {
    const type = table.typeOf(value);
    return type === null ? null : fullDisplay(type);
  };
  it.each([
    ['text', 'a', 'System.String'],
    ['null', null, null],
    ['bytes', new Uint8Array(1), 'System.Byte[]'],
    ['a boxed value', new Boxed(table.type('System.DayOfWeek'), 1), 'System.DayOfWeek'],
    ['a tagged array', makeArray(table.array(t('int')), [1]), 'System.Int32[]'],
    ['an object of a generic type', { netType: t('List<int>') }, 'System.Collections.Generic.List<System.Int32>'],
    ['an anonymous object', new AnonymousObject(table.anonymous([{ name: 'A', type: t('int') }]), [1]), 'anonymous{A}'],
    ['a tuple', new TupleValue(table.tuple([t('int'), t('int')], ['a', 'b']), [1, 2]), 'System.ValueTuple<System.Int32,System.Int32>'],
    ['an exception', new NetException('System.FormatException', 'x'), 'System.FormatException'],
    ['an exception nobody declared', new NetException('System.ArgumentNullException', 'x'), 'System.ArgumentException'],
  ])('%s', (_, value, expected) => {
    expect(name(value)).toBe(expected);
  });
});

describe('signatures', () => {
  it('reads every signature of the fixture', () => {
    expect(() => verifyTable(table)).not.toThrow();
  });
  it.each([
    ['an unknown type', 'Foo Bar()', /IBroken: the type 'Foo' is not declared/],
    ['rubbish', 'int Bar(int §)', /IBroken: cannot read 'int Bar\(int §\)'/],
    ['a missing bracket', 'int Bar(int a', /IBroken: cannot read/],
  ])('names the declaration of %s', (_, signature, message) => {
    const broken = createTypeTable([...DECLARATIONS, declareType('interface IBroken', 'all', { [signature]: () => null })]);
    expect(() => verifyTable(broken)).toThrow(message);
  });
  it('reads defaults in run-time representation', () => {
    const declared = declareType('class Probe', 'all', {
      'void M(long a = 5, string b = "x,)", StringComparison c = StringComparison.Ordinal, bool d = true, string e = null)': () => null,
      "void N(char a = ',')": () => null,
    });
    const probe = createTypeTable([...DECLARATIONS, declared]).type('Probe').definition;
    const defaults = (name: string) =>
      probe.membersNamed(name).flatMap((m) => (m.kind === 'method' ? m.parameters.map((p) => p.defaultValue) : []));
    expect(defaults('M')).toEqual([5n, 'x,)', 4, true, null]);
    expect(defaults('N')).toEqual([44]);
  });
});
