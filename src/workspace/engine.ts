/**
 * A workspace made ready: every effective policy compiled, requests matched, callers decided, policies run. It knows no
 * sockets: the gateway and the test kit hand it a call and get back a finished exchange.
 */
import type { TypeTable } from '../csharp/types/table.ts';
import type { Body } from '../exchange/body.ts';
import type { ApiInfo, OperationInfo, ProductInfo } from '../exchange/entities.ts';
import type { ExchangeListener } from '../exchange/events.ts';
import { type CallerLife, Exchange, type Forwarder, type Handshake } from '../exchange/exchange.ts';
import type { Headers } from '../exchange/headers.ts';
import { GatewayRequest } from '../exchange/message.ts';
import type { PolicyError } from '../exchange/policy-error.ts';
import { DEFAULT_SETTINGS, type ExchangeSettings } from '../exchange/settings.ts';
import { Url } from '../exchange/url.ts';
import type { CertificateInfo, Host } from '../host/host.ts';
import { CertificateChecker } from '../identity/certificates/checker.ts';
import type { TokenValidator } from '../identity/token-validator.ts';
import { createTokenValidator } from '../identity/validator.ts';
import { type CompiledScope, compileScope, defaultGlobal, type EffectivePolicy, effectiveOf } from '../pipeline/document.ts';
import type { PolicyEnvironment } from '../pipeline/environment.ts';
import { type CallReceiver, runEffective, runError, startEffective, tellReceiver } from '../pipeline/run.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { inOuterFile } from '../source/embedded.ts';
import { allowing, unknownMembers } from './allowed-members.ts';
import { type BackendSnapshot, BackendStates, type Backends, createBackends } from './backend-runtime.ts';
import { type Callers, createCallers } from './callers.ts';
import { findCertificate } from './certificates.ts';
import { createExpressions, type Expressions } from './expressions.ts';
import { syntheticForwarder } from './graphql.ts';
import type { ToolRequest } from './mcp/arguments.ts';
import { mcpForwarder } from './mcp/server.ts';
import { takeDecisions, toolCall } from './mcp/tool-call.ts';
import type { Workspace, WorkspaceApi, WorkspaceOperation, WorkspaceProduct, WorkspaceSpace, WorkspaceTool } from './model.ts';
import { keyRefused, notFound } from './refusals.ts';
import { createRouter, type Match, type Routable, type Router } from './router.ts';
import { productScope, SpaceScopes } from './space-scopes.ts';
import { inspectorOf, subscriptionPolicy } from './subscriptions.ts';

export interface EngineOptions {
  readonly host: Host;
  /** Default: made here. Share one between reloads, its tables are costly. */
  readonly expressions?: Expressions;
  readonly tokens?: TokenValidator;
  /** How requests reach their backends; default: through the host. */
  readonly forwarder?: Forwarder;
  /** What is not supported is a warning and fails when it is reached. */
  readonly lenient?: boolean;
  /** Calls inside the gates of limit-concurrency. Default: none; share one between reloads, which calls outlive. */
  readonly gates?: Map<string, number>;
  /** Circuit breakers and turns of pools. Default: none yet; share one between reloads. */
  readonly backendStates?: BackendStates;
}

/** A call as it comes in. */
export interface Call {
  readonly method: string;
  /** What the caller asked for: scheme and host of the gateway, path, query. */
  readonly url: Url;
  readonly headers: Headers;
  readonly body?: Body;
  readonly ipAddress?: string;
  readonly certificate?: CertificateInfo | null;
  readonly requestId?: string;
  readonly listener?: ExchangeListener | null;
  readonly tracing?: boolean;
  /** Told once it is known who calls, before policies run; also when the caller is refused. */
  readonly admitted?: ((exchange: Exchange) => void) | null;
  /** The connection behind the call. */
  readonly caller?: CallerLife | null;
  /** Overrides of the call's surroundings, for tests. */
  readonly given?: Given;
  /** The world of this call alone, for tests that share an engine; default: the engine's. */
  readonly host?: Host;
}

