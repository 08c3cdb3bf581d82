/** What portico.yaml says about the process: where it listens, what it bears, where it keeps and tells things. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExchangeSettings } from '../exchange/settings.ts';
import { ENCODINGS } from '../host/node-tokenizer.ts';
import type { StandIns } from '../policies/compiler.ts';
import { absoluteUrl } from './absolute-url.ts';
import { readExpressionRules } from './allowed-members.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import { readManagedIdentity } from './managed-identity.ts';
import type { LocalSettings } from './model.ts';
import { portOf, wholeOf } from './numbers.ts';
import { DEFAULT_OPERATIONS, readOperations } from './operations-yaml.ts';
import { readStandIns } from './stand-ins.ts';
import { MEMORY_STORES, readStores } from './stores-yaml.ts';
import { readTls } from './tls.ts';

/** Without a portico.yaml. */
export const DEFAULT_LOCAL: LocalSettings = {
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

/** `directory` is that of the file, to which its paths are relative. */
export function readLocal(root: Entry, directory: string): LocalSettings {
  const limits = root.get('limits');
  limits.onlyMembers(['body', 'head', 'url', 'caller-timeout', 'caller-rate', 'websocket-idle', 'token-cache']);
  const body = wholeOf(limits.get('body'));
  return {
    standIns: readServices(root.get('stand-ins')),
    port: portOf(root.get('port')) ?? DEFAULT_LOCAL.port,
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
    headLimit: wholeOf(limits.get('head'), 1) ?? DEFAULT_LOCAL.headLimit,
    urlLimit: wholeOf(limits.get('url'), 1) ?? DEFAULT_LOCAL.urlLimit,
    callerRate: wholeOf(limits.get('caller-rate')) ?? DEFAULT_LOCAL.callerRate,
    webSocketIdleSeconds: wholeOf(limits.get('websocket-idle')) ?? DEFAULT_LOCAL.webSocketIdleSeconds,
    operations: readOperations(root),
    stores: readStores(root.get('stores'), directory),
    ...(root.get('expressions').exists ? { allowedMembers: readExpressionRules(root.get('expressions')) } : {}),
    tokenizer: root.get('settings').get('tokenizer').choice(ENCODINGS),
    identity: { providers: readStandIns(root.get('identity'), [], ['port']), port: portOf(root.get('identity').get('port')) },
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

function readPem(entry: Entry, path: string): string[] {
  if (existsSync(path)) return [readFileSync(path, 'utf8')];
  entry.report(faults.unreadable(`there is no file \`${path}\``));
  return [];
}
