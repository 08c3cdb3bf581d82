/** One documented parameter or header against the values that a message has for it. */
import type { OperationParameter } from '../../exchange/entities.ts';
import { tryJson } from '../../source/json.ts';
import { lookUp, MissingDefinition } from './schema-bundle.ts';
import type { SchemaChecks } from './schema-check.ts';
import type { Finding } from './validation.ts';

/** How messages call a parameter, and the Type of its error object. */
export interface ParameterKind {
  readonly type: 'QueryParameter' | 'PathParameter' | 'RequestHeader' | 'ResponseHeader';
  readonly word: 'query parameter' | 'path parameter' | 'header';
}

export const KINDS = {
  query: { type: 'QueryParameter', word: 'query parameter' },
  path: { type: 'PathParameter', word: 'path parameter' },
  header: { type: 'RequestHeader', word: 'header' },
  response: { type: 'ResponseHeader', word: 'header' },
} as const satisfies Record<string, ParameterKind>;

function finding(kind: ParameterKind, name: string, rule: string, details: string, shown: string | null = details): Finding {
  return { name, type: kind.type, rule, details, shown: kind.type === 'ResponseHeader' ? null : shown };
}

/** The definition has no such parameter. */
export function unspecified(kind: ParameterKind, name: string): Finding {
  return finding(kind, name, 'Unspecified', `Unspecified ${kind.word} ${name} is not allowed.`);
}

/** The API came without a definition. */
export function noDefinition(): Finding {
  return { name: '', type: 'ApiSchema', rule: '', details: "API's schema doesn't exist or it couldn't be resolved.", shown: null };
}

/** What is wrong with the values of a documented parameter, if anything. */
export async function checkParameter(
  parameter: OperationParameter,
  kind: ParameterKind,
  values: readonly string[],
  checks: SchemaChecks,
): Promise<Finding | undefined> {
  const { name } = parameter;
  if (values.length === 0)
    return parameter.required ? mismatch(kind, name, `Required properties are missing from object: ${name}.`) : undefined;
  const type = typeOf(parameter);
  if (values.length > 1 && (type !== 'array' || parameter.separator !== null)) return several(kind, name);
  try {
    const check = await checks.checkFor(parameter.schema);
    const parsed = parse(parameter, type, values);
    if ('failure' in parsed) return unreadable(kind, name, parsed.failure);
    const wrong = check(parsed.value, values.join().length);
    return wrong && mismatch(kind, name, wrong.text);
  } catch (error) {
    if (error instanceof MissingDefinition) return missing(kind, name, error.definition);
    const why = error instanceof Error ? error.message : String(error);
    const subject = kind.word.charAt(0).toUpperCase() + kind.word.slice(1);
    return finding(kind, name, 'ValidationError', `${subject} ${name} cannot be validated. ${why}`, null);
  }
}

function mismatch(kind: ParameterKind, name: string, text: string): Finding {
  const shown = `The value of the ${kind.word} ${name} does not conform to the definition. ${text}`;
  return finding(kind, name, 'IncorrectMessage', `Value of the ${kind.word} ${name} does not conform to the definition. ${text}`, shown);
}

function missing(kind: ParameterKind, name: string, definition: string): Finding {
  const details = `API's schema does not contain definition ${definition}, which is associated with the ${kind.word} ${name}.`;
  return finding(kind, name, 'MissingDefinition', details, null);
}

function several(kind: ParameterKind, name: string): Finding {
  const subject = kind.type === 'ResponseHeader' ? 'Response' : 'Request';
  return finding(kind, name, 'IncorrectMessage', `${subject} cannot contain multiple values for the ${kind.word} ${name}.`);
}

function unreadable(kind: ParameterKind, name: string, text: string): Finding {
  const details = `Value of the ${kind.word} ${name} cannot be parsed according to the definition. ${text}`;
  const shown = `Value of the ${kind.word} ${name} couldn't be parsed according to the definition. ${text}`;
  return finding(kind, name, 'IncorrectMessage', details, shown);
}

type Parsed = { readonly value: unknown } | { readonly failure: string };

function parse({ isJson, separator, schema }: OperationParameter, type: string | undefined, values: readonly string[]): Parsed {
  const [text = ''] = values;
  if (isJson || type === 'object') return parseJson(text);
  if (type !== 'array') return parseScalar(text, type);
  const items = separator === null ? values : text === '' ? [] : text.split(separator);
  const itemType = schemaType(resolved(resolved(schema.schema, schema.root).items, schema.root));
  const parsed = items.map((item) => parseScalar(item.trim(), itemType));
  const failed = parsed.find((one) => 'failure' in one);
  return failed ?? { value: parsed.map((one) => ('value' in one ? one.value : undefined)) };
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

function parseScalar(text: string, type: string | undefined): Parsed {
  if (type === 'integer' || type === 'number') return NUMBER.test(text) ? { value: Number(text) } : { failure: unexpected(text) };
  if (type !== 'boolean') return { value: text };
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? { value: lower === 'true' } : { failure: unexpected(text) };
}

function parseJson(text: string): Parsed {
  const value = tryJson(text);
  return value === undefined ? { failure: unexpected(text) } : { value };
}

/** Newtonsoft.Json's text for a value that starts wrong. */
function unexpected(text: string): string {
  return `Unexpected character encountered while parsing value: ${text.charAt(0)}. Path '', line 0, position 0.`;
}

function typeOf({ schema }: OperationParameter): string | undefined {
  return schemaType(resolved(schema.schema, schema.root));
}

/** The type when there is one besides null. */
function schemaType(schema: Readonly<Record<string, unknown>>): string | undefined {
  const types = [schema.type].flat().filter((one) => typeof one === 'string' && one !== 'null');
  return types.length === 1 ? String(types[0]) : undefined;
}

/** Behind references; an empty schema where they lead nowhere, which the validator reports. */
function resolved(schema: unknown, root: unknown): Readonly<Record<string, unknown>> {
  let current = schema;
  for (let steps = 0; steps < 20; steps += 1) {
    if (typeof current !== 'object' || current === null) return {};
    const { $ref } = current as { readonly $ref?: unknown };
    if (typeof $ref !== 'string') return current as Readonly<Record<string, unknown>>;
    try {
      current = lookUp(root, $ref);
    } catch {
      return {};
    }
  }
  return {};
}
