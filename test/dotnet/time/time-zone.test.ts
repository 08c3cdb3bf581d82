import { describe, expect, it } from 'vitest';
import { NetDateTime, ticksOfParts } from '../../../src/dotnet/time/date-time.ts';
import { KIND } from '../../../src/dotnet/time/ticks.ts';
import { NetTimeSpan } from '../../../src/dotnet/time/time-span.ts';
import type { NetTimeZone } from '../../../src/dotnet/time/time-zone.ts';
import { timeZoneInfoType } from '../../../src/dotnet/time/time-zone-type.ts';
import { adjustmentRuleType, type NetAdjustmentRule, transitionTimeType } from '../../../src/dotnet/time/zone-rules.ts';
import { call, createRuntime, outcome } from '../declared.ts';

const runtime = createRuntime();
const zone = (id: string): NetTimeZone =>
  call(runtime, timeZoneInfoType, 'static TimeZoneInfo FindSystemTimeZoneById(string id)', id) as NetTimeZone;
const utc = (month: number, day: number, hour: number): NetDateTime => new NetDateTime(ticksOfParts(2024, month, day, hour), KIND.utc);
const clock = (month: number, day: number, hour: number, minute = 0): NetDateTime =>
  new NetDateTime(ticksOfParts(2024, month, day, hour, minute));

describe('TimeZoneInfo', () => {
  it.each([
    ['W. Europe Standard Time', 1, '2024-01-15T11:00:00.0000000'],
    ['Europe/Berlin', 7, '2024-07-15T12:00:00.0000000'],
    ['Eastern Standard Time', 7, '2024-07-15T06:00:00.0000000'],
    ['India Standard Time', 1, '2024-01-15T15:30:00.0000000'],
    ['UTC', 1, '2024-01-15T10:00:00.0000000Z'],
  ])('converts UTC to %s in month %d', (id, month, result) => {
    const converted = call(
      runtime,
      timeZoneInfoType,
      'static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)',
      utc(month, 15, 10),
      zone(id),
    ) as NetDateTime;
    expect(converted.netFormat('o')).toBe(result);
  });

  it('knows skipped and repeated hours', () => {
    const berlin = zone('Europe/Berlin');
    expect(call(runtime, timeZoneInfoType, 'bool IsInvalidTime(DateTime dateTime)', berlin, clock(3, 31, 2, 30))).toBe(true);
    expect(call(runtime, timeZoneInfoType, 'bool IsAmbiguousTime(DateTime dateTime)', berlin, clock(10, 27, 2, 30))).toBe(true);
    expect(call(runtime, timeZoneInfoType, 'bool IsDaylightSavingTime(DateTime dateTime)', berlin, clock(7, 1, 0))).toBe(true);
    const toUtc = 'static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)';
    expect(outcome(() => call(runtime, timeZoneInfoType, toUtc, clock(3, 31, 2, 30), berlin))).toMatch(
      /^ArgumentException: The supplied DateTime represents an invalid time/,
    );
    expect((call(runtime, timeZoneInfoType, toUtc, clock(10, 27, 2, 30), berlin) as NetDateTime).netFormat('o')).toBe(
      '2024-10-27T01:30:00.0000000Z',
    );
  });

  it('describes summer time by rules', () => {
    const [rule] = call(
      runtime,
      timeZoneInfoType,
      'TimeZoneInfo.AdjustmentRule[] GetAdjustmentRules()',
      zone('Europe/Berlin'),
    ) as NetAdjustmentRule[];
    expect(rule?.daylightStart).toMatchObject({ month: 3, week: 5, dayOfWeek: 0, isFixed: false });
    expect(rule?.daylightEnd).toMatchObject({ month: 10, week: 5, dayOfWeek: 0 });
    expect(rule?.delta.netToString()).toBe('01:00:00');
    expect(zone('Asia/Tokyo').supportsDaylight).toBe(false);
  });

  it('follows the rules of a custom zone', () => {
    const floating =
      'static TimeZoneInfo.TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)';
    const two = new NetDateTime(72_000_000_000n);
    const rule = call(
      runtime,
      adjustmentRuleType,
      'static TimeZoneInfo.AdjustmentRule CreateAdjustmentRule(DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta, TimeZoneInfo.TransitionTime daylightTransitionStart, TimeZoneInfo.TransitionTime daylightTransitionEnd)',
      clock(1, 1, 0),
      clock(12, 31, 0),
      new NetTimeSpan(36_000_000_000n),
      call(runtime, transitionTimeType, floating, two, 3, 2, 0),
      call(runtime, transitionTimeType, floating, two, 11, 1, 0),
    );
    const custom = call(
      runtime,
      timeZoneInfoType,
      'static TimeZoneInfo CreateCustomTimeZone(string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules)',
      'Own',
      new NetTimeSpan(-180_000_000_000n),
      'Own time',
      'standard',
      'summer',
      [rule],
    ) as NetTimeZone;
    const eastern = zone('America/New_York');
    for (const moment of [utc(3, 10, 6), utc(3, 10, 7), utc(7, 1, 0), utc(11, 3, 5), utc(11, 3, 6), utc(12, 1, 0)])
      expect(custom.offsetOf(moment)).toBe(eastern.offsetOf(moment));
  });

  it.each(['Nowhere/Land', '+02:00', ''])('does not know %s', (id) => {
    expect(outcome(() => zone(id))).toBe(`TimeZoneNotFoundException: The time zone ID '${id}' was not found on the local computer.`);
  });
});
