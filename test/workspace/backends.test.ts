/** Backend entities at work, one case a sentence of gateway-model section 9. */
import { describe, expect, it } from 'vitest';
import { type Running, running } from './running.ts';
import { type FileTexts, json, lineOf, load, problemsOf } from './support.ts';

const API: FileTexts = {
  'apis/a/apiInformation.json': json({ path: '', subscriptionRequired: false, serviceUrl: 'https://own.internal' }),
};
const to = (id: string, backend = '<forward-request />') => ({
  ...API,
  'policy.xml': `<policies><inbound><set-backend-service backend-id="${id}" /></inbound><backend>${backend}</backend><outbound /><on-error /></policies>`,
});
const single = (name: string, more: object = {}) => ({
  [`backends/${name}/backendInformation.json`]: json({ url: `https://${name}.internal`, protocol: 'http', ...more }),
});
const pool = (members: readonly unknown[], more: object = {}) => ({
  'backends/pool/backendInformation.json': json({ type: 'Pool', pool: { services: members, ...more } }),
});
const breaker = (condition: object, more: object = {}) => ({
  circuitBreaker: {
    rules: [
      {
        name: 'r',
        failureCondition: { interval: 'PT1M', statusCodeRanges: [{ min: 500, max: 599 }], ...condition },
        tripDuration: 'PT30S',
        ...more,
      },
    ],
  },
});
const run = (files: FileTexts, answer?: Parameters<typeof running>[1]): Running => {
  const workspace = load(files);
  expect(workspace.problems).toEqual([]);
  return running(workspace, answer);
};
const statuses = async (gateway: Running, count: number) => {
  const found: number[] = [];
  for (let at = 0; at < count; at += 1) found.push((await gateway.call('GET /x')).status);
  return found;
};
const hosts = ({ sent }: Running) => sent.map((line) => /\/\/([a-z]+)/.exec(line)?.[1]);

