import type { TokenCheck } from './token-validator.ts';

/** Collects what was checked, with expected and actual value, for traces and the token explainer. */
export class CheckLog {
  readonly checks: TokenCheck[] = [];

  add(check: string, expected: string, actual: string, passed: boolean): void {
    this.checks.push({ check, expected, actual, passed });
  }
}
