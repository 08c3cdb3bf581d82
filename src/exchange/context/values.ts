/** Plain data of the exchange as .NET values. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { lazy, type Sequence } from '../../dotnet/linq/sequence.ts';
import { dateTimeFromTicks, NetDateTime } from '../../dotnet/time/date-time.ts';
import { KIND, TICKS_PER_SECOND, UNIX_EPOCH } from '../../dotnet/time/ticks.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?Z?$/;

/** An ISO 8601 UTC text, up to seven digits of a second, as DateTime of kind Utc. Throws on any other text. */
export function utcDate(text: string): NetDateTime {
  return dateTimeFromTicks(ticksOfIso(text), KIND.utc);
}

export function optionalDate(text: string | null): NetDateTime | null {
  return text === null ? null : utcDate(text);
}

/** .NET ticks of an ISO 8601 UTC text. */
function ticksOfIso(text: string): bigint {
  const match = ISO.exec(text);
  if (!match) throw new Error(`'${text}' is not an ISO 8601 time in UTC`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const milliseconds = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return UNIX_EPOCH + BigInt(milliseconds / 1000) * TICKS_PER_SECOND + BigInt((match[7] ?? '').padEnd(7, '0'));
}

/** Whole seconds since 1970 as DateTime of kind Utc. */
export function dateOfSeconds(seconds: number): NetDateTime {
  return new NetDateTime(UNIX_EPOCH + BigInt(Math.trunc(seconds)) * TICKS_PER_SECOND, KIND.utc);
}

/** Plain items as IEnumerable<element>: neither a list nor an array to those who cast. */
export function sequenceOf(runtime: Runtime, element: string, items: readonly unknown[]): Sequence {
  return lazy(runtime, runtime.types.type(element), () => items[Symbol.iterator]());
}
