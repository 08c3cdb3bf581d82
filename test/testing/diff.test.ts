import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffPolicies } from '../../src/testing/diff/diff.ts';
import { probesFor } from '../../src/testing/diff/probes.ts';
import { createShared } from '../../src/testing/diff/side.ts';
import { readSuite } from '../../src/testing/suite.ts';
import { directoryWith } from '../cli/support.ts';

const SHARED = await createShared();

const API = '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }';
const ANY = '{ "properties": { "method": "GET", "urlTemplate": "/*" } }';
const policies = (inbound: string, outbound = '') =>
  directoryWith({
    'apis/orders/apiInformation.json': API,
    'apis/orders/operations/any/operationInformation.json': ANY,
    'apis/orders/policy.xml': `<policies><inbound><base />${inbound}</inbound><outbound><base />${outbound}</outbound></policies>`,
  });

const CHECK = (value: string) =>
  `<choose><when condition="@(context.Request.Headers.GetValueOrDefault("X-Role", "") != "${value}")"><return-response><set-status code="403" /></return-response></when></choose>`;

async function differences(before: ReturnType<typeof policies>, after: ReturnType<typeof policies>) {
  try {
    const { operations } = await diffPolicies(before.path, after.path, [], undefined, SHARED);
    return operations.filter(({ operation }) => operation.startsWith('GET')).flatMap(({ cases }) => cases);
  } finally {
    before.remove();
    after.remove();
  }
}

describe('the effect of a change', () => {
  it('is nothing when only the text changed', async () => {
    const header = '<set-header name="X-A" exists-action="override"><value>1</value></set-header>';
    expect(await differences(policies(header), policies(header.replace('>1<', '>@("1")<')))).toEqual([]);
  });

  it('is told by the smallest request that shows it', async () => {
    const [first] = await differences(
      policies(''),
      policies('', '<set-header name="X-A" exists-action="override"><value>1</value></set-header>'),
    );
    expect(first).toEqual({
      request: 'GET /orders/rest/of/path',
      with: [],
      differences: [{ what: 'header x-a', before: 'absent', after: '1' }],
    });
  });

  it('is found behind a condition, with the value that it asks for', async () => {
    const cases = await differences(policies(CHECK('admin')), policies(CHECK('owner')));
    expect(cases.slice(0, 2).map((one) => [one.with, one.differences[0]])).toEqual([
      [['X-Role: admin'], { what: 'status', before: '200', after: '403' }],
      [['X-Role: owner'], { what: 'status', before: '403', after: '200' }],
    ]);
  });

  it('is found in what is made of a body, and in names that no header may have', async () => {
    const reading = (more: string) =>
      `<set-body>@(context.Request.Body.As<string>(preserveContent: true) + context.Request.Headers.GetValueOrDefault("a b", "${more}"))</set-body>`;
    const directory = (more: string) => {
      const made = policies(reading(more));
      writeFileSync(join(made.path, 'apis/orders/operations/any/operationInformation.json'), ANY.replace('GET', 'POST'));
      return made;
    };
    const [before, after] = [directory('1'), directory('2')];
    const { operations } = await diffPolicies(before.path, after.path, [], undefined, SHARED);
    for (const made of [before, after]) made.remove();
    expect(operations.map(({ operation, cases }) => [operation, cases[0]?.with])).toEqual([['POST /orders/*', ['body {}']]]);
  });

  it('is seen by the backend, too', async () => {
    const cases = await differences(
      policies(''),
      policies('<set-query-parameter name="v" exists-action="override"><value>2</value></set-query-parameter>'),
    );
    expect(cases[0]?.differences).toEqual([
      { what: 'forwarded', before: 'GET https://orders.internal/rest/of/path', after: 'GET https://orders.internal/rest/of/path?v=2' },
    ]);
  });
});

