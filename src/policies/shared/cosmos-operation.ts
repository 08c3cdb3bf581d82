/** `query-request`, `read-request`, `delete-request` and `write-request` of cosmosdb-data-source: their elements and what they send. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { GatewayResponse } from '../../exchange/message.ts';
import { membersOf, tryJson } from '../../source/json.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, type ChildDeclaration, groupChild, optional, required, UNBOUNDED } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import { bodyReader } from './body-element.ts';
import type { CosmosCall } from './cosmos.ts';
import { needed } from './inputs.ts';
import { plainOf } from './plain-value.ts';

const literal = { expressions: false };
const TEMPLATE = optional('template', 'enum', '`liquid` turns on Liquid.', { ...literal, values: ['liquid'] });

/** A value that may be written in Liquid. */
function templated(name: string, min: number, attributes: readonly AttributeDeclaration[] = []): ChildDeclaration {
  const text = { type: 'any', expressions: true, required: min > 0 } as const;
  return { name, min, max: 1, content: 'body', text, attributes: [...attributes, TEMPLATE] };
}

const PARTITION_KEY = templated('partition-key', 0, [
  optional('data-type', 'enum', 'Type of the key.', { values: ['string', 'number', 'bool', 'none', 'null'], default: 'string' }),
]);
const ETAG = templated('etag', 0, [
  optional('type', 'enum', 'Whether the item must have the tag or must not.', { values: ['match', 'no-match'], default: 'match' }),
]);
const LEVELS: Readonly<Record<string, string>> = {
  'bounded-staleness': 'Bounded',
  'consistent-prefix': 'ConsistentPrefix',
  eventual: 'Eventual',
  session: 'Session',
  strong: 'Strong',
};
const CONSISTENCY = optional('consistency-level', 'enum', 'Consistency of the operation.', { values: Object.keys(LEVELS) });
const TRIGGERS = [
  optional('pre-trigger', 'string', 'Trigger that runs before.'),
  optional('post-trigger', 'string', 'Trigger that runs behind.'),
];

const QUERY_PARAMETER: ChildDeclaration = {
  name: 'parameter',
  min: 1,
  max: UNBOUNDED,
  content: 'text',
  text: { type: 'any', expressions: true, required: false },
  attributes: [required('name', 'string', 'Name with its `@`.', literal), optional('type', 'string', 'Type of the value.', literal)],
};

function request(name: string, attributes: readonly AttributeDeclaration[], children: readonly ChildDeclaration[]): ChildDeclaration {
  return { name, min: 0, max: 1, content: 'children', attributes, children };
}

export const OPERATIONS: readonly ChildDeclaration[] = [
  request(
    'query-request',
    [optional('enable-low-precision-order-by', 'boolean', 'Orders with lower precision; sent on as the header of that name.')],
    [
      {
        name: 'sql-statement',
        min: 1,
        max: 1,
        content: 'text',
        attributes: [],
        text: { type: 'string', expressions: true, required: true },
      },
      groupChild('parameters', 0, [QUERY_PARAMETER]),
      PARTITION_KEY,
      groupChild('paging', 0, [templated('max-item-count', 0), templated('continuation-token', 0)]),
    ],
  ),
  request('read-request', [CONSISTENCY], [templated('id', 1), PARTITION_KEY]),
  request('delete-request', [CONSISTENCY, ...TRIGGERS], [templated('id', 1), PARTITION_KEY, ETAG]),
  {
    ...request(
      'write-request',
      [
        optional('type', 'enum', 'How the item is written.', { values: ['insert', 'replace', 'upsert'], default: 'upsert' }),
        CONSISTENCY,
        optional('enable-content-response-on-write', 'boolean', 'Whether the answer holds the item.', { default: 'true' }),
        optional('indexing-directive', 'enum', 'Whether the item is indexed.', {
          values: ['default', 'include', 'exclude'],
          default: 'default',
        }),
        ...TRIGGERS,
      ],
      [templated('id', 0), PARTITION_KEY, ETAG],
    ),
    policies: ['set-body', 'include-fragment'],
  },
];

/** What is sent for a call, and what its answer means. */
export interface Operation {
  call(exchange: Exchange): CosmosCall;
  /** The field's value as JSON text; undefined leaves the answer as it is. */
  result(answer: GatewayResponse): string | undefined;
}

export function operationOf(element: PolicyElement, compiler: PolicyCompiler): Operation {
  switch (element.name) {
    case 'query-request':
      return queryOf(element, compiler);
    case 'read-request':
      return { call: itemCall('GET', element, compiler), result: (answer) => (answer.status === 404 ? 'null' : undefined) };
    case 'delete-request':
      return { call: itemCall('DELETE', element, compiler), result: (answer) => (answer.status < 300 ? 'null' : undefined) };
    default:
      return { call: writeCall(element, compiler), result: () => undefined };
  }
}

type TextReader = (exchange: Exchange) => string | undefined;

function textOf(element: PolicyElement, name: string, compiler: PolicyCompiler): TextReader {
  const [child] = element.children(name);
  if (!child) return () => undefined;
  const read = bodyReader(child, compiler);
  return (exchange) => {
    const content = read(exchange);
    return (typeof content === 'string' ? content : new TextDecoder().decode(content ?? undefined)).trim();
  };
}

