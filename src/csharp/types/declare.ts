/**
 * How a .NET type is declared: C# signatures with the implementation next to them. The room `dotnet` holds nothing
 * but such declarations and what they call; checker, emitter, completion and docs all read the same table.
 */
import type { Runtime } from '../runtime/runtime.ts';
import type { Listed, Type } from './type.ts';

/**
 * What stands behind a signature. It receives the receiver first (nothing for static members and constructors), then
 * one argument a parameter, each in the representation of its static type (see runtime/values.ts). `out` and `ref`
 * parameters are `Ref` objects; `params` arrays arrive as arrays. A null receiver never arrives: the emitter checks.
 */
export type PlainImplementation = (...args: never[]) => unknown;

/** An implementation that also needs the run (clock, budget, settings) or type arguments. */
export interface SpecialImplementation {
  readonly special: true;
  /** `types`: the type arguments of the constructed receiver type, then those of the method. */
  readonly call: (runtime: Runtime, types: readonly Type[], ...args: never[]) => unknown;
}

export type Implementation = PlainImplementation | SpecialImplementation;

/** Marks an implementation that takes `(runtime, types)` before its receiver and arguments. */
export function special(call: SpecialImplementation['call']): SpecialImplementation {
  return { special: true, call };
}

/** A property or indexer that can be written, too; one that can only be read is declared with its getter alone. */
export interface Accessors {
  readonly get?: Implementation;
  readonly set?: Implementation;
}

/** A constant's value in run-time representation, for signatures that start with `const`. */
export interface ConstantValue {
  readonly constant: unknown;
}

/** Marks the value of a `const` signature: `'const int MaxValue': constant(2147483647)`. */
export function constant(value: unknown): ConstantValue {
  return { constant: value };
}

/**
 * Members by C# signature. Types are written as C# keywords, simple names, or full names where a simple name is
 * ambiguous. Examples, one a form:
 *
 * ```
 * 'List(int capacity)'                                            constructor
 * 'int Count { get; }'                                            property (value: getter or Accessors)
 * 'T this[int index] { get; set; }'                               indexer
 * 'string Substring(int startIndex, int length)'                  method
 * 'static string Join(string separator, params object[] values)'  static method
 * 'static bool TryParse(string s, out int result)'                out parameter: a Ref
 * 'string ToString(string format = null)'                         optional parameter
 * 'T Value<T>(object key)'                                        generic method
 * 'static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, R> selector)'   extension method
 * 'static TimeSpan operator -(DateTime a, DateTime b)'            operator
 * 'static explicit operator int(JToken value)'                    conversion (also `implicit`)
 * 'const int MaxValue'                                            constant (value: constant(…))
 * 'static readonly string Empty'                                  static field (value: getter)
 * ```
 */
export type MemberTable = Readonly<Record<string, Implementation | Accessors | ConstantValue>>;

/** A declared type: immutable data, read by the `TypeTable`. */
export interface TypeDeclaration {
  /**
   * `class System.Collections.Generic.List<T> : IList<T>, IReadOnlyList<T>`; also `struct`, `static class`, `abstract class`,
   * `interface`, `enum`, `flags enum`, `delegate TResult System.Func<in T, out TResult>(T arg)`. Variance is written `in`/`out`.
   * The base class, if not System.Object, comes first after the colon. A nested type is written `System.TimeZoneInfo.AdjustmentRule`
   * with `nestedIn: 'System.TimeZoneInfo'`.
   */
  readonly header: string;
  readonly listed: Listed;
  readonly members: MemberTable;
  /** For enums: name to value. */
  readonly values?: Readonly<Record<string, number>>;
  readonly nestedIn?: string;
  /** The C# keyword of a built-in type: `int`. */
  readonly keyword?: string;
  /** One sentence for the generated page. */
  readonly summary?: string;
}

/** Declares a type; see `MemberTable` for the signatures. */
export function declareType(header: string, listed: Listed, members: MemberTable, more: Partial<TypeDeclaration> = {}): TypeDeclaration {
  return { header, listed, members, ...more };
}

/** Declares an enum: `declareEnum('System.DayOfWeek', 'all', { Sunday: 0, … })`. */
export function declareEnum(
  fullName: string,
  listed: Listed,
  values: Readonly<Record<string, number>>,
  more: Partial<TypeDeclaration> & { flags?: boolean } = {},
): TypeDeclaration {
  return { header: `${more.flags ? 'flags enum' : 'enum'} ${fullName}`, listed, members: {}, values, ...more };
}
