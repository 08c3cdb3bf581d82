/** A gateway without sockets: the same engine on a frozen host, with stubs for everything outside. */
import { box } from '../csharp/runtime/box.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import { parseJson } from '../dotnet/json/reader.ts';
import { Body } from '../exchange/body.ts';
import type { ExchangeEvent } from '../exchange/events.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { forwardFailure, outgoingRequest, responseOf } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { toPolicyText } from '../exchange/text.ts';
import { Url } from '../exchange/url.ts';
import { createFrozenHost, type FrozenHost } from '../host/frozen.ts';
import { HostError, type IncomingResponse, type OutgoingRequest, type SinkRecord } from '../host/host.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { certificatesOf } from '../workspace/certificates.ts';
import { createEngine, type Engine, type Given } from '../workspace/engine.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { Workspace } from '../workspace/model.ts';
import { audiencesOf } from './audiences.ts';
import { createTestProvider, type TestProvider } from './provider.ts';
import { type Answer, type CallStub, play, type RecordedRequest, record, stubFor } from './stubs.ts';
import type { TestGiven, TestRequest } from './suite.ts';

export interface TestGatewayOptions {
  /** Policy directory or a single document. */
  readonly policies: string;
  /** Start of the clock: milliseconds or an ISO date. Default 2026-01-01T00:00:00Z. */
  readonly clock?: number | string;
  /** Seed of chance and GUIDs. Default 1. */
  readonly seed?: number;
  readonly namedValues?: Readonly<Record<string, string>>;
  /** Accept members outside Azure's published list. */
  readonly anyMember?: boolean;
  /** Share these between gateways: the type tables are costly to build. */
  readonly expressions?: Expressions;
  readonly provider?: TestProvider;
  /** Identity providers; default: those of portico.yaml, else one that stands in for all. */
  readonly identity?: readonly StandInProvider[];
}

/** What a call led to. */
export interface TestResult {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value … in wire order. */
  readonly rawHeaders: readonly string[];
  /** All values of a header joined with `,`; undefined when it is absent. */
  header(name: string): string | undefined;
  readonly body: string;
  /** The body as JSON; throws when it is none. */
  json(): unknown;
  /** What reached the backend, one entry a forward. */
  readonly forwarded: readonly RecordedRequest[];
  /** What send-request and the like sent, in order. */
  readonly calls: readonly RecordedRequest[];
  /** Metrics, event hub messages and service bus messages, in order. */
  readonly recorded: readonly SinkRecord[];
  /** Variables as policy text. */
  readonly variables: Readonly<Record<string, string | null>>;
  /** Everything that happened, in order. */
  readonly events: readonly ExchangeEvent[];
  /** `context.LastError`, or null. */
  readonly error: Exchange['lastError'];
  /** Milliseconds that passed on the virtual clock. */
  readonly elapsed: number;
}

/** The policies have errors; `problems` lists them. */
export class PolicyProblems extends Error {
  readonly problems: readonly Diagnostic[];

  constructor(problems: readonly Diagnostic[]) {
    const first = problems[0];
    const place = first ? `${first.file.name}:${first.file.positionAt(first.span.start).line}: ${first.message}` : '';
    super(`the policies have ${problems.length} error(s): ${place}`);
    this.problems = problems;
  }
}

/** What a single call brings along. */
export interface CallSetup {
  /** Identity providers from this call on to its end, in place of the gateway's. */
  readonly identity?: readonly StandInProvider[];
  readonly given?: TestGiven;
  /** Answers of the backend in turn; the last one stays. Default: an empty 200. */
  readonly backend?: readonly Answer[];
  readonly calls?: readonly CallStub[];
  /** Receives every event as it happens (the trace printer). */
  readonly listener?: (event: ExchangeEvent, exchange: Exchange) => void;
}

export interface TestGateway {
  readonly engine: Engine;
  readonly host: FrozenHost;
  /** Moves the clock. */
  advance(milliseconds: number): void;
  call(request: TestRequest, setup?: CallSetup): Promise<TestResult>;
}

