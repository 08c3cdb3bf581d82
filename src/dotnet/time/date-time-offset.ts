/** System.DateTimeOffset: clock time with its offset from UTC in whole minutes. */
import { argument, argumentOutOfRange } from '../../csharp/runtime/exception.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import type { TypeDeclaration } from '../../csharp/types/declare.ts';
import { wrongType } from '../numbers/common-members.ts';
import { formatDateTime } from './date-format.ts';
import { DATE_STYLE, type DateFault, type ParsedDate } from './date-parts.ts';
import type { NetDateTime } from './date-time.ts';
import { dateTimeOffsetType } from './date-time-offset-type.ts';
import { compareTicks, hashTicks, KIND, MAX_DATE, TICKS_PER_HOUR, TICKS_PER_MINUTE } from './ticks.ts';

const MAX_OFFSET = 14n * TICKS_PER_HOUR;

export class NetDateTimeOffset implements NetObject {
  /** Clock ticks: UTC ticks plus offset. */
  readonly ticks: bigint;
  readonly offset: bigint;

  constructor(ticks: bigint, offset: bigint) {
    this.ticks = ticks;
    this.offset = offset;
  }

  get utcTicks(): bigint {
    return this.ticks - this.offset;
  }
  get netType(): TypeDeclaration {
    return dateTimeOffsetType;
  }
  netToString(): string {
    return formatDateTime(this.ticks, null, KIND.unspecified, this.offset);
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetDateTimeOffset && other.utcTicks === this.utcTicks;
  }
  netHashCode(): number {
    return hashTicks(this.utcTicks);
  }
  netCompareTo(other: unknown): number {
    if (!(other instanceof NetDateTimeOffset)) throw wrongType('DateTimeOffset');
    return compareTicks(this.utcTicks, other.utcTicks);
  }
  netFormat(format: string | null): string {
    return formatDateTime(this.ticks, format, KIND.unspecified, this.offset);
  }
}

/** Clock ticks at an offset. Throws ArgumentException or ArgumentOutOfRangeException for offsets that cannot be. */
export function atOffset(ticks: bigint, offset: bigint): NetDateTimeOffset {
  if (offset % TICKS_PER_MINUTE !== 0n) throw argument('Offset must be specified in whole minutes.', 'offset');
  if (offset > MAX_OFFSET || offset < -MAX_OFFSET) throw argumentOutOfRange('offset', 'Offset must be within plus or minus 14 hours.');
  const utc = ticks - offset;
  if (utc < 0n || utc > MAX_DATE)
    throw argumentOutOfRange('offset', 'The UTC time represented when the offset is applied must be between year 0 and 10,000.');
  return new NetDateTimeOffset(ticks, offset);
}

/** A DateTime as DateTimeOffset; local and unspecified times are UTC here. Throws ArgumentException when the offset does not fit the kind. */
export function offsetFromDateTime(value: NetDateTime, offset = 0n): NetDateTimeOffset {
  if (value.kind === KIND.utc && offset !== 0n) throw argument('The UTC Offset for Utc DateTime instances must be 0.', 'offset');
  if (value.kind === KIND.local && offset !== 0n)
    throw argument('The UTC Offset of the local dateTime parameter does not match the offset argument.', 'offset');
  return atOffset(value.ticks, offset);
}

/** As DateTimeOffset.Parse: without a written offset the local one, which is UTC. */
export function toOffset({ ticks, offset = 0n }: ParsedDate, styles: number): NetDateTimeOffset | DateFault {
  if (offset > MAX_OFFSET || offset < -MAX_OFFSET) return { fault: 'offset' };
  const utc = ticks - offset;
  if (utc < 0n || utc > MAX_DATE) return { fault: 'format' };
  return (styles & DATE_STYLE.adjustToUniversal) !== 0 ? new NetDateTimeOffset(utc, 0n) : new NetDateTimeOffset(ticks, offset);
}
