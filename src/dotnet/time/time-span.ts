/** System.TimeSpan: a count of 100 nanosecond ticks. */
import { argument, type NetException, overflow } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from '../numbers/common-members.ts';
import { compareTicks, hashTicks, MAX_SPAN, MIN_SPAN } from './ticks.ts';
import { formatTimeSpan } from './time-span-format.ts';
import { timeSpanType } from './time-span-type.ts';

export class NetTimeSpan implements NetObject {
  readonly ticks: bigint;

  constructor(ticks: bigint) {
    this.ticks = ticks;
  }

  get netType(): TypeDeclaration {
    return timeSpanType;
  }
  netToString(): string {
    return formatTimeSpan(this.ticks, null);
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetTimeSpan && other.ticks === this.ticks;
  }
  netHashCode(): number {
    return hashTicks(this.ticks);
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof NetTimeSpan)) throw wrongType('TimeSpan');
    return compareTicks(this.ticks, other.ticks);
  }
  netFormat(format: string | null): string {
    return formatTimeSpan(this.ticks, format);
  }
}

/** `TimeSpan overflowed because the duration is too long.` */
function tooLong(): NetException {
  return overflow('TimeSpan overflowed because the duration is too long.');
}

/** A span of so many ticks; throws OverflowException past 64 bits. */
export function spanOf(ticks: bigint): NetTimeSpan {
  if (ticks > MAX_SPAN || ticks < MIN_SPAN) throw tooLong();
  return new NetTimeSpan(ticks);
}

/** A span of a number of units; part ticks are dropped, as .NET 7 and later do. Throws ArgumentException for NaN. */
export function spanFromUnits(value: number, ticksPerUnit: bigint): NetTimeSpan {
  if (Number.isNaN(value)) throw argument('TimeSpan does not accept floating point Not-a-Number values.');
  return spanFromTicks(value * Number(ticksPerUnit));
}

function spanFromTicks(ticks: number): NetTimeSpan {
  if (Number.isNaN(ticks) || ticks > 2 ** 63 || ticks < -(2 ** 63)) throw tooLong();
  if (ticks === 2 ** 63) return new NetTimeSpan(MAX_SPAN);
  return new NetTimeSpan(BigInt(Math.trunc(ticks)));
}

/** A span times a number: rounded to whole ticks, a tie going to the even one. Throws as .NET does for NaN and overflow. */
export function multiplySpan(span: NetTimeSpan, factor: number): NetTimeSpan {
  if (Number.isNaN(factor)) throw argument('TimeSpan does not accept floating point Not-a-Number values.', 'factor');
  return spanFromTicks(roundTicks(Number(span.ticks) * factor));
}

/** A span divided by a number; same rounding. */
export function divideSpan(span: NetTimeSpan, divisor: number): NetTimeSpan {
  if (Number.isNaN(divisor)) throw argument('TimeSpan does not accept floating point Not-a-Number values.', 'divisor');
  return spanFromTicks(roundTicks(Number(span.ticks) / divisor));
}

function roundTicks(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

/** The part of a span under the next larger unit: `Hours` is span / hour % 24. */
export function partOf(span: NetTimeSpan, unit: bigint, modulus: bigint): number {
  return Number((span.ticks / unit) % modulus);
}
