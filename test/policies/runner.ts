/** Runs policy cases kept as files: a document (or one a scope), a request, stubbed answers, and what must come out. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import type { CompileExpression } from '../../src/csharp/compile.ts';
import { createTypeTable } from '../../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../../src/dotnet/index.ts';
import { Body } from '../../src/exchange/body.ts';
import { CONTEXT_TYPE_NAME, contextDeclarations } from '../../src/exchange/context/index.ts';
import type { ApiInfo, OperationInfo, SchemaSource } from '../../src/exchange/entities.ts';
import type { ExchangeEvent } from '../../src/exchange/events.ts';
import { Exchange, type ExchangeOptions, type Forwarder } from '../../src/exchange/exchange.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { GatewayRequest } from '../../src/exchange/message.ts';
import { toPolicyText } from '../../src/exchange/text.ts';
import { Url } from '../../src/exchange/url.ts';
import type { FrozenHost, FrozenHostOptions } from '../../src/host/frozen.ts';
import {
  type CertificateInfo,
  type HostCertificate,
  type HostCertificates,
  HostError,
  type IncomingResponse,
  type OutgoingRequest,
} from '../../src/host/host.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { buildChain } from '../../src/identity/certificates/chain.ts';
import type { EffectivePolicy } from '../../src/pipeline/document.ts';
import type { PolicyEnvironment } from '../../src/pipeline/environment.ts';
import { type CompiledResolver, compileResolver } from '../../src/pipeline/resolvers.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import type { PolicyServices } from '../../src/policies/compiler.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { graphqlForwarder } from '../../src/workspace/graphql.ts';
import { importOpenApi } from '../../src/workspace/openapi.ts';
import { schemasInWsdl } from '../../src/workspace/xml-schemas.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { compileEffective } from '../support/effective.ts';
import { testHost } from '../support/hosts.ts';

type Record_ = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body goes out compressed, and says so. */
  readonly gzip?: boolean;
  /** The body in pieces. */
  readonly chunks?: readonly string[];
  readonly error?: HostError['reason'];
}

export interface PolicyCase {
  readonly name: string;
  /** The inside of a section by name, or a whole document. */
  readonly document?: string;
  readonly inbound?: string;
  readonly backend?: string;
  readonly outbound?: string;
  readonly 'on-error'?: string;
  /** Whole documents by scope, instead of the four above. */
  readonly scopes?: Readonly<Partial<Record<'global' | 'product' | 'api' | 'operation', string>>>;
  readonly fragments?: Readonly<Record<string, string>>;
  readonly 'named-values'?: Readonly<Record<string, string | { value: string; secret: boolean }>>;
  readonly backends?: Readonly<Record<string, string>>;
  readonly lenient?: boolean;
  /** An API definition; its first operation is that of the call. */
  readonly definition?: string;
  /** Schema of a GraphQL API. */
  readonly graphql?: string;
  /** A WSDL file of the API, or one XML schema. */
  readonly wsdl?: string;
  /** `$metadata` of an OData API. */
  readonly odata?: string;
  /** Documents of its resolvers by `Type/field`: the API is synthetic then. */
  readonly resolvers?: Readonly<Record<string, string>>;
  /** Local services in place of Azure's. */
  readonly 'stand-ins'?: { readonly sql?: string; readonly 'service-fabric'?: Readonly<Record<string, string>> };
  /** XML schemas of the service by id. */
  readonly 'xml-schemas'?: Readonly<Record<string, string>>;
  /** JSON schemas of the service by id. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly exchange?: Partial<ExchangeOptions>;
  readonly request?: {
    method?: string;
    url?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
    /** The body comes compressed, and says so. */
    gzip?: boolean;
    ip?: string;
    matched?: Record<string, string>;
    /** File in `certificates/` that the caller shows. */
    certificate?: string;
  };
  /** Start of the clock, ISO 8601. */
  readonly now?: string;
  /** Seconds that pass between two rounds. */
  readonly advance?: number;
  /** Uploaded certificates: files in `certificates/` by id. */
  readonly certificates?: Readonly<Record<string, string>>;
  /** Files of trusted roots. */
  readonly authorities?: readonly string[];
  /** Tokens of credential manager connections by `provider/authorization`. */
  readonly connections?: Readonly<Record<string, string>>;
  /** Calls to run one after the other; `repeat` times the same request. */
  readonly repeat?: number;
  /** Answers of the backend and of send-request, by order; the last one repeats. */
  readonly answers?: readonly Answer[];
  readonly expect: Expectation;
}

