/** Units of time in 100 nanosecond ticks, and the range of .NET's dates. */
export const TICKS_PER_MICROSECOND = 10n;
export const TICKS_PER_MILLISECOND = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 600_000_000n;
export const TICKS_PER_HOUR = 36_000_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;

/** TimeSpan's range: 64 bits. */
export const MAX_SPAN = (1n << 63n) - 1n;
export const MIN_SPAN = -(1n << 63n);

/** 9999-12-31T23:59:59.9999999 in ticks since 0001-01-01. */
export const MAX_DATE = 3_155_378_975_999_999_999n;
/** 1970-01-01 and 1601-01-01 in ticks since 0001-01-01. */
export const UNIX_EPOCH = 621_355_968_000_000_000n;
export const FILE_EPOCH = 504_911_232_000_000_000n;

/** .NET's hash of a 64 bit number. */
export function hashTicks(ticks: bigint): number {
  return Number(BigInt.asIntN(32, ticks ^ (ticks >> 32n)));
}

export function compareTicks(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Division that rounds down, also below zero. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** System.DateTimeKind. */
export const KIND = { unspecified: 0, utc: 1, local: 2 } as const;
