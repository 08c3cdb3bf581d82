/**
 * Counters, gauges and histograms in the text format that Prometheus reads (exposition format 0.0.4). Series are made as
 * their labels appear, up to a bound: what callers choose must not fill the memory, so whatever comes later shares one series.
 */

/** Names and values; those without a value are left out. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** One line of a family: what follows its name, its labels, its value. */
export interface Sample {
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly samples: readonly Sample[];
}

/** Series that one metric may have. */
const MOST_SERIES = 5000;

/** Characters that a label value may have. */
const LONGEST_LABEL = 120;

/** Stands for every label value of the series that come after the last one. */
const OTHER = '(other)';

/** Series of one metric, by their label values. */
abstract class Metric<T> {
  readonly name: string;
  readonly help: string;
  readonly #labelNames: readonly string[];
  readonly #series = new Map<string, { readonly labels: readonly string[]; readonly state: T }>();

  constructor(name: string, help: string, labelNames: readonly string[]) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
  }

  abstract family(): Family;
  protected abstract fresh(): T;

  protected state(labels: readonly string[]): T {
    const key = labels.length === 1 ? (labels[0] ?? '') : labels.join('\n');
    const found = this.#series.get(key);
    if (found) return found.state;
    return this.#add(key, labels);
  }

  protected *states(): Iterable<readonly [labels: Labels, state: T]> {
    for (const { labels, state } of this.#series.values()) yield [labelled(this.#labelNames, labels), state];
  }

  #add(key: string, labels: readonly string[]): T {
    if (this.#series.size >= MOST_SERIES && key !== this.#overflow()) return this.state(this.#labelNames.map(() => OTHER));
    const state = this.fresh();
    this.#series.set(key, { labels, state });
    return state;
  }

  #overflow(): string {
    return this.#labelNames.map(() => OTHER).join('\n');
  }
}

interface Total {
  value: number;
}

export class Counter extends Metric<Total> {
  add(labels: readonly string[], by = 1): void {
    this.state(labels).value += by;
  }

  family(): Family {
    const samples = Array.from(this.states(), ([labels, { value }]): Sample => ({ suffix: '', labels, value }));
    return { name: this.name, help: this.help, type: 'counter', samples };
  }

  protected fresh(): Total {
    return { value: 0 };
  }
}

interface Distribution {
  /** By bucket, each alone; the last is above all bounds. */
  readonly counts: number[];
  sum: number;
  count: number;
}

export class Histogram extends Metric<Distribution> {
  readonly #bounds: readonly number[];

  constructor(name: string, help: string, labelNames: readonly string[], bounds: readonly number[]) {
    super(name, help, labelNames);
    this.#bounds = bounds;
  }

  observe(labels: readonly string[], value: number): void {
    const state = this.state(labels);
    let at = 0;
    while (at < this.#bounds.length && value > (this.#bounds[at] ?? 0)) at += 1;
    state.counts[at] = (state.counts[at] ?? 0) + 1;
    state.sum += value;
    state.count += 1;
  }

  family(): Family {
    const samples = [...this.states()].flatMap(([labels, state]) => this.#samplesOf(labels, state));
    return { name: this.name, help: this.help, type: 'histogram', samples };
  }

  protected fresh(): Distribution {
    return { counts: new Array(this.#bounds.length + 1).fill(0), sum: 0, count: 0 };
  }

  #samplesOf(labels: Labels, { counts, sum, count }: Distribution): Sample[] {
    let total = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, at): Sample => {
      total += counts[at] ?? 0;
      return { suffix: '_bucket', labels: [...labels, ['le', numberText(bound)]], value: total };
    });
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }];
  }
}

interface Summary {
  readonly labels: Labels;
  sum: number;
  count: number;
}

/** Sum and count of what policies measure; label names differ from call to call. */
export class Summaries {
  readonly #byName = new Map<string, Map<string, Summary>>();
  #series = 0;

  add(name: string, labels: Readonly<Record<string, string>>, value: number): void {
    const state = this.#state(metricName(name), labelled(distinct(Object.keys(labels).map(labelName)), Object.values(labels)));
    state.sum += value;
    state.count += 1;
  }

  families(): Family[] {
    return Array.from(this.#byName, ([name, series]) => ({
      name,
      help: 'Values of emit-metric and of token metrics.',
      type: 'summary',
      samples: Array.from(series.values()).flatMap(({ labels, sum, count }): Sample[] => [
        { suffix: '_sum', labels, value: sum },
        { suffix: '_count', labels, value: count },
      ]),
    }));
  }

  #state(name: string, labels: Labels): Summary {
    const key = labelText(labels);
    const found = this.#byName.get(name)?.get(key);
    if (found) return found;
    if (this.#series >= MOST_SERIES && name !== OVERFLOW) return this.#state(OVERFLOW, []);
    this.#series += 1;
    const series = this.#byName.get(name) ?? new Map<string, Summary>();
    this.#byName.set(name, series);
    const state = { labels, sum: 0, count: 0 };
    series.set(key, state);
    return state;
  }
}

const OVERFLOW = 'custom_other';

/** A name that Prometheus takes; those of policies stand behind `custom_`, so that they hide none of the gateway's. */
function metricName(name: string): string {
  return `custom_${name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, LONGEST_LABEL)}`;
}

function labelName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, LONGEST_LABEL);
  return /^[A-Za-z_]/.test(plain) && !plain.startsWith('__') ? plain : `l_${plain}`;
}

/** Names that differ where they come from may not differ any more: a page that names a label twice is not read at all. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let one = name;
    for (let number = 2; seen.has(one); number += 1) one = `${name}_${number}`;
    seen.add(one);
    return one;
  });
}

/** A family of numbers that are read when somebody asks. */
export function reading(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[],
): Family {
  const samples = values.map(
    ([labels, value]): Sample => ({ suffix: '', labels: labelled(Object.keys(labels), Object.values(labels)), value }),
  );
  return { name, help, type, samples };
}

function labelled(names: readonly string[], values: readonly string[]): Labels {
  return names.flatMap((name, at) => {
    const value = values[at] ?? '';
    return value === '' ? [] : [[name, value.slice(0, LONGEST_LABEL)] as const];
  });
}

/** `{api="orders"}`, or empty. */
function labelText(labels: Labels): string {
  return labels.length === 0 ? '' : `{${labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** The families as one page; empty ones are left out. */
export function expose(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ suffix, labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

/** States that every process has for itself: the worst is shown, and the earliest start. */
function joinOf(name: string): (a: number, b: number) => number {
  if (/_(?:up|keys|start_time_seconds)$/.test(name)) return Math.min;
  if (name.endsWith('_utilization')) return Math.max;
  return (a, b) => a + b;
}

/** What several processes measured, added up. */
export function addedUp(pages: readonly (readonly Family[])[]): Family[] {
  const families = new Map<string, { readonly family: Family; readonly samples: Map<string, Sample> }>();
  for (const family of pages.flat()) {
    const { samples } = families.get(family.name) ?? { samples: new Map<string, Sample>() };
    const join = joinOf(family.name);
    for (const sample of family.samples) {
      const key = sample.suffix + labelText(sample.labels);
      const before = samples.get(key);
      samples.set(key, before ? { ...sample, value: join(sample.value, before.value) } : sample);
    }
    families.set(family.name, { family, samples });
  }
  return Array.from(families.values(), ({ family, samples }) => ({ ...family, samples: [...samples.values()] }));
}
