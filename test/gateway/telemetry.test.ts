/** Spans: W3C context passed on, our own OTLP export, the OpenTelemetry API of the user. */
import { afterEach, describe, expect, it } from 'vitest';
import { ApiSpans, loadOpenTelemetry } from '../../src/gateway/telemetry/otel-api.ts';
import { readTraceparent, writeTraceparent } from '../../src/gateway/telemetry/trace-context.ts';
import { ordersApi, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function start(more = '', inbound = '') {
  const spans: Span[] = [];
  const seen: (string | undefined)[] = [];
  const collector = await stage.backend((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const message = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      if (request.url === '/v1/traces') spans.push(...(message.resourceSpans[0]?.scopeSpans[0]?.spans ?? []));
      response.end('{}');
    });
  });
  const backend = await stage.backend((request, response) => {
    seen.push(String(request.headers.traceparent), String(request.headers.tracestate));
    response.writeHead(request.url === '/broken' ? 503 : 200).end();
  });
  const yaml = `telemetry: { otlp: "${collector}", ${more} }\n`;
  const running = await stage.gateway({ ...ordersApi(inbound, { subscriptionRequired: false }), 'portico.yaml': yaml }, { backend });
  return { running, spans, seen, backend };
}

const attribute = (span: Span | undefined, key: string) => Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];

describe('OTLP export', () => {
  it('sends the call, its sections and the backend call; the backend sees the span of its own call', async () => {
    const { running, spans, seen } = await start();
    await fetch(`${running.address}/orders/7?secret=1`, { headers: { traceparent: CALLER, tracestate: 'a=1' } });
    await running.stop();
    const byName = new Map(spans.map((span) => [span.name, span]));
    expect([...byName.keys()].sort()).toEqual(['GET', 'GET /orders/{id}', 'backend', 'inbound', 'outbound']);
    const root = byName.get('GET /orders/{id}');
    expect([root?.traceId, root?.parentSpanId, root?.kind]).toEqual(['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331', 2]);
    expect(byName.get('inbound')?.parentSpanId).toBe(root?.spanId);
    const call = byName.get('GET');
    expect([call?.parentSpanId, call?.kind]).toEqual([byName.get('backend')?.spanId, 3]);
    expect(seen).toEqual([`00-${root?.traceId}-${call?.spanId}-01`, 'a=1']);
    expect([attribute(root, 'http.response.status_code'), attribute(root, 'apim.api.id'), attribute(root, 'url.path')]).toEqual([
      '200',
      'orders',
      '/orders/7',
    ]);
    expect(JSON.stringify(spans)).not.toContain('secret');
    for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(startTimeUnixNano).toMatch(/^\d{19}$/);
      expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true);
    }
  });

  it('begins a trace when the caller has none, and records failures', async () => {
    const { running, spans, seen } = await start();
    await fetch(`${running.address}/orders/broken`);
    await running.stop();
    expect(seen[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(
      spans
        .filter(({ status }) => status.code === 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET', 'GET /orders/{id}']);
  });

  it('sends spans of calls that policies make', async () => {
    const other = await stage.backend((_request, response) => response.end());
    const { running, spans } = await start(
      '',
      `<send-request mode="new" response-variable-name="r"><set-url>${other}/side</set-url><set-method>GET</set-method></send-request>`,
    );
    await fetch(`${running.address}/orders/7`);
    await running.stop();
    const side = spans.find((span) => attribute(span, 'portico.policy') === 'send-request');
    expect([attribute(side, 'url.full'), side?.kind]).toEqual([`${other}/side`, 3]);
  });

  it.each([
    ['the caller has decided against it', '', CALLER.replace(/01$/, '00')],
    ['the share is 0', 'sample: 0', undefined],
  ])('records nothing when %s, and changes no header', async (_name, more, traceparent) => {
    const { running, spans, seen } = await start(more);
    await fetch(`${running.address}/orders/7`, { headers: traceparent === undefined ? {} : { traceparent } });
    await running.stop();
    expect([spans, seen[0]]).toEqual([[], String(traceparent)]);
  });

  it('loses spans, not calls, when the collector is away', async () => {
    const lines: string[] = [];
    const backend = await stage.backend((_request, response) => response.end('ok'));
    const files = { ...ordersApi('', { subscriptionRequired: false }), 'portico.yaml': 'telemetry: { otlp: "http://127.0.0.1:1" }\n' };
    const running = await stage.gateway(files, { backend, log: (line) => lines.push(line) });
    expect(await (await fetch(`${running.address}/orders/7`)).text()).toBe('ok');
    await running.stop();
    expect(lines.join('')).toContain('spans were lost');
  });
});

describe('the OpenTelemetry API', () => {
  it('without an SDK changes nothing', async () => {
    const backend = await stage.backend((request, response) => response.end(String(request.headers.traceparent)));
    const files = { ...ordersApi('', { subscriptionRequired: false }), 'portico.yaml': 'telemetry: { traces: on }\n' };
    const running = await stage.gateway(files, { backend });
    expect(await (await fetch(`${running.address}/orders/7`)).text()).toBe('undefined');
  });

  it('gets spans below the one that is given, with the time that is given', async () => {
    const api = await loadOpenTelemetry();
    const told: unknown[] = [];
    const span = {
      spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
      updateName: (name: string) => told.push(name),
      setAttributes: (attributes: object) => told.push(attributes),
      setStatus: (status: object) => told.push(status),
      end: (at: number) => told.push(at),
    };
    const tracer = { startSpan: (...args: unknown[]) => [told.push(args.slice(0, 2)), span][1] };
    const fake = {
      ...api,
      trace: Object.assign(Object.create(api.trace), { getTracer: () => tracer, setSpanContext: api.trace.setSpanContext.bind(api.trace) }),
    };
    const open = new ApiSpans(fake).start({ name: 'GET', kind: 'server', parent: readTraceparent(CALLER), startedAt: 5 });
    open.end(9, { a: 1 }, { name: 'GET /x', error: 'Timeout' });
    expect(open.context).toEqual({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true });
    expect(told).toEqual([['GET', { kind: 1, startTime: 5, attributes: {} }], 'GET /x', { a: 1 }, { code: 2, message: 'Timeout' }, 9]);
  });
});

describe('traceparent', () => {
  it.each([
    [CALLER, true],
    [CALLER.toUpperCase(), false],
    [`${CALLER}-more`, false],
    [CALLER.replace(/^00/, '01').concat('-more'), true],
    [CALLER.replace(/^00/, 'ff'), false],
    [CALLER.replace(/-[0-9a-f]{16}-/, '-0000000000000000-'), false],
    [CALLER.replace(/-[0-9a-f]{32}-/, `-${'0'.repeat(32)}-`), false],
    ['', false],
  ])('%s is valid: %s', (text, valid) => expect(readTraceparent(text) !== undefined).toBe(valid));

  it('is written as it is read', () => {
    const context = readTraceparent(CALLER);
    expect(context && writeTraceparent(context)).toBe(CALLER);
  });
});