/** What a test may set in place of what the workspace would decide. */
export type Given = Partial<Pick<Exchange, 'product' | 'subscription' | 'user' | 'deployment'>> & {
  readonly variables?: ReadonlyMap<string, unknown>;
  /** The caller has been let in: no key is asked for. */
  readonly skipKey?: boolean;
  /** `context.Api` and `context.Operation`, made of what was matched; which policies run stays as matched. */
  readonly api?: (matched: ApiInfo | null) => ApiInfo;
  readonly operation?: (matched: OperationInfo | null) => OperationInfo;
  readonly matchedParameters?: ReadonlyMap<string, string>;
};

export interface Engine {
  readonly workspace: Workspace;
  readonly types: TypeTable;
  /** Problems of the directory and of all its documents, in document order. */
  readonly problems: readonly Diagnostic[];
  readonly router: Router;
  /** Backend entities with their pools and circuit breakers; `snapshot()` shows their state. */
  readonly backends: Backends;
  /** Runs a call to its end; `exchange.response` is what the caller gets. Never fails for what a caller or a policy does. */
  run(call: Call): Exchange | Promise<Exchange>;
  /** The same, telling a receiver; the gateway's way, since it makes no promise where nothing but the backend is waited for. */
  start(call: Call, receiver: CallReceiver): void;
  /** The effective policy of an operation, as it runs for callers of a product (or none). */
  policyFor(api: WorkspaceApi, operation: WorkspaceOperation, productId?: string): EffectivePolicy;
}

export function createEngine(workspace: Workspace, options: EngineOptions): Engine {
  return new WorkspaceEngine(workspace, options);
}

class WorkspaceEngine implements Engine {
  readonly workspace: Workspace;
  readonly problems: readonly Diagnostic[];
  readonly router: Router;
  readonly types: TypeTable;
  readonly backends: Backends;
  readonly #states: BackendStates;
  /** Those of workspaces, which see their own only. */
  readonly #ownBackends = new Map<WorkspaceSpace, Backends>();
  readonly #host: Host;
  readonly #forwarder: Forwarder | null;
  readonly #settings: ExchangeSettings;
  readonly #callers: Callers;
  readonly #global: CompiledScope;
  readonly #globalPolicy: EffectivePolicy;
  /** By operation, then by product id (empty for none). */
  readonly #policies = new Map<WorkspaceOperation, Map<string, EffectivePolicy>>();
  /** APIs that are answered here, in place of a backend: GraphQL with resolvers, MCP with tools. */
  readonly #synthetic = new Map<WorkspaceApi, Forwarder>();

