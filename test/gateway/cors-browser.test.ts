/** What a real browser makes of the cors policy: pages of several origins fetch from the gateway. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { BROWSER_ARGUMENTS, BROWSER_HOOK_TIMEOUT, CHROMIUM, launched, NO_BROWSER } from '../support/browser.ts';

/** What is used of playwright-core, whose own types need a browser's. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[]; readonly timeout: number }): Promise<Browser>;
  };
}

interface Fetched {
  /** Undefined: the browser kept the answer from the page. */
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const DOCUMENT = (inbound: string) =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;

function api(name: string, inbound: string, operations = 'get put post', operationPolicy?: string): Record<string, string> {
  const paths = operations.split(' ').map((method) => `    ${method}: { operationId: ${method}, responses: {} }`);
  return {
    [`apis/${name}/apiInformation.json`]: JSON.stringify({
      properties: { path: name, displayName: name, subscriptionRequired: name === 'keyed' },
    }),
    [`apis/${name}/specification.yaml`]: `openapi: 3.0.1\ninfo: { title: ${name}, version: "1" }\npaths:\n  /x:\n${paths.join('\n')}\n`,
    [`apis/${name}/policy.xml`]: DOCUMENT(inbound),
    ...(operationPolicy === undefined ? {} : { [`apis/${name}/operations/get/policy.xml`]: DOCUMENT(operationPolicy) }),
  };
}

const cors = (attributes: string, origins: string[], more: string) =>
  `<cors ${attributes}><allowed-origins>${origins.map((origin) => `<origin>${origin}</origin>`).join('')}</allowed-origins>${more}</cors>`;
const ALL = '<allowed-methods><method>*</method></allowed-methods><allowed-headers><header>*</header></allowed-headers>';

function filesFor(port: number): Record<string, string> {
  const app = `HTTP://APP.localhost:${port}/`;
  const some = (age: string) =>
    `<allowed-methods preflight-result-max-age="${age}"><method>GET</method><method>PUT</method></allowed-methods><allowed-headers><header>X-A</header></allowed-headers>`;
  return {
    ...api('open', cors('', ['*'], `${ALL}<expose-headers><header>X-Call</header></expose-headers>`)),
    ...api('exact', cors('allow-credentials="true"', [app], `${some('600')}<expose-headers><header>X-Method</header></expose-headers>`)),
    ...api('uncached', cors('', [app], some('0'))),
    ...api('wild', cors('', [`http://*.wild.localhost:${port}`], ALL)),
    ...api('strict', cors('terminate-unmatched-request="true"', [app], some('0'))),
    ...api('keyed', cors('', ['*'], ALL)),
    ...api('refusing', `${cors('', ['*'], ALL)}<return-response><set-status code="418" /><set-body>no</set-body></return-response>`),
    ...api('failing', `${cors('', ['*'], ALL)}<set-variable name="x" value="@(int.Parse("x"))" />`),
    ...api('own', cors('', ['*'], ALL), 'get put options'),
    ...api('scopes', cors('', [app], ALL), 'get', cors('', [`http://evil.localhost:${port}`], ALL)),
    ...api('none', ''),
  };
}

