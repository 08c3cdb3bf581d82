/** What the gateway knows about the call's API, caller and place: the objects behind `context.Api`, `context.User` … */
import type { OutgoingProxy } from '../host/host.ts';
import type { Exchange } from './exchange.ts';
import type { Url } from './url.ts';

export interface ApiInfo {
  readonly id: string;
  readonly name: string;
  /** Without leading slash. */
  readonly path: string;
  readonly protocols: readonly string[];
  readonly serviceUrl: Url | null;
  readonly subscriptionKeyParameterNames: { readonly header: string; readonly query: string };
  readonly isCurrentRevision: boolean;
  readonly revision: string;
  readonly version: string | null;
  /** The schema language text of a GraphQL API. */
  readonly graphqlSchema?: string | undefined;
  /** XML schemas of the API: those of its WSDL and its own. */
  readonly xmlSchemas?: readonly string[] | undefined;
  /** `$metadata` of an OData API, in XML. */
  readonly odataMetadata?: string | undefined;
}

export interface OperationInfo {
  readonly id: string;
  readonly method: string;
  readonly name: string;
  /** `/orders/{id}?expand={expand}` */
  readonly urlTemplate: string;
  /** What it does, in words. */
  readonly description?: string;
  /** Local name of the element in the body of a SOAP request, where a WSDL file tells it. */
  readonly bodyElement?: string;
  /** Documented responses, for mock-response and the validation policies. */
  readonly responses?: readonly OperationResponse[];
  /** Documented parameters; undefined when the operation came without an API definition. */
  readonly parameters?: readonly OperationParameter[];
  /** Documented request bodies by content type. */
  readonly requests?: readonly { readonly contentType: string; readonly schema: SchemaSource | undefined }[];
}

/** A schema where it stands in an API definition; references are looked up in `root`. */
export interface SchemaSource {
  readonly schema: unknown;
  readonly root: unknown;
  readonly dialect: 'openapi-3.0' | 'openapi-3.1';
  /** How messages call it: the name behind `$ref`; empty for one without a name. */
  readonly name: string;
}

export interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: SchemaSource;
  /** Between the items of a list that is written as one text; null when each item is a value of its own. */
  readonly separator: string | null;
  /** The text is JSON, as `content` says. */
  readonly isJson: boolean;
  /** What it means, in words. */
  readonly description?: string;
}

export interface OperationResponse {
  readonly status: number;
  readonly headers?: readonly OperationParameter[];
  readonly representations: readonly {
    readonly contentType: string /** Example, or a sample made from the schema. */;
    readonly sample: string | null;
    readonly schema?: SchemaSource | undefined;
  }[];
}

export interface GroupInfo {
  readonly id: string;
  readonly name: string;
}
export interface ProductInfo {
  readonly id: string;
  readonly name: string;
  readonly approvalRequired: boolean;
  readonly subscriptionRequired: boolean;
  readonly subscriptionLimit: number | null;
  readonly state: 'NotPublished' | 'Published';
  readonly groups: readonly GroupInfo[];
  readonly apis: readonly ApiInfo[];
}
export interface SubscriptionInfo {
  readonly id: string;
  readonly name: string | null;
  /** The key that the call used. */
  readonly key: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  /** ISO 8601, UTC. */
  readonly createdDate: string;
  readonly startDate: string | null;
  readonly endDate: string | null;
}
export interface UserInfo {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly note: string | null;
  /** ISO 8601, UTC. */
  readonly registrationDate: string;
  readonly groups: readonly GroupInfo[];
  readonly identities: readonly { readonly id: string; readonly provider: string }[];
}
/** Of the region's electricity, in rising order, so that policies may compare them (Azure's page on sustainability). */
export const CARBON_INTENSITIES = ['NotAvailable', 'VeryLow', 'Low', 'Medium', 'High', 'VeryHigh'] as const;
export type CarbonIntensity = (typeof CARBON_INTENSITIES)[number];
export interface DeploymentInfo {
  readonly gatewayId: string;
  readonly region: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly gateway: { readonly id: string; readonly instanceId: string; readonly isManaged: boolean };
  /** Default: `NotAvailable`, as in regions that give none. */
  readonly carbonIntensity?: CarbonIntensity | undefined;
}
export interface WorkspaceInfo {
  readonly id: string;
  readonly name: string;
}

/** Inside a GraphQL resolver; both are JSON objects (JObject). */
export interface GraphQLInfo {
  readonly arguments: unknown;
  readonly parent: unknown;
}

/** A backend entity as set-backend-service and forward-request need it. */
export interface Backend {
  readonly id: string;
  /** Base URL, absolute. */
  readonly url: string;
  readonly credentials?: BackendCredentials;
  readonly tls?: { readonly validateChain?: boolean; readonly validateName?: boolean };
  /** The HTTP proxy that stands before it; one that a policy names wins. */
  readonly proxy?: OutgoingProxy;
  /**
   * Chooses a member of a pool; once a forward. Throws PolicyError with status 503 while the circuit breaker, or that of
   * every member, is open.
   */
  pick?(exchange: Exchange): Backend;
  /** Told how a forward ended, for circuit breakers; `status` is null when there was no answer. */
  report?(status: number | null, retryAfter: string | undefined, exchange?: Exchange): void;
}
export interface BackendCredentials {
  readonly authorization?: { readonly scheme: string; readonly parameter: string };
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly certificateId?: string;
  /** A token for this resource goes out as `Authorization: Bearer`. */
  readonly managedIdentity?: { readonly resource: string; readonly clientId?: string };
}
