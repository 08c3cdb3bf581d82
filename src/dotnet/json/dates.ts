/** Dates in JSON: what text is read as one, and how one is written. Times of the local zone are UTC times. */
import { isDate, ticksOfDate } from '../time/calendar.ts';
import { NetDateTime } from '../time/date-time.ts';
import { NetDateTimeOffset } from '../time/date-time-offset.ts';
import { KIND, MAX_DATE, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND, UNIX_EPOCH } from '../time/ticks.ts';

/** Newtonsoft's DateTimeParser: at least seconds, up to seven decimals, then nothing, Z or an offset. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;
const MICROSOFT = /^\/Date\((-?\d+)(?:([+-])(\d\d)(\d\d)?)?\)\/$/;

/** The date in a JSON string, or undefined when it is plain text. */
export function dateInText(text: string): NetDateTime | undefined {
  if (text.startsWith('/Date(')) return microsoftDate(text);
  if (text.length < 19 || text.length > 40 || text[10] !== 'T') return undefined;
  const parts = ISO.exec(text);
  return parts === null ? undefined : isoDate(parts);
}

function isoDate(parts: RegExpExecArray): NetDateTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (!isDate(year, month, day) || hour > 24 || minute > 59 || second > 59) return undefined;
  const fraction = BigInt((parts[7] ?? '').padEnd(7, '0'));
  if (hour === 24 && (minute > 0 || second > 0 || fraction > 0n)) return undefined;
  const clock = BigInt(hour) * TICKS_PER_HOUR + BigInt(minute) * TICKS_PER_MINUTE + BigInt(second) * TICKS_PER_SECOND + fraction;
  const ticks = ticksOfDate(year, month, day) + clock;
  if (parts[8] !== undefined) return inRange(ticks, KIND.utc);
  if (parts[9] === undefined) return inRange(ticks, KIND.unspecified);
  return inRange(ticks - offsetOf(parts[9], parts[10], parts[11]), KIND.local);
}

function offsetOf(sign: string, hours = '0', minutes = '0'): bigint {
  const offset = BigInt(hours) * TICKS_PER_HOUR + BigInt(minutes) * TICKS_PER_MINUTE;
  return sign === '-' ? -offset : offset;
}

function inRange(ticks: bigint, kind: number): NetDateTime | undefined {
  return ticks < 0n || ticks > MAX_DATE ? undefined : new NetDateTime(ticks, kind);
}

function microsoftDate(text: string): NetDateTime | undefined {
  const parts = MICROSOFT.exec(text);
  if (parts === null) return undefined;
  return inRange(UNIX_EPOCH + BigInt(parts[1] ?? 0) * TICKS_PER_MILLISECOND, parts[2] === undefined ? KIND.utc : KIND.local);
}

/** `2024-01-15T10:30:45Z`; fractions as far as there are any, the zone by kind. */
export function isoText(value: NetDateTime): string {
  return clockText(value.ticks) + zoneText(value.kind);
}

function zoneText(kind: number): string {
  return kind === KIND.utc ? 'Z' : kind === KIND.local ? '+00:00' : '';
}

export function isoOffsetText(value: NetDateTimeOffset): string {
  const { offset } = value;
  const size = offset < 0n ? -offset : offset;
  const pad = (part: bigint): string => String(part).padStart(2, '0');
  const zone = `${offset < 0n ? '-' : '+'}${pad(size / TICKS_PER_HOUR)}:${pad((size % TICKS_PER_HOUR) / TICKS_PER_MINUTE)}`;
  return clockText(value.ticks) + zone;
}

function clockText(ticks: bigint): string {
  const text = new NetDateTime(ticks).netFormat("yyyy'-'MM'-'dd'T'HH':'mm':'ss");
  const fraction = ticks % TICKS_PER_SECOND;
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(7, '0').replace(/0+$/, '')}`;
}

export { NetDateTime, NetDateTimeOffset };
