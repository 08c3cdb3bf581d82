import { describe, expect, it } from 'vitest';
import type { CallArgument, Candidate, LambdaOperand, Operand, OverloadResult } from '../../../src/csharp/check/semantics.ts';
import { createSemantics } from '../../../src/csharp/types/create-semantics.ts';
import { declareType } from '../../../src/csharp/types/declare.ts';
import { displayType } from '../../../src/csharp/types/display.ts';
import type { NamedType, Type } from '../../../src/csharp/types/type.ts';
import { createTypeTable } from '../../../src/csharp/types/type-table.ts';
import { DECLARATIONS, t, table } from './fixture.ts';

const semantics = createSemantics(table);

function typed(type: string): Operand {
  return { type: t(type) };
}

const NULL: Operand = { type: null, form: 'null' };

/** A lambda whose body gives a type computed from its parameter types. */
function lambda(count: number, body: (parameters: readonly Type[]) => Type | null, more: Partial<LambdaOperand> = {}): Operand {
  const bindReturn: LambdaOperand['bindReturn'] = (parameters) => {
    const type = body(parameters);
    const isVoid = type?.kind === 'special' && type.name === 'void';
    const returns: Operand[] = isVoid ? [] : [type === null ? NULL : { type }];
    return { returnType: type, returns, fitsVoid: isVoid, fitsValue: !isVoid, hasErrors: false };
  };
  return { type: null, form: { kind: 'lambda', parameterCount: count, bindReturn, ...more } };
}

function candidates(type: string, name: string): Candidate[] {
  return semantics.members(t(type), name).flatMap(({ member, on }) => {
    if (member.kind !== 'method' && member.kind !== 'constructor' && member.kind !== 'indexer') return [];
    return [{ member, on, asExtension: false }];
  });
}

function extensions(name: string): Candidate[] {
  return table.extensionMethods(name).map((member) => ({ member, on: table.construct(member.owner, []), asExtension: true }));
}

function args(...operands: readonly (Operand | CallArgument)[]): CallArgument[] {
  return operands.map((each) => ('operand' in each ? each : { operand: each }));
}

function chosen(result: OverloadResult): string {
  if (!result.ok) return `${result.code}${result.argument === undefined ? '' : `@${result.argument}`} ${result.message}`;
  const list = result.parameterTypes.map((type) => displayType(type, false)).join(', ');
  return `(${list})${result.expanded ? ' expanded' : ''} -> ${displayType(result.returnType, false)}`;
}

describe('choosing an overload', () => {
  const cases: readonly [string, string, string, CallArgument[], string][] = [
    ['the type itself', 'Math', 'Max', args(typed('int'), typed('int')), '(int, int) -> int'],
    ['the nearest wider type', 'Math', 'Max', args(typed('int'), typed('double')), '(double, double) -> double'],
    ['signed over unsigned', 'Math', 'Max', args(typed('short'), typed('byte')), '(int, int) -> int'],
    ['byte stays byte', 'Math', 'Max', args(typed('byte'), typed('byte')), '(byte, byte) -> byte'],
    ['a wide constant', 'Math', 'Max', args({ type: t('uint') }, { type: t('int'), constant: -5 }), '(long, long) -> long'],
    ['params expanded', 'string', 'Split', args(typed('char')), '(char[]) expanded -> string[]'],
    ['params as array', 'string', 'Split', args(typed('char[]')), '(char[]) -> string[]'],
    ['a default', 'string', 'Split', args(typed('string')), '(string, int) -> string[]'],
    ['fewer parameters', 'string', 'Substring', args(typed('int')), '(int) -> string'],
    ['normal over expanded', 'string', 'Format', args(typed('string'), typed('int')), '(string, object) -> string'],
    ['expanded', 'string', 'Format', args(typed('string'), typed('int'), typed('int')), '(string, object[]) expanded -> string'],
    ['object array as it is', 'string', 'Format', args(typed('string'), typed('object[]')), '(string, object[]) -> string'],
    [
      'string over object in params',
      'string',
      'Join',
      args(typed('string'), typed('string'), typed('string')),
      '(string, string[]) expanded -> string',
    ],
    ['string array', 'string', 'Join', args(typed('string'), typed('string[]')), '(string, string[]) -> string'],
    ['sequence of strings', 'string', 'Join', args(typed('string'), typed('List<string>')), '(string, IEnumerable<string>) -> string'],
    ['sequence of ints', 'string', 'Join', args(typed('string'), typed('List<int>')), '(string, IEnumerable<int>) -> string'],
    ['null is no double', 'DateTime', '.ctor', args(typed('int')), '(long) -> DateTime'],
    [
      'named arguments',
      'string',
      'Substring',
      args({ operand: typed('int'), name: 'length' }, { operand: typed('int'), name: 'startIndex' }),
      '(int, int) -> string',
    ],
    ['the nearest indexer', 'JObject', 'this[]', args(typed('string')), '(string) -> JToken'],
    ['an inherited indexer', 'JObject', 'this[]', args(typed('int')), '(object) -> JToken'],
    [
      'an out variable',
      'IReadOnlyDictionary<string, int>',
      'TryGetValue',
      args(typed('string'), { operand: { type: null }, modifier: 'out', isOutDeclaration: true }),
      '(string, int) -> bool',
    ],
  ];
  it.each(cases)('%s', (_, type, name, given, expected) => {
    expect(chosen(semantics.resolve(candidates(type, name), given))).toBe(expected);
  });
});

