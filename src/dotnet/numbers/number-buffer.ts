/**
 * The decimal digits of a number on its way to text. `digits` has no leading zeros and is empty for zero; `scale` is the
 * place of the decimal point counted from the first digit: 12.5 is digits `125`, scale 2.
 */
export interface NumberBuffer {
  readonly digits: string;
  readonly scale: number;
  readonly negative: boolean;
  /** Floating point keeps its sign at zero (`-0`); integers and decimal never show one. */
  readonly floating: boolean;
}

/** The buffer of an integer coefficient with so many decimals. */
export function bufferOf(coefficient: bigint, decimals = 0): NumberBuffer {
  const negative = coefficient < 0n;
  const text = coefficient === 0n ? '' : (negative ? -coefficient : coefficient).toString();
  return { digits: text, scale: text.length - decimals, negative, floating: false };
}

/**
 * Keeps `count` digits (which may be zero or negative), a following 5 rounding away from zero, and drops trailing zeros:
 * how .NET rounds integers and decimals, and everything in custom formats.
 */
export function roundHalfUp(buffer: NumberBuffer, count: number): NumberBuffer {
  const up = count >= 0 && count < buffer.digits.length && buffer.digits.charCodeAt(count) >= 53;
  return cut(buffer, count, up);
}

/** Keeps `count` digits, a tie going to the even digit: how .NET rounds the exact digits of floating-point numbers. */
export function roundHalfEven(buffer: NumberBuffer, count: number): NumberBuffer {
  if (count < 0 || count >= buffer.digits.length) return cut(buffer, count, false);
  const digit = buffer.digits.charCodeAt(count) - 48;
  const tie = digit === 5 && /^0*$/.test(buffer.digits.slice(count + 1));
  const odd = count > 0 && (buffer.digits.charCodeAt(count - 1) & 1) === 1;
  return cut(buffer, count, tie ? odd : digit >= 5);
}

function cut(buffer: NumberBuffer, count: number, up: boolean): NumberBuffer {
  const kept = buffer.digits.slice(0, Math.max(0, count));
  if (!up) return trimmed(buffer, kept, buffer.scale);
  const stem = trimNines(kept);
  if (stem === '') return { ...buffer, digits: '1', scale: buffer.scale + 1 };
  const last = stem.charCodeAt(stem.length - 1) + 1;
  return { ...buffer, digits: stem.slice(0, -1) + String.fromCharCode(last) };
}

function trimmed(buffer: NumberBuffer, kept: string, scale: number): NumberBuffer {
  const digits = trimZeros(kept);
  if (digits !== '') return { ...buffer, digits, scale };
  return { ...buffer, digits, scale: 0, negative: buffer.negative && buffer.floating };
}

/** Without trailing zeros; a loop, since a pattern would be quadratic on inner runs of zeros. */
export function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end -= 1;
  return digits.slice(0, end);
}

function trimNines(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 57) end -= 1;
  return digits.slice(0, end);
}
