/** What a tool takes, and the request that arguments make: path, query, headers and body of the operation behind it. */
import type { OperationInfo, OperationParameter, SchemaSource } from '../../exchange/entities.ts';
import { isJsonObject, type Members } from '../../source/json.ts';
import { member, resolve } from '../openapi-json.ts';
import { ToolSchemas } from './schemas.ts';

/** The operation's request as arguments make it. */
export interface ToolRequest {
  /** Behind the API's path. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly queryString: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly contentType: string | undefined;
  /** Values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One argument that is no part of the body. */
interface Field {
  /** As the caller of the tool names it. */
  readonly argument: string;
  readonly name: string;
  readonly in: OperationParameter['in'];
  readonly required: boolean;
  readonly isTemplate: boolean;
  readonly declared: OperationParameter | undefined;
}

type BodyShape =
  | { readonly kind: 'none' }
  /** The members of the body stand among the other arguments. */
  | { readonly kind: 'members'; readonly contentType: string; readonly source: SchemaSource; readonly names: readonly string[] }
  | { readonly kind: 'whole'; readonly contentType: string; readonly schema: SchemaSource | undefined; readonly required: boolean };

/** The argument that stands for a body that is no object, or whose members are named like parameters. */
const BODY = 'body';

/** OpenAPI keeps these out of parameters; a token is for the MCP server, not for the tool. */
const NOT_FOR_ARGUMENTS = /^(?:accept|content-type|authorization)$/i;

export class ToolArguments {
  readonly inputSchema: Members;
  readonly #path: string;
  readonly #query: readonly (readonly [string, string])[];
  readonly #fields: readonly Field[];
  readonly #body: BodyShape;

  constructor(operation: OperationInfo) {
    const mark = operation.urlTemplate.indexOf('?');
    this.#path = mark < 0 ? operation.urlTemplate : operation.urlTemplate.slice(0, mark);
    this.#query = mark < 0 ? [] : pairsOf(operation.urlTemplate.slice(mark + 1));
    this.#fields = fieldsOf(operation, this.#path, this.#query);
    this.#body = bodyOf(operation, new Set(this.#fields.map(({ argument }) => argument)));
    this.inputSchema = this.#schema();
  }

  /** What is wrong with the arguments: a sentence, or undefined. */
  problem(given: Members): string | undefined {
    for (const { argument, required } of this.#fields)
      if (required && (given[argument] === undefined || given[argument] === null)) return `Missing required argument: ${argument}`;
    if (this.#body.kind === 'whole' && this.#body.required && given[BODY] === undefined) return `Missing required argument: ${BODY}`;
    const unknown = this.#body.kind === 'members' ? undefined : Object.keys(given).find((name) => !this.#knows(name));
    return unknown === undefined ? undefined : `Unknown argument: ${unknown}`;
  }

  /** Only for arguments without a problem. */
  request(given: Members): ToolRequest {
    const query: string[] = [];
    const headers: (readonly [string, string])[] = [];
    const parameters: Record<string, string> = {};
    for (const [name, value] of this.#query) if (!placeholder(value)) query.push(`${encode(name)}=${encode(value)}`);
    for (const field of this.#fields) {
      const values = textsOf(field, given[field.argument]);
      if (field.isTemplate) parameters[field.name] = values[0] ?? '';
      if (field.in === 'query') query.push(...values.map((value) => `${encode(this.#queryName(field))}=${encode(value)}`));
      if (field.in === 'header') headers.push(...values.map((value) => [field.name, value.replace(/[\r\n\0]+/g, ' ')] as const));
    }
    return {
      path: this.#path
        .replace(/\/\*$/, '/')
        .replace(/\{(\*?)([^}]+)\}/g, (_all, star: string, name: string) => segment(parameters[name], star)),
      queryString: query.length === 0 ? '' : `?${query.join('&')}`,
      headers,
      ...this.#bodyText(given),
      parameters,
    };
  }

  #knows(name: string): boolean {
    return (name === BODY && this.#body.kind === 'whole') || this.#fields.some(({ argument }) => argument === name);
  }

  /** A parameter of the template may have another name than the query parameter that it fills. */
  #queryName({ name, isTemplate }: Field): string {
    return (isTemplate && this.#query.find(([, value]) => placeholder(value) === name)?.[0]) || name;
  }

  #bodyText(given: Members): Pick<ToolRequest, 'body' | 'contentType'> {
    const body = this.#body;
    if (body.kind === 'none') return { body: undefined, contentType: undefined };
    const value = body.kind === 'whole' ? given[BODY] : this.#members(given, body.names);
    if (value === undefined) return { body: undefined, contentType: undefined };
    return { body: written(value, body.contentType), contentType: body.contentType };
  }

  /** What is no parameter belongs to the body; a client that wraps it in `body` all the same is understood. */
  #members(given: Members, names: readonly string[]): unknown {
    const rest = Object.entries(given).filter(([name]) => !this.#fields.some(({ argument }) => argument === name));
    const [only] = rest;
    if (only?.[0] === BODY && rest.length === 1 && !names.includes(BODY) && isJsonObject(only[1])) return only[1];
    return Object.fromEntries(rest);
  }

  #schema(): Members {
    const schemas = new ToolSchemas();
    const properties: Record<string, unknown> = {};
    const required: string[] = [];
    for (const { argument, declared, required: isRequired } of this.#fields) {
      const plain = declared ? schemas.plain(declared.schema) : { type: 'string' };
      properties[argument] = declared?.description === undefined ? plain : { ...plain, description: declared.description };
      if (isRequired) required.push(argument);
    }
    const body = this.#body;
    if (body.kind === 'members') {
      const plain = schemas.plain(body.source);
      Object.assign(properties, plain.properties);
      if (Array.isArray(plain.required)) required.push(...plain.required.map(String));
    } else if (body.kind === 'whole') {
      properties[BODY] = body.schema ? schemas.plain(body.schema) : { description: 'The body of the request.' };
      if (body.required) required.push(BODY);
    }
    return {
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
      ...(Object.keys(schemas.definitions).length > 0 ? { $defs: schemas.definitions } : {}),
    };
  }
}

function pairsOf(query: string): (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? ([pair, ''] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const);
    });
}

