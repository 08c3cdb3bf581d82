/** `portico/testing` as its users write it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTestGateway,
  PolicyProblems,
  policyMatchers,
  type RequestOptions,
  type TestGatewayOptions,
} from '../../src/testing/index.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';

const expressions = createExpressions();
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portico-testing-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A gateway of one document with this in inbound and outbound. */
function gatewayWith(inbound: string, options: Partial<TestGatewayOptions> = {}, outbound = '') {
  const path = join(directory, 'policy.xml');
  writeFileSync(
    path,
    `<policies><inbound>${inbound}</inbound><backend><forward-request timeout="5" /></backend><outbound>${outbound}</outbound></policies>`,
  );
  return createTestGateway({ policies: path, expressions, ...options });
}

describe('createTestGateway', () => {
  it('throws what is wrong with the policies', async () => {
    const made = gatewayWith('<set-heder name="a" />');
    await expect(made).rejects.toBeInstanceOf(PolicyProblems);
    await expect(made).rejects.toMatchObject({ problems: [{ code: 'PTC1001' }] });
    await expect(made).rejects.toThrow(/has? 1 error|1 error/);
  });

  it.each(['nonsense', '', 'GET', 'GET orders', 'G@T /x', 'GET /a b', 'ftp://x/y', 'GET https://'])(
    'refuses `%s` as a request',
    async (line) => {
      const gateway = await gatewayWith('');
      const message = `\`${line}\` is no request: write \`GET /path\`, \`/path\` or \`GET https://host/path\`, blanks as \`%20\``;
      await expect(gateway.request(line)).rejects.toThrow(new TypeError(message));
    },
  );

  it.each<[unknown, string]>([
    [{ body: 'a', json: 1 }, '`body` and `json` of request exclude each other: leave one of them out'],
    [{ body: { a: 1 } }, 'the `body` of request is a text or bytes: write a value as `json`'],
    [{ token: 'abc' }, "`token` is a mapping of claims: write a token of your own as `headers: { authorization: 'Bearer …' }`"],
    [{ headers: 'x' }, "the `headers` of request are a mapping: write `{ 'x-name': 'value' }`"],
    [{ headers: { 'a b': '1' } }, '`a b` is no name that a header may have'],
    [{ backend: { headers: { a: ['1', '2\n3'] } } }, 'the header `a` holds a line break: write a list for several lines'],
    [{ ip: '999' }, '`ip` is an IP address such as `10.0.0.1`'],
    [{ calls: { 'GET /x': {} } }, '`GET /x` stands for no call: write `METHOD https://host/path`, where a `*` fits any text'],
  ])('refuses the options %j', async (options, message) => {
    const gateway = await gatewayWith('');
    await expect(gateway.request('GET /', options as RequestOptions)).rejects.toThrow(new TypeError(message));
  });

  it('never sets the clock back', async () => {
    const gateway = await gatewayWith('');
    for (const wrong of [-5, Number.NaN, 'x' as unknown as number])
      expect(() => gateway.advance(wrong)).toThrow(new TypeError('`advance` takes a number of milliseconds: the clock never goes back'));
  });

  it.each([
    ['/a', 'GET https://gateway.test/a'],
    ['post /a?b=%20', 'POST https://gateway.test/a?b=%20'],
    ['OPTIONS HTTPS://other.test/a', 'OPTIONS https://other.test/a'],
  ])('takes `%s` as a request', async (line, shown) => {
    const method = '<set-variable name="shown" value="@(context.Request.Method + " " + context.Request.OriginalUrl)" />';
    expect((await (await gatewayWith(method)).request(line)).variables).toMatchObject({ shown });
  });

  const wrong = (options: unknown) => createTestGateway(options as TestGatewayOptions);

  it.each([
    [undefined, 'createTestGateway takes a mapping of policies, section, clock and the like'],
    [{}, "createTestGateway needs the path of the policies: write `createTestGateway({ policies: 'policies' })`"],
    [{ policy: 'a.xml' }, 'createTestGateway knows no `policy`: write one of policies, section,'],
    [{ policies: 'a.xml', clock: 'soon' }, '`clock` is no moment'],
    [{ policies: 'a.xml', seed: 'x' }, '`seed` is a number'],
    [{ policies: 'a.xml', section: 'in' }, '`section` is one of `inbound`, `backend`, `outbound`, `on-error`'],
    [{ policies: 'nowhere.xml' }, 'there is no policy directory or document `nowhere.xml`'],
  ])('refuses the options %j', async (options, message) => {
    await expect(wrong(options)).rejects.toThrow(message);
  });

  it.each([
    [{ bakend: {} }, 'request knows no `bakend`: did you mean `backend`?'],
    [{ backend: { stats: 500 } }, '`backend` knows no `stats`: did you mean `status`?'],
    [{ backend: [{ status: '500' }] }, 'the `status` of `backend` is a whole number from 100 to 999'],
    [{ backend: { delay: '3s' } }, 'the `delay` of `backend` is a number of milliseconds'],
    [{ backend: { fault: 'explode' } }, 'the `fault` of `backend` is one of `refuse`, `reset`, `timeout`, `truncated`'],
    [{ calls: [] }, "`calls` is a mapping: write `{ 'GET https://host/path': { status: 200 } }`"],
    [{ calls: { nonsense: {} } }, '`nonsense` stands for no call: write `METHOD https://host/path`'],
    [{ calls: { 'GET https://a.test': { sttus: 1 } } }, '`GET https://a.test` knows no `sttus`: did you mean `status`?'],
    [{ user: { id: 'a', emails: 'x' } }, '`user` knows no `emails`: did you mean `email`?'],
    [{ product: 'nope' }, 'there is no product `nope`'],
  ])('refuses the request options %j', async (options, message) => {
    const gateway = await gatewayWith('');
    await expect(gateway.request('GET /', options as object)).rejects.toThrow(message);
    expect((await gateway.request('GET /')).status).toBe(200);
  });

  it('runs requests that are asked for at once one after the other', async () => {
    const gateway = await gatewayWith('<rate-limit-by-key calls="2" renewal-period="60" counter-key="a" />');
    const answers = await Promise.all(
      [1, 2, 3].map((n) => gateway.request(`GET /${n}`, { headers: { 'X-N': n }, backend: { status: 200 + n } })),
    );
    expect(answers.map(({ status, forwarded }) => [status, forwarded.map(({ url }) => new URL(url).pathname)])).toEqual([
      [201, ['/1']],
      [202, ['/2']],
      [429, []],
    ]);
  });

  it('sends what a request brings along, and records what reached the backend', async () => {
    const gateway = await gatewayWith('<set-header name="X-Who"><value>@((string)context.Variables["who"])</value></set-header>');
    const answer = await gateway.request('POST /orders?x=1', {
      headers: { 'X-List': ['a', 'b'] },
      json: { id: 7 },
      variables: { who: 'ana' },
      backend: { status: 201, json: { ok: true }, headers: { 'X-Back': 'yes' } },
    });
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({ ok: true });
    expect(answer.header('x-back')).toBe('yes');
    expect(answer.forwarded).toHaveLength(1);
    const [forwarded] = answer.forwarded;
    expect(forwarded?.method).toBe('POST');
    expect(forwarded?.url).toMatch(/\/orders\?x=1$/);
    expect(forwarded?.body).toBe('{"id":7}');
    expect(forwarded?.headers.join('|')).toMatch(/X-List\|a\|X-List\|b/);
    expect(forwarded?.headers.join('|')).toContain('X-Who|ana');
  });

  it('starts the clock where it is told, and moves it', async () => {
    const gateway = await gatewayWith('<set-variable name="now" value="@(DateTime.UtcNow.ToString("o"))" />', {
      clock: '2026-03-01T00:00:00Z',
    });
    expect((await gateway.request('/')).variables.now).toBe('2026-03-01T00:00:00.0000000Z');
    gateway.advance(90_000);
    expect(new Date(gateway.now()).toISOString()).toBe('2026-03-01T00:01:30.000Z');
    expect((await gateway.request('/')).variables.now).toBe('2026-03-01T00:01:30.0000000Z');
  });

  it('gives the same chance for the same seed', async () => {
    const roll = async (seed: number) =>
      (await (await gatewayWith('<set-variable name="id" value="@(Guid.NewGuid())" />', { seed })).request('/')).variables.id;
    expect(await roll(7)).toBe(await roll(7));
    expect(await roll(7)).not.toBe(await roll(8));
  });

  it('replaces named values', async () => {
    const gateway = await gatewayWith('<set-variable name="greeting" value="{{greeting}}" />', { namedValues: { greeting: 'hello' } });
    expect((await gateway.request('/')).variables).toEqual({ greeting: 'hello' });
  });

  it('plays faults and delays of the backend on the clock', async () => {
    const gateway = await gatewayWith('');
    const slow = await gateway.request('/', { backend: { delay: 3000 } });
    expect([slow.status, slow.elapsed]).toEqual([200, 3000]);
    const late = await gateway.request('/', { backend: { delay: 9000 } });
    expect([late.status, late.elapsed, late.error?.source]).toEqual([500, 5000, 'forward-request']);
    const refused = await gateway.request('/', { backend: { fault: 'refuse' } });
    expect([refused.status, refused.error?.reason]).toEqual([500, 'BackendConnectionFailure']);
  });

  it('answers called services by stubs, and names the stub that is missing', async () => {
    const gateway = await gatewayWith(
      '<send-request response-variable-name="r"><set-url>https://stock.example/items/7</set-url></send-request><set-variable name="n" value="@(((IResponse)context.Variables["r"]).Body.As<string>())" />',
    );
    const answer = await gateway.request('/', { calls: { 'GET https://stock.example/*': { body: 'three' } } });
    expect(answer.variables.n).toBe('three');
    expect(answer.calls.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET https://stock.example/items/7']);
    const missing = await gateway.request('/');
    expect(missing.status).toBe(500);
    expect(missing.error?.message).toContain('no stub answers GET https://stock.example/items/7');
  });

  it('mints tokens that the policies accept, unless the test says otherwise', async () => {
    const gateway = await gatewayWith(
      '<validate-jwt header-name="Authorization" require-scheme="Bearer"><openid-config url="https://login.example/.well-known/openid-configuration" /><audiences><audience>api://a</audience></audiences></validate-jwt>',
    );
    const reason = async (token: Record<string, unknown> | undefined) =>
      (await gateway.request('/', token === undefined ? {} : { token })).error?.reason;
    expect(await reason({})).toBeUndefined();
    expect(await reason(undefined)).toBe('TokenNotPresent');
    expect(await reason({ aud: 'api://b' })).toBe('TokenAudienceNotAllowed');
    expect(await reason({ exp: 1_767_225_599 })).toBe('TokenExpired');
    gateway.advance(3_601_000);
    expect(await reason({})).toBeUndefined();
  });
});

describe('policyMatchers', () => {
  it('pass and fail with what was and what should be', async () => {
    const gateway = await gatewayWith('<set-backend-service base-url="https://b.example" />');
    const answer = await gateway.request('/a', { backend: { headers: { 'X-A': '1' } } });
    const failed = await gateway.request('/a', { backend: { fault: 'refuse' } });
    expect(policyMatchers.toHaveStatus(answer, 200).pass).toBe(true);
    expect(policyMatchers.toHaveStatus(answer, 404).pass).toBe(false);
    expect(policyMatchers.toHaveStatus(answer, 404).message()).toBe('expected the status to be 404, and it is 200');
    expect(policyMatchers.toHaveHeader(answer, 'x-a').pass).toBe(true);
    expect(policyMatchers.toHaveHeader(answer, 'x-a', /^\d$/).pass).toBe(true);
    expect(policyMatchers.toHaveHeader(answer, 'x-a', '2').pass).toBe(false);
    expect(policyMatchers.toHaveHeader(answer, 'x-b').pass).toBe(false);
    expect(policyMatchers.toHaveForwarded(answer).pass).toBe(true);
    expect(policyMatchers.toHaveForwarded(answer, 'https://b.example/a').pass).toBe(true);
    expect(policyMatchers.toHaveForwarded(answer, /other/).pass).toBe(false);
    expect(policyMatchers.toHaveFailedWith(failed, 'BackendConnectionFailure').pass).toBe(true);
    expect(policyMatchers.toHaveFailedWith(answer, 'BackendConnectionFailure').pass).toBe(false);
  });
});
