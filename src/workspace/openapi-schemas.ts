/** Parameters, bodies and headers of an API definition with their schemas, for the validation policies. */
import type { OperationInfo, OperationParameter, SchemaSource } from '../exchange/entities.ts';
import { isJsonObject, itemsOf, type Members, textOf } from '../source/json.ts';
import { member, resolve } from './openapi-json.ts';
import { plainParameter } from './template.ts';

/** The schema with the definition around it; undefined when there is none. */
export function schemaSource(schema: unknown, root: Members): SchemaSource | undefined {
  if (!isJsonObject(schema)) return undefined;
  const dialect = textOf(root.openapi)?.startsWith('3.1') ? 'openapi-3.1' : 'openapi-3.0';
  const name = textOf(schema.$ref)?.split('/').pop() ?? '';
  return { schema, root, dialect, name };
}

/** Those of the operation win over those of its path. */
export function parametersOf(item: Members, operation: Members, root: Members): OperationParameter[] {
  const found = new Map<string, OperationParameter>();
  for (const entry of [...itemsOf(item.parameters), ...itemsOf(operation.parameters)]) {
    const parameter = parameterOf(resolve(root, entry), root);
    if (parameter) found.set(`${parameter.in} ${parameter.name.toLowerCase()}`, parameter);
  }
  return [...found.values()];
}

function parameterOf(entry: Members, root: Members): OperationParameter | undefined {
  const name = textOf(entry.name);
  const place = entry.in;
  if (name === undefined || (place !== 'path' && place !== 'query' && place !== 'header')) return undefined;
  const description = textOf(entry.description);
  return {
    name: place === 'path' ? plainParameter(name) : name,
    in: place,
    required: entry.required === true || place === 'path',
    ...schemaOfParameter(entry, place, root),
    ...(description === undefined ? {} : { description }),
  };
}

/** `content` holds JSON; Swagger 2.0 keeps the schema's words in the parameter itself. */
function schemaOfParameter(
  entry: Members,
  place: OperationParameter['in'],
  root: Members,
): Pick<OperationParameter, 'schema' | 'separator' | 'isJson'> {
  const content = Object.values(member(entry, 'content'))[0];
  const isContent = isJsonObject(content);
  const schema = isContent ? content.schema : (entry.schema ?? entry);
  const source = schemaSource(schema, root) ?? { schema: {}, root, dialect: 'openapi-3.0' as const, name: '' };
  return { schema: source, separator: separatorOf(entry, place), isJson: isContent };
}

const BY_STYLE: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|', ssv: ' ', tsv: '\t', pipes: '|' };

function separatorOf(entry: Members, place: OperationParameter['in']): string | null {
  const format = textOf(entry.collectionFormat);
  const isSwagger = !('schema' in entry) && !('content' in entry);
  if (isSwagger) return format === 'multi' ? null : (BY_STYLE[format ?? ''] ?? ',');
  if (place !== 'query') return ',';
  const style = textOf(entry.style) ?? 'form';
  const explodes = entry.explode === undefined ? style === 'form' : entry.explode === true;
  return explodes ? null : (BY_STYLE[style] ?? ',');
}

export function requestsOf(operation: Members, root: Members): NonNullable<OperationInfo['requests']> {
  if ('requestBody' in operation) {
    const content = member(resolve(root, operation.requestBody), 'content');
    return Object.entries(content).map(([contentType, media]) => ({
      contentType,
      schema: schemaSource(resolve(root, media).schema, root),
    }));
  }
  const body = itemsOf(operation.parameters)
    .map((entry) => resolve(root, entry))
    .find((entry) => entry.in === 'body');
  const types = itemsOf(operation.consumes ?? root.consumes).map(String);
  if (!body) return [];
  return (types.length === 0 ? ['application/json'] : types).map((contentType) => ({
    contentType,
    schema: schemaSource(body.schema, root),
  }));
}

export function headersOf(response: Members, root: Members): OperationParameter[] {
  return Object.entries(member(response, 'headers')).map(([name, value]) => {
    const entry = resolve(root, value);
    return { name, in: 'header', required: entry.required === true, ...schemaOfParameter(entry, 'header', root) };
  });
}
