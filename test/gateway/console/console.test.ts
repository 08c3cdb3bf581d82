/** The console's server: who is answered, what is never told, what is recorded, how documents are checked, tried and saved. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallDetail, CallSummary } from '../../../src/gateway/console/call-rows.ts';
import { Console } from '../../../src/gateway/console/console.ts';
import { type Gateway, startGateway } from '../../../src/gateway/gateway.ts';

const SECRET = 'tr0ub4dor&3 staple';
const KEY = 'key-of-the-subscription-1';
const POLICY = (inbound: string, outbound = '') =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base />${outbound}</outbound><on-error><base /></on-error></policies>`;

const FILES = (backend: number): Readonly<Record<string, string>> => ({
  'policy.xml': '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
  'apis/shop/apiInformation.json': JSON.stringify({ properties: { path: 'shop', displayName: 'Shop', subscriptionRequired: true } }),
  'apis/shop/specification.yaml':
    'openapi: 3.0.1\ninfo: { title: Shop, version: "1" }\npaths:\n  /items:\n    get: { operationId: list, responses: {} }\n    post: { operationId: add, responses: {} }\n',
  'apis/shop/policy.xml': POLICY(
    [
      '<rate-limit-by-key calls="3" renewal-period="60" counter-key="@(context.Subscription.Id)" />',
      '<set-header name="Authorization" exists-action="override"><value>@("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:{{secret}}")))</value></set-header>',
      '<set-header name="X-Note" exists-action="override"><value>@("the secret is {{secret}}")</value></set-header>',
      '<set-variable name="encoded" value="@(Convert.ToBase64String(Encoding.UTF8.GetBytes("user:{{secret}}")))" />',
      '<cache-store-value key="last" value="@(context.RequestId.ToString())" duration="60" />',
      '<choose><when condition="@(context.Request.Method == "POST")"><set-variable name="kind" value="write" /></when><otherwise><set-variable name="kind" value="read" /></otherwise></choose>',
    ].join('\n'),
    '<set-header name="X-Kind" exists-action="override"><value>@((string)context.Variables["kind"])</value></set-header>',
  ),
  'portico.yaml': [
    `backends: { shop: "http://127.0.0.1:${backend}" }`,
    `apis: { shop: { service-url: "http://127.0.0.1:${backend}" } }`,
    `named-values: { secret: { value: "${SECRET}", secret: true }, plain: { value: "hello" } }`,
    `subscriptions: [{ id: ana, primary-key: "${KEY}" }]`,
  ].join('\n'),
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

describe('the console', () => {
  let gateway: Gateway;
  let open: Console;
  let backend: Server;
  let directory = '';
  let policies = '';
  let token = '';
  let port = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portico-console-'));
    policies = join(directory, 'policies');
    backend = createServer((incoming, response) => {
      incoming.resume();
      response.writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'session=abcdef123456' });
      response.end(JSON.stringify({ seen: incoming.url, access_token: 'opaque-token-of-the-backend' }));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    for (const [name, text] of Object.entries(FILES((backend.address() as AddressInfo).port))) {
      mkdirSync(dirname(join(policies, name)), { recursive: true });
      writeFileSync(join(policies, name), text);
    }
    writeFileSync(join(directory, 'outside.xml'), '<policies />');
    writeFileSync(join(directory, 'console.html'), '<!doctype html><script nonce="__PORTICO_NONCE__"></script>');
    gateway = await startGateway({
      directory: policies,
      port: 0,
      watcher: async (workspace) => {
        open = new Console({ port: 0, workspace, watches: false, page: join(directory, 'console.html') });
        return open;
      },
    });
    await open.open(gateway);
    const url = new URL(open.address);
    token = url.searchParams.get('token') ?? '';
    port = Number(url.port);
  });
  afterAll(async () => {
    await open?.close();
    await gateway?.stop();
    backend?.close();
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  /** Plain HTTP, so that headers are sent which `fetch` keeps to itself. */
  function ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
    address = '127.0.0.1',
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: address, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const own = () => ({ Authorization: `Bearer ${token}` });

  async function read<T>(path: string): Promise<T> {
    const answer = await ask('GET', `/debug/api/${path}`, own());
    expect(answer.status, answer.text).toBe(200);
    return JSON.parse(answer.text) as T;
  }

  async function act<T>(path: string, body: object): Promise<T> {
    const answer = await ask('POST', `/debug/api/${path}`, { ...own(), 'Content-Type': 'application/json' }, JSON.stringify(body));
    return { status: answer.status, ...(JSON.parse(answer.text) as object) } as T;
  }

  async function call(path: string, init: RequestInit = {}): Promise<CallDetail> {
    const headers = { 'Ocp-Apim-Subscription-Key': KEY, ...init.headers };
    await (await fetch(`${gateway.address}${path}`, { ...init, headers })).text();
    const { calls } = await read<{ calls: CallSummary[] }>('calls');
    return read<CallDetail>(`call?id=${calls[0]?.id ?? ''}`);
  }

  const file = () => join(policies, 'apis/shop/policy.xml');

  describe('answers', () => {
    const page = () => `/debug?token=${token}`;
    const cases: readonly [name: string, headers: () => Record<string, string>, path: () => string, status: number][] = [
      ['whoever has the address', () => ({}), page, 200],
      ['by the name localhost, too', () => ({ Host: `localhost:${port}` }), page, 200],
      ['nobody without the token', () => ({}), () => '/debug', 401],
      ['nobody with a part of it', () => ({}), () => page().slice(0, -1), 401],
      ['nobody with another one', () => ({}), () => `/debug?token=${'x'.repeat(token.length)}`, 401],
      ['no api without the token', () => ({}), () => '/debug/api/calls', 401],
      ['no wrong bearer', () => ({ Authorization: 'Bearer nope' }), () => '/debug/api/calls', 401],
      ['no other host (DNS rebinding)', () => ({ Host: `evil.example:${port}` }), page, 421],
      ['no host without the port', () => ({ Host: '127.0.0.1' }), page, 421],
      ['no host that begins alike', () => ({ Host: `127.0.0.1:${port}.evil.example` }), page, 421],
      ['no page of another origin', () => ({ Origin: 'https://evil.example' }), page, 403],
      ['no page of another port', () => ({ Origin: 'http://127.0.0.1:1' }), page, 403],
      ['no opaque origin', () => ({ Origin: 'null' }), page, 403],
      ['nothing a browser marks as cross-site', () => ({ 'Sec-Fetch-Site': 'cross-site' }), page, 403],
      ['nothing from another port of this machine', () => ({ 'Sec-Fetch-Site': 'same-site' }), page, 403],
      ['its own page', () => ({ Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' }), page, 200],
      ['404 for what is not there', () => own(), () => '/debug/api/nothing', 404],
      ['404 for paths that climb', () => own(), () => '/debug/../../etc/passwd', 404],
    ];
    it.each(cases)('%s', async (_name, headers, path, status) => {
      const answer = await ask('GET', path(), headers());
      expect(answer.status, answer.text).toBe(status);
    });

    it('with a policy that lets nothing else run, and a new nonce each time', async () => {
      const [one, other] = [await ask('GET', page()), await ask('GET', page())];
      const policy = String(one.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(one.headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      const nonce = /nonce-([^']+)/.exec(policy)?.[1] ?? '';
      expect(one.text).toContain(`nonce="${nonce}"`);
      expect(String(other.headers['content-security-policy'])).not.toContain(nonce);
    });

    it('changes nothing for a token in the query, nor for a form', async () => {
      const json = { 'Content-Type': 'application/json' };
      expect((await ask('POST', `/debug/api/calls/clear?token=${token}`, json, '{}')).status).toBe(401);
      expect((await ask('POST', '/debug/api/calls/clear', { ...own(), 'Content-Type': 'text/plain' }, '{}')).status).toBe(415);
      expect((await ask('PUT', '/debug/api/calls', own())).status).toBe(405);
    });

    it('on the loopback address only', async () => {
      const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
      const outer = others.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
      if (outer !== undefined) await expect(ask('GET', page(), {}, undefined, outer)).rejects.toThrow();
      expect(new URL(open.address).hostname).toBe('127.0.0.1');
    });

    it.each([
      ['bodies that are too large', () => ({ file: file(), text: 'x'.repeat(4 * 1024 * 1024) }), 413],
      ['documents that are too large', () => ({ file: file(), text: 'x'.repeat(1024 * 1024 + 1) }), 413],
      ['what is no text', () => ({ file: file(), text: 7 }), 400],
      ['lists', () => [], 400],
    ])('refuses %s', async (_name, body, status) => {
      const answer = await ask('POST', '/debug/api/check', { ...own(), 'Content-Type': 'application/json' }, JSON.stringify(body()));
      expect(answer.status).toBe(status);
    });
  });

  describe('records', () => {
    it('steps with their place, what they wrote, the branch they took, what was forwarded', async () => {
      const seen = await call('/shop/items?page=2', { method: 'POST', body: '{"item":"book","password":"hunter2"}' });
      expect(seen).toMatchObject({ method: 'POST', status: 200, state: 'done', api: 'shop', operation: 'add', subscription: 'ana' });
      const choose = seen.steps.find(({ policy }) => policy === 'choose');
      expect(choose).toMatchObject({ section: 'inbound', scope: 'api', depth: 0, state: 'done', line: 6 });
      expect(choose?.notes).toContainEqual(expect.objectContaining({ kind: 'branch', branch: 'when[1]' }));
      const inner = seen.steps.find(({ path }) => path.startsWith('choose[1]/when[1]/set-variable'));
      expect(inner).toMatchObject({ depth: 1, state: 'done' });
      expect(inner?.notes).toContainEqual(
        expect.objectContaining({ kind: 'wrote', target: 'variable', name: 'kind', before: null, after: 'write' }),
      );
      expect(seen.forwarded[0]).toMatchObject({ method: 'POST', status: 200, url: expect.stringContaining('/items?page=2') as string });
      expect(seen.request.body).toMatchObject({ text: '{"item":"book","password":"****"}', truncated: false });
      expect(seen.response?.headers).toContainEqual(['X-Kind', 'write']);
      for (const step of seen.steps) expect(step.end ?? -1).toBeGreaterThanOrEqual(step.start);
    });

    it('what was refused, with the error', async () => {
      expect(await call('/shop/items', { headers: { 'Ocp-Apim-Subscription-Key': 'a-wrong-key' } })).toMatchObject({
        status: 401,
        state: 'failed',
        error: { reason: 'SubscriptionKeyInvalid' },
      });
      expect(await call('/nowhere')).toMatchObject({ status: 404, error: { reason: 'OperationNotFound' } });
    });

    it('never a secret, wherever it stands', async () => {
      const bearer = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"ana"}').toString('base64url')}.c2lnbmF0dXJl`;
      await call(`/shop/items?subscription-key=${KEY}&code=oauth-code-123&note=${encodeURIComponent(SECRET)}`, {
        headers: { Authorization: `Bearer ${bearer}`, Cookie: 'session=cookie-value-9', 'X-Api-Key': 'another-key-77' },
      });
      const { calls } = await read<{ calls: CallSummary[] }>('calls');
      const paths = ['calls', 'counters', 'caches', 'backends', 'keys', 'routes', 'state', 'documents', 'policy?api=shop&operation=list'];
      const texts = [...paths, ...calls.map(({ id }) => `call?id=${id}`)].map(async (path) => JSON.stringify(await read(path)));
      const all = (await Promise.all(texts)).join('\n');
      const encoded = Buffer.from(`user:${SECRET}`).toString('base64').slice(8, -4);
      for (const secret of [SECRET, encodeURIComponent(SECRET), encoded, KEY, bearer.slice(0, 30), 'oauth-code-123', 'cookie-value-9'])
        expect(all).not.toContain(secret);
      for (const secret of ['another-key-77', 'hunter2', 'abcdef123456', 'opaque-token-of-the-backend', 'a-wrong-key'])
        expect(all).not.toContain(secret);
    });

    it('counters and caches, as the policies asked for them', async () => {
      const { counters } = await read<{ counters: { key: string; limit: number; refused: number }[] }>('counters');
      expect(counters[0]).toMatchObject({ limit: 3, window: 'sliding' });
      await call('/shop/items');
      await call('/shop/items');
      expect((await read<{ counters: { refused: number }[] }>('counters')).counters[0]?.refused).toBeGreaterThan(0);
      const { entries } = await read<{ entries: { id: number; key: string }[] }>('caches');
      expect(entries[0]?.key).toContain('last');
      expect(await act('caches/remove', { id: entries[0]?.id ?? 0 })).toMatchObject({ removed: true });
      expect(await act('caches/remove', { id: 999 })).toMatchObject({ removed: false });
    });

    it('at most 200 calls, the newest first', async () => {
      for (let at = 0; at < 210; at += 1) await (await fetch(`${gateway.address}/nowhere/${at}`)).text();
      const { calls } = await read<{ calls: CallSummary[] }>('calls');
      expect(calls).toHaveLength(200);
      expect(calls[0]?.url).toContain('/nowhere/209');
      await act('calls/clear', {});
      expect((await read<{ calls: CallSummary[] }>('calls')).calls).toEqual([]);
    });

    it('and tells pages that listen', async () => {
      const stop = new AbortController();
      const events = await fetch(`http://127.0.0.1:${port}/debug/api/events?token=${token}`, { signal: stop.signal });
      const reader = events.body?.getReader();
      await (await fetch(`${gateway.address}/nowhere/told`)).text();
      let text = '';
      while (!text.includes('/nowhere/told')) text += new TextDecoder().decode((await reader?.read())?.value);
      expect(text).toContain('event: calls');
      stop.abort();
    });
  });

  describe('documents', () => {
    const edited = () => readFileSync(file(), 'utf8').replace('"X-Kind"', '"X-Sort"');
    const trial = { method: 'GET', url: '/shop/items', headers: [], body: '', real: false, answer: { status: 200, body: '{"items":[]}' } };

    it('are listed and read, and nothing else is', async () => {
      const { documents } = await read<{ documents: { file: string }[] }>('documents');
      expect(documents.map((one) => one.file)).toEqual([join(policies, 'policy.xml'), file()]);
      for (const other of [
        '/etc/passwd',
        join(policies, 'portico.yaml'),
        join(policies, '../outside.xml'),
        `${policies}/apis/../policy.xml`,
      ])
        expect((await ask('GET', `/debug/api/document?file=${encodeURIComponent(other)}`, own())).status).toBe(404);
    });

    it('are checked with the values that the gateway runs with, which stay secret', async () => {
      const wrong = edited().replace('</inbound>', '<set-variable name="x" value="@({{secret}})" /><set-hedder /></inbound>');
      const { problems } = await act<{ problems: { code: string; message: string; line: number }[] }>('check', {
        file: file(),
        text: wrong,
      });
      expect(problems.map(({ code }) => code)).toContain('PTC1001');
      expect(JSON.stringify(problems)).not.toContain(SECRET);
    });

    it('are completed, explained and laid out', async () => {
      const text = edited();
      const { completions } = await act<{ completions: { label: string }[] }>('complete', {
        file: file(),
        text: text.replace('<choose>', '<\n<choose>'),
        offset: text.indexOf('<choose>') + 1,
      });
      expect(completions.map(({ label }) => label)).toContain('set-header');
      expect(await act('hover', { file: file(), text, offset: text.indexOf('rate-limit-by-key') + 2 })).toMatchObject({
        hover: { text: expect.stringContaining('rate-limit-by-key') as string },
      });
      expect((await act<{ text: string }>('format', { file: file(), text })).text.split('\n').length).toBeGreaterThan(20);
      expect(await act('format', { file: file(), text: '<policies><inbound>' })).toMatchObject({ text: null });
    });

    it('are tried offline as they stand in the editor', async () => {
      const outcome = await act<{ kind: string; call: CallDetail }>('try', { ...trial, file: file(), text: edited(), key: KEY });
      expect(outcome.kind, JSON.stringify(outcome)).toBe('ran');
      expect(outcome.call.response?.headers).toContainEqual(['X-Sort', 'read']);
      expect(outcome.call.response?.body?.text).toBe('{"items":[]}');
      expect(readFileSync(file(), 'utf8')).not.toContain('X-Sort');
      expect(JSON.stringify(outcome)).not.toContain(SECRET);
      expect(JSON.stringify(outcome)).not.toContain(KEY);
    });

    it('are tried against real services when that is asked for', async () => {
      const outcome = await act<{ kind: string; call: CallDetail }>('try', {
        ...trial,
        url: '/shop/items?tried=1',
        file: file(),
        text: edited().replace(/<rate-limit-by-key[^>]*\/>/, ''),
        key: KEY,
        real: true,
      });
      expect(outcome.call.response?.body?.text).toContain('/items?tried=1');
    });

    it('with errors are not run', async () => {
      const text = edited().replace('context.Request.Method', 'context.Requst.Method');
      expect(await act('try', { ...trial, file: file(), text })).toMatchObject({ kind: 'problems', problems: [{ code: 'CS1061' }] });
      expect(await act('try', { ...trial, file: '/etc/passwd', text })).toMatchObject({ status: 404 });
      expect(await act('try', { ...trial, file: file(), text, headers: [['X', 'a\r\nb']] })).toMatchObject({ status: 400 });
    });

    it('are saved in one piece and taken up', async () => {
      const { version } = await read<{ version: string }>(`document?file=${encodeURIComponent(file())}`);
      const text = edited();
      expect(await act('save', { file: file(), text, version })).toMatchObject({ kind: 'saved' });
      expect(readFileSync(file(), 'utf8')).toBe(text);
      expect(JSON.stringify(await read('policy?api=shop&operation=list'))).toContain('X-Sort');
    });

    it('are not saved over what somebody else has written', async () => {
      const { version } = await read<{ version: string }>(`document?file=${encodeURIComponent(file())}`);
      const theirs = `${readFileSync(file(), 'utf8')}\n<!-- theirs -->`;
      writeFileSync(file(), theirs);
      expect(await act('save', { file: file(), text: '<policies />', version })).toMatchObject({ kind: 'conflict', text: theirs });
      expect(readFileSync(file(), 'utf8')).toBe(theirs);
    });

    it.each([
      ['outside of the directory', () => join(directory, 'outside.xml')],
      ['by a path that climbs', () => `${policies}/../outside.xml`],
      ['by another spelling', () => `${policies}/apis/../policy.xml`],
      ['of another kind', () => join(policies, 'portico.yaml')],
      ['that is new', () => join(policies, 'new.xml')],
      ['of the system', () => '/etc/passwd'],
    ])('are not saved %s', async (_name, path) => {
      const before = existsSync(path()) ? readFileSync(path(), 'utf8') : undefined;
      expect(await act('save', { file: path(), text: 'overwritten', version: '' })).toMatchObject({ kind: 'refused' });
      expect(existsSync(path()) ? readFileSync(path(), 'utf8') : undefined).toBe(before);
    });

    it('are not saved through a link that leads out', async () => {
      const { version } = await read<{ version: string }>(`document?file=${encodeURIComponent(file())}`);
      const text = readFileSync(file(), 'utf8');
      rmSync(file());
      writeFileSync(join(directory, 'outside.xml'), text);
      symlinkSync(join(directory, 'outside.xml'), file());
      expect(await act('save', { file: file(), text: '<policies />', version })).toMatchObject({ kind: 'refused' });
      expect(readFileSync(join(directory, 'outside.xml'), 'utf8')).toBe(text);
    });
  });
});
