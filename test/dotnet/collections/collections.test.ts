import { describe, expect, test } from 'vitest';
import { Budget, BudgetExhausted } from '../../../src/csharp/runtime/budget.ts';
import { evaluate } from '../evaluate.ts';

const CASES: readonly (readonly [expression: string, outcome: string])[] = [
  [
    '@{ var l = new List<int>{1,2,3}; foreach (var x in l) l.Add(x); return l; }',
    '! InvalidOperationException: Collection was modified; enumeration operation may not execute.',
  ],
  ['@(new List<int>{1,2,3}.BinarySearch(5))', 'Int32 -4'],
  ['@{ IList<int> l = new List<int>{1,2}.AsReadOnly(); l.Add(3); return l; }', '! NotSupportedException: Collection is read-only.'],
  [
    '@(new[]{"a","b"}.ToList().GetRange(0,5).Count)',
    '! ArgumentException: Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
  ],
  ['@(new List<decimal>{1.5m,2.5m}.Contains(1.50m))', 'Boolean true'],
  [
    '@(new List<string>{"a"}[1])',
    "! ArgumentOutOfRangeException: Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
  ],
  ['@{ var l = new List<int>{3,1,2}; l.Sort((a, b) => b - a); return l; }', 'List<Int32> [3,2,1]'],
  // Freed slots are used again, the last freed first.
  [
    '@{ var d = new Dictionary<string,int>{{"a",1},{"b",2},{"c",3}}; d.Remove("a"); d.Remove("b"); d["x"]=9; d["y"]=8; d["z"]=7; return d; }',
    'Dictionary<String,Int32> {"y":8,"x":9,"c":3,"z":7}',
  ],
  ['@{ var d = new Dictionary<string,int>{{"a",1},{"b",2}}; foreach (var p in d) d.Remove(p.Key); return d.Count; }', 'Int32 0'],
  ['@(new Dictionary<string,int>{{"a",1}}["b"])', "! KeyNotFoundException: The given key 'b' was not present in the dictionary."],
  ['@(new Dictionary<string,int>(StringComparer.OrdinalIgnoreCase){{"a",1}}["A"])', 'Int32 1'],
  ['@(new Dictionary<object,int>{{1,2},{"a",3},{1L,4}}.Count)', 'Int32 3'],
  ['@(new Dictionary<(int,string),int>{{(1,"a"),2}}[(1,"a")])', 'Int32 2'],
  ['@(new Dictionary<string,int>{{"__proto__",1},{"constructor",2}}["constructor"])', 'Int32 2'],
  ['@{ var h = new HashSet<string>(StringComparer.OrdinalIgnoreCase){"a","A",null}; return h.Count; }', 'Int32 2'],
  ['@(new HashSet<int>{1,2}.IsProperSubsetOf(new[]{1,2,3}))', 'Boolean true'],
  ['@(new Stack<string>(new[]{"a","b"}).ToArray())', 'String[] ["b","a"]'],
  ['@{ var q = new Queue<int>(new[]{1,2,3}); q.Dequeue(); return q; }', 'Queue<Int32> [2,3]'],
  ['@(new Queue<int>().Dequeue())', '! InvalidOperationException: Queue empty.'],
  ['@{ var a = new[]{3,1,2}; var b = new[]{"c","a","b"}; Array.Sort(a,b); return b; }', 'String[] ["a","b","c"]'],
  ['@{ int[] a = {1,2,3}; Array.Resize(ref a, 5); return a; }', 'Int32[] [1,2,3,0,0]'],
  ['@{ var a = new int[2,3]; return a.GetLength(1) + ":" + a.Rank; }', 'String 3:2'],
  ['@{ var b = new byte[]{1,2,3}; Array.Reverse(b); return b; }', 'Byte[] AwIB'],
  ['@{ IList<int> l = new int[]{1}; l.Add(2); return l; }', '! NotSupportedException: Collection was of a fixed size.'],
  ['@{ var s = 0; foreach (object o in (System.Collections.IEnumerable)new List<int>{1,2}) s += (int)o; return s; }', 'Int32 3'],
];

describe('collections', () => {
  test.each(CASES)('%s', (expression, outcome) => expect(evaluate(expression)).toBe(outcome));

  test('an endless sequence ends with the budget', () => {
    const expression = '@(new List<int>(Enumerable.Repeat(1, 2000000000)).Count)';
    expect(() => evaluate(expression, new Budget({ steps: 1000, depth: 10, allocation: 1000 }))).toThrow(BudgetExhausted);
  });
});