  constructor(workspace: Workspace, options: EngineOptions) {
    const { allowedMembers } = workspace.local;
    const expressions = allowing(options.expressions ?? createExpressions(), allowedMembers);
    this.#states = options.backendStates ?? new BackendStates();
    const own = createBackends(workspace.backends, options.host, this.#states);
    this.backends = {
      find: (id) => own.find(id),
      has: (id) => own.has(id),
      snapshot: () => [...own.snapshot(), ...this.#spaceSnapshots()],
    };
    const environment = environmentOf(workspace, expressions, options, this.backends);
    const problems: Diagnostic[] = [...workspace.problems, ...unknownMembers(allowedMembers, expressions.engine.types)];
    this.workspace = workspace;
    this.types = expressions.engine.types;
    this.#host = options.host;
    this.#forwarder = options.forwarder ?? null;
    this.#settings = { ...DEFAULT_SETTINGS, ...workspace.local.settings };
    this.#callers = createCallers(workspace.subscriptions, workspace.products, options.host);
    this.router = createRouter(workspace.apis);
    this.#global = workspace.globalPolicy ? compileScope(workspace.globalPolicy, 'global', null, environment) : defaultGlobal(environment);
    this.#globalPolicy = effectiveOf(this.#global);
    problems.push(...this.#global.diagnostics, ...this.#compileAll(environment));
    this.problems = inDocumentOrder(withoutRepeats(problems.map(inOuterFile)));
  }

  policyFor(api: WorkspaceApi, operation: WorkspaceOperation, productId = ''): EffectivePolicy {
    const policy = this.#policies.get(operation)?.get(productId);
    if (!policy) throw new Error(`operation ${api.info.id}/${operation.info.id} has no policy for product "${productId}"`);
    return policy;
  }

  run(call: Call): Exchange | Promise<Exchange> {
    const run = new Run();
    this.start(call, run);
    return run.result();
  }

  start(call: Call, receiver: CallReceiver): void {
    const request = this.#routable(call);
    const match = this.router.match(request);
    if (!match && call.body?.isPresent && this.router.isSoap(request)) return this.#startSoap(call, request, receiver);
    if (call.method === 'OPTIONS' && (!match || match.operation.isCatchAll) && this.#preflight(call, request, receiver)) return;
    if (match) this.#startMatched(call, match, receiver);
    else if (!this.#crossDomain(call, receiver)) this.#fail(this.#exchange(call, undefined), this.#globalPolicy, notFound(), receiver);
  }

  #routable(call: Call): Routable {
    const { path, queryString, scheme } = call.url;
    const given = { method: call.method, path, query: queryString, header: (name: string) => call.headers.first(name) };
    return this.workspace.local.checkProtocols ? { ...given, scheme } : given;
  }

  /** Without an action the first element of the SOAP body tells the operation (inferred). */
  #startSoap(call: Call, request: Routable, receiver: CallReceiver): void {
    const body = call.body;
    const go = () => {
      const name = body?.isPresent ? soapElement(body.bytes()) : undefined;
      const match = name === undefined ? undefined : this.router.matchSoap(request, name);
      if (match) this.#startMatched(call, match, receiver);
      else this.#fail(this.#exchange(call, undefined), this.#globalPolicy, notFound(), receiver);
    };
    Promise.resolve(body?.buffer(this.#settings.bodyLimit))
      .then(go)
      .catch((error: unknown) => receiver.faulted(error));
  }

  // ------------------------------------------------------------ compiling

  /** Scopes are compiled once and shared between the chains that hold them. */
  #compileAll(environment: PolicyEnvironment): Diagnostic[] {
    const problems: Diagnostic[] = [];
    const spaces = new SpaceScopes(this.#global, environment, (space) => this.#environmentOf(space, environment), problems);
    const products = new Map<WorkspaceProduct, CompiledScope>();
    for (const product of this.workspace.products) products.set(product, productScope(product, spaces, problems));
    for (const api of this.workspace.apis) {
      const { scope, environment: own } = spaces.of(api.space);
      const synthetic = syntheticForwarder(api, own, problems);
      if (synthetic) this.#synthetic.set(api, synthetic);
      if (api.tools)
        this.#synthetic.set(
          api,
          mcpForwarder(api, (tool, asked, outer) => this.#runTool(tool, asked, outer)),
        );
      problems.push(...this.#compileApi(api, '', scope, own));
      for (const product of this.#productsOf(api))
        problems.push(...this.#compileApi(api, product.info.id, products.get(product) ?? scope, own));
    }
    return problems;
  }

  #productsOf(api: WorkspaceApi): WorkspaceProduct[] {
    return this.workspace.products.filter(({ apiIds, space }) => apiIds.has(api.info.id) && space === api.space);
  }

  /** Backends of workspaces, under `workspace/backend`. */
  #spaceSnapshots(): BackendSnapshot[] {
    return [...this.#ownBackends].flatMap(([{ id }, backends]) => backends.snapshot().map((one) => ({ ...one, id: `${id}/${one.id}` })));
  }

  /** A workspace sees its own named values, fragments and backends, and none of the instance (gateway-model, section 4). */
  #environmentOf(space: WorkspaceSpace, outer: PolicyEnvironment): PolicyEnvironment {
    const backends = createBackends(space.backends, this.#host, this.#states, space.id);
    this.#ownBackends.set(space, backends);
    return {
      ...outer,
      namedValues: knownValues(space.namedValues),
      fragments: space.fragments,
      services: { ...outer.services, backend: (id) => backends.find(id), hasBackend: (id) => backends.has(id) },
    };
  }

  #compileApi(api: WorkspaceApi, productId: string, outer: CompiledScope, environment: PolicyEnvironment): Diagnostic[] {
    const scope = api.policy ? compileScope(api.policy, 'api', outer, environment) : outer;
    const problems = api.policy ? [...scope.diagnostics] : [];
    const policyOf = (inner: CompiledScope) => (api.kind === 'websocket' ? ofHandshake(effectiveOf(inner)) : effectiveOf(inner));
    const shared = policyOf(scope);
    for (const operation of api.operations) {
      const own = operation.policy && compileScope(operation.policy, 'operation', scope, environment);
      if (own) problems.push(...own.diagnostics);
      this.#remember(operation, productId, own ? policyOf(own) : shared);
    }
    return problems;
  }

  #remember(operation: WorkspaceOperation, productId: string, policy: EffectivePolicy): void {
    let byProduct = this.#policies.get(operation);
    if (!byProduct) {
      byProduct = new Map();
      this.#policies.set(operation, byProduct);
    }
    byProduct.set(productId, policy);
  }

  // ------------------------------------------------------------ running

  #startMatched(call: Call, match: Match, receiver: CallReceiver): void {
    const { api } = match;
    const decision = call.given?.skipKey ? OPEN_DOOR : this.#callers.decide(api, keyOf(call, api));
    const exchange = this.#exchange(call, match);
    // 3.3: at a refused key global, API and operation on-error are known, the product is not (inferred).
    if (!decision.ok) {
      call.admitted?.(exchange);
      return this.#fail(exchange, this.policyFor(api, match.operation), keyRefused(decision.reason, call.url, api), receiver);
    }
    exchange.product = call.given?.product ?? decision.product;
    exchange.subscription = call.given?.subscription ?? decision.subscription;
    exchange.user = call.given?.user ?? decision.user;
    call.admitted?.(exchange);
    const policy = this.policyFor(api, match.operation, this.#boundProduct(exchange.product, match.operation));
    if (call.caller?.handshake && api.kind === 'graphql')
      return this.#startSubscriptions(call.caller.handshake, policy, exchange, receiver);
    startEffective(policy, exchange, receiver);
  }

  #startSubscriptions(handshake: Handshake, policy: EffectivePolicy, exchange: Exchange, receiver: CallReceiver): void {
    const own = subscriptionPolicy(ofHandshake(policy), exchange);
    handshake.inspect = inspectorOf(exchange);
    startEffective(own, exchange, receiver);
  }

  /** The operation behind a tool, through its own policies, for the caller that the MCP API has let in. */
  #runTool({ api, operation }: WorkspaceTool, asked: ToolRequest, outer: Exchange): Promise<Exchange> {
    const match: Match = { api, operation, parameters: asked.parameters, rest: asked.path };
    return new Promise((resolve, reject) => {
      const finished = (inner: Exchange) => {
        takeDecisions(inner, outer);
        resolve(inner);
      };
      this.#startMatched(toolCall(match, asked, outer), match, { finished, faulted: reject });
    });
  }

  #boundProduct(product: ProductInfo | null, operation: WorkspaceOperation): string {
    return product && this.#policies.get(operation)?.has(product.id) ? product.id : '';
  }

  #fail(exchange: Exchange, policy: EffectivePolicy, error: PolicyError, receiver: CallReceiver): void {
    tellReceiver(runError(policy, exchange, error), exchange, receiver);
  }

  /**
   * A CORS preflight is answered before the key check by the cors policy that is effective for the method asked for, even
   * without an OPTIONS operation (policies-a, cors); an OPTIONS operation of the API switches this off. An origin that no
   * cors policy knows gets an empty 200. False: it is no preflight, or there is no cors policy.
   */
  #preflight(call: Call, request: Routable, receiver: CallReceiver): boolean {
    const asked = call.headers.first('Access-Control-Request-Method');
    if (asked === undefined || !call.headers.has('Origin')) return false;
    const target = this.router.matchMethod(request, asked.toUpperCase());
    if (!target) return false;
    const steps = this.policyFor(target.api, target.operation).sections.inbound.filter(({ info }) => info.policy === 'cors');
    if (steps.length === 0) return false;
    const exchange = this.#exchange(call, target);
    const policy: EffectivePolicy = {
      sections: { inbound: steps, backend: [], outbound: [], 'on-error': [] },
      diagnostics: [],
      secrets: [],
    };
    tellReceiver(runEffective(policy, exchange), exchange, receiver);
    return true;
  }

