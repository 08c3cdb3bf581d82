/** Requests that try what the policies of an operation look at, the smallest first. */
import type { RequestOptions } from '../index.ts';
import { isToken } from '../sendable.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Probe {
  readonly line: string;
  readonly options: RequestOptions;
  /** What it brings beside method and path, for people. */
  readonly says: readonly string[];
}

/** A request is one of these parts, or several: credentials, then one or two things more. */
interface Part {
  readonly says: string;
  readonly options: RequestOptions;
  readonly query?: string;
}

const MOST_PROBES = 200;
/** Beside those that policies name. */
const STATUSES: readonly number[] = [404, 429, 500, 503];

/**
 * `template`: path of the operation with `{parameters}`; `products`: those whose callers reach it. Every request is tried without
 * and with a token that fits.
 */
export function probesFor(method: string, template: string, words: Vocabulary, products: readonly string[] = []): Probe[] {
  const path =
    template
      .replace(/\{\*[^}]*\}|\*/g, 'rest/of/path')
      .replace(/\{[^}]*\}/g, '7')
      .split('?')[0] ?? '/';
  const line = `${method} ${path}`;
  const tokens = tokenParts(words);
  const others = [...headerParts(words), ...queryParts(words), ...bodyParts(method, words), ...callParts(words), ...statusParts(words)];
  const [fitting] = tokens;
  const callers = callerParts(words, products);
  const sets: Part[][] = [[], ...[...callers, ...tokens, ...others].map((part) => [part])];
  if (fitting) sets.push(...callers.map((part) => [part, fitting]));
  if (fitting) sets.push(...others.map((part) => [fitting, part]));
  for (const [i, one] of others.entries())
    for (const other of others.slice(i + 1)) if (kindOf(one) !== kindOf(other)) sets.push(fitting ? [fitting, one, other] : [one, other]);
  return sets.slice(0, MOST_PROBES).map((parts) => probeOf(line, parts));
}

/** Two of a kind stand in each other's way: a request has one value of a name, and one body. */
function kindOf({ says }: Part): string {
  return says.startsWith('body') ? 'body' : (says.split(/[:=]/)[0] ?? '');
}

function probeOf(line: string, parts: readonly Part[]): Probe {
  const query = parts.flatMap((part) => part.query ?? []).join('&');
  const headers: RequestOptions['headers'] = Object.assign({}, ...parts.map((part) => part.options.headers));
  const options: RequestOptions = Object.assign({}, ...parts.map((part) => part.options), { headers });
  return { line: query === '' ? line : `${line}?${query}`, options, says: parts.map(({ says }) => says) };
}

/** The token that has everything asked for comes first; then one without each claim. */
function tokenParts({ claims, audiences }: Vocabulary): Part[] {
  const whole: Record<string, unknown> = { sub: 'caller', ...(audiences[0] === undefined ? {} : { aud: audiences[0] }) };
  for (const [name, values] of claims) whole[name] = values.length > 1 ? values : (values[0] ?? 'value');
  const without = [...claims.keys()].map((name): Part => {
    const { [name]: _left, ...rest } = whole;
    return { says: `token without ${name}`, options: { token: rest } };
  });
  const alone = [...claims].flatMap(([name, values]) =>
    values.length < 2
      ? []
      : values.map((value): Part => ({ says: `token with ${name}=${value}`, options: { token: { ...whole, [name]: value } } })),
  );
  return [{ says: 'token', options: { token: whole } }, ...without, ...alone];
}

function headerParts({ headers }: Vocabulary): Part[] {
  const sendable = [...headers].filter(([name]) => isToken(name));
  return sendable.flatMap(([name, values]) =>
    [...new Set([...values, 'x'])]
      .filter((value) => /^[\x20-\x7e]*$/.test(value) && name.toLowerCase() !== 'authorization')
      .map((value): Part => ({ says: `${name}: ${value}`, options: { headers: { [name]: value } } })),
  );
}

function queryParts({ query }: Vocabulary): Part[] {
  return [...query].flatMap(([name, values]) =>
    [...new Set([...values, 'x'])].map(
      (value): Part => ({
        says: `?${name}=${value}`,
        options: {},
        query: `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
      }),
    ),
  );
}

function bodyParts(method: string, { readsBody }: Vocabulary): Part[] {
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return takesBody || readsBody
    ? [
        { says: 'body {}', options: { json: {} } },
        { says: 'body that is no JSON', options: { body: '<x' } },
      ]
    : [];
}

/** Whom limits are counted for. */
function callerParts({ countsSubscriptions }: Vocabulary, products: readonly string[]): Part[] {
  const own: Part = { says: 'with a subscription', options: { subscription: 'caller' } };
  return [
    ...(countsSubscriptions ? [own] : []),
    ...products.map((product): Part => ({ says: `subscription of product ${product}`, options: { product, subscription: 'caller' } })),
  ];
}

/** Services that are called fail unless something answers for them. */
function callParts({ calls }: Vocabulary): Part[] {
  const lines = ['GET', 'POST', 'PUT'].flatMap((method) => [`${method} https://*`, `${method} http://*`]);
  const answers = Object.fromEntries(lines.map((line) => [line, { json: { active: true, access_token: 't' } }]));
  return calls ? [{ says: 'called services answer JSON', options: { calls: answers } }] : [];
}

function statusParts({ statuses }: Vocabulary): Part[] {
  return [
    { says: 'backend answers JSON', options: { backend: { json: { id: 7 } } } },
    ...[...new Set([...STATUSES, ...statuses])].map(
      (status): Part => ({ says: `backend answers ${status}`, options: { backend: { status } } }),
    ),
    { says: 'backend refuses the connection', options: { backend: { fault: 'refuse' } } },
  ];
}
