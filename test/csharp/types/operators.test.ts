import { describe, expect, it } from 'vitest';
import type { BuiltInOperator } from '../../../src/csharp/check/bound.ts';
import type { Operand } from '../../../src/csharp/check/semantics.ts';
import { createSemantics } from '../../../src/csharp/types/create-semantics.ts';
import { t, table } from './fixture.ts';

const semantics = createSemantics(table);

function operand(text: string): Operand {
  if (text === 'null') return { type: null, form: 'null' };
  const constant = /^(-?\d+)([UL]*)$/.exec(text);
  if (constant === null) return { type: t(text) };
  const type = { '': 'int', U: 'uint', L: 'long', UL: 'ulong' }[constant[2] ?? ''] ?? 'int';
  return { type: t(type), constant: type.endsWith('long') ? BigInt(constant[1] ?? 0) : Number(constant[1]) };
}

function outcome(left: string, operator: string, right: string): string {
  const result = semantics.binary(operator as BuiltInOperator, operand(left), operand(right));
  if (result.kind === 'none' || result.kind === 'ambiguous' || result.kind === 'concat') return result.kind;
  const shown = [result.leftType, result.rightType, result.resultType].map((type) => table.display(type)).join(' ');
  return `${result.kind} ${shown}${result.lifted ? ' lifted' : ''}`;
}

describe('binary operators', () => {
  it.each([
    ['byte', '+', 'byte', 'builtIn int int int'],
    ['char', '+', 'int', 'builtIn int int int'],
    ['uint', '+', 'int', 'builtIn long long long'],
    ['uint', '+', '1', 'builtIn uint uint uint'],
    ['uint', '+', '-1', 'builtIn long long long'],
    ['uint', '+', 'uint', 'builtIn uint uint uint'],
    ['ulong', '+', 'long', 'ambiguous'],
    ['ulong', '*', 'sbyte', 'ambiguous'],
    ['ulong', '+', '1', 'builtIn ulong ulong ulong'],
    ['ulong', '+', '-1', 'ambiguous'],
    ['ulong', '&', 'long', 'none'],
    ['ulong', '+', 'uint', 'builtIn ulong ulong ulong'],
    ['long', '+', 'float', 'builtIn float float float'],
    ['float', '/', 'double', 'builtIn double double double'],
    ['int', '<', 'double', 'builtIn double double bool'],
    ['decimal', '+', 'int', 'user decimal decimal decimal'],
    ['decimal', '+', 'double', 'none'],
    ['decimal?', '*', 'int', 'user decimal? decimal? decimal? lifted'],
    ['decimal', '==', 'null', 'user decimal? decimal? bool lifted'],
    ['int?', '+', 'int', 'builtIn int? int? int? lifted'],
    ['int?', '>', 'int', 'builtIn int? int? bool lifted'],
    ['int?', '==', 'null', 'builtIn int? int? bool lifted'],
    ['int', '+', 'null', 'builtIn int? int? int? lifted'],
    ['string', '+', 'int', 'concat'],
    ['object', '+', 'string', 'concat'],
    ['string', '+', 'null', 'concat'],
    ['string', '*', 'int', 'none'],
    ['bool', '+', 'int', 'none'],
    ['bool', '&', 'bool', 'builtIn bool bool bool'],
    ['bool?', '|', 'bool', 'builtIn bool? bool? bool? lifted'],
    ['string', '==', 'string', 'builtIn string string bool'],
    ['string', '==', 'null', 'builtIn string string bool'],
    ['object', '==', 'string', 'builtIn object object bool'],
    ['object', '==', 'bool', 'none'],
    ['JToken', '==', 'int', 'none'],
    ['JToken', '==', 'string', 'none'],
    ['JToken', '==', 'null', 'builtIn object object bool'],
    ['JToken', '==', 'JObject', 'builtIn object object bool'],
    ['JToken', '+', 'string', 'concat'],
    ['null', '==', 'null', 'builtIn object object bool'],
    ['int', '<<', 'int', 'builtIn int int int'],
    ['byte', '<<', 'byte', 'builtIn int int int'],
    ['long', '>>', 'int', 'builtIn long int long'],
    ['long', '<<', 'long', 'none'],
    ['double', '<<', 'int', 'none'],
    ['DayOfWeek', '+', 'int', 'builtIn DayOfWeek int DayOfWeek'],
    ['int', '+', 'DayOfWeek', 'builtIn int DayOfWeek DayOfWeek'],
    ['DayOfWeek', '-', 'DayOfWeek', 'builtIn DayOfWeek DayOfWeek int'],
    ['DayOfWeek', '-', 'int', 'builtIn DayOfWeek int DayOfWeek'],
    ['DayOfWeek', '==', '0', 'builtIn DayOfWeek DayOfWeek bool'],
    ['DayOfWeek', '==', '1', 'none'],
    ['DayOfWeek', '|', 'DayOfWeek', 'builtIn DayOfWeek DayOfWeek DayOfWeek'],
    ['DayOfWeek', '==', 'StringComparison', 'none'],
    ['DateTime', '-', 'DateTime', 'user DateTime DateTime TimeSpan'],
    ['DateTime', '-', 'TimeSpan', 'user DateTime TimeSpan DateTime'],
    ['DateTime?', '-', 'DateTime', 'user DateTime? DateTime? TimeSpan? lifted'],
    ['DateTime?', '<', 'DateTime', 'user DateTime? DateTime? bool lifted'],
    ['DateTime', '+', 'int', 'none'],
    ['Func<int>', '==', 'Func<int>', 'builtIn object object bool'],
  ])('%s %s %s: %s', (left, operator, right, expected) => {
    expect(outcome(left, operator, right)).toBe(expected);
  });
});

describe('unary operators', () => {
  const unary = (operator: '+' | '-' | '!' | '~' | '++' | '--', type: string): string => {
    const result = semantics.unary(operator, operand(type));
    return 'resultType' in result ? `${result.kind} ${table.display(result.resultType)}` : result.kind;
  };
  it.each([
    ['-', 'int', 'builtIn int'],
    ['-', 'uint', 'builtIn long'],
    ['-', 'ulong', 'none'],
    ['-', 'byte', 'builtIn int'],
    ['-', 'decimal', 'user decimal'],
    ['-', 'TimeSpan', 'user TimeSpan'],
    ['+', 'char', 'builtIn int'],
    ['!', 'bool', 'builtIn bool'],
    ['!', 'bool?', 'builtIn bool?'],
    ['!', 'string', 'none'],
    ['~', 'double', 'none'],
    ['~', 'ushort', 'builtIn int'],
    ['~', 'DayOfWeek', 'builtIn DayOfWeek'],
    ['++', 'byte', 'builtIn byte'],
    ['--', 'double?', 'builtIn double?'],
    ['++', 'decimal', 'user decimal'],
    ['++', 'string', 'none'],
  ] as const)('%s%s: %s', (operator, type, expected) => {
    expect(unary(operator, type)).toBe(expected);
  });
});
