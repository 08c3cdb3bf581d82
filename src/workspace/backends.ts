/** Backend entities (gateway-model, section 9): URL, credentials, TLS, pools, circuit breakers. */
import type { Backend } from '../exchange/entities.ts';
import type { OutgoingProxy } from '../host/host.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { CircuitBreakerRule, PoolDefinition } from './model.ts';
import { lastSegment } from './resources.ts';

/** Most members of a pool. */
const MOST_MEMBERS = 30;

/** Credentials, TLS settings and proxy of `backendInformation.json` (camelCase) or portico.yaml (dashes). */
export function backendCredentials(
  entry: Entry,
  filled: (text: string) => string = (text) => text,
): Pick<Backend, 'credentials' | 'tls' | 'proxy'> {
  const credentials = entry.get('credentials');
  const tls = entry.get('tls');
  const proxy = readProxy(entry.get('proxy'), filled);
  return {
    ...(credentials.exists ? { credentials: readCredentials(credentials, filled) } : {}),
    ...(tls.exists ? { tls: readTls(tls) } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

/** An HTTP proxy, as the policy of that name takes it: its address may go without a scheme. */
function readProxy(entry: Entry, filled: (text: string) => string): OutgoingProxy | undefined {
  if (!entry.exists) return undefined;
  const written = filled(entry.get('url').requiredText() ?? '');
  const url = written.includes('://') ? written : `http://${written}`;
  const username = entry.get('username').text();
  const password = entry.get('password').text();
  if (!url.startsWith('http://') || !URL.canParse(url)) entry.get('url').report(faults.badUrl('proxy.url', written));
  return {
    url,
    ...(username === undefined ? {} : { username: filled(username) }),
    ...(password === undefined ? {} : { password: filled(password) }),
  };
}

/** Of an entry in camelCase or with dashes: `sessionAffinity`, `session-affinity`. */
function either(entry: Entry, name: string): Entry {
  const camel = entry.get(name);
  return camel.exists ? camel : entry.get(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}

function readCredentials(entry: Entry, filled: (text: string) => string): NonNullable<Backend['credentials']> {
  const authorization = entry.get('authorization');
  const identity = either(entry, 'managedIdentity');
  const certificate = [...entry.get('certificateIds').texts(), ...entry.get('certificate').texts()][0];
  return {
    ...(authorization.exists
      ? {
          authorization: {
            scheme: authorization.get('scheme').requiredText() ?? '',
            parameter: filled(authorization.get('parameter').requiredText() ?? ''),
          },
        }
      : {}),
    ...(identity.exists ? { managedIdentity: readIdentity(identity) } : {}),
    headers: valuesByName(entry.get('header'), filled),
    query: valuesByName(entry.get('query'), filled),
    ...(certificate === undefined ? {} : { certificateId: lastSegment(certificate) }),
  };
}

function readIdentity(entry: Entry): NonNullable<NonNullable<Backend['credentials']>['managedIdentity']> {
  const clientId = either(entry, 'clientId').text();
  return { resource: entry.get('resource').requiredText() ?? '', ...(clientId === undefined ? {} : { clientId }) };
}

function valuesByName(entry: Entry, filled: (text: string) => string): Record<string, string[]> {
  return Object.fromEntries(entry.members().map(([name, values]) => [name, values.texts().map(filled)]));
}

function readTls(entry: Entry): NonNullable<Backend['tls']> {
  return {
    validateChain: either(entry, 'validateCertificateChain').boolean() ?? true,
    validateName: either(entry, 'validateCertificateName').boolean() ?? true,
  };
}

/** The same with named values in what it adds to requests. */
export function withNamedValues<T extends Pick<Backend, 'credentials'>>(backend: T, filled: (text: string) => string): T {
  const { credentials } = backend;
  if (!credentials) return backend;
  const { authorization, headers = {}, query = {} } = credentials;
  const all = (values: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(values).map(([name, texts]) => [name, texts.map(filled)]));
  const authorized = authorization ? { authorization: { ...authorization, parameter: filled(authorization.parameter) } } : {};
  return { ...backend, credentials: { ...credentials, ...authorized, headers: all(headers), query: all(query) } };
}

// ------------------------------------------------------------ pools

/** Undefined for a single backend. */
export function readPool(facts: Entry): PoolDefinition | undefined {
  const pool = facts.get('pool');
  const isPool = facts.get('type').text()?.toLowerCase() === 'pool' || pool.exists;
  if (!isPool) return undefined;
  const services = pool.get('services');
  const members = services.items().map(readMember);
  if (members.length === 0 || members.length > MOST_MEMBERS) (services.exists ? services : facts).report(faults.poolSize(MOST_MEMBERS));
  const session = either(pool, 'sessionAffinity');
  const cookie = either(session, 'sessionId');
  const source = cookie.exists ? cookie : session;
  source.get('source').choice(['Cookie']);
  const name = source.exists ? source.get('name').requiredText() : undefined;
  return { members, ...(name === undefined ? {} : { sessionCookie: name }) };
}

/** `{ id, priority, weight }`, or the id alone. */
function readMember(entry: Entry): PoolDefinition['members'][number] {
  if (!entry.isMapping) return { id: lastSegment(entry.text() ?? ''), priority: 1, weight: 1 };
  return {
    id: lastSegment(entry.get('id').requiredText() ?? ''),
    priority: numberWithin(entry.get('priority'), 0, 100) ?? 1,
    weight: numberWithin(entry.get('weight'), 0, 100) ?? 1,
  };
}

/** A whole number between both, which count as well (the bounds of the service's schema). */
function numberWithin(entry: Entry, least: number, most: number): number | undefined {
  const value = entry.number();
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  entry.report(faults.numberOutside(entry.name, least, most));
  return undefined;
}

// ------------------------------------------------------------ circuit breakers

/** Largest number of failures that may be asked for; each is remembered. */
const MOST_FAILURES = 10_000;

export function readBreaker(entry: Entry): CircuitBreakerRule | undefined {
  if (!entry.exists) return undefined;
  const rules = entry.get('rules');
  const list = rules.exists ? rules.items() : [entry];
  if (list.length > 1) rules.report(faults.oneBreakerRule());
  const [rule] = list;
  return rule && readRule(rule);
}

function readRule(rule: Entry): CircuitBreakerRule {
  const condition = either(rule, 'failureCondition');
  const count = numberWithin(condition.get('count'), 1, MOST_FAILURES);
  const percentage = numberWithin(condition.get('percentage'), 1, 100);
  if (!condition.get('count').exists && !condition.get('percentage').exists)
    (condition.exists ? condition : rule).report(faults.breakerNeedsCount());
  return {
    name: rule.get('name').text() ?? 'breaker',
    ...(count === undefined ? {} : { count }),
    ...(percentage === undefined ? {} : { percentage }),
    intervalMilliseconds: duration(condition.get('interval')),
    statusRanges: either(condition, 'statusCodeRanges').items().map(readStatusRange),
    errorReasons: either(condition, 'errorReasons').texts(),
    tripMilliseconds: duration(either(rule, 'tripDuration')),
    acceptRetryAfter: either(rule, 'acceptRetryAfter').boolean() ?? false,
  };
}

function readStatusRange(entry: Entry): CircuitBreakerRule['statusRanges'][number] {
  const min = numberWithin(entry.get('min'), 200, 599) ?? 200;
  const max = numberWithin(entry.get('max'), 200, 599) ?? 599;
  if (min > max) entry.report(faults.emptyRange(entry.name, min, max));
  return { min, max };
}

/** One hour, as the portal fills in. */
const DEFAULT_DURATION = 3_600_000;

const ISO_DURATION = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?)?$/;

function duration(entry: Entry): number {
  const text = entry.text();
  if (text === undefined) return DEFAULT_DURATION;
  const parts = text.length > 1 ? ISO_DURATION.exec(text) : null;
  if (!parts || parts.slice(1).every((part) => part === undefined)) {
    entry.report(faults.badDuration(text));
    return DEFAULT_DURATION;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const milliseconds = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (milliseconds > 0) return milliseconds;
  entry.report(faults.noDuration(entry.name));
  return DEFAULT_DURATION;
}
