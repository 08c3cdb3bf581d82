/**
 * One way to Redis: a server, the one that sentinels name, or a cluster. It never holds a call up: commands are refused at
 * once while there is no connection, end after a time limit, and stop being sent for a while when several in a row went wrong.
 * Each command touches one key, so that a cluster may have it anywhere; of a cluster each node is judged for itself.
 */
import { createHash } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { makeClient, type RedisClient, type RedisSettings } from './redis-client.ts';
import { RedisHealth, within } from './redis-health.ts';
import { slotOf } from './redis-slot.ts';

/** A Lua script with the name under which the server keeps it. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

export class RedisLink {
  readonly #client: RedisClient;
  readonly #settings: RedisSettings;
  readonly #log: Host['log'];
  /** For the log: without user and password. */
  readonly #address: string;
  /** By node of a cluster; a server alone has the empty name. */
  readonly #healths = new Map<string, RedisHealth>();
  /** What the log said last. */
  #told: 'nothing' | 'up' | 'down' = 'nothing';
  #closing = false;

  private constructor(client: RedisClient, settings: RedisSettings, log: Host['log']) {
    this.#client = client;
    this.#settings = settings;
    this.#log = log;
    this.#address = settings.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
    client.on('ready', () => this.#connected());
    client.on('refresh', () => this.#refreshed());
    client.on('error', (error) => this.#down(error.message));
    client.on('close', () => this.#down('the connection is closed'));
  }

  /** Loads ioredis and waits for the first connection, at most as long as one may take. A server that is away is no error. */
  static async open(settings: RedisSettings, log: Host['log']): Promise<RedisLink> {
    const link = new RedisLink(await makeClient(settings), settings, log);
    await within(link.#connect(), settings.connectTimeout).catch((error: Error) => link.#down(error.message));
    return link;
  }

  /** Whether there is a connection and no server is failing. */
  get isUp(): boolean {
    return this.#client.status === 'ready' && !this.#isFailing;
  }

  /** Whether a command about the key would be sent. */
  reaches(key: string): boolean {
    return this.#client.status === 'ready' && this.#healthOf(this.#settings.prefix + key).isUp;
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.#send(key, (name) => this.#client.getBuffer(name));
  }

  set(key: string, value: Uint8Array, milliseconds: number): Promise<unknown> {
    // The client takes bytes as a Buffer only; anything else becomes a text.
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return this.#send(key, (name) => this.#client.set(name, bytes, 'PX', Math.max(1, Math.ceil(milliseconds))));
  }

  remove(key: string): Promise<unknown> {
    return this.#send(key, (name) => this.#client.del(name));
  }

  /** Runs a script over one key; a server that does not know it yet is sent its text. */
  run(script: RedisScript, key: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.#send(key, (name) =>
      this.#client.evalsha(script.sha, 1, name, ...args).catch((error: Error) => {
        if (error.message.startsWith('NOSCRIPT')) return this.#client.eval(script.text, 1, name, ...args);
        throw error;
      }),
    );
  }

  /** Lets sent commands finish. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#client.status === 'ready') await within(this.#client.quit(), this.#settings.commandTimeout).catch(() => undefined);
    this.#client.disconnect();
  }

  /** A cluster that is not ready at the first look leaves the promise of `connect` alone and is looked at again. */
  #connect(): Promise<void> {
    const ready = new Promise<void>((resolve) => this.#client.on('ready', resolve));
    return Promise.race([ready, this.#client.connect()]);
  }

  #send<T>(key: string, command: (name: string) => Promise<T>): Promise<T> {
    const name = this.#settings.prefix + key;
    return this.#healthOf(name).guard(command(name), this.#settings.commandTimeout);
  }

  #healthOf(name: string): RedisHealth {
    const node = this.#client.slots?.[slotOf(name)]?.[0] ?? '';
    let health = this.#healths.get(node);
    if (!health) {
      health = new RedisHealth((reason) => (reason === undefined ? this.#up() : this.#down(reason, node)));
      this.#healths.set(node, health);
    }
    return health;
  }

  /** A new connection knows nothing of what went wrong on the one before. */
  #connected(): void {
    for (const health of this.#healths.values()) health.reset();
    this.#up();
  }

  /** Nodes that have no slots any more, after a failover for one, are nobody's trouble. */
  #refreshed(): void {
    const nodes = new Set(this.#client.slots?.map((of) => of[0] ?? ''));
    for (const node of this.#healths.keys()) if (!nodes.has(node)) this.#healths.delete(node);
    if (this.#client.status === 'ready') this.#up();
  }

  get #isFailing(): boolean {
    return [...this.#healths.values()].some(({ isFailing }) => isFailing);
  }

  #up(): void {
    if (this.#isFailing) return;
    if (this.#told === 'down') this.#log('info', 'Redis is back: caches and counters are shared again', { redis: this.#address });
    this.#told = 'up';
  }

  #down(reason: string, node = ''): void {
    if (this.#told === 'down' || this.#closing) return;
    this.#told = 'down';
    const fields = { redis: node || this.#address, reason };
    this.#log('warn', 'Redis does not answer: external caches miss, and limits count in this process alone, until it is back', fields);
  }
}
