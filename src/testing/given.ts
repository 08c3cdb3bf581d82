/** What is there before the policies run: read from test files, and turned into what the engine takes. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { box } from '../csharp/runtime/box.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import { parseJson } from '../dotnet/json/reader.ts';
import { Body } from '../exchange/body.ts';
import {
  type ApiInfo,
  CARBON_INTENSITIES,
  type CarbonIntensity,
  type DeploymentInfo,
  type OperationInfo,
  type ProductInfo,
  type SubscriptionInfo,
  type UserInfo,
} from '../exchange/entities.ts';
import { Headers } from '../exchange/headers.ts';
import { JwtToken } from '../exchange/jwt.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { Url } from '../exchange/url.ts';
import type { CertificateInfo } from '../host/host.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { isJsonObject } from '../source/json.ts';
import type { Given } from '../workspace/call.ts';
import type { Entry } from '../workspace/config-file.ts';
import type { Workspace } from '../workspace/model.ts';
import { momentOf } from './duration.ts';
import { entriesOf, type ShapeName } from './format.ts';
import { recordOf } from './request.ts';
import { checkShape } from './typed-entries.ts';

type Facts = Readonly<Record<string, unknown>>;

/** Plain data; facts have the names of the test format. */
export interface TestGiven {
  /** Plain values; they become .NET values (text, int, double, bool, JSON). */
  readonly variables: Facts;
  readonly product?: string | Facts | undefined;
  readonly user?: string | Facts | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly subscription?: string | Facts | undefined;
  readonly deployment?: Facts | undefined;
  readonly api?: Facts | undefined;
  readonly operation?: string | Facts | undefined;
  readonly matchedParameters?: Readonly<Record<string, string>> | undefined;
  /** PEM text, the name of a file, or facts. */
  readonly certificate?: string | Facts | undefined;
  readonly cache?: Facts | undefined;
  /** False when the test wants keys checked. */
  readonly skipKey: boolean;
}

export const NOTHING_GIVEN: TestGiven = { variables: {}, skipKey: true };

/** A test's own entries win over those of the suite, `variables` and `cache` one by one. */
export function readGiven(own: Entry, shared: Entry, directory: string): TestGiven {
  for (const entry of [own, shared]) entry.onlyMembers(entriesOf('given'));
  const either = (name: string) => (own.get(name).exists ? own.get(name) : shared.get(name));
  const both = (name: string) => ({ ...recordOf(shared.get(name)), ...recordOf(own.get(name)) });
  const parameters = either('matched-parameters');
  const certificate = factsOf(either('certificate'), 'certificate');
  return {
    variables: both('variables'),
    product: factsOf(either('product'), 'product'),
    user: factsOf(either('user'), 'user'),
    groups: either('groups').exists ? either('groups').texts() : undefined,
    subscription: factsOf(either('subscription'), 'subscription'),
    deployment: mappingOf(either('deployment'), 'deployment'),
    api: mappingOf(either('api'), 'api'),
    operation: factsOf(either('operation'), 'operation'),
    matchedParameters: parameters.exists
      ? Object.fromEntries(parameters.members().map(([name, value]) => [name, value.text() ?? '']))
      : undefined,
    certificate: typeof certificate === 'string' ? pemText(certificate, directory) : certificate,
    cache: both('cache'),
    skipKey: !(either('key-checked').boolean() ?? false),
  };
}

/** A text stands for an id. */
function factsOf(entry: Entry, shape: ShapeName): string | Facts | undefined {
  if (!entry.exists) return undefined;
  return entry.isMapping ? mappingOf(entry, shape) : entry.text();
}

function mappingOf(entry: Entry, shape: ShapeName): Facts | undefined {
  if (!entry.exists) return undefined;
  checkShape(entry, shape);
  return recordOf(entry);
}

function pemText(text: string, directory: string): string {
  const path = resolve(directory, text);
  return text.includes('-----BEGIN') || !statSync(path, { throwIfNoEntry: false })?.isFile() ? text : readFileSync(path, 'utf8');
}

export interface GivenSetting {
  readonly workspace: Workspace;
  readonly types: TypeTable;
  readonly now: number;
  readonly method: string;
}

export interface EngineGiven {
  readonly given: Given;
  readonly certificate: CertificateInfo | null;
}