  /** The file that Flash clients ask for lies outside of every API: cross-domain of the global document answers (its page). */
  #crossDomain(call: Call, receiver: CallReceiver): boolean {
    if (call.method !== 'GET' || call.url.path !== '/crossdomain.xml') return false;
    const inbound = this.#global.sections.inbound.filter(({ info }) => info.policy === 'cross-domain');
    if (inbound.length === 0) return false;
    const exchange = this.#exchange(call, undefined);
    const sections = { inbound, backend: [], outbound: [], 'on-error': [] };
    tellReceiver(runEffective({ sections, diagnostics: [], secrets: [] }, exchange), exchange, receiver);
    return true;
  }

  #exchange(call: Call, match: Match | undefined): Exchange {
    const exchange = new Exchange({
      host: call.host ?? this.#host,
      types: this.types,
      settings: this.#settings,
      request: requestOf(call, match),
      api: overridden(call.given?.api, match?.api.info ?? null),
      operation: overridden(call.given?.operation, match?.operation.info ?? null),
      listener: call.listener ?? null,
      tracing: call.tracing ?? false,
      forwarder: (match && this.#synthetic.get(match.api)) ?? this.#forwarder,
      requestId: call.requestId,
      deployment: call.given?.deployment,
      workspace: match?.api.space ?? null,
      caller: call.caller,
    });
    if (match?.operation.onAnswer) exchange.whenAnswered(match.operation.onAnswer);
    if (match?.api.backendId !== undefined) this.#useBackend(exchange, match.api, match.api.backendId);
    if (call.given?.variables) for (const [name, value] of call.given.variables) exchange.variables.set(name, value);
    return exchange;
  }

  /** An API may name a backend entity in place of a service URL. */
  #useBackend(exchange: Exchange, api: WorkspaceApi, id: string): void {
    const backend = ((api.space && this.#ownBackends.get(api.space)) ?? this.backends).find(id);
    const url = backend && Url.parse(backend.url);
    if (!backend || !url) return;
    exchange.backend = backend;
    exchange.request.base = url;
  }
}

