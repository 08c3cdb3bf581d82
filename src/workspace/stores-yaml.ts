/** `stores` of portico.yaml: whether caches and counters live in the process or in a Redis server that several share. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type RedisAddress, redisAddress, redisNode } from '../stores/redis-address.ts';
import type { RedisSettings } from '../stores/redis-client.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** Where caches and counters live. */
export interface StoreSettings {
  readonly redis: RedisSettings | undefined;
  readonly cache: StoreKind;
  readonly counters: StoreKind;
  /** The gateway is not ready while the server does not answer. */
  readonly required: boolean;
}

export type StoreKind = 'memory' | 'redis';

/** Everything in the process. */
export const MEMORY_STORES: StoreSettings = { redis: undefined, cache: 'memory', counters: 'memory', required: false };

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
  const required = entry.get('redis').get('required').boolean() ?? false;
  return redis ? { redis, cache, counters, required } : MEMORY_STORES;
}

/** A URL, or a mapping with one or with nodes. */
function readRedis(entry: Entry, directory: string): RedisSettings | undefined {
  if (!entry.exists) return undefined;
  if (entry.isMapping) entry.onlyMembers(MEMBERS);
  const address = entry.get('nodes').exists ? nodesAddress(entry.get('nodes')) : urlAddress(entry.isMapping ? entry.get('url') : entry);
  if (entry.get('nodes').exists && entry.get('url').exists) entry.get('url').report(faults.urlBesideNodes());
  const tls = entry.get('tls');
  if (tls.isMapping) tls.onlyMembers(['ca', 'validate-certificate']);
  const settings = {
    prefix: entry.get('prefix').text() ?? 'portico:',
    connectTimeout: milliseconds(entry.get('connect-timeout-ms')) ?? CONNECT_TIMEOUT,
    commandTimeout: milliseconds(entry.get('command-timeout-ms')) ?? COMMAND_TIMEOUT,
    authorities: readAuthority(tls.get('ca'), directory),
    verifies: tls.get('validate-certificate').boolean() ?? true,
    cluster: entry.get('cluster').boolean() ?? false,
    sentinel: readSentinel(entry.get('sentinel')),
  };
  return address && placed(entry, { ...address, ...settings, tls: asksForTls(tls) || address.tls });
}

const MEMBERS = [
  'url',
  'nodes',
  'cluster',
  'sentinel',
  'username',
  'password',
  'database',
  'prefix',
  'required',
  'connect-timeout-ms',
  'command-timeout-ms',
  'tls',
];

/** What stands beside the address wins over what it says itself. */
function placed(entry: Entry, { sentinelName, ...settings }: RedisAddress & Omit<RedisSettings, keyof RedisAddress>): RedisSettings {
  const sentinel = settings.sentinel ?? (sentinelName === undefined ? undefined : { ...NOBODY, name: sentinelName });
  const database = entry.get('database').number() ?? settings.database;
  const { cluster, nodes } = settings;
  if (!Number.isInteger(database) || database < 0) entry.get('database').report(faults.wrongType('database', 'the number of a database'));
  if (cluster && sentinel) entry.get('cluster').report(faults.clusterWithSentinels());
  else if (cluster && database !== 0) entry.get('cluster').report(faults.clusterDatabase());
  else if (nodes.length > 1 && !cluster && !sentinel) entry.report(faults.manyRedisNodes());
  const username = entry.get('username').text() ?? settings.username;
  return { ...settings, username, password: entry.get('password').text() ?? settings.password, database, sentinel };
}

const NOBODY = { username: undefined, password: undefined };

/** The name, or a mapping with how the sentinels know their callers. */
function readSentinel(entry: Entry): RedisSettings['sentinel'] {
  if (!entry.exists) return undefined;
  if (!entry.isMapping) return { ...NOBODY, name: entry.text() ?? '' };
  entry.onlyMembers(['name', 'username', 'password']);
  return { name: entry.get('name').requiredText() ?? '', username: entry.get('username').text(), password: entry.get('password').text() };
}

/** `tls: true`, or what is to be checked. */
function asksForTls(entry: Entry): boolean {
  return entry.isMapping || (entry.boolean() ?? false);
}

function urlAddress(entry: Entry): RedisAddress | undefined {
  const text = entry.requiredText();
  const address = text === undefined ? undefined : redisAddress(text);
  if (text !== undefined && !address) entry.report(faults.badRedisUrl(entry.name));
  return address;
}

/** `host:port` each. */
function nodesAddress(entry: Entry): RedisAddress | undefined {
  const items = entry.items();
  const nodes = items.flatMap((item) => {
    const text = item.text();
    const node = text === undefined ? undefined : redisNode(text);
    if (text !== undefined && !node) item.report(faults.badRedisNode(item.name));
    return node ?? [];
  });
  if (entry.isList && items.length === 0) entry.report(faults.wrongType(entry.name, 'a list of hosts with ports'));
  return nodes.length === 0 ? undefined : { ...NOBODY, nodes, tls: false, database: 0, sentinelName: undefined };
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
