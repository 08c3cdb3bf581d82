/** Filters over numbers: integers stay integers, anything else is reckoned in decimals. */
import { NetException } from '../../../csharp/runtime/exception.ts';
import { NetDateTime } from '../../../dotnet/json/dates.ts';
import {
  addDecimals,
  compareDecimals,
  decimalToDouble,
  divideDecimals,
  multiplyDecimals,
  NetDecimal,
  negateDecimal,
  remainderDecimals,
  roundDecimal,
  subtractDecimals,
} from '../../../dotnet/numbers/decimal.ts';
import { dateTimeFromUnix } from '../../../dotnet/time/date-time.ts';
import { callStatic } from '../../../exchange/context/library.ts';
import { liquidError } from './errors.ts';
import type { Filter } from './filters.ts';
import { decimalOf, integerOf, isList, isNumber, type LiquidValue, textOf } from './values.ts';

type Reckon = (a: NetDecimal, b: NetDecimal) => NetDecimal;

const LARGEST = (1n << 63n) - 1n;

function checked(value: bigint): bigint {
  if (value > LARGEST || value < -LARGEST - 1n) throw liquidError('Arithmetic operation resulted in an overflow');
  return value;
}

function arithmetic(whole: (a: bigint, b: bigint) => bigint, reckon: Reckon): Filter {
  return (input, [operand = null]) => {
    if (typeof input === 'bigint' && typeof operand === 'bigint') return checked(whole(input, operand));
    const [a, b] = [decimalOf(input), decimalOf(operand)];
    if (a === undefined || b === undefined) return null;
    const result = reckon(a, b);
    return isWhole(input) && isWhole(operand) ? checked(result.coefficient / 10n ** BigInt(result.scale)) : result;
  };
}

/** Texts of digits count as integers. */
function isWhole(value: LiquidValue): boolean {
  return typeof value === 'bigint' || (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value));
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw liquidError('Attempted to divide by zero');
  return value;
}

function nonZero(reckon: Reckon): Reckon {
  return (a, b) => {
    divisor(b.coefficient);
    return reckon(a, b);
  };
}

const plus = arithmetic((a, b) => a + b, addDecimals);
const times = arithmetic((a, b) => a * b, multiplyDecimals);

/** The result of both limits is a double; what is no number stays as it is. */
function limit(takesOther: (order: number) => boolean): Filter {
  return (input, [bound = null]) => {
    const [a, b] = [decimalOf(input), decimalOf(bound)];
    if (a === undefined || b === undefined) return input;
    return decimalToDouble(takesOther(compareDecimals(a, b)) ? b : a);
  };
}

/** Rounds away from (`1`) or towards zero and below (`-1`). */
function stepped(direction: 1 | -1): Filter {
  return (input) => {
    const value = decimalOf(input);
    if (value === undefined) return null;
    const unit = 10n ** BigInt(value.scale);
    const whole = value.coefficient / unit;
    const isOff = value.coefficient % unit !== 0n && value.coefficient > 0n === direction > 0;
    return new NetDecimal(isOff ? whole + BigInt(direction) : whole, 0);
  };
}

function date(input: LiquidValue, [format = null]: readonly LiquidValue[], runtime: Parameters<Filter>[2]): LiquidValue {
  if (input === null) return null;
  const pattern = textOf(format);
  if (pattern === '') return textOf(input);
  const value = input instanceof NetDateTime ? input : dateIn(textOf(input), runtime);
  return value === undefined ? textOf(input) : value.netFormat(pattern);
}

function dateIn(text: string, runtime: Parameters<Filter>[2]): NetDateTime | undefined {
  const isNow = /^(?:now|today)$/i.test(text);
  try {
    const value = isNow ? dateTimeFromUnix(runtime.host.now()) : parsed(text, runtime);
    return value instanceof NetDateTime ? value : undefined;
  } catch (error) {
    if (error instanceof NetException) return undefined;
    throw error;
  }
}

function parsed(text: string, runtime: Parameters<Filter>[2]): unknown {
  return callStatic(runtime, 'System.DateTime', 'Parse', ['string'], text);
}

/** Currency by region for language tags; the invariant culture's sign without one. */
const CURRENCIES: Readonly<Record<string, string>> = {
  AU: 'AUD',
  AT: 'EUR',
  BE: 'EUR',
  BR: 'BRL',
  CA: 'CAD',
  CH: 'CHF',
  CN: 'CNY',
  CZ: 'CZK',
  DE: 'EUR',
  DK: 'DKK',
  ES: 'EUR',
  FI: 'EUR',
  FR: 'EUR',
  GB: 'GBP',
  GR: 'EUR',
  HU: 'HUF',
  IE: 'EUR',
  IL: 'ILS',
  IN: 'INR',
  IT: 'EUR',
  JP: 'JPY',
  KR: 'KRW',
  MX: 'MXN',
  NL: 'EUR',
  NO: 'NOK',
  NZ: 'NZD',
  PL: 'PLN',
  PT: 'EUR',
  RU: 'RUB',
  SE: 'SEK',
  SG: 'SGD',
  TR: 'TRY',
  US: 'USD',
  ZA: 'ZAR',
};

function currency(
  input: LiquidValue,
  [given = null]: readonly LiquidValue[],
  { culture = null }: { readonly culture?: string | null },
): LiquidValue {
  const tag = given ?? culture;
  const value = decimalOf(input);
  if (value === undefined) return textOf(input);
  if (tag === null) return value.netFormat('C');
  const language = textOf(tag);
  const code = CURRENCIES[/-([A-Z]{2})$/.exec(language)?.[1] ?? ''];
  if (code === undefined) throw liquidError(`Culture '${language}' is not supported`);
  return new Intl.NumberFormat(language, { style: 'currency', currency: code }).format(decimalToDouble(value));
}

export const numberFilters: Readonly<Record<string, Filter>> = {
  Abs: (input) => {
    const value = decimalOf(input);
    return value === undefined ? 0 : decimalToDouble(value.coefficient < 0n ? negateDecimal(value) : value);
  },
  AtLeast: limit((order) => order < 0),
  AtMost: limit((order) => order > 0),
  Ceil: stepped(1),
  Floor: stepped(-1),
  Currency: currency,
  Date: date,
  DividedBy: arithmetic((a, b) => a / divisor(b), nonZero(divideDecimals)),
  Minus: arithmetic((a, b) => a - b, subtractDecimals),
  Modulo: arithmetic((a, b) => a % divisor(b), nonZero(remainderDecimals)),
  Plus: (input, given, runtime) => (typeof input === 'string' ? input + textOf(given[0] ?? null) : plus(input, given, runtime)),
  Round: (input, [places = 0n]) => {
    const value = isNumber(input) || !isList(input) ? decimalOf(input) : undefined;
    return value === undefined ? null : roundDecimal(value, Math.min(28, Math.max(0, integerOf(places))), 0);
  },
  Times: (input, given, runtime) => {
    const count = given[0] ?? null;
    if (typeof input !== 'string' || typeof count !== 'bigint') return times(input, given, runtime);
    runtime.budget.allocate(input.length * Math.max(0, Number(count)));
    return input.repeat(Math.max(0, Number(count)));
  },
};