describe('circuit breakers', () => {
  it('count failures of the window; the call that trips keeps its answer, calls while open get 503 without the backend', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 3 })) }, () => 500);
    expect(await statuses(gateway, 5)).toEqual([500, 500, 500, 503, 503]);
    expect(gateway.sent).toHaveLength(3);
    const refused = await gateway.call('GET /x');
    expect(refused.reason).toBe("Backend 'one' is temporarily unavailable.");
    expect(refused.body).toBe('{ "statusCode": 503, "message": "Backend \'one\' is temporarily unavailable." }');
  });

  it('close after the trip duration, and count anew', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 2 })) }, () => 500);
    expect(await statuses(gateway, 3)).toEqual([500, 500, 503]);
    gateway.host.advance(29_999);
    expect(await statuses(gateway, 1)).toEqual([503]);
    gateway.host.advance(1);
    expect(await statuses(gateway, 3)).toEqual([500, 500, 503]);
  });

  it('forget failures older than the interval', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 2 })) }, () => 500);
    expect(await statuses(gateway, 1)).toEqual([500]);
    gateway.host.advance(60_000);
    expect(await statuses(gateway, 3)).toEqual([500, 500, 503]);
  });

  it('count only statuses of the ranges', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 1, statusCodeRanges: [{ min: 429, max: 429 }] })) }, () => 500);
    expect(await statuses(gateway, 3)).toEqual([500, 500, 500]);
  });

  it('count calls without an answer', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 2, errorReasons: ['Server errors'] })) }, () => 'refuse');
    expect(await statuses(gateway, 3)).toEqual([500, 500, 503]);
  });

  it.each([
    ['seconds', '503 Retry-After:5', 5_000],
    ['a date', `503 Retry-After:${new Date(Date.UTC(2026, 0, 1, 0, 0, 7)).toISOString()}`, 7_000],
    ['nothing', '503', 30_000],
  ])('stay open as long as Retry-After says with acceptRetryAfter: %s', async (_what, answer, open) => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 1 }, { acceptRetryAfter: true })) }, () => answer);
    await gateway.call('GET /x');
    gateway.host.advance(open - 1);
    expect((await gateway.call('GET /x')).reason).toContain('temporarily unavailable');
    gateway.host.advance(1);
    expect((await gateway.call('GET /x')).reason).toBe('Said');
  });

  it('ignore Retry-After without acceptRetryAfter', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 1 })) }, () => '503 Retry-After:1');
    await gateway.call('GET /x');
    gateway.host.advance(2_000);
    expect((await gateway.call('GET /x')).reason).toContain('temporarily unavailable');
  });

  it('open at a percentage of a window with enough calls', async () => {
    let calls = 0;
    const gateway = run({ ...to('one'), ...single('one', breaker({ percentage: 50 })) }, () => {
      calls += 1;
      return calls % 2 === 0 ? 500 : 200;
    });
    expect(await statuses(gateway, 11)).toEqual([200, 500, 200, 500, 200, 500, 200, 500, 200, 500, 503]);
  });

  it('stay open as long as the rule says, however long', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 1 }, { tripDuration: 'P2D' })) }, () => 500);
    await gateway.call('GET /x');
    gateway.host.advance(47 * 3_600_000);
    expect(await statuses(gateway, 1)).toEqual([503]);
    gateway.host.advance(3_600_000);
    expect(await statuses(gateway, 1)).toEqual([500]);
  });

  it('stay open for a day at most when a backend asks for more', async () => {
    const gateway = run(
      { ...to('one'), ...single('one', breaker({ count: 1 }, { acceptRetryAfter: true })) },
      () => '503 Retry-After:999999',
    );
    await gateway.call('GET /x');
    gateway.host.advance(24 * 3_600_000);
    expect((await gateway.call('GET /x')).reason).toBe('Said');
  });

  it('count server errors and calls without an answer where the rule names none', async () => {
    const bare = { circuitBreaker: { rules: [{ failureCondition: { count: 2, interval: 'PT1M' }, tripDuration: 'PT30S' }] } };
    const answers = ['404', '500', 'refuse', '500'];
    const gateway = run({ ...to('one'), ...single('one', bare) }, () => answers.shift() ?? 200);
    expect(await statuses(gateway, 4)).toEqual([404, 500, 500, 503]);
  });

  it('last an hour where the rule gives no time', async () => {
    const gateway = run({ ...to('one'), ...single('one', { circuitBreaker: { rules: [{ failureCondition: { count: 1 } }] } }) }, () => 500);
    await gateway.call('GET /x');
    gateway.host.advance(3_599_999);
    expect(await statuses(gateway, 1)).toEqual([503]);
    gateway.host.advance(1);
    expect(await statuses(gateway, 1)).toEqual([500]);
  });

  it('do not count a caller who goes', async () => {
    const gateway = run({ ...to('one'), ...single('one', breaker({ count: 1 })) }, () => 'gone');
    expect(await statuses(gateway, 2)).toEqual([500, 500]);
    expect(gateway.sent).toHaveLength(2);
  });

  it('keep a count for each backend', async () => {
    const files = {
      ...API,
      'policy.xml':
        '<policies><inbound><set-backend-service backend-id="@(context.Request.Headers.GetValueOrDefault(&quot;to&quot;))" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>',
      ...single('a', breaker({ count: 1 })),
      ...single('b', breaker({ count: 1 })),
    };
    const gateway = run(files, ({ origin }) => (origin.includes('//a.') ? 500 : 200));
    const ask = async (id: string) => (await gateway.call('GET /x', { to: id })).status;
    expect([await ask('a'), await ask('a'), await ask('b'), await ask('b')]).toEqual([500, 503, 200, 200]);
  });

  it('go to on-error with status 503', async () => {
    const files = {
      ...single('one', breaker({ count: 1 })),
      ...API,
      'policy.xml':
        '<policies><inbound><set-backend-service backend-id="one" /></inbound><backend><forward-request /></backend><outbound /><on-error><set-header name="x" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason + " " + context.Response.StatusCode)</value></set-header></on-error></policies>',
    };
    const gateway = run(files, () => 500);
    await gateway.call('GET /x');
    expect((await gateway.call('GET /x')).header('x')).toBe('forward-request BackendConnectionFailure 503');
  });
});

