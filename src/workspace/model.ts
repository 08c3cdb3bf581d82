/** A policy directory as loaded: plain data, everything resolved that needs no request. */

import type { ApiInfo, Backend, OperationInfo, ProductInfo, SchemaSource, SubscriptionInfo, UserInfo } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeSettings } from '../exchange/settings.ts';
import type { Url } from '../exchange/url.ts';
import type { ConnectionToken, HostCertificate } from '../host/host.ts';
import type { ManagedIdentitySource } from '../host/managed-identity.ts';
import type { Encoding } from '../host/node-tokenizer.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import type { StandIns } from '../policies/compiler.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { PolicyDocument } from '../xml/tree.ts';
import type { AllowedMember } from './allowed-members.ts';
import type { ParsedFiles } from './files.ts';
import type { OperationSettings } from './operations-yaml.ts';
import type { StoreSettings } from './stores-yaml.ts';

export interface Workspace {
  /** Absolute path of the directory (or of the one document). */
  readonly root: string;
  readonly globalPolicy: PolicyDocument | undefined;
  readonly apis: readonly WorkspaceApi[];
  readonly products: readonly WorkspaceProduct[];
  /** Workspaces that own neither API nor product: no call runs their documents, which are held to the same all the same. */
  readonly idleSpaces?: readonly WorkspaceSpace[];
  readonly subscriptions: readonly WorkspaceSubscription[];
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  /** By display name. */
  readonly namedValues: ReadonlyMap<string, NamedValue>;
  readonly backends: ReadonlyMap<string, BackendDefinition>;
  readonly certificates: ReadonlyMap<string, HostCertificate>;
  /** Ids and thumbprints of certificates that the instance has; their contents are not exported. */
  readonly exportedCertificates?: ReadonlySet<string>;
  /** Credential manager connections by `provider/authorization`. */
  readonly connections: ReadonlyMap<string, ConnectionToken>;
  /** JSON schemas of the service, for validate-content's schema-id. */
  readonly schemas: ReadonlyMap<string, SchemaSource>;
  /** The same in XML, as texts. */
  readonly xmlSchemas: ReadonlyMap<string, string>;
  readonly local: LocalSettings;
  /** Documents and files read, for reload on save. */
  readonly files: readonly string[];
  /** What the load made of them, where it was asked to keep that for the next. */
  readonly parsed?: ParsedFiles;
  readonly problems: readonly Diagnostic[];
  /** What was met and has no part in running policies, for those who ask. */
  readonly notices?: readonly Diagnostic[];
}

/** A workspace of the instance: a scope of its own between global and product, with its own names. */
export interface WorkspaceSpace {
  readonly id: string;
  readonly name: string;
  readonly policy: PolicyDocument | undefined;
  readonly namedValues: ReadonlyMap<string, NamedValue>;
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  readonly backends: ReadonlyMap<string, BackendDefinition>;
}

export type ApiKind = 'http' | 'soap' | 'graphql' | 'websocket' | 'odata' | 'grpc' | 'mcp' | 'a2a';

/** A backend entity as written; the engine makes pools and circuit breakers of it. */
export interface BackendDefinition extends Backend {
  readonly pool?: PoolDefinition;
  readonly circuitBreaker?: CircuitBreakerRule;
}

export interface PoolDefinition {
  readonly members: readonly { readonly id: string; readonly priority: number; readonly weight: number }[];
  /** Name of the cookie that pins a caller to a member. */
  readonly sessionCookie?: string;
}

export interface CircuitBreakerRule {
  readonly name: string;
  /** Failures within the interval; one of both is given. */
  readonly count?: number;
  readonly percentage?: number;
  readonly intervalMilliseconds: number;
  readonly statusRanges: readonly { readonly min: number; readonly max: number }[];
  readonly errorReasons: readonly string[];
  readonly tripMilliseconds: number;
  readonly acceptRetryAfter: boolean;
}

export interface WorkspaceApi {
  readonly info: ApiInfo;
  readonly subscriptionRequired: boolean;
  readonly operations: readonly WorkspaceOperation[];
  readonly policy: PolicyDocument | undefined;
  /** Documents of operations that it does not have. */
  readonly unrouted?: readonly PolicyDocument[];
  /** How a versioned API is told apart; undefined for an API without versions. */
  readonly versioning: { readonly scheme: 'Segment' | 'Header' | 'Query'; readonly name: string } | undefined;
  /** Name of the resource, with `;rev=` where it has one. Default: the id. */
  readonly folder?: string;
  /** Default `http`. */
  readonly kind?: ApiKind;
  /** A revision that was taken offline: no request reaches it. */
  readonly isOffline?: boolean;
  /** Backend entity in place of the service URL. */
  readonly backendId?: string;
  /** The workspace that owns it. */
  readonly space?: WorkspaceSpace;
  /** Field resolvers of a GraphQL API. */
  readonly resolvers?: readonly WorkspaceResolver[];
  /** What an MCP API offers of other APIs; undefined for one in front of an existing server. */
  readonly tools?: readonly WorkspaceTool[];
  /** What the API is for, in words. */
  readonly description?: string;
  /** Stands in for the APIs that a directory does not name: the global document is its policy. */
  readonly isImplied?: boolean;
}

