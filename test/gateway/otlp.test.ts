/** Metrics and logs to a collector, and collectors that behave badly. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { OtlpQueue } from '../../src/gateway/telemetry/otlp-queue.ts';
import { OtlpSender } from '../../src/gateway/telemetry/otlp-sender.ts';
import type { Host, OutgoingRequest } from '../../src/host/host.ts';
import { ordersApi, policy, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly aggregationTemporality: number; readonly isMonotonic: boolean };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[]; readonly aggregationTemporality: number };
}

interface LogRecord {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly Attribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly spans: { readonly traceId: string; readonly spanId: string; readonly kind: number }[];
  /** One list a report. */
  readonly reports: Metric[][];
  readonly logs: LogRecord[];
  readonly resources: unknown[];
}

/** A collector; `answer` may answer in its place. */
async function collect(answer?: (request: IncomingMessage, response: ServerResponse) => boolean) {
  const received: Received & { headers: IncomingMessage['headers'] } = { headers: {}, spans: [], reports: [], logs: [], resources: [] };
  const address = await stage.backend((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (answer?.(request, response)) return;
      received.headers = request.headers;
      const bytes = Buffer.concat(chunks);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes).toString() : bytes.toString();
      const message = JSON.parse(text) as Record<string, readonly { resource: unknown; [scopes: string]: unknown }[]>;
      const [group] = Object.values(message)[0] ?? [];
      received.resources.push(group?.resource);
      const scopes = group?.scopeSpans ?? group?.scopeMetrics ?? group?.scopeLogs ?? [];
      const [scope = {}] = scopes as readonly Record<string, unknown[]>[];
      const { spans = [], metrics, logRecords = [] } = scope;
      received.spans.push(...(spans as Received['spans']));
      if (metrics) received.reports.push(metrics as Metric[]);
      received.logs.push(...(logRecords as LogRecord[]));
      response.end('{}');
    });
  });
  return { address, received };
}

function attributes(list: readonly Attribute[] | undefined): Record<string, unknown> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

const variables = (values: Readonly<Record<string, string>>) => (name: string) => values[name];

const KEYS = `subscriptions:
  - { id: dev, primary-key: key-of-dev }
named-values: { backend-key: { value: s3cr3t-value, secret: true } }
`;

