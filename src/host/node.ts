/** The host of a real process: system clock, undici, node:crypto, caches and counters in memory. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import type { Host, HostCache, HostCertificates, HostCounters, HostIdentity, OutgoingRequest } from './host.ts';
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
  return {
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
    identity: options.identity ?? createStandInIdentity({ now: Date.now, crypto, log }, options.connections),
    sinks: loggingSinks(log),
    log,
    close: () => agents.close(),
  };
}

/** One undici agent for each way of TLS; undici loads at the first call. */
class Agents {
  readonly #options: NodeHostOptions;
  readonly #agents = new Map<string, Promise<Agent | ProxyAgent>>();

  constructor(options: NodeHostOptions) {
    this.#options = options;
  }

  for(request: OutgoingRequest): Promise<Dispatcher> {
    const key = `${request.tls?.validateChain ?? true}|${request.tls?.validateName ?? true}|${clientKey(request)}|${request.httpVersion ?? '1'}|${proxyKey(request)}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = this.#create(request);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) await (await agent).close();
    this.#agents.clear();
  }

  async #create(request: OutgoingRequest): Promise<Agent | ProxyAgent> {
    const undici = await loadUndici();
    const certificate = request.certificateId === undefined ? undefined : this.#options.certificates?.find(request.certificateId);
    const connect = {
      rejectUnauthorized: request.tls?.validateChain ?? true,
      ...(request.tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
      ...(this.#options.trustedRoots ? { ca: [...this.#options.trustedRoots] } : {}),
      ...(request.pfx ? { pfx: Buffer.from(request.pfx.data), passphrase: request.pfx.password } : {}),
      ...(!request.pfx && certificate?.privateKeyPem ? { key: certificate.privateKeyPem, cert: pemOf(certificate.info.der) } : {}),
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
function clientKey({ pfx, certificateId }: OutgoingRequest): string {
  return pfx ? `pfx ${createHash('sha256').update(pfx.data).update(pfx.password).digest('hex')}` : (certificateId ?? '');
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
