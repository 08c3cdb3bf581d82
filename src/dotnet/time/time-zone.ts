/** System.TimeZoneInfo: a zone by Windows or IANA name, and conversions between zones. The local zone is UTC. */
import { argument, argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { dateOf, ticksOfDate, weekdayOf } from './calendar.ts';
import { offsetText } from './date-format.ts';
import { NetDateTime } from './date-time.ts';
import { NetDateTimeOffset } from './date-time-offset.ts';
import { KIND, MAX_DATE, TICKS_PER_DAY, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, UNIX_EPOCH } from './ticks.ts';
import { NetTimeSpan } from './time-span.ts';
import { timeZoneInfoType } from './time-zone-type.ts';
import { fixedClock, ianaClock, inRange, offsetAtUtc, offsetsAtLocal, transitionsOf, type ZoneClock } from './zone-clock.ts';
import { ruleClock } from './zone-custom.ts';
import { ianaOfWindows, windowsOfIana } from './zone-names.ts';
import { NetAdjustmentRule, NetTransitionTime } from './zone-rules.ts';

/** Names that a custom zone brings along. */
export interface ZoneNames {
  readonly display: string;
  readonly standard: string;
  readonly daylight: string;
}

export class NetTimeZone implements NetObject {
  readonly id: string;
  readonly clock: ZoneClock;
  /** The year whose rules describe the zone: the current one. */
  readonly year: number;
  readonly #names: ZoneNames | undefined;
  readonly #rules: readonly NetAdjustmentRule[] | undefined;

  constructor(id: string, clock: ZoneClock, year: number, names?: ZoneNames, rules?: readonly NetAdjustmentRule[]) {
    this.id = id;
    this.clock = clock;
    this.year = year;
    this.#names = names;
    this.#rules = rules;
  }

  get netType(): TypeDeclaration {
    return timeZoneInfoType;
  }
  netToString(): string {
    return this.displayName;
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetTimeZone && other.id.toLowerCase() === this.id.toLowerCase() && this.sameRules(other);
  }
  netHashCode(): number {
    return this.id.length * 31 + this.#winterOffset();
  }

  #winterOffset(): number {
    return Math.min(this.clock.offsetAt(Date.UTC(this.year, 0, 1)), this.clock.offsetAt(Date.UTC(this.year, 6, 1)));
  }
  #momentOf(winter: boolean): number {
    const january = Date.UTC(this.year, 0, 1);
    return (this.clock.offsetAt(january) === this.#winterOffset()) === winter ? january : Date.UTC(this.year, 6, 1);
  }

  /** Standard time's offset. */
  get baseOffset(): bigint {
    return BigInt(this.#winterOffset()) * TICKS_PER_MINUTE;
  }
  get standardName(): string {
    return this.#names?.standard ?? this.clock.nameAt(this.#momentOf(true));
  }
  get daylightName(): string {
    if (this.#names) return this.#names.daylight;
    return this.supportsDaylight ? this.clock.nameAt(this.#momentOf(false)) : this.standardName;
  }
  get displayName(): string {
    if (this.#names) return this.#names.display;
    const offset = this.baseOffset === 0n ? '' : offsetText(this.baseOffset, 3);
    return `(UTC${offset}) ${this.id === 'UTC' ? 'Coordinated Universal Time' : this.standardName}`;
  }
  get supportsDaylight(): boolean {
    return this.rules.length > 0;
  }

  /** One rule made from the current year's changes; none where the clocks stay. */
  get rules(): readonly NetAdjustmentRule[] {
    if (this.#rules) return this.#rules;
    const [first, second, third] = transitionsOf(this.clock, this.year);
    if (first === undefined || second === undefined || third !== undefined) return [];
    const summer = this.clock.offsetAt(first) > this.clock.offsetAt(second);
    const delta = BigInt(Math.abs(this.clock.offsetAt(first) - this.clock.offsetAt(second))) * TICKS_PER_MINUTE;
    const [start, end] = summer ? [first, second] : [second, first];
    const last = new NetDateTime(MAX_DATE - (MAX_DATE % TICKS_PER_DAY));
    return [new NetAdjustmentRule(new NetDateTime(0n), last, new NetTimeSpan(delta), this.#transition(start), this.#transition(end))];
  }

  /** The change as "n-th weekday of a month, at a time of the clock before it". */
  #transition(at: number): NetTransitionTime {
    const before = BigInt(this.clock.offsetAt(at - 60_000)) * TICKS_PER_MINUTE;
    const local = UNIX_EPOCH + BigInt(at) * TICKS_PER_MILLISECOND + before;
    const { month, day } = dateOf(local);
    const isLast = dateOf(local + 7n * TICKS_PER_DAY).month !== month;
    const time = new NetDateTime(local % TICKS_PER_DAY);
    return new NetTransitionTime(time, month, isLast ? 5 : Math.ceil(day / 7), 1, weekdayOf(local), false);
  }

  sameRules(other: NetTimeZone): boolean {
    const [mine, theirs] = [this.rules, other.rules];
    return this.baseOffset === other.baseOffset && mine.length === theirs.length && mine.every((rule, at) => rule.netEquals(theirs[at]));
  }

  /** Offset of a DateTime: unspecified times are this zone's clock, others UTC. */
  offsetOf(value: NetDateTime): bigint {
    if (value.kind !== KIND.unspecified) return offsetAtUtc(this.clock, value.ticks);
    const offsets = offsetsAtLocal(this.clock, value.ticks);
    return offsets.at(-1) ?? this.baseOffset;
  }
}

export const utcZone = (year: number): NetTimeZone => new NetTimeZone('UTC', fixedClock(0, 'Coordinated Universal Time'), year);

/** The zone of a Windows or IANA name; undefined when there is none. */
export function findZone(id: string, year: number): NetTimeZone | undefined {
  if (/^(utc|etc\/utc)$/i.test(id)) return utcZone(year);
  const iana = id === '' ? undefined : ianaOf(id);
  const clock = iana === undefined ? undefined : ianaClock(iana);
  return clock ? new NetTimeZone(id, clock, year) : undefined;
}

/** An offset such as `+02:00` is a zone to JavaScript but not to .NET. */
function ianaOf(id: string): string | undefined {
  return ianaOfWindows(id) ?? (/^[A-Za-z]/.test(id) ? id : undefined);
}

/** The first IANA zone of a Windows name (in a region such as `DE`, if given). */
export function windowsToIana(id: string, region?: string | null): string | undefined {
  return (region ? ianaOfWindows(id, region) : undefined) ?? ianaOfWindows(id);
}

export function ianaToWindows(id: string): string | undefined {
  return windowsOfIana(id);
}

/** `The time zone ID 'x' was not found on the local computer.` */
export function zoneById(id: string | null, year: number): NetTimeZone {
  if (id === null) throw argumentNull('id');
  const zone = findZone(id, year);
  if (zone) return zone;
  throw new NetException('System.TimeZoneNotFoundException', `The time zone ID '${id}' was not found on the local computer.`);
}

/** A zone made up by the caller. */
export function customZone(
  id: string | null,
  offset: NetTimeSpan,
  names: ZoneNames,
  rules: readonly NetAdjustmentRule[],
  year: number,
): NetTimeZone {
  if (id === null) throw argumentNull('id');
  if (id === '') throw argument(`The specified ID parameter '' is not supported.`, 'id');
  const minutes = Number(offset.ticks / TICKS_PER_MINUTE);
  const clock = rules.length === 0 ? fixedClock(minutes, names.standard) : ruleClock(minutes, rules, names);
  return new NetTimeZone(id, clock, year, names, rules);
}

/** From clock time in one zone (or UTC, by its kind) to another zone's clock. Throws ArgumentException for times that never were. */
export function convertTime(value: NetDateTime, source: NetTimeZone, target: NetTimeZone): NetDateTime {
  const universal = toUniversal(value, source);
  const ticks = inRange(universal + offsetAtUtc(target.clock, universal));
  return new NetDateTime(ticks, isUtc(target) ? KIND.utc : KIND.unspecified);
}

/** A time whose kind says that it belongs to another zone. */
export function refuseKind(): never {
  throw argument(
    'The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly.  For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.',
    'sourceTimeZone',
  );
}

export function toUniversal(value: NetDateTime, source: NetTimeZone): bigint {
  if (value.kind !== KIND.unspecified) {
    return isUtc(source) ? value.ticks : refuseKind();
  }
  const offsets = offsetsAtLocal(source.clock, value.ticks);
  const offset = offsets.at(-1);
  if (offset === undefined)
    throw argument(
      'The supplied DateTime represents an invalid time.  For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.',
      'dateTime',
    );
  return inRange(value.ticks - offset);
}

export function isUtc(zone: NetTimeZone): boolean {
  return zone.id === 'UTC';
}

/** A moment on another zone's clock. */
export function convertOffset(value: NetDateTimeOffset, target: NetTimeZone): NetDateTimeOffset {
  const offset = offsetAtUtc(target.clock, value.utcTicks);
  return new NetDateTimeOffset(inRange(value.utcTicks + offset), offset);
}

/** The day that a floating or fixed transition falls on in a year, as local clock ticks. */
export function transitionTicks(transition: NetTransitionTime, year: number): bigint {
  const time = transition.timeOfDay.ticks % TICKS_PER_DAY;
  if (transition.isFixed) return ticksOfDate(year, transition.month, transition.day) + time;
  const first = ticksOfDate(year, transition.month, 1);
  const shift = (transition.dayOfWeek - weekdayOf(first) + 7) % 7;
  let ticks = first + BigInt(shift + (transition.week - 1) * 7) * TICKS_PER_DAY;
  if (dateOf(ticks).month !== transition.month) ticks -= 7n * TICKS_PER_DAY;
  return ticks + time;
}
