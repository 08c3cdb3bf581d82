/** `stores` of portico.yaml: whether caches and counters live in the process or in a Redis server that several share. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RedisSettings } from '../stores/redis-link.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** Where caches and counters live. */
export interface StoreSettings {
  readonly redis: RedisSettings | undefined;
  readonly cache: StoreKind;
  readonly counters: StoreKind;
}

export type StoreKind = 'memory' | 'redis';

/** Everything in the process. */
export const MEMORY_STORES: StoreSettings = { redis: undefined, cache: 'memory', counters: 'memory' };

const KINDS = ['memory', 'redis'] as const;

/** Milliseconds. */
const CONNECT_TIMEOUT = 2000;
const COMMAND_TIMEOUT = 250;

/** With a server, both live there unless told otherwise. `directory` is that of the file. */
export function readStores(entry: Entry, directory: string): StoreSettings {
  entry.onlyMembers(['redis', 'cache', 'counters']);
  const redis = readRedis(entry.get('redis'), directory);
  const kind = (name: 'cache' | 'counters'): StoreKind => {
    const chosen = entry.get(name).choice(KINDS);
    if (chosen === 'redis' && !entry.get('redis').exists) entry.get(name).report(faults.redisMissing());
    return chosen ?? 'redis';
  };
  const [cache, counters] = [kind('cache'), kind('counters')];
  return redis ? { redis, cache, counters } : MEMORY_STORES;
}

/** A URL, or a mapping with one. */
function readRedis(entry: Entry, directory: string): RedisSettings | undefined {
  if (!entry.exists) return undefined;
  const mapping = entry.isMapping;
  if (mapping) entry.onlyMembers(['url', 'prefix', 'connect-timeout-ms', 'command-timeout-ms', 'tls']);
  const tls = entry.get('tls');
  tls.onlyMembers(['ca', 'validate-certificate']);
  const url = redisUrl(mapping ? entry.get('url') : entry);
  const settings = {
    prefix: entry.get('prefix').text() ?? 'portico:',
    connectTimeout: milliseconds(entry.get('connect-timeout-ms')) ?? CONNECT_TIMEOUT,
    commandTimeout: milliseconds(entry.get('command-timeout-ms')) ?? COMMAND_TIMEOUT,
    authorities: readAuthority(tls.get('ca'), directory),
    verifies: tls.get('validate-certificate').boolean() ?? true,
  };
  return url === undefined ? undefined : { url, ...settings };
}

function redisUrl(entry: Entry): string | undefined {
  const text = entry.requiredText();
  if (text === undefined) return undefined;
  if (/^rediss?:\/\/[^/\s]/.test(text) && URL.canParse(text)) return text;
  entry.report(faults.badRedisUrl(entry.name));
  return undefined;
}

function milliseconds(entry: Entry): number | undefined {
  const value = entry.number();
  if (value === undefined || (Number.isInteger(value) && value > 0 && value <= 60_000)) return value;
  entry.report(faults.wrongType(entry.name, 'a whole number of milliseconds from 1 to 60000'));
  return undefined;
}

function readAuthority(entry: Entry, directory: string): string[] {
  const name = entry.text();
  if (name === undefined) return [];
  const path = resolve(directory, name);
  if (existsSync(path)) return [readFileSync(path, 'utf8')];
  entry.report(faults.unreadable(`there is no file \`${path}\``));
  return [];
}