describe.skipIf(NO_BROWSER)(`cors in a browser${NO_BROWSER ? ` (skipped: ${NO_BROWSER})` : ''}`, () => {
  let browser: Browser;
  let gateway: Gateway;
  let pages: Server;
  let backend: Server;
  let directory = '';
  const opened = new Map<string, Page>();
  const log: string[] = [];
  const reached: string[] = [];

  beforeAll(async () => {
    pages = createServer((_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'));
    backend = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`);
      request.resume();
      response.writeHead(200, { 'X-Call': '1', 'X-Method': request.method, 'Access-Control-Allow-Origin': 'http://backend.example' });
      response.end(`reached by ${request.method}`);
    });
    for (const server of [pages, backend]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    directory = mkdtempSync(join(tmpdir(), 'portico-'));
    const files = { ...filesFor(portOf(pages)), 'portico.yaml': `backend: http://127.0.0.1:${portOf(backend)}\n` };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
    const name = 'playwright-core' as string;
    const { chromium } = (await import(name)) as Playwright;
    [gateway, browser] = await Promise.all([
      startGateway({ directory, port: 0, log: (text) => log.push(text) }),
      launched((options) => chromium.launch({ ...options, executablePath: CHROMIUM, args: BROWSER_ARGUMENTS })),
    ]);
  }, BROWSER_HOOK_TIMEOUT);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    pages?.close();
    backend?.close();
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  async function pageOf(host: string): Promise<Page> {
    const open = opened.get(host);
    if (open) return open;
    const page = await browser.newPage();
    await page.goto(`http://${host}.localhost:${portOf(pages)}/`);
    opened.set(host, page);
    return page;
  }

  async function fetchFrom(host: string, path: string, init: RequestInit = {}): Promise<Fetched> {
    const page = await pageOf(host);
    const url = `http://127.0.0.1:${gateway.port}/${path}/x`;
    return page.evaluate(
      async ([target, options]) => {
        try {
          const answer = await fetch(target, options);
          return { status: answer.status, body: await answer.text(), headers: Object.fromEntries(answer.headers) };
        } catch {
          return {};
        }
      },
      [url, init] as const,
    );
  }

  const PUT = { method: 'PUT', headers: { 'X-A': '1' } };
  const cases: readonly [name: string, host: string, path: string, init: RequestInit, expected: Fetched][] = [
    ['any origin may read', 'evil', 'open', {}, { status: 200, body: 'reached by GET' }],
    ['a preflight lets method and headers through', 'evil', 'open', PUT, { status: 200, body: 'reached by PUT' }],
    ['any origin, but not with credentials', 'evil', 'open', { credentials: 'include' }, {}],
    ['the listed origin, case and slash apart', 'app', 'exact', {}, { status: 200 }],
    ['the listed origin with credentials', 'app', 'exact', { credentials: 'include' }, { status: 200 }],
    ['a preflight with credentials', 'app', 'exact', { ...PUT, credentials: 'include' }, { status: 200, body: 'reached by PUT' }],
    ['another origin may not read', 'evil', 'exact', {}, {}],
    ['another origin gets no preflight', 'evil', 'exact', PUT, {}],
    ['a method that is not listed', 'app', 'exact', { method: 'DELETE' }, {}],
    ['a header that is not listed', 'app', 'exact', { headers: { 'X-B': '1' } }, {}],
    ['a subdomain of a wildcard', 'one.wild', 'wild', PUT, { status: 200, body: 'reached by PUT' }],
    ['a deeper subdomain of a wildcard', 'two.one.wild', 'wild', {}, { status: 200 }],
    ['not the wildcard host itself', 'wild', 'wild', {}, {}],
    ['not a host that only ends like it', 'notwild', 'wild', {}, {}],
    ['a preflight needs no key, the call does, and its 401 has no CORS headers', 'app', 'keyed', PUT, {}],
    ['an answer of the gateway can be read', 'app', 'refusing', {}, { status: 418, body: 'no' }],
    ['an error can be read', 'app', 'failing', {}, { status: 500 }],
    ['without a policy nothing can be read', 'app', 'none', {}, {}],
    ['an OPTIONS operation of the API answers preflights itself', 'app', 'own', PUT, {}],
    ['the wider of two scopes', 'app', 'scopes', {}, { status: 200 }],
    ['the narrower of two scopes', 'evil', 'scopes', {}, { status: 200 }],
    ['none of two scopes', 'one.wild', 'scopes', {}, {}],
  ];
  it.each(cases)('%s', async (_name, host, path, init, expected) => {
    const fetched = await fetchFrom(host, path, init);
    if (expected.status === undefined) expect(fetched).toEqual({});
    else expect(fetched).toMatchObject(expected);
  });

  it('shows the exposed headers and no others', async () => {
    expect((await fetchFrom('app', 'exact')).headers).toHaveProperty('x-method', 'GET');
    expect((await fetchFrom('app', 'exact')).headers).not.toHaveProperty('x-call');
  });

  it('asks once while a preflight may be kept, and each time with max-age 0', async () => {
    const preflights = (path: string) => log.join('').match(new RegExp(`"method":"OPTIONS","url":"[^"]*/${path}/x"`, 'g'))?.length ?? 0;
    await expect.poll(() => log.join(''), { timeout: 5000 }).toContain('/scopes/x');
    const before = preflights('exact');
    for (let round = 0; round < 3; round += 1) await fetchFrom('app', 'exact', { ...PUT, credentials: 'include' });
    for (let round = 0; round < 3; round += 1) await fetchFrom('app', 'uncached', PUT);
    await expect.poll(() => preflights('uncached'), { timeout: 5000 }).toBe(3);
    expect(preflights('exact') - before).toBeLessThanOrEqual(1);
  });

  it('terminate-unmatched-request keeps simple calls of other origins from the backend', async () => {
    const count = (path: string) => reached.filter((one) => one === `GET /${path}/x` || one === 'GET /x').length;
    const before = count('strict');
    expect(await fetchFrom('evil', 'strict')).toEqual({});
    expect(count('strict')).toBe(before);
    expect(await fetchFrom('evil', 'exact')).toEqual({});
    expect(count('exact')).toBe(before + 1);
  });
});
