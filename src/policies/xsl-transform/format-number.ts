/** format-number() with xsl:decimal-format (XSLT 1.0, section 12.3; patterns of JDK 1.1's DecimalFormat). */
import { transformFailure } from './errors.ts';

export interface DecimalFormat {
  readonly decimal: string;
  readonly grouping: string;
  readonly infinity: string;
  readonly minus: string;
  readonly nan: string;
  readonly percent: string;
  readonly perMille: string;
  readonly zero: string;
  readonly digit: string;
  readonly separator: string;
}

export const DEFAULT_FORMAT: DecimalFormat = {
  decimal: '.',
  grouping: ',',
  infinity: 'Infinity',
  minus: '-',
  nan: 'NaN',
  percent: '%',
  perMille: '\u2030',
  zero: '0',
  digit: '#',
  separator: ';',
};

interface Picture {
  readonly prefix: string;
  readonly suffix: string;
  readonly minimumWhole: number;
  readonly minimumFraction: number;
  readonly maximumFraction: number;
  /** Digits between grouping separators; 0 for none. */
  readonly group: number;
}

export function formatNumber(value: number, pattern: string, symbols: DecimalFormat): string {
  if (Number.isNaN(value)) return symbols.nan;
  const [positive = '', negative] = pattern.split(symbols.separator);
  const isNegative = value < 0;
  const picture = readPicture(isNegative && negative !== undefined ? negative : positive, symbols);
  const sign = isNegative && negative === undefined ? symbols.minus : '';
  const size = Math.abs(value) * factorOf(picture, symbols);
  const digits = Number.isFinite(size) ? written(size, picture, symbols) : symbols.infinity;
  return sign + picture.prefix + digits + picture.suffix;
}

function factorOf({ prefix, suffix }: Picture, symbols: DecimalFormat): number {
  const around = prefix + suffix;
  if (around.includes(symbols.percent)) return 100;
  return around.includes(symbols.perMille) ? 1000 : 1;
}

function readPicture(text: string, symbols: DecimalFormat): Picture {
  const active = [symbols.zero, symbols.digit, symbols.grouping, symbols.decimal];
  const characters = [...text];
  const first = characters.findIndex((character) => active.includes(character));
  const last = characters.findLastIndex((character) => active.includes(character));
  if (first < 0) throw transformFailure(`Format '${text}' is not valid: it has no digit.`);
  const middle = characters.slice(first, last + 1);
  const point = middle.indexOf(symbols.decimal);
  const whole = point < 0 ? middle : middle.slice(0, point);
  const fraction = point < 0 ? [] : middle.slice(point + 1);
  const grouped = whole.lastIndexOf(symbols.grouping);
  return {
    prefix: characters.slice(0, first).join(''),
    suffix: characters.slice(last + 1).join(''),
    minimumWhole: whole.filter((character) => character === symbols.zero).length,
    minimumFraction: fraction.filter((character) => character === symbols.zero).length,
    maximumFraction: Math.min(100, fraction.length),
    group: grouped < 0 ? 0 : whole.length - grouped - 1,
  };
}

function written(size: number, picture: Picture, symbols: DecimalFormat): string {
  const [wholeText = '0', fractionText = ''] = rounded(size, picture.maximumFraction).split('.');
  const bare = wholeText === '0' ? '' : wholeText;
  const whole = group(bare.padStart(picture.minimumWhole, '0'), picture.group, symbols.grouping);
  const fraction = fractionText.replace(/0+$/, '').padEnd(picture.minimumFraction, '0');
  const digits = fraction === '' ? (whole === '' ? '0' : whole) : whole + symbols.decimal + fraction;
  return symbols.zero === '0'
    ? digits
    : digits.replace(/\d/g, (digit) => String.fromCodePoint((symbols.zero.codePointAt(0) ?? 48) + Number(digit)));
}

/** Rounded as .NET writes numbers: the shortest text of the double, a tie going away from zero. */
function rounded(size: number, decimals: number): string {
  const [mantissa = '0', exponent = '0'] = size.toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const point = Number(exponent) + 1;
  const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const keep = padded.slice(0, at + decimals);
  const next = padded.charAt(at + decimals);
  const scaled = (BigInt(keep.padEnd(at + decimals, '0')) + (next >= '5' ? 1n : 0n)).toString().padStart(decimals + 1, '0');
  return decimals === 0 ? scaled : `${scaled.slice(0, -decimals)}.${scaled.slice(-decimals)}`;
}

function group(digits: string, size: number, separator: string): string {
  if (size === 0) return digits;
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= size) parts.unshift(digits.slice(Math.max(0, end - size), end));
  return parts.join(separator);
}
