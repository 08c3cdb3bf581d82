/**
 * The one door to the outside world. Everything that is not a function of its input comes in here, so that a test can
 * freeze it: time, randomness, outgoing calls, cryptography, storage, certificates, secrets, log.
 */
import type { Publications } from './publications.ts';
export interface Host {
  /** UTC now in milliseconds since 1970, with fractions if the clock has them. */
  now(): number;
  /** Monotonic milliseconds, for durations. */
  elapsed(): number;
  /** Resolves after so many milliseconds of the host's clock (a test's virtual clock jumps). */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
  /** Cryptographically strong bytes (seeded in tests). */
  randomBytes(count: number): Uint8Array;
  /** A version 4 GUID in lower case with dashes. */
  newGuid(): string;
  /** Tokens of a text as a language model counts them. Absent: they are estimated from its length. */
  countTokens?(text: string): number;
  /** Every outgoing HTTP call. */
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  readonly crypto: HostCrypto;
  /** Undoes brotli, which the platform's own streams do not know. Rejects for other data and above `limit` bytes. Absent: unknown. */
  brotliDecompress?(data: Uint8Array, limit: number): Promise<Uint8Array>;
  /** The named caches: `internal` and, when configured, `external`. */
  readonly cache: HostCache;
  readonly counters: HostCounters;
  readonly certificates: HostCertificates;
  readonly identity: HostIdentity;
  /** Services that take data and give nothing back. */
  readonly sinks: HostSinks;
  /** Where subscribers of GraphQL fields wait. Absent: nobody can subscribe. */
  readonly publications?: Publications;
  /** One structured record; levels as pino's. Never hand it a secret. */
  log(level: 'trace' | 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Header names and values in wire order: name, value, name, value …; case and repeats kept. */
export type RawHeaders = readonly string[];

export interface OutgoingRequest {
  readonly method: string;
  /** Scheme, host and port: `https://api.example.org:8443`. */
  readonly origin: string;
  /** Path and query exactly as they go on the wire; starts with `/`. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body: Uint8Array | BodyStream | null;
  /** Until status and headers are there; a `HostError` with reason `timeout` after it. */
  readonly timeoutMilliseconds: number;
  readonly followRedirects?: boolean;
  readonly httpVersion?: '1' | '2' | '2or1';
  /** Client certificate by id of `certificates`. */
  readonly certificateId?: string;
  /** Client certificate with its key, as PKCS#12; wins over `certificateId`. */
  readonly pfx?: PfxCertificate;
  readonly tls?: { readonly validateChain?: boolean; readonly validateName?: boolean };
  readonly signal?: AbortSignal;
  /** Sent through this HTTP proxy: a tunnel for https, absolute URLs for http. */
  readonly proxy?: OutgoingProxy | undefined;
  /** Sent with `Expect: 100-continue`; not to be used without a body. Absent: the body goes out at once. */
  readonly expectation?: Expectation | undefined;
  /** Names of the fields behind the body, as its `Trailer` header announces them; those of the body's `rawTrailers` are sent. */
  readonly trailer?: string | undefined;
  /** Told of each answer before the final one (1xx), but of those that concern the connection alone (100, 101). */
  readonly informed?: ((status: number, headers: RawHeaders) => void) | undefined;
}

/** How long a body waits for `100 Continue`, and what comes then. */
export interface Expectation {
  readonly milliseconds: number;
  /** A service that stays silent fails the call with a timeout; otherwise it is sent the body all the same. */
  readonly isRequired: boolean;
}

/** A body as it arrives. */
export interface BodyStream extends AsyncIterable<Uint8Array> {
  /** Fields behind the body (RFC 9110, section 6.5): name, value, name, value …; there when it has been read to its end. */
  readonly rawTrailers?: RawHeaders | undefined;
  /** As its sender framed it: the Content-Length that came with it still holds. */
  readonly isFramed?: boolean | undefined;
  /** Breaks off what nobody will read. Absent: that needs nothing. */
  cancel?(): void;
}

/** A certificate and its private key in one PKCS#12 file. */
export interface PfxCertificate {
  readonly data: Uint8Array;
  readonly password: string;
}

/** An HTTP proxy; name and password go out as basic Proxy-Authorization. */
export interface OutgoingProxy {
  /** `http://host:port` */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface IncomingResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
  /** The body as it arrives; must be read or cancelled. Null when there is none. */
  readonly body: BodyStream | null;
}

/** Why an outgoing call brought no answer. */
export class HostError extends Error {
  readonly reason: 'timeout' | 'connect' | 'closed' | 'aborted';

  constructor(reason: HostError['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** Synchronous cryptography as .NET has it; names in Node's spelling (`sha256`, `aes-256-cbc`). */
export interface HostCrypto {
  hash(algorithm: string, data: Uint8Array): Uint8Array;
  /** The hash of a text's UTF-8 in Base64: the short way for look-ups. */
  hashText(algorithm: string, text: string): string;
  hmac(algorithm: string, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** AES and DES families by Node's cipher name; `padding` false means none. */
  cipher(
    direction: 'encrypt' | 'decrypt',
    algorithm: string,
    key: Uint8Array,
    iv: Uint8Array | null,
    data: Uint8Array,
    padding: boolean,
  ): Uint8Array;
  /** `key` is a PEM text or DER bytes (spki, pkcs1, pkcs8). */
  sign(algorithm: string, key: string | Uint8Array, data: Uint8Array, padding: 'pkcs1' | 'pss'): Uint8Array;
  verify(algorithm: string, key: string | Uint8Array, data: Uint8Array, signature: Uint8Array, padding: 'pkcs1' | 'pss'): boolean;
  rsa(direction: 'encrypt' | 'decrypt', key: string | Uint8Array, data: Uint8Array, padding: 'pkcs1' | 'oaep', hash?: string): Uint8Array;
  /** RSA parameters as a JWK (n, e, d, p, q, dp, dq, qi base64url) to PEM and back. */
  rsaFromJwk(jwk: Readonly<Record<string, string>>): string;
  rsaToJwk(key: string | Uint8Array, includePrivate: boolean): Readonly<Record<string, string>>;
  generateRsa(bits: number): string;
  /** Reads a DER or PEM certificate. */
  certificate(data: Uint8Array): CertificateInfo;
  /** Opens a PKCS#12 file; throws for data that is none. Absent: this host cannot. */
  readonly pfx?: (data: Uint8Array, password: string) => OpenedPfx | 'wrong password';
  /** Whether the names fit and the issuer's key made the signature. */
  isIssuedBy(certificate: CertificateInfo, issuer: CertificateInfo): boolean;
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

/** What a PKCS#12 file holds, as PEM: the certificate of the key first, then the others. */
export interface OpenedPfx {
  readonly certificates: readonly string[];
  readonly key: string | undefined;
}

export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** Upper-case hexadecimal, as .NET prints it. */
  readonly serialNumber: string;
  /** SHA-1, upper-case hexadecimal without colons. */
  readonly thumbprint: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly der: Uint8Array;
  readonly publicKeyPem: string;
  readonly keyType: 'rsa' | 'ec' | 'other';
  readonly signatureAlgorithm: string;
  readonly version: number;
  readonly dnsNames: readonly string[];
  /** What a TLS caller sent besides: its issuers, not trusted for that. */
  readonly chain?: readonly CertificateInfo[];
}

/**
 * A cache; an unreachable one is a miss on read and nothing on write, and never throws. Values are plain data that nobody
 * changes afterwards: null, booleans, finite numbers, texts, bytes, and arrays and objects of these, so that they can leave the process.
 */
export interface HostCache {
  get(kind: 'internal' | 'external' | 'prefer-external', key: string): CacheAnswer | Promise<CacheAnswer>;
  set(kind: 'internal' | 'external' | 'prefer-external', key: string, value: unknown, seconds: number): void | Promise<void>;
  remove(kind: 'internal' | 'external' | 'prefer-external', key: string): void | Promise<void>;
}
export interface CacheAnswer {
  readonly hit: boolean;
  readonly value?: unknown;
}

/** `fixed` begins with the first count under its key and ends so many seconds later; `sliding` is the last so many seconds. */
export type CounterWindow = 'fixed' | 'sliding';

/** Counters for rate limits and quotas, exact. A key is used with one window and one length only; windows are fixed unless told otherwise. */
export interface HostCounters {
  /** Adds `by` to a window of so many seconds under `key`, unless that would pass `limit`. */
  take(key: string, by: number, limit: number, seconds: number, window?: CounterWindow): CounterAnswer | Promise<CounterAnswer>;
  /** Adds without a limit (increments after the response); a negative number gives back in a fixed window. */
  add(key: string, by: number, seconds: number, window?: CounterWindow): void | Promise<void>;
  /** Reads without adding; allowed when less than `limit` is used. */
  peek(key: string, limit: number, seconds: number, window?: CounterWindow): CounterAnswer | Promise<CounterAnswer>;
  /**
   * `add` whose surplus over `limit` is carried into the windows that follow, each of which takes up to `limit` of it (token
   * limits). The key must not be used with the three others. With `wanted` it adds only when that many fit, otherwise in any
   * case; `retryAfterSeconds` is infinite when `wanted` never will.
   */
  carry(key: string, by: number, limit: number, seconds: number, wanted?: number): CounterAnswer | Promise<CounterAnswer>;
}
export interface CounterAnswer {
  readonly allowed: boolean;
  readonly used: number;
  readonly remaining: number;
  /** Seconds until a refused call may succeed; 0 when allowed. */
  readonly retryAfterSeconds: number;
}

/** Certificates by the id or thumbprint that policies name. */
export interface HostCertificates {
  find(idOrThumbprint: string): HostCertificate | undefined;
  /** All of them, as `context.Deployment.Certificates` shows them. Default: none. */
  readonly uploaded?: readonly HostCertificate[];
  /** Certificates that may have issued others: trusted roots and all that were uploaded. Default: none. */
  readonly authorities?: readonly CertificateInfo[];
  /**
   * Whether a chain leads from the certificate to one of those authorities, at a time in UTC milliseconds. Absent: only
   * certificates that `find` knows are trusted.
   */
  readonly isTrusted?: (certificate: CertificateInfo, now: number) => boolean;
  /** Revocation lists (DER) that stand beside the configuration. Default: none. */
  readonly revocationLists?: readonly Uint8Array[];
}
export interface HostCertificate {
  readonly id: string;
  readonly info: CertificateInfo;
  /** PKCS#8 PEM when the private key is known. */
  readonly privateKeyPem?: string;
}

/** Tokens that the service itself gets: for managed identities, and of credential manager connections. */
export interface HostIdentity {
  /** A bearer token for a resource. Rejects with an Error when there is none. */
  accessToken(request: AccessTokenRequest): string | Promise<string>;
  /** What a connection holds; undefined when there is no such connection. */
  connection(providerId: string, authorizationId: string): ConnectionToken | undefined;
}
export interface AccessTokenRequest {
  readonly resource: string;
  /** Of a user assigned identity; undefined means the system assigned one. */
  readonly clientId: string | undefined;
}
export interface ConnectionToken {
  readonly accessToken: string;
  /** Members of the token response. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Where metrics, event hub messages and service bus messages go. What is missing in Azure's absence is recorded, never dropped unseen. */
export interface HostSinks {
  /** Takes a record; `mask` replaces secrets, for sinks that people read. Rejects when the service refuses a service bus message. */
  record(record: SinkRecord, mask: (text: string) => string): void | Promise<void>;
}
export type SinkRecord = MetricRecord | EventRecord | MessageRecord | PublicationRecord;
export interface MetricRecord {
  readonly kind: 'metric';
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}
export interface EventRecord {
  readonly kind: 'event';
  /** Logger entity. */
  readonly logger: string;
  readonly partitionId?: string;
  readonly partitionKey?: string;
  readonly message: string;
}
/** A resolver's result for the subscribers of a GraphQL field. */
export interface PublicationRecord {
  readonly kind: 'publication';
  readonly api: string;
  /** Of type Subscription. */
  readonly field: string;
  readonly payload: string;
}
export interface MessageRecord {
  readonly kind: 'message';
  readonly entity: 'queue' | 'topic';
  readonly name: string;
  readonly namespace?: string;
  readonly clientId?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly payload: string;
}