describe('inference', () => {
  const first = (parameters: readonly Type[]) => parameters[0] ?? null;
  const always = (type: string) => () => t(type);
  const cases: readonly [string, string, CallArgument[], string][] = [
    ['from an array', 'ToList', args(typed('int[]')), '(IEnumerable<int>) -> List<int>'],
    ['from a string', 'ToList', args(typed('string')), '(IEnumerable<char>) -> List<char>'],
    [
      'through a lambda',
      'Select',
      args(typed('List<int>'), lambda(1, always('string'))),
      '(IEnumerable<int>, Func<int, string>) -> IEnumerable<string>',
    ],
    [
      'by the number of parameters',
      'Select',
      args(typed('List<int>'), lambda(2, first)),
      '(IEnumerable<int>, Func<int, int, int>) -> IEnumerable<int>',
    ],
    [
      'predicates',
      'Where',
      args(typed('string[]'), lambda(1, always('bool'))),
      '(IEnumerable<string>, Func<string, bool>) -> IEnumerable<string>',
    ],
    [
      'return types pick the overload',
      'Sum',
      args(typed('string[]'), lambda(1, always('int'))),
      '(IEnumerable<string>, Func<string, int>) -> int',
    ],
    [
      'wider return types',
      'Sum',
      args(typed('string[]'), lambda(1, always('decimal'))),
      '(IEnumerable<string>, Func<string, decimal>) -> decimal',
    ],
    [
      'nullable return types',
      'Sum',
      args(typed('string[]'), lambda(1, always('int?'))),
      '(IEnumerable<string>, Func<string, int?>) -> int?',
    ],
    [
      'seeds',
      'Aggregate',
      args(typed('int[]'), typed('long'), lambda(2, first)),
      '(IEnumerable<int>, long, Func<long, int, long>) -> long',
    ],
    [
      'lower bounds',
      'Concat',
      args(typed('List<string>'), typed('List<object>')),
      '(IEnumerable<object>, IEnumerable<object>) -> IEnumerable<object>',
    ],
    [
      'several lambdas',
      'ToDictionary',
      args(typed('string[]'), lambda(1, first), lambda(1, always('int'))),
      '(IEnumerable<string>, Func<string, string>, Func<string, int>) -> Dictionary<string, int>',
    ],
  ];
  it.each(cases)('%s', (_, name, given, expected) => {
    expect(chosen(semantics.resolve(extensions(name), given))).toBe(expected);
  });
  it('takes method groups', () => {
    const parse: Operand = { type: null, form: { kind: 'methodGroup', candidates: candidates('int', 'Parse') } };
    expect(chosen(semantics.resolve(extensions('Select'), args(typed('string[]'), parse)))).toBe(
      '(IEnumerable<string>, Func<string, int>) -> IEnumerable<int>',
    );
  });
  it('takes written type arguments', () => {
    const [toList] = extensions('ToList');
    const given = toList === undefined ? [] : [{ ...toList, typeArguments: [t('object')] }];
    expect(chosen(semantics.resolve(given, args(typed('string[]'))))).toBe('(IEnumerable<object>) -> List<object>');
  });
});

