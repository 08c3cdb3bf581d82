/** The client of the optional package ioredis, for one server, for one that sentinels name, or for a cluster. */
import type { RedisNode } from './redis-address.ts';

/** Where the server is and how long it may take; times in milliseconds. */
export interface RedisSettings {
  /** The server; or sentinels, or nodes of a cluster, of which any one leads to the rest. */
  readonly nodes: readonly RedisNode[];
  /** The Redis Cluster protocol: keys are spread over nodes. */
  readonly cluster: boolean;
  readonly sentinel: RedisSentinel | undefined;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** In front of every key. */
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly commandTimeout: number;
  /** PEM texts of authorities that may sign the server's certificate, besides the system's; for TLS. */
  readonly authorities: readonly string[];
  /** Whether the server's certificate is checked. */
  readonly verifies: boolean;
}

/** What sentinels call the server, and how they know us. */
export interface RedisSentinel {
  readonly name: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** What is used of an ioredis client. */
export interface RedisClient {
  readonly status: string;
  /** Of a cluster: the nodes of each slot, the primary first, as `host:port`. */
  readonly slots?: readonly (readonly string[])[];
  connect(): Promise<void>;
  disconnect(): void;
  quit(): Promise<unknown>;
  on(event: 'ready' | 'close' | 'refresh', told: () => void): unknown;
  on(event: 'error', told: (error: Error) => void): unknown;
  getBuffer(key: string): Promise<Uint8Array | null>;
  set(key: string, value: Uint8Array, unit: 'PX', milliseconds: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  evalsha(sha: string, keys: 1, key: string, ...args: (string | number)[]): Promise<unknown>;
  eval(script: string, keys: 1, key: string, ...args: (string | number)[]): Promise<unknown>;
}

/** The package is not installed. */
class RedisMissing extends Error {
  constructor(cause: unknown) {
    super('`stores.redis` needs the package `ioredis`, which is not installed: run `npm install ioredis`', { cause });
  }
}

interface Package {
  readonly Redis: new (options: object) => RedisClient;
  readonly Cluster: new (nodes: readonly RedisNode[], options: object) => RedisClient;
}

/** A client that connects when it is told to. Throws RedisMissing. */
export async function makeClient(settings: RedisSettings): Promise<RedisClient> {
  const { Redis, Cluster } = await loadPackage();
  if (settings.cluster) return new Cluster(settings.nodes, clusterOptions(settings));
  return new Redis({
    ...serverOptions(settings),
    ...COMMON,
    ...RECONNECTING,
    ...(settings.sentinel ? sentinelOptions(settings) : settings.nodes[0]),
  });
}

async function loadPackage(): Promise<Package> {
  const loaded = await import('ioredis').catch((error: unknown) => {
    throw new RedisMissing(error);
  });
  // In the built bundle the exports of a CommonJS package may stand under `default`.
  return (loaded.Redis ? loaded : (loaded as unknown as { readonly default: unknown }).default) as unknown as Package;
}

const LONGEST_RECONNECT = 2000;

function pause(times: number): number {
  return Math.min(100 * times, LONGEST_RECONNECT);
}

/** Nothing is queued: a call does not wait for a connection. */
const COMMON = { lazyConnect: true, enableOfflineQueue: false, enableAutoPipelining: true } as const;

const RECONNECTING = { retryStrategy: pause } as const;

/** Of the connection to one server. Nothing is sent twice: a count that was lost with its connection is not counted again. */
function serverOptions({ connectTimeout, username, password, database, ...settings }: RedisSettings): object {
  return {
    connectTimeout,
    username,
    password,
    db: database,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectionName: 'portico',
    // A failover makes a server read-only; the name may lead to the new primary by now.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(settings.tls ? { tls: tlsOptions(settings) } : {}),
  };
}

function tlsOptions({ verifies, authorities }: Pick<RedisSettings, 'verifies' | 'authorities'>): object {
  return { rejectUnauthorized: verifies, ...(authorities.length > 0 ? { ca: [...authorities] } : {}) };
}

function sentinelOptions({ nodes, sentinel, connectTimeout, tls, ...settings }: RedisSettings): object {
  return {
    sentinels: nodes,
    name: sentinel?.name,
    sentinelUsername: sentinel?.username,
    sentinelPassword: sentinel?.password,
    sentinelRetryStrategy: pause,
    sentinelCommandTimeout: connectTimeout,
    // A primary that hangs closes no connection: what the sentinels say does.
    failoverDetector: true,
    enableTLSForSentinelMode: tls,
    ...(tls ? { sentinelTLS: tlsOptions(settings) } : {}),
  };
}

function clusterOptions(settings: RedisSettings): object {
  return {
    ...COMMON,
    redisOptions: serverOptions(settings),
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: settings.connectTimeout,
    // A command goes on to the node that has its slot by now, and is not sent again when it may have been heard.
    maxRedirections: 4,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Certificates bear names: those that are configured or announced are not looked up here.
    dnsLookup: (name: string, found: (error: null, address: string) => void) => found(null, name),
  };
}
