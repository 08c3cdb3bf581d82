/** Posts one signal's messages to a collector. A collector that takes nothing costs a line in the log now and then, and nothing else. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Host, HostError } from '../../host/host.ts';
import { headerOf } from '../../host/raw-headers.ts';
import type { OtlpTarget, Signal } from './environment.ts';

/** Milliseconds between two complaints about a collector that takes nothing. */
const QUIET = 60_000;

/** Statuses after which the same message may be sent again (OTLP specification, "Retryable Response Codes"). */
const AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What became of a message: it was taken, it is lost, or it may be sent again after so many milliseconds at least. */
export type Outcome = 'taken' | 'lost' | { readonly againAfter: number };

export type OtlpHost = Pick<Host, 'send' | 'log' | 'now' | 'randomBytes'>;

const NAMES: Readonly<Record<Signal, string>> = { traces: 'spans', metrics: 'metrics', logs: 'log records' };

export class OtlpSender {
  readonly signal: Signal;
  readonly #target: OtlpTarget;
  readonly #host: OtlpHost;
  readonly #stopped = new AbortController();
  #complainedAt = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #dropped = 0;

  constructor(signal: Signal, target: OtlpTarget, host: OtlpHost) {
    this.signal = signal;
    this.#target = target;
    this.#host = host;
  }

  /** Records that the collector has, and those that it will never have. */
  get figures(): { readonly taken: number; readonly dropped: number } {
    return { taken: this.#taken, dropped: this.#dropped };
  }

  /** Never rejects. `records` is how many the message holds. */
  async post(message: unknown, records: number): Promise<Outcome> {
    try {
      const outcome = await this.#post(message);
      if (outcome === 'taken') this.#taken += records;
      if (outcome === 'lost') this.#dropped += records;
      return outcome;
    } catch (error) {
      this.#complain(error instanceof HostError ? error.message : String(error));
      return { againAfter: 0 };
    }
  }

  /** Ends a message that is on its way. */
  stop(): void {
    this.#stopped.abort();
  }

  /** They are given up. */
  drop(records: number, reason?: string): void {
    this.#dropped += records;
    if (reason !== undefined) this.#complain(reason);
  }

  async #post(message: unknown): Promise<Outcome> {
    const { url, headers, timeout, gzip: zips } = this.#target;
    const json = Buffer.from(JSON.stringify(message));
    const body = zips ? await promisify(gzip)(json) : json;
    const answer = await this.#host.send({
      method: 'POST',
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: ['Host', url.host, 'Content-Type', 'application/json', ...(zips ? ['Content-Encoding', 'gzip'] : []), ...headers.flat()],
      body,
      timeoutMilliseconds: timeout,
      signal: this.#stopped.signal,
    });
    answer.body?.cancel?.();
    if (answer.status < 300) return 'taken';
    this.#complain(`the collector answered ${answer.status}`);
    return AGAIN.has(answer.status) ? { againAfter: retryAfter(answer.headers) } : 'lost';
  }

  #complain(reason: string): void {
    const now = this.#host.now();
    if (now - this.#complainedAt < QUIET) return;
    this.#complainedAt = now;
    this.#host.log('warn', `${NAMES[this.signal]} were lost, or come late`, { reason, collector: this.#target.url.origin });
  }
}

/** Milliseconds of `Retry-After: <seconds>`, a minute at most. */
function retryAfter(headers: readonly string[]): number {
  const seconds = Number(headerOf(headers, 'retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), 60) * 1000 : 0;
}
