/** Schemas of API definitions as plain JSON Schema, which clients of MCP read: references lead into `$defs` of the same text. */
import type { SchemaSource } from '../../exchange/entities.ts';
import { isJsonObject, type Members } from '../../source/json.ts';
import { resolve } from '../openapi-json.ts';

/** Words that mean the same in JSON Schema and hold no schema. */
const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'default',
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'examples',
  'readOnly',
  'writeOnly',
  'deprecated',
]);

/** Words whose value is a schema, or a list of them. */
const HOLDERS: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'not',
  'allOf',
  'anyOf',
  'oneOf',
  'prefixItems',
  'contains',
]);

/** Words whose value has schemas by name. */
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties']);

/** Levels of schemas inside each other that are followed; what lies deeper may be anything. */
const DEEPEST = 100;

/** The schemas of one tool. */
export class ToolSchemas {
  /** By name, for `$defs`. */
  readonly definitions: Record<string, unknown> = {};
  readonly #names = new Map<string, string>();

  /** A schema's plain form. */
  plain({ schema, root }: SchemaSource): Members {
    const plain = this.#plain(schema, isJsonObject(root) ? root : {}, 0);
    return isJsonObject(plain) ? plain : {};
  }

  #plain(schema: unknown, root: Members, depth: number): unknown {
    if (typeof schema === 'boolean') return schema;
    if (Array.isArray(schema)) return schema.map((one) => this.#plain(one, root, depth + 1));
    if (!isJsonObject(schema) || depth > DEEPEST) return {};
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref, root);
    const result: Record<string, unknown> = {};
    for (const [word, value] of Object.entries(schema)) {
      if (PLAIN.has(word)) result[word] = value;
      else if (HOLDERS.has(word)) result[word] = this.#plain(value, root, depth + 1);
      else if (MAPS.has(word) && isJsonObject(value)) result[word] = this.#byName(value, root, depth + 1);
      // Swagger 2.0 says of a parameter whether it is required in the same place.
      else if (word === 'required' && Array.isArray(value)) result.required = value;
    }
    return withOpenApiWords(schema, result);
  }

  #byName(schemas: Members, root: Members, depth: number): Members {
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.#plain(schema, root, depth)]));
  }

  /** Made once for each place that is referred to, so that circles end. */
  #reference(reference: string, root: Members): Members {
    let name = this.#names.get(reference);
    if (name === undefined) {
      name = this.#freeName(reference.split('/').pop() ?? '');
      this.#names.set(reference, name);
      this.definitions[name] = {};
      this.definitions[name] = this.#plain(resolve(root, { $ref: reference }), root, 0);
    }
    return { $ref: `#/$defs/${name}` };
  }

  #freeName(wanted: string): string {
    const base = wanted.replace(/[^\w.-]/g, '_') || 'schema';
    let name = base;
    for (let count = 2; Object.hasOwn(this.definitions, name); count += 1) name = `${base}_${count}`;
    return name;
  }
}

/** `nullable`, `example` and exclusive bounds as OpenAPI 3.0 writes them. */
function withOpenApiWords(schema: Members, result: Record<string, unknown>): Members {
  if (schema.nullable === true && typeof result.type === 'string') result.type = [result.type, 'null'];
  if (schema.example !== undefined && result.examples === undefined) result.examples = [schema.example];
  for (const [bound, exclusive] of BOUNDS) {
    const value = schema[exclusive];
    if (typeof value === 'number') result[exclusive] = value;
    if (value !== true || result[bound] === undefined) continue;
    result[exclusive] = result[bound];
    delete result[bound];
  }
  return result;
}

const BOUNDS = [
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
] as const;
