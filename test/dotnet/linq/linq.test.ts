import { describe, expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';

const CASES: readonly (readonly [expression: string, outcome: string])[] = [
  ['@{ int calls = 0; var r = new[]{1,2,3}.Select(x => { calls++; return x; }); r.First(); r.ToList(); return calls; }', 'Int32 4'],
  ['@{ var l = new List<int>{1}; var q = l.Where(x => x > 1); l.Add(2); return q.Count(); }', 'Int32 1'],
  ['@(new[]{"bb","a","cc"}.OrderBy(s => s.Length).ThenByDescending(s => s))', 'IOrderedEnumerable<String> ["a","cc","bb"]'],
  ['@(new[]{new {A=2},new {A=1}}.OrderBy(x => x).ToList())', '! InvalidOperationException: Failed to compare two elements in the array.'],
  ['@(new[]{1,2,3,4,5}.GroupBy(x => x % 2).Select(g => g.Key + ":" + g.Sum()))', 'IEnumerable<String> ["1:9","0:6"]'],
  [
    '@{ var s = ""; var q = new[]{1,2,3}.Where(x => { s += "w" + x; return x > 1; }).Select(x => { s += "s" + x; return x; }); return q.First() + s; }',
    'String 2w1w2s2',
  ],
  [
    '@{ var l = new List<int>{1,2}; return l.Select(x => { l.Add(x); return x; }).ToList(); }',
    '! InvalidOperationException: Collection was modified; enumeration operation may not execute.',
  ],
  ['@{ var n = 0; foreach (var x in new[]{1,2,3}.Where(x => x > 1).Select((x, i) => x * 10 + i)) n += x; return n; }', 'Int32 51'],
  ['@(new[]{1,2,3}.Where((x, i) => i != 1).Select((x, i) => x + i).Last())', 'Int32 4'],
  ['@("abc".Where(c => c > 97).Select(c => (char)(c + 1)).Contains((char)100))', 'Boolean true'],
  ['@(((int[])null).Where(x => true))', "! ArgumentNullException: Value cannot be null. (Parameter 'source')"],
  ['@(new[]{int.MaxValue,1}.Sum())', '! OverflowException: Arithmetic operation resulted in an overflow.'],
  ['@(new[]{1L,2L}.Average())', 'Double 1.5'],
  ['@(new int?[]{1,null,3}.Average())', 'Double 2'],
  ['@(new int?[]{}.Max() == null)', 'Boolean true'],
  ['@(new string[0].Max())', 'null null'],
  ['@(new[]{1.5,double.NaN}.Min())', 'Double NaN'],
  ['@(new[]{1m,2m,4m}.Average())', 'Decimal 2.3333333333333333333333333333'],
  ['@(new int[0].First())', '! InvalidOperationException: Sequence contains no elements'],
  ['@(new[]{1,2}.Single(x => x > 0))', '! InvalidOperationException: Sequence contains more than one matching element'],
  ['@(new[]{1,2}.ToDictionary(x => 1))', '! ArgumentException: An item with the same key has already been added. Key: 1'],
  ['@(new object[]{1,"x",2,null}.OfType<int>())', 'IEnumerable<Int32> [1,2]'],
  ['@(new object[]{1,"x"}.Cast<int>().ToList())', '! InvalidCastException: Specified cast is not valid.'],
  ['@("hello".GroupBy(c => c).OrderByDescending(g => g.Count()).First().Key)', 'Char l'],
  ['@(new[]{1,2,3}.Zip(new[]{"a","b"}))', 'IEnumerable<ValueTuple<Int32,String>> [{"Item1":1,"Item2":"a"},{"Item1":2,"Item2":"b"}]'],
  [
    '@(from a in new[]{1,2,3} join b in new[]{10,11} on a equals b / 10 into bs select a + ":" + bs.Count())',
    'IEnumerable<String> ["1:2","2:0","3:0"]',
  ],
  ['@(new[]{"a","bb","cc"}.ToLookup(s => s.Length)[9].Count())', 'Int32 0'],
  ['@(new[]{"a","B"}.Except(new[]{"b"}, StringComparer.OrdinalIgnoreCase))', 'IEnumerable<String> ["a"]'],
  ['@(new[]{1,2,3,4,5}.Chunk(2).Count())', 'Int32 3'],
  [
    '@(Enumerable.Range(1, -1))',
    "! ArgumentOutOfRangeException: Specified argument was out of the range of valid values. (Parameter 'count')",
  ],
  ['@(new Dictionary<string,int>().FirstOrDefault().Key == null)', 'Boolean true'],
];

describe('LINQ', () => {
  test.each(CASES)('%s', (expression, outcome) => expect(evaluate(expression)).toBe(outcome));
});
