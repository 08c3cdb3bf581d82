import type { TypeTable } from '../csharp/types/table.ts';
import type { Host, OutgoingProxy, PfxCertificate } from '../host/host.ts';
import type { VariablesView } from './context/dictionaries.ts';
import type { Decision } from './decision.ts';
import type {
  ApiInfo,
  Backend,
  DeploymentInfo,
  GraphQLInfo,
  OperationInfo,
  ProductInfo,
  SubscriptionInfo,
  UserInfo,
  WorkspaceInfo,
} from './entities.ts';
import type { ExchangeEvent, ExchangeListener, StepInfo } from './events.ts';
import type { ForwardOptions } from './forward.ts';
import { type GatewayRequest, GatewayResponse } from './message.ts';
import type { LastError } from './policy-error.ts';
import { DEFAULT_SETTINGS, type ExchangeSettings } from './settings.ts';
import { Variables } from './variables.ts';

/** Sends the exchange's request to its backend; the gateway brings its own that streams from socket to socket. */
export interface Forwarder {
  (exchange: Exchange, options: ForwardOptions): Promise<GatewayResponse>;
  /** The same without a promise. Absent: there is only the promise. */
  begin?(exchange: Exchange, options: ForwardOptions, receiver: AnswerReceiver): void;
}

/** Who waits for a backend's answer: exactly one of both is called, once. Neither throws. */
export interface AnswerReceiver {
  answered(response: GatewayResponse): void;
  failed(error: unknown): void;
}

/** The caller's side of a call, as far as a call to a backend depends on it. */
export interface CallerLife {
  /** The connection is closed: nobody waits for the answer. */
  readonly gone: boolean;
  /** What is broken off when the caller goes. */
  waitsFor: { abort(): void } | null;
  /** Told about each forward. */
  readonly watch?: ForwardWatch | null;
  /** Hears of the backend's answers before the final one (1xx), their connection headers left out. */
  inform?(status: number, headers: readonly string[]): void;
  /** A WebSocket handshake in place of a request. */
  readonly handshake?: Handshake | null;
}

/** Brings a caller's WebSocket handshake to the backend; what it answers becomes the exchange's response. */
export interface Handshake {
  begin(exchange: Exchange, options: ForwardOptions, backend: Backend | null, receiver: AnswerReceiver): void;
  /** Looks at what the caller sends to the backend; null: bytes pass untouched. */
  inspect: MessageInspector | null;
  /** Agrees without a backend, and gives the answer; `serve` is called once policies have agreed, too. */
  accept(exchange: Exchange, protocol: string | undefined, serve: (channel: MessageChannel) => MessageReceiver): GatewayResponse;
}

/** What becomes of a message of the caller: it goes on, perhaps changed, or is answered here. */
export type MessageInspector = (text: string) => Promise<{ readonly forward: string } | { readonly answer: string }>;