describe('failures in the words of the compiler', () => {
  const always = (type: string) => () => t(type);
  const cases: readonly [string, Candidate[], CallArgument[], string][] = [
    ['too few for several', candidates('Math', 'Max'), args(typed('int')), "CS1501 No overload for method 'Max' takes 1 arguments"],
    [
      'too few for one',
      candidates('IReadOnlyDictionary<string, object>', 'TryGetValue'),
      args(typed('string')),
      "CS7036 There is no argument given that corresponds to the required formal parameter 'value' of 'IReadOnlyDictionary<string, object>.TryGetValue(string, out object)'",
    ],
    ['wrong type', candidates('List<string>', 'Add'), args(typed('int')), "CS1503@0 Argument 1: cannot convert from 'int' to 'string'"],
    [
      'first overload speaks',
      candidates('Math', 'Max'),
      args(typed('string'), typed('string')),
      "CS1503@0 Argument 1: cannot convert from 'string' to 'int'",
    ],
    ['null', candidates('List<int>', 'Add'), args(NULL), "CS1503@0 Argument 1: cannot convert from '<null>' to 'int'"],
    [
      'qualified names',
      candidates('List<int>', 'Add'),
      args(typed('List<string>')),
      "CS1503@0 Argument 1: cannot convert from 'System.Collections.Generic.List<string>' to 'int'",
    ],
    [
      'out missing',
      candidates('IReadOnlyDictionary<string, int>', 'TryGetValue'),
      args(typed('string'), typed('int')),
      "CS1620@1 Argument 2 must be passed with the 'out' keyword",
    ],
    [
      'out too much',
      candidates('List<int>', 'Add'),
      args({ operand: typed('int'), modifier: 'out' }),
      "CS1615@0 Argument 1 may not be passed with the 'out' keyword",
    ],
    [
      'unknown name',
      candidates('List<int>', 'Add'),
      args({ operand: typed('int'), name: 'x' }),
      "CS1739@0 The best overload for 'Add' does not have a parameter named 'x'",
    ],
    [
      'named twice',
      candidates('List<int>', 'Add'),
      args(typed('int'), { operand: typed('int'), name: 'item' }),
      "CS1744@1 Named argument 'item' specifies a parameter for which a positional argument has already been given",
    ],
    [
      'constructors',
      candidates('DateTime', '.ctor'),
      args(typed('int'), typed('int')),
      "CS1729 'DateTime' does not contain a constructor that takes 2 arguments",
    ],
    [
      'ambiguous',
      candidates('Math', 'Floor'),
      args(typed('int')),
      "CS0121 The call is ambiguous between the following methods or properties: 'Math.Floor(double)' and 'Math.Floor(decimal)'",
    ],
    [
      'ambiguous generic',
      extensions('Where'),
      args(typed('int[]'), NULL),
      "CS0121 The call is ambiguous between the following methods or properties: 'Enumerable.Where<TSource>(IEnumerable<TSource>, Func<TSource, bool>)' and 'Enumerable.Where<TSource>(IEnumerable<TSource>, Func<TSource, int, bool>)'",
    ],
    [
      'not inferred',
      extensions('Select'),
      args(typed('int[]'), NULL),
      "CS0411 The type arguments for method 'Enumerable.Select<TSource, TResult>(IEnumerable<TSource>, Func<TSource, TResult>)' cannot be inferred from the usage. Try specifying the type arguments explicitly.",
    ],
    [
      'lambda return',
      extensions('Where').slice(0, 1),
      args(typed('int[]'), lambda(1, always('string'))),
      "CS0029@1 Cannot implicitly convert type 'string' to 'bool'",
    ],
    [
      'lambda parameters',
      candidates('List<int>', 'ForEach'),
      args(lambda(2, always('void'))),
      "CS1593@0 Delegate 'Action<int>' does not take 2 arguments",
    ],
    [
      'no delegate',
      candidates('List<int>', 'Add'),
      args(lambda(1, always('int'))),
      "CS1660@0 Cannot convert lambda expression to type 'int' because it is not a delegate type",
    ],
  ];
  it.each(cases)('%s', (_, members, given, expected) => {
    expect(chosen(semantics.resolve(members, given))).toBe(expected);
  });

  it.each([
    ['where T : struct', 'string', 'CS0453'],
    ['where T : class', 'int', 'CS0452'],
    ['where T : new()', 'string', 'CS0310'],
    ['where T : IDisposable', 'int', 'CS0315'],
    ['where T : IDisposable', 'string', 'CS0311'],
  ])('constraint %s of %s: %s', (constraint, type, code) => {
    const own = createTypeTable([
      ...DECLARATIONS,
      declareType('static class Probe', 'all', { [`static void M<T>(T value) ${constraint}`]: () => null }),
    ]);
    const rules = createSemantics(own);
    const on: NamedType = own.type('Probe');
    const given = rules.members(on, 'M').flatMap(({ member }) => (member.kind === 'method' ? [{ member, on, asExtension: false }] : []));
    const result = rules.resolve(given, [{ operand: { type: own.type(type) } }]);
    expect(result.ok ? 'ok' : result.code).toBe(code);
  });
});