/** A tool of an MCP API: an operation of another API under a name of its own. */
export interface WorkspaceTool {
  readonly name: string;
  /** Default: that of the operation. */
  readonly description: string | undefined;
  readonly api: WorkspaceApi;
  readonly operation: WorkspaceOperation;
}

export interface WorkspaceResolver {
  readonly id: string;
  readonly type: string;
  readonly field: string;
  readonly policy: PolicyDocument | undefined;
}

export interface WorkspaceOperation {
  readonly info: OperationInfo;
  /** Stands in for operations that the directory does not name: every method and path. */
  readonly isCatchAll?: boolean;
  /** Made for a call whose method is none of the usual ones; its policies are those of this one. */
  readonly like?: WorkspaceOperation;
  /** Where it is sent in place of service URL and path (agent cards, JSON-RPC endpoints). */
  readonly target?: Url;
  /** Done with the backend's answer before outbound sees it. */
  readonly onAnswer?: (exchange: Exchange) => unknown;
  readonly policy: PolicyDocument | undefined;
}

export interface WorkspaceProduct {
  readonly info: ProductInfo;
  readonly apiIds: ReadonlySet<string>;
  readonly policy: PolicyDocument | undefined;
  /** The workspace that owns it. */
  readonly space?: WorkspaceSpace;
}

/** Everything, one product or one API; of the workspace where one is named. */
export type SubscriptionScope = ({ readonly kind: 'all' } | { readonly kind: 'product' | 'api'; readonly id: string }) & {
  readonly workspace?: string;
};

export interface WorkspaceSubscription {
  readonly info: SubscriptionInfo;
  readonly state: 'active' | 'suspended' | 'submitted' | 'rejected' | 'cancelled' | 'expired';
  /** What it opens. */
  readonly scope: SubscriptionScope;
  readonly user: UserInfo | undefined;
  /** Whether its calls may be traced (`allowTracing`). Default false. */
  readonly allowsTracing?: boolean;
}

export interface NamedValue {
  readonly name: string;
  /** Undefined when the directory holds none (a secret that was not exported). */
  readonly value: string | undefined;
  readonly secret: boolean;
}

export type ClientCertificateMode = 'none' | 'request' | 'require';

/** A certificate with its chain, and its key; both PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** The listening side's TLS. */
export interface TlsSettings {
  /** Shown to callers that name no host of `sni`. */
  readonly identity: TlsIdentity;
  /** By host name in lower case; `*.example.org` stands for one label. */
  readonly sni: ReadonlyMap<string, TlsIdentity>;
  /** Whether callers are asked for a certificate, and whether one without is let in. Policies judge what they show. */
  readonly clientCertificate: ClientCertificateMode;
  /** PEM certificates of authorities whose clients are trusted. */
  readonly authorities: readonly string[];
  /** Revocation lists, DER or PEM. */
  readonly revocationLists: readonly Uint8Array[];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Whether HTTP/2 is offered (ALPN). */
  readonly http2: boolean;
  /** A port of its own beside the plain one; without it the gateway's only port speaks TLS. */
  readonly port?: number;
}

/** What portico.yaml says about this machine rather than about the gateway's configuration. */
export interface LocalSettings {
  /** Services that answer in place of Azure's. */
  readonly standIns: StandIns;
  /** Identity providers that this machine stands in for. */
  readonly identity: IdentitySettings;
  readonly port: number;
  readonly host: string;
  readonly settings: Partial<ExchangeSettings>;
  /** .NET members that are accepted beyond Azure's published list. */
  readonly allowedMembers?: readonly AllowedMember[];
  /** A call whose scheme is none of the API's `protocols` gets 404. Off: TLS may end in front of this gateway. */
  readonly checkProtocols?: boolean;
  /** PEM texts of roots that are trusted besides the system's. */
  readonly trustedRoots: readonly string[];
  readonly tls: TlsSettings | undefined;
  /** Most accepted tokens that are remembered; 0 remembers none. */
  readonly tokenCache: number;
  /** Port of the console on the loopback address, 0 for a free one; undefined: there is none. */
  readonly console?: number | undefined;
  /** Where audit lines go: the path of a file, `stdout`, or nowhere. */
  readonly audit: string | undefined;
  /** Where tokens of managed identities come from; undefined means the stand-in. */
  readonly managedIdentity: ManagedIdentitySource | undefined;
  /** Seconds that a caller may take for its head and for its body. */
  readonly callerTimeoutSeconds: number;
  /** Bytes of request head that are accepted. */
  readonly headLimit: number;
  /** Bytes of a request's target that are accepted. */
  readonly urlLimit: number;
  /** Bytes a second that a caller must send of its body, and take of an answer; 0 asks for none. */
  readonly callerRate: number;
  /** Seconds without a message after which a WebSocket is closed; 0 waits for ever. */
  readonly webSocketIdleSeconds: number;
  readonly operations: OperationSettings;
  readonly stores: StoreSettings;
  /** What counts tokens; undefined estimates them. */
  readonly tokenizer: Encoding | undefined;
}

export interface IdentitySettings {
  readonly providers: readonly StandInProvider[];
  /** Where `portico run` serves them; undefined: a free one. */
  readonly port: number | undefined;
}
