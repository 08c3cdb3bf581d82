/** `portico.yaml`: local truth beside an exported folder; every entry is checked (docs/portico-yaml.md). */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UserInfo } from '../exchange/entities.ts';
import type { ExchangeSettings } from '../exchange/settings.ts';
import { Url } from '../exchange/url.ts';
import type { ConnectionToken, HostCertificate } from '../host/host.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { ENCODINGS } from '../host/node-tokenizer.ts';
import type { StandIns } from '../policies/compiler.ts';
import { readExpressionRules } from './allowed-members.ts';
import { backendCredentials, readBreaker, readPool } from './backends.ts';
import { pfxCertificate } from './certificates.ts';
import type { Entry } from './config-file.ts';
import { overlaid } from './environments.ts';
import * as faults from './faults.ts';
import { readManagedIdentity } from './managed-identity.ts';
import type { BackendDefinition, LocalSettings, NamedValue, WorkspaceSubscription } from './model.ts';
import { DEFAULT_OPERATIONS, readOperations } from './operations-yaml.ts';
import { readStandIns } from './stand-ins.ts';
import { MEMORY_STORES, readStores } from './stores-yaml.ts';
import { readTls } from './tls.ts';

const SECTIONS = [
  'port',
  'host',
  'named-values',
  'backends',
  'apis',
  'subscriptions',
  'users',
  'certificates',
  'authorizations',
  'trusted-roots',
  'tls',
  'audit',
  'managed-identity',
  'console',
  'ops',
  'log',
  'telemetry',
  'limits',
  'settings',
  'expressions',
  'identity',
  'stand-ins',
  'stores',
  'backend',
  'parameters',
  'configuration',
  'environments',
  // Read by `portico lint`.
  'lint',
] as const;

export interface PorticoYaml {
  readonly local: LocalSettings;
  /** Backend of everything that names none; the same as `--backend`. */
  readonly backend: string | undefined;
  readonly namedValues: readonly NamedValue[];
  readonly backends: readonly BackendDefinition[];
  /** The same as written. */
  readonly backendEntries: readonly Entry[];
  readonly apis: ReadonlyMap<string, ApiOverride>;
  readonly subscriptions: readonly LocalSubscription[];
  /** Override files of the APIOps publisher, absolute, each with its entry. */
  readonly configuration: readonly { readonly path: string; readonly entry: Entry }[];
  /** Values for parameters of ARM templates and variables of Terraform. */
  readonly parameters: ReadonlyMap<string, Entry>;
  readonly certificates: readonly HostCertificate[];
  /** By `provider/authorization`. */
  readonly connections: ReadonlyMap<string, ConnectionToken>;
}

/** A subscription of portico.yaml, which may complete an exported one. */
export interface LocalSubscription extends WorkspaceSubscription {
  readonly saysName: boolean;
  readonly saysScope: boolean;
  readonly saysState: boolean;
  readonly saysTracing: boolean;
}

export interface ApiOverride {
  readonly entry: Entry;
  readonly path: string | undefined;
  readonly serviceUrl: string | undefined;
  readonly subscriptionRequired: boolean | undefined;
}

const DEFAULT_LOCAL: LocalSettings = {
  standIns: { serviceFabric: new Map() },
  port: 8080,
  host: '127.0.0.1',
  settings: {},
  trustedRoots: [],
  tls: undefined,
  tokenCache: 10_000,
  audit: undefined,
  managedIdentity: undefined,
  callerTimeoutSeconds: 60,
  headLimit: 64 * 1024,
  urlLimit: 16 * 1024,
  callerRate: 240,
  // The service's load balancer cuts what has been idle for four minutes (gateway-model, section 10.4).
  webSocketIdleSeconds: 240,
  operations: DEFAULT_OPERATIONS,
  stores: MEMORY_STORES,
  tokenizer: undefined,
  identity: { providers: [], port: undefined },
};

