/** What a `*.test.yaml` file says (docs/testing.md), read with the place of every entry. */
import { isAbsolute, resolve } from 'node:path';
import type { Diagnostic } from '../source/diagnostic.ts';
import { type Entry, readConfig } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import type { Answer, CallStub } from './stubs.ts';

export interface Suite {
  readonly name: string;
  readonly file: string;
  /** Absolute path of the policy directory or document. */
  readonly policies: string;
  /** Milliseconds since 1970. */
  readonly clock: number;
  readonly seed: number;
  readonly namedValues: Readonly<Record<string, string>>;
  readonly tests: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  readonly line: number;
  /** One step unless the test has a timeline. All steps share one gateway: its caches, counters and clock. */
  readonly steps: readonly TestStep[];
}

export interface TestStep {
  /** Milliseconds after the start of the test. */
  readonly at: number | undefined;
  readonly request: TestRequest;
  readonly given: TestGiven;
  readonly backend: readonly Answer[];
  readonly calls: readonly CallStub[];
  readonly expect: Entry;
}

export interface TestRequest {
  readonly method: string;
  /** Path, or a whole URL. */
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string | undefined;
  /** Claims of a token to mint; undefined for none. */
  readonly token: Readonly<Record<string, unknown>> | undefined;
  readonly ip: string;
}

export interface TestGiven {
  /** Plain values; they become .NET values (text, int, double, bool, JSON). */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly product: string | undefined;
  readonly user: Readonly<Record<string, unknown>> | undefined;
  /** True unless the test sends or wants keys checked. */
  readonly skipKey: boolean;
}

const SUITE_ENTRIES = ['suite', 'policies', 'clock', 'seed', 'named-values', 'given', 'backend', 'calls', 'tests'] as const;
const TEST_ENTRIES = ['name', 'request', 'given', 'backend', 'calls', 'expect', 'steps'] as const;
const STEP_ENTRIES = ['at', 'request', 'given', 'backend', 'calls', 'expect'] as const;
const REQUEST_ENTRIES = ['method', 'url', 'headers', 'body', 'json', 'form', 'token', 'ip'] as const;
const USER_ENTRIES = ['id', 'email', 'first-name', 'last-name', 'groups'] as const;
const GIVEN_ENTRIES = ['variables', 'product', 'user', 'key-checked'] as const;

export const EXPECT_ENTRIES = [
  'status',
  'reason',
  'headers',
  'body',
  'forwarded',
  'calls',
  'variables',
  'error',
  'elapsed',
  'recorded',
] as const;

const DEFAULT_CLOCK = Date.UTC(2026, 0, 1);

/** Reads a suite; what is wrong goes to `report`. */
export function readSuite(text: string, shownName: string, path: string, report: (problem: Diagnostic) => void): Suite {
  const root = readConfig(text, shownName, report, (name) => process.env[name]);
  root.onlyMembers(SUITE_ENTRIES);
  const policies = root.get('policies').text() ?? '.';
  const directory = resolve(path, '..');
  const shared: Shared = { given: root.get('given'), backend: root.get('backend'), calls: root.get('calls') };
  return {
    name: root.get('suite').text() ?? shownName,
    file: shownName,
    policies: isAbsolute(policies) ? policies : resolve(directory, policies),
    clock: readClock(root.get('clock')),
    seed: root.get('seed').number() ?? 1,
    namedValues: Object.fromEntries(
      root
        .get('named-values')
        .members()
        .map(([name, entry]) => [name, entry.text() ?? '']),
    ),
    tests: readTests(root, shared),
  };
}

interface Shared {
  readonly given: Entry;
  readonly backend: Entry;
  readonly calls: Entry;
}

function readTests(root: Entry, shared: Shared): TestCase[] {
  if (!root.get('tests').exists) root.report(faults.missingEntry('tests'));
  return root
    .get('tests')
    .items()
    .map((entry) => {
      entry.onlyMembers(TEST_ENTRIES);
      const steps = entry.get('steps');
      const line = entry.context.file.positionAt(entry.span.start).line;
      const name = entry.get('name').requiredText() ?? `test at line ${line}`;
      return {
        name,
        line,
        steps: steps.exists ? steps.items().map((step) => readStep(step, shared, STEP_ENTRIES)) : [readStep(entry, shared, TEST_ENTRIES)],
      };
    });
}

function readStep(entry: Entry, shared: Shared, known: readonly string[]): TestStep {
  entry.onlyMembers(known);
  if (!entry.get('request').exists) entry.report(faults.missingEntry('request'));
  if (!entry.get('expect').exists) entry.report(faults.missingEntry('expect'));
  entry.get('expect').onlyMembers(EXPECT_ENTRIES);
  const backend = entry.get('backend').exists ? entry.get('backend') : shared.backend;
  return {
    at: entry.get('at').exists ? readDuration(entry.get('at')) : undefined,
    request: readRequest(entry.get('request')),
    given: readGiven(entry.get('given'), shared.given),
    backend: backend.isList ? backend.items().map(readAnswer) : backend.exists ? [readAnswer(backend)] : [],
    calls: [...entry.get('calls').items(), ...shared.calls.items()].map(readCall),
    expect: entry.get('expect'),
  };
}