export interface Expectation {
  readonly status?: number;
  readonly reason?: string;
  /** Null: the header must be absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
  readonly variables?: Readonly<Record<string, string | null>>;
  readonly lastError?: Record_;
  /** What was sent out, in order: `METHOD url`, or details. */
  readonly sent?: readonly (
    | string
    | {
        url?: string;
        method?: string;
        headers?: Record<string, string | null>;
        body?: string;
        timeout?: number;
        certificateId?: string;
        pfx?: string;
        proxy?: Record_ | null;
      }
  )[];
  /** Text of each diagnostic: `line:column CODE message`. */
  readonly problems?: readonly string[];
  readonly branches?: readonly string[];
  /** What went to the host's sinks, in order. */
  readonly recorded?: readonly Record_[];
}

export const types = createTypeTable([...libraryDeclarations(), ...contextDeclarations()]);

/** Reads the cases of a file. */
export function casesOf(file: string): readonly PolicyCase[] {
  return parse(readFileSync(file, 'utf8')) as PolicyCase[];
}

export interface Sent {
  readonly request: OutgoingRequest;
  readonly body: string;
}

export interface Outcome {
  readonly exchange: Exchange;
  readonly problems: readonly string[];
  readonly sent: readonly Sent[];
  readonly events: readonly ExchangeEvent[];
  readonly recorded: FrozenHost['recorded'];
}

export function environmentOf(testCase: PolicyCase, compileExpression: CompileExpression): PolicyEnvironment {
  const named = Object.entries(testCase['named-values'] ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? { value, secret: false } : value] as const,
  );
  const fragments = Object.entries(testCase.fragments ?? {}).map(([id, text]) => [id, readDocument(text, `${id}.xml`).document] as const);
  return {
    engine: { types, contextType: CONTEXT_TYPE_NAME, anyMember: false },
    compileExpression,
    namedValues: new Map(named),
    fragments: new Map(fragments),
    services: servicesOf(testCase),
    standalone: false,
    lenient: testCase.lenient ?? false,
  };
}

function servicesOf(testCase: PolicyCase): PolicyServices {
  const backends = testCase.backends ?? {};
  return {
    backend: (id) => (backends[id] === undefined ? undefined : { id, url: backends[id] }),
    hasBackend: (id) => id in backends,
    schema: (id) => schemaOf(testCase, id),
    xmlSchema: (id) => testCase['xml-schemas']?.[id],
    hasCertificate: (id) => id in (testCase.certificates ?? {}),
    tokens: undefined,
    standIns: { sql: testCase['stand-ins']?.sql, serviceFabric: new Map(Object.entries(testCase['stand-ins']?.['service-fabric'] ?? {})) },
    gates: new Map(),
  };
}

/** Compiles the case's documents into what runs at its operation. */
export function compileCase(testCase: PolicyCase, environment: PolicyEnvironment): EffectivePolicy {
  const scopes = testCase.scopes ?? { api: testCase.document ?? sectionsText(testCase) };
  const documents = Object.fromEntries(Object.entries(scopes).map(([scope, text]) => [scope, readDocument(text, `${scope}.xml`).document]));
  return compileEffective(documents, environment);
}

function sectionsText(testCase: PolicyCase): string {
  const section = (name: 'inbound' | 'backend' | 'outbound' | 'on-error') => {
    const text = testCase[name];
    return text === undefined ? `<${name}><base /></${name}>` : `<${name}>${text}</${name}>`;
  };
  return `<policies>${section('inbound')}${section('backend')}${section('outbound')}${section('on-error')}</policies>`;
}

/** Default: stores in memory, on the case's clock. */
export type CaseStores = Partial<Pick<FrozenHostOptions, 'cache' | 'counters'>>;

export async function runCase(testCase: PolicyCase, compileExpression: CompileExpression, stores: CaseStores = {}): Promise<Outcome> {
  const environment = environmentOf(testCase, compileExpression);
  const policy = compileCase(testCase, environment);
  const sent: Sent[] = [];
  const events: ExchangeEvent[] = [];
  const host = hostOf(testCase, sent, stores);
  const resolvers = resolversOf(testCase, environment);
  const forwarder = testCase.resolvers && graphqlForwarder(testCase.graphql ?? '', resolvers);
  let exchange = exchangeOf(testCase, host, events, forwarder);
  for (let round = 0; round < (testCase.repeat ?? 1); round += 1) {
    if (round > 0) host.advance((testCase.advance ?? 0) * 1000);
    exchange = exchangeOf(testCase, host, events, forwarder);
    await runEffective(policy, exchange);
    await exchange.response?.body.buffer();
  }
  return {
    exchange,
    problems: [...policy.diagnostics, ...[...resolvers.values()].flatMap(({ diagnostics }) => diagnostics)].map(problemText),
    sent,
    events,
    recorded: host.recorded,
  };
}

