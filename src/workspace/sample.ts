/** A sample value for a JSON schema, for mock-response without an example. */

type Schema = Readonly<Record<string, unknown>>;

/** Deeper parts of recursive schemas are left out. */
const DEEPEST = 8;

/** `resolve` follows `$ref`. */
export function sampleOf(schema: Schema, resolve: (schema: Schema) => Schema, depth = 0): unknown {
  const known = resolve(schema);
  if ('example' in known) return known.example;
  if ('default' in known) return known.default;
  const choices = known.enum;
  if (Array.isArray(choices)) return choices[0];
  if ('const' in known) return known.const;
  const parts = [known.allOf, known.oneOf, known.anyOf].find(Array.isArray);
  if (parts && depth < DEEPEST) return combined(parts, known, resolve, depth);
  return byType(known, resolve, depth);
}

function combined(parts: readonly unknown[], schema: Schema, resolve: (schema: Schema) => Schema, depth: number): unknown {
  const samples = (schema.allOf === parts ? parts : parts.slice(0, 1)).map((part) => sampleOf(asSchema(part), resolve, depth + 1));
  if (!samples.every((sample) => typeof sample === 'object' && sample !== null)) return samples[0];
  return Object.assign({}, ...samples, 'properties' in schema ? objectSample(schema, resolve, depth) : {});
}

function byType(schema: Schema, resolve: (schema: Schema) => Schema, depth: number): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  switch (type ?? ('properties' in schema ? 'object' : 'items' in schema ? 'array' : undefined)) {
    case 'object':
      return depth < DEEPEST ? objectSample(schema, resolve, depth) : {};
    case 'array':
      return depth < DEEPEST ? [sampleOf(asSchema(schema.items), resolve, depth + 1)] : [];
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 0;
    case 'boolean':
      return true;
    case 'string':
      return stringSample(schema.format);
    default:
      return null;
  }
}

function objectSample(schema: Schema, resolve: (schema: Schema) => Schema, depth: number): Record<string, unknown> {
  const entries = Object.entries(asSchema(schema.properties));
  return Object.fromEntries(entries.map(([name, part]) => [name, sampleOf(asSchema(part), resolve, depth + 1)]));
}

function stringSample(format: unknown): string {
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  if (format === 'date') return '2026-01-01';
  if (format === 'uuid') return '00000000-0000-0000-0000-000000000000';
  return 'string';
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}