export const NO_YAML: PorticoYaml = {
  local: DEFAULT_LOCAL,
  backend: undefined,
  namedValues: [],
  backends: [],
  backendEntries: [],
  apis: new Map(),
  subscriptions: [],
  configuration: [],
  parameters: new Map(),
  certificates: [],
  connections: new Map(),
};

/** `environment`: which of its `environments` is laid over the rest. */
export function readPorticoYaml(file: Entry, directory: string, environment?: string): PorticoYaml {
  file.onlyMembers(SECTIONS);
  const root = overlaid(file, environment, SECTIONS);
  const users = readUsers(root.get('users'));
  return {
    local: readLocal(root, directory),
    backend: absoluteUrl(root.get('backend')),
    namedValues: root.get('named-values').members().map(readNamedValue),
    backends: root.get('backends').members().flatMap(readBackend),
    backendEntries: root
      .get('backends')
      .members()
      .map(([, entry]) => entry),
    apis: new Map(root.get('apis').members().map(readApi)),
    subscriptions: root
      .get('subscriptions')
      .items()
      .flatMap((entry) => readSubscription(entry, users)),
    configuration: root
      .get('configuration')
      .texts()
      .map((name) => ({ path: resolve(directory, name), entry: root.get('configuration') })),
    parameters: new Map(root.get('parameters').members()),
    certificates: root
      .get('certificates')
      .members()
      .flatMap(([id, entry]) => readCertificate(id, entry, directory)),
    connections: new Map(root.get('authorizations').members().flatMap(readProvider)),
  };
}

function readLocal(root: Entry, directory: string): LocalSettings {
  const limits = root.get('limits');
  limits.onlyMembers(['body', 'head', 'url', 'caller-timeout', 'caller-rate', 'websocket-idle', 'token-cache']);
  const body = limits.get('body').number();
  return {
    standIns: readServices(root.get('stand-ins')),
    port: root.get('port').number() ?? DEFAULT_LOCAL.port,
    host: root.get('host').text() ?? DEFAULT_LOCAL.host,
    ...(root.get('settings').get('check-protocols').boolean() ? { checkProtocols: true } : {}),
    settings: { ...readSettings(root.get('settings')), ...(body === undefined ? {} : { bodyLimit: body }) },
    trustedRoots: root
      .get('trusted-roots')
      .texts()
      .flatMap((name) => readPem(root.get('trusted-roots'), resolve(directory, name))),
    tls: readTls(root.get('tls'), directory),
    tokenCache: readTokenCache(limits.get('token-cache')),
    audit: readAudit(root.get('audit'), directory),
    managedIdentity: readManagedIdentity(root.get('managed-identity')),
    ...(root.get('console').exists ? { console: readConsole(root.get('console')) } : {}),
    callerTimeoutSeconds: limits.get('caller-timeout').number() ?? DEFAULT_LOCAL.callerTimeoutSeconds,
    headLimit: limits.get('head').number() ?? DEFAULT_LOCAL.headLimit,
    urlLimit: limits.get('url').number() ?? DEFAULT_LOCAL.urlLimit,
    callerRate: limits.get('caller-rate').number() ?? DEFAULT_LOCAL.callerRate,
    webSocketIdleSeconds: limits.get('websocket-idle').number() ?? DEFAULT_LOCAL.webSocketIdleSeconds,
    operations: readOperations(root),
    stores: readStores(root.get('stores'), directory),
    ...(root.get('expressions').exists ? { allowedMembers: readExpressionRules(root.get('expressions')) } : {}),
    tokenizer: root.get('settings').get('tokenizer').choice(ENCODINGS),
    identity: { providers: readStandIns(root.get('identity'), [], ['port']), port: root.get('identity').get('port').number() },
  };
}