/** Throws an Error that names what is not there. */
export function engineGiven(given: TestGiven, setting: GivenSetting): EngineGiven {
  const { workspace, types } = setting;
  const variables = new Map(Object.entries(given.variables).map(([name, value]) => [name, toNetValue(value, types)]));
  const user = given.user === undefined && given.groups === undefined ? undefined : userOf(given, workspace);
  return {
    certificate: given.certificate === undefined ? null : certificateOf(given.certificate, workspace, setting.now),
    given: {
      skipKey: given.skipKey,
      variables,
      ...(given.product === undefined ? {} : { product: productOf(given.product, workspace) }),
      ...(user === undefined ? {} : { user }),
      ...(given.subscription === undefined ? {} : { subscription: subscriptionOf(given.subscription, workspace) }),
      ...(given.deployment === undefined ? {} : { deployment: deploymentOf(given.deployment) }),
      ...(given.api === undefined ? {} : { api: (known: ApiInfo | null) => apiOf(given.api ?? {}, known) }),
      ...(given.operation === undefined
        ? {}
        : { operation: (known: OperationInfo | null) => operationOf(given.operation ?? '', known, setting, workspace) }),
      ...(given.matchedParameters === undefined ? {} : { matchedParameters: new Map(Object.entries(given.matchedParameters)) }),
    },
  };
}

/** Reads facts by name; `text` is empty where there is none. */
function reader(facts: Facts) {
  const has = (name: string) => facts[name] !== undefined && facts[name] !== null;
  return {
    text: (name: string, fallback = '') => (has(name) ? String(facts[name]) : fallback),
    optional: (name: string) => (has(name) ? String(facts[name]) : null),
    /** In UTC, as directories write it. */
    moment: (name: string) => (has(name) ? utcOf(String(facts[name])) : null),
    flag: (name: string, fallback: boolean) => (has(name) ? facts[name] === true : fallback),
    number: (name: string) => (has(name) ? Number(facts[name]) : null),
    list: (name: string): unknown[] => (Array.isArray(facts[name]) ? facts[name] : has(name) ? [facts[name]] : []),
  };
}

function utcOf(text: string): string {
  const time = momentOf(text);
  if (time === undefined) throw new Error(`\`${text}\` is no moment such as \`2026-01-01T00:00:00Z\``);
  return new Date(time).toISOString();
}

/** A product that the directory has, or one made of facts: its policy runs only when the directory has it. */
function productOf(given: string | Facts, { products }: Workspace): ProductInfo {
  if (typeof given === 'string') {
    const known = products.find(({ info }) => info.id === given)?.info;
    if (!known) throw new Error(`there is no product \`${given}\``);
    return known;
  }
  const read = reader(given);
  const id = read.text('id');
  const known = products.find(({ info }) => info.id === id)?.info;
  return {
    id,
    name: read.text('name', known?.name ?? id),
    approvalRequired: read.flag('approval-required', known?.approvalRequired ?? false),
    subscriptionRequired: read.flag('subscription-required', known?.subscriptionRequired ?? true),
    subscriptionLimit: read.number('subscription-limit') ?? known?.subscriptionLimit ?? null,
    state: 'Published',
    groups: read.list('groups').map((name) => ({ id: String(name), name: String(name) })),
    apis: known?.apis ?? [],
  };
}

/** A text is the id of a user that a subscription of the directory names, or of one without other facts. */
function userOf({ user, groups }: TestGiven, { subscriptions }: Workspace): UserInfo {
  const facts = typeof user === 'string' ? { id: user } : (user ?? {});
  const read = reader(facts);
  const known = subscriptions.find((one) => one.user?.id === read.text('id'))?.user;
  const names = groups ?? (read.list('groups').length > 0 ? read.list('groups').map(String) : undefined);
  return {
    id: read.text('id'),
    email: read.text('email', known?.email),
    firstName: read.text('first-name', known?.firstName),
    lastName: read.text('last-name', known?.lastName),
    note: read.optional('note') ?? known?.note ?? null,
    registrationDate: read.moment('registration-date') ?? known?.registrationDate ?? '2026-01-01T00:00:00Z',
    groups: names?.map((name) => ({ id: name, name })) ?? known?.groups ?? [],
    identities: read.list('identities').map((one) => {
      const identity = reader(one as Facts);
      return { id: identity.text('id'), provider: identity.text('provider') };
    }),
  };
}

function subscriptionOf(given: string | Facts, { subscriptions }: Workspace): SubscriptionInfo {
  const facts = typeof given === 'string' ? { id: given } : given;
  const read = reader(facts);
  const id = read.text('id');
  const known = subscriptions.find(({ info }) => info.id === id)?.info;
  const primaryKey = read.text('primary-key', known?.primaryKey ?? read.text('key', 'primary-key'));
  return {
    id,
    name: read.optional('name') ?? known?.name ?? null,
    key: read.text('key', primaryKey),
    primaryKey,
    secondaryKey: read.text('secondary-key', known?.secondaryKey ?? 'secondary-key'),
    createdDate: read.moment('created-date') ?? known?.createdDate ?? '2026-01-01T00:00:00Z',
    startDate: read.moment('start-date') ?? known?.startDate ?? null,
    endDate: read.moment('end-date') ?? known?.endDate ?? null,
  };
}

