/** Validators for schemas, made when a message first needs them; the library loads then, too. */
import type { ErrorObject, FuncKeywordDefinition, ValidateFunction } from 'ajv';
import type { DataValidateFunction } from 'ajv/dist/types/index.js';
import type { SchemaSource } from '../../exchange/entities.ts';
import { exportsOf } from '../../host/package-exports.ts';
import { type BundleOptions, bundle } from './schema-bundle.ts';
import { SchemaPatterns } from './schema-patterns.ts';
import { repeatedItem } from './unique-items.ts';

/** Where a value does not conform and why, in Newtonsoft.Json.Schema's words. */
export interface Mismatch {
  readonly text: string;
  /** JSON pointer into the value. */
  readonly pointer: string;
}

/** `size`: characters of the text the value was read from. Throws an Error when its patterns take too long. */
export type SchemaCheck = (value: unknown, size: number) => Mismatch | undefined;

/** Keeps validators by schema object; one for each policy element, gone with it. */
export class SchemaChecks {
  readonly #options: BundleOptions;
  readonly #checks = new WeakMap<object, Promise<SchemaCheck>>();

  constructor(options: BundleOptions = {}) {
    this.#options = options;
  }

  /** Rejects when the schema cannot be compiled. */
  checkFor(source: SchemaSource): Promise<SchemaCheck> {
    const key = typeof source.schema === 'object' && source.schema !== null ? source.schema : source;
    let check = this.#checks.get(key);
    if (!check) {
      check = compile(source, this.#options);
      this.#checks.set(key, check);
    }
    return check;
  }
}

async function compile(source: SchemaSource, options: BundleOptions): Promise<SchemaCheck> {
  const { Ajv } = source.dialect === 'openapi-3.1' ? await newest() : exportsOf(await import('ajv'));
  const formats = await import('ajv-formats');
  const patterns = new SchemaPatterns();
  const ajv = new Ajv({
    strict: false,
    logger: false,
    validateSchema: false,
    inlineRefs: false,
    // 19.99 is a multiple of 0.01, though not in binary.
    multipleOfPrecision: 10,
    code: { regExp: patterns.engine },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(UNIQUE_ITEMS);
  formats.default.default(ajv);
  const validate: ValidateFunction = ajv.compile(bundle(source, options));
  return (value, size) => {
    patterns.begin(size);
    if (validate(value)) return undefined;
    const error = outermost(validate.errors ?? []);
    return error && { text: textOf(error, value), pointer: error.instancePath };
  };
}

/** The choice that failed comes behind the faults of its branches; what `then` asks for says more than that it failed. */
function outermost(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.filter(({ keyword }) => keyword !== 'if').pop();
}

function uniqueItems(): DataValidateFunction {
  const check: DataValidateFunction = (value: unknown) => {
    const found = Array.isArray(value) ? repeatedItem(value) : undefined;
    check.errors = found === undefined ? [] : [{ keyword: 'uniqueItems', params: { j: found } }];
    return found === undefined;
  };
  return check;
}

/** In place of the library's, which compares each item with each other. */
const UNIQUE_ITEMS: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  compile: (asked: boolean) => (asked ? uniqueItems() : () => true),
};

async function newest() {
  const { Ajv2020 } = exportsOf(await import('ajv/dist/2020.js'));
  return { Ajv: Ajv2020 };
}

type Words = (params: Readonly<Record<string, unknown>>, value: unknown, error: ErrorObject) => string;

const quoted = (value: unknown): string => `'${String(value)}'`;
const numeric = (value: unknown): string => `${Number.isInteger(value) ? 'Integer' : 'Float'} ${String(value)}`;
const count = (value: unknown): number => (Array.isArray(value) ? value.length : Object.keys(Object(value)).length);

/** The sentences of the .NET schema library that the gateway passes on; keywords that are missing get the validator's own. */
const WORDS: Readonly<Record<string, Words>> = {
  type: ({ type }, value) => `Invalid type. Expected ${typeNames(type)} but got ${typeName(value)}.`,
  required: ({ missingProperty }) => `Required properties are missing from object: ${String(missingProperty)}.`,
  additionalProperties: ({ additionalProperty }) =>
    `Property ${quoted(additionalProperty)} has not been defined and the schema does not allow additional properties.`,
  enum: (_params, value) => `Value ${JSON.stringify(value)} is not defined in enum.`,
  const: (_params, value) => `Value ${JSON.stringify(value)} does not match const.`,
  maxLength: ({ limit }, value) => `String ${quoted(value)} exceeds maximum length of ${limit}.`,
  minLength: ({ limit }, value) => `String ${quoted(value)} is less than minimum length of ${limit}.`,
  pattern: ({ pattern }, value) => `String ${quoted(value)} does not match regex pattern ${quoted(pattern)}.`,
  format: ({ format }, value) => `String ${quoted(value)} does not validate against format ${quoted(format)}.`,
  maximum: ({ limit }, value) => `${numeric(value)} exceeds maximum value of ${limit}.`,
  minimum: ({ limit }, value) => `${numeric(value)} is less than minimum value of ${limit}.`,
  exclusiveMaximum: ({ limit }, value) =>
    `${numeric(value)} ${value === limit ? 'equals' : 'exceeds'} maximum value of ${limit} and exclusive maximum is true.`,
  exclusiveMinimum: ({ limit }, value) =>
    `${numeric(value)} ${value === limit ? 'equals' : 'is less than'} minimum value of ${limit} and exclusive minimum is true.`,
  multipleOf: ({ multipleOf }, value) => `${numeric(value)} is not a multiple of ${multipleOf}.`,
  maxItems: ({ limit }, value) => `Array item count ${count(value)} exceeds maximum count of ${limit}.`,
  minItems: ({ limit }, value) => `Array item count ${count(value)} is less than minimum count of ${limit}.`,
  uniqueItems: ({ j }) => `Non-unique array item at index ${String(j)}.`,
  maxProperties: ({ limit }, value) => `Object property count ${count(value)} exceeds maximum count of ${limit}.`,
  minProperties: ({ limit }, value) => `Object property count ${count(value)} is less than minimum count of ${limit}.`,
  anyOf: () => "JSON does not match any schemas from 'anyOf'.",
  oneOf: ({ passingSchemas }) =>
    Array.isArray(passingSchemas)
      ? `JSON is valid against more than one schema from 'oneOf'. Valid schema indexes: ${passingSchemas.join(', ')}.`
      : "JSON is valid against no schemas from 'oneOf'.",
  dependentRequired: ({ property, missingProperty }) =>
    `Dependencies for property ${quoted(property)} failed. Missing required keys: ${String(missingProperty)}.`,
  not: () => "JSON is valid against schema from 'not'.",
};

/** Values are looked up by pointer, since the validator's own copies are off. */
function textOf(error: ErrorObject, whole: unknown): string {
  const words = WORDS[error.keyword];
  return words ? words(error.params, valueAt(whole, error.instancePath), error) : `${error.message ?? error.keyword}.`;
}

function valueAt(whole: unknown, pointer: string): unknown {
  let current = whole;
  for (const part of pointer.split('/').slice(1))
    current = (current as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return current;
}

function typeNames(type: unknown): string {
  return [type].flat().map(capital).join(', ');
}

function typeName(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return capital(typeof value);
}

function capital(text: unknown): string {
  const name = String(text);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
