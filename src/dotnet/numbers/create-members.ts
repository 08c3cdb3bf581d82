/** CreateChecked, CreateSaturating and CreateTruncating: conversions from any other number. */
import { notSupported } from '../../csharp/runtime/exception.ts';
import { type MemberTable, special } from '../../csharp/types/declare.ts';

/** A decimal, by its parts: its class is declared with the help of this file, which therefore cannot know it. */
export interface DecimalParts {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** A source number, cut to its whole part where the target is an integer. */
export type Source = number | bigint | DecimalParts;

function isDecimal(value: unknown): value is DecimalParts {
  return typeof value === 'object' && value !== null && 'coefficient' in value && 'scale' in value;
}

/** How a target type takes a number over. */
export interface Creation {
  readonly keyword: string;
  checked(value: Source): unknown;
  saturating(value: Source): unknown;
  truncating(value: Source): unknown;
}

/** The three generic conversions of a numeric struct. */
export function createMembers({ keyword, checked, saturating, truncating }: Creation): MemberTable {
  const from = (convert: (value: Source) => unknown) =>
    special((_runtime, _types, value: unknown) => {
      if (typeof value === 'number' || typeof value === 'bigint' || isDecimal(value)) return convert(value);
      throw notSupported('Specified method is not supported.');
    });
  return {
    [`static ${keyword} CreateChecked<TOther>(TOther value)`]: from(checked),
    [`static ${keyword} CreateSaturating<TOther>(TOther value)`]: from(saturating),
    [`static ${keyword} CreateTruncating<TOther>(TOther value)`]: from(truncating),
  };
}

/** The whole part; NaN and infinities have none. */
export function wholePart(value: Source): bigint | undefined {
  if (isDecimal(value)) return value.coefficient / 10n ** BigInt(value.scale);
  if (typeof value === 'bigint') return value;
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}