/** Name of the parameter that a value of the template stands for. */
function placeholder(value: string): string | undefined {
  return /^\{\*?([^}]+)\}$/.exec(value)?.[1];
}

/** Parameters of the template, then those that the definition adds. */
function fieldsOf(operation: OperationInfo, path: string, query: readonly (readonly [string, string])[]): Field[] {
  const declared = operation.parameters ?? [];
  const find = (place: OperationParameter['in'], name: string) =>
    declared.find((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  const template = [
    ...[...path.matchAll(/\{\*?([^}]+)\}/g)].map(([, name = '']) => ({ name, in: 'path' as const, declared: find('path', name) })),
    ...query.flatMap(([key, value]) => {
      const name = placeholder(value);
      return name === undefined ? [] : [{ name, in: 'query' as const, declared: find('query', key) ?? find('query', name) }];
    }),
  ];
  const taken = new Set(template.map((field) => field.declared));
  const others = declared.filter(
    (one) => !taken.has(one) && one.in !== 'path' && !(one.in === 'header' && NOT_FOR_ARGUMENTS.test(one.name)),
  );
  const names = new Set<string>();
  const argumentOf = (name: string, place: string): string => {
    const free = names.has(name) ? `${place}_${name}` : name;
    names.add(free);
    return free;
  };
  return [
    ...template.map((field) => ({ ...field, argument: argumentOf(field.name, field.in), required: true, isTemplate: true })),
    ...others.map((one) => ({
      argument: argumentOf(one.name, one.in),
      name: one.name,
      in: one.in,
      required: one.required,
      isTemplate: false,
      declared: one,
    })),
  ];
}

/** Methods that carry a body where no definition says so. */
const WITH_BODY = /^(?:POST|PUT|PATCH)$/i;

/** JSON before other types. An object's members become arguments of their own, as the service shows them (inferred). */
function bodyOf({ method, requests }: OperationInfo, taken: ReadonlySet<string>): BodyShape {
  if (requests === undefined && WITH_BODY.test(method))
    return { kind: 'whole', contentType: 'application/json', schema: undefined, required: false };
  const request = requests?.find(({ contentType }) => isJsonType(contentType)) ?? requests?.[0];
  if (!request || /^(?:GET|HEAD|OPTIONS)$/i.test(method)) return { kind: 'none' };
  const { contentType, schema: source } = request;
  const schema = source && isJsonObject(source.root) ? resolve(source.root, source.schema) : undefined;
  const names = Object.keys(schema ? member(schema, 'properties') : {});
  const isForm = /^application\/x-www-form-urlencoded/i.test(contentType);
  if (!source || !schema || names.length === 0 || names.some((name) => taken.has(name)) || !(isForm || isJsonType(contentType)))
    return { kind: 'whole', contentType, schema: source, required: true };
  return { kind: 'members', contentType, source: { ...source, schema }, names };
}

export function isJsonType(contentType: string): boolean {
  return /^[^;]*[/+]json\b/i.test(contentType);
}

function written(value: unknown, contentType: string): string {
  if (/^application\/x-www-form-urlencoded/i.test(contentType) && isJsonObject(value))
    return Object.entries(value)
      .flatMap(([name, one]) => (Array.isArray(one) ? one : [one]).map((item) => `${encode(name)}=${encode(plainText(item))}`))
      .join('&');
  return typeof value === 'string' && !isJsonType(contentType) ? value : JSON.stringify(value);
}

/** One text for each time that the parameter stands in the request. */
function textsOf({ declared, in: place }: Field, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (declared?.isJson) return [JSON.stringify(value)];
  if (!Array.isArray(value)) return [plainText(value)];
  const texts = value.map(plainText);
  const separator = declared?.separator ?? null;
  return separator === null && place === 'query' ? texts : [texts.join(separator ?? ',')];
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encode(text: string): string {
  // A lone half of a surrogate pair has no UTF-8 form.
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD'));
}

/** A parameter stays inside its segment; only that of a wildcard may have several. Dots alone would climb out. */
function segment(value: string | undefined, star: string): string {
  const text = value ?? '';
  const parts = star === '' ? [text] : text.split('/');
  return parts.map((part) => (/^\.{1,2}$/.test(part) ? part.replaceAll('.', '%2E') : encode(part))).join('/');
}
