/**
 * `portico/testing`: policies under test from code.
 *
 * ```ts
 * import { createTestGateway, policyMatchers } from 'portico/testing';
 *
 * expect.extend(policyMatchers);
 * const gateway = await createTestGateway({ policies: 'policies' });
 * const answer = await gateway.request('GET /orders/7', { token: { scp: 'orders.read' }, backend: { json: { id: 7 } } });
 * expect(answer).toHaveStatus(200);
 * expect(answer).toHaveForwarded('https://orders.internal/orders/7');
 * ```
 */
import { createPolicyGateway, type TestGateway as PolicyGateway, type TestGatewayOptions, type TestResult } from './gateway.ts';
import type { Answer, CallStub } from './stubs.ts';
import type { TestRequest } from './suite.ts';

export { PolicyProblems, type TestGatewayOptions, type TestResult } from './gateway.ts';
export { policyMatchers } from './matchers.ts';
export type { RecordedRequest } from './stubs.ts';

/** An answer of a stubbed backend or service; `json` sets body and content type. */
export interface StubAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly json?: unknown;
  /** Milliseconds on the virtual clock. Default 0. */
  readonly delay?: number;
  /** No answer at all. */
  readonly fault?: 'refuse' | 'timeout' | 'reset';
}

/** What a request brings along. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly json?: unknown;
  /** Claims of a token to mint; it goes into `Authorization`. A claim of `null` is left out. */
  readonly token?: Readonly<Record<string, unknown>>;
  /** Caller's address. Default 127.0.0.1. */
  readonly ip?: string;
  /** Variables that exist before the policies run. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Product id that the call comes through. */
  readonly product?: string;
  /** True checks subscription keys as the gateway does. Default false. */
  readonly keyChecked?: boolean;
  /** One answer, or several in turn. Default: an empty 200. */
  readonly backend?: StubAnswer | readonly StubAnswer[];
  /** Answers of called services by `METHOD https://host/path`; a `*` at the end of the URL fits any rest. */
  readonly calls?: Readonly<Record<string, StubAnswer>>;
}

export interface TestGateway {
  /** `GET /path`, or a path alone for GET. */
  request(line: string, options?: RequestOptions): Promise<TestResult>;
  /** Moves the virtual clock. */
  advance(milliseconds: number): void;
  /** Milliseconds since 1970 on the virtual clock. */
  now(): number;
}

/** Loads policies and makes them ready to be called, offline. Throws PolicyProblems when they have errors. */
export async function createTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const gateway = await createPolicyGateway(options);
  return {
    request: (line, request = {}) => call(gateway, line, request),
    advance: (milliseconds) => gateway.advance(milliseconds),
    now: () => gateway.host.now(),
  };
}

function call(gateway: PolicyGateway, line: string, options: RequestOptions): Promise<TestResult> {
  const { backend = [], calls = {}, variables = {}, product, keyChecked = false } = options;
  return gateway.call(requestOf(line, options), {
    given: { variables, product, user: undefined, skipKey: !keyChecked },
    backend: (Array.isArray(backend) ? (backend as readonly StubAnswer[]) : [backend as StubAnswer]).map(answerOf),
    calls: Object.entries(calls).map(([request, answer]) => callStub(request, answer)),
  });
}

function requestOf(line: string, options: RequestOptions): TestRequest {
  const [first = '', second] = line.trim().split(/\s+/);
  const headers = flatHeaders(options.headers);
  if (options.json !== undefined) headers.push('Content-Type', 'application/json');
  return {
    method: second === undefined ? 'GET' : first.toUpperCase(),
    url: second ?? first,
    headers,
    body: options.json === undefined ? options.body : JSON.stringify(options.json),
    token: options.token,
    ip: options.ip ?? '127.0.0.1',
  };
}

function answerOf({ status = 200, reason, headers, body, json, delay = 0, fault }: StubAnswer): Answer {
  const flat = flatHeaders(headers);
  if (json !== undefined) flat.push('Content-Type', 'application/json');
  return { status, reason, headers: flat, body: json === undefined ? body : JSON.stringify(json), delay, fault };
}

function callStub(request: string, answer: StubAnswer): CallStub {
  const [first = '', second] = request.trim().split(/\s+/);
  return { method: second === undefined ? undefined : first.toUpperCase(), url: second ?? first, answer: answerOf(answer) };
}

function flatHeaders(headers: RequestOptions['headers'] = {}): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one]),
  );
}