function resolversOf({ resolvers = {} }: PolicyCase, environment: PolicyEnvironment): Map<string, CompiledResolver> {
  return new Map(
    Object.entries(resolvers).map(([path, text]) => [path, compileResolver(readDocument(text, `${path}.xml`).document, environment)]),
  );
}

/** An exchange for the case's request, nobody listening. */
export function newExchange(testCase: PolicyCase): Exchange {
  const exchange = exchangeOf(testCase, hostOf(testCase, []), []);
  exchange.listener = null;
  return exchange;
}

function problemText({ file, span, code, message }: Diagnostic): string {
  const { line, column } = file.positionAt(span.start);
  return `${line}:${column} ${code} ${message}`;
}

function hostOf(testCase: PolicyCase, sent: Sent[], stores: CaseStores = {}): FrozenHost {
  const answers = testCase.answers ?? [{ status: 200 }];
  let next = 0;
  return testHost({
    ...stores,
    ...(testCase.now === undefined ? {} : { now: Date.parse(testCase.now) }),
    certificates: certificatesOf(testCase),
    connections: new Map(
      Object.entries(testCase.connections ?? {}).map(([id, accessToken]) => [id, { accessToken, claims: { scope: 'read' } }] as const),
    ),
    send: async (request) => {
      sent.push({ request, body: await textOf(request.body) });
      const answer = answers[Math.min(next, answers.length - 1)] ?? {};
      next += 1;
      if (answer.error) throw new HostError(answer.error, `stub: ${answer.error}`);
      return responseOf(answer);
    },
  });
}

function certificatesOf(testCase: PolicyCase): HostCertificates {
  const known = Object.entries(testCase.certificates ?? {}).map(([id, file]): HostCertificate => ({ id, info: certificateIn(file) }));
  const certificates: HostCertificates = {
    find: (id) => known.find((one) => one.id === id || one.info.thumbprint === id),
    uploaded: known,
    authorities: [...(testCase.authorities ?? []).map(certificateIn), ...known.map(({ info }) => info)],
  };
  const crypto = nodeCrypto();
  return { ...certificates, isTrusted: (one, now) => buildChain(one, { now: () => now, crypto, certificates }).trusted };
}

function certificateIn(file: string): CertificateInfo {
  return nodeCrypto().certificate(readFileSync(new URL(`certificates/${file}`, import.meta.url)));
}

function responseOf(answer: Answer): IncomingResponse {
  const chunks = answer.chunks ?? (answer.body === undefined ? undefined : [answer.body]);
  return {
    status: answer.status ?? 200,
    reason: answer.reason ?? 'OK',
    headers: [...Object.entries(answer.headers ?? {}).flat(), ...(answer.gzip ? GZIP : [])],
    body:
      chunks === undefined
        ? null
        : (async function* () {
            for (const chunk of chunks) yield answer.gzip ? gzipSync(chunk) : new TextEncoder().encode(chunk);
          })(),
  };
}

const GZIP = ['Content-Encoding', 'gzip'];

async function textOf(body: OutgoingRequest['body']): Promise<string> {
  const held = new Body(body);
  await held.buffer();
  return held.text();
}

function exchangeOf(testCase: PolicyCase, host: FrozenHost, events: ExchangeEvent[], forwarder?: Forwarder): Exchange {
  const { request = {} } = testCase;
  const url = Url.parse(request.url ?? 'https://gateway.test/orders/7?a=1');
  const base = Url.parse('https://backend.test/svc');
  if (!url || !base) throw new Error(`bad URL in case ${testCase.name}`);
  return new Exchange({
    host,
    types,
    requestId: '8f14e45f-ceea-467f-a8a5-1c3d5b6e7f80',
    request: new GatewayRequest({
      method: request.method ?? 'GET',
      originalUrl: url,
      base,
      path: request.path ?? url.path,
      headers: new Headers([...Object.entries(request.headers ?? {}).flat(), ...(request.gzip ? GZIP : [])]),
      body: request.body === undefined ? new Body() : request.gzip ? new Body(gzipSync(request.body)) : Body.text(request.body),
      ipAddress: request.ip ?? '203.0.113.7',
      certificate: request.certificate === undefined ? null : certificateIn(request.certificate),
      matchedParameters: new Map(Object.entries(request.matched ?? {})),
    }),
    listener: (event) => events.push(event),
    ...(forwarder ? { forwarder } : {}),
    ...(testCase.graphql === undefined ? {} : { api: graphqlApi(testCase.graphql) }),
    ...(testCase.wsdl === undefined ? {} : { api: { ...graphqlApi(''), xmlSchemas: schemasInWsdl(testCase.wsdl) } }),
    ...(testCase.odata === undefined ? {} : { api: { ...graphqlApi(''), path: 'odata', odataMetadata: testCase.odata } }),
    ...(testCase.definition === undefined ? {} : { operation: operationOf(testCase.definition) }),
    ...testCase.exchange,
  });
}

