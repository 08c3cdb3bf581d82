/** What callers, backends and the directory keep secret is nowhere to be read: logs, traces, spans, metrics, the audit, the console. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Console } from '../../src/gateway/console/console.ts';
import { ordersApi, Stage } from './support.ts';

const stage = new Stage();
afterEach(() => stage.clear());

/** By where it comes from. */
const SECRETS = {
  'the key of a subscription': 'k3y-of-the-subscription',
  'its other key': 'other-k3y-of-it',
  'a named value': 'named-s3cret-value',
  'a password in the header': 'QWxhZGRpbjpvcGVuc2VzYW1l',
  'a signed token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmVkLWJ5LWFuYQ',
  'a cookie of the caller': 'caller-cookie-value',
  'a cookie of the backend': 'backend-cookie-value',
  'a credential of the backend': 'backend-credential-value',
  'a client secret in the query': 'client-s3cret-in-query',
  'an access token in the query': 'opaque-access-token-1',
  'a signature in the query': 'sas-signature-value',
  'an API key in a header': 'api-key-in-a-header',
  'the password of Redis': 'redis-p4ssword',
} as const;

const INBOUND = `<set-variable name="v" value="@("Bearer {{backend-key}}")" />
<set-header name="X-Backend-Key" exists-action="override"><value>{{backend-key}}</value></set-header>
<set-query-parameter name="code" exists-action="override"><value>{{backend-key}}</value></set-query-parameter>
<trace source="t" severity="error"><message>@("url " + context.Request.OriginalUrl + " " + context.Request.Headers.GetValueOrDefault("Authorization","") + " {{backend-key}}")</message>
  <metadata name="Cookie" value="@(context.Request.Headers.GetValueOrDefault(&quot;Cookie&quot;,&quot;&quot;))" /></trace>
<send-one-way-request mode="new"><set-url>@("http://127.0.0.1:1/hook?sig={{backend-key}}")</set-url><set-method>POST</set-method></send-one-way-request>
<choose><when condition="@(context.Request.MatchedParameters["id"] == "broken")"><set-variable name="x" value="@(int.Parse("{{backend-key}}"))" /></when></choose>`;

describe('secrets', () => {
  it.each(['7', 'broken', 'away'])('are nowhere to be read after a call to /%s', async (id) => {
    const exported: string[] = [];
    const collector = await stage.backend((request, response) => {
      request.on('data', (chunk) => exported.push(String(chunk)));
      request.on('end', () => response.end('{}'));
    });
    const backend = await stage.backend((_request, response) => {
      response.writeHead(200, {
        'Set-Cookie': `s=${SECRETS['a cookie of the backend']}; HttpOnly`,
        Location: `/x?token=${SECRETS['an access token in the query']}`,
      });
      response.end('ok');
    });
    const names = { header: 'X-My-Key', query: 'my-key' };
    const yaml = `
ops: 0
log: { level: trace }
telemetry: { otlp: "${collector}", logs: on, metrics: on }
subscriptions: [{ id: ana, primary-key: ${SECRETS['the key of a subscription']}, secondary-key: ${SECRETS['its other key']}, allow-tracing: true }]
named-values: { backend-key: { value: ${SECRETS['a named value']}, secret: true } }
backends:
  shop:
    url: ${id === 'away' ? 'http://127.0.0.1:1' : backend}
    credentials: { header: { X-Functions-Key: ["${SECRETS['a credential of the backend']}"] }, query: { code: ["${SECRETS['a credential of the backend']}"] } }
stores: { redis: "redis://:${SECRETS['the password of Redis']}@127.0.0.1:1" }
`;
    const files = {
      ...ordersApi(`<set-backend-service backend-id="shop" />${INBOUND}`, {
        subscriptionRequired: true,
        subscriptionKeyParameterNames: names,
      }),
      'portico.yaml': yaml,
    };
    const lines: string[] = [];
    const audit = join(stage.directory({}), 'audit.log');
    let page: Console | undefined;
    const running = await stage.gateway(files, {
      log: (line) => lines.push(line),
      audit,
      watcher: async (workspace) => (page = new Console({ port: 0, workspace, watches: false })),
    });
    await page?.open(running);
    stage.after(() => page?.close());
    const { searchParams, origin } = new URL(page?.address ?? '');
    const query = new URLSearchParams({
      client_secret: SECRETS['a client secret in the query'],
      access_token: SECRETS['an access token in the query'],
      sig: SECRETS['a signature in the query'],
      'my-key': SECRETS['its other key'],
    });
    const headers = {
      'X-My-Key': SECRETS['the key of a subscription'],
      'Ocp-Apim-Trace': 'true',
      Authorization: id === '7' ? `Bearer ${SECRETS['a signed token']}` : `Basic ${SECRETS['a password in the header']}`,
      Cookie: `session=${SECRETS['a cookie of the caller']}`,
      'X-Api-Key': SECRETS['an API key in a header'],
    };
    const answer = await fetch(`${running.address}/orders/${id}?${query}`, { headers });
    await answer.text();
    const readable: Record<string, string> = {};
    const trace = answer.headers.get('ocp-apim-trace-location');
    readable.trace = await (await fetch(trace ?? '')).text();
    readable.metrics = await (await fetch(`${running.opsAddress}/metrics`)).text();
    readable.ready = await (await fetch(`${running.opsAddress}/readyz`)).text();
    const bearer = { headers: { Authorization: `Bearer ${searchParams.get('token')}` } };
    const calls = await (await fetch(`${origin}/debug/api/calls`, bearer)).text();
    const call = (JSON.parse(calls) as { calls: { id: string }[] }).calls[0]?.id;
    const paths = [`call?id=${call}`, 'counters', 'caches', 'backends', 'state'];
    readable.console =
      calls + (await Promise.all(paths.map(async (path) => (await fetch(`${origin}/debug/api/${path}`, bearer)).text()))).join();
    await running.stop();
    readable.log = lines.join('');
    readable.collector = exported.join('');
    readable.audit = readFileSync(audit, 'utf8');
    expect(readable.trace).toContain('traceEntries');
    expect(readable.console).toContain('"steps"');
    expect(readable.collector).toContain('resourceLogs');
    for (const [where, text] of Object.entries(readable)) {
      const found = Object.entries(SECRETS).filter(([, secret]) => text.includes(secret));
      expect(found.map(([name, secret]) => `${name} in ${where}: ${around(text, secret)}`)).toEqual([]);
    }
  });
});

function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 150), at + 60);
}