describe('metrics', () => {
  it('are those of /metrics, cumulative, with units and buckets', async () => {
    const { address, received } = await collect();
    const backend = await stage.backend((_request, response) => response.end());
    const inbound = '<emit-metric name="Orders sold" namespace="shop" value="2.5"><dimension name="Kind" value="a" /></emit-metric>';
    const yaml = `telemetry: { otlp: "${address}", metrics: { interval-ms: 60000 }, service-name: front }\n`;
    const running = await stage.gateway({ ...ordersApi(inbound, { subscriptionRequired: false }), 'portico.yaml': yaml }, { backend });
    for (let at = 0; at < 3; at += 1) await (await fetch(`${running.address}/orders/1`)).text();
    await running.stop();
    expect(received.reports).toHaveLength(1);
    const byName = new Map(received.reports[0]?.map((metric) => [metric.name, metric]));
    const requests = byName.get('Requests');
    expect([requests?.sum?.isMonotonic, requests?.sum?.aggregationTemporality, requests?.unit]).toEqual([true, 2, '1']);
    const [point] = requests?.sum?.dataPoints ?? [];
    expect([point?.asInt, attributes(point?.attributes)]).toEqual(['3', { api: 'orders', operation: 'get-order', status: '200' }]);
    expect(Number(point?.timeUnixNano)).toBeGreaterThan(Number(point?.startTimeUnixNano));
    const [duration] = byName.get('DurationInMS')?.histogram?.dataPoints ?? [];
    expect([byName.get('DurationInMS')?.unit, duration?.count, duration?.explicitBounds?.length]).toEqual(['ms', '3', 11]);
    expect(duration?.bucketCounts).toHaveLength(12);
    expect(duration?.bucketCounts?.reduce((sum, count) => sum + Number(count), 0)).toBe(3);
    const [emitted] = byName.get('custom_Orders_sold')?.histogram?.dataPoints ?? [];
    expect([emitted?.count, emitted?.sum, attributes(emitted?.attributes)]).toEqual(['3', 7.5, { namespace: 'shop', Kind: 'a' }]);
    expect(byName.get('process_resident_memory_bytes')).toMatchObject({ unit: 'By', gauge: { dataPoints: [expect.anything()] } });
    expect(attributes((received.resources[0] as { attributes: Attribute[] }).attributes)).toMatchObject({
      'service.name': 'front',
      'telemetry.sdk.language': 'nodejs',
    });
  });

  it('count from report to report where the variable asks for it', async () => {
    const { address, received } = await collect();
    const backend = await stage.backend((_request, response) => response.end());
    const environment = variables({
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${address}/v1/metrics`,
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    });
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend, environment });
    await (await fetch(running.address)).text();
    const counted = () =>
      received.reports.flatMap((report) => {
        const sum = report.find(({ name }) => name === 'Requests')?.sum;
        return sum ? [[sum.aggregationTemporality, sum.dataPoints[0]?.asInt]] : [];
      });
    await expect.poll(() => counted().length, { timeout: 3000 }).toBeGreaterThan(1);
    await running.stop();
    expect(counted().slice(0, 2)).toEqual([
      [1, '1'],
      [1, '0'],
    ]);
    expect(received.spans).toEqual([]);
  });
});

describe('logs', () => {
  it('carry the ids of the span, the names of the access log, and no secret', async () => {
    const { address, received } = await collect();
    const backend = await stage.backend((_request, response) => response.end());
    const inbound =
      '<trace source="t" severity="error"><message>@("key {{backend-key}} and " + context.Request.Headers.GetValueOrDefault("Authorization",""))</message></trace>';
    const files = { ...ordersApi(inbound, { subscriptionRequired: true }), 'portico.yaml': KEYS };
    const environment = variables({
      OTEL_EXPORTER_OTLP_ENDPOINT: address,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=gateways',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_METRICS_EXPORTER: 'none',
    });
    const lines: string[] = [];
    const running = await stage.gateway(files, { backend, environment, log: (line) => lines.push(line) });
    const headers = { Authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl', Cookie: 'session=cookie-value' };
    await (await fetch(`${running.address}/orders/7?subscription-key=key-of-dev`, { headers })).text();
    await (await fetch(`${running.address}/orders/7?subscription-key=wrong`)).text();
    await running.stop();
    const texts = received.logs.map(({ severityText, body }) => `${severityText} ${body.stringValue}`);
    expect(texts).toEqual(['ERROR key **** and Bearer eyJ****', 'INFO GET /orders/7 200', 'WARN GET /orders/7 401']);
    const [, access] = received.logs;
    const span = received.spans.find(({ kind }) => kind === 2);
    expect([access?.traceId, access?.spanId, access?.severityNumber]).toEqual([span?.traceId, span?.spanId, 9]);
    expect(attributes(access?.attributes)).toMatchObject({
      apiId: 'orders',
      operationId: 'get-order',
      responseCode: '200',
      apimSubscriptionId: 'dev',
    });
    expect(received.headers['x-team']).toBe('gateways');
    const all = JSON.stringify(received) + lines.join('');
    expect(all).not.toMatch(/s3cr3t-value|key-of-dev|eyJhbGci|cookie-value/);
    expect(lines.join('')).toContain(`"traceId":"${span?.traceId}"`);
  });

  it('go out without a log on standard output, from the level on that holds', async () => {
    const { address, received } = await collect();
    const backend = await stage.backend((_request, response) => response.end());
    const yaml = `telemetry: { otlp: "${address}", logs: on }\nlog: { level: warn }\n`;
    const running = await stage.gateway({ 'policy.xml': policy(), 'portico.yaml': yaml }, { backend });
    await (await fetch(running.address)).text();
    await (await fetch(`${running.address}/%00`)).text();
    await running.stop();
    expect(received.logs.filter(({ severityNumber }) => severityNumber < 13)).toEqual([]);
  });
});

describe('a collector that behaves badly', () => {
  it('is asked again after 503, and gets everything once', async () => {
    let refusals = 0;
    const { address, received } = await collect((_request, response) => {
      if (refusals > 0) return false;
      refusals += 1;
      response.writeHead(503, { 'Retry-After': '1' }).end();
      return true;
    });
    const sender = senderTo(address);
    const queue = new OtlpQueue(sender, (logRecords) => ({ resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords }] }] }));
    const began = performance.now();
    for (let at = 0; at < 600; at += 1) queue.add({ at });
    await expect.poll(() => received.logs.length, { timeout: 5000 }).toBeGreaterThanOrEqual(512);
    expect(performance.now() - began).toBeGreaterThan(950);
    await queue.close();
    expect([refusals, sender.figures]).toEqual([1, { taken: 600, dropped: 0 }]);
    expect(new Set(received.logs.map((record) => (record as unknown as { at: number }).at)).size).toBe(600);
  });

  it('that hangs slows no call and holds no stop up', async () => {
    const { address } = await collect(() => true);
    const backend = await stage.backend((_request, response) => response.end('ok'));
    const yaml = `telemetry: { otlp: "${address}", logs: on }\nops: 0\n`;
    const running = await stage.gateway({ 'policy.xml': policy(), 'portico.yaml': yaml }, { backend });
    for (let round = 0; round < 4; round += 1) {
      const answers = await Promise.all(Array.from({ length: 40 }, async () => (await fetch(running.address)).text()));
      expect(new Set(answers)).toEqual(new Set(['ok']));
    }
    expect(await (await fetch(`${running.opsAddress}/metrics`)).text()).toMatch(/^portico_telemetry_dropped_total\{signal="traces"\} 0$/m);
    const began = performance.now();
    await running.stop();
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('that hangs fills no memory: what comes beyond the bound is dropped and counted', async () => {
    const { address } = await collect(() => true);
    const sender = senderTo(address);
    const queue = new OtlpQueue(sender, (records) => ({ records }));
    for (let at = 0; at < 5000; at += 1) queue.add({ at });
    expect(sender.figures).toEqual({ taken: 0, dropped: 5000 - 4096 });
    await queue.close();
    expect(sender.figures).toEqual({ taken: 0, dropped: 5000 });
  });

  it('that refuses for good is not asked again, and what is lost is counted', async () => {
    let asked = 0;
    const { address } = await collect((_request, response) => {
      asked += 1;
      response.writeHead(400).end();
      return true;
    });
    const sender = senderTo(address);
    const queue = new OtlpQueue(sender, (records) => ({ records }));
    for (let at = 0; at < 600; at += 1) queue.add({ at });
    await queue.close();
    expect([asked, sender.figures]).toEqual([2, { taken: 0, dropped: 600 }]);
  });
});

/** With Node's own client in place of the host's. */
function senderTo(address: string): OtlpSender {
  const send = async ({ origin, path, method, headers, body }: OutgoingRequest) => {
    const pairs = Array.from({ length: headers.length / 2 }, (_, at): [string, string] => [
      headers[2 * at] ?? '',
      headers[2 * at + 1] ?? '',
    ]);
    const answer = await fetch(origin + path, {
      method,
      headers: pairs.filter(([name]) => name !== 'Host'),
      body: body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.timeout(300),
    });
    await answer.text();
    return { status: answer.status, reason: '', headers: [...answer.headers].flat(), body: null } as unknown as Awaited<
      ReturnType<Host['send']>
    >;
  };
  const host = { send, log: () => {}, now: Date.now, randomBytes: (count: number) => new Uint8Array(count) };
  return new OtlpSender('logs', { url: new URL(`${address}/v1/logs`), headers: [], timeout: 1000, gzip: false }, host);
}
