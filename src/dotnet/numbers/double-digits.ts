/** The digits of binary floating-point numbers: all of them, or the fewest that read back. */
import { type NumberBuffer, trimZeros } from './number-buffer.ts';

/** The exact decimal expansion of a finite double (a float is one, too). */
export function exactDigits(value: number): NumberBuffer {
  const negative = value < 0 || Object.is(value, -0);
  if (value === 0) return { digits: '', scale: 0, negative, floating: true };
  const { mantissa, exponent } = binaryParts(value);
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const text = whole.toString();
  const scale = exponent >= 0 ? text.length : text.length + exponent;
  return { digits: trimZeros(text), scale, negative, floating: true };
}

/** |value| = mantissa × 2^exponent. */
export function binaryParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** The fewest digits that read back as the same double, or as the same float when `single`. */
export function shortestDigits(value: number, single: boolean): NumberBuffer {
  const negative = value < 0 || Object.is(value, -0);
  if (value === 0) return { digits: '', scale: 0, negative, floating: true };
  const text = single ? shortestSingle(Math.abs(value)) : Math.abs(value).toExponential();
  const [mantissa = '', exponent = '0'] = text.split('e');
  return { digits: trimZeros(mantissa.replace('.', '')), scale: Number(exponent) + 1, negative, floating: true };
}

function shortestSingle(value: number): string {
  for (let digits = 0; digits < 8; digits += 1) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}
