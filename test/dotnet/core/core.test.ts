import { describe, expect, test } from 'vitest';
import { verifyTable } from '../../../src/csharp/types/type-table.ts';
import { evaluate, types } from '../../support/expressions.ts';

test('every signature of the library can be read', () => {
  expect(() => verifyTable(types as Parameters<typeof verifyTable>[0])).not.toThrow();
});

const CASES: readonly (readonly [string, string])[] = [
  ['object.Equals(5, 5)', 'System.Boolean true'],
  ['object.Equals(5, 5L)', 'System.Boolean false'],
  ['object.ReferenceEquals(5, 5)', 'System.Boolean false'],
  ['new object().ToString()', 'System.String System.Object'],
  ['5.Equals(5)', 'System.Boolean true'],
  ['"a".GetHashCode() == "a".GetHashCode()', 'System.Boolean true'],
  ['new List<int>().ToString()', 'System.String System.Collections.Generic.List`1[System.Int32]'],
  ['new int[0].ToString()', 'System.String System.Int32[]'],
  ['new { A = 1, B = "x" }.ToString()', 'System.String { A = 1, B = x }'],
  ['new { A = 1 }.Equals(new { A = 1 })', 'System.Boolean true'],
  ['(1, "a", 2.5).ToString()', 'System.String (1, a, 2.5)'],
  ['Tuple.Create(1, "a").Equals(Tuple.Create(1, "a"))', 'System.Boolean true'],
  ['(1, 2).CompareTo((1, 3))', 'System.Int32 -1'],
  ['DayOfWeek.Friday.ToString()', 'System.String Friday'],
  ['DayOfWeek.Friday.ToString("D")', 'System.String 5'],
  ['DayOfWeek.Friday.ToString("X")', 'System.String 00000005'],
  ['((DayOfWeek)9).ToString()', 'System.String 9'],
  ['(StringSplitOptions)3', 'System.StringSplitOptions RemoveEmptyEntries, TrimEntries'],
  ['StringSplitOptions.RemoveEmptyEntries.HasFlag(StringSplitOptions.None)', 'System.Boolean true'],
  ['Enum.Parse(typeof(DayOfWeek), "monday", true)', 'System.DayOfWeek Monday'],
  ['Enum.Parse(typeof(DayOfWeek), "someday")', "throws System.ArgumentException: Requested value 'someday' was not found."],
  ['Enum.TryParse<DayOfWeek>("Tuesday", out var d) ? d : DayOfWeek.Sunday', 'System.DayOfWeek Tuesday'],
  ['Enum.TryParse(typeof(DayOfWeek), "monday", true, out object d) ? d : null', 'System.DayOfWeek Monday'],
  ['Enum.TryParse(typeof(DayOfWeek), "monday", out object d) ? d : null', 'null'],
  ['Enum.TryParse("7x", out DayOfWeek d)', 'System.Boolean false'],
  ['Enum.GetNames(typeof(DateTimeKind))', 'System.String[] ["Unspecified","Utc","Local"]'],
  ['Enum.IsDefined(typeof(DayOfWeek), 7)', 'System.Boolean false'],
  ['Enum.GetName(typeof(DayOfWeek), 1)', 'System.String Monday'],
  ['DayOfWeek.Monday.CompareTo(DayOfWeek.Sunday)', 'System.Int32 1'],
  ['typeof(List<int>).Name', 'System.String List`1'],
  ['typeof(int).FullName', 'System.String System.Int32'],
  ['typeof(int[]).IsArray', 'System.Boolean true'],
  ['typeof(DayOfWeek).IsEnum', 'System.Boolean true'],
  ['typeof(ArgumentNullException).BaseType.Name', 'System.String ArgumentException'],
  ['new int?(5).HasValue', 'System.Boolean true'],
  ['((int?)null).GetValueOrDefault()', 'System.Int32 0'],
  ['((DateTime?)null).GetValueOrDefault() == DateTime.MinValue', 'System.Boolean true'],
  ['((int?)null).ToString()', 'System.String '],
  ['Nullable.Compare<int>(null, 1)', 'System.Int32 -1'],
  ['new ArgumentException("m", "p").Message', "System.String m (Parameter 'p')"],
  ['new ArgumentNullException("p").ParamName', 'System.String p'],
  ['new ArgumentOutOfRangeException("p", 5, "m").Message', "System.String m (Parameter 'p')\nActual value was 5."],
  ['new Exception().Message', "System.String Exception of type 'System.Exception' was thrown."],
  [
    'new Exception("a", new FormatException("b")).ToString()',
    'System.String System.Exception: a\n ---> System.FormatException: b\n   --- End of inner exception stack trace ---',
  ],
  ['new Exception("a", new Exception("b", new Exception("c"))).GetBaseException().Message', 'System.String c'],
  ['((IComparable)5).CompareTo(7)', 'System.Int32 -1'],
  ['((IComparable)5).CompareTo("x")', 'throws System.ArgumentException: Object must be of type Int32.'],
  ['((IFormattable)1.5).ToString("0.00", null)', 'System.String 1.50'],
  ['((IEquatable<int>)5).Equals(5)', 'System.Boolean true'],
  ['new Func<int, int>(x => x + 1)(2)', 'System.Int32 3'],
  ['new Predicate<string>(string.IsNullOrEmpty)("")', 'System.Boolean true'],
];

describe('core types', () => {
  test.each(CASES)('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});
