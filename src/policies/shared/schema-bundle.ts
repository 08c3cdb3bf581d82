/** An OpenAPI schema as a JSON schema that stands alone: known keywords only, `nullable` told, references put into `definitions`. */
import type { SchemaSource } from '../../exchange/entities.ts';
import { isJsonObject } from '../../source/json.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface BundleOptions {
  /** Overrides `additionalProperties` of every object. */
  readonly additionalProperties?: boolean | undefined;
  /** Property names in lower case, for data whose names are, too. */
  readonly lowerCase?: boolean | undefined;
  /** Requests need no `readOnly` properties, responses no `writeOnly` ones (OpenAPI, Schema Object). */
  readonly message?: 'request' | 'response' | undefined;
}

const SAME: readonly string[] = [
  'const',
  'format',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'maxContains',
  'minContains',
  'dependentRequired',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'pattern',
  'uniqueItems',
];
const ONE: readonly string[] = [
  'not',
  'items',
  'additionalItems',
  'unevaluatedItems',
  'unevaluatedProperties',
  'additionalProperties',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
];
const MANY: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NAMED: readonly string[] = ['properties', 'dependentSchemas'];

/** A reference leads nowhere. */
export class MissingDefinition extends Error {
  readonly definition: string;

  constructor(reference: string) {
    super(`the reference '${reference}' leads nowhere`);
    this.definition = reference.split('/').pop() ?? '';
  }
}

/** Throws MissingDefinition for a reference that leads nowhere, an Error for one that leads out of the document. */
export function bundle(source: SchemaSource, options: BundleOptions = {}): Json {
  return new Bundler(source, options).whole();
}

class Bundler {
  readonly #source: SchemaSource;
  readonly #options: BundleOptions;
  readonly #definitions: Record<string, Json> = {};
  /** Pointers whose definitions are still to be made; a list instead of recursion, since references may form a circle. */
  readonly #open: string[] = [];

  constructor(source: SchemaSource, options: BundleOptions) {
    this.#source = source;
    this.#options = options;
  }