describe('requests of tests', () => {
  it('show what no generated request would', async () => {
    const check =
      '<choose><when condition="@((string)context.Variables.GetValueOrDefault("tier", "") == "gold")"><set-header name="X-Tier"><value>1</value></set-header></when></choose>';
    const [before, after] = [policies(''), policies(check)];
    const text =
      'suite: recorded\npolicies: .\ntests:\n  - name: a gold call\n    request: GET /orders/7\n    given: { variables: { tier: gold } }\n    expect: { status: 404 }\n';
    const suite = readSuite(text, 'a.test.yaml', '/a.test.yaml', () => undefined);
    const { operations } = await diffPolicies(before.path, after.path, [suite], undefined, SHARED);
    before.remove();
    after.remove();
    expect(operations).toEqual([
      {
        operation: 'recorded > a gold call',
        kind: 'changed',
        cases: [{ request: 'GET /orders/7', with: [], differences: [{ what: 'forwarded header x-tier', before: 'absent', after: '1' }] }],
      },
    ]);
  });
});

describe('probes', () => {
  it('stay bounded and begin with the bare request', () => {
    const headers = new Map(Array.from({ length: 30 }, (_, i) => [`X-${i}`, ['a', 'b']] as const));
    const words = {
      headers,
      query: new Map(),
      claims: new Map(),
      audiences: [],
      readsBody: true,
      statuses: [],
      countsSubscriptions: false,
      calls: false,
    };
    const probes = probesFor('POST', '/orders/{id}', words);
    expect(probes).toHaveLength(200);
    expect(probes[0]).toMatchObject({ line: 'POST /orders/7', says: [] });
  });
});