/** Policies that a WebSocket handshake has no use for, left out where a wider scope brings them (gateway-model, section 14). */
const NOT_FOR_HANDSHAKES: ReadonlySet<string> = new Set([
  'mock-response',
  'cache-lookup',
  'cache-store',
  'cross-domain',
  'cors',
  'jsonp',
  'set-method',
  'set-body',
  'xml-to-json',
  'json-to-xml',
  'xsl-transform',
  'validate-content',
  'validate-parameters',
  'validate-headers',
  'validate-status-code',
]);

function ofHandshake({ sections, ...policy }: EffectivePolicy): EffectivePolicy {
  const kept = (steps: EffectivePolicy['sections']['inbound']) =>
    steps.filter(({ info }) => info.scope === 'operation' || !NOT_FOR_HANDSHAKES.has(info.policy));
  const { inbound, backend, outbound, 'on-error': onError } = sections;
  return { ...policy, sections: { inbound: kept(inbound), backend: kept(backend), outbound: kept(outbound), 'on-error': kept(onError) } };
}

/** A call's end as a value, or as a promise when it is not there yet. */
class Run implements CallReceiver {
  #exchange: Exchange | undefined;
  #failure: { readonly error: unknown } | undefined;
  #resolve: ((exchange: Exchange) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  finished(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#resolve?.(exchange);
  }

  faulted(error: unknown): void {
    this.#failure = { error };
    this.#reject?.(error);
  }

  result(): Exchange | Promise<Exchange> {
    if (this.#failure) throw this.#failure.error;
    if (this.#exchange) return this.#exchange;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }
}

const OPEN_DOOR = { ok: true, product: null, subscription: null, user: null } as const;

function knownValues(namedValues: Workspace['namedValues']): PolicyEnvironment['namedValues'] {
  return new Map(
    [...namedValues].flatMap(([name, { value, secret }]) => (value === undefined ? [] : [[name, { value, secret }] as const])),
  );
}

function environmentOf(workspace: Workspace, expressions: Expressions, options: EngineOptions, backends: Backends): PolicyEnvironment {
  return {
    engine: expressions.engine,
    compileExpression: expressions.compile,
    namedValues: knownValues(workspace.namedValues),
    fragments: workspace.fragments,
    services: {
      backend: (id) => backends.find(id),
      hasBackend: (id) => backends.has(id),
      hasCertificate: (id) =>
        findCertificate(workspace.certificates, id) !== undefined || workspace.exportedCertificates?.has(id.toLowerCase()) === true,
      schema: (id) => workspace.schemas.get(id),
      xmlSchema: (id) => workspace.xmlSchemas.get(id),
      standIns: workspace.local.standIns,
      tokens: options.tokens ?? createTokenValidator({ host: options.host }),
      certificates: new CertificateChecker(),
      gates: options.gates ?? new Map(),
    },
    standalone: false,
    lenient: options.lenient ?? false,
  };
}

/** Local name of the first element inside the SOAP body; looked for at the start of the message only. */
function soapElement(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, 64 * 1024));
  return /<(?:[\w.-]+:)?Body\b[^<>]*>\s*(?:<!--[\s\S]{0,1000}?-->\s*)?<(?:[\w.-]+:)?([\w.-]+)/.exec(text)?.[1];
}

