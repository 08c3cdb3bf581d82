/** Parameters, bodies and headers of an API definition with their schemas, for the validation policies. */
import type { OperationInfo, OperationParameter, SchemaSource } from '../exchange/entities.ts';
import { isJson, type Json, listOf, member, resolve, textOf } from './openapi-json.ts';

/** The schema with the definition around it; undefined when there is none. */
export function schemaSource(schema: unknown, root: Json): SchemaSource | undefined {
  if (!isJson(schema)) return undefined;
  const dialect = textOf(root.openapi)?.startsWith('3.1') ? 'openapi-3.1' : 'openapi-3.0';
  const name = textOf(schema.$ref)?.split('/').pop() ?? '';
  return { schema, root, dialect, name };
}

/** Those of the operation win over those of its path. */
export function parametersOf(item: Json, operation: Json, root: Json): OperationParameter[] {
  const found = new Map<string, OperationParameter>();
  for (const entry of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
    const parameter = parameterOf(resolve(root, entry), root);
    if (parameter) found.set(`${parameter.in} ${parameter.name.toLowerCase()}`, parameter);
  }
  return [...found.values()];
}

function parameterOf(entry: Json, root: Json): OperationParameter | undefined {
  const name = textOf(entry.name);
  const place = entry.in;
  if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header')) return undefined;
  const description = textOf(entry.description);
  return {
    name,
    in: place,
    required: entry.required === true || place === 'path',
    ...schemaOfParameter(entry, place, root),
    ...(description === undefined ? {} : { description }),
  };
}

/** `content` holds JSON; Swagger 2.0 keeps the schema's words in the parameter itself. */
function schemaOfParameter(
  entry: Json,
  place: OperationParameter['in'],
  root: Json,
): Pick<OperationParameter, 'schema' | 'separator' | 'isJson'> {
  const content = Object.values(member(entry, 'content'))[0];
  const isContent = isJson(content);
  const schema = isContent ? content.schema : (entry.schema ?? entry);
  const source = schemaSource(schema, root) ?? { schema: {}, root, dialect: 'openapi-3.0' as const, name: '' };
  return { schema: source, separator: separatorOf(entry, place), isJson: isContent };
}

const BY_STYLE: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|', ssv: ' ', tsv: '\t', pipes: '|' };

function separatorOf(entry: Json, place: OperationParameter['in']): string | null {
  const format = textOf(entry.collectionFormat);
  const isSwagger = !('schema' in entry) && !('content' in entry);
  if (isSwagger) return format === 'multi' ? null : (BY_STYLE[format ?? ''] ?? ',');
  if (place !== 'query') return ',';
  const style = textOf(entry.style) ?? 'form';
  const explodes = entry.explode === undefined ? style === 'form' : entry.explode === true;
  return explodes ? null : (BY_STYLE[style] ?? ',');
}

export function requestsOf(operation: Json, root: Json): NonNullable<OperationInfo['requests']> {
  if ('requestBody' in operation) {
    const content = member(resolve(root, operation.requestBody), 'content');
    return Object.entries(content).map(([contentType, media]) => ({
      contentType,
      schema: schemaSource(resolve(root, media).schema, root),
    }));
  }
  const body = listOf(operation.parameters)
    .map((entry) => resolve(root, entry))
    .find((entry) => entry.in === 'body');
  const types = listOf(operation.consumes ?? root.consumes).map(String);
  if (!body) return [];
  return (types.length === 0 ? ['application/json'] : types).map((contentType) => ({
    contentType,
    schema: schemaSource(body.schema, root),
  }));
}

export function headersOf(response: Json, root: Json): OperationParameter[] {
  return Object.entries(member(response, 'headers')).map(([name, value]) => {
    const entry = resolve(root, value);
    return { name, in: 'header', required: entry.required === true, ...schemaOfParameter(entry, 'header', root) };
  });
}
