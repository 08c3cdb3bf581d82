/** The state of one backend's circuit breaker (gateway-model, section 9): failures of a window, open for a time, then closed again. */
import type { CircuitBreakerRule } from './model.ts';

/** Answers that a percentage is taken of; undocumented, so that one failure among two calls opens nothing. */
const LEAST_SAMPLES = 10;
const BUCKETS = 20;
/** Longest time that a `Retry-After` may keep a breaker open. */
const LONGEST_OPEN = 24 * 3_600_000;

export class CircuitBreaker {
  readonly #rule: CircuitBreakerRule;
  /** Moments of the last failures, as many as open the breaker. */
  readonly #failures: number[] = [];
  /** For percentages: calls and failures of the window, cut into equal parts. */
  readonly #buckets: { slot: number; calls: number; failures: number }[] = [];
  #openUntil = Number.NEGATIVE_INFINITY;

  constructor(rule: CircuitBreakerRule) {
    this.#rule = rule;
  }

  isOpen(now: number): boolean {
    return now < this.#openUntil;
  }

  /** Milliseconds since 1970 until which it is open; undefined when it is closed. */
  openUntil(now: number): number | undefined {
    return this.isOpen(now) ? this.#openUntil : undefined;
  }

  failures(now: number): number {
    const from = now - this.#rule.intervalMilliseconds;
    if (this.#rule.count === undefined) return this.#window(now).failures;
    return this.#failures.filter((moment) => moment > from).length;
  }

  /** One answer, or null for none. The call that opens the breaker keeps its answer. */
  report(status: number | null, retryAfter: string | undefined, now: number): void {
    if (this.isOpen(now)) return;
    const failed = this.#isFailure(status);
    if (this.#rule.count === undefined) this.#count(failed, now);
    if (!failed) return;
    this.#failures.push(now);
    if (this.#failures.length > (this.#rule.count ?? 1)) this.#failures.shift();
    if (this.#isTripped(now)) this.#open(retryAfter, now);
  }

  #isFailure(status: number | null): boolean {
    const { statusRanges, errorReasons } = this.#rule;
    const inRange = (code: number) => statusRanges.some(({ min, max }) => code >= min && code <= max);
    // A rule that names no failures means the usual ones (inferred).
    const namesNone = statusRanges.length === 0 && errorReasons.length === 0;
    const isServerError = (code: number) => code >= 500 && (namesNone || errorReasons.some((reason) => /server\s*error/i.test(reason)));
    if (status !== null) return inRange(status) || isServerError(status);
    // Without an answer the caller gets a 500, which ranges of server errors mean, too (inferred).
    return errorReasons.length > 0 || statusRanges.length === 0 || inRange(500);
  }

  #isTripped(now: number): boolean {
    const { count, percentage = 100, intervalMilliseconds } = this.#rule;
    if (count !== undefined) return this.#failures.length >= count && (this.#failures[0] ?? 0) > now - intervalMilliseconds;
    const { calls, failures } = this.#window(now);
    return calls >= LEAST_SAMPLES && (failures * 100) / calls >= percentage;
  }

  #open(retryAfter: string | undefined, now: number): void {
    const asked = this.#rule.acceptRetryAfter ? millisecondsOf(retryAfter, now) : undefined;
    this.#openUntil = now + (asked === undefined ? this.#rule.tripMilliseconds : Math.min(asked, LONGEST_OPEN));
    this.#failures.length = 0;
    this.#buckets.length = 0;
  }

  #count(failed: boolean, now: number): void {
    const slot = Math.floor(now / (this.#rule.intervalMilliseconds / BUCKETS));
    let bucket = this.#buckets.at(-1);
    if (bucket?.slot !== slot) {
      bucket = { slot, calls: 0, failures: 0 };
      this.#buckets.push(bucket);
      if (this.#buckets.length > BUCKETS) this.#buckets.shift();
    }
    bucket.calls += 1;
    if (failed) bucket.failures += 1;
  }

  #window(now: number): { readonly calls: number; readonly failures: number } {
    const oldest = Math.floor(now / (this.#rule.intervalMilliseconds / BUCKETS)) - BUCKETS;
    const recent = this.#buckets.filter(({ slot }) => slot > oldest);
    return {
      calls: recent.reduce((sum, { calls }) => sum + calls, 0),
      failures: recent.reduce((sum, { failures }) => sum + failures, 0),
    };
  }
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function millisecondsOf(retryAfter: string | undefined, now: number): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = text === '' ? Number.NaN : Date.parse(text);
  return Number.isFinite(date) ? Math.max(0, date - now) : undefined;
}
