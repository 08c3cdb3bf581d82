/** Matchers for Vitest and Jest: `expect.extend(policyMatchers)`. They are plain functions: any runner can call them. */
import type { ExchangeEvent } from '../exchange/events.ts';
import { isJsonObject, tryJson } from '../source/json.ts';
import type { TestResult } from './contract.ts';
import { tracedIn } from './traced.ts';

interface Verdict {
  readonly pass: boolean;
  message(): string;
}

/**
 * What the matchers add to `expect`, for the declaration that makes them known:
 *
 * ```ts
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends PolicyMatchers<T> {}
 * }
 * ```
 */
export interface PolicyMatchers<R = unknown> {
  toHaveStatus(status: number): R;
  toHaveHeader(name: string, value?: string | RegExp): R;
  toHaveBody(value: unknown): R;
  toHaveForwarded(url?: string | RegExp): R;
  toHaveForwardedHeader(name: string, value?: string | RegExp): R;
  toHaveCalled(url: string | RegExp): R;
  toHaveVariable(name: string, value?: string | RegExp): R;
  toHaveExecuted(policy: string): R;
  toHaveTraced(message: string | RegExp): R;
  toHaveFailedWith(reason: string): R;
}

function verdict(pass: boolean, what: string, expected: unknown, actual: unknown): Verdict {
  return { pass, message: () => `expected ${what} ${pass ? 'not ' : ''}to be ${show(expected)}, and it is ${show(actual)}` };
}

function show(value: unknown): string {
  return value instanceof RegExp ? String(value) : JSON.stringify(value);
}

function fits(expected: string | RegExp | undefined, actual: string | undefined): boolean {
  if (actual === undefined || expected === undefined) return actual !== undefined;
  // Flags `g` and `y` would make the answer depend on the one before.
  return typeof expected === 'string' ? expected === actual : new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(actual);
}

/** Equal as JSON, whatever the order of members. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && sameJson(value, right.get(name)))
  );
}

function headerOf(raw: readonly string[] | undefined, name: string): string | undefined {
  const values = (raw ?? []).filter((_, at) => at % 2 === 1 && raw?.[at - 1]?.toLowerCase() === name.toLowerCase());
  return values.length > 0 ? values.join(',') : undefined;
}

function stepsOf(events: readonly ExchangeEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'step-started' ? [event.step.policy] : []));
}

const MATCHERS = {
  /** The status that the caller gets. */
  toHaveStatus: (result: TestResult, status: number): Verdict => verdict(result.status === status, 'the status', status, result.status),
  /** A response header; without a value, that it is there. */
  toHaveHeader: (result: TestResult, name: string, value?: string | RegExp): Verdict => {
    const actual = result.header(name);
    return verdict(fits(value, actual), `header ${name}`, value ?? 'present', actual ?? 'absent');
  },
  /** The body: a text, a pattern, or JSON. */
  toHaveBody: (result: TestResult, value: unknown): Verdict => {
    const isText = typeof value === 'string' || value instanceof RegExp;
    const pass = isText ? fits(value, result.body) : sameJson(value, tryJson(result.body));
    return verdict(pass, 'the body', value, isText ? result.body : (tryJson(result.body) ?? result.body));
  },
  /** The last request that reached the backend went to this URL; without one, that any did. */
  toHaveForwarded: (result: TestResult, url?: string | RegExp): Verdict => {
    const actual = result.forwarded[result.forwarded.length - 1]?.url;
    return verdict(fits(url, actual), 'the forwarded URL', url ?? 'present', actual ?? 'none');
  },
  /** A header of the last request that reached the backend; without a value, that it is there. */
  toHaveForwardedHeader: (result: TestResult, name: string, value?: string | RegExp): Verdict => {
    const actual = headerOf(result.forwarded[result.forwarded.length - 1]?.headers, name);
    return verdict(fits(value, actual), `the forwarded header ${name}`, value ?? 'present', actual ?? 'absent');
  },
  /** Some called service was asked at this URL. */
  toHaveCalled: (result: TestResult, url: string | RegExp): Verdict => {
    const urls = result.calls.map((one) => one.url);
    return verdict(
      urls.some((one) => fits(url, one)),
      'a called URL',
      url,
      urls,
    );
  },
  /** A variable at the end, as policy text; without a value, that it is there. */
  toHaveVariable: (result: TestResult, name: string, value?: string | RegExp): Verdict => {
    const actual = Object.hasOwn(result.variables, name) ? (result.variables[name] ?? 'null') : undefined;
    return verdict(fits(value, actual), `variable ${name}`, value ?? 'present', actual ?? 'absent');
  },
  /** A policy of this name ran. */
  toHaveExecuted: (result: TestResult, policy: string): Verdict => {
    const steps = stepsOf(result.events);
    return verdict(steps.includes(policy), 'one of the executed policies', policy, steps);
  },
  /** `trace` or `context.Trace` wrote this message. */
  toHaveTraced: (result: TestResult, message: string | RegExp): Verdict => {
    const messages = tracedIn(result.events).map((one) => one.message);
    return verdict(
      messages.some((one) => fits(message, one)),
      'one of the traced messages',
      message,
      messages,
    );
  },
  /** `context.LastError.Reason`. */
  toHaveFailedWith: (result: TestResult, reason: string): Verdict =>
    verdict(result.error?.reason === reason, 'the error reason', reason, result.error?.reason ?? null),
};

export const policyMatchers: typeof MATCHERS = guarded(MATCHERS);

/** A forgotten `await` would be compared as a result without anything. */
function guarded<T extends Readonly<Record<string, (result: TestResult, ...rest: never[]) => Verdict>>>(matchers: T): T {
  const guard = ([name, matcher]: readonly [string, T[string]]) => [
    name,
    (result: TestResult, ...rest: never[]) => {
      if (isResult(result)) return matcher(result, ...rest);
      throw new TypeError(`\`${name}\` takes the result of a request: write \`expect(await gateway.request(…))\``);
    },
  ];
  return Object.fromEntries(Object.entries(matchers).map((one) => guard(one as [string, T[string]]))) as T;
}

function isResult(value: unknown): boolean {
  return isJsonObject(value) && Array.isArray(value.rawHeaders) && Array.isArray(value.events);
}
