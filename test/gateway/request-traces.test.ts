/** Tracing as Azure does it: who gets a trace, where it is, what is in it and what never is. */
import { afterEach, describe, expect, it } from 'vitest';
import { DebugCredentials, plainId, secondsOf } from '../../src/gateway/azure-trace/credentials.ts';
import type { TraceDocument, TraceEntry } from '../../src/gateway/azure-trace/document.ts';
import { ordersApi, policy, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

const YAML = (more = '') => `subscriptions:
  - { id: dev, primary-key: key-of-dev, allow-tracing: true }
  - { id: guest, primary-key: key-of-guest }
named-values: { backend-key: { value: s3cr3t-value, secret: true } }
${more}`;

const INBOUND =
  '<set-header name="X-Key" exists-action="override"><value>{{backend-key}}</value></set-header><set-header name="X-Gone" exists-action="delete" />' +
  '<set-variable name="who" value="@(context.Subscription?.Id ?? &quot;nobody&quot;)" /><trace source="mine" severity="information"><message>hello</message></trace>' +
  '<set-variable name="tracing" value="@(context.Tracing)" />';

async function start(more = '', inbound = INBOUND) {
  const backend = await stage.backend((request, response) =>
    response.setHeader('X-Back', String(request.headers['apim-debug-authorization'])).end('ok'),
  );
  const other = '{ "properties": { "path": "other", "serviceUrl": "https://other.internal" } }';
  return stage.gateway({ ...ordersApi(inbound), 'apis/other/apiInformation.json': other, 'portico.yaml': YAML(more) }, { backend });
}

const headers = (key: string, more: Readonly<Record<string, string>> = {}) => ({
  'Ocp-Apim-Subscription-Key': key,
  'Ocp-Apim-Trace': 'true',
  ...more,
});

async function documentAt(location: string | null): Promise<TraceDocument> {
  return (await (await fetch(location ?? '')).json()) as TraceDocument;
}

const sources = (entries: readonly TraceEntry[] = []) => entries.map(({ source }) => source);

describe('a trace', () => {
  it('is where the answer says, and has the shape that viewers read', async () => {
    const running = await start('ops: 0\n');
    const answer = await fetch(`${running.address}/orders/7?subscription-key=key-of-dev`, {
      headers: headers('key-of-dev', { 'X-Gone': '1' }),
    });
    expect(await answer.text()).toBe('ok');
    expect(answer.headers.get('apim-trace-id')).toMatch(/^[\w-]{24}$/);
    const location = answer.headers.get('ocp-apim-trace-location');
    expect(location).toBe(`${running.opsAddress}/traces/${answer.headers.get('apim-trace-id')}`);
    const found = await documentAt(location);
    expect([found.serviceName, found.traceId]).toEqual(['portico', answer.headers.get('request-id')?.replaceAll('-', '')]);
    const { inbound = [], backend = [], outbound = [] } = found.traceEntries;
    expect(sources(inbound)).toEqual([
      'api-inspector',
      'api-inspector',
      'set-header',
      'set-header',
      'set-variable',
      'set-variable',
      'mine',
      'set-variable',
      'set-variable',
    ]);
    expect(inbound[1]?.data).toMatchObject({
      configuration: {
        api: { from: '/orders', revision: '1' },
        operation: { method: 'GET', uriTemplate: '/{id}' },
        user: '-',
        product: '-',
      },
    });
    expect(inbound[3]?.data).toEqual({ message: "Header 'X-Gone' was removed." });
    expect(inbound[4]?.data).toMatchObject({ message: 'Expression was successfully evaluated.', value: 'dev' });
    expect(inbound[6]?.data).toMatchObject({ message: 'hello' });
    expect(inbound[8]?.data).toMatchObject({ name: 'tracing', value: true });
    expect(sources(backend)).toEqual(['forward-request', 'forward-request']);
    expect(backend[0]?.data).toMatchObject({
      message: 'Request is being forwarded to the backend service. Timeout set to 300 seconds',
      request: { method: 'GET' },
    });
    expect(backend[1]?.data).toMatchObject({ response: { status: { code: 200, reason: 'OK' } } });
    expect(sources(outbound)).toEqual(['transfer-response', 'transfer-response']);
    for (const { timestamp, elapsed } of [...inbound, ...backend, ...outbound]) {
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
      expect(elapsed).toMatch(/^\d\d:\d\d:\d\d\.\d{7}$/);
    }
    expect(JSON.stringify(found)).not.toMatch(/key-of-dev|s3cr3t-value/);
  });

  it('is fetched from the gateway itself when there is no other listener', async () => {
    const running = await start();
    const location = (await fetch(`${running.address}/orders/7`, { headers: headers('key-of-dev') })).headers.get(
      'ocp-apim-trace-location',
    );
    expect(location).toContain(`${running.address}/trace-0123456789abcdef/`);
    expect((await documentAt(location)).traceEntries.inbound).toBeDefined();
    expect((await fetch(`${location}x`)).status).toBe(404);
  });

  it('tells errors and what on-error does', async () => {
    const running = await start('', '<set-variable name="x" value="@(((string)null).Length)" />');
    const answer = await fetch(`${running.address}/orders/7`, { headers: headers('key-of-dev') });
    const { traceEntries } = await documentAt(answer.headers.get('ocp-apim-trace-location'));
    expect([answer.status, traceEntries.inbound?.at(-1)?.source]).toEqual([500, 'set-variable']);
    expect(traceEntries.inbound?.at(-1)?.data).toMatchObject({ reason: 'ExpressionValueEvaluationFailure' });
    expect(sources(traceEntries['on-error'])).toContain('transfer-response');
  });

  it.each([
    ['a subscription that may not trace', 'key-of-guest', 'true', ''],
    ['a refused key', 'wrong', 'true', ''],
    ['a header that says no', 'key-of-dev', 'false', ''],
    ['a gateway that gives none', 'key-of-dev', 'true', 'telemetry: { request-traces: off }\n'],
  ])('is not made for %s', async (_name, key, asked, yaml) => {
    const running = await start(yaml);
    const answer = await fetch(`${running.address}/orders/7`, { headers: { ...headers(key), 'Ocp-Apim-Trace': asked } });
    expect([...answer.headers.keys()].filter((name) => name.includes('trace'))).toEqual([]);
  });

  it('is made for everybody when portico.yaml says so', async () => {
    const running = await start('telemetry: { request-traces: always }\n');
    const answer = await fetch(`${running.address}/orders/7`, { headers: headers('key-of-guest') });
    expect(answer.headers.get('ocp-apim-trace-location')).not.toBeNull();
  });

  it('stops growing with a policy that loops', async () => {
    const inbound =
      '<retry condition="@(true)" count="50" interval="0"><set-variable name="x" value="@(new string(\'x\', 20000))" /></retry>';
    const running = await start('', inbound);
    const answer = await fetch(`${running.address}/orders/7`, { headers: headers('key-of-dev') });
    expect(JSON.stringify(await documentAt(answer.headers.get('ocp-apim-trace-location'))).length).toBeLessThan(400_000);
  });
});

describe('Apim-Debug-Authorization', () => {
  const ask = async (ops: string | undefined, body: unknown, path = '/gateways/managed/listDebugCredentials?api-version=2024-05-01') =>
    fetch(`${ops}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const answers = async (gateway: string, token: string) =>
    Object.fromEntries([
      ...(
        await fetch(`${gateway}/orders/7`, { headers: { 'Ocp-Apim-Subscription-Key': 'key-of-guest', 'Apim-Debug-Authorization': token } })
      ).headers,
    ]);

  it('takes the tokens that listDebugCredentials gives, and listTrace gives the document', async () => {
    const running = await start('ops: 0\n');
    const asked = { credentialsExpireAfter: 'PT1H', apiId: '/subscriptions/s/resourceGroups/r/apis/orders', purposes: ['tracing'] };
    const { token } = (await (await ask(running.opsAddress, asked)).json()) as { token: string };
    const found = await answers(running.address, token);
    expect([found['ocp-apim-trace-location'], found['x-back']]).toEqual([undefined, 'undefined']);
    const traced = await ask(running.opsAddress, { traceId: found['apim-trace-id'] }, '/service/x/gateways/managed/listTrace');
    expect(JSON.stringify(await traced.json())).toContain('api-inspector');
    expect((await ask(running.opsAddress, { traceId: 'nothing' }, '/gateways/managed/listTrace')).status).toBe(404);
  });

  it('traces a call whose key is refused, and on-error', async () => {
    const running = await start('ops: 0\n');
    const { token } = (await (await ask(running.opsAddress, { apiId: 'orders', purposes: ['tracing'] })).json()) as { token: string };
    const answer = await fetch(`${running.address}/orders/7`, {
      headers: { 'Apim-Debug-Authorization': token, 'Ocp-Apim-Subscription-Key': 'wrong-key-of-nobody' },
    });
    const found = await (await ask(running.opsAddress, { traceId: answer.headers.get('apim-trace-id') }, '/listTrace')).text();
    expect([answer.status, found]).toEqual([401, expect.stringContaining('SubscriptionKeyInvalid')]);
    const { traceEntries } = JSON.parse(found) as TraceDocument;
    expect(Object.values(traceEntries).flatMap(sources)).toContain('authorization');
    expect(found).not.toContain('wrong-key-of-nobody');
  });

  it('tells of checks that were passed, and what caches answered', async () => {
    const checks =
      '<check-header name="Host" failed-check-httpcode="400" failed-check-error-message="no" ignore-case="true" /><rate-limit-by-key calls="5" renewal-period="60" counter-key="k" />';
    const lookup = '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" allow-private-response-caching="true" />';
    const running = await start('ops: 0\n', `${checks}${lookup}`);
    const { traceEntries } = await documentAt(
      (await fetch(`${running.address}/orders/7`, { headers: headers('key-of-dev') })).headers.get('ocp-apim-trace-location'),
    );
    const said = (traceEntries.inbound ?? []).slice(2).map(({ source, data }) => [source, (data as { message: string }).message]);
    expect(said.filter(([, message]) => !message?.startsWith('Expression'))).toEqual([
      ['check-header', 'The check was passed.'],
      ['rate-limit-by-key', 'The check was passed.'],
      ['cache-lookup', 'Cache lookup resulted in a miss'],
    ]);
  });

  it('says why a token is not taken, and says nothing about one that was not issued here', async () => {
    const running = await start('ops: 0\n');
    const issue = async (body: object) => ((await (await ask(running.opsAddress, body)).json()) as { token: string }).token;
    expect((await answers(running.address, await issue({ apiId: 'other' })))['apim-debug-authorization-wrongapi']).toContain('other');
    const forged = `${(await issue({ apiId: 'other' })).replace('aid=other', 'aid=orders')}`;
    expect(Object.keys(await answers(running.address, forged)).filter((name) => name.startsWith('apim-'))).toEqual([]);
    expect((await ask(running.opsAddress, { apiId: 'orders', credentialsExpireAfter: 'soon' })).status).toBe(400);
    expect((await ask(running.opsAddress, {})).status).toBe(400);
    const unknown = await ask(running.opsAddress, { apiId: '/apis/oders' });
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      expect.stringContaining('there is no API `oders`; write one of ') as string,
    ]);
    expect((await ask(running.opsAddress, { apiId: 'orders', purposes: ['debugging'] })).status).toBe(400);
  });

  it('ends after the time asked for, an hour at most', () => {
    let now = 0;
    const credentials = new DebugCredentials(() => now);
    const token = credentials.issue('orders;rev=2', 100_000);
    now = 3_599_000;
    expect(credentials.judge(token, 'orders')).toEqual({ kind: 'valid' });
    now = 3_600_000;
    expect(credentials.judge(token, 'orders')).toEqual({ kind: 'expired', at: '1970-01-01T01:00:00.000Z' });
    expect(credentials.judge('aid=orders', 'orders')).toEqual({ kind: 'invalid' });
    expect(new DebugCredentials(() => 0).judge(token, 'orders')).toEqual({ kind: 'invalid' });
  });

  it.each([
    ['PT1H', 3600],
    ['PT1H30M5S', 5405],
    ['P1D', undefined],
    ['PT', undefined],
  ])('reads the duration %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));

  it('takes full resource ids', () => expect(plainId('/a/apis/orders;rev=3')).toBe('orders'));
});

describe('context.Tracing', () => {
  it('is false without a trace', async () => {
    const backend = await stage.backend((request, response) => response.end(String(request.headers['x-tracing'])));
    const inbound = '<set-header name="X-Tracing" exists-action="override"><value>@(context.Tracing.ToString())</value></set-header>';
    const running = await stage.gateway({ 'policy.xml': policy(inbound) }, { backend });
    expect(await (await fetch(running.address)).text()).toBe('False');
  });
});