/** A WebSocket connection to somebody who is spoken to from here. */
export interface MessageChannel {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Who speaks there. */
export interface MessageReceiver {
  /** No further message comes before the promise is kept. */
  message(text: string): void | Promise<void>;
  /** The other side says that it ends. */
  ending?(code: number, reason: string): void;
  /** The connection is gone. */
  closed(): void;
}

/** Who measures calls to backends. */
export interface ForwardWatch {
  /** The request is about to go out. */
  forwarding(exchange: Exchange): void;
  /** The backend's head is there; status 0: it never came. */
  answered(exchange: Exchange, status: number, milliseconds: number): void;
}

export interface ExchangeOptions {
  readonly host: Host;
  readonly request: GatewayRequest;
  readonly types: TypeTable;
  readonly response?: GatewayResponse | null;
  readonly api?: ApiInfo | null;
  readonly operation?: OperationInfo | null;
  readonly product?: ProductInfo | null;
  readonly subscription?: SubscriptionInfo | null;
  readonly user?: UserInfo | null;
  readonly deployment?: DeploymentInfo;
  readonly workspace?: WorkspaceInfo | null;
  readonly graphql?: GraphQLInfo | null;
  /** Default: a new GUID of the host. */
  readonly requestId?: string;
  /** UTC milliseconds; default: now. */
  readonly timestamp?: number;
  /** .NET ticks of the timestamp when milliseconds are not exact enough. */
  readonly timestampTicks?: bigint;
  readonly tracing?: boolean;
  readonly settings?: ExchangeSettings;
  readonly listener?: ExchangeListener | null;
  readonly forwarder?: Forwarder | null;
  readonly lastError?: LastError | null;
  readonly caller?: CallerLife | null;
  /** Variables shared with another exchange: a resolver sees those of the call around it. Default: none yet. */
  readonly variables?: Variables;
  /** Host milliseconds at the start of the call; default: now. */
  readonly startedAt?: number;
  readonly stop?: AbortSignal | null;
}

/** One call through the gateway; `context` in expressions is this object. */
export class Exchange {
  readonly host: Host;
  readonly types: TypeTable;
  readonly settings: ExchangeSettings;
  readonly request: GatewayRequest;
  /** Null before there is one; `ensureResponse` makes an empty 200. */
  response: GatewayResponse | null;
  readonly variables: Variables;
  lastError: LastError | null;
  readonly api: ApiInfo | null;
  readonly operation: OperationInfo | null;
  product: ProductInfo | null;
  subscription: SubscriptionInfo | null;
  user: UserInfo | null;
  readonly deployment: DeploymentInfo;
  readonly workspace: WorkspaceInfo | null;
  readonly graphql: GraphQLInfo | null;
  readonly timestamp: number;
  readonly timestampTicks: bigint | undefined;
  /** Host milliseconds at the start, for `context.Elapsed`. */
  readonly startedAt: number;
  /** Set when the caller's right to a trace is known. */
  tracing: boolean;
  listener: ExchangeListener | null;
  readonly forwarder: Forwarder | null;
  /** Null when no connection stands behind the call. */
  readonly caller: CallerLife | null;
  /** Aborted when nobody wants what this branch of a call does (wait for any); null for the call itself. */
  readonly stop: AbortSignal | null;
  /** The backend entity chosen by set-backend-service; null means the base URL alone. */
  backend: Backend | null = null;
  /** Id of the backend entity that the last forward went to: the member, where `backend` is a pool. */
  forwardedTo: string | null = null;
  /** The HTTP proxy that `proxy` chose for the backend call. */
  proxy: OutgoingProxy | null = null;
  /** What authentication-certificate shows the backend: the id of a certificate, or one with its key. */
  clientCertificate: string | PfxCertificate | null = null;
  /** cache-lookup answered: outbound goes on behind cache-store. */
  servedFromCache = false;
  /** The step that runs, for events; kept by the runner. */
  current: StepInfo | null = null;
  /** Raw headers that policies in inbound put on whatever response goes out (cors, rate limits). */
  readonly responseHeaders: string[] = [];
  /** Work put off until the response is known (counters that look at the status); the runner calls them last. */
  readonly deferred: ((exchange: Exchange) => void | Promise<void>)[] = [];
  /** Work of inbound policies on the backend's answer, done before outbound; failures are those of the policy (token limits, completions). */
  answered: ((exchange: Exchange) => unknown)[] | null = null;
  /** Who the caller is by the last token that was checked: `sub`, `oid`, `appid`, `azp`, `iss` as far as it has them. */
  verifiedClaims: Readonly<Record<string, string>> | null = null;
  /** What policies decided about the caller, in order, for the audit; null until one did. */
  decisions: Decision[] | null = null;
  /** Texts that no listener may see: values of secret named values. */
  secrets: readonly string[] = [];
  /** `context.Variables` as expressions see it, once one asked: a condition often looks at several of them. */
  variablesView: VariablesView | null = null;
  #requestId: string | undefined;
  #memory: Map<string, unknown> | undefined;

