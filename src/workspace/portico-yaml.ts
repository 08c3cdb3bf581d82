/** `portico.yaml`: local truth beside an exported folder; every entry is checked (docs/portico-yaml.md). */
import { resolve } from 'node:path';
import type { UserInfo } from '../exchange/entities.ts';
import type { ConnectionToken, HostCertificate } from '../host/host.ts';
import { absoluteUrl } from './absolute-url.ts';
import type { Entry } from './config-file.ts';
import { others, overlaid } from './environments.ts';
import { readBackend } from './local-backends.ts';
import { readCertificate } from './local-certificates.ts';
import { DEFAULT_LOCAL, readLocal } from './local-settings.ts';
import { type LocalSubscription, readSubscription, readUsers } from './local-subscriptions.ts';
import type { BackendDefinition, LocalSettings, NamedValue } from './model.ts';

/** Members of the file. */
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

/** The file, read. */
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
  /** By id. */
  readonly users: ReadonlyMap<string, UserInfo>;
  /** Override files of the APIOps publisher, absolute, each with its entry. */
  readonly configuration: readonly { readonly path: string; readonly entry: Entry }[];
  /** Values for parameters of ARM templates and variables of Terraform. */
  readonly parameters: ReadonlyMap<string, Entry>;
  readonly certificates: readonly HostCertificate[];
  /** By `provider/authorization`. */
  readonly connections: ReadonlyMap<string, ConnectionToken>;
}

/** What portico.yaml says about an API of the directory. */
export interface ApiOverride {
  readonly entry: Entry;
  readonly path: string | undefined;
  readonly serviceUrl: string | undefined;
  readonly subscriptionRequired: boolean | undefined;
}

/** A directory without the file. */
export const NO_YAML: PorticoYaml = {
  local: DEFAULT_LOCAL,
  backend: undefined,
  namedValues: [],
  backends: [],
  backendEntries: [],
  apis: new Map(),
  subscriptions: [],
  users: new Map(),
  configuration: [],
  parameters: new Map(),
  certificates: [],
  connections: new Map(),
};

/** `environment`: which of its `environments` is laid over the rest. */
export function readPorticoYaml(file: Entry, directory: string, environment?: string): PorticoYaml {
  file.onlyMembers(SECTIONS);
  const root = overlaid(file, environment, SECTIONS);
  for (const other of others(file, environment)) readSections(other, directory);
  return readSections(root, directory);
}

function readSections(root: Entry, directory: string): PorticoYaml {
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
    users,
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
