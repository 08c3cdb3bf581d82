/**
 * A gateway without sockets: the same engine on a frozen host, with stubs for everything outside. The policies are compiled
 * once; each `reset` gives caches, counters, clock and chance that nothing has touched.
 */
import { Budget } from '../csharp/runtime/budget.ts';
import { describe } from '../dotnet/outcome/describe.ts';
import { Body } from '../exchange/body.ts';
import { tellCall } from '../exchange/call-made.ts';
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';
import type { Exchange, Forwarder } from '../exchange/exchange.ts';
import { authorized, forwardFailure, outgoingRequest, responseOf, sendingOnce } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { storedValue } from '../exchange/stored-value.ts';
import { toPolicyText } from '../exchange/text.ts';
import { resolvedUrl, Url } from '../exchange/url.ts';
import { createFrozenHost, type FrozenHost } from '../host/frozen.ts';
import {
  type Host,
  type HostCache,
  type HostCertificates,
  type HostCounters,
  HostError,
  type IncomingResponse,
  type OutgoingRequest,
} from '../host/host.ts';
import { nodeBrotli } from '../host/node-brotli.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { hasHeader } from '../host/raw-headers.ts';
import type { TokenValidator } from '../identity/token-validator.ts';
import { createTokenValidator } from '../identity/validator.ts';
import { tryJson } from '../source/json.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { certificatesOf } from '../workspace/certificates.ts';
import { policyDocuments } from '../workspace/documents.ts';
import { createEngine, type Engine } from '../workspace/engine.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import type { Workspace } from '../workspace/model.ts';
import { audiencesOf } from './audiences.ts';
import { type CallSetup, type Outgoing, PolicyProblems, type TestGateway, type TestGatewayOptions, type TestResult } from './contract.ts';
import type { EvaluatedValue } from './difference.ts';
import { engineGiven, NOTHING_GIVEN, toNetValue } from './given.ts';
import { loadSubject, readWorkspace, VALUE } from './prepare.ts';
import { Promises } from './promises.ts';
import { createTestProvider, type TestProvider } from './provider.ts';
import type { TestRequest } from './request.ts';
import { type SharedKey, sharedKeyOf } from './shared-key.ts';
import { type Answer, EMPTY_OK, play, type RecordedRequest, record, StubList } from './stubs.ts';

export { PolicyProblems, type TestGateway, type TestGatewayOptions, type TestResult } from './contract.ts';

/** Loads policies and makes them ready; throws PolicyProblems when they have errors. */
export async function createPolicyGateway(options: TestGatewayOptions, watch: StateWatch = {}): Promise<TestGateway> {
  return new OfflineGateway(options, options.provider ?? (await createTestProvider()), watch);
}

const DEFAULT_CLOCK = Date.UTC(2026, 0, 1);

/** Stands between policies and what keeps state over calls. Default: nothing does. */
export interface StateWatch {
  readonly counters?: (counters: HostCounters) => HostCounters;
  readonly cache?: (cache: HostCache) => HostCache;
}

interface Start {
  readonly clock: number;
  readonly seed: number;
}

class OfflineGateway implements TestGateway {
  readonly #workspace: Workspace;
  readonly #expressions: Expressions;
  readonly #provider: TestProvider;
  readonly #audiences: readonly string[];
  readonly #sharedKey: SharedKey | undefined;
  readonly #certificates: HostCertificates;
  /** The engine itself keeps what calls leave behind: it is made anew at each reset. */
  readonly #keepsState: boolean;
  readonly #watch: StateWatch;
  #start: Start;
  #host: FrozenHost;
  #tokens: TokenValidator;
  #engine: Engine;
  #isFresh = true;
  /** State of the call that runs; calls run one after the other. */
  #setup: CallSetup = {};
  #backend = new StubList([]);
  #stubs = new StubList([]);
  #forwarded: RecordedRequest[] = [];
  #calls: RecordedRequest[] = [];
  #recordedBefore = 0;
  #evaluated: unknown;
  #exchange: Exchange | undefined;

