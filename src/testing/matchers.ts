/** Matchers for Vitest and Jest: `expect.extend(policyMatchers)`. */
import type { TestResult } from './gateway.ts';

interface Verdict {
  readonly pass: boolean;
  message(): string;
}

function verdict(pass: boolean, what: string, expected: unknown, actual: unknown): Verdict {
  return { pass, message: () => `expected ${what} ${pass ? 'not ' : ''}to be ${show(expected)}, and it is ${show(actual)}` };
}

function show(value: unknown): string {
  return value instanceof RegExp ? String(value) : JSON.stringify(value);
}

function fits(expected: string | RegExp, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return typeof expected === 'string' ? expected === actual : expected.test(actual);
}

export const policyMatchers = {
  /** The status that the caller gets. */
  toHaveStatus: (result: TestResult, status: number): Verdict => verdict(result.status === status, 'the status', status, result.status),
  /** A response header; without a value, that it is there. */
  toHaveHeader: (result: TestResult, name: string, value?: string | RegExp): Verdict => {
    const actual = result.header(name);
    return verdict(
      value === undefined ? actual !== undefined : fits(value, actual),
      `header ${name}`,
      value ?? 'present',
      actual ?? 'absent',
    );
  },
  /** The last request that reached the backend went to this URL; without one, that any did. */
  toHaveForwarded: (result: TestResult, url?: string | RegExp): Verdict => {
    const actual = result.forwarded[result.forwarded.length - 1]?.url;
    return verdict(url === undefined ? actual !== undefined : fits(url, actual), 'the forwarded URL', url ?? 'present', actual ?? 'none');
  },
  /** `context.LastError.Reason`. */
  toHaveFailedWith: (result: TestResult, reason: string): Verdict =>
    verdict(result.error?.reason === reason, 'the error reason', reason, result.error?.reason ?? null),
};
