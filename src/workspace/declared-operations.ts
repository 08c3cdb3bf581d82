/** What an operation of an export, a template or Terraform says about itself, where no API definition does (management API). */
import type { OperationInfo, OperationParameter, OperationResponse } from '../exchange/entities.ts';
import { isJsonObject } from '../source/json.ts';
import type { Entry } from './config-file.ts';
import { plainParameter } from './template.ts';

type Representation = OperationResponse['representations'][number];

/** `responses` of the operation; left out where there are none. */
export function declaredResponses(facts: Entry): Pick<OperationInfo, 'responses'> {
  const plain = facts.get('responses').plain();
  const responses = listOf(plain).flatMap(responseOf);
  return responses.length > 0 ? { responses } : {};
}

/**
 * `templateParameters` and those of `request`; left out where neither is there, as in files that keep them in a definition
 * only. A parameter behind the `?` of the template is one of the query.
 */
export function declaredParameters(facts: Entry, urlTemplate: string): Pick<OperationInfo, 'parameters'> {
  const [, query = ''] = urlTemplate.split('?');
  const request = facts.get('request');
  const parameters = [
    ...listOf(facts.get('templateParameters').plain()).flatMap((one) =>
      parameterOf(one, (name) => (query.includes(`{${name}}`) ? 'query' : 'path')),
    ),
    ...(request.isMapping ? listOf(request.get('queryParameters').plain()).flatMap((one) => parameterOf(one, () => 'query')) : []),
    ...(request.isMapping ? listOf(request.get('headers').plain()).flatMap((one) => parameterOf(one, () => 'header')) : []),
  ];
  return facts.get('templateParameters').exists || request.exists ? { parameters } : {};
}

function parameterOf(value: unknown, placeOf: (name: string) => OperationParameter['in']): OperationParameter[] {
  if (!isJsonObject(value) || typeof value.name !== 'string') return [];
  const name = plainParameter(value.name);
  const place = placeOf(name);
  const required = place === 'path' || value.required === true;
  const source = { schema: schemaOf(value), root: {}, dialect: 'openapi-3.0', name: '' } as const;
  return [{ name, in: place, required, schema: source, separator: null, isJson: false }];
}

const TYPES: readonly string[] = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/** Portals write types that no schema knows, or none. */
function schemaOf({ type, values }: Readonly<Record<string, unknown>>): object {
  const known = typeof type === 'string' ? TYPES.find((one) => one === type.toLowerCase()) : undefined;
  const isNumber = known === 'integer' || known === 'number';
  const choices = Array.isArray(values) && values.length > 0 ? { enum: values.map((one) => (isNumber ? Number(one) : one)) } : {};
  return { ...(known === undefined ? {} : { type: known }), ...choices };
}

/** A list, or one that stands alone, as a block of Terraform does. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  return isJsonObject(value) ? [value] : [];
}

function responseOf(value: unknown): OperationResponse[] {
  if (!isJsonObject(value)) return [];
  const status = Number(value.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return [];
  return [{ status, representations: listOf(value.representations).flatMap(representationOf) }];
}

function representationOf(value: unknown): Representation[] {
  if (!isJsonObject(value) || typeof value.contentType !== 'string') return [];
  return [{ contentType: value.contentType, sample: textOf(value.sample) ?? textOf(firstExample(value.examples)) }];
}

/** By name in the management API, in Terraform a list. */
function firstExample(examples: unknown): unknown {
  const [first] = Array.isArray(examples) ? (examples as readonly unknown[]) : isJsonObject(examples) ? Object.values(examples) : [];
  return isJsonObject(first) ? first.value : undefined;
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
