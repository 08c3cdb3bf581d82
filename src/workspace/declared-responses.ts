/** What an operation of an export, a template or Terraform says about itself, where no API definition does (management API). */
import type { OperationInfo, OperationResponse } from '../exchange/entities.ts';
import { isJsonObject } from '../source/json.ts';
import type { Entry } from './config-file.ts';

type Representation = OperationResponse['representations'][number];

/** `responses` of the operation; left out where there are none. */
export function declaredResponses(facts: Entry): Pick<OperationInfo, 'responses'> {
  const plain = facts.get('responses').plain();
  const responses = listOf(plain).flatMap(responseOf);
  return responses.length > 0 ? { responses } : {};
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