function operationOf(definition: string): OperationInfo {
  const problems: Diagnostic[] = [];
  const [operation] = importOpenApi(readConfig(definition, 'api.yaml', (problem) => problems.push(problem))).operations;
  if (!operation || problems.length > 0) throw new Error(`bad API definition: ${problems.map(({ message }) => message).join(', ')}`);
  return operation;
}

function graphqlApi(graphqlSchema: string): ApiInfo {
  return {
    id: 'graph',
    name: 'Graph',
    path: 'graphql',
    protocols: ['https'],
    serviceUrl: null,
    subscriptionKeyParameterNames: { header: 'k', query: 'k' },
    isCurrentRevision: true,
    revision: '1',
    version: null,
    graphqlSchema,
  };
}

function schemaOf({ schemas }: PolicyCase, id: string): SchemaSource | undefined {
  const schema = schemas?.[id];
  return schema === undefined ? undefined : { schema, root: schema, dialect: 'openapi-3.0', name: id };
}

/** What came out, in the shape of the expectation, so that one comparison shows every difference. */
export function observed({ expect }: PolicyCase, outcome: Outcome): Record_ {
  const { response, variables, lastError } = outcome.exchange;
  const seen: Record<string, unknown> = {};
  if (expect.status !== undefined) seen.status = response?.status;
  if (expect.reason !== undefined) seen.reason = response?.reason;
  if (expect.headers)
    seen.headers = pick(expect.headers, (name) => response?.headers.toWire() && (headersText(response.headers.toWire(), name) ?? null));
  if (expect.body !== undefined) seen.body = response?.body.text();
  if (expect.variables)
    seen.variables = pick(expect.variables, (name) => (variables.has(name) ? toPolicyText(variables.get(name)) : '(missing)'));
  if (expect.lastError) seen.lastError = pick(expect.lastError, (name) => (lastError as unknown as Record_ | null)?.[name]);
  if (expect.sent) seen.sent = outcome.sent.map((one, at) => sentShape(one, expect.sent?.[at]));
  if (expect.branches) seen.branches = outcome.events.flatMap((event) => (event.kind === 'branch-taken' ? [event.branch] : []));
  if (expect.recorded) seen.recorded = outcome.recorded;
  seen.problems = outcome.problems;
  return seen;
}

function pick(wanted: Record_, read: (name: string) => unknown): Record_ {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, read(name)]));
}

function headersText(wire: readonly string[], name: string): string | undefined {
  const headers = new Headers(wire);
  return headers.has(name) ? headers.all(name).join(' | ') : undefined;
}

function sentShape({ request, body }: Sent, wanted: NonNullable<Expectation['sent']>[number] | undefined): unknown {
  const line = `${request.method} ${request.origin}${request.path}`;
  if (wanted === undefined || typeof wanted === 'string') return line;
  const seen: Record<string, unknown> = {};
  if (wanted.url !== undefined) seen.url = request.origin + request.path;
  if (wanted.method !== undefined) seen.method = request.method;
  if (wanted.headers) seen.headers = pick(wanted.headers, (name) => headersText(request.headers, name) ?? null);
  if (wanted.body !== undefined) seen.body = body;
  if (wanted.certificateId !== undefined) seen.certificateId = request.certificateId;
  if (wanted.pfx !== undefined) seen.pfx = request.pfx && `${new TextDecoder().decode(request.pfx.data)} ${request.pfx.password}`;
  if (wanted.timeout !== undefined) seen.timeout = request.timeoutMilliseconds;
  if (wanted.proxy !== undefined) seen.proxy = request.proxy ?? null;
  return seen;
}
