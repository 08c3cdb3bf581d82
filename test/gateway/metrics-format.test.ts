/** The page of `/metrics`, read as strictly as Prometheus and `promtool check metrics` do. */
import { afterEach, describe, expect, it, test } from 'vitest';
import { Counter, expose, type Family, Histogram, reading, Summaries } from '../../src/gateway/metrics/registry.ts';
import { ordersApi, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

interface Line {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

const SUFFIXES: Readonly<Record<string, RegExp>> = {
  histogram: /^(?:_bucket|_sum|_count)$/,
  summary: /^(?:_sum|_count)$/,
  counter: /^$/,
  gauge: /^$/,
};

/** Throws at whatever the format does not allow (exposition format 0.0.4). */
function lines(page: string): Line[] {
  const found: Line[] = [];
  const seen = new Set<string>();
  let [family, type] = ['', ''];
  let helped = '';
  expect(page.endsWith('\n')).toBe(true);
  for (const text of page.slice(0, -1).split('\n')) {
    const help = /^# HELP ([A-Za-z_:][\w:]*) \S.*$/.exec(text);
    const typed = /^# TYPE ([A-Za-z_:][\w:]*) (counter|gauge|histogram|summary)$/.exec(text);
    if (help) {
      helped = help[1] ?? '';
      expect(seen.has(`# ${helped}`), `${helped} stands twice`).toBe(false);
      seen.add(`# ${helped}`);
    } else if (typed) {
      [, family = '', type = ''] = typed;
      expect(family).toBe(helped);
    } else {
      const line = lineOf(text);
      expect(line.name.startsWith(family) && SUFFIXES[type]?.test(line.name.slice(family.length)), text).toBe(true);
      const series = JSON.stringify([line.name, [...line.labels].sort()]);
      expect(seen.has(series), `${text} stands twice`).toBe(false);
      seen.add(series);
      found.push(line);
    }
  }
  return found;
}

function lineOf(text: string): Line {
  const [, name = '', list = '', value = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? ([+-]?(?:Inf|\d[\d.e+-]*)|NaN)$/.exec(text) ?? [];
  expect(name, `no line: ${text}`).not.toBe('');
  const labels = [...list.matchAll(/([A-Za-z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g)].map((match): [string, string] => [
    match[1] ?? '',
    match[2] ?? '',
  ]);
  expect(labels.map(([label, one]) => `${label}="${one}"`).join(',')).toBe(list);
  expect(new Set(labels.map(([label]) => label)).size, `a label stands twice: ${text}`).toBe(labels.length);
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

/** Buckets go up and end where `_count` is. */
function distributionsAreWhole(found: readonly Line[]): void {
  for (const count of found.filter(({ name }) => name.endsWith('InMS_count'))) {
    const base = JSON.stringify(count.labels);
    const buckets = found.filter(
      ({ name, labels }) => name === count.name.replace('_count', '_bucket') && JSON.stringify(labels.slice(0, -1)) === base,
    );
    expect(buckets.at(-1)?.labels.at(-1)).toEqual(['le', '+Inf']);
    expect(buckets.at(-1)?.value).toBe(count.value);
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  }
}

const page = (...families: readonly Family[]) => lines(expose(families));

test.each([
  ['quotes', 'a"b', 'a\\"b'],
  ['backslashes', 'a\\b\\', 'a\\\\b\\\\'],
  ['line breaks', 'a\nb', 'a\\nb'],
  ['what ends a label', '",evil="1"} 5', '\\",evil=\\"1\\"} 5'],
  ['long texts, cut', 'x'.repeat(5000), 'x'.repeat(120)],
])('label values: %s', (_name, value, written) => {
  const counter = new Counter('c_total', 'C.', ['a', 'b']);
  counter.add([value, 'z']);
  expect(page(counter.family())[0]?.labels).toEqual([
    ['a', written],
    ['b', 'z'],
  ]);
});

test('names of policies become names that are allowed, and labels that fall together stay apart', () => {
  const summaries = new Summaries();
  summaries.add('Orders sold (€)', { 'my-kind': '1', my_kind: '2', 'my kind': '3', '2nd': '4', __name__: '5' }, Number.POSITIVE_INFINITY);
  summaries.add('other', {}, Number.NEGATIVE_INFINITY);
  const found = page(...summaries.families());
  expect(found.map(({ name, value }) => [name, value])).toEqual([
    ['custom_Orders_sold_____sum', Number.POSITIVE_INFINITY],
    ['custom_Orders_sold_____count', 1],
    ['custom_other_sum', Number.NEGATIVE_INFINITY],
    ['custom_other_count', 1],
  ]);
  expect(found[0]?.labels.map(([name]) => name)).toEqual(['my_kind', 'my_kind_2', 'my_kind_3', 'l_2nd', 'l___name__']);
});

test.each([
  [
    'a counter',
    () => new Counter('c_total', 'C.', ['a']),
    (metric: Counter | Histogram, label: string) => (metric as Counter).add([label]),
  ],
  [
    'a histogram',
    () => new Histogram('h', 'H.', ['a'], [1]),
    (metric: Counter | Histogram, label: string) => (metric as Histogram).observe([label], 1),
  ],
])('what callers choose does not fill the memory: %s', (_name, make, add) => {
  const metric = make();
  for (let at = 0; at < 6000; at += 1) add(metric, `value-${at}`);
  const labels = new Set(metric.family().samples.map((sample) => sample.labels[0]?.[1]));
  expect(labels.size).toBe(5001);
  expect(labels.has('(other)')).toBe(true);
});

test('what policies measure is bounded, too', () => {
  const summaries = new Summaries();
  for (let at = 0; at < 6000; at += 1) summaries.add(`metric ${at % 10}`, { at: String(at) }, 1);
  const samples = summaries.families().flatMap((family) => family.samples);
  expect(samples.length).toBe(2 * 5001);
});

test('families without a line are left out', () => {
  expect(expose([reading('empty', 'gauge', 'Nothing.', [])])).toBe('');
});

describe('a gateway', () => {
  it('has a page without a fault, whatever callers send', async () => {
    const inbound =
      '<emit-metric name="m" namespace="n&quot;s"><dimension name="a b" value="@(context.Request.Headers.GetValueOrDefault(&quot;X&quot;,&quot;&quot;))" /><dimension name="a-b" value="x" /></emit-metric>' +
      '<choose><when condition="@(context.Request.MatchedParameters[&quot;id&quot;] == &quot;bad&quot;)"><set-variable name="x" value="@(int.Parse(&quot;x&quot;))" /></when></choose>';
    const backend = await stage.backend((_request, response) => response.end());
    const yaml = `backends: { one: "${backend}" }\ntelemetry: { otlp: "http://127.0.0.1:1" }\n`;
    const running = await stage.gateway(
      { ...ordersApi(inbound, { subscriptionRequired: false }), 'portico.yaml': yaml },
      { backend, opsPort: 0 },
    );
    for (const path of ['/orders/7', '/orders/bad', '/orders/"quoted"', '/none', '/%0A'])
      await (await fetch(running.address + path, { headers: { X: 'a"b\\' } })).text();
    const answer = await fetch(`${running.opsAddress}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const found = lines(await answer.text());
    distributionsAreWhole(found);
    for (const name of ['Requests', 'DurationInMS_count', 'BackendDurationInMS_count', 'ClientDurationInMS_count', 'portico_backend_up'])
      expect(found.map((line) => line.name)).toContain(name);
  });

  it('shows backends with their circuit breakers, and no credential', async () => {
    const failing = await stage.backend((_request, response) => response.writeHead(503, { 'Retry-After': '60' }).end());
    const rule = '{ failure-condition: { count: 1, interval: PT1M, status-code-ranges: [{ min: 500, max: 599 }] }, trip-duration: PT1M }';
    const yaml = `backends: { crm: { url: "${failing}?code=secret-code", circuit-breaker: ${rule} }, spare: "${failing}", all: { pool: { services: [crm, spare] } } }\n`;
    const files = { ...ordersApi('<set-backend-service backend-id="crm" />', { subscriptionRequired: false }), 'portico.yaml': yaml };
    const running = await stage.gateway(files, { opsPort: 0 });
    await (await fetch(`${running.address}/orders/1`)).text();
    const { backends } = (await (await fetch(`${running.opsAddress}/backends`)).json()) as {
      backends: { id: string; openUntil: number | null }[];
    };
    const [crm, spare, all] = backends;
    expect(crm).toMatchObject({ id: 'crm', state: 'open', calls: 1, failed: 1, openIn: 1, workers: 1 });
    expect(crm?.openUntil).toBeGreaterThan(Date.now());
    expect(spare).toMatchObject({ state: 'closed', openUntil: null });
    expect(all).toMatchObject({
      kind: 'pool',
      state: 'closed',
      members: [
        { id: 'crm', state: 'open' },
        { id: 'spare', state: 'closed' },
      ],
    });
    expect(JSON.stringify(backends)).not.toContain('secret-code');
  });
});
