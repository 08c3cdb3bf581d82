/** The metrics of `/metrics` as OTLP: `/v1/metrics`, one report an interval. */
import type { Family, Labels, Sample } from '../metrics/registry.ts';
import type { OtlpSender } from './otlp-sender.ts';
import { nanoseconds, type OtlpSource, otlpAttributes } from './otlp-values.ts';

/** opentelemetry-proto, AggregationTemporality. */
const TEMPORALITY = { delta: 1, cumulative: 2 } as const;

export interface OtlpMetricsOptions {
  readonly sender: OtlpSender;
  readonly source: OtlpSource;
  readonly now: () => number;
  /** Milliseconds between two reports. */
  readonly interval: number;
  readonly temporality: keyof typeof TEMPORALITY;
  /** Since when what is read counts, in milliseconds since 1970. */
  readonly startedAt: number;
  /** What this process has counted. */
  readonly read: () => Promise<readonly Family[]>;
}

export class OtlpMetrics {
  readonly #options: OtlpMetricsOptions;
  readonly #timer: NodeJS.Timeout;
  /** For delta: what was counted up to the last report. */
  readonly #before = new Map<string, number>();
  #since: number;
  #sending: Promise<void> | undefined;

  constructor(options: OtlpMetricsOptions) {
    this.#options = options;
    this.#since = options.startedAt;
    this.#timer = setInterval(() => this.#report(), options.interval).unref();
  }

  /** With a last report. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    this.#report();
    await this.#sending;
  }

  /** A report that takes longer than the interval is not overtaken. */
  #report(): void {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    const { sender, source, now, read, temporality } = this.#options;
    const at = now();
    const families = (await read()).filter(({ samples }) => samples.length > 0);
    const times = { startTimeUnixNano: nanoseconds(this.#since), timeUnixNano: nanoseconds(at) };
    if (temporality === 'delta') this.#since = at;
    const metrics = families.map((family) => this.#metricOf(family, times));
    const { resource, scope } = source;
    const outcome = await sender.post({ resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }, metrics.length);
    if (typeof outcome === 'object') sender.drop(metrics.length);
  }

  #metricOf({ name, help, type, samples }: Family, times: object): unknown {
    const about = { name, description: help, unit: unitOf(name) };
    if (type === 'gauge')
      return { ...about, gauge: { dataPoints: samples.map((sample) => numberPoint(sample.labels, sample.value, times)) } };
    const aggregationTemporality = TEMPORALITY[this.#options.temporality];
    if (type === 'counter') {
      const dataPoints = samples.map((sample) => numberPoint(sample.labels, this.#counted(name, sample), times));
      return { ...about, sum: { dataPoints, aggregationTemporality, isMonotonic: true } };
    }
    const dataPoints = distributions(
      samples.map((sample) => ({ ...sample, value: this.#counted(name, sample) })),
      times,
    );
    return { ...about, histogram: { dataPoints, aggregationTemporality } };
  }

  /** Since the start, or since the last report. */
  #counted(name: string, { suffix, labels, value }: Sample): number {
    if (this.#options.temporality === 'cumulative') return value;
    const key = JSON.stringify([name, suffix, labels]);
    const before = this.#before.get(key) ?? 0;
    this.#before.set(key, value);
    return value - before;
  }
}

function unitOf(name: string): string {
  if (name.endsWith('InMS')) return 'ms';
  if (name.endsWith('_bytes')) return 'By';
  return /_seconds(?:_total)?$/.test(name) ? 's' : '1';
}

function numberPoint(labels: Labels, value: number, times: object): unknown {
  const number = Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value };
  return { attributes: otlpAttributes(Object.fromEntries(labels)), ...times, ...number };
}

/** The lines of one series follow each other: buckets, which add up, then `_sum` and `_count`. */
function distributions(samples: readonly Sample[], times: object): unknown[] {
  const points: unknown[] = [];
  let bounds: number[] = [];
  let buckets: number[] = [];
  let sum = 0;
  for (const { suffix, labels, value } of samples) {
    if (suffix === '_bucket') {
      bounds.push(Number(labels.at(-1)?.[1]));
      buckets.push(value);
    } else if (suffix === '_sum') sum = value;
    else {
      const counts = buckets.map((count, at) => String(count - (buckets[at - 1] ?? 0)));
      const shape = counts.length === 0 ? {} : { bucketCounts: counts, explicitBounds: bounds.filter(Number.isFinite) };
      points.push({ attributes: otlpAttributes(Object.fromEntries(labels)), ...times, count: String(value), sum, ...shape });
      [bounds, buckets] = [[], []];
    }
  }
  return points;
}
