/** The host of a real process: system clock, undici, node:crypto, caches and counters in memory. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import type {
  CertificateInfo,
  Host,
  HostCache,
  HostCertificates,
  HostCounters,
  HostIdentity,
  OutgoingRequest,
  PfxCertificate,
} from './host.ts';
import { createManagedIdentity, type ManagedIdentitySource } from './managed-identity.ts';
import { nodeBrotli } from './node-brotli.ts';
import { nodeCrypto } from './node-crypto.ts';
import { proxyToken, sendThrough } from './node-send.ts';
import { loadUndici } from './node-undici.ts';
import { loggingSinks } from './sinks.ts';
import { type Connections, createStandInIdentity } from './stand-in-identity.ts';

/** What the process chooses: stores, certificates, where log records go. */
export interface NodeHostOptions {
  readonly cache: HostCache;
  readonly counters: HostCounters;
  readonly certificates?: HostCertificates;
  /** Default: stand-in tokens, and the connections given. */
  readonly identity?: HostIdentity;
  readonly connections?: Connections;
  /** Real tokens of managed identities in place of stand-ins. */
  readonly managedIdentity?: ManagedIdentitySource | undefined;
  readonly log?: Host['log'];
  readonly countTokens?: (text: string) => number;
  /** More trusted roots, PEM, for calls to services with a private CA. */
  readonly trustedRoots?: readonly string[];
}

export interface NodeHost extends Host {
  /** Closes idle connections. */
  close(): Promise<void>;
}

export function createNodeHost(options: NodeHostOptions): NodeHost {
  const agents = new Agents(options);
  const crypto = nodeCrypto();
  const log = options.log ?? (() => {});
  const host: NodeHost = {
    now: Date.now,
    elapsed: () => performance.now(),
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    },
    random: Math.random,
    randomBytes: (count) => randomBytes(count),
    newGuid: () => randomUUID(),
    ...(options.countTokens ? { countTokens: options.countTokens } : {}),
    send: (request) => sendThrough((next) => agents.for(next), request),
    crypto,
    brotliDecompress: nodeBrotli,
    cache: options.cache,
    counters: options.counters,
    certificates: options.certificates ?? { find: () => undefined },
    identity: options.identity ?? identityOf(options, () => host),
    sinks: loggingSinks(log),
    log,
    close: () => agents.close(),
  };
  return host;
}

function identityOf({ managedIdentity, connections }: NodeHostOptions, host: () => NodeHost): HostIdentity {
  if (managedIdentity) return createManagedIdentity(managedIdentity, host, connections);
  const lazily = { now: Date.now, crypto: nodeCrypto(), log: ((...record) => host().log(...record)) as Host['log'] };
  return createStandInIdentity(lazily, connections);
}

/** Roots besides those of the system, which Node leaves out as soon as others are named. */
export function trustOf(roots: readonly string[] = []): { readonly ca?: string[] } {
  return roots.length === 0 ? {} : { ca: [...rootCertificates, ...roots] };
}

/** Most ways of TLS that keep connections. */
const MOST_AGENTS = 200;

/** One undici agent for each way of TLS; undici loads at the first call. */
class Agents {
  readonly #options: NodeHostOptions;
  readonly #agents = new Map<string, Promise<Agent | ProxyAgent>>();

  constructor(options: NodeHostOptions) {
    this.#options = options;
  }

  for(request: OutgoingRequest): Promise<Dispatcher> {
    const key = `${request.tls?.validateChain ?? true}|${request.tls?.validateName ?? true}|${clientKey(request, this.#options.certificates)}|${request.httpVersion ?? '1'}|${proxyKey(request)}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = this.#create(request);
      this.#agents.set(key, agent);
      this.#forgetOldest();
    }
    return agent;
  }

  /** Certificates from expressions may be new with each call. Calls that run finish. */
  #forgetOldest(): void {
    const [oldest] = this.#agents;
    if (!oldest || this.#agents.size <= MOST_AGENTS) return;
    this.#agents.delete(oldest[0]);
    oldest[1].then((agent) => agent.close()).catch(() => {});
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) await agent.then((one) => one.close()).catch(() => {});
    this.#agents.clear();
  }

  async #create(request: OutgoingRequest): Promise<Agent | ProxyAgent> {
    const undici = await loadUndici();
    const certificate = request.certificateId === undefined ? undefined : this.#options.certificates?.find(request.certificateId);
    const connect = {
      rejectUnauthorized: request.tls?.validateChain ?? true,
      ...(request.tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
      ...trustOf(this.#options.trustedRoots),
      ...(request.pfx ? await pfxIdentity(request.pfx) : {}),
      ...(!request.pfx && certificate?.privateKeyPem ? { key: certificate.privateKeyPem, cert: chainOf(certificate.info) } : {}),
    };
    if (request.proxy && request.origin.startsWith('https:')) {
      const token = proxyToken(request.proxy);
      return new undici.ProxyAgent({ uri: request.proxy.url, requestTls: connect, ...(token === undefined ? {} : { token }) });
    }
    return new undici.Agent({ allowH2: request.httpVersion === '2' || request.httpVersion === '2or1', connect });
  }
}

/** Proxies have agents of their own for https, whose tunnels they open; http goes through the plain ones. */
function proxyKey({ origin, proxy }: OutgoingRequest): string {
  return proxy && origin.startsWith('https:') ? `${proxy.url} ${proxy.username ?? ''} ${proxy.password ?? ''}` : '';
}

/** Tells client certificates apart; one from bytes by its hash. */
function clientKey({ pfx, certificateId }: OutgoingRequest, certificates: HostCertificates | undefined): string {
  if (pfx) return `pfx ${createHash('sha256').update(pfx.data).update('\0').update(pfx.password).digest('hex')}`;
  // A certificate that was renewed under its old name gets connections of its own.
  return certificateId === undefined ? '' : `${certificateId} ${certificates?.find(certificateId)?.info.thumbprint ?? ''}`;
}

/** Files with ciphers that OpenSSL refuses are opened here; what neither can open fails the call. */
async function pfxIdentity({
  data,
  password,
}: PfxCertificate): Promise<{ pfx: Buffer; passphrase: string } | { key: string; cert: string }> {
  const plain = { pfx: Buffer.from(data), passphrase: password };
  try {
    createSecureContext(plain);
    return plain;
  } catch {
    const { openPfx } = await import('./node-pfx.ts');
    const { certificates, key } = openPfx(data, password);
    return { key: key ?? '', cert: certificates.join('') };
  }
}

/** The certificate with the issuers that came with it: a backend may know the root alone. */
function chainOf({ der, chain = [] }: CertificateInfo): string {
  return [der, ...chain.map((issuer) => issuer.der)].map(pemOf).join('');
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
