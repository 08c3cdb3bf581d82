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
import { existsSync } from 'node:fs';
import type { TestGatewayOptions as GatewayOptions, TestResult } from './contract.ts';
import { createPolicyGateway } from './gateway.ts';
import { type Identity, standInsOf } from './identities.ts';
import { checkGatewayOptions } from './options-check.ts';
import { callableOver } from './requests.ts';
import type { Fault, RecordedRequest } from './stubs.ts';

export { PolicyProblems, type TestResult } from './gateway.ts';
export type { Identity } from './identities.ts';
export { type PolicyMatchers, policyMatchers } from './matchers.ts';
export type { RecordedRequest } from './stubs.ts';

/** Identity providers are named as in test files. */
export type TestGatewayOptions = Omit<GatewayOptions, 'identity'> & { readonly identity?: Identity };

/** A list gives a header line each. */
export type HeaderValue = string | number | readonly (string | number)[];

/** An answer of a stubbed backend or service; `json` sets body and content type. */
export interface StubAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly body?: string | Uint8Array;
  readonly json?: unknown;
  /** Milliseconds on the virtual clock. Default 0. */
  readonly delay?: number;
  /** No answer at all, or one that breaks off in its body. */
  readonly fault?: Fault;
}

/** Facts as the test format names them, such as `{ 'first-name': 'Ana' }`. */
export type Facts = Readonly<Record<string, unknown>>;

/** What a request brings along. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly body?: string | Uint8Array;
  readonly json?: unknown;
  /** Claims of a token to mint; it goes into `Authorization`. A claim of `null` is left out. */
  readonly token?: Facts;
  /** Identity providers for this request; switches such as `{ rotation: 'switched' }` change those of the gateway. */
  readonly identity?: Identity;
  /** Subscription key; it is sent where the API wants it, and checked. */
  readonly key?: string;
  /** Caller's address. Default 127.0.0.1. */
  readonly ip?: string;
  /** Variables that exist before the policies run. */
  readonly variables?: Facts;
  /** Product that the call comes through: its id, or facts. */
  readonly product?: string | Facts;
  readonly user?: string | Facts;
  readonly groups?: readonly string[];
  readonly subscription?: string | Facts;
  readonly deployment?: Facts;
  readonly api?: Facts;
  readonly operation?: string | Facts;
  readonly matchedParameters?: Readonly<Record<string, string>>;
  /** The caller's certificate: PEM text, an id of portico.yaml, or facts. */
  readonly certificate?: string | Facts;
  /** Values of the internal cache by key. */
  readonly cache?: Facts;
  /** True checks subscription keys as the gateway does. Default false. */
  readonly keyChecked?: boolean;
  /** One answer, or several in turn. Default: an empty 200. */
  readonly backend?: StubAnswer | readonly StubAnswer[];
  /** Answers of called services by `METHOD https://host/path`, one or several in turn; a `*` in the URL fits any text. */
  readonly calls?: Readonly<Record<string, StubAnswer | readonly StubAnswer[]>>;
}

export interface TestGateway {
  /** Requests run one after the other, in the order in which they were asked for. `GET /path`, or a path alone for GET; a whole URL will do, too. Throws TypeError for anything else. */
  request(line: string, options?: RequestOptions): Promise<TestResult>;
  /** Moves the virtual clock. */
  advance(milliseconds: number): void;
  /** Milliseconds since 1970 on the virtual clock. */
  now(): number;
  /** Fresh caches, counters, clock and chance; cheaper than another gateway. */
  reset(): void;
}

/** Loads policies and makes them ready to be called, offline. Throws PolicyProblems when they have errors. */
export async function createTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  checkGatewayOptions(options);
  const { identity, ...rest } = options;
  if (!options.workspace && !existsSync(options.policies))
    throw new Error(`there is no policy directory or document \`${options.policies}\``);
  const standIns = identity === undefined ? undefined : standInsOf(identity);
  const gateway = await createPolicyGateway({ ...rest, ...(standIns ? { identity: standIns } : {}) });
  const providers = standIns ?? gateway.engine.workspace.local.identity.providers;
  return callableOver(gateway, providers);
}

/** Requests that reached the backend or a called service, as `METHOD url`. */
export function linesOf(requests: readonly RecordedRequest[]): string[] {
  return requests.map(({ method, url }) => `${method} ${url}`);
}