describe('pools', () => {
  const three = { ...single('a'), ...single('b'), ...single('c') };

  it('take turns with equal weights', async () => {
    const gateway = run({ ...to('pool'), ...three, ...pool([{ id: '/backends/a' }, { id: '/subscriptions/1/backends/b' }, { id: 'c' }]) });
    await statuses(gateway, 6);
    expect(hosts(gateway)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(gateway.sent[0]).toBe('GET https://a.internal/x');
  });

  it('give each member the share of its weight', async () => {
    const gateway = run({
      ...to('pool'),
      ...three,
      ...pool([
        { id: 'a', weight: 3 },
        { id: 'b', weight: 1 },
        { id: 'c', weight: 0 },
      ]),
    });
    await statuses(gateway, 8);
    expect(hosts(gateway).filter((host) => host === 'a')).toHaveLength(6);
    expect(hosts(gateway).filter((host) => host === 'b')).toHaveLength(2);
  });

  it('use a wider priority only when all of the narrower one are open', async () => {
    const files = {
      ...to('pool'),
      ...single('a', breaker({ count: 1 })),
      ...single('b', breaker({ count: 1 })),
      ...single('c'),
      ...pool([
        { id: 'a', priority: 1 },
        { id: 'b', priority: 1 },
        { id: 'c', priority: 2 },
      ]),
    };
    const gateway = run(files, ({ origin }) => (origin.includes('//c.') ? 200 : 500));
    expect(await statuses(gateway, 4)).toEqual([500, 500, 200, 200]);
    expect(hosts(gateway)).toEqual(['a', 'b', 'c', 'c']);
    gateway.host.advance(30_000);
    expect(await statuses(gateway, 1)).toEqual([500]);
  });

  it('answer 503 when all are open, and tell so by the reason', async () => {
    const files = { ...to('pool'), ...single('a', breaker({ count: 1 })), ...pool([{ id: 'a' }]) };
    const gateway = run(files, () => 500);
    await gateway.call('GET /x');
    const refused = await gateway.call('GET /x');
    expect(refused.status).toBe(503);
    expect(refused.reason).toBe("Backend pool 'pool' is temporarily unavailable.");
    expect(refused.body).toBe('{ "statusCode": 503, "message": "Backend pool \'pool\' is temporarily unavailable." }');
  });

  it('choose anew in each round of a retry, whose condition reads the reason', async () => {
    const retry =
      '<retry condition="@(context.Response.StatusCode == 500 || (context.Response.StatusCode == 503 &amp;&amp; !context.Response.StatusReason.Contains(&quot;Backend pool&quot;)))" count="5" interval="0"><forward-request /></retry>';
    const files = {
      ...to('pool', retry),
      ...single('a', breaker({ count: 1 })),
      ...single('b', breaker({ count: 1 })),
      ...pool([{ id: 'a' }, { id: 'b' }]),
    };
    const gateway = run(files, () => 500);
    expect((await gateway.call('GET /x')).reason).toContain('Backend pool');
    expect(hosts(gateway)).toEqual(['a', 'b']);
  });

  it('pin a caller to a member by a cookie, until its breaker opens', async () => {
    const affinity = { sessionAffinity: { sessionId: { source: 'Cookie', name: 'SessionId' } } };
    const files = { ...to('pool'), ...single('a', breaker({ count: 1 })), ...single('b'), ...pool([{ id: 'a' }, { id: 'b' }], affinity) };
    let status = 200;
    const gateway = run(files, () => status);
    const first = await gateway.call('GET /x');
    const cookie = first.header('Set-Cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^SessionId=[0-9a-f]+$/);
    for (let at = 0; at < 3; at += 1)
      expect((await gateway.call('GET /x', { Cookie: `other=1; ${cookie}` })).header('Set-Cookie')).toBeUndefined();
    expect(hosts(gateway)).toEqual(['a', 'a', 'a', 'a']);
    status = 500;
    await gateway.call('GET /x', { Cookie: cookie });
    status = 200;
    const moved = await gateway.call('GET /x', { Cookie: cookie });
    expect(hosts(gateway).at(-1)).toBe('b');
    expect(moved.header('Set-Cookie')).not.toContain(cookie);
  });

  it('leave the cookies of the backend beside their own', async () => {
    const affinity = { sessionAffinity: { sessionId: { source: 'Cookie', name: 'SessionId' } } };
    const files = { ...to('pool'), ...single('a'), ...pool([{ id: 'a' }], affinity) };
    const gateway = run(files, () => '200 Set-Cookie:one=1 Set-Cookie:two=2');
    expect((await gateway.call('GET /x')).header('Set-Cookie')).toMatch(/^one=1,two=2,SessionId=[0-9a-f]+; Path=\/; HttpOnly$/);
  });

  it('show their state', async () => {
    const files = { ...to('pool'), ...single('a', breaker({ count: 1 })), ...single('b'), ...pool([{ id: 'a' }, { id: 'b' }]) };
    const gateway = run(files, ({ origin }) => (origin.includes('//a.') ? 500 : 200));
    await statuses(gateway, 3);
    const [a, b, whole] = gateway.engine.backends.snapshot();
    expect(a).toMatchObject({ id: 'a', kind: 'single', state: 'open', calls: 1, failed: 1, openUntil: gateway.host.now() + 30_000 });
    expect(b).toMatchObject({ id: 'b', state: 'closed', calls: 2, failed: 0 });
    expect(whole).toMatchObject({
      id: 'pool',
      kind: 'pool',
      state: 'closed',
      members: [
        { id: 'a', state: 'open' },
        { id: 'b', state: 'closed' },
      ],
    });
  });
});

describe('credentials', () => {
  it('add headers, query parameters and authorization, with named values filled in', async () => {
    const credentials = {
      header: { 'x-key': ['{{key}}'] },
      query: { code: ['c d'] },
      authorization: { scheme: 'Basic', parameter: '{{key}}' },
    };
    const files = {
      ...to('one'),
      ...single('one', { url: 'https://{{host}}.internal/api', credentials }),
      'named values/1/namedValueInformation.json': json({ displayName: 'key', value: 'abc' }),
      'named values/2/namedValueInformation.json': json({ displayName: 'host', value: 'filled' }),
    };
    const gateway = run(files);
    await gateway.call('GET /x?a=1', { 'X-Key': 'theirs' });
    expect(gateway.sent[0]).toMatch(/^GET https:\/\/filled\.internal\/api\/x\?a=1&code=c(%20|\+)d$/);
    const { headers } = gateway.requests[0] ?? { headers: [] };
    const values = (name: string) => headers.flatMap((one, at) => (at % 2 === 0 && one.toLowerCase() === name ? [headers[at + 1]] : []));
    expect(values('x-key')).toEqual(['abc']);
    expect(values('authorization')).toEqual(['Basic abc']);
  });

  it('add a token of the managed identity', async () => {
    const gateway = run({ ...to('one'), ...single('one', { credentials: { managedIdentity: { resource: 'https://res' } } }) });
    await gateway.call('GET /x');
    const headers = gateway.requests[0]?.headers ?? [];
    expect(headers[headers.findIndex((one) => one.toLowerCase() === 'authorization') + 1]).toMatch(/^Bearer .+/);
  });

  it('name a certificate and the rules of TLS', async () => {
    const files = {
      ...to('one'),
      ...single('one', {
        credentials: { certificateIds: ['/x/certificates/client'] },
        tls: { validateCertificateChain: false, validateCertificateName: false },
      }),
    };
    // Its file is the host's matter.
    expect(problemsOf(files)).toEqual([expect.stringContaining('there is no certificate `client`')]);
    const gateway = running(load(files));
    await gateway.call('GET /x');
    expect(gateway.requests[0]).toMatchObject({ certificateId: 'client', tls: { validateChain: false, validateName: false } });
  });
});

describe('what is wrong with a backend', () => {
  it.each<[string, FileTexts, string]>([
    ['a member that is not there', pool([{ id: '/backends/ghost' }]), 'PTC5011 there is no backend `ghost`'],
    [
      'a pool in a pool',
      { ...pool([{ id: 'inner' }]), 'backends/inner/backendInformation.json': json({ pool: { services: [{ id: 'x' }] } }), ...single('x') },
      'PTC5123 `inner` is a pool',
    ],
    ['an empty pool', pool([]), 'PTC5124 a pool takes from 1 to 30 members'],
    ['a wrong duration', single('one', breaker({ count: 1, interval: '1 minute' })), 'PTC5125 `1 minute` is no duration'],
    [
      'two rules',
      single('one', { circuitBreaker: { rules: [{ failureCondition: { count: 1 } }, { failureCondition: { count: 2 } }] } }),
      'PTC5126 ',
    ],
    ['no count', single('one', { circuitBreaker: { rules: [{ failureCondition: {} }] } }), 'PTC5127 '],
    [
      'another source of affinity',
      { ...single('a'), ...pool([{ id: 'a' }], { sessionAffinity: { sessionId: { source: 'Header', name: 'x' } } }) },
      'PTC5006 ',
    ],
    [
      'an API with an unknown backend',
      { 'apis/m/apiInformation.json': json({ path: 'm', backendId: 'ghost' }) },
      'PTC5011 there is no backend `ghost`',
    ],
    [
      'a weight above 100',
      { ...single('a'), ...pool([{ id: 'a', weight: 101 }]) },
      'PTC5131 `properties.pool.services[0].weight` must be a whole number from 0 to 100',
    ],
    ['a negative priority', { ...single('a'), ...pool([{ id: 'a', priority: -1 }]) }, 'PTC5131 `properties.pool.services[0].priority`'],
    ['a count of nothing', single('one', breaker({ count: 0 })), 'failureCondition.count` must be a whole number from 1 to 10000'],
    [
      'a percentage above 100',
      single('one', breaker({ percentage: 101 })),
      'failureCondition.percentage` must be a whole number from 1 to 100',
    ],
    [
      'a status that is none',
      single('one', breaker({ count: 1, statusCodeRanges: [{ min: 0, max: 599 }] })),
      '.min` must be a whole number from 200 to 599',
    ],
    [
      'a range the wrong way round',
      single('one', breaker({ count: 1, statusCodeRanges: [{ min: 599, max: 500 }] })),
      'holds nothing: 599 is larger than 500',
    ],
    [
      'an interval of nothing',
      single('one', breaker({ count: 1, interval: 'PT0S' })),
      'failureCondition.interval` must be longer than zero',
    ],
    ['a trip of nothing', single('one', breaker({ count: 1 }, { tripDuration: 'PT0S' })), 'tripDuration` must be longer than zero'],
  ])('is reported with its place: %s', (_what, files, expected) => {
    expect(problemsOf({ ...API, ...files }).join('\n')).toContain(expected);
  });

  it('is set right in portico.yaml: a URL there stands in place of a pool', async () => {
    const files = {
      ...to('pool'),
      ...single('a'),
      ...pool([{ id: 'a' }]),
      'portico.yaml': 'backends: { pool: "http://localhost:3000" }\n',
    };
    const gateway = run(files);
    await gateway.call('GET /x');
    expect(gateway.sent).toEqual(['GET http://localhost:3000/x']);
  });

  it('has named values in the credentials of portico.yaml, too', async () => {
    const yaml =
      'named-values: { key: abc }\nbackends: { one: { url: "https://one.internal", credentials: { header: { x-key: "{{key}}" }, query: { code: "{{key}}" } } } }\n';
    const gateway = run({ ...to('one'), 'portico.yaml': yaml });
    await gateway.call('GET /x');
    expect(gateway.sent).toEqual(['GET https://one.internal/x?code=abc']);
    expect(gateway.requests[0]?.headers).toContain('abc');
  });

  it('takes pools and breakers in portico.yaml, too', async () => {
    const yaml = `backends:
  a: { url: "https://a.internal", circuit-breaker: { failure-condition: { count: 1, interval: PT1M, status-code-ranges: [{ min: 500, max: 599 }] }, trip-duration: PT10S, accept-retry-after: true } }
  b: https://b.internal
  pool: { pool: { services: [{ id: a, priority: 1 }, { id: b, priority: 2 }], session-affinity: { source: Cookie, name: s } } }
`;
    const gateway = run({ ...to('pool'), 'portico.yaml': yaml }, ({ origin }) => (origin.includes('//a.') ? 500 : 200));
    expect(await statuses(gateway, 2)).toEqual([500, 200]);
  });
});

describe('a backend whose URL is not here', () => {
  const API = { 'apis/a/apiInformation.json': json({ path: 'a', subscriptionRequired: false, serviceUrl: 'https://own.internal' }) };
  const uses = (id: string) =>
    `<policies><inbound><set-backend-service backend-id="${id}" /></inbound><backend><forward-request /></backend><outbound /><on-error><return-response><set-status code="500" /><set-body>@(context.LastError.Message)</set-body></return-response></on-error></policies>`;
  const single = json({ protocol: 'http' });
  const pool = json({ type: 'Pool', pool: { services: [{ id: '/backends/b' }] } });

  it('is told at the backend, and not where it is mentioned', () => {
    const files = { ...API, 'policy.xml': uses('b'), 'backends/b/backendInformation.json': single };
    expect(running(load(files)).engine.problems.map(lineOf)).toEqual([
      'backends/b/backendInformation.json:1:15 warning PTC5199 backend `b` has no URL',
    ]);
  });

  it.each([
    ['alone', 'b', "Backend 'b' has no URL."],
    ['in a pool', 'p', "Backend 'p' has no URL."],
  ])('fails the call that needs it, %s', async (_, id, message) => {
    const files = {
      ...API,
      'policy.xml': uses(id),
      'backends/b/backendInformation.json': single,
      'backends/p/backendInformation.json': pool,
    };
    const { status, body } = await running(load(files)).call('GET /a/x');
    expect([status, body]).toEqual([500, expect.stringContaining(message)]);
  });

  it('gets one from portico.yaml', async () => {
    const files = { ...API, 'policy.xml': uses('b'), 'backends/b/backendInformation.json': single };
    const gateway = running(load({ ...files, 'portico.yaml': 'backends: { b: { url: "https://here.internal" } }' }));
    expect(gateway.engine.problems).toEqual([]);
    await gateway.call('GET /a/x');
    expect(gateway.sent).toEqual(['GET https://here.internal/x']);
  });
});