  constructor(options: TestGatewayOptions, provider: TestProvider, watch: StateWatch) {
    this.#watch = watch;
    this.#workspace = options.workspace ?? loadSubject({ ...options, loaded: readWorkspace(options.policies, options.environment) });
    this.#expressions = options.expressions ?? createExpressions({ anyMember: options.anyMember ?? false });
    this.#provider = provider.with(options.identity ?? this.#workspace.local.identity.providers);
    this.#audiences = audiencesOf(this.#workspace);
    this.#sharedKey = sharedKeyOf(this.#workspace);
    this.#certificates = certificatesOf(this.#workspace, nodeCrypto());
    this.#keepsState = keepsState(this.#workspace);
    const { clock = DEFAULT_CLOCK, seed = 1 } = options;
    this.#start = { clock: typeof clock === 'string' ? Date.parse(clock) : clock, seed };
    this.#host = this.#makeHost();
    this.#tokens = createTokenValidator({ host: this.#host });
    this.#engine = this.#makeEngine();
    this.#renew();
    const errors = this.#engine.problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new PolicyProblems(errors);
  }

  get engine(): Engine {
    return this.#engine;
  }

  get host(): FrozenHost {
    return this.#host;
  }

  get exchange(): Exchange | undefined {
    return this.#exchange;
  }

  get value(): EvaluatedValue | undefined {
    const { types } = this.#engine;
    if (this.#evaluated === undefined) return undefined;
    const { type, value } = describe(this.#evaluated, { host: this.#host, types, budget: new Budget() });
    return { type, value: plainValue(type, value) };
  }

  advance(milliseconds: number): void {
    this.#isFresh = false;
    this.#host.advance(milliseconds);
  }

  reset({ clock = this.#start.clock, seed = this.#start.seed }: { readonly clock?: number; readonly seed?: number } = {}): void {
    if (this.#isFresh && clock === this.#start.clock && seed === this.#start.seed) return;
    this.#start = { clock, seed };
    if (this.#keepsState) this.#engine = this.#makeEngine();
    this.#renew();
    this.#isFresh = true;
  }

  /** A world that nothing has drawn from, the making of the engine included: a test's chance does not depend on its place. */
  #renew(): void {
    this.#host = this.#makeHost();
    this.#tokens = createTokenValidator({ host: this.#host });
  }

  async call(request: TestRequest, setup: CallSetup = {}): Promise<TestResult> {
    this.#begin(setup);
    const { given: wanted = NOTHING_GIVEN } = setup;
    const { workspace, types } = this.#engine;
    const { given, certificate } = engineGiven(wanted, { workspace, types, now: this.#host.now(), method: request.method });
    for (const [key, value] of Object.entries(wanted.cache ?? {}))
      await this.#host.cache.set('prefer-external', `value:${key}`, storedValue(toNetValue(value, types), types), 86_400);
    const events: ExchangeEvent[] = [];
    const promises = new Promises();
    const started = this.#host.now();
    const exchange = await this.#engine.run({
      method: request.method,
      url: urlOf(request.url),
      headers: new Headers(await this.#headers(request)),
      ...(request.body === undefined ? {} : { body: arriving(bytesOf(request.body)) }),
      ipAddress: request.ip,
      certificate,
      listener: (event, source) => {
        events.push(...promises.before(event, source), event);
        if (event.kind === 'expression-evaluated') this.#evaluated = event.value;
        setup.listener?.(event, source);
      },
      tracing: true,
      given: request.key === undefined ? given : { ...given, skipKey: false },
      host: this.#host,
    });
    this.#exchange = exchange;
    if (exchange.lastError && !exchange.variables.has(VALUE)) this.#evaluated = undefined;
    return this.#result(exchange, events, started);
  }

  #begin(setup: CallSetup): void {
    this.#isFresh = false;
    this.#setup = setup;
    this.#backend = new StubList(setup.backend ?? [], setup.answered);
    this.#stubs = new StubList(setup.calls ?? [], setup.answered);
    this.#forwarded = [];
    this.#calls = [];
    this.#evaluated = undefined;
    this.#recordedBefore = this.#host.recorded.length;
  }

  // ------------------------------------------------------------ the world

  #makeHost(): FrozenHost {
    return createFrozenHost({
      now: this.#start.clock,
      seed: this.#start.seed,
      crypto: nodeCrypto(),
      brotliDecompress: nodeBrotli,
      cache: (now) => this.#watched(watching(this.#watch.cache, new MemoryCache(now))),
      counters: (now) => watching(this.#watch.counters, new MemoryCounters(now)),
      certificates: this.#certificates,
      connections: this.#workspace.connections,
      send: (request) => this.#send(request),
    });
  }

  #makeEngine(): Engine {
    return createEngine(this.#workspace, {
      host: this.#currentHost(),
      expressions: this.#expressions,
      tokens: this.#currentTokens(),
      forwarder: this.#forwarder(),
    });
  }

  /** The world as it is now, for what the engine holds on to over resets. */
  #currentHost(): Host {
    return new Proxy(this.#host, { get: (_first, name): unknown => Reflect.get(this.#host, name) });
  }

  /** Compiled policies hold on to the validator they got; this one hands over to that of the current state. */
  #currentTokens(): TokenValidator {
    return {
      known: (token, rules) => this.#tokens.known?.(token, rules),
      validate: (requirements) => this.#tokens.validate(requirements),
    };
  }

  /** A cache that can be out of reach: a miss on read, nothing on write. */
  #watched(cache: HostCache): HostCache {
    const reachable = (what: string) => this.#asks('cache', what) === undefined;
    return {
      get: (kind, key) => (reachable(`get ${key}`) ? cache.get(kind, key) : { hit: false }),
      set: (kind, key, value, seconds) => (reachable(`set ${key}`) ? cache.set(kind, key, value, seconds) : undefined),
      remove: (kind, key) => (reachable(`remove ${key}`) ? cache.remove(kind, key) : undefined),
    };
  }

