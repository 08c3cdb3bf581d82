/**
 * A workspace made ready: every effective policy compiled, requests matched, callers decided, policies run. It knows no
 * sockets: the gateway and the test kit hand it a call and get back a finished exchange.
 */
import type { TypeTable } from '../csharp/types/table.ts';
import type { ProductInfo } from '../exchange/entities.ts';
import { Exchange, type Forwarder, type Handshake } from '../exchange/exchange.ts';
import type { PolicyError } from '../exchange/policy-error.ts';
import { DEFAULT_SETTINGS, type ExchangeSettings } from '../exchange/settings.ts';
import { Url } from '../exchange/url.ts';
import type { Host } from '../host/host.ts';
import type { EffectivePolicy } from '../pipeline/document.ts';
import { type CallReceiver, runEffective, runError, startEffective, tellReceiver } from '../pipeline/run.ts';
import { asPolicyError } from '../policies/evaluation.ts';
import { type Diagnostic, inDocumentOrder } from '../source/diagnostic.ts';
import { inOuterFile } from '../source/embedded.ts';
import { allowing, unknownMembers } from './allowed-members.ts';
import type { Backends } from './backend-runtime.ts';
import { type Call, keyOf, requestOf, soapElement } from './call.ts';
import { CallRun } from './call-run.ts';
import { type Callers, createCallers } from './callers.ts';
import { CompiledScopes } from './compiled-scopes.ts';
import { EffectivePolicies } from './effective-policies.ts';
import { EngineEnvironment, type EnvironmentOptions } from './engine-environment.ts';
import { createExpressions, type Expressions } from './expressions.ts';
import { ofHandshake } from './handshake-policy.ts';
import type { ToolRequest } from './mcp/arguments.ts';
import { takeDecisions, toolCall } from './mcp/tool-call.ts';
import type { Workspace, WorkspaceApi, WorkspaceOperation, WorkspaceTool } from './model.ts';
import { atOnce, type Paced } from './paced.ts';
import { preflightOf } from './preflight.ts';
import { keyRefused, notFound } from './refusals.ts';
import { creatingRouter, type Match, type Routable, type Router } from './router.ts';
import { inspectorOf, subscriptionPolicy } from './subscriptions.ts';

/** What an engine is made with. */
export interface EngineOptions extends EnvironmentOptions {
  /** Default: made here. Share one between reloads, its tables are costly. */
  readonly expressions?: Expressions;
  /** How requests reach their backends; default: through the host. */
  readonly forwarder?: Forwarder;
  /** The engine of an earlier load: what would be compiled to the same is taken over. Made with the same `expressions`. */
  readonly before?: Engine | undefined;
}

/** What an engine leaves to the next. */
export interface CompiledEngine {
  readonly environment: EngineEnvironment;
  readonly scopes: CompiledScopes;
}

/** A workspace that runs calls. */
export interface Engine {
  readonly workspace: Workspace;
  readonly types: TypeTable;
  /** Problems of the directory and of all its documents, in document order. */
  readonly problems: readonly Diagnostic[];
  readonly router: Router;
  /** Backend entities with their pools and circuit breakers; `snapshot()` shows their state. */
  readonly backends: Backends;
  readonly compiled: CompiledEngine;
  /** Runs a call to its end; `exchange.response` is what the caller gets. Never fails for what a caller or a policy does. */
  run(call: Call): Exchange | Promise<Exchange>;
  /** The same, telling a receiver; the gateway's way, since it makes no promise where nothing but the backend is waited for. */
  start(call: Call, receiver: CallReceiver): void;
  /** The effective policy of an operation, as it runs for callers of a product (or none). */
  policyFor(api: WorkspaceApi, operation: WorkspaceOperation, productId?: string): EffectivePolicy;
}

/** Compiles everything; what is wrong is in `problems`, nothing is thrown for it. */
export function createEngine(workspace: Workspace, options: EngineOptions): Engine {
  return atOnce(creatingEngine(workspace, options));
}

/** The same in parts. */
export function* creatingEngine(workspace: Workspace, options: EngineOptions): Paced<Engine> {
  const engine = new WorkspaceEngine(workspace, yield* creatingRouter(workspace.apis), options);
  yield* engine.compile();
  return engine;
}

class WorkspaceEngine implements Engine {
  readonly workspace: Workspace;
  problems: readonly Diagnostic[] = [];
  readonly router: Router;
  readonly types: TypeTable;
  readonly backends: Backends;
  readonly compiled: CompiledEngine;
  readonly #host: Host;
  readonly #forwarder: Forwarder | null;
  readonly #settings: ExchangeSettings;
  readonly #callers: Callers;
  readonly #policies: EffectivePolicies;

