/**
 * Upper and lower case as .NET's invariant culture has them: one code point to one code point (JavaScript maps `ß` to
 * `SS` and a final sigma by context), and neither dotless nor dotted i changes.
 */
const ASCII_ONLY = /^[\0-\x7f]*$/;
/** Shorter texts are looked through unit by unit, which costs less than starting a pattern. */
const SHORT = 32;
const DOTLESS_I = 'ı';
const DOTTED_I = 'İ';

/** Whether all characters are ASCII, where every comparison and mapping is simple. */
export function isAscii(text: string): boolean {
  if (text.length > SHORT) return ASCII_ONLY.test(text);
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** `ToUpperInvariant`. */
export function toUpper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapPoints(text, upperPoint);
}

/** `ToLowerInvariant`. */
export function toLower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapPoints(text, lowerPoint);
}

export function upperUnit(unit: number): number {
  if (unit < 128) return unit >= 97 && unit <= 122 ? unit - 32 : unit;
  return upperPoint(String.fromCharCode(unit)).charCodeAt(0);
}

export function lowerUnit(unit: number): number {
  if (unit < 128) return unit >= 65 && unit <= 90 ? unit + 32 : unit;
  return lowerPoint(String.fromCharCode(unit)).charCodeAt(0);
}

function mapPoints(text: string, map: (point: string) => string): string {
  const points: string[] = [];
  for (const point of text) points.push(map(point));
  return points.join('');
}

function upperPoint(point: string): string {
  if (point === DOTLESS_I) return point;
  const upper = point.toUpperCase();
  return upper.length === point.length ? upper : simpleGreekUpper(point);
}

function lowerPoint(point: string): string {
  const lower = point === DOTTED_I ? point : point.toLowerCase();
  return lower.length === point.length ? lower : point;
}

/** Greek letters with iota subscript have a single capital (title case) letter, which JavaScript's full mapping does not give. */
function simpleGreekUpper(point: string): string {
  const unit = point.charCodeAt(0);
  if (unit >= 0x1f80 && unit <= 0x1faf) return String.fromCharCode(unit | 8);
  if (unit === 0x1fb3 || unit === 0x1fc3 || unit === 0x1ff3) return String.fromCharCode(unit + 9);
  return point;
}