/** The request with its backend URL: the API's service URL and the rest of the path. */
function requestOf(call: Call, match: Match | undefined): GatewayRequest {
  return new GatewayRequest({
    method: call.method,
    originalUrl: call.url,
    base: match?.operation.target ?? match?.api.info.serviceUrl ?? undefined,
    path: match?.operation.target ? '' : match?.rest,
    queryString: undefined,
    headers: call.headers,
    body: call.body,
    ipAddress: call.ipAddress,
    matchedParameters: call.given?.matchedParameters ?? (match && parametersOf(match)),
    certificate: call.certificate,
  });
}

function overridden<T>(change: ((matched: T | null) => T) | undefined, matched: T | null): T | null {
  return change ? change(matched) : matched;
}

function parametersOf({ parameters }: Match): ReadonlyMap<string, string> | undefined {
  for (const _name in parameters) return new Map(Object.entries(parameters));
  return undefined;
}

/** Header first; the query parameter only when the header is absent. */
function keyOf(call: Call, api: WorkspaceApi): string | undefined {
  const { header, query } = api.info.subscriptionKeyParameterNames;
  return call.headers.first(header) ?? queryParameter(call.url.queryString, query);
}

function queryParameter(queryString: string, name: string): string | undefined {
  // Decoding costs more than matching; a name can only hide behind an escape.
  if (queryString === '' || !(queryString.includes(name) || queryString.includes('%') || queryString.includes('+'))) return undefined;
  return new URLSearchParams(queryString).get(name) ?? undefined;
}

function withoutRepeats(problems: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return problems.filter(({ code, file, span, message }) => {
    const key = `${file.name}|${span.start}|${span.end}|${code}|${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
