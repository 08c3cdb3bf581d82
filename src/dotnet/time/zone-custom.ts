/** The clock of a zone that a policy describes by adjustment rules. */
import { dateOf } from './calendar.ts';
import { TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, UNIX_EPOCH } from './ticks.ts';
import { transitionTicks } from './time-zone.ts';
import type { ZoneClock } from './zone-clock.ts';
import type { NetAdjustmentRule } from './zone-rules.ts';

/** A clock from standard time's offset (minutes) and rules for summer time. */
export function ruleClock(
  minutes: number,
  rules: readonly NetAdjustmentRule[],
  names: { readonly standard: string; readonly daylight: string },
): ZoneClock {
  const daylightAt = (at: number): number => {
    const local = UNIX_EPOCH + BigInt(Math.floor(at)) * TICKS_PER_MILLISECOND + BigInt(minutes) * TICKS_PER_MINUTE;
    const rule = rules.find(({ start, end }) => local >= start.ticks && local <= end.ticks + 864_000_000_000n);
    return rule && inSummer(rule, local) ? Number(rule.delta.ticks / TICKS_PER_MINUTE) : 0;
  };
  return {
    offsetAt: (at) => minutes + daylightAt(at),
    nameAt: (at) => (daylightAt(at) === 0 ? names.standard : names.daylight),
  };
}

/** `local` is standard time; summer ends by the summer clock. */
function inSummer(rule: NetAdjustmentRule, local: bigint): boolean {
  const { year } = dateOf(local);
  const start = transitionTicks(rule.daylightStart, year);
  const end = transitionTicks(rule.daylightEnd, year) - rule.delta.ticks;
  return start < end ? local >= start && local < end : local >= start || local < end;
}
