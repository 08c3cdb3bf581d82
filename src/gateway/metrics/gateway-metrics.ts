/**
 * What the gateway counts about its calls. Names are those of the self-hosted gateway where it has them (gateway-model,
 * section 16); the rest begin with `portico_`. Durations are in milliseconds, as there.
 */
import type { Exchange } from '../../exchange/exchange.ts';
import type { CacheAnswer, HostCache, HostSinks } from '../../host/host.ts';
import { Counter, type Family, Histogram, Summaries } from './registry.ts';

/** Upper bounds in milliseconds: the default of `observability.opentelemetry.histogram.buckets`. */
const BUCKETS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** Policies that refuse because a limit is reached. */
const LIMITS: ReadonlySet<string> = new Set([
  'rate-limit',
  'rate-limit-by-key',
  'quota',
  'quota-by-key',
  'limit-concurrency',
  'llm-token-limit',
  'azure-openai-token-limit',
]);

const STATUS_CLASSES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'];

export class GatewayMetrics {
  readonly #requests = new Counter('Requests', 'Calls that were answered.', ['api', 'operation', 'product', 'status']);
  readonly #duration = new Histogram('DurationInMS', 'Milliseconds until the answer was ready.', ['api', 'operation', 'status'], BUCKETS);
  readonly #backend = new Histogram(
    'BackendDurationInMS',
    'Milliseconds until the backend had sent its head.',
    ['api', 'operation', 'status'],
    BUCKETS,
  );
  readonly #client = new Histogram(
    'ClientDurationInMS',
    'Milliseconds between the answer being ready and the caller having it.',
    ['api', 'operation'],
    BUCKETS,
  );
  readonly #failures = new Counter('portico_policy_failures_total', 'Calls that went to on-error.', ['source', 'reason']);
  readonly #refused = new Counter('portico_limits_refused_total', 'Calls that a limit refused.', ['policy', 'api']);
  readonly #caches = new Counter('portico_cache_requests_total', 'Questions to caches.', ['result']);
  readonly #broken = new Counter('portico_refused_requests_total', 'Requests that were refused before they became calls.', ['status']);
  readonly #loads = new Counter('portico_loads_total', 'Loads of the policy directory.', ['result']);
  readonly #emitted = new Summaries();
  #faults = 0;

  /** A call's answer is ready. */
  answered(exchange: Exchange, status: number, milliseconds: number): void {
    const api = exchange.api?.id ?? '';
    const operation = exchange.operation?.id ?? '';
    this.#requests.add([api, operation, exchange.product?.id ?? '', String(status)]);
    this.#duration.observe([api, operation, classOf(status)], milliseconds);
    if (exchange.lastError) this.#failed(exchange.lastError.source, exchange.lastError.reason ?? '', api);
  }

  /** The answer is out, or the connection broke. */
  sent(exchange: Exchange, milliseconds: number): void {
    this.#client.observe([exchange.api?.id ?? '', exchange.operation?.id ?? ''], milliseconds);
  }

  /** A backend has sent its head (0: it never did). */
  backendAnswered(exchange: Exchange, status: number, milliseconds: number): void {
    this.#backend.observe([exchange.api?.id ?? '', exchange.operation?.id ?? '', classOf(status)], milliseconds);
  }

  /** Bytes that were no call: heads too long, broken HTTP, callers that are too slow. */
  refused(status: number): void {
    this.#broken.add([String(status)]);
  }

  loaded(taken: boolean): void {
    this.#loads.add([taken ? 'taken' : 'refused']);
  }

  /** An error of the gateway itself. */
  faulted(): void {
    this.#faults += 1;
  }

  families(): Family[] {
    const faults: Family = {
      name: 'portico_internal_errors_total',
      help: 'Calls that failed inside the gateway.',
      type: 'counter',
      samples: [{ suffix: '', labels: [], value: this.#faults }],
    };
    const counted = [this.#requests, this.#duration, this.#backend, this.#client, this.#failures, this.#refused, this.#caches];
    return [...[...counted, this.#broken, this.#loads].map((metric) => metric.family()), faults, ...this.#emitted.families()];
  }

  /** The cache, counted. */
  cache(inner: HostCache): HostCache {
    const told = (answer: CacheAnswer): CacheAnswer => {
      this.#caches.add([answer.hit ? 'hit' : 'miss']);
      return answer;
    };
    return {
      get: (kind, key) => {
        const answer = inner.get(kind, key);
        return answer instanceof Promise ? answer.then(told) : told(answer);
      },
      set: (kind, key, value, seconds) => inner.set(kind, key, value, seconds),
      remove: (kind, key) => inner.remove(kind, key),
    };
  }

  /** The sinks, whose metrics are shown besides. */
  sinks(inner: HostSinks): HostSinks {
    return {
      record: (record, mask) => {
        if (record.kind === 'metric') this.#emit(record.namespace, record.name, record.value, record.dimensions, mask);
        return inner.record(record, mask);
      },
    };
  }

  #emit(
    namespace: string,
    name: string,
    value: number,
    dimensions: Readonly<Record<string, string>>,
    mask: (text: string) => string,
  ): void {
    const labels = Object.entries(dimensions).map(([key, text]) => [key, mask(text)]);
    this.#emitted.add(name, { namespace, ...Object.fromEntries(labels) }, value);
  }

  #failed(source: string, reason: string, api: string): void {
    this.#failures.add([source, reason]);
    if (LIMITS.has(source)) this.#refused.add([source, api]);
  }
}

function classOf(status: number): string {
  return STATUS_CLASSES[Math.floor(status / 100)] ?? '0xx';
}
