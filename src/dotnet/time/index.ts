/** Dates, times, spans and zones of .NET. */
import { declareEnum, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { dateTimeOffsetType } from './date-time-offset-type.ts';
import { dateTimeType } from './date-time-type.ts';
import { timeSpanType } from './time-span-type.ts';
import { daylightTimeType, timeZoneInfoType, timeZoneType } from './time-zone-type.ts';
import { adjustmentRuleType, transitionTimeType } from './zone-rules.ts';

const enums: readonly TypeDeclaration[] = [
  declareEnum('System.DayOfWeek', 'implied', { Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 }),
  declareEnum('System.DateTimeKind', ['Utc'], { Unspecified: 0, Utc: 1, Local: 2 }),
  declareEnum(
    'System.Globalization.DateTimeStyles',
    'none',
    {
      ...{ None: 0, AllowLeadingWhite: 1, AllowTrailingWhite: 2, AllowInnerWhite: 4, AllowWhiteSpaces: 7, NoCurrentDateDefault: 8 },
      ...{ AdjustToUniversal: 16, AssumeLocal: 32, AssumeUniversal: 64, RoundtripKind: 128 },
    },
    { flags: true },
  ),
  declareEnum('System.Globalization.TimeSpanStyles', 'none', { None: 0, AssumeNegative: 1 }, { flags: true }),
];

/** The declarations of this family. */
export const timeTypes: readonly TypeDeclaration[] = [
  dateTimeType,
  dateTimeOffsetType,
  timeSpanType,
  timeZoneInfoType,
  adjustmentRuleType,
  transitionTimeType,
  timeZoneType,
  daylightTimeType,
  ...enums,
];
