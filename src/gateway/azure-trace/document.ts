/**
 * The trace of one call as Azure's gateway writes it (gateway-model, section 12.2): entries by section, each with its
 * source, its time, the time since the call came in, and what happened. Credentials and secrets are masked.
 */
import type { ExchangeEvent, ExchangeListener, SectionName } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Masks } from '../masks.ts';
import { entryOf, firstEntries } from './entries.ts';
import { Shown } from './shown.ts';

export interface TraceEntry {
  readonly source: string;
  /** `2026-01-01T00:00:00.1234567Z` */
  readonly timestamp: string;
  /** Since the call came in: `00:00:00.0012345` */
  readonly elapsed: string;
  readonly data: unknown;
}

export interface TraceDocument {
  readonly serviceName: string;
  /** The request's id without dashes. */
  readonly traceId: string;
  readonly traceEntries: Readonly<Partial<Record<SectionName, readonly TraceEntry[]>>>;
}

/** Entries of one trace; a loop in a policy must not fill the memory. */
const MOST_ENTRIES = 1000;
/** Characters of one trace, as JSON. */
const LARGEST_TRACE = 256 * 1024;

/** Collects a call's entries while it runs. */
export class TraceRecorder {
  readonly listener: ExchangeListener = (event) => this.#told(event);
  readonly #exchange: Exchange;
  readonly #shown: Shown;
  readonly #entries: Partial<Record<SectionName, TraceEntry[]>> = {};
  #section: SectionName = 'inbound';
  #count = 0;
  #size = 0;
  #full = false;

  constructor(exchange: Exchange, masks: Masks) {
    this.#exchange = exchange;
    this.#shown = new Shown(exchange, masks);
    for (const data of firstEntries(exchange, this.#shown)) this.#add('api-inspector', data);
  }

  get document(): TraceDocument {
    const { deployment, requestId } = this.#exchange;
    return { serviceName: deployment.serviceName, traceId: requestId.replaceAll('-', ''), traceEntries: this.#entries };
  }

  /** The head of the answer goes out. */
  answering(): void {
    this.#add('transfer-response', { message: 'Response headers have been sent to the caller. Starting to stream the response body.' });
  }

  /** The whole answer is out. */
  complete(): void {
    this.#add('transfer-response', { message: 'Response body streaming to the caller is complete.' });
  }

  #told(event: ExchangeEvent): void {
    if (event.kind === 'section-started') {
      this.#section = event.section;
      return;
    }
    const entry = entryOf(event, this.#exchange, this.#shown);
    if (entry) this.#add(entry.source, entry.data);
  }

  #add(source: string, data: unknown): void {
    if (this.#full) return;
    this.#count += 1;
    this.#size += JSON.stringify(data).length;
    this.#full = this.#count >= MOST_ENTRIES || this.#size > LARGEST_TRACE;
    if (this.#full) this.#push('api-inspector', { message: 'The trace is too large: what follows was left out.' });
    else this.#push(source, data);
  }

  #push(source: string, data: unknown): void {
    const { timestamp, elapsed } = this.#exchange;
    const entries = this.#entries[this.#section] ?? [];
    this.#entries[this.#section] = entries;
    entries.push({ source, timestamp: instant(timestamp + elapsed), elapsed: duration(elapsed), data });
  }
}

/** Seven digits behind the point, as .NET's round-trip format has them. */
function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${ticks(milliseconds)}Z`;
}

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${ticks(milliseconds)}`;
}

function ticks(milliseconds: number): string {
  return String(Math.floor((milliseconds % 1000) * 10_000)).padStart(7, '0');
}