/** A number of tokens, or `off`. */
function readTokenCache(entry: Entry): number {
  const text = entry.text()?.toLowerCase();
  if (text === undefined || text === 'on' || text === 'true') return DEFAULT_LOCAL.tokenCache;
  if (text === 'off' || text === 'false') return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  entry.report(faults.wrongType(entry.name, '`off` or a number of tokens'));
  return DEFAULT_LOCAL.tokenCache;
}

/** Where the console listens unless something else is said. */
export const CONSOLE_PORT = 8099;

/** A port, or whether there is one at the usual port. */
function readConsole(entry: Entry): number | undefined {
  const text = entry.text()?.toLowerCase() ?? '';
  if (text === 'on' || text === 'true') return CONSOLE_PORT;
  if (text === 'off' || text === 'false') return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  entry.report(faults.wrongType(entry.name, '`on`, `off` or a port from 0 to 65535'));
  return undefined;
}

/** `stdout`, or a file relative to portico.yaml. */
function readAudit(entry: Entry, directory: string): string | undefined {
  const text = entry.text();
  return text === undefined || text === 'stdout' ? text : resolve(directory, text);
}

/** Where services of the user's answer in place of Azure's that speak no HTTP. */
function readServices(entry: Entry): StandIns {
  entry.onlyMembers(['sql', 'service-fabric']);
  const fabric = entry.get('service-fabric').members();
  return {
    sql: absoluteUrl(entry.get('sql')),
    serviceFabric: new Map(
      fabric.flatMap(([name, url]): [string, string][] => {
        const text = absoluteUrl(url);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

function readSettings(entry: Entry): Partial<ExchangeSettings> {
  entry.onlyMembers([
    'missing-variable',
    'wrong-variable-type',
    'backend-id-wins',
    'cors-terminate-unmatched',
    'tokenizer',
    'check-protocols',
  ]);
  // YAML's own null, which an entry takes for absent, is meant as the choice.
  const plain = entry.isMapping ? (entry.plain() as Readonly<Record<string, unknown>>) : {};
  return definedOnly({
    missingVariable: plain['missing-variable'] === null ? 'null' : entry.get('missing-variable').choice(['throw', 'null']),
    wrongVariableType: entry.get('wrong-variable-type').choice(['throw', 'default']),
    backendIdWins: entry.get('backend-id-wins').boolean(),
    corsTerminateUnmatched: entry.get('cors-terminate-unmatched').boolean(),
  });
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** `name: value`, or `name: { value, secret }`. A value from the environment counts as a secret. */
function readNamedValue([name, entry]: [string, Entry]): NamedValue {
  if (!entry.isMapping) return { name, value: entry.text(), secret: comesFromEnvironment(entry) };
  entry.onlyMembers(['value', 'secret']);
  const value = entry.get('value');
  return { name, value: value.requiredText(), secret: entry.get('secret').boolean() ?? comesFromEnvironment(value) };
}

function comesFromEnvironment(entry: Entry): boolean {
  return entry.context.file.text.slice(entry.span.start, entry.span.end).includes('${env:');
}

function readBackend([id, entry]: [string, Entry]): BackendDefinition[] {
  if (!entry.isMapping) {
    const url = absoluteUrl(entry);
    return url === undefined ? [] : [{ id, url }];
  }
  entry.onlyMembers(['url', 'credentials', 'tls', 'proxy', 'pool', 'circuit-breaker']);
  entry.get('credentials').onlyMembers(['authorization', 'header', 'query', 'certificate', 'managed-identity']);
  entry.get('credentials').get('managed-identity').onlyMembers(['resource', 'client-id']);
  entry.get('credentials').get('authorization').onlyMembers(['scheme', 'parameter']);
  entry.get('tls').onlyMembers(['validate-certificate-chain', 'validate-certificate-name']);
  entry.get('proxy').onlyMembers(['url', 'username', 'password']);
  const pool = readLocalPool(entry);
  const breaker = readLocalBreaker(entry.get('circuit-breaker'));
  if (!pool && !entry.get('url').exists) entry.report(faults.missingEntry('url'));
  const url = pool ? '' : absoluteUrl(entry.get('url'));
  if (url === undefined) return [];
  return [{ id, url, ...backendCredentials(entry), ...(pool ? { pool } : {}), ...(breaker ? { circuitBreaker: breaker } : {}) }];
}

function readLocalPool(entry: Entry): BackendDefinition['pool'] {
  const pool = entry.get('pool');
  pool.onlyMembers(['services', 'session-affinity']);
  pool.get('session-affinity').onlyMembers(['source', 'name']);
  for (const member of pool.get('services').isList ? pool.get('services').items() : [])
    if (member.isMapping) member.onlyMembers(['id', 'priority', 'weight']);
  return readPool(entry);
}

function readLocalBreaker(entry: Entry): BackendDefinition['circuitBreaker'] {
  entry.onlyMembers(['name', 'failure-condition', 'trip-duration', 'accept-retry-after']);
  const condition = entry.get('failure-condition');
  condition.onlyMembers(['count', 'percentage', 'interval', 'status-code-ranges', 'error-reasons']);
  for (const range of condition.get('status-code-ranges').isList ? condition.get('status-code-ranges').items() : [])
    range.onlyMembers(['min', 'max']);
  return readBreaker(entry);
}

export function absoluteUrl(entry: Entry): string | undefined {
  const text = entry.text();
  if (text === undefined) return undefined;
  if (Url.parse(text) && /^(?:https?|wss?):/i.test(text)) return text;
  entry.report(faults.badUrl(entry.name, text));
  return undefined;
}

function readApi([id, entry]: [string, Entry]): [string, ApiOverride] {
  entry.onlyMembers(['path', 'service-url', 'subscription-required']);
  return [
    id,
    {
      entry,
      path: entry.get('path').text(),
      serviceUrl: absoluteUrl(entry.get('service-url')),
      subscriptionRequired: entry.get('subscription-required').boolean(),
    },
  ];
}

function readUsers(list: Entry): ReadonlyMap<string, UserInfo> {
  const users = list.items().map((entry): UserInfo => {
    entry.onlyMembers(['id', 'email', 'first-name', 'last-name', 'note', 'registration-date', 'groups', 'identities']);
    return {
      id: entry.get('id').requiredText() ?? '',
      email: entry.get('email').text() ?? '',
      firstName: entry.get('first-name').text() ?? '',
      lastName: entry.get('last-name').text() ?? '',
      note: entry.get('note').text() ?? null,
      registrationDate: entry.get('registration-date').text() ?? '2026-01-01T00:00:00Z',
      groups: entry
        .get('groups')
        .texts()
        .map((name) => ({ id: name, name })),
      identities: entry.get('identities').items().map(readIdentity),
    };
  });
  return new Map(users.map((user) => [user.id, user]));
}

function readIdentity(entry: Entry): UserInfo['identities'][number] {
  entry.onlyMembers(['id', 'provider']);
  return { id: entry.get('id').requiredText() ?? '', provider: entry.get('provider').requiredText() ?? '' };
}

export const SUBSCRIPTION_STATES = ['active', 'suspended', 'submitted', 'rejected', 'cancelled', 'expired'] as const;

function readSubscription(entry: Entry, users: ReadonlyMap<string, UserInfo>): LocalSubscription[] {
  entry.onlyMembers(['id', 'name', 'primary-key', 'secondary-key', 'scope', 'state', 'user', 'created', 'start', 'end', 'allow-tracing']);
  const id = entry.get('id').requiredText();
  const primaryKey = entry.get('primary-key').requiredText();
  const scope = scopeOf(entry.get('scope'));
  const userId = entry.get('user').text();
  if (userId !== undefined && !users.has(userId)) entry.get('user').report(faults.danglingReference('user', userId));
  if (id === undefined || primaryKey === undefined || scope === undefined) return [];
  const info = {
    id,
    name: entry.get('name').text() ?? id,
    key: primaryKey,
    primaryKey,
    secondaryKey: entry.get('secondary-key').text() ?? '',
    createdDate: entry.get('created').text() ?? '2026-01-01T00:00:00Z',
    startDate: entry.get('start').text() ?? null,
    endDate: entry.get('end').text() ?? null,
  };
  return [
    {
      info,
      state: entry.get('state').choice(SUBSCRIPTION_STATES) ?? 'active',
      scope,
      user: userId === undefined ? undefined : users.get(userId),
      allowsTracing: entry.get('allow-tracing').boolean() ?? false,
      saysTracing: entry.get('allow-tracing').exists,
      saysName: entry.get('name').exists,
      saysScope: entry.get('scope').exists,
      saysState: entry.get('state').exists,
    },
  ];
}

/** `/apis`, `/apis/orders`, `/products/gold`; nothing means everything. */
export function scopeOf(entry: Entry): WorkspaceSubscription['scope'] | undefined {
  const text = entry.text();
  if (text === undefined || /^\/?(?:apis\/?)?$/.test(text)) return { kind: 'all' };
  const match = /(?:^|\/)(apis|products)\/([^/]+)$/.exec(text);
  if (!match) {
    entry.report(faults.wrongType(entry.name, '`/apis`, `/apis/<api>` or `/products/<product>`'));
    return undefined;
  }
  return { kind: match[1] === 'apis' ? 'api' : 'product', id: match[2] ?? '' };
}

function readCertificate(id: string, entry: Entry, directory: string): HostCertificate[] {
  entry.onlyMembers(['certificate', 'key', 'pfx', 'password']);
  const pfx = entry.get('pfx').text();
  if (pfx !== undefined) return readPfx(id, entry, resolve(directory, pfx));
  const name = entry.get('certificate').requiredText();
  const keyName = entry.get('key').text();
  if (name === undefined) return [];
  try {
    const info = nodeCrypto().certificate(readFileSync(resolve(directory, name)));
    const key = keyName === undefined ? {} : { privateKeyPem: readFileSync(resolve(directory, keyName), 'utf8') };
    return [{ id, info, ...key }];
  } catch (error) {
    entry.report(faults.badCertificate(id, error instanceof Error ? error.message : String(error)));
    return [];
  }
}

function readPfx(id: string, entry: Entry, path: string): HostCertificate[] {
  try {
    return [pfxCertificate(id, readFileSync(path), entry.get('password').text() ?? '')];
  } catch (error) {
    entry.report(faults.badCertificate(id, error instanceof Error ? error.message : String(error)));
    return [];
  }
}

/** `provider: { authorization: token }`, or `{ access-token, claims }` in place of the token. */
function readProvider([provider, entry]: [string, Entry]): [string, ConnectionToken][] {
  return entry.members().flatMap(([authorization, connection]): [string, ConnectionToken][] => {
    const token = readConnection(connection);
    return token ? [[`${provider}/${authorization}`, token]] : [];
  });
}

function readConnection(entry: Entry): ConnectionToken | undefined {
  if (!entry.isMapping) {
    const accessToken = entry.requiredText();
    return accessToken === undefined ? undefined : { accessToken, claims: {} };
  }
  entry.onlyMembers(['access-token', 'claims']);
  const accessToken = entry.get('access-token').requiredText();
  const claims = entry
    .get('claims')
    .members()
    .flatMap(([name, value]): [string, string][] => {
      const text = value.text();
      return text === undefined ? [] : [[name, text]];
    });
  return accessToken === undefined ? undefined : { accessToken, claims: Object.fromEntries(claims) };
}

function readPem(entry: Entry, path: string): string[] {
  if (existsSync(path)) return [readFileSync(path, 'utf8')];
  entry.report(faults.unreadable(`there is no file \`${path}\``));
  return [];
}
