/**
 * One connection to a Redis server, by the optional package ioredis. It never holds a call up: commands are refused at once
 * while there is no connection, end after a time limit, and stop being sent for a while when several in a row went wrong.
 */
import { createHash } from 'node:crypto';
import type { Host } from '../host/host.ts';

/** Where the server is and how long it may take; times in milliseconds. */
export interface RedisSettings {
  /** `redis://` or `rediss://`, with user, password and database number if needed. */
  readonly url: string;
  /** In front of every key. */
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly commandTimeout: number;
  /** PEM texts of authorities that may sign the server's certificate, besides the system's; for `rediss://`. */
  readonly authorities: readonly string[];
  /** Whether the server's certificate is checked. */
  readonly verifies: boolean;
}

/** What is used of an ioredis client. */
interface RedisClient {
  readonly status: string;
  connect(): Promise<void>;
  disconnect(): void;
  quit(): Promise<unknown>;
  on(event: 'ready' | 'close', told: () => void): unknown;
  on(event: 'error', told: (error: Error) => void): unknown;
  getBuffer(key: string): Promise<Uint8Array | null>;
  set(key: string, value: Uint8Array, unit: 'PX', milliseconds: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
  evalsha(sha: string, keys: 1, key: string, ...args: (string | number)[]): Promise<unknown>;
  eval(script: string, keys: 1, key: string, ...args: (string | number)[]): Promise<unknown>;
}

type RedisClass = new (url: string, options: object) => RedisClient;

/** The package is not installed. */
class RedisMissing extends Error {
  constructor(cause: unknown) {
    super('`stores.redis` needs the package `ioredis`, which is not installed: run `npm install ioredis`', { cause });
  }
}

/** A Lua script with the name under which the server keeps it. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** So many failures in a row stop the sending. */
const FAILURES = 3;
/** Milliseconds until one call may try again. */
const PAUSE = 1000;
const LONGEST_RECONNECT = 2000;

export class RedisLink {
  readonly #client: RedisClient;
  readonly #settings: RedisSettings;
  readonly #log: Host['log'];
  readonly #address: string;
  #failures = 0;
  #pausedUntil = 0;
  /** What the log said last. */
  #told: 'nothing' | 'up' | 'down' = 'nothing';
  #closing = false;

  private constructor(Client: RedisClass, settings: RedisSettings, log: Host['log']) {
    this.#settings = settings;
    this.#log = log;
    this.#address = addressOf(settings.url);
    this.#client = new Client(settings.url, clientOptions(settings));
    this.#client.on('ready', () => this.#up());
    this.#client.on('error', (error) => this.#down(error.message));
    this.#client.on('close', () => this.#down('the connection is closed'));
  }

  /** Loads ioredis and waits for the first connection, at most as long as one may take. A server that is away is no error. */
  static async open(settings: RedisSettings, log: Host['log']): Promise<RedisLink> {
    const link = new RedisLink(await loadRedis(), settings, log);
    await within(link.#client.connect(), settings.connectTimeout).catch((error: Error) => link.#down(error.message));
    return link;
  }

  /** Whether a command would be sent. */
  get isUp(): boolean {
    return this.#client.status === 'ready' && (this.#failures < FAILURES || performance.now() >= this.#pausedUntil);
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.#guarded(this.#client.getBuffer(this.#settings.prefix + key));
  }

  set(key: string, value: Uint8Array, milliseconds: number): Promise<unknown> {
    // The client takes bytes as a Buffer only; anything else becomes a text.
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return this.#guarded(this.#client.set(this.#settings.prefix + key, bytes, 'PX', Math.max(1, Math.ceil(milliseconds))));
  }

  remove(key: string): Promise<unknown> {
    return this.#guarded(this.#client.del(this.#settings.prefix + key));
  }

  /** Runs a script over one key; a server that does not know it yet is sent its text. */
  run(script: RedisScript, key: string, args: readonly (string | number)[]): Promise<unknown> {
    const name = this.#settings.prefix + key;
    const asked = this.#client.evalsha(script.sha, 1, name, ...args).catch((error: Error) => {
      if (error.message.startsWith('NOSCRIPT')) return this.#client.eval(script.text, 1, name, ...args);
      throw error;
    });
    return this.#guarded(asked);
  }

  /** Lets sent commands finish. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#client.status === 'ready') await within(this.#client.quit(), this.#settings.commandTimeout).catch(() => undefined);
    this.#client.disconnect();
  }

  /** Judges the link by how its commands end. While it is paused one call a pause is sent, to see. */
  async #guarded<T>(command: Promise<T>): Promise<T> {
    if (this.#failures >= FAILURES) this.#pausedUntil = performance.now() + PAUSE;
    try {
      const value = await within(command, this.#settings.commandTimeout);
      if (this.#failures >= FAILURES) this.#up();
      this.#failures = 0;
      return value;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    this.#pausedUntil = performance.now() + PAUSE;
    this.#down(error instanceof Error ? error.message : String(error));
  }

  #up(): void {
    this.#failures = 0;
    if (this.#told === 'down') this.#log('info', 'Redis is back: caches and counters are shared again', { redis: this.#address });
    this.#told = 'up';
  }

  #down(reason: string): void {
    if (this.#told === 'down' || this.#closing) return;
    this.#told = 'down';
    const fields = { redis: this.#address, reason };
    this.#log('warn', 'Redis does not answer: external caches miss, and limits count in this process alone, until it is back', fields);
  }
}

/** Nothing is queued and nothing is sent twice: a count that was lost with its connection is not counted again. */
function clientOptions({ url, connectTimeout, authorities, verifies }: RedisSettings): object {
  const tls = { rejectUnauthorized: verifies, ...(authorities.length > 0 ? { ca: [...authorities] } : {}) };
  return {
    lazyConnect: true,
    connectTimeout,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    connectionName: 'portico',
    retryStrategy: (times: number) => Math.min(100 * times, LONGEST_RECONNECT),
    // A failover makes a server read-only; the name may lead to the new primary by now.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(url.startsWith('rediss:') ? { tls } : {}),
  };
}

/** In the built bundle the exports of a CommonJS package may stand under `default`. */
async function loadRedis(): Promise<RedisClass> {
  const loaded = await import('ioredis').catch((error: unknown) => {
    throw new RedisMissing(error);
  });
  return loaded.Redis as unknown as RedisClass;
}

/** For the log: without user and password. */
function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '6379'}`;
}

/** When the time is over, what already lies in the socket is read first: a busy process is no slow server. */
function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => setImmediate(() => setImmediate(() => reject(new Error(`no answer within ${milliseconds} ms`)))),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
