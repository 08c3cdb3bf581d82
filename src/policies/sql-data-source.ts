import type { PlainJson } from '../dotnet/json/index.ts';
import { Body } from '../exchange/body.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { OutgoingRequest } from '../host/host.ts';
import { tryJson } from '../source/json.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, groupChild, optional, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { callOut } from './shared/call.ts';
import { connectionString, settingOf } from './shared/connection-string.ts';
import { needed } from './shared/inputs.ts';
import { plainOf } from './shared/plain-value.ts';
import { checkResponse, finishField, PREVIEW_GATEWAYS, RESPONSE_PART } from './shared/resolver.ts';
import { runSteps, type Step } from './step.ts';

const literal = { expressions: false };

const CONNECTION: ChildDeclaration = {
  name: 'connection-info',
  min: 1,
  max: 1,
  content: 'children',
  attributes: [],
  policies: ['get-authorization-context', 'include-fragment', 'authentication-certificate'],
  children: [connectionString(optional('scope', 'string', 'Scope of its token.', literal))],
};

const PARAMETER: ChildDeclaration = {
  name: 'parameter',
  min: 1,
  max: UNBOUNDED,
  content: 'text',
  text: { type: 'any', expressions: true, required: false },
  attributes: [
    required('name', 'string', 'Name with its `@`.', literal),
    optional('sql-type', 'string', 'SQL type of the value.', literal),
  ],
};

const REQUEST: ChildDeclaration = {
  name: 'request',
  min: 1,
  max: 1,
  content: 'children',
  attributes: [optional('single-result', 'boolean', 'At most one row is expected.', { default: 'false' })],
  policies: ['include-fragment', 'set-body'],
  children: [
    { name: 'sql-statement', min: 1, max: 1, content: 'text', attributes: [], text: { type: 'string', expressions: true, required: true } },
    groupChild('parameters', 0, [PARAMETER]),
  ],
};

/** `<sql-data-source>`: the document of a GraphQL resolver that asks Azure SQL; here a service of the user's answers in its place. */
export const sqlDataSource: PolicyDefinition = {
  name: 'sql-data-source',
  summary: 'Resolves a GraphQL field by a T-SQL statement.',
  page: 'sql-data-source-policy',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: PREVIEW_GATEWAYS,
  standIn: "the statement is posted as JSON to `stand-ins: { sql: URL }` of portico.yaml, which answers the last one's rows",
  cardinality: 'any',
  attributes: [],
  content: 'children',
  policies: ['include-fragment'],
  children: [CONNECTION, REQUEST, RESPONSE_PART],
  compile: compileSql,
};

function compileSql(element: PolicyElement, compiler: PolicyCompiler): Step {
  checkResponse(element, compiler);
  const before = [element, ...element.children('connection-info'), ...element.children('request')].flatMap((one) => one.steps());
  const connection = needed(element.children('connection-info')[0]?.children()[0]?.content(), 'connection-string');
  const query = queryReader(element.children('request')[0]);
  const response = element.children('response')[0]?.steps();
  const { standIns } = compiler.services;
  return async (exchange) => {
    await runSteps(before, exchange);
    const text = connection.read(exchange) ?? '';
    const asked = { server: settingOf(text, SERVER), database: settingOf(text, DATABASE), ...query(exchange) };
    const answer = await callOut(requestOf(standIns?.sql, asked), exchange);
    return finishField(answer.status < 400 ? resultOf(answer, asked.singleResult) : answer, response, exchange);
  };
}

const SERVER = ['server', 'data source', 'addr', 'address', 'network address'];
const DATABASE = ['database', 'initial catalog'];

interface Query {
  readonly statement: string;
  readonly parameters: readonly { readonly name: string; readonly type: string | null; readonly value: PlainJson }[];
  readonly singleResult: boolean;
}

function queryReader(request: PolicyElement | undefined): (exchange: Exchange) => Query {
  const statement = needed(request?.children('sql-statement')[0]?.content(), 'sql-statement');
  const single = request?.boolean('single-result');
  const parameters = (request?.children('parameters') ?? []).flatMap((group) => group.children('parameter'));
  const readers = parameters.map((one) => ({ name: one.literal('name') ?? '', type: one.literal('sql-type'), value: one.contentObject() }));
  return (exchange) => ({
    statement: statement.read(exchange) ?? '',
    parameters: readers.map(({ name, type, value }) => ({ name, type: type ?? null, value: value ? plainOf(value.read(exchange)) : '' })),
    singleResult: single?.read(exchange) ?? false,
  });
}

function requestOf(standIn: string | undefined, asked: Query): OutgoingRequest {
  if (standIn === undefined) throw noStandIn();
  const url = new URL(standIn);
  const body = new TextEncoder().encode(JSON.stringify(asked));
  const headers = ['Host', url.host, 'Content-Type', 'application/json', 'Content-Length', String(body.length)];
  return { method: 'POST', origin: url.origin, path: url.pathname + url.search, headers, body, timeoutMilliseconds: 30_000 };
}

function noStandIn(): PolicyError {
  return new PolicyError({
    reason: 'PolicyNotSupported',
    message:
      'Azure SQL cannot be reached from here: name a service that answers in its place under `stand-ins: { sql: … }` of portico.yaml.',
  });
}

/** One row when one is asked for; more than one is an error then. */
function resultOf(answer: GatewayResponse, isSingle: boolean): GatewayResponse {
  const rows = rowsOf(answer.body.text());
  if (!isSingle) return json({ items: rows });
  if (rows.length > 1) throw new PolicyError({ reason: null, message: `The statement gave ${rows.length} rows where one was expected.` });
  return json(rows[0] ?? null);
}

function rowsOf(text: string): readonly unknown[] {
  const value = tryJson(text);
  if (value === undefined)
    throw new PolicyError({ reason: null, message: 'The stand-in for Azure SQL answered something that is not JSON.' });
  if (Array.isArray(value)) return value;
  return value === null ? [] : [value];
}

function json(value: unknown): GatewayResponse {
  const response = new GatewayResponse(200, 'OK', undefined, Body.text(JSON.stringify(value)));
  response.headers.set('Content-Type', ['application/json']);
  return response;
}