  constructor(options: ExchangeOptions) {
    this.host = options.host;
    this.types = options.types;
    this.settings = options.settings ?? DEFAULT_SETTINGS;
    this.request = options.request;
    this.response = options.response ?? null;
    this.variables = options.variables ?? new Variables(this.settings);
    this.lastError = options.lastError ?? null;
    this.api = options.api ?? null;
    this.operation = options.operation ?? null;
    this.product = options.product ?? null;
    this.subscription = options.subscription ?? null;
    this.user = options.user ?? null;
    this.deployment = options.deployment ?? LOCAL_DEPLOYMENT;
    this.workspace = options.workspace ?? null;
    this.graphql = options.graphql ?? null;
    this.timestamp = options.timestamp ?? options.host.now();
    this.timestampTicks = options.timestampTicks;
    this.startedAt = options.startedAt ?? options.host.elapsed();
    this.tracing = options.tracing ?? false;
    this.listener = options.listener ?? null;
    this.forwarder = options.forwarder ?? null;
    this.caller = options.caller ?? null;
    this.stop = options.stop ?? null;
    this.#requestId = options.requestId;
  }

  /** GUID in lower case with dashes; made when first asked for. */
  get requestId(): string {
    this.#requestId ??= this.host.newGuid();
    return this.#requestId;
  }

  /** What policies of one call tell each other, by a key that names the policy (cache-lookup and cache-store, quotas). */
  get memory(): Map<string, unknown> {
    this.#memory ??= new Map();
    return this.#memory;
  }

  /** Puts work off until the backend has answered; it is not done when no backend is asked. */
  whenAnswered(work: (exchange: Exchange) => unknown): void {
    this.answered ??= [];
    this.answered.push(work);
  }

  /** Milliseconds since the call came in. */
  get elapsed(): number {
    return this.host.elapsed() - this.startedAt;
  }

  /** The response to write to: the one there is, or an empty 200. */
  ensureResponse(): GatewayResponse {
    this.response ??= new GatewayResponse();
    return this.response;
  }

  /** The same call with variables and a response of its own, for work whose result may not be wanted: `stop` ends it then. */
  branch(stop: AbortSignal): Exchange {
    const variables = this.variables.copy();
    const ends = this.stop ? AbortSignal.any([this.stop, stop]) : stop;
    const branch = new Exchange({ ...this, variables, requestId: this.requestId, stop: ends });
    branch.#takeOver(this);
    branch.secrets = this.secrets;
    branch.current = this.current;
    branch.#memory = this.memory;
    return branch;
  }

  /** Takes over what a branch did. */
  join(branch: Exchange): void {
    for (const [name, value] of branch.variables.entries()) this.variables.set(name, value);
    this.response = branch.response;
    this.#takeOver(branch);
    this.secrets = [...new Set([...this.secrets, ...branch.secrets])];
    this.responseHeaders.push(...branch.responseHeaders);
    this.deferred.push(...branch.deferred);
  }

  /** What is known about the backend of the call. */
  #takeOver(other: Exchange): void {
    this.backend = other.backend;
    this.forwardedTo = other.forwardedTo;
    this.proxy = other.proxy;
    this.clientCertificate = other.clientCertificate;
  }

  /** The text with secrets replaced, for logs. */
  mask(text: string): string {
    return maskSecrets(text, this.secrets);
  }

  /** Tells the listener, with secrets masked. Callers test `listener` first, so that nothing is built for nobody. */
  emit(event: ExchangeEvent): void {
    this.listener?.(this.secrets.length === 0 ? event : masked(event, this.secrets), this);
  }
}

const LOCAL_DEPLOYMENT: DeploymentInfo = {
  gatewayId: 'managed',
  region: 'local',
  serviceId: 'portico',
  serviceName: 'portico',
  gateway: { id: 'managed', instanceId: 'portico', isManaged: true },
};

/** Replaces every secret in the texts of an event by `****`. */
function masked<T extends object>(event: T, secrets: readonly string[]): T {
  const fields = Object.entries(event).map(([key, value]) => [key, maskValue(value, secrets)]);
  return Object.fromEntries(fields) as T;
}

function maskValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return maskSecrets(value, secrets);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, secrets));
  return isPlain(value) ? masked(value, secrets) : value;
}

/** Records such as trace metadata and LastError; steps with their files and .NET values stay as they are. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('file' in value);
}

/** Replaces every occurrence of a secret by `****`. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) if (secret !== '') result = result.replaceAll(secret, '****');
  return result;
}
