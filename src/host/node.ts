/** The host of a real process: system clock, undici, node:crypto, caches and counters in memory. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host, HostCache, HostCertificates, HostCounters, HostIdentity } from './host.ts';
import { createManagedIdentity, type ManagedIdentitySource } from './managed-identity.ts';
import { nodeBrotli } from './node-brotli.ts';
import { nodeCrypto } from './node-crypto.ts';
import { createSender } from './node-send.ts';
import { Publications } from './publications.ts';
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
  const sender = createSender(options);
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
    send: sender.send,
    crypto,
    brotliDecompress: nodeBrotli,
    cache: options.cache,
    counters: options.counters,
    certificates: options.certificates ?? { find: () => undefined },
    identity: options.identity ?? identityOf(options, () => host),
    sinks: loggingSinks(log),
    publications: new Publications(),
    log,
    close: sender.close,
  };
  return host;
}

function identityOf({ managedIdentity, connections }: NodeHostOptions, host: () => NodeHost): HostIdentity {
  if (managedIdentity) return createManagedIdentity(managedIdentity, host, connections);
  const lazily = { now: Date.now, crypto: nodeCrypto(), log: ((...record) => host().log(...record)) as Host['log'] };
  return createStandInIdentity(lazily, connections);
}
