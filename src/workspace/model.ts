/** A policy directory as loaded: plain data, everything resolved that needs no request. */
import type { ApiInfo, Backend, OperationInfo, ProductInfo, SchemaSource, SubscriptionInfo, UserInfo } from '../exchange/entities.ts';
import type { ExchangeSettings } from '../exchange/settings.ts';
import type { ConnectionToken, HostCertificate } from '../host/host.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { PolicyDocument } from '../xml/tree.ts';

export interface Workspace {
  /** Absolute path of the directory (or of the one document). */
  readonly root: string;
  readonly globalPolicy: PolicyDocument | undefined;
  readonly apis: readonly WorkspaceApi[];
  readonly products: readonly WorkspaceProduct[];
  readonly subscriptions: readonly WorkspaceSubscription[];
  readonly fragments: ReadonlyMap<string, PolicyDocument>;
  /** By display name. */
  readonly namedValues: ReadonlyMap<string, NamedValue>;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly certificates: ReadonlyMap<string, HostCertificate>;
  /** Credential manager connections by `provider/authorization`. */
  readonly connections: ReadonlyMap<string, ConnectionToken>;
  /** JSON schemas of the service, for validate-content's schema-id. */
  readonly schemas: ReadonlyMap<string, SchemaSource>;
  readonly local: LocalSettings;
  /** Documents and files read, for reload on save. */
  readonly files: readonly string[];
  readonly problems: readonly Diagnostic[];
}

export interface WorkspaceApi {
  readonly info: ApiInfo;
  readonly subscriptionRequired: boolean;
  readonly operations: readonly WorkspaceOperation[];
  readonly policy: PolicyDocument | undefined;
  /** How a versioned API is told apart; undefined for an API without versions. */
  readonly versioning: { readonly scheme: 'Segment' | 'Header' | 'Query'; readonly name: string } | undefined;
}

export interface WorkspaceOperation {
  readonly info: OperationInfo;
  /** Stands in for operations that the directory does not name: every method and path. */
  readonly isCatchAll?: boolean;
  readonly policy: PolicyDocument | undefined;
}

export interface WorkspaceProduct {
  readonly info: ProductInfo;
  readonly apiIds: ReadonlySet<string>;
  readonly policy: PolicyDocument | undefined;
}

export interface WorkspaceSubscription {
  readonly info: SubscriptionInfo;
  readonly state: 'active' | 'suspended' | 'submitted' | 'rejected' | 'cancelled' | 'expired';
  /** What it opens: everything, one product, one API. */
  readonly scope: { readonly kind: 'all' } | { readonly kind: 'product' | 'api'; readonly id: string };
  readonly user: UserInfo | undefined;
}

export interface NamedValue {
  readonly name: string;
  /** Undefined when the directory holds none (a secret that was not exported). */
  readonly value: string | undefined;
  readonly secret: boolean;
}

/** What portico.yaml says about this machine rather than about the gateway's configuration. */
export interface LocalSettings {
  readonly port: number;
  readonly host: string;
  readonly settings: Partial<ExchangeSettings>;
  /** PEM texts of roots that are trusted besides the system's. */
  readonly trustedRoots: readonly string[];
  /** Seconds that a caller may take for its head and for its body. */
  readonly callerTimeoutSeconds: number;
  /** Bytes of request head that are accepted. */
  readonly headLimit: number;
}
