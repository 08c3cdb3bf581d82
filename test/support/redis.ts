/** A redis-server of the test's own, on a free loopback port, without files. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { redisAddress } from '../../src/stores/redis-address.ts';
import type { RedisSettings } from '../../src/stores/redis-client.ts';
import type { RedisCounters } from '../../src/stores/redis-counters.ts';

/** Settings of a link to where a URL says; times are short. */
export function redisSettings(url: string, changes: Partial<RedisSettings> = {}): RedisSettings {
  const address = redisAddress(url);
  if (!address) throw new Error(`${url} is no address`);
  const { sentinelName: _, ...where } = address;
  const normal = { prefix: 'test:', connectTimeout: 1000, commandTimeout: 150, authorities: [], verifies: true };
  return { ...where, cluster: false, sentinel: undefined, ...normal, ...changes };
}

/** Why tests with Redis are skipped here; undefined when they run. */
export const redisMissing: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** As the machine dying: kill -9. */
  kill(): Promise<void>;
  /** Stops answering without closing anything, and goes on. */
  freeze(): void;
  thaw(): void;
  /** Starts again on the same port, empty. */
  start(): Promise<void>;
}

/** `options` are arguments of redis-server for the port it is to take. */
export async function startRedis(options: (port: number) => readonly string[] = plain): Promise<RedisServer> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn('redis-server', [...options(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await reachable(port);
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    kill: async () => {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

function plain(port: number): string[] {
  return ['--port', String(port)];
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What redis-cli prints. */
export async function askRedis({ port }: RedisServer, ...words: string[]): Promise<string> {
  return (await promisify(execFile)('redis-cli', ['-p', String(port), ...words])).stdout.trim();
}

/** Waits; also outside of a test. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await done()).toBe(true), { timeout: 8000, interval: 30 });
}

/** Takes from a counter over and over; gives what was allowed and the longest that one took. */
export async function load(
  counters: RedisCounters,
  keys: readonly string[],
  milliseconds: number,
): Promise<{ calls: number; slowest: number }> {
  const end = performance.now() + milliseconds;
  let [calls, slowest] = [0, 0];
  for (; performance.now() < end; calls += 1) {
    const began = performance.now();
    const answers = await Promise.all(keys.map((key) => counters.take(key, 1, 1_000_000, 60, 'sliding')));
    expect(answers.every(({ allowed }) => allowed)).toBe(true);
    slowest = Math.max(slowest, performance.now() - began);
    await delay(5);
  }
  return { calls, slowest };
}