/** Loads policies and makes them ready; throws PolicyProblems when they have errors. */
export async function createPolicyGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const provider = options.provider ?? (await createTestProvider());
  return new OfflineGateway(options, provider);
}

const EMPTY_OK: Answer = { status: 200, reason: undefined, headers: [], body: undefined, delay: 0, fault: undefined };

class OfflineGateway implements TestGateway {
  readonly engine: Engine;
  readonly host: FrozenHost;
  readonly #provider: TestProvider;
  readonly #audiences: readonly string[];
  /** State of the call that runs; calls run one after the other. */
  #setup: CallSetup = {};
  #forwarded: RecordedRequest[] = [];
  #calls: RecordedRequest[] = [];
  #recordedBefore = 0;

  constructor(options: TestGatewayOptions, provider: TestProvider) {
    const workspace = withNamedValues(
      loadWorkspace(options.policies, { environment: (name) => process.env[name] }),
      options.namedValues ?? {},
    );
    this.#provider = provider.with(options.identity ?? workspace.local.identity.providers);
    this.#audiences = audiencesOf(workspace);
    this.host = createFrozenHost({
      now: typeof options.clock === 'string' ? Date.parse(options.clock) : (options.clock ?? Date.UTC(2026, 0, 1)),
      seed: options.seed ?? 1,
      crypto: nodeCrypto(),
      cache: (now) => new MemoryCache(now),
      counters: (now) => new MemoryCounters(now),
      certificates: certificatesOf(workspace, nodeCrypto()),
      connections: workspace.connections,
      send: (request) => this.#send(request),
    });
    this.engine = createEngine(workspace, {
      host: this.host,
      expressions: options.expressions ?? createExpressions({ anyMember: options.anyMember ?? false }),
      forwarder: async (exchange, { timeoutMilliseconds, ...rest }) => {
        const backend = exchange.backend?.pick?.() ?? exchange.backend;
        const request = outgoingRequest(exchange, { timeoutMilliseconds, ...rest }, backend);
        try {
          const answer = await this.#answerForward(request);
          backend?.report?.(answer.status, undefined);
          if (exchange.listener)
            exchange.emit({
              kind: 'call-made',
              step: exchange.current,
              method: request.method,
              url: request.origin + request.path,
              status: answer.status,
            });
          return responseOf(answer);
        } catch (error) {
          backend?.report?.(null, undefined);
          throw error instanceof HostError ? forwardFailure(error) : error;
        }
      },
    });
    const errors = this.engine.problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new PolicyProblems(errors);
  }

  advance(milliseconds: number): void {
    this.host.advance(milliseconds);
  }

  async call(request: TestRequest, setup: CallSetup = {}): Promise<TestResult> {
    this.#setup = setup;
    this.#forwarded = [];
    this.#calls = [];
    this.#recordedBefore = this.host.recorded.length;
    const events: ExchangeEvent[] = [];
    const started = this.host.now();
    const exchange = await this.engine.run({
      method: request.method,
      url: urlOf(request.url),
      headers: new Headers(await this.#headers(request)),
      ...(request.body === undefined ? {} : { body: Body.text(request.body) }),
      ipAddress: request.ip,
      listener: (event, source) => {
        events.push(event);
        setup.listener?.(event, source);
      },
      tracing: true,
      given: givenOf(setup.given, this.engine.workspace, this.engine.types),
    });
    return this.#result(exchange, events, started);
  }

  /** The providers as the running call wants them. */
  get #providerNow(): TestProvider {
    return this.#provider.with(this.#setup.identity ?? []);
  }

