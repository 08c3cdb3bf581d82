/** System.SByte to System.UInt64. */
import { overflow } from '../../csharp/runtime/exception.ts';
import { TupleValue } from '../../csharp/runtime/values.ts';
import { constant, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { comparisonMembers, formatMembers, numericInterfaces, parseMembers } from './common-members.ts';
import { createMembers, type Source, wholePart } from './create-members.ts';
import { formatInteger } from './format-number.ts';
import * as math from './integer-math.ts';
import { INTEGER_KINDS, type IntegerKind, integerFromText, parsedInteger, represent, wrapInteger } from './kinds.ts';
import { checkStyle, INTEGER_STYLE } from './parse-number.ts';

type Integer = math.Integer;

/** Declares one integer struct. */
function integerType(kind: IntegerKind): TypeDeclaration {
  const signed = kind.min < 0n;
  return declareType(
    `struct System.${kind.name} : ${numericInterfaces(kind.keyword)}`,
    'all',
    named(kind, {
      'const K MinValue': constant(represent(kind, kind.min)),
      'const K MaxValue': constant(represent(kind, kind.max)),
      ...comparisonMembers(kind.keyword, kind.name, kind.typeCode, kind.name === 'SByte' ? 'obj' : 'value'),
      ...formatMembers((self: Integer, format?: string | null) => formatInteger(self, kind.bits, format)),
      ...integerParsing(kind),
      ...createMembers(creation(kind)),
      ...arithmetic(kind),
      ...(signed ? signedArithmetic(kind) : {}),
    }),
    { keyword: kind.keyword },
  );
}

/** Writes the type's keyword for `K` in signatures. */
function named(kind: IntegerKind, members: MemberTable): MemberTable {
  return Object.fromEntries(Object.entries(members).map(([signature, member]) => [signature.replace(/\bK\b/g, kind.keyword), member]));
}

function integerParsing(kind: IntegerKind): MemberTable {
  return parseMembers({
    keyword: kind.keyword,
    standardStyle: INTEGER_STYLE,
    parse: (text, style) => integerFromText(kind, text, style),
    tryParse: (text, style) => {
      const value = parsedInteger(kind, text, style);
      return typeof value === 'string' ? undefined : value;
    },
    zero: () => represent(kind, 0n),
    checkStyle: (style) => checkStyle(style, true),
  });
}

function creation(kind: IntegerKind) {
  return {
    keyword: kind.keyword,
    checked: (value: Source) => {
      const whole = wholePart(value);
      if (whole === undefined || whole < kind.min || whole > kind.max) throw overflow();
      return represent(kind, whole);
    },
    saturating: (value: Source) => represent(kind, saturated(kind, value)),
    truncating: (value: Source) => {
      const whole = wholePart(value);
      return typeof value === 'bigint' || Number.isInteger(value)
        ? wrapInteger(kind, whole ?? 0n)
        : represent(kind, saturated(kind, value));
    },
  };
}

function saturated(kind: IntegerKind, value: Source): bigint {
  const whole = wholePart(value);
  if (whole === undefined) return value === Number.POSITIVE_INFINITY ? kind.max : value === Number.NEGATIVE_INFINITY ? kind.min : 0n;
  if (whole < kind.min) return kind.min;
  if (whole > kind.max) return kind.max;
  return whole;
}

function arithmetic(kind: IntegerKind): MemberTable {
  return {
    'static K Clamp(K value, K min, K max)': math.clamp,
    'static ValueTuple<K, K> DivRem(K left, K right)': special((runtime, _types, a: Integer, b: Integer) => {
      const type = runtime.types.type(`System.${kind.name}`);
      return new TupleValue(runtime.types.tuple([type, type]), math.divideWithRemainder(kind, a, b));
    }),
    'static bool IsEvenInteger(K value)': (value: Integer) => BigInt(value) % 2n === 0n,
    'static bool IsOddInteger(K value)': (value: Integer) => BigInt(value) % 2n !== 0n,
    'static bool IsPow2(K value)': (value: Integer) => value > 0 && (BigInt(value) & (BigInt(value) - 1n)) === 0n,
    'static K LeadingZeroCount(K value)': (value: Integer) => math.leadingZeros(kind, value),
    'static K TrailingZeroCount(K value)': (value: Integer) => math.trailingZeros(kind, value),
    'static K PopCount(K value)': (value: Integer) => math.populationCount(kind, value),
    'static K Log2(K value)': (value: Integer) => math.log2(kind, value),
    'static K Max(K x, K y)': math.larger,
    'static K Min(K x, K y)': math.smaller,
    'static K RotateLeft(K value, int rotateAmount)': (value: Integer, by: number) => math.rotate(kind, value, by),
    'static K RotateRight(K value, int rotateAmount)': (value: Integer, by: number) => math.rotate(kind, value, -by),
    'static int Sign(K value)': (value: Integer) => (value > 0 ? 1 : value < 0 ? -1 : 0),
  };
}

function signedArithmetic(kind: IntegerKind): MemberTable {
  return {
    'static K Abs(K value)': (value: Integer) => math.absolute(kind, value),
    'static K CopySign(K value, K sign)': (value: Integer, sign: Integer) => math.copySign(kind, value, sign),
    'static bool IsNegative(K value)': (value: Integer) => value < 0,
    'static bool IsPositive(K value)': (value: Integer) => value >= 0,
    'static K MaxMagnitude(K x, K y)': (x: Integer, y: Integer) => math.byMagnitude(x, y, true),
    'static K MinMagnitude(K x, K y)': (x: Integer, y: Integer) => math.byMagnitude(x, y, false),
  };
}

export const integerTypes: readonly TypeDeclaration[] = INTEGER_KINDS.map(integerType);