function deploymentOf(facts: Facts): DeploymentInfo {
  const read = reader(facts);
  const gatewayId = read.text('gateway-id', 'managed');
  return {
    gatewayId,
    region: read.text('region', 'local'),
    serviceId: read.text('service-id', 'portico'),
    serviceName: read.text('service-name', 'portico'),
    gateway: { id: gatewayId, instanceId: read.text('instance-id', 'portico'), isManaged: read.flag('managed', true) },
    carbonIntensity: carbonIntensityOf(read.text('carbon-intensity', 'NotAvailable')),
  };
}

function carbonIntensityOf(text: string): CarbonIntensity {
  const known = CARBON_INTENSITIES.find((one) => one === text);
  if (known === undefined) throw new Error(`\`${text}\` is no carbon intensity; there are ${CARBON_INTENSITIES.join(', ')}`);
  return known;
}

function apiOf(facts: Facts, known: ApiInfo | null): ApiInfo {
  const read = reader(facts);
  const id = read.text('id', known?.id);
  return {
    id,
    name: read.text('name', known?.name ?? id),
    path: read.text('path', known?.path),
    protocols: known?.protocols ?? ['https'],
    serviceUrl: Url.parse(read.text('service-url')) ?? known?.serviceUrl ?? null,
    subscriptionKeyParameterNames: known?.subscriptionKeyParameterNames ?? {
      header: 'Ocp-Apim-Subscription-Key',
      query: 'subscription-key',
    },
    isCurrentRevision: known?.isCurrentRevision ?? true,
    revision: read.text('revision', known?.revision ?? '1'),
    version: read.optional('version') ?? known?.version ?? null,
  };
}

/** An id of the directory brings what is known of it: documented answers, parameters, bodies. */
function operationOf(given: string | Facts, matched: OperationInfo | null, { method }: GivenSetting, { apis }: Workspace): OperationInfo {
  const read = reader(typeof given === 'string' ? { id: given } : given);
  const id = read.text('id', matched?.id);
  const known = apis.flatMap(({ operations }) => operations).find(({ info }) => info.id === id)?.info;
  return {
    ...(known ?? matched),
    id,
    name: read.text('name', known?.name ?? id),
    method: read.text('method', known?.method ?? matched?.method ?? method),
    urlTemplate: read.text('url-template', known?.urlTemplate ?? matched?.urlTemplate ?? '/*'),
  };
}

const DAY = 86_400_000;

function certificateOf(given: string | Facts, { certificates }: Workspace, now: number): CertificateInfo {
  if (typeof given === 'string') {
    const known = certificates.get(given)?.info;
    if (known) return known;
    if (!given.includes('-----BEGIN'))
      throw new Error(`there is no certificate \`${given}\`: neither a file, nor an id of portico.yaml, nor PEM text`);
    return nodeCrypto().certificate(new TextEncoder().encode(given));
  }
  const read = reader(given);
  const subject = read.text('subject', 'CN=test');
  return {
    subject,
    issuer: read.text('issuer', subject),
    serialNumber: read.text('serial-number', '01').toUpperCase(),
    thumbprint: read.text('thumbprint', '0'.repeat(40)).toUpperCase(),
    notBefore: Date.parse(read.moment('not-before') ?? new Date(now - DAY).toISOString()),
    notAfter: Date.parse(read.moment('not-after') ?? new Date(now + 365 * DAY).toISOString()),
    der: new Uint8Array(0),
    publicKeyPem: '',
    keyType: 'rsa',
    signatureAlgorithm: 'sha256RSA',
    version: 3,
    dnsNames: [],
  };
}

function responseOf(facts: Facts): GatewayResponse {
  const { status = 200, reason, headers, json } = facts;
  const raw = isJsonObject(headers) ? Object.entries(headers).flatMap(([name, value]) => [name, String(value)]) : [];
  const body = json === undefined ? facts.body : JSON.stringify(json);
  return new GatewayResponse(
    Number(status),
    typeof reason === 'string' ? reason : undefined,
    new Headers(raw),
    body === undefined ? new Body() : Body.text(String(body)),
  );
}

/**
 * A YAML value as the .NET value that a policy would have stored: text, int, double, bool, JSON; `{ $jwt: claims }` is what
 * validate-jwt stores, `{ $response: answer }` what send-request does.
 */
export function toNetValue(value: unknown, types: TypeTable): unknown {
  const [[kind, facts] = ['', undefined], ...more] = isJsonObject(value) ? Object.entries(value) : [];
  if (more.length === 0 && kind === '$jwt') return new JwtToken({ alg: 'RS256', typ: 'JWT' }, isJsonObject(facts) ? facts : {});
  if (more.length === 0 && kind === '$response') return responseOf(isJsonObject(facts) ? facts : {});
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return box(value, types.type('System.Boolean'));
  if (typeof value === 'number')
    return box(value, types.type(Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'System.Int32' : 'System.Double'));
  return parseJson(JSON.stringify(value));
}
