/** TimeZoneInfo.AdjustmentRule and TransitionTime: when a zone changes its clocks. */
import { argument } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { NetDateTime } from './date-time.ts';
import { NetTimeSpan } from './time-span.ts';

/** A fixed date, or the n-th weekday of a month (week 5 is the last). */
export class NetTransitionTime implements NetObject {
  readonly timeOfDay: NetDateTime;
  readonly month: number;
  readonly week: number;
  readonly day: number;
  readonly dayOfWeek: number;
  readonly isFixed: boolean;

  constructor(timeOfDay: NetDateTime, month: number, week: number, day: number, dayOfWeek: number, isFixed: boolean) {
    this.timeOfDay = timeOfDay;
    this.month = month;
    this.week = week;
    this.day = day;
    this.dayOfWeek = dayOfWeek;
    this.isFixed = isFixed;
  }

  get netType(): TypeDeclaration {
    return transitionTimeType;
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetTransitionTime && other.#key() === this.#key();
  }
  netHashCode(): number {
    return this.month ^ (this.week << 8);
  }
  #key(): string {
    return [this.timeOfDay.ticks, this.month, this.week, this.day, this.dayOfWeek, this.isFixed].join();
  }
}

export class NetAdjustmentRule implements NetObject {
  readonly start: NetDateTime;
  readonly end: NetDateTime;
  readonly delta: NetTimeSpan;
  readonly daylightStart: NetTransitionTime;
  readonly daylightEnd: NetTransitionTime;
  readonly baseDelta: NetTimeSpan;

  constructor(
    start: NetDateTime,
    end: NetDateTime,
    delta: NetTimeSpan,
    daylightStart: NetTransitionTime,
    daylightEnd: NetTransitionTime,
    baseDelta = new NetTimeSpan(0n),
  ) {
    this.start = start;
    this.end = end;
    this.delta = delta;
    this.daylightStart = daylightStart;
    this.daylightEnd = daylightEnd;
    this.baseDelta = baseDelta;
  }

  get netType(): TypeDeclaration {
    return adjustmentRuleType;
  }
  netEquals(other: unknown): boolean {
    if (!(other instanceof NetAdjustmentRule)) return false;
    const spans = other.start.ticks === this.start.ticks && other.end.ticks === this.end.ticks && other.delta.ticks === this.delta.ticks;
    return spans && this.daylightStart.netEquals(other.daylightStart) && this.daylightEnd.netEquals(other.daylightEnd);
  }
  netHashCode(): number {
    return this.start.netHashCode();
  }
}

function fixedDate(timeOfDay: NetDateTime, month: number, day: number): NetTransitionTime {
  return new NetTransitionTime(timeOfDay, month, 1, day, 0, true);
}

function floatingDate(timeOfDay: NetDateTime, month: number, week: number, dayOfWeek: number): NetTransitionTime {
  return new NetTransitionTime(timeOfDay, month, week, 1, dayOfWeek, false);
}

function createRule(
  start: NetDateTime,
  end: NetDateTime,
  delta: NetTimeSpan,
  daylightStart: NetTransitionTime,
  daylightEnd: NetTransitionTime,
  baseDelta?: NetTimeSpan,
): NetAdjustmentRule {
  if (start.ticks > end.ticks) throw argument('The DateStart property must come before the DateEnd property.', 'dateStart');
  return new NetAdjustmentRule(start, end, delta, daylightStart, daylightEnd, baseDelta);
}

type Transition = NetTransitionTime;
type Rule = NetAdjustmentRule;

export const transitionTimeType: TypeDeclaration = declareType(
  'struct System.TimeZoneInfo.TransitionTime : IEquatable<TimeZoneInfo.TransitionTime>',
  'all',
  {
    'TransitionTime()': () => fixedDate(new NetDateTime(0n), 1, 1),
    'static TimeZoneInfo.TransitionTime CreateFixedDateRule(DateTime timeOfDay, int month, int day)': fixedDate,
    'static TimeZoneInfo.TransitionTime CreateFloatingDateRule(DateTime timeOfDay, int month, int week, DayOfWeek dayOfWeek)': floatingDate,
    'int Day { get; }': (self: Transition) => self.day,
    'DayOfWeek DayOfWeek { get; }': (self: Transition) => self.dayOfWeek,
    'bool IsFixedDateRule { get; }': (self: Transition) => self.isFixed,
    'int Month { get; }': (self: Transition) => self.month,
    'DateTime TimeOfDay { get; }': (self: Transition) => self.timeOfDay,
    'int Week { get; }': (self: Transition) => self.week,
    'bool Equals(object obj)': (self: Transition, other: unknown) => self.netEquals(other),
    'bool Equals(TimeZoneInfo.TransitionTime other)': (self: Transition, other: Transition) => self.netEquals(other),
    'int GetHashCode()': (self: Transition) => self.netHashCode(),
    'static bool operator ==(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)': (a: Transition, b: Transition) =>
      a.netEquals(b),
    'static bool operator !=(TimeZoneInfo.TransitionTime t1, TimeZoneInfo.TransitionTime t2)': (a: Transition, b: Transition) =>
      !a.netEquals(b),
  },
  { nestedIn: 'System.TimeZoneInfo' },
);

const RULE = 'DateTime dateStart, DateTime dateEnd, TimeSpan daylightDelta';
const TRANSITIONS = 'TimeZoneInfo.TransitionTime daylightTransitionStart, TimeZoneInfo.TransitionTime daylightTransitionEnd';

export const adjustmentRuleType: TypeDeclaration = declareType(
  'class System.TimeZoneInfo.AdjustmentRule : IEquatable<TimeZoneInfo.AdjustmentRule>',
  'all',
  {
    [`static TimeZoneInfo.AdjustmentRule CreateAdjustmentRule(${RULE}, ${TRANSITIONS})`]: createRule,
    [`static TimeZoneInfo.AdjustmentRule CreateAdjustmentRule(${RULE}, ${TRANSITIONS}, TimeSpan baseUtcOffsetDelta)`]: createRule,
    'TimeSpan BaseUtcOffsetDelta { get; }': (self: Rule) => self.baseDelta,
    'DateTime DateEnd { get; }': (self: Rule) => self.end,
    'DateTime DateStart { get; }': (self: Rule) => self.start,
    'TimeSpan DaylightDelta { get; }': (self: Rule) => self.delta,
    'TimeZoneInfo.TransitionTime DaylightTransitionEnd { get; }': (self: Rule) => self.daylightEnd,
    'TimeZoneInfo.TransitionTime DaylightTransitionStart { get; }': (self: Rule) => self.daylightStart,
    'bool Equals(object obj)': (self: Rule, other: unknown) => self.netEquals(other),
    'bool Equals(TimeZoneInfo.AdjustmentRule other)': (self: Rule, other: Rule | null) => self.netEquals(other),
    'int GetHashCode()': (self: Rule) => self.netHashCode(),
  },
  { nestedIn: 'System.TimeZoneInfo' },
);
