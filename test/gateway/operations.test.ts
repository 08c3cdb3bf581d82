/** What those who run a gateway see: probes, metrics, logs, the level at run time. */

import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/gateway.ts';
import { ordersApi, policy, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const KEYS = `subscriptions:
  - { id: dev, primary-key: key-of-dev }
named-values: { backend-key: { value: s3cr3t-value, secret: true } }
`;

async function text(address: string, init?: RequestInit): Promise<string> {
  return (await fetch(address, init)).text();
}

/** The number behind a metric's name and labels; 0 when there is no such line. */
function figure(page: string, line: string): number {
  const found = page.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

describe('probes', () => {
  it('say live and ready, and not ready while the gateway drains', async () => {
    let release: (() => void) | undefined;
    const backend = await stage.backend((_request, response) => (release = () => response.end('ok')));
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend, opsPort: 0 });
    const ops = running.opsAddress ?? '';
    expect(await text(`${ops}/healthz`)).toBe('ok\n');
    const ready = await fetch(`${ops}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { policies: 'loaded', draining: 'no', discovery: 'ok' } },
    ]);
    const call = fetch(running.address);
    await expect.poll(() => release).toBeDefined();
    const stopped = running.stop();
    await expect.poll(async () => (await fetch(`${ops}/readyz`)).status).toBe(503);
    release?.();
    expect((await call).status).toBe(200);
    await stopped;
  });

  it('say when what is on disk is not in service, and stay ready', async () => {
    const directory = stage.directory({ 'policy.xml': policy() });
    const running = await startGateway({ directory, port: 0, opsPort: 0 });
    stage.after(() => running.stop());
    const checks = async () => {
      const answer = await fetch(`${running.opsAddress}/readyz`);
      return [answer.status, ((await answer.json()) as { checks: { policies: string } }).checks.policies];
    };
    writeFileSync(join(directory, 'policy.xml'), policy('<set-heder />'));
    expect(await running.reload()).toBe(false);
    expect(await checks()).toEqual([200, expect.stringContaining('last good state')]);
    writeFileSync(join(directory, 'policy.xml'), policy());
    expect(await running.reload()).toBe(true);
    expect(await checks()).toEqual([200, 'loaded']);
  });

  it('are not there unless they are asked for', async () => {
    const running = await stage.gateway({ 'policy.xml': policy() });
    expect(running.opsAddress).toBeUndefined();
  });

  it.each([
    ['a port', 'ops: 0'],
    ['a mapping', 'ops: { port: 0, host: 127.0.0.1 }'],
  ])('are switched on in portico.yaml: %s', async (_name, yaml) => {
    const running = await stage.gateway({ 'policy.xml': policy(), 'portico.yaml': `${yaml}\n` });
    expect(await text(`${running.opsAddress}/livez`)).toBe('ok\n');
  });
});

describe('metrics', () => {
  it('count calls by API, operation and status, under the names of the self-hosted gateway', async () => {
    const backend = await stage.backend((request, response) => response.writeHead(request.method === 'POST' ? 503 : 200).end('x'));
    const running = await stage.gateway(
      { ...ordersApi('', { subscriptionRequired: true }), 'portico.yaml': KEYS },
      { backend, opsPort: 0 },
    );
    const headers = { 'Ocp-Apim-Subscription-Key': 'key-of-dev' };
    for (let at = 0; at < 3; at += 1) await text(`${running.address}/orders/${at}`, { headers });
    await text(`${running.address}/orders/1`, { headers, method: 'POST' });
    await text(`${running.address}/orders/1`);
    await text(`${running.address}/nothing`);
    const page = await text(`${running.opsAddress}/metrics`);
    expect(figure(page, 'Requests{api="orders",operation="get-order",status="200"}')).toBe(3);
    expect(figure(page, 'Requests{api="orders",operation="post-order",status="503"}')).toBe(1);
    expect(figure(page, 'Requests{status="404"}')).toBe(1);
    expect(figure(page, 'DurationInMS_count{api="orders",operation="get-order",status="2xx"}')).toBe(3);
    expect(figure(page, 'DurationInMS_bucket{api="orders",operation="get-order",status="2xx",le="+Inf"}')).toBe(3);
    expect(figure(page, 'BackendDurationInMS_count{api="orders",operation="post-order",status="5xx"}')).toBe(1);
    expect(figure(page, 'portico_policy_failures_total{source="authorization",reason="SubscriptionKeyNotFound"}')).toBe(1);
    expect(page).toMatch(/^# TYPE DurationInMS histogram$/m);
    for (const line of page.trimEnd().split('\n')) expect(line).toMatch(/^(#.*|[A-Za-z_]\w*(\{[^}]*\})? (\d[\d.e+-]*|\+Inf))$/);
  });

  it('show what limits refuse, what caches answer and what policies measure', async () => {
    const inbound =
      '<cache-lookup-value key="k" variable-name="v" /><cache-store-value key="k" value="1" duration="60" />' +
      '<emit-metric name="Orders sold" namespace="shop" value="2"><dimension name="Kind" value="a" /></emit-metric>' +
      '<rate-limit-by-key calls="2" renewal-period="60" counter-key="all" />';
    const backend = await stage.backend((_request, response) => response.end());
    const running = await stage.gateway(ordersApi(inbound, { subscriptionRequired: false }), { backend, opsPort: 0 });
    for (let at = 0; at < 3; at += 1) await text(`${running.address}/orders/1`);
    const page = await text(`${running.opsAddress}/metrics`);
    expect(figure(page, 'portico_limits_refused_total{policy="rate-limit-by-key",api="orders"}')).toBe(1);
    expect(figure(page, 'portico_cache_requests_total{result="hit"}')).toBe(2);
    expect(figure(page, 'portico_cache_requests_total{result="miss"}')).toBe(1);
    expect(figure(page, 'custom_Orders_sold_sum{namespace="shop",Kind="a"}')).toBe(6);
  });

  it('show backends and whether their circuit breakers are open', async () => {
    const failing = await stage.backend((_request, response) => response.writeHead(500).end());
    const yaml = `backends:
  crm:
    url: ${failing}
    circuit-breaker: { failure-condition: { count: 1, interval: PT1M, status-code-ranges: [{ min: 500, max: 599 }] }, trip-duration: PT1M }
`;
    const running = await stage.gateway(
      { 'policy.xml': policy('<set-backend-service backend-id="crm" />'), 'portico.yaml': yaml },
      { opsPort: 0 },
    );
    await text(running.address);
    const page = await text(`${running.opsAddress}/metrics`);
    expect(figure(page, 'portico_backend_up{backend="crm"}')).toBe(0);
    expect(figure(page, 'portico_backend_failures_total{backend="crm"}')).toBe(1);
  });
});

describe('the log', () => {
  it('follows the level that is set while the gateway runs', async () => {
    const lines: string[] = [];
    const backend = await stage.backend((_request, response) => response.end());
    const running = await stage.gateway(
      { 'policy.xml': policy('<trace source="t" severity="verbose"><message>seen</message></trace>') },
      { backend, opsPort: 0, log: (line) => lines.push(line) },
    );
    const level = `${running.opsAddress}/loglevel`;
    await text(running.address);
    expect(await (await fetch(level)).json()).toEqual({ level: 'info' });
    expect(await (await fetch(level, { method: 'PUT', body: '{"level":"debug"}' })).json()).toEqual({ level: 'debug' });
    await text(running.address);
    expect(await (await fetch(level, { method: 'PUT', body: 'error' })).json()).toEqual({ level: 'error' });
    await text(running.address);
    expect((await fetch(level, { method: 'PUT', body: '{"level":"loud"}' })).status).toBe(400);
    expect(running.toggleDebug()).toBe('debug');
    expect(running.toggleDebug()).toBe('error');
    await running.stop();
    const records = lines
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; level: string; time: string });
    expect(records.map(({ msg, level: at }) => `${at} ${msg}`)).toEqual(['info request', 'debug seen', 'info request']);
    for (const { time } of records) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('keeps secrets out, whatever a policy writes', async () => {
    const lines: string[] = [];
    const inbound =
      '<trace source="t" severity="error"><message>@("key {{backend-key}} and " + context.Request.Headers.GetValueOrDefault("Authorization",""))</message>' +
      '<metadata name="authorization" value="@(context.Request.Headers.GetValueOrDefault(&quot;Authorization&quot;,&quot;&quot;))" /></trace>';
    const backend = await stage.backend((_request, response) => response.end());
    const running = await stage.gateway(
      { 'policy.xml': policy(inbound), 'portico.yaml': KEYS },
      { backend, log: (line) => lines.push(line) },
    );
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
    await text(`${running.address}/?subscription-key=key-of-dev`, { headers: { Authorization: `Bearer ${token}` } });
    await running.stop();
    const log = lines.join('');
    expect(log).toContain('key **** and Bearer eyJ****');
    expect(log).not.toMatch(/s3cr3t-value|key-of-dev|eyJhbGci/);
  });

  it('is written for people when they ask for it', async () => {
    const lines: string[] = [];
    const backend = await stage.backend((_request, response) => response.end());
    const running = await stage.gateway({ 'policy.xml': policy() }, { backend, log: (line) => lines.push(line), logFormat: 'pretty' });
    await text(`${running.address}/a?b=c`);
    await running.stop();
    expect(lines.join('')).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}GET http:\/\/127\.0\.0\.1:\d+\/a 200 [\d.]+ ms correlationId=/);
  });
});

describe('the listener', () => {
  it.each([
    ['another site in a browser', { Origin: 'https://evil.example' }],
    ['a host name that was turned to this address', { Host: 'evil.example' }],
  ])('does what changes something for this machine only, not for %s', async (_name, headers) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { opsPort: 0, log: () => {} });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest(`${running.opsAddress}/loglevel`, { method: 'PUT', headers }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      asked.on('error', reject);
      asked.end('debug');
    });
    expect(status).toBe(403);
    expect(await (await fetch(`${running.opsAddress}/loglevel`)).json()).toEqual({ level: 'info' });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  it.skipIf(outside === undefined)('answers probes of other machines, and nothing else (skipped without a network)', async () => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { opsPort: 0, opsHost: '0.0.0.0' });
    const address = `http://${outside}:${new URL(running.opsAddress ?? '').port}`;
    expect([(await fetch(`${address}/metrics`)).status, (await fetch(`${address}/traces`)).status]).toEqual([200, 403]);
  });

  it.each([
    ['GET', '/nothing', 404],
    ['POST', '/metrics', 405],
    ['HEAD', '/metrics', 200],
  ])('%s %s gives %i', async (method, path, status) => {
    const running = await stage.gateway({ 'policy.xml': policy() }, { opsPort: 0 });
    expect((await fetch(running.opsAddress + path, { method })).status).toBe(status);
  });
});