function queryOf(element: PolicyElement, compiler: PolicyCompiler): Operation {
  const statement = needed(element.children('sql-statement')[0]?.content(), 'sql-statement');
  const given = element.children('parameters').flatMap((group) => group.children('parameter'));
  const parameters = given.map((one) => [one.literal('name') ?? '', one.contentObject()] as const);
  const key = partitionKeyOf(element, compiler);
  const lowPrecision = element.boolean('enable-low-precision-order-by');
  const paging = element.children('paging')[0];
  const count = paging ? textOf(paging, 'max-item-count', compiler) : () => undefined;
  const token = paging ? textOf(paging, 'continuation-token', compiler) : () => undefined;
  return {
    call: (exchange) => ({
      method: 'POST',
      id: undefined,
      headers: [
        ...['Content-Type', 'application/query+json', 'x-ms-documentdb-isquery', 'True'],
        ...(key(exchange) ?? ['x-ms-documentdb-query-enablecrosspartition', 'True']),
        ...header('x-ms-documentdb-query-enable-low-precision-order-by', lowPrecision?.read(exchange) ? 'True' : undefined),
        ...header('x-ms-max-item-count', count(exchange)),
        ...header('x-ms-continuation', token(exchange)),
      ],
      body: JSON.stringify({
        query: statement.read(exchange) ?? '',
        parameters: parameters.map(([name, value]) => ({ name, value: value ? plainOf(value.read(exchange)) : '' })),
      }),
    }),
    result: (answer) => (answer.status < 300 ? pageOf(answer) : undefined),
  };
}

/** `items`, and the token of the next page where there is one. */
function pageOf(answer: GatewayResponse): string {
  const items = membersOf(tryJson(answer.body.text())).Documents ?? [];
  const next = answer.headers.first('x-ms-continuation');
  return JSON.stringify({ items, ...(next === undefined ? {} : { continuationToken: next }) });
}

function itemCall(method: 'GET' | 'DELETE', element: PolicyElement, compiler: PolicyCompiler): Operation['call'] {
  const id = textOf(element, 'id', compiler);
  const key = partitionKeyOf(element, compiler);
  const common = commonHeaders(element, compiler);
  return (exchange) => ({ method, id: id(exchange) ?? '', headers: [...(key(exchange) ?? []), ...common(exchange)], body: undefined });
}

function writeCall(element: PolicyElement, compiler: PolicyCompiler): Operation['call'] {
  const type = element.text('type');
  const id = textOf(element, 'id', compiler);
  const key = partitionKeyOf(element, compiler);
  const common = commonHeaders(element, compiler);
  const answers = element.boolean('enable-content-response-on-write');
  const directive = element.text('indexing-directive');
  return (exchange) => {
    const how = type?.read(exchange) ?? 'upsert';
    const indexing = directive?.read(exchange) ?? 'default';
    const item = itemOf(exchange);
    return {
      method: how === 'replace' ? 'PUT' : 'POST',
      id: how === 'replace' ? replacedId(id(exchange), item) : undefined,
      headers: [
        ...['Content-Type', 'application/json'],
        ...(key(exchange) ?? []),
        ...header('x-ms-documentdb-is-upsert', how === 'upsert' ? 'True' : undefined),
        ...header('x-ms-indexing-directive', indexing === 'default' ? undefined : indexing),
        ...header('Prefer', answers && !answers.read(exchange) ? 'return=minimal' : undefined),
        ...common(exchange),
      ],
      body: item,
    };
  };
}

/** What set-body wrote; without it the field's arguments. */
function itemOf({ request, graphql }: Exchange): string {
  return request.body.isReplaced ? request.body.text() : JSON.stringify(plainOf(graphql?.arguments ?? null));
}

function replacedId(id: string | undefined, item: string): string {
  const own = id ?? membersOf(tryJson(item)).id;
  if (typeof own !== 'string' || own === '') throw invalidValue('An item can only be replaced when its `id` is given.');
  return own;
}

function commonHeaders(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => readonly string[] {
  const level = element.text('consistency-level');
  const triggers = (['pre', 'post'] as const).map((when) => [when, element.text(`${when}-trigger`)] as const);
  const tag = textOf(element, 'etag', compiler);
  const isNoMatch = element.children('etag')[0]?.text('type');
  return (exchange) => [
    ...header('x-ms-consistency-level', LEVELS[level?.read(exchange) ?? '']),
    ...triggers.flatMap(([when, name]) => header(`x-ms-documentdb-${when}-trigger-include`, name?.read(exchange) ?? undefined)),
    ...header(isNoMatch?.read(exchange) === 'no-match' ? 'If-None-Match' : 'If-Match', tag(exchange)),
  ];
}

/** The header that names the partition, as a JSON array of one value; undefined when no key is given. */
function partitionKeyOf(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => readonly string[] | undefined {
  const [child] = element.children('partition-key');
  if (!child) return () => undefined;
  const type: Input<string | null> | undefined = child.text('data-type');
  const text = textOf(element, 'partition-key', compiler);
  return (exchange) => ['x-ms-documentdb-partitionkey', JSON.stringify([keyValue(type?.read(exchange) ?? 'string', text(exchange) ?? '')])];
}

/** An item without the key's property has the key `{}` (Cosmos DB's Undefined). */
function keyValue(type: string, text: string): unknown {
  switch (type) {
    case 'number': {
      const number = Number(text);
      if (text === '' || Number.isNaN(number)) throw invalidValue(`'${text}' is not a number.`);
      return number;
    }
    case 'bool':
      return text.toLowerCase() === 'true';
    case 'null':
      return null;
    case 'none':
      return {};
    default:
      return text;
  }
}

function header(name: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [name, value];
}
