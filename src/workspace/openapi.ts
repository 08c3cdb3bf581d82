/** Operations from an OpenAPI 2.0, 3.0 or 3.1 document, as the service's import makes them (gateway-model, section 6.5). */
import type { OperationInfo, OperationResponse } from '../exchange/entities.ts';
import { isJsonObject, itemsOf, type Members, textOf } from '../source/json.ts';
import { span } from '../source/span.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { member, resolve } from './openapi-json.ts';
import { headersOf, parametersOf, requestsOf, schemaSource } from './openapi-schemas.ts';
import { sampleOf } from './sample.ts';

const METHODS: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export interface ImportedSpecification {
  readonly operations: readonly OperationInfo[];
  /** First server, or scheme, host and base path. */
  readonly serviceUrl: string | undefined;
  readonly title: string | undefined;
  /** Something in it could not be read, which was told. */
  readonly isBroken?: boolean;
}

export function importOpenApi(specification: Entry): ImportedSpecification {
  const plain = specification.plain();
  const root = isJsonObject(plain) ? plain : {};
  if (!('openapi' in root) && !('swagger' in root)) {
    specification.report(faults.badSpecification('it has neither `openapi` nor `swagger`'));
    return { operations: [], serviceUrl: undefined, title: undefined };
  }
  reportExternalReferences(specification);
  const operations = Object.entries(member(root, 'paths')).flatMap(([path, item]) => operationsOf(path, resolve(root, item), root));
  return { operations: withUniqueIds(operations), serviceUrl: serviceUrlOf(root), title: textOf(member(root, 'info').title) };
}

/** Only references inside the file are followed (gateway-model, section 6.5). */
function reportExternalReferences(specification: Entry): void {
  const { file } = specification.context;
  for (const match of file.text.matchAll(/["']?\$ref["']?[ \t]*:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'{[#][^\s,}]*))/g)) {
    const reference = match[1] ?? match[2] ?? match[3] ?? '';
    const start = match.index + match[0].lastIndexOf(reference);
    if (!reference.startsWith('#')) specification.report(faults.externalReference(reference), span(start, start + reference.length));
  }
}

function operationsOf(path: string, item: Members, root: Members): OperationInfo[] {
  return METHODS.flatMap((method) => {
    const operation = item[method];
    if (!isJsonObject(operation)) return [];
    const id = textOf(operation.operationId);
    const name = textOf(operation.summary) ?? id ?? `${method.toUpperCase()} ${path}`;
    // Query parameters take no part in matching: the service lists them apart from the template.
    return [
      {
        id: id ?? generatedId(method, path),
        method: method.toUpperCase(),
        name: name.slice(0, 300),
        urlTemplate: path,
        ...describedAs(operation),
        responses: responsesOf(operation, root),
        parameters: parametersOf(item, operation, root),
        requests: requestsOf(operation, root),
      },
    ];
  });
}

function describedAs({ description, summary }: Members): { readonly description?: string } {
  const text = textOf(description) ?? textOf(summary);
  return text === undefined ? {} : { description: text };
}

/** `get-orders-orderid` */
function generatedId(method: string, path: string): string {
  return normalizeOperationId(`${method}-${path}`);
}

/** Lower case, every run of other characters becomes one dash, trimmed, at most 76 characters. */
export function normalizeOperationId(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 76);
}

function withUniqueIds(operations: readonly OperationInfo[]): OperationInfo[] {
  const seen = new Map<string, number>();
  return operations.map((operation) => {
    const count = seen.get(operation.id) ?? 0;
    seen.set(operation.id, count + 1);
    return count === 0 ? operation : { ...operation, id: `${operation.id}-${count}` };
  });
}

function serviceUrlOf(root: Members): string | undefined {
  const server = itemsOf(root.servers)[0];
  if (isJsonObject(server)) return filledServer(server);
  const host = textOf(root.host);
  if (host === undefined) return undefined;
  const schemes = itemsOf(root.schemes);
  const scheme = schemes.includes('https') || schemes.length === 0 ? 'https' : String(schemes[0]);
  return `${scheme}://${host}${textOf(root.basePath) ?? ''}`;
}

function filledServer(server: Members): string | undefined {
  const variables = member(server, 'variables');
  const url = textOf(server.url)?.replace(/\{([^}]+)\}/g, (_all, name: string) => textOf(member(variables, name).default) ?? '');
  return url !== undefined && /^https?:\/\//.test(url) ? url : undefined;
}

function responsesOf(operation: Members, root: Members): OperationResponse[] {
  const produces = itemsOf(operation.produces ?? root.produces).map(String);
  return Object.entries(member(operation, 'responses')).flatMap(([status, value]) => {
    const code = status === 'default' ? 200 : Number(status.replace(/x/gi, '0'));
    if (!Number.isInteger(code) || code < 100 || code > 599) return [];
    const response = resolve(root, value);
    return [
      {
        status: code,
        headers: headersOf(response, root),
        representations: 'content' in response ? contentOf(response, root) : legacyContentOf(response, produces, root),
      },
    ];
  });
}

type Representation = OperationResponse['representations'][number];

function contentOf(response: Members, root: Members): Representation[] {
  return Object.entries(member(response, 'content')).map(([contentType, media]) => {
    const body = resolve(root, media);
    return {
      contentType,
      sample: exampleText(body.example ?? firstExample(body.examples, root)) ?? sampleText(body.schema, root),
      schema: schemaSource(body.schema, root),
    };
  });
}

function firstExample(examples: unknown, root: Members): unknown {
  if (!isJsonObject(examples)) return undefined;
  const first = Object.values(examples)[0];
  return first === undefined ? undefined : resolve(root, first).value;
}

/** Swagger 2.0: `examples` by media type, or a sample of the schema for each type the operation produces. */
function legacyContentOf(response: Members, produces: readonly string[], root: Members): Representation[] {
  const examples = member(response, 'examples');
  const types = [...new Set([...Object.keys(examples), ...produces])];
  if (types.length === 0 && 'schema' in response) types.push('application/json');
  const schema = schemaSource(response.schema, root);
  return types.map((contentType) => ({
    contentType,
    sample: exampleText(examples[contentType]) ?? sampleText(response.schema, root),
    schema,
  }));
}

function exampleText(example: unknown): string | null {
  if (example === undefined) return null;
  return typeof example === 'string' ? example : JSON.stringify(example, undefined, 2);
}

function sampleText(schema: unknown, root: Members): string | null {
  if (!isJsonObject(schema)) return null;
  return JSON.stringify(
    sampleOf(schema, (reference) => resolve(root, reference)),
    undefined,
    2,
  );
}
