/** Settings objects of Newtonsoft.Json, and the enums that their properties take. */

import { notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareEnum, declareType, type MemberTable, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { equals as equalTexts, ruleOf } from '../text/comparison.ts';
import { callDeclared } from './convert.ts';
import { KIND } from './kinds.ts';
import type { MergeOptions } from './merge.ts';
import type { Search } from './path-steps.ts';
import type { LoadOptions } from './reader.ts';
import type { SerializeOptions } from './serialize.ts';
import type { WriteOptions } from './writer.ts';

/** An instance of one of the settings classes: property values by name, in their run-time representation. */
export class Settings implements NetObject {
  readonly netType: TypeDeclaration;
  readonly values: Map<string, unknown>;

  constructor(netType: TypeDeclaration, values: Iterable<readonly [string, unknown]> = []) {
    this.netType = netType;
    this.values = new Map(values);
  }
  number(name: string, otherwise = 0): number {
    const value = this.values.get(name);
    return typeof value === 'number' ? value : otherwise;
  }
}

type Maybe<T> = T | null;

/** C# type, name and default of each property. */
type PropertyList = readonly (readonly [type: string, name: string, initial: unknown])[];

function settingsType(name: string, properties: PropertyList): TypeDeclaration {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  const table: Record<string, MemberTable[string]> = {
    [`${simple}()`]: () => new Settings(type),
  };
  if (simple === 'JsonSerializerSettings')
    table[`${simple}(JsonSerializerSettings original)`] = (original: Settings) => new Settings(type, original.values);
  for (const [propertyType, property, initial] of properties)
    table[`${propertyType} ${property} { get; set; }`] = {
      get: (settings: Settings) => (settings.values.has(property) ? settings.values.get(property) : initial),
      set: (settings: Settings, value: unknown) => {
        settings.values.set(property, value);
      },
    };
  const type: TypeDeclaration = declareType(`class ${name}`, 'implied', table);
  return type;
}

const LINQ = 'Newtonsoft.Json.Linq';
const JSON_NAMESPACE = 'Newtonsoft.Json';

const enums = [
  declareEnum(`${JSON_NAMESPACE}.Formatting`, 'all', { None: 0, Indented: 1 }),
  declareEnum(`${JSON_NAMESPACE}.NullValueHandling`, 'implied', { Include: 0, Ignore: 1 }),
  declareEnum(
    `${JSON_NAMESPACE}.DefaultValueHandling`,
    'implied',
    { Include: 0, Ignore: 1, Populate: 2, IgnoreAndPopulate: 3 },
    { flags: true },
  ),
  declareEnum(`${JSON_NAMESPACE}.MissingMemberHandling`, 'implied', { Ignore: 0, Error: 1 }),
  declareEnum(`${JSON_NAMESPACE}.ReferenceLoopHandling`, 'implied', { Error: 0, Ignore: 1, Serialize: 2 }),
  declareEnum(`${JSON_NAMESPACE}.ObjectCreationHandling`, 'implied', { Auto: 0, Reuse: 1, Replace: 2 }),
  declareEnum(`${JSON_NAMESPACE}.ConstructorHandling`, 'implied', { Default: 0, AllowNonPublicDefaultConstructor: 1 }),
  declareEnum(`${JSON_NAMESPACE}.DateFormatHandling`, 'implied', { IsoDateFormat: 0, MicrosoftDateFormat: 1 }),
  declareEnum(`${JSON_NAMESPACE}.DateParseHandling`, 'implied', { None: 0, DateTime: 1, DateTimeOffset: 2 }),
  declareEnum(`${JSON_NAMESPACE}.DateTimeZoneHandling`, 'implied', { Local: 0, Utc: 1, Unspecified: 2, RoundtripKind: 3 }),
  declareEnum(`${JSON_NAMESPACE}.FloatFormatHandling`, 'implied', { String: 0, Symbol: 1, DefaultValue: 2 }),
  declareEnum(`${JSON_NAMESPACE}.FloatParseHandling`, 'implied', { Double: 0, Decimal: 1 }),
  declareEnum(`${JSON_NAMESPACE}.StringEscapeHandling`, 'implied', { Default: 0, EscapeNonAscii: 1, EscapeHtml: 2 }),
  declareEnum(`${JSON_NAMESPACE}.MetadataPropertyHandling`, 'implied', { Default: 0, ReadAhead: 1, Ignore: 2 }),
  declareEnum(`${JSON_NAMESPACE}.TypeNameHandling`, 'implied', { None: 0, Objects: 1, Arrays: 2, All: 3, Auto: 4 }, { flags: true }),
  declareEnum(`${JSON_NAMESPACE}.TypeNameAssemblyFormatHandling`, 'implied', { Simple: 0, Full: 1 }),
  declareEnum(`${JSON_NAMESPACE}.PreserveReferencesHandling`, 'implied', { None: 0, Objects: 1, Arrays: 2, All: 3 }, { flags: true }),
  declareEnum(`${LINQ}.JTokenType`, 'all', KIND),
  declareEnum(`${LINQ}.MergeArrayHandling`, 'implied', { Concat: 0, Union: 1, Replace: 2, Merge: 3 }),
  declareEnum(`${LINQ}.MergeNullValueHandling`, 'implied', { Ignore: 0, Merge: 1 }, { flags: true }),
  declareEnum(`${LINQ}.CommentHandling`, 'implied', { Ignore: 0, Load: 1 }),
  declareEnum(`${LINQ}.LineInfoHandling`, 'implied', { Ignore: 0, Load: 1 }),
  declareEnum(`${LINQ}.DuplicatePropertyNameHandling`, 'implied', { Replace: 0, Ignore: 1, Error: 2 }),
];

const classes = [
  settingsType(`${JSON_NAMESPACE}.JsonSerializerSettings`, [
    ['bool', 'CheckAdditionalContent', false],
    ['ConstructorHandling', 'ConstructorHandling', 0],
    ['DateFormatHandling', 'DateFormatHandling', 0],
    ['string', 'DateFormatString', "yyyy'-'MM'-'dd'T'HH':'mm':'ss.FFFFFFFK"],
    ['DateParseHandling', 'DateParseHandling', 1],
    ['DateTimeZoneHandling', 'DateTimeZoneHandling', 3],
    ['DefaultValueHandling', 'DefaultValueHandling', 0],
    ['FloatFormatHandling', 'FloatFormatHandling', 0],
    ['FloatParseHandling', 'FloatParseHandling', 0],
    ['Formatting', 'Formatting', 0],
    ['int?', 'MaxDepth', 64],
    ['MetadataPropertyHandling', 'MetadataPropertyHandling', 0],
    ['MissingMemberHandling', 'MissingMemberHandling', 0],
    ['NullValueHandling', 'NullValueHandling', 0],
    ['ObjectCreationHandling', 'ObjectCreationHandling', 0],
    ['PreserveReferencesHandling', 'PreserveReferencesHandling', 0],
    ['ReferenceLoopHandling', 'ReferenceLoopHandling', 0],
    ['StringEscapeHandling', 'StringEscapeHandling', 0],
    ['TypeNameAssemblyFormatHandling', 'TypeNameAssemblyFormatHandling', 0],
    ['TypeNameHandling', 'TypeNameHandling', 0],
  ]),
  settingsType(`${LINQ}.JsonMergeSettings`, [
    ['MergeArrayHandling', 'MergeArrayHandling', 0],
    ['MergeNullValueHandling', 'MergeNullValueHandling', 0],
    ['StringComparison', 'PropertyNameComparison', 4],
  ]),
  settingsType(`${LINQ}.JsonLoadSettings`, [
    ['CommentHandling', 'CommentHandling', 0],
    ['LineInfoHandling', 'LineInfoHandling', 1],
    ['DuplicatePropertyNameHandling', 'DuplicatePropertyNameHandling', 0],
  ]),
  settingsType(`${LINQ}.JsonSelectSettings`, [
    ['bool', 'ErrorWhenNoMatch', false],
    ['TimeSpan?', 'RegexMatchTimeout', null],
  ]),
  settingsType(`${LINQ}.JsonCloneSettings`, [['bool', 'CopyAnnotations', true]]),
  // Named by signatures only: an expression cannot make one.
  declareType(`abstract class ${JSON_NAMESPACE}.JsonConverter`, 'implied', {}),
  declareType(`abstract class ${JSON_NAMESPACE}.JsonSerializer`, 'implied', {}),
];

export const settingsTypes: readonly TypeDeclaration[] = [...enums, ...classes];

/**
 * Values of JsonSerializerSettings that .NET acts upon and this library does not: refused when they are used, for a result that
 * quietly differs is worse than none. Each names the values that are fine; undefined means that it was never set.
 */
const UNSUPPORTED: Readonly<Record<'reading' | 'writing', readonly (readonly [name: string, fine: readonly unknown[]])[]>> = {
  reading: [
    ['DateParseHandling', [0, 1]],
    ['DateTimeZoneHandling', [3]],
    ['FloatParseHandling', [0]],
    ['MetadataPropertyHandling', [0]],
    ['TypeNameHandling', [0]],
  ],
  writing: [
    ['PreserveReferencesHandling', [0]],
    ['TypeNameHandling', [0]],
  ],
};

function refuseUnsupported(settings: Maybe<Settings>, use: 'reading' | 'writing'): void {
  for (const [name, fine] of UNSUPPORTED[use]) {
    const value = settings?.values.get(name);
    if (value !== undefined && !fine.includes(value))
      throw notSupported(`JsonSerializerSettings.${name} is supported with its default value only when ${use} JSON.`);
  }
  if (use === 'reading' && settings?.values.get('MaxDepth') === null)
    throw notSupported('JsonSerializerSettings.MaxDepth must be a number: depth without a bound is not supported.');
}

export function loadOptions(settings: Maybe<Settings>): LoadOptions {
  if (settings === null) return {};
  return {
    comments: settings.number('CommentHandling'),
    duplicates: settings.number('DuplicatePropertyNameHandling'),
    lines: settings.number('LineInfoHandling', 1) === 1,
  };
}

export function mergeOptions(settings: Maybe<Settings>): MergeOptions {
  const comparison = settings?.number('PropertyNameComparison', 4) ?? 4;
  const rule = ruleOf(comparison);
  return {
    arrays: settings?.number('MergeArrayHandling') ?? 0,
    nulls: settings?.number('MergeNullValueHandling') === 1,
    sameName: comparison === 4 ? undefined : (a, b) => equalTexts(a, b, rule),
  };
}

/** How SelectToken searches; `=~` runs the library's Regex. */
export function searchOf(runtime: Runtime, errorWhenNoMatch: boolean): Search {
  const matches = (input: string, pattern: string, options: string): boolean =>
    callDeclared(
      runtime,
      'System.Text.RegularExpressions.Regex',
      'IsMatch',
      ['string', 'string', 'RegexOptions'],
      [input, pattern, regexOptions(options)],
    ) === true;
  return { errorWhenNoMatch, budget: runtime.budget, matches };
}

const REGEX_OPTIONS: Readonly<Record<string, number>> = { i: 1, m: 2, x: 4, s: 16 };

function regexOptions(letters: string): number {
  let options = 0;
  for (const letter of letters) options |= REGEX_OPTIONS[letter] ?? 0;
  return options;
}

export function selectSearch(runtime: Runtime, settings: Maybe<Settings>): Search {
  return searchOf(runtime, settings?.values.get('ErrorWhenNoMatch') === true);
}

/** What JsonConvert writes under the settings. */
export function writeOptions(settings: Maybe<Settings>, formatting: number | undefined): WriteOptions {
  refuseUnsupported(settings, 'writing');
  const format = settings?.values.get('DateFormatString');
  return {
    indented: (formatting ?? settings?.number('Formatting') ?? 0) === 1,
    escapeHandling: settings?.number('StringEscapeHandling') ?? 0,
    floatHandling: settings?.number('FloatFormatHandling') ?? 0,
    dateFormat: typeof format === 'string' ? format : undefined,
    zoneHandling: settings?.number('DateTimeZoneHandling', 3) ?? 3,
    microsoftDates: settings?.number('DateFormatHandling') === 1,
  };
}

export function serializeOptions(settings: Maybe<Settings>): SerializeOptions {
  const defaults = settings?.number('DefaultValueHandling') ?? 0;
  return { ignoreNulls: settings?.number('NullValueHandling') === 1, ignoreDefaults: (defaults & 1) === 1 };
}

export function readOptions(settings: Maybe<Settings>): LoadOptions {
  refuseUnsupported(settings, 'reading');
  const depth = settings?.values.get('MaxDepth');
  return {
    additionalContent: settings?.values.get('CheckAdditionalContent') === false,
    dates: (settings?.number('DateParseHandling', 1) ?? 1) !== 0,
    keepRaw: true,
    ...(typeof depth === 'number' ? { maxDepth: depth } : {}),
  };
}