describe('state that calls leave behind', () => {
  const RATE = '<rate-limit-by-key calls="5" renewal-period="60" counter-key="all" />';
  const CACHE = (seconds: number) => `<cache-store duration="${seconds}" />`;
  const LOOKUP = '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />';
  const VALUE = (seconds: number) =>
    `<cache-lookup-value key="k" variable-name="v" /><choose><when condition="@(!context.Variables.ContainsKey("v"))"><cache-store-value key="k" value="1" duration="${seconds}" /><set-header name="X-Fresh"><value>1</value></set-header></when></choose>`;
  const RETRY = (count: number, interval = 1) =>
    `<retry condition="@(context.Response.StatusCode == 502)" count="${count}" interval="${interval}"><forward-request /></retry>`;
  const withBackend = (backend: string) =>
    directoryWith({
      'apis/orders/apiInformation.json': API,
      'apis/orders/operations/any/operationInformation.json': ANY,
      'apis/orders/policy.xml': `<policies><backend>${backend}</backend></policies>`,
    });

  const CASES: readonly [string, () => ReturnType<typeof policies>, () => ReturnType<typeof policies>, readonly string[], string][] = [
    ['a rate', () => policies(RATE), () => policies(RATE.replace('"5"', '"6"')), ['the 6th of the same call'], 'status: 429 -> 200'],
    [
      'a high rate',
      () => policies(RATE.replace('"5"', '"5000"')),
      () => policies(RATE.replace('"5"', '"6000"')),
      ['5000 calls counted by rate-limit-by-key'],
      'status: 429 -> 200',
    ],
    [
      'a window',
      () => policies(RATE),
      () => policies(RATE.replace('"60"', '"30"')),
      ['30.001 s after the 5th of the same call'],
      'status: 429 -> 200',
    ],
    [
      'a rate by subscription',
      () => policies('<rate-limit calls="2" renewal-period="60" />'),
      () => policies('<rate-limit calls="3" renewal-period="60" />'),
      ['with a subscription', 'the 3rd of the same call'],
      'status: 429 -> 200',
    ],
    [
      'a rate whose rest the caller is told',
      () => policies(RATE.replace(' counter', ' remaining-calls-header-name="X-Left" counter')),
      () => policies(RATE.replace('"5"', '"6"').replace(' counter', ' remaining-calls-header-name="X-Left" counter')),
      ['the 6th of the same call'],
      'status: 429 -> 200',
    ],
    [
      'a quota',
      () => policies('<quota-by-key calls="10000" renewal-period="3600" counter-key="all" />'),
      () => policies('<quota-by-key calls="20000" renewal-period="3600" counter-key="all" />'),
      ['10000 calls counted by quota-by-key'],
      'status: 403 -> 200',
    ],
    [
      'tokens a minute',
      () => policies('<llm-token-limit counter-key="all" tokens-per-minute="500" estimate-prompt-tokens="false" />'),
      () => policies('<llm-token-limit counter-key="all" tokens-per-minute="900" estimate-prompt-tokens="false" />'),
      ['500 tokens counted by the token limit'],
      'status: 429 -> 200',
    ],
    [
      'how long an answer is cached',
      () => policies(LOOKUP, CACHE(20)),
      () => policies(LOOKUP, CACHE(40)),
      ['20.001 s after the first call'],
      'forwarded: GET https://orders.internal/rest/of/path -> none',
    ],
    [
      'how long a value is cached',
      () => policies(VALUE(20)),
      () => policies(VALUE(40)),
      ['20.001 s after the first call'],
      'forwarded header x-fresh: 1 -> absent',
    ],
    [
      'tries',
      () => withBackend(RETRY(2)),
      () => withBackend(RETRY(3)),
      ['backend answers 502'],
      'forwarded: none -> GET https://orders.internal/rest/of/path',
    ],
    [
      'pauses between tries',
      () => withBackend(RETRY(2)),
      () => withBackend(RETRY(2, 3)),
      ['backend answers 502'],
      'time: 2000 ms -> 6000 ms',
    ],
  ];

  it.each(CASES)('shows %s', async (_what, before, after, says, difference) => {
    const cases = await differences(before(), after());
    const texts = cases.map(
      (one) => [one.with, one.differences.map(({ what, before: from, after: to }) => `${what}: ${from} -> ${to}`)] as const,
    );
    const found = texts.find(([, lines]) => lines.includes(difference));
    expect(found, JSON.stringify(texts)).toBeDefined();
    if (says.length > 0) expect(texts.map(([parts]) => parts)).toContainEqual(says);
  });

  it('is no difference where limits and windows are the same', async () => {
    expect(await differences(policies(RATE + VALUE(20)), policies(`${RATE} ${VALUE(20)}`))).toEqual([]);
  });

  it('tells what no request reached', async () => {
    const hidden = (calls: number) =>
      policies(`<choose><when condition="@(context.RequestId == Guid.Empty)">${RATE.replace('5', String(calls))}</when></choose>`);
    const [before, after] = [hidden(5), hidden(6)];
    const { untried } = await diffPolicies(before.path, after.path, [], undefined, SHARED);
    before.remove();
    after.remove();
    expect(untried[0]).toMatch(/no request reached `rate-limit-by-key`/);
  });

  it('is found behind a call whose answer is stored', async () => {
    const stored = (seconds: number) =>
      policies(
        `<cache-lookup-value key="k" variable-name="v" /><choose><when condition="@(!context.Variables.ContainsKey("v"))"><send-request mode="new" response-variable-name="r"><set-url>https://keys.internal/one</set-url><set-method>GET</set-method></send-request><cache-store-value key="k" value="@(((IResponse)context.Variables["r"]).Body.As<string>())" duration="${seconds}" /></when></choose>`,
      );
    const cases = await differences(stored(20), stored(40));
    expect(cases[0]?.with).toEqual(['called services answer JSON', '20.001 s after the first call']);
  });
});

describe('limits of a product', () => {
  it('are tried as its subscribers meet them', async () => {
    const product = (calls: number) =>
      directoryWith({
        'apis/orders/apiInformation.json': API,
        'apis/orders/operations/any/operationInformation.json': ANY,
        'products/starter/productInformation.json': '{ "properties": { "displayName": "Starter", "state": "published" } }',
        'products/starter/apis.json': '[{ "name": "orders" }]',
        'products/starter/policy.xml': `<policies><inbound><base /><rate-limit calls="${calls}" renewal-period="60" /></inbound></policies>`,
      });
    const [first] = await differences(product(2), product(3));
    expect(first?.with).toEqual(['subscription of product starter', 'the 3rd of the same call']);
  });
});