  #asks(kind: Outgoing['kind'], line: string, step: StepInfo | null = null): Answer | undefined {
    return this.#setup.outgoing?.({ kind, line, step });
  }

  #forwarder(): Forwarder {
    return async (exchange, options) => {
      const backend = exchange.backend?.pick?.(exchange) ?? exchange.backend;
      const request = {
        ...outgoingRequest(exchange, options, await authorized(backend, exchange)),
        body: sendingOnce(exchange.request.body),
      };
      try {
        const answer = await this.#answerForward(request, exchange.current);
        backend?.report?.(answer.status, new Headers(answer.headers).first('Retry-After'), exchange);
        tellCall(exchange, request, answer.status);
        return responseOf(answer);
      } catch (error) {
        backend?.report?.(null, undefined, exchange);
        tellCall(exchange, request, null, error);
        throw error instanceof HostError ? forwardFailure(error) : error;
      }
    };
  }

  async #answerForward(request: OutgoingRequest, step: StepInfo | null): Promise<IncomingResponse> {
    const recorded = await record(request);
    this.#forwarded.push(recorded);
    const injected = this.#asks('backend', lineOf(recorded), step);
    return this.#play(injected ?? this.#backend.answer(recorded) ?? EMPTY_OK, request);
  }

  async #send(request: OutgoingRequest): Promise<IncomingResponse> {
    const recorded = await record(request);
    const stub = this.#stubs.answer(recorded);
    const provided = stub ? undefined : this.#providerNow.answer(request);
    const injected = this.#asks(provided ? 'identity' : 'call', lineOf(recorded));
    if (provided) return this.#play(injected ?? provided, request);
    this.#calls.push(recorded);
    const answer = injected ?? stub;
    if (!answer) throw new HostError('connect', `no stub answers ${lineOf(recorded)}: add one under \`calls:\``);
    return this.#play(answer, request);
  }

  #play(answer: Answer, { timeoutMilliseconds }: OutgoingRequest): Promise<IncomingResponse> {
    return play(answer, timeoutMilliseconds, (milliseconds) => this.#host.sleep(milliseconds));
  }

  /** The providers as the running call wants them. */
  get #providerNow(): TestProvider {
    return this.#provider.with(this.#setup.identity ?? []);
  }

  async #headers({ url, headers, token, key, body, method }: TestRequest): Promise<string[]> {
    const all = [...(hasHeader(headers, 'host') ? [] : ['Host', urlOf(url).authority]), ...headers];
    if (token)
      all.push('Authorization', `Bearer ${await this.#providerNow.mint(token, this.#host.now(), this.#audiences, this.#sharedKey)}`);
    if (key !== undefined) all.push(this.#keyHeader(url, method), key);
    if (body !== undefined && !hasHeader(headers, 'content-length')) all.push('Content-Length', String(bytesOf(body).length));
    return all;
  }

  #keyHeader(text: string, method: string): string {
    const { path, queryString } = urlOf(text);
    const match = this.#engine.router.match({ method, path, query: queryString, header: () => undefined });
    return match?.api.info.subscriptionKeyParameterNames.header ?? 'Ocp-Apim-Subscription-Key';
  }

  async #result(exchange: Exchange, events: readonly ExchangeEvent[], started: number): Promise<TestResult> {
    const response = exchange.ensureResponse();
    const aborted = await breaksOff(response.body);
    const body = aborted || !response.body.isPresent ? '' : new TextDecoder().decode(response.body.bytes());
    return {
      status: response.status,
      reason: response.reason,
      rawHeaders: response.headers.toWire(),
      header: (name) => response.headers.joined(name),
      body,
      json: () => JSON.parse(body) as unknown,
      aborted,
      forwarded: this.#forwarded,
      calls: this.#calls,
      recorded: this.#host.recorded.slice(this.#recordedBefore),
      variables: Object.fromEntries([...exchange.variables.entries()].map(([name, value]) => [name, toPolicyText(value)])),
      events,
      decisions: exchange.decisions ?? [],
      error: exchange.lastError,
      elapsed: this.#host.now() - started,
    };
  }
}