  constructor(workspace: Workspace, router: Router, options: EngineOptions) {
    const { allowedMembers } = workspace.local;
    const expressions = allowing(options.expressions ?? createExpressions(), allowedMembers);
    const { before, expressions: _expressions, forwarder = null, ...services } = options;
    const environment = new EngineEnvironment(workspace, expressions, services, before?.compiled.environment);
    this.compiled = { environment, scopes: new CompiledScopes(before?.compiled.scopes) };
    this.backends = environment.backends;
    this.workspace = workspace;
    this.router = router;
    this.types = expressions.engine.types;
    this.#host = options.host;
    this.#forwarder = forwarder;
    this.#settings = { ...DEFAULT_SETTINGS, ...workspace.local.settings };
    this.#callers = createCallers(workspace.subscriptions, workspace.products, options.host);
    this.#policies = new EffectivePolicies(workspace, environment, this.compiled.scopes);
  }

  *compile(): Paced<void> {
    const { workspace, compiled } = this;
    yield* this.#policies.compile(workspace, (tool, asked, outer) => this.#runTool(tool, asked, outer));
    compiled.environment.finish();
    compiled.scopes.finish();
    const members = unknownMembers(workspace.local.allowedMembers, this.types);
    const problems = [...workspace.problems, ...members, ...this.#policies.problems];
    this.problems = inDocumentOrder(withoutRepeats(problems.map(inOuterFile)));
  }

  policyFor(api: WorkspaceApi, operation: WorkspaceOperation, productId?: string): EffectivePolicy {
    return this.#policies.of(api, operation, productId);
  }

  run(call: Call): Exchange | Promise<Exchange> {
    const run = new CallRun();
    this.start(call, run);
    return run.result();
  }

  start(call: Call, receiver: CallReceiver): void {
    const request = this.#routable(call);
    const match = this.router.match(request);
    if (!match && call.body?.isPresent && this.router.isSoap(request)) return this.#startSoap(call, request, receiver);
    if (call.method === 'OPTIONS' && (!match || match.operation.isCatchAll) && this.#startPreflight(call, request, receiver)) return;
    if (match) this.#startMatched(call, match, receiver);
    else if (!this.#crossDomain(call, receiver))
      this.#fail(this.#exchange(call, undefined), this.#policies.unmatched, notFound(), receiver);
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
      else this.#fail(this.#exchange(call, undefined), this.#policies.unmatched, notFound(), receiver);
    };
    const broken = (error: unknown) =>
      this.#fail(this.#exchange(call, undefined), this.#policies.unmatched, asPolicyError(error), receiver);
    Promise.resolve(body?.buffer(this.#settings.bodyLimit))
      .then(go, broken)
      .catch((error: unknown) => receiver.faulted(error));
  }

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
    return product && this.#policies.has(operation, product.id) ? product.id : '';
  }

  #fail(exchange: Exchange, policy: EffectivePolicy, error: PolicyError, receiver: CallReceiver): void {
    tellReceiver(runError(policy, exchange, error), exchange, receiver);
  }

  /** A product has a say where its key stands in the query, as browsers send no other, or where it needs none. */
  #startPreflight(call: Call, request: Routable, receiver: CallReceiver): boolean {
    const preflight = preflightOf(request, this.router, ({ api, operation }) => {
      const decision = this.#callers.decide(api, keyOf(call, api));
      return this.policyFor(api, operation, this.#boundProduct(decision.ok ? decision.product : null, operation));
    });
    if (!preflight) return false;
    const exchange = this.#exchange(call, preflight.match);
    tellReceiver(runEffective(preflight.policy, exchange), exchange, receiver);
    return true;
  }

  /** The file that Flash clients ask for lies outside of every API: cross-domain of the global document answers (its page). */
  #crossDomain(call: Call, receiver: CallReceiver): boolean {
    if (call.method !== 'GET' || call.url.path !== '/crossdomain.xml') return false;
    const inbound = this.#policies.global.sections.inbound.filter(({ info }) => info.policy === 'cross-domain');
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
      forwarder: (match && this.#policies.forwarderOf(match.api)) ?? this.#forwarder,
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
    const backend = this.compiled.environment.backendsOf(api.space).find(id);
    const url = backend && Url.parse(backend.url);
    if (!backend || !url) return;
    exchange.backend = backend;
    exchange.request.base = url;
  }
}

const OPEN_DOOR = { ok: true, product: null, subscription: null, user: null } as const;

function withoutRepeats(problems: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return problems.filter(({ code, file, span, message }) => {
    const key = `${file.name}|${span.start}|${span.end}|${code}|${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function overridden<T>(change: ((matched: T | null) => T) | undefined, matched: T | null): T | null {
  return change ? change(matched) : matched;
}