  async #headers({ url, headers, token, body }: TestRequest): Promise<string[]> {
    const all = ['Host', urlOf(url).authority, ...headers];
    if (token) all.push('Authorization', `Bearer ${await this.#providerNow.mint(token, this.host.now(), this.#audiences)}`);
    if (body !== undefined) all.push('Content-Length', String(new TextEncoder().encode(body).length));
    return all;
  }

  async #answerForward(request: OutgoingRequest): Promise<IncomingResponse> {
    const { backend = [] } = this.#setup;
    const answer = backend[Math.min(this.#forwarded.length, backend.length - 1)] ?? EMPTY_OK;
    this.#forwarded.push(await record(request));
    return play(answer, request.timeoutMilliseconds, (milliseconds) => this.host.sleep(milliseconds));
  }

  async #send(request: OutgoingRequest): Promise<IncomingResponse> {
    const recorded = await record(request);
    const stub = stubFor(this.#setup.calls ?? [], recorded);
    if (!stub) {
      const provided = this.#providerNow.answer(request);
      if (provided) return play(provided, request.timeoutMilliseconds, (milliseconds) => this.host.sleep(milliseconds));
    }
    this.#calls.push(recorded);
    if (!stub) throw new HostError('connect', `no stub answers ${recorded.method} ${recorded.url}: add one under \`calls:\``);
    return play(stub.answer, request.timeoutMilliseconds, (milliseconds) => this.host.sleep(milliseconds));
  }

  async #result(exchange: Exchange, events: readonly ExchangeEvent[], started: number): Promise<TestResult> {
    const response = exchange.ensureResponse();
    await response.body.buffer();
    const body = new TextDecoder().decode(response.body.isPresent ? response.body.bytes() : new Uint8Array(0));
    const variables = Object.fromEntries([...exchange.variables.entries()].map(([name, value]) => [name, toPolicyText(value)]));
    return {
      status: response.status,
      reason: response.reason,
      rawHeaders: response.headers.toWire(),
      header: (name) => response.headers.joined(name),
      body,
      json: () => JSON.parse(body) as unknown,
      forwarded: this.#forwarded,
      calls: this.#calls,
      recorded: this.host.recorded.slice(this.#recordedBefore),
      variables,
      events,
      error: exchange.lastError,
      elapsed: this.host.now() - started,
    };
  }
}

function withNamedValues(workspace: Workspace, values: Readonly<Record<string, string>>): Workspace {
  const namedValues = new Map(workspace.namedValues);
  for (const [name, value] of Object.entries(values))
    namedValues.set(name, { name, value, secret: namedValues.get(name)?.secret ?? false });
  return { ...workspace, namedValues };
}

function urlOf(text: string): Url {
  return Url.parse(text.startsWith('/') ? `https://gateway.test${text}` : text) ?? new Url('https', 'gateway.test', 443, '/', '');
}

function givenOf(given: TestGiven | undefined, workspace: Workspace, types: TypeTable): Given {
  if (!given) return { skipKey: true };
  const product = workspace.products.find(({ info }) => info.id === given.product)?.info;
  if (given.product !== undefined && !product) throw new Error(`there is no product \`${given.product}\``);
  return {
    skipKey: given.skipKey,
    variables: new Map(Object.entries(given.variables).map(([name, value]) => [name, toNetValue(value, types)])),
    ...(product ? { product } : {}),
    ...(given.user ? { user: userOf(given.user) } : {}),
  };
}

function userOf(user: Readonly<Record<string, unknown>>): NonNullable<Given['user']> {
  const text = (name: string) => (typeof user[name] === 'string' ? user[name] : '');
  const groups = Array.isArray(user.groups) ? user.groups.map(String) : [];
  return {
    id: text('id'),
    email: text('email'),
    firstName: text('first-name'),
    lastName: text('last-name'),
    note: null,
    registrationDate: '2026-01-01T00:00:00Z',
    groups: groups.map((name) => ({ id: name, name })),
    identities: [],
  };
}

/** A YAML value as the .NET value that a policy would have stored: text, int, double, bool, JSON. */
function toNetValue(value: unknown, types: TypeTable): unknown {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return box(value, types.type('System.Boolean'));
  if (typeof value === 'number')
    return box(value, types.type(Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'System.Int32' : 'System.Double'));
  return parseJson(JSON.stringify(value));
}