function watching<T>(watch: ((inner: T) => T) | undefined, inner: T): T {
  return watch ? watch(inner) : inner;
}

/** Circuit breakers, pools and remembered certificate answers live in the engine. */
function keepsState(workspace: Workspace): boolean {
  const backends = [...workspace.backends.values()];
  if (backends.some(({ pool, circuitBreaker }) => pool !== undefined || circuitBreaker !== undefined)) return true;
  return policyDocuments(workspace).some(({ file }) => file.text.includes('validate-client-certificate'));
}

async function breaksOff(body: Body): Promise<boolean> {
  try {
    await body.buffer();
    return false;
  } catch {
    return true;
  }
}

function lineOf({ method, url }: RecordedRequest): string {
  return `${method} ${url}`;
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

/** As in the gateway, what no policy reads is there once: a retry or a later section that needs it again must have kept it. */
function arriving(bytes: Uint8Array): Body {
  if (bytes.length === 0) return new Body(bytes);
  const once = (async function* () {
    yield bytes;
  })();
  return Body.ofCaller({ isFramed: true, [Symbol.asyncIterator]: () => once });
}

function urlOf(text: string): Url {
  const url = Url.parse(text.startsWith('/') ? `https://gateway.test${text}` : text);
  return url ? resolvedUrl(url) : new Url('https', 'gateway.test', 443, '/', '');
}

/** Types whose text is no JSON even where it looks like it. */
const TEXTS: ReadonlySet<string> = new Set(['System.String', 'System.Char', 'string', 'char']);

function plainValue(type: string, value: string | null): unknown {
  const plain = value === null || TEXTS.has(type) ? undefined : tryJson(value);
  // A `long` beyond 2^53 stays its text: as a number it would be another one.
  return plain === undefined || (Number.isInteger(plain) && !Number.isSafeInteger(plain)) ? value : plain;
}