  whole(): Json {
    const schema = this.#convert(this.#source.schema);
    for (let pointer = this.#open.pop(); pointer !== undefined; pointer = this.#open.pop())
      this.#definitions[pointer] = asObject(this.#convert(lookUp(this.#source.root, pointer)));
    return { ...asObject(schema), definitions: this.#definitions };
  }

  #convert(schema: unknown): unknown {
    if (typeof schema === 'boolean') return schema;
    if (!isJsonObject(schema)) return {};
    if (typeof schema.$ref === 'string') return this.#referenceWith(schema.$ref, schema);
    const converted: Record<string, unknown> = {};
    for (const name of SAME) if (name in schema) converted[name] = schema[name];
    for (const name of ONE) if (name in schema) converted[name] = this.#convertAll(schema[name]);
    for (const name of MANY) if (Array.isArray(schema[name])) converted[name] = schema[name].map((one) => this.#convert(one));
    for (const name of NAMED) if (isJsonObject(schema[name])) converted[name] = this.#properties(schema[name]);
    if (isJsonObject(schema.patternProperties)) converted.patternProperties = this.#patterns(schema.patternProperties);
    if (Array.isArray(schema.required)) converted.required = this.#required(schema.required, schema.properties);
    this.#discriminated(schema, converted);
    this.#types(schema, converted);
    limits(schema, converted);
    this.#additional(converted);
    return converted;
  }

  /** Up to draft 2019-09 `items` may be a list, one schema for each place. */
  #convertAll(schema: unknown): unknown {
    return Array.isArray(schema) ? schema.map((one) => this.#convert(one)) : this.#convert(schema);
  }

  /** OpenAPI 3.1 takes keywords beside `$ref`, older definitions ignore them. */
  #referenceWith(reference: string, schema: Json): Json {
    const { $ref: _ref, ...rest } = schema;
    if (this.#source.dialect === 'openapi-3.0' || Object.keys(rest).length === 0) return this.#reference(reference);
    return { allOf: [this.#reference(reference), this.#convert(rest)] };
  }

  /** `definitions` is keyed by the pointer itself. */
  #reference(reference: string): Json {
    const pointer = reference.startsWith('#') ? reference : undefined;
    if (pointer === undefined) throw new Error(`the reference '${reference}' leaves the definition`);
    if (!(pointer in this.#definitions)) {
      this.#definitions[pointer] = {};
      this.#open.push(pointer);
    }
    return { $ref: `#/definitions/${encodeURIComponent(pointer.replaceAll('~', '~0').replaceAll('/', '~1'))}` };
  }

  #properties(properties: Json): Json {
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [this.#name(name), this.#convert(one)]));
  }

  /** Names in lower case are matched by patterns that ignore case: the patterns themselves may hold `\S`. */
  #patterns(patterns: Json): Json {
    return Object.fromEntries(
      Object.entries(patterns).map(([pattern, one]) => [this.#options.lowerCase ? `(?i)${pattern}` : pattern, this.#convert(one)]),
    );
  }

  #required(names: readonly unknown[], properties: unknown): readonly string[] {
    const { message } = this.#options;
    const mark = message === 'request' ? 'readOnly' : 'writeOnly';
    const known = message !== undefined && isJsonObject(properties) ? properties : {};
    return names
      .map(String)
      .filter((name) => !this.#isMarked(known[name], mark))
      .map((name) => this.#name(name));
  }

  #isMarked(property: unknown, mark: 'readOnly' | 'writeOnly'): boolean {
    if (!isJsonObject(property)) return false;
    const target = typeof property.$ref === 'string' ? lookUp(this.#source.root, property.$ref) : property;
    return isJsonObject(target) && target[mark] === true;
  }

  /** The value of one property chooses among the schemas of `oneOf` or `anyOf`, by `mapping` or by their names. */
  #discriminated(schema: Json, converted: Record<string, unknown>): void {
    const { discriminator } = schema;
    const word = Array.isArray(schema.oneOf) ? 'oneOf' : 'anyOf';
    const choices = schema[word];
    if (!isJsonObject(discriminator) || typeof discriminator.propertyName !== 'string' || !Array.isArray(choices)) return;
    const references = choices.flatMap((one) => (isJsonObject(one) && typeof one.$ref === 'string' ? [one.$ref] : []));
    if (references.length < choices.length) return;
    const property = this.#name(discriminator.propertyName);
    const cases = references.map((reference) => ({ reference, is: valuesOf(reference, discriminator.mapping) }));
    const having = (values: readonly string[]): Json => ({ required: [property], properties: { [property]: { enum: values } } });
    delete converted[word];
    converted.allOf = [
      ...(Array.isArray(converted.allOf) ? converted.allOf : []),
      having(cases.flatMap(({ is }) => is)),
      ...cases.map(({ reference, is }) => ({ if: { not: having(is) }, else: this.#reference(reference) })),
    ];
  }

  #name(name: string): string {
    return this.#options.lowerCase ? name.toLowerCase() : name;
  }

  #types(schema: Json, converted: Record<string, unknown>): void {
    const { type } = schema;
    if (type !== undefined && type !== 'file') converted.type = type;
    if (Array.isArray(schema.enum)) converted.enum = schema.enum;
    if (schema.nullable !== true) return;
    if (typeof type === 'string') converted.type = [type, 'null'];
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) converted.enum = [...schema.enum, null];
  }

  #additional(converted: Record<string, unknown>): void {
    const { additionalProperties } = this.#options;
    if (additionalProperties === undefined || (converted.type !== 'object' && !('properties' in converted))) return;
    converted.additionalProperties = additionalProperties;
  }
}

/** OpenAPI 3.0 writes a bound that is excluded as a switch beside it; JSON schema as the bound itself. */
function limits(schema: Json, converted: Record<string, unknown>): void {
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] === 'number') converted[exclusive] = schema[exclusive];
    if (schema[exclusive] !== true || !(bound in converted)) continue;
    converted[exclusive] = converted[bound];
    delete converted[bound];
  }
}

/** What a discriminator says for a schema: the words that `mapping` has for it, and its own name. */
function valuesOf(reference: string, mapping: unknown): readonly string[] {
  const name = reference.split('/').pop() ?? '';
  const words = Object.entries(isJsonObject(mapping) ? mapping : {}).flatMap(([word, to]) =>
    to === reference || to === name ? [word] : [],
  );
  return [...new Set([...words, name])];
}

/** What a JSON pointer (`#/a/b`) leads to. Throws MissingDefinition. */
export function lookUp(root: unknown, pointer: string): unknown {
  let current = root;
  for (const part of pointer.replace(/^#\/?/, '').split('/')) {
    if (part === '') continue;
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    const next = typeof current === 'object' && current !== null && Object.hasOwn(current, name) ? (current as Json)[name] : undefined;
    if (next === undefined) throw new MissingDefinition(pointer);
    current = next;
  }
  return current;
}

function asObject(value: unknown): Json {
  if (value === false) return { not: {} };
  return isJsonObject(value) ? value : {};
}
