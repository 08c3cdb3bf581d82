/**
 * Options that come from code, for callers whose compiler does not look: what is not known, or has a value that means nothing,
 * is a TypeError that says what to write, never left out in silence.
 */
import { isIP } from 'node:net';
import { ALL_SECTIONS } from '../policies/definition.ts';
import { isJsonObject } from '../source/json.ts';
import { nearestName } from '../source/nearest.ts';
import { entriesOf, type ShapeName } from './format.ts';
import { isHeaderValue, isToken } from './sendable.ts';
import { isStubLine } from './stubs.ts';

const GATEWAY = [
  'policies',
  'section',
  'clock',
  'seed',
  'namedValues',
  'environment',
  'anyMember',
  'identity',
  'expressions',
  'provider',
  'workspace',
] as const;

const REQUEST = [
  'headers',
  'body',
  'json',
  'token',
  'identity',
  'key',
  'ip',
  'variables',
  'product',
  'user',
  'groups',
  'subscription',
  'deployment',
  'api',
  'operation',
  'matchedParameters',
  'certificate',
  'cache',
  'keyChecked',
  'backend',
  'calls',
] as const;

const ANSWER = ['status', 'reason', 'headers', 'body', 'json', 'delay', 'fault'] as const;
const FAULTS: readonly unknown[] = ['refuse', 'reset', 'timeout', 'truncated'];

/** Options whose members have the names of the test format. */
const FACTS: readonly (ShapeName & (typeof REQUEST)[number])[] = [
  'product',
  'user',
  'subscription',
  'deployment',
  'api',
  'operation',
  'certificate',
];

/** Of `createTestGateway`. */
export function checkGatewayOptions(options: unknown): void {
  const { policies, clock, seed, section } = known('createTestGateway', options, GATEWAY);
  if (typeof policies !== 'string')
    throw new TypeError("createTestGateway needs the path of the policies: write `createTestGateway({ policies: 'policies' })`");
  if (seed !== undefined && !Number.isFinite(seed)) throw new TypeError('`seed` is a number');
  if (section !== undefined && !(ALL_SECTIONS as readonly unknown[]).includes(section))
    throw new TypeError(`\`section\` is one of ${ALL_SECTIONS.map((name) => `\`${name}\``).join(', ')}`);
  if (clock === undefined || !Number.isNaN(typeof clock === 'string' ? Date.parse(clock) : clock)) return;
  throw new TypeError(`\`clock\` is no moment: write milliseconds since 1970, or a date such as \`2026-01-01T00:00:00Z\``);
}

/** Of `request`. */
export function checkRequestOptions(options: unknown): void {
  const given = known('request', options, REQUEST);
  checkMessage(given);
  for (const name of FACTS) if (isJsonObject(given[name])) known(`\`${name}\``, given[name], entriesOf(name));
  for (const answer of listOf(given.backend)) checkAnswer('`backend`', answer);
  if (given.calls === undefined) return;
  if (!isJsonObject(given.calls)) throw new TypeError("`calls` is a mapping: write `{ 'GET https://host/path': { status: 200 } }`");
  for (const [line, answers] of Object.entries(given.calls)) {
    if (!isStubLine(line.trim()))
      throw new TypeError(`\`${line}\` stands for no call: write \`METHOD https://host/path\`, where a \`*\` fits any text`);
    for (const answer of listOf(answers)) checkAnswer(`\`${line}\``, answer);
  }
}

/** What the caller sends. */
function checkMessage({ headers, body, json, token, ip }: Readonly<Record<string, unknown>>): void {
  checkHeaders('request', headers);
  checkBody('request', body, json);
  if (token !== undefined && !isJsonObject(token))
    throw new TypeError("`token` is a mapping of claims: write a token of your own as `headers: { authorization: 'Bearer …' }`");
  if (ip !== undefined && (typeof ip !== 'string' || isIP(ip) === 0)) throw new TypeError('`ip` is an IP address such as `10.0.0.1`');
}

function checkHeaders(what: string, headers: unknown): void {
  if (headers === undefined) return;
  if (!isJsonObject(headers)) throw new TypeError(`the \`headers\` of ${what} are a mapping: write \`{ 'x-name': 'value' }\``);
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) throw new TypeError(`\`${name}\` is no name that a header may have`);
    if (!listOf(value).every((one) => isHeaderValue(String(one))))
      throw new TypeError(`the header \`${name}\` holds a line break: write a list for several lines`);
  }
}

function checkBody(what: string, body: unknown, json: unknown): void {
  if (body !== undefined && json !== undefined)
    throw new TypeError(`\`body\` and \`json\` of ${what} exclude each other: leave one of them out`);
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return;
  throw new TypeError(`the \`body\` of ${what} is a text or bytes: write a value as \`json\``);
}

function checkAnswer(what: string, answer: unknown): void {
  const { status, delay, fault, headers, body, json } = known(what, answer, ANSWER);
  checkHeaders(what, headers);
  checkBody(what, body, json);
  if (status !== undefined && !(Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 999))
    throw new TypeError(`the \`status\` of ${what} is a whole number from 100 to 999`);
  if (delay !== undefined && !(typeof delay === 'number' && delay >= 0))
    throw new TypeError(`the \`delay\` of ${what} is a number of milliseconds`);
  if (fault !== undefined && !FAULTS.includes(fault))
    throw new TypeError(`the \`fault\` of ${what} is one of ${FAULTS.map((name) => `\`${String(name)}\``).join(', ')}`);
}

/** The same, once all its members are known to be in the list. */
function known(what: string, given: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isJsonObject(given)) throw new TypeError(`${what} takes a mapping of ${names.slice(0, 3).join(', ')} and the like`);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new TypeError(
      `${what} knows no \`${name}\`: ${nearest === undefined ? `write one of ${names.join(', ')}` : `did you mean \`${nearest}\`?`}`,
    );
  }
  return given;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
