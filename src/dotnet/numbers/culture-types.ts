/** Culture and number styles as far as formatting and parsing take them: every culture behaves as the invariant one. */
import { argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject, TypeObject } from '../../csharp/runtime/values.ts';
import { declareEnum, declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';

class NetCulture implements NetObject {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  get netType(): TypeDeclaration {
    return cultureType;
  }
  netToString(): string {
    return this.name;
  }
  netEquals(other: unknown): boolean {
    return other instanceof NetCulture && other.name === this.name;
  }
  netHashCode(): number {
    return this.name.length;
  }
}

/** `Culture is not supported.` for everything but the invariant culture: numbers and dates would come out wrong. */
function named(name: string | null): NetCulture {
  if (name === null) throw argumentNull('name');
  if (name === '') return new NetCulture('');
  throw new NetException(
    'System.Globalization.CultureNotFoundException',
    `Only the invariant culture is supported in globalization-invariant mode. See https://aka.ms/GlobalizationInvariantMode for more information. (Parameter 'name')\n${name} is an invalid culture identifier.`,
    null,
    { ParamName: 'name' },
  );
}

/** Number 127 is the invariant culture. */
function numbered(culture: number): NetCulture {
  return named(culture === 127 ? '' : String(culture));
}

const invariant = (): NetCulture => new NetCulture('');

const formatProviderType = declareType('interface System.IFormatProvider', 'implied', {});

const cultureType: TypeDeclaration = declareType('class System.Globalization.CultureInfo : IFormatProvider', 'none', {
  'CultureInfo(string name)': named,
  'CultureInfo(string name, bool useUserOverride)': (name: string | null) => named(name),
  'CultureInfo(int culture)': numbered,
  'CultureInfo(int culture, bool useUserOverride)': numbered,
  'static CultureInfo InvariantCulture { get; }': invariant,
  'static CultureInfo CurrentCulture { get; }': invariant,
  'static CultureInfo CurrentUICulture { get; }': invariant,
  'static CultureInfo InstalledUICulture { get; }': invariant,
  'static CultureInfo DefaultThreadCurrentCulture { get; }': () => null,
  'static CultureInfo DefaultThreadCurrentUICulture { get; }': () => null,
  'static CultureInfo CreateSpecificCulture(string name)': named,
  'static CultureInfo GetCultureInfo(string name)': named,
  'static CultureInfo GetCultureInfo(string name, string altName)': (name: string | null) => named(name),
  'static CultureInfo GetCultureInfo(string name, bool predefinedOnly)': (name: string | null) => named(name),
  'static CultureInfo GetCultureInfo(int culture)': numbered,
  'static CultureInfo GetCultureInfoByIetfLanguageTag(string name)': named,
  'static CultureInfo ReadOnly(CultureInfo ci)': (culture: NetCulture) => culture,
  'string Name { get; }': (culture: NetCulture) => culture.name,
  'string DisplayName { get; }': () => 'Invariant Language (Invariant Country)',
  'string EnglishName { get; }': () => 'Invariant Language (Invariant Country)',
  'string NativeName { get; }': () => 'Invariant Language (Invariant Country)',
  'string IetfLanguageTag { get; }': (culture: NetCulture) => culture.name,
  'string TwoLetterISOLanguageName { get; }': () => 'iv',
  'string ThreeLetterISOLanguageName { get; }': () => 'ivl',
  'string ThreeLetterWindowsLanguageName { get; }': () => 'IVL',
  'int LCID { get; }': () => 127,
  'int KeyboardLayoutId { get; }': () => 127,
  'bool IsNeutralCulture { get; }': () => false,
  'bool IsReadOnly { get; }': () => true,
  'bool UseUserOverride { get; }': () => false,
  'CultureInfo Parent { get; }': invariant,
  'CultureInfo GetConsoleFallbackUICulture()': invariant,
  'NumberFormatInfo NumberFormat { get; }': () => new NetNumberFormat(),
  'object GetFormat(Type formatType)': (_culture: NetCulture, type: TypeObject | null) =>
    type?.name === 'System.Globalization.NumberFormatInfo' ? new NetNumberFormat() : null,
  'void ClearCachedData()': () => undefined,
  'object Clone()': (culture: NetCulture) => culture,
  'bool Equals(object value)': (culture: NetCulture, other: unknown) => culture.netEquals(other),
  'int GetHashCode()': (culture: NetCulture) => culture.netHashCode(),
  'string ToString()': (culture: NetCulture) => culture.name,
});

class NetNumberFormat implements NetObject {
  get netType(): TypeDeclaration {
    return numberFormatType;
  }
}

const numberFormatType: TypeDeclaration = declareType('class System.Globalization.NumberFormatInfo : IFormatProvider', 'none', {
  'static NumberFormatInfo InvariantInfo { get; }': () => new NetNumberFormat(),
  'static NumberFormatInfo CurrentInfo { get; }': () => new NetNumberFormat(),
  'string NumberDecimalSeparator { get; }': () => '.',
  'string NumberGroupSeparator { get; }': () => ',',
  'string CurrencySymbol { get; }': () => '¤',
  'string PercentSymbol { get; }': () => '%',
  'string PerMilleSymbol { get; }': () => '‰',
  'string NegativeSign { get; }': () => '-',
  'string PositiveSign { get; }': () => '+',
  'string NaNSymbol { get; }': () => 'NaN',
  'string PositiveInfinitySymbol { get; }': () => 'Infinity',
  'string NegativeInfinitySymbol { get; }': () => '-Infinity',
  'int NumberDecimalDigits { get; }': () => 2,
  'int CurrencyDecimalDigits { get; }': () => 2,
  'int PercentDecimalDigits { get; }': () => 2,
});

const enums: readonly TypeDeclaration[] = [
  declareEnum('System.MidpointRounding', 'all', { ToEven: 0, AwayFromZero: 1, ToZero: 2, ToNegativeInfinity: 3, ToPositiveInfinity: 4 }),
  declareEnum('System.Base64FormattingOptions', 'implied', { None: 0, InsertLineBreaks: 1 }, { flags: true }),
  declareEnum('System.TypeCode', 'implied', {
    ...{ Empty: 0, Object: 1, DBNull: 2, Boolean: 3, Char: 4, SByte: 5, Byte: 6, Int16: 7, UInt16: 8, Int32: 9, UInt32: 10, Int64: 11 },
    ...{ UInt64: 12, Single: 13, Double: 14, Decimal: 15, DateTime: 16, String: 18 },
  }),
  declareEnum(
    'System.Globalization.NumberStyles',
    'none',
    {
      ...{ None: 0, AllowLeadingWhite: 1, AllowTrailingWhite: 2, AllowLeadingSign: 4, Integer: 7, AllowTrailingSign: 8 },
      ...{ AllowParentheses: 16, AllowDecimalPoint: 32, AllowThousands: 64, Number: 111, AllowExponent: 128, Float: 167 },
      ...{ AllowCurrencySymbol: 256, Currency: 383, Any: 511, AllowHexSpecifier: 512, HexNumber: 515, AllowBinarySpecifier: 1024 },
      BinaryNumber: 1027,
    },
    { flags: true },
  ),
];

export const cultureTypes: readonly TypeDeclaration[] = [formatProviderType, cultureType, numberFormatType, ...enums];
