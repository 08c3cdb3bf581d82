import { objectEquals, objectHash } from '../../csharp/runtime/equality.ts';
import { argument, argumentNull } from '../../csharp/runtime/exception.ts';
import type { NetObject, Ref } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { NetComparer } from '../collections/contract.ts';
import { objectCompare } from '../core/protocol.ts';
import {
  CULTURE,
  CULTURE_IGNORE_CASE,
  compare,
  cultureRule,
  equals,
  ORDINAL,
  ORDINAL_IGNORE_CASE,
  type Rule,
  ruleOf,
  ruleOfOptions,
  sortKey,
} from './comparison.ts';

type Text = string | null;

/** A comparer of texts by one rule; also an IEqualityComparer for dictionaries and sets. */
export class StringComparerValue implements NetComparer, NetObject {
  readonly rule: Rule;

  constructor(rule: Rule) {
    this.rule = rule;
  }

  get netType(): TypeDeclaration {
    return stringComparerType;
  }

  netCompare(a: unknown, b: unknown): number {
    return compare(a as Text, b as Text, this.rule);
  }

  netEqual(a: unknown, b: unknown): boolean {
    return equals(a as Text, b as Text, this.rule);
  }

  netHash(value: unknown): number {
    if (value === null) throw argumentNull('obj');
    return objectHash(sortKey(value as string, this.rule));
  }

  netKey(value: unknown): string {
    return sortKey(value as string, this.rule);
  }

  netEquals(other: unknown): boolean {
    return (
      other instanceof StringComparerValue && other.rule.ordinal === this.rule.ordinal && other.rule.ignoreCase === this.rule.ignoreCase
    );
  }
}

function compareObjects(comparer: StringComparerValue, a: unknown, b: unknown): number {
  const texts = (a === null || typeof a === 'string') && (b === null || typeof b === 'string');
  return texts ? comparer.netCompare(a, b) : objectCompare(a, b);
}

function equalObjects(comparer: StringComparerValue, a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? comparer.netEqual(a, b) : objectEquals(a, b);
}

function hashObject(comparer: StringComparerValue, value: unknown): number {
  if (value === null) throw argumentNull('obj');
  return typeof value === 'string' ? comparer.netHash(value) : objectHash(value);
}

function fromComparison(comparison: number): StringComparerValue {
  if (comparison < 0 || comparison > 5) {
    throw argument('The string comparison type passed in is currently not supported.', 'comparisonType');
  }
  return new StringComparerValue(ruleOf(comparison));
}

/** System.StringComparer. */
export const stringComparerType = declareType(
  'abstract class System.StringComparer : IComparer<string>, IEqualityComparer<string>, System.Collections.IComparer, System.Collections.IEqualityComparer',
  'all',
  {
    'static StringComparer CurrentCulture { get; }': () => new StringComparerValue(CULTURE),
    'static StringComparer CurrentCultureIgnoreCase { get; }': () => new StringComparerValue(CULTURE_IGNORE_CASE),
    'static StringComparer InvariantCulture { get; }': () => new StringComparerValue(CULTURE),
    'static StringComparer InvariantCultureIgnoreCase { get; }': () => new StringComparerValue(CULTURE_IGNORE_CASE),
    'static StringComparer Ordinal { get; }': () => new StringComparerValue(ORDINAL),
    'static StringComparer OrdinalIgnoreCase { get; }': () => new StringComparerValue(ORDINAL_IGNORE_CASE),
    'int Compare(string x, string y)': (comparer: StringComparerValue, a: Text, b: Text) => comparer.netCompare(a, b),
    'int Compare(object x, object y)': compareObjects,
    'bool Equals(string x, string y)': (comparer: StringComparerValue, a: Text, b: Text) => comparer.netEqual(a, b),
    'bool Equals(object x, object y)': equalObjects,
    'int GetHashCode(string obj)': (comparer: StringComparerValue, text: Text) => comparer.netHash(text),
    'int GetHashCode(object obj)': hashObject,
    'static StringComparer Create(CultureInfo culture, bool ignoreCase)': (_culture: unknown, ignoreCase: boolean) =>
      new StringComparerValue(cultureRule(ignoreCase)),
    'static StringComparer Create(CultureInfo culture, CompareOptions options)': (_culture: unknown, options: number) =>
      new StringComparerValue(ruleOfOptions(options)),
    'static bool IsWellKnownOrdinalComparer(IEqualityComparer<string> comparer, out bool ignoreCase)': (
      comparer: unknown,
      ignoreCase: Ref,
    ) => {
      const rule = comparer instanceof StringComparerValue ? comparer.rule : undefined;
      ignoreCase.value = rule === ORDINAL_IGNORE_CASE;
      return rule === ORDINAL || rule === ORDINAL_IGNORE_CASE;
    },
    'static StringComparer FromComparison(StringComparison comparisonType)': fromComparison,
  },
);
