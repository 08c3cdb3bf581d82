/** The declarations of System.TimeZoneInfo and the older System.TimeZone. */
import { argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject, type Ref } from '../../csharp/runtime/values.ts';
import { declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { ReadOnlyList } from '../collections/list.ts';
import { dateOf } from './calendar.ts';
import { dateTimeFromUnix, NetDateTime } from './date-time.ts';
import type { NetDateTimeOffset } from './date-time-offset.ts';
import { KIND } from './ticks.ts';
import { NetTimeSpan } from './time-span.ts';
import {
  convertOffset,
  convertTime,
  customZone,
  findZone,
  ianaToWindows,
  isUtc,
  type NetTimeZone,
  refuseKind,
  toUniversal,
  utcZone,
  windowsToIana,
  zoneById,
} from './time-zone.ts';
import { offsetAtUtc, offsetsAtLocal } from './zone-clock.ts';
import type { NetAdjustmentRule } from './zone-rules.ts';

type Zone = NetTimeZone;

const thisYear = (runtime: Runtime): number => dateOf(dateTimeFromUnix(runtime.host.now()).ticks).year;
const local = (runtime: Runtime): Zone => utcZone(thisYear(runtime));
const byId = (runtime: Runtime, id: string | null): Zone => zoneById(id, thisYear(runtime));

/** The zone that a time's kind implies: UTC and local are the same; unspecified means local. */
function convertHere(runtime: Runtime, value: NetDateTime, target: Zone | null): NetDateTime {
  if (target === null) throw argumentNull('destinationTimeZone');
  return convertTime(value, local(runtime), target);
}

function between(value: NetDateTime, source: Zone | null, target: Zone | null): NetDateTime {
  if (source === null) throw argumentNull('sourceTimeZone');
  if (target === null) throw argumentNull('destinationTimeZone');
  return convertTime(value, source, target);
}

const CONVERSIONS: MemberTable = {
  'static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo destinationTimeZone)': special(
    (runtime, _types, value: NetDateTime, target: Zone | null) => convertHere(runtime, value, target),
  ),
  'static DateTime ConvertTime(DateTime dateTime, TimeZoneInfo sourceTimeZone, TimeZoneInfo destinationTimeZone)': between,
  'static DateTimeOffset ConvertTime(DateTimeOffset dateTimeOffset, TimeZoneInfo destinationTimeZone)': (
    value: NetDateTimeOffset,
    target: Zone | null,
  ) => {
    if (target === null) throw argumentNull('destinationTimeZone');
    return convertOffset(value, target);
  },
  'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId)': special(
    (runtime, _types, value: NetDateTime, id: string | null) => convertHere(runtime, value, byId(runtime, id)),
  ),
  'static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId)': special(
    (runtime, _types, value: NetDateTime, source: string | null, target: string | null) =>
      between(value, byId(runtime, source), byId(runtime, target)),
  ),
  'static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId)': special(
    (runtime, _types, value: NetDateTimeOffset, id: string | null) => convertOffset(value, byId(runtime, id)),
  ),
  'static DateTime ConvertTimeFromUtc(DateTime dateTime, TimeZoneInfo destinationTimeZone)': special(
    (runtime, _types, value: NetDateTime, target: Zone | null) =>
      value.kind === KIND.local ? refuseKind() : between(new NetDateTime(value.ticks, KIND.utc), utcZone(thisYear(runtime)), target),
  ),
  'static DateTime ConvertTimeToUtc(DateTime dateTime)': (value: NetDateTime) => new NetDateTime(value.ticks, KIND.utc),
  'static DateTime ConvertTimeToUtc(DateTime dateTime, TimeZoneInfo sourceTimeZone)': (value: NetDateTime, source: Zone | null) => {
    if (source === null) throw argumentNull('sourceTimeZone');
    return new NetDateTime(toUniversal(value, source), KIND.utc);
  },
};

function ambiguous(zone: Zone, value: NetDateTime): bigint[] {
  const offsets = value.kind === KIND.unspecified ? offsetsAtLocal(zone.clock, value.ticks) : [];
  return offsets.length > 1 ? offsets : [];
}

/** Larger offsets come last, as .NET orders them. */
function ambiguousSpans(runtime: Runtime, offsets: readonly bigint[]): unknown[] {
  if (offsets.length === 0)
    throw new NetException('System.ArgumentException', "The supplied DateTime is not in an ambiguous time range. (Parameter 'dateTime')");
  const spans = [...offsets].reverse().map((offset) => new NetTimeSpan(offset));
  return makeArray(runtime.types.array(runtime.types.type('System.TimeSpan')), spans);
}

function clockOf(zone: Zone, value: NetDateTimeOffset): NetDateTime {
  return new NetDateTime(convertOffset(value, zone).ticks);
}

/** Those that JavaScript knows, by their offset and then by name, as .NET orders them. */
function systemZones(runtime: Runtime): ReadOnlyList {
  const year = thisYear(runtime);
  const zones = Intl.supportedValuesOf('timeZone').flatMap((id) => findZone(id, year) ?? []);
  const all = [utcZone(year), ...zones.filter((zone) => !isUtc(zone))];
  const order = (a: Zone, b: Zone) => Number(a.baseOffset - b.baseOffset) || (a.displayName < b.displayName ? -1 : 1);
  all.sort(order);
  runtime.budget.step(all.length);
  return new ReadOnlyList(
    runtime.types.type('System.Collections.ObjectModel.ReadOnlyCollection', runtime.types.type('System.TimeZoneInfo')),
    () => all,
  );
}

const QUESTIONS: MemberTable = {
  'static System.Collections.ObjectModel.ReadOnlyCollection<TimeZoneInfo> GetSystemTimeZones(bool skipSorting = false)': special(
    (runtime) => systemZones(runtime),
  ),
  'TimeSpan GetUtcOffset(DateTime dateTime)': (zone: Zone, value: NetDateTime) => new NetTimeSpan(zone.offsetOf(value)),
  'TimeSpan GetUtcOffset(DateTimeOffset dateTimeOffset)': (zone: Zone, value: NetDateTimeOffset) =>
    new NetTimeSpan(offsetAtUtc(zone.clock, value.utcTicks)),
  'bool IsDaylightSavingTime(DateTime dateTime)': (zone: Zone, value: NetDateTime) =>
    zone.supportsDaylight && zone.offsetOf(value) > zone.baseOffset,
  'bool IsDaylightSavingTime(DateTimeOffset dateTimeOffset)': (zone: Zone, value: NetDateTimeOffset) =>
    zone.supportsDaylight && offsetAtUtc(zone.clock, value.utcTicks) > zone.baseOffset,
  'bool IsAmbiguousTime(DateTime dateTime)': (zone: Zone, value: NetDateTime) => ambiguous(zone, value).length > 1,
  'bool IsAmbiguousTime(DateTimeOffset dateTimeOffset)': (zone: Zone, value: NetDateTimeOffset) =>
    ambiguous(zone, clockOf(zone, value)).length > 1,
  'bool IsInvalidTime(DateTime dateTime)': (zone: Zone, value: NetDateTime) =>
    value.kind === KIND.unspecified && offsetsAtLocal(zone.clock, value.ticks).length === 0,
  'TimeSpan[] GetAmbiguousTimeOffsets(DateTime dateTime)': special((runtime, _types, zone: Zone, value: NetDateTime) =>
    ambiguousSpans(runtime, ambiguous(zone, value)),
  ),
  'TimeSpan[] GetAmbiguousTimeOffsets(DateTimeOffset dateTimeOffset)': special((runtime, _types, zone: Zone, value: NetDateTimeOffset) =>
    ambiguousSpans(runtime, ambiguous(zone, clockOf(zone, value))),
  ),
  'TimeZoneInfo.AdjustmentRule[] GetAdjustmentRules()': special((runtime, _types, zone: Zone) =>
    makeArray(runtime.types.array(runtime.types.type('System.TimeZoneInfo.AdjustmentRule')), [...zone.rules]),
  ),
};

const PROPERTIES: MemberTable = {
  'TimeSpan BaseUtcOffset { get; }': (zone: Zone) => new NetTimeSpan(zone.baseOffset),
  'string Id { get; }': (zone: Zone) => zone.id,
  'string DisplayName { get; }': (zone: Zone) => zone.displayName,
  'string StandardName { get; }': (zone: Zone) => zone.standardName,
  'string DaylightName { get; }': (zone: Zone) => zone.daylightName,
  'bool SupportsDaylightSavingTime { get; }': (zone: Zone) => zone.supportsDaylight,
  'bool HasIanaId { get; }': (zone: Zone) => isUtc(zone) || windowsToIana(zone.id) === undefined,
  'static TimeZoneInfo Local { get; }': special(local),
  'static TimeZoneInfo Utc { get; }': special(local),
  'static void ClearCachedData()': () => undefined,
  'bool Equals(object obj)': (zone: Zone, other: unknown) => zone.netEquals(other),
  'bool Equals(TimeZoneInfo other)': (zone: Zone, other: Zone | null) => zone.netEquals(other),
  'int GetHashCode()': (zone: Zone) => zone.netHashCode(),
  'bool HasSameRules(TimeZoneInfo other)': (zone: Zone, other: Zone | null) => {
    if (other === null) throw argumentNull('other');
    return zone.sameRules(other);
  },
  'string ToString()': (zone: Zone) => zone.displayName,
};

function give(result: Ref, value: unknown): boolean {
  result.value = value ?? null;
  return value !== undefined;
}

const LOOKUPS: MemberTable = {
  'static TimeZoneInfo FindSystemTimeZoneById(string id)': special((runtime, _types, id: string | null) => byId(runtime, id)),
  'static bool TryFindSystemTimeZoneById(string id, out TimeZoneInfo timeZoneInfo)': special(
    (runtime, _types, id: string | null, result: Ref) => give(result, id === null ? undefined : findZone(id, thisYear(runtime))),
  ),
  'static bool TryConvertIanaIdToWindowsId(string ianaId, out string windowsId)': (id: string | null, result: Ref) =>
    give(result, id === null ? undefined : ianaToWindows(id)),
  'static bool TryConvertWindowsIdToIanaId(string windowsId, out string ianaId)': (id: string | null, result: Ref) =>
    give(result, id === null ? undefined : windowsToIana(id)),
  'static bool TryConvertWindowsIdToIanaId(string windowsId, string region, out string ianaId)': (
    id: string | null,
    region: string | null,
    result: Ref,
  ) => give(result, id === null ? undefined : windowsToIana(id, region)),
};

const CUSTOM = 'string id, TimeSpan baseUtcOffset, string displayName, string standardDisplayName';
const DAYLIGHT = `${CUSTOM}, string daylightDisplayName, TimeZoneInfo.AdjustmentRule[] adjustmentRules`;

function custom(
  runtime: Runtime,
  id: string | null,
  offset: NetTimeSpan,
  display: string | null,
  standard: string | null,
  daylight: string | null,
  rules: readonly NetAdjustmentRule[] | null,
): Zone {
  const names = { display: display ?? '', standard: standard ?? '', daylight: daylight ?? standard ?? '' };
  return customZone(id, offset, names, rules ?? [], thisYear(runtime));
}

type Text = string | null;

const FACTORIES: MemberTable = {
  [`static TimeZoneInfo CreateCustomTimeZone(${CUSTOM})`]: special(
    (runtime, _types, id: Text, offset: NetTimeSpan, display: Text, standard: Text) =>
      custom(runtime, id, offset, display, standard, null, null),
  ),
  [`static TimeZoneInfo CreateCustomTimeZone(${DAYLIGHT})`]: special(
    (runtime, _types, id: Text, offset: NetTimeSpan, display: Text, standard: Text, daylight: Text, rules: NetAdjustmentRule[] | null) =>
      custom(runtime, id, offset, display, standard, daylight, rules),
  ),
  [`static TimeZoneInfo CreateCustomTimeZone(${DAYLIGHT}, bool disableDaylightSavingTime)`]: special(
    (
      runtime,
      _types,
      id: Text,
      offset: NetTimeSpan,
      display: Text,
      standard: Text,
      daylight: Text,
      rules: NetAdjustmentRule[] | null,
      disable: boolean,
    ) => custom(runtime, id, offset, display, standard, disable ? null : daylight, disable ? null : rules),
  ),
};

export const timeZoneInfoType: TypeDeclaration = declareType('class System.TimeZoneInfo : IEquatable<TimeZoneInfo>', 'all', {
  ...PROPERTIES,
  ...LOOKUPS,
  ...CONVERSIONS,
  ...QUESTIONS,
  ...FACTORIES,
});

/** The computer's zone in the old form: UTC, always. */
class NetLegacyTimeZone implements NetObject {
  get netType(): TypeDeclaration {
    return timeZoneType;
  }
}

const ZERO = () => new NetTimeSpan(0n);

export const timeZoneType: TypeDeclaration = declareType('abstract class System.TimeZone', 'all', {
  'static TimeZone CurrentTimeZone { get; }': () => new NetLegacyTimeZone(),
  'string StandardName { get; }': () => 'Coordinated Universal Time',
  'string DaylightName { get; }': () => 'Coordinated Universal Time',
  'TimeSpan GetUtcOffset(DateTime time)': ZERO,
  'bool IsDaylightSavingTime(DateTime time)': () => false,
  'static bool IsDaylightSavingTime(DateTime time, DaylightTime daylightTimes)': (time: NetDateTime, changes: NetDaylightTime) =>
    changes.delta.ticks !== 0n && time.ticks >= changes.start.ticks && time.ticks < changes.end.ticks,
  'DaylightTime GetDaylightChanges(int year)': () => new NetDaylightTime(new NetDateTime(0n), new NetDateTime(0n), ZERO()),
  'DateTime ToLocalTime(DateTime time)': (_zone: unknown, time: NetDateTime) => new NetDateTime(time.ticks, KIND.local),
  'DateTime ToUniversalTime(DateTime time)': (_zone: unknown, time: NetDateTime) => new NetDateTime(time.ticks, KIND.utc),
});

class NetDaylightTime implements NetObject {
  readonly start: NetDateTime;
  readonly end: NetDateTime;
  readonly delta: NetTimeSpan;

  constructor(start: NetDateTime, end: NetDateTime, delta: NetTimeSpan) {
    this.start = start;
    this.end = end;
    this.delta = delta;
  }

  get netType(): TypeDeclaration {
    return daylightTimeType;
  }
}

export const daylightTimeType: TypeDeclaration = declareType('class System.Globalization.DaylightTime', 'none', {
  'DaylightTime(DateTime start, DateTime end, TimeSpan delta)': (start: NetDateTime, end: NetDateTime, delta: NetTimeSpan) =>
    new NetDaylightTime(start, end, delta),
  'DateTime Start { get; }': (self: NetDaylightTime) => self.start,
  'DateTime End { get; }': (self: NetDaylightTime) => self.end,
  'TimeSpan Delta { get; }': (self: NetDaylightTime) => self.delta,
});
