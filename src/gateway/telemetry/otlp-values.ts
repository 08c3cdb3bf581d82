/** Values as OTLP's JSON has them (opentelemetry-proto, "JSON Protobuf Encoding"): 64-bit numbers are texts. */

/** Characters of one text: what callers choose must not fill the memory. */
const LONGEST = 2048;

/** Members that are undefined are left out. */
export function otlpAttributes(attributes: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]));
}

function anyValue(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: otlpAttributes(value as Record<string, unknown>) } };
  return {};
}

/** Milliseconds since 1970 as nanoseconds. */
export function nanoseconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  return `${whole}${String(Math.floor((milliseconds - whole) * 1e6)).padStart(6, '0')}`;
}

/** Who sends, and what part of it. */
export interface OtlpSource {
  readonly resource: unknown;
  readonly scope: unknown;
}

export function otlpSource(resource: Readonly<Record<string, string | number>>): OtlpSource {
  return { resource: { attributes: otlpAttributes(resource) }, scope: { name: 'portico' } };
}