function readClock(entry: Entry): number {
  const text = entry.text();
  if (text === undefined) return DEFAULT_CLOCK;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  entry.report(faults.wrongType(entry.name, 'a moment such as `2026-01-01T00:00:00Z`'));
  return DEFAULT_CLOCK;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10s`, `1.5h`, `250ms`; a bare number is seconds. */
export function readDuration(entry: Entry): number {
  const text = entry.text() ?? '0';
  const match = /^\+?(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text);
  if (match) return Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1000);
  entry.report(faults.wrongType(entry.name, 'a duration such as `10s`, `5m` or `250ms`'));
  return 0;
}

/** `GET /orders/7`, or a mapping. */
function readRequest(entry: Entry): TestRequest {
  if (!entry.isMapping) {
    const line = entry.text() ?? 'GET /';
    const match = /^([A-Za-z]+)\s+(\S+)$/.exec(line.trim());
    if (!match) entry.report(faults.wrongType(entry.name, '`METHOD /path` or a mapping'));
    return {
      method: (match?.[1] ?? 'GET').toUpperCase(),
      url: match?.[2] ?? '/',
      headers: [],
      body: undefined,
      token: undefined,
      ip: '127.0.0.1',
    };
  }
  entry.onlyMembers(REQUEST_ENTRIES);
  const { body, type } = readBody(entry);
  const headers = readHeaders(entry.get('headers'));
  if (type !== undefined && !headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type'))
    headers.push('Content-Type', type);
  return {
    method: (entry.get('method').text() ?? 'GET').toUpperCase(),
    url: entry.get('url').requiredText() ?? '/',
    headers,
    body,
    token: entry.get('token').exists ? (entry.get('token').plain() as Record<string, unknown>) : undefined,
    ip: entry.get('ip').text() ?? '127.0.0.1',
  };
}

/** `body:` as text, `json:` as a value, `form:` as names and values. */
function readBody(entry: Entry): { readonly body: string | undefined; readonly type: string | undefined } {
  if (entry.get('json').exists) return { body: JSON.stringify(entry.get('json').plain()), type: 'application/json' };
  if (entry.get('form').exists) {
    const form = entry
      .get('form')
      .members()
      .map(([name, value]): [string, string] => [name, value.text() ?? '']);
    return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  return { body: entry.get('body').text(), type: undefined };
}

/** A flat list; a list of values gives a header line each. */
export function readHeaders(entry: Entry): string[] {
  return entry.members().flatMap(([name, values]) => values.texts().flatMap((value) => [name, value]));
}

function readGiven(own: Entry, shared: Entry): TestGiven {
  for (const entry of [own, shared]) {
    entry.onlyMembers(GIVEN_ENTRIES);
    entry.get('user').onlyMembers(USER_ENTRIES);
  }
  const either = (name: string) => (own.get(name).exists ? own.get(name) : shared.get(name));
  const plain = (entry: Entry) => (entry.exists ? (entry.plain() as Record<string, unknown>) : undefined);
  return {
    variables: { ...plain(shared.get('variables')), ...plain(own.get('variables')) },
    product: either('product').text(),
    user: plain(either('user')),
    skipKey: !(either('key-checked').boolean() ?? false),
  };
}

const ANSWER_ENTRIES = ['status', 'reason', 'headers', 'body', 'json', 'delay', 'fault'] as const;
const CALL_ENTRIES = ['request', ...ANSWER_ENTRIES] as const;

function readAnswer(entry: Entry): Answer {
  if (entry.isMapping) entry.onlyMembers(CALL_ENTRIES);
  const headers = readHeaders(entry.get('headers'));
  const json = entry.get('json').exists;
  if (json && !headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type'))
    headers.push('Content-Type', 'application/json');
  return {
    status: entry.get('status').number() ?? 200,
    reason: entry.get('reason').text(),
    headers,
    body: json ? JSON.stringify(entry.get('json').plain()) : entry.get('body').text(),
    delay: entry.get('delay').exists ? readDuration(entry.get('delay')) : 0,
    fault: entry.get('fault').choice(['refuse', 'timeout', 'reset']),
  };
}

/** `request: GET https://host/path`; the URL may end in `*`. */
function readCall(entry: Entry): CallStub {
  const line = entry.get('request').requiredText() ?? '';
  const match = /^(?:([A-Za-z*]+)\s+)?(\S+)$/.exec(line.trim());
  if (!match) entry.get('request').report(faults.wrongType(entry.name, '`METHOD https://host/path`'));
  const method = match?.[1]?.toUpperCase();
  return { method: method === '*' ? undefined : method, url: match?.[2] ?? '', answer: readAnswer(entry) };
}
