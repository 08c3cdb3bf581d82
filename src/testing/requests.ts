/** Requests from code, as the gateway under test takes them. */
import { hasHeader } from '../host/raw-headers.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import type { TestGateway as PolicyGateway, TestResult } from './contract.ts';
import { standInsOf } from './identities.ts';
import type { RequestOptions, StubAnswer, TestGateway } from './index.ts';
import { checkRequestOptions } from './options-check.ts';
import type { TestRequest } from './request.ts';
import { type Answer, lineStub, type Stub } from './stubs.ts';

/** `gateway` with calls one after the other; `providers`: those that a request's own switches change. */
export function callableOver(gateway: PolicyGateway, providers: readonly StandInProvider[]): TestGateway {
  // Calls share caches, counters and clock: one that is asked for meanwhile waits for its turn.
  let before: Promise<unknown> = Promise.resolve();
  return {
    request: (line, request = {}) => {
      const result = before.then(() => call(gateway, line, request, providers));
      before = result.catch(() => {});
      return result;
    },
    advance: (milliseconds) => {
      if (!(milliseconds >= 0)) throw new TypeError('`advance` takes a number of milliseconds: the clock never goes back');
      gateway.advance(milliseconds);
    },
    now: () => gateway.host.now(),
    reset: () => gateway.reset(),
  };
}

async function call(
  gateway: PolicyGateway,
  line: string,
  options: RequestOptions,
  standIns: readonly StandInProvider[],
): Promise<TestResult> {
  checkRequestOptions(options);
  const { backend = [], calls = {}, variables = {}, keyChecked = false, product, user, groups, subscription } = options;
  const { deployment, api, operation, matchedParameters, certificate, cache } = options;
  const facts = { product, user, groups, subscription, deployment, api, operation, matchedParameters, certificate, cache };
  return gateway.call(requestOf(line, options), {
    ...(options.identity === undefined ? {} : { identity: standInsOf(options.identity, standIns) }),
    given: { variables, skipKey: !keyChecked, ...facts },
    backend: [{ fits: undefined, answers: answersOf(backend), times: Number.POSITIVE_INFINITY }],
    calls: Object.entries(calls).map(([request, answers]): Stub => lineStub(request, answersOf(answers))),
  });
}

/** A method (RFC 9110, 9.1) or none, a path or a whole URL. */
const REQUEST_LINE = /^(?:([\w!#$%&'*+.^`|~-]+)\s+)?(\/\S*|https?:\/\/[^\s/?#]\S*)$/i;

/** @throws TypeError for a line that is no request. */
function requestOf(line: string, options: RequestOptions): TestRequest {
  const [, first, url = ''] = REQUEST_LINE.exec(String(line).trim()) ?? [];
  if (url === '')
    throw new TypeError(`\`${line}\` is no request: write \`GET /path\`, \`/path\` or \`GET https://host/path\`, blanks as \`%20\``);
  const headers = flatHeaders(options.headers);
  if (options.json !== undefined && !hasHeader(headers, 'content-type')) headers.push('Content-Type', 'application/json');
  return {
    method: first?.toUpperCase() ?? 'GET',
    url,
    headers,
    body: options.json === undefined ? options.body : JSON.stringify(options.json),
    token: options.token,
    key: options.key,
    ip: options.ip ?? '127.0.0.1',
  };
}

function answersOf(answers: StubAnswer | readonly StubAnswer[]): Answer[] {
  return (Array.isArray(answers) ? (answers as readonly StubAnswer[]) : [answers as StubAnswer]).map(answerOf);
}

function answerOf({ status = 200, reason, headers, body, json, delay = 0, fault }: StubAnswer): Answer {
  const flat = flatHeaders(headers);
  if (json !== undefined && !hasHeader(flat, 'content-type')) flat.push('Content-Type', 'application/json');
  return { status, reason, headers: flat, body: json === undefined ? body : JSON.stringify(json), delay, fault };
}

function flatHeaders(headers: RequestOptions['headers'] = {}): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly (string | number)[]) : [value]).flatMap((one) => [name, String(one)]),
  );
}
