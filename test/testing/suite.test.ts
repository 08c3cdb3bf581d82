/** Test files: what is read, what differs, and what is refused with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnosticRow } from '../../src/source/render.ts';
import { Runner } from '../../src/testing/runner.ts';

const POLICY = `<policies>
    <inbound>
        <set-header name="X-Who" exists-action="override"><value>@(context.User?.FirstName ?? context.Variables.GetValueOrDefault<string>("who", "nobody"))</value></set-header>
        <choose>
            <when condition="@(context.Request.OriginalUrl.Path == "/count")"><emit-metric name="n"><dimension name="d" value="v" /></emit-metric></when>
            <when condition="@(context.Request.OriginalUrl.Path == "/fail")"><set-variable name="x" value="@(int.Parse("x"))" /></when>
        </choose>
    </inbound>
    <backend><forward-request /></backend>
    <outbound><set-variable name="facts" value="@(new JObject(new JProperty("n", 1), new JProperty("list", new JArray("a", "b"))))" /></outbound>
</policies>`;

const runner = new Runner();
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portico-suite-'));
  writeFileSync(join(directory, 'policy.xml'), POLICY);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function run(text: string) {
  const path = join(directory, 'a.test.yaml');
  writeFileSync(path, text);
  return runner.run(path);
}

/** Differences of one test whose lines behind `name` these are: `what: expected | actual`. */
async function differences(...lines: string[]): Promise<string[]> {
  const { tests, problems } = await run(`policies: policy.xml\ntests:\n  - name: a\n${lines.map((line) => `    ${line}\n`).join('')}`);
  expect(problems.map(diagnosticRow)).toEqual([]);
  return (tests[0]?.differences ?? []).map(({ what, expected, actual }) => `${what}: ${expected} | ${actual}`);
}

const BACKEND = 'backend: { status: 203, reason: Maybe, headers: { X-A: ["1", "2"] }, json: { id: 7, tags: [a, b], at: "2026-01-01" } }';

describe('expectations', () => {
  it.each<[string, string[]]>([
    ['{ status: 203, reason: Maybe }', []],
    ['{ status: "/^2/" }', []],
    ['{ status: 200 }', ['status: 200 | 203']],
    ['{ headers: { x-a: "1,2", x-b: absent, content-type: "/json/" } }', []],
    ['{ headers: { x-a: ["1", "2"] } }', []],
    ['{ headers: { x-a: ["1"], x-b: "3" } }', ['headers.x-a: 1 | 1 | 2', 'headers.x-b: 3 | absent']],
    ['{ headers: { x-a: absent } }', ['headers.x-a: absent | 1,2']],
    ['{ body: { id: 7, tags: [a, "/^[a-z]$/"], at: "/^2026-/" } }', []],
    ['{ body: { id: 8, tags: [a] } }', ['body.id: 8 | 7', 'body.tags: 1 item | 2 items', 'body.at: absent | "2026-01-01"']],
    ['{ body: { id: "7", tags: [a, b], at: "2026-01-01", more: 1 } }', ['body.id: "7" | 7', 'body.more: 1 | absent']],
    ['{ body: "/\\"id\\":7/" }', []],
    ['{ body: absent }', ['body: absent | {"id":7,"tags":["a","b"],"at":"2026-01-01"}']],
    ['{ forwarded: GET https://gateway.test/o?x=1 }', []],
    ['{ forwarded: { method: GET, url: "/o/", headers: { x-who: nobody } } }', []],
    ['{ forwarded: [{ method: GET }] }', []],
    ['{ forwarded: { method: PUT, headers: { x-who: ana } } }', ['forwarded.method: PUT | GET', 'forwarded.headers.x-who: ana | nobody']],
    ['{ forwarded: none }', ['forwarded: none | GET https://gateway.test/o?x=1']],
    ['{ forwarded: [] }', ['forwarded: 0 requests | GET https://gateway.test/o?x=1']],
    ['{ calls: none, error: none, elapsed: 0s }', []],
    ['{ calls: [GET https://a/] }', ['calls: 1 request | none']],
    ['{ recorded: none }', []],
    ['{ recorded: [{ kind: metric }] }', ['recorded: 1 item | 0 items']],
    ['{ elapsed: 2s }', ['elapsed: 2000 ms | 0 ms']],
    ['{ variables: { facts: { n: 1, list: [a, b] }, other: absent } }', []],
    ['{ variables: { facts: { n: 2, list: [a, b] } } }', ['variables.facts.n: 2 | 1']],
    ['{ error: { source: set-variable } }', ['error.source: set-variable | absent']],
    ['{ status: { $equals: 203 }, body: { $equals: { at: "2026-01-01", id: 7, tags: [a, b] } } }', []],
    ['{ status: { $equals: 204 } }', ['status: 204 | 203']],
    ['{ body: { $jsonpath: { "$.id": { $not: string } } } }', []],
    [
      '{ body: { tags: { $contains: { a: 1 } } } }',
      ['body.tags: something with {"a":1} | ["a","b"]', 'body.id: absent | 7', 'body.at: absent | "2026-01-01"'],
    ],
    ['{ forwarded: absent }', ['forwarded: none | GET https://gateway.test/o?x=1']],
    ['{ calls: absent, error: absent, trace: absent, metrics: absent }', []],
  ])('%s', async (expectation, expected) => {
    expect(await differences('request: GET /o?x=1', BACKEND, `expect: ${expectation}`)).toEqual(expected);
  });

  it('take no body for an empty one, unless a word says otherwise', async () => {
    const facts = '{ body: "", forwarded: { body: "" } }';
    expect(await differences('request: GET /', `expect: ${facts}`)).toEqual([]);
    expect(await differences('request: GET /', 'expect: { body: any, variables: { other: "" } }')).toEqual([
      'body: any | absent',
      'variables.other:  | absent',
    ]);
  });

  it('compare the last call like the last request', async () => {
    expect(await differences('request: GET /', 'expect: { calls: { method: GET } }')).toEqual(['calls: a call | none']);
  });

  it('compare what was recorded', async () => {
    const metric = '{ kind: metric, namespace: API Management, name: n, value: 1, dimensions: { d: "/^v$/" } }';
    expect(await differences('request: GET /count', `expect: { recorded: [${metric}] }`)).toEqual([]);
    expect(await differences('request: GET /count', 'expect: { recorded: [{ kind: metric, name: n }], trace: none }')).toEqual([]);
    expect(await differences('request: GET /count', 'expect: { recorded: none }')).toEqual([
      'recorded: none | [{"kind":"metric","namespace":"API Management","name":"n","value":1,"dimensions":{"d":"v"}}]',
    ]);
  });

  it('compare the error', async () => {
    const found = await differences(
      'request: GET /fail',
      'expect: { status: 500, error: { source: set-variable, reason: ExpressionValueEvaluationFailure, section: inbound, path: "choose[1]/when[2]/set-variable[1]", scope: api } }',
    );
    expect(found).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['[1, { a: [2, 3] }]', '{ $contains: { a: [2, 3] } }', []],
    ['[1, { a: [2, 3] }]', '{ $contains: { a: [2] } }', ['body: something with {"a":[2]} | [1,{"a":[2,3]}]']],
    ['{ a: 1 }', '{ $contains: { a: 1 } }', ['body: something with {"a":1} | {"a":1}']],
    ['"2026-02-03T04:05:06Z"', '{ $jsonpath: { $: date } }', []],
    ['{ a: "2026-13-45" }', '{ a: date }', ['body.a: "date" | "2026-13-45"']],
    ['{ a: "a.b.c" }', '{ a: jwt }', ['body.a: "jwt" | "a.b.c"']],
    ['{ a: eyJhIjoxfQ.eyJiIjoyfQ.c2ln }', '{ a: jwt }', []],
  ])('compare the JSON %s with %s', async (json, body, expected) => {
    expect(await differences('request: GET /', `backend: { json: ${json} }`, `expect: { body: ${body} }`)).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['<a><b>1</b><b>2</b></a>', '$xpath: { "//b": [1, 2], "//b[2]": 2, "count(//b)": 2, "boolean(//c)": false, "//c": absent }', []],
    ['<a><b>1</b></a>', '$xpath: { "//b": 3 }', ['body //b: 3 | 1']],
    ['text', '$jsonpath: { $.a: absent }', ['body $.a: "absent" | no JSON: Error parsing boolean value. Path \'\', line 1, position 1.']],
    ['', '$jsonpath: { $.a: absent, $.b: 1 }', ['body $.b: 1 | absent']],
  ])('look into the body %j: %s', async (body, look, expected) => {
    expect(await differences('request: GET /', `backend: { body: ${JSON.stringify(body)} }`, `expect: { body: { ${look} } }`)).toEqual(
      expected,
    );
  });

  it('name the policy that wrote a differing value', async () => {
    const { tests } = await run(
      'policies: policy.xml\ntests:\n  - name: a\n    request: GET /\n    expect:\n      forwarded: { headers: { x-who: ana } }\n',
    );
    expect(tests[0]?.differences).toMatchObject([
      { line: 6, writtenBy: expect.stringMatching(/^set-header at .*policy\.xml:3$/) as string },
    ]);
  });
});

describe('the first difference of a call', () => {
  it.each([
    [
      'request: GET /fail',
      "set-variable at policy.xml:6 failed: Expression evaluation failed. The input string 'x' was not in a correct format.",
    ],
    [
      'expression: int.Parse("x")',
      "the expression failed: Expression evaluation failed. The input string 'x' was not in a correct format.",
    ],
  ])('tells what went wrong: %s', async (call, trouble) => {
    const expected = call.startsWith('request') ? '{ status: 200, reason: OK }' : '{ value: 1, type: System.Int32 }';
    const { tests } = await run(`policies: policy.xml\ntests:\n  - name: a\n    ${call}\n    expect: ${expected}\n`);
    const [first, second] = (tests[0]?.differences ?? []).map(({ because }) => because?.map((text) => text.replace(/ at .*[/\\]/, ' at ')));
    expect([first, second]).toEqual([[trouble], undefined]);
  });

  it('tells of calls that no stub answered', async () => {
    writeFileSync(
      join(directory, 'calling.xml'),
      '<policies><inbound><send-request mode="new" response-variable-name="a" ignore-error="true"><set-url>https://a.example/x</set-url></send-request></inbound></policies>',
    );
    const { tests } = await run('policies: calling.xml\ntests: [{ name: a, request: GET /, expect: { status: 404 } }]\n');
    expect(tests[0]?.differences[0]?.because).toEqual([
      expect.stringMatching(
        /^send-request at .*calling\.xml:1 got no answer: no stub answers GET https:\/\/a\.example\/x: add one under `calls:`$/,
      ),
    ]);
  });
});

describe('a table', () => {
  it('warns of columns that no row has', async () => {
    const { tests, problems } = await run(
      'policies: policy.xml\ntests:\n  - name: ${a} and ${b}\n    each: [{ a: 1 }]\n    request: GET /\n    expect: { status: 200 }\n',
    );
    expect(problems.map(diagnosticRow)).toMatchObject([{ severity: 'warning', code: 'PTC5507', line: 3, column: 20 }]);
    expect(tests).toMatchObject([{ differences: [] }]);
  });
});

describe('the clock', () => {
  it('warns of steps whose time has passed', async () => {
    const step = (at: string) => `      - { at: ${at}, request: GET /, expect: { status: 200 } }\n`;
    const { tests, problems } = await run(
      `policies: policy.xml\ntests:\n  - name: a\n    steps:\n${['5s', '5s', '4s', '1m'].map(step).join('')}`,
    );
    expect(problems.map(diagnosticRow)).toMatchObject([{ severity: 'warning', code: 'PTC5509', line: 7, column: 15 }]);
    expect(tests).toMatchObject([{ differences: [] }]);
  });

  const send = (name: string) =>
    `<send-request response-variable-name="${name}"><set-url>https://${name}.test/</set-url><set-method>GET</set-method></send-request>`;
  const CALLS = 'calls: [{ request: "https://a.test/", delay: 5s }, { request: "https://b.test/", delay: 2s }]';

  it.each([
    ['all', '5s', '{ a: any, b: any }'],
    ['any', '2s', '{ a: absent, b: any }'],
  ])('runs calls side by side: wait for %s takes %s', async (mode, elapsed, variables) => {
    writeFileSync(
      join(directory, `wait-${mode}.xml`),
      `<policies><inbound><wait for="${mode}">${send('a')}${send('b')}</wait></inbound></policies>`,
    );
    const { tests } = await run(
      `policies: wait-${mode}.xml\ntests:\n  - name: a\n    request: GET /\n    ${CALLS}\n    expect: { elapsed: ${elapsed}, variables: ${variables} }\n`,
    );
    expect(tests[0]).toMatchObject({ failure: undefined, differences: [] });
  });
});

describe('what a test brings along', () => {
  it.each<[string, string[]]>([
    ['given: { variables: { who: ana } }', ['x-who: ana']],
    ['given: { user: { id: u1, first-name: Cleo, groups: [staff] } }', ['x-who: Cleo']],
  ])('%s', async (given, [header = '']) => {
    expect(await differences('request: GET /', given, `expect: { forwarded: { headers: { ${header} } } }`)).toEqual([]);
  });

  it('is a request with body, form, headers and address', async () => {
    expect(
      await differences(
        'request: { method: put, url: "/p", form: { a: "1 2", b: x }, headers: { X-L: [a, b] }, ip: 203.0.113.9 }',
        'expect: { forwarded: { method: PUT, body: "a=1+2&b=x", headers: { content-type: application/x-www-form-urlencoded, x-l: [a, b], x-forwarded-for: 203.0.113.9 } } }',
      ),
    ).toEqual([]);
  });

  it('shared entries hold for every test, its own win', async () => {
    const { tests, problems } = await run(
      [
        'policies: policy.xml',
        'given: { variables: { who: shared } }',
        'backend: { status: 202 }',
        'tests:',
        '  - { name: shared, request: GET /, expect: { status: 202, forwarded: { headers: { x-who: shared } } } }',
        '  - { name: own, request: GET /, given: { variables: { who: own } }, backend: { status: 204 }, expect: { status: 204, forwarded: { headers: { x-who: own } } } }',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(tests.flatMap((test) => test.differences)).toEqual([]);
  });

  it('answers in turn, the last one stays', async () => {
    const { tests } = await run(
      [
        'policies: policy.xml',
        'tests:',
        '  - name: a',
        '    steps:',
        '      - { request: GET /, backend: [{ status: 201 }, { status: 202 }], expect: { status: 201 } }',
        '      - { at: 1.5m, request: GET /, backend: { fault: reset }, expect: { status: 500 } }',
      ].join('\n'),
    );
    expect(tests.flatMap((test) => test.differences)).toEqual([]);
  });

  it('answers of the test and of the suite go on from step to step, those of a step begin with it', async () => {
    writeFileSync(
      join(directory, 'asking.xml'),
      '<policies><inbound><send-request mode="new" response-variable-name="a"><set-url>https://a.example/</set-url></send-request>' +
        '<set-variable name="s" value="@(((IResponse)context.Variables["a"]).StatusCode)" /></inbound><backend><forward-request /></backend></policies>',
    );
    const { tests, problems } = await run(
      [
        'policies: asking.xml',
        'backend: [{ status: 201 }, { status: 202 }]',
        'calls: [{ request: "https://a.example/", times: 1, status: 418 }, { request: "https://a.example/", status: 419 }]',
        'tests:',
        '  - name: a',
        '    calls: [{ request: "https://a.example/", times: 1, status: 417 }]',
        '    steps:',
        '      - { request: GET /, expect: { status: 201, variables: { s: 417 } } }',
        '      - { request: GET /, backend: { status: 203 }, expect: { status: 203, variables: { s: 418 } } }',
        '      - { request: GET /, calls: [{ request: "https://a.example/", status: 416 }] }',
        '      - { request: GET /, expect: { status: 202, variables: { s: 419 } } }',
        '  - { name: b, request: GET /, expect: { status: 201, variables: { s: 418 } } }',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(tests.flatMap((test) => test.differences)).toEqual([]);
  });
});

describe('a test file', () => {
  const test = (lines: string) => `policies: policy.xml\ntests:\n  - name: a\n    request: GET /\n    ${lines}\n`;

  const REFUSED: readonly (readonly [string, string, string])[] = [
    ['suite: a', '1:1', 'PTC5004 `tests` is missing'],
    ['tests: { a: b }', '1:8', 'PTC5003 `tests` must be a list'],
    ['tests: [{ request: GET /, expect: {} }]', '1:9', 'PTC5004 `tests[0].name` is missing'],
    ['tests: [{ name: a, expect: {} }]', '1:9', 'PTC5004 `request` is missing'],
    ['tests: [{ name: a, request: GET / }]', '1:9', 'PTC5004 `expect` is missing'],
    ['tests: [{ name: a, steps: [{ request: GET / }] }]', '1:9', 'PTC5004 `expect` is missing'],
    [test('expect: { body: /^[45]\\d/i }'), '5:23', 'PTC5002 `/^[45]\\d/i` must stand in quotes between braces and brackets'],
    [test('expect: { body: plain [x }'), '5:27', 'PTC5002 unexpected flow-seq-start at node end'],
    [test('expect: { body: { $subset: { a: 1 }, b: 2 } }'), '5:32', 'PTC5508 `$subset` cannot stand beside the member `b`'],
    [
      'tests: [{ name: a, request: GET /, calls: [{ request: nonsense }], expect: {} }]',
      '1:55',
      'PTC5003 `tests[0].calls[0].request` must be `METHOD https://host/path` or a mapping',
    ],
    ['tests: [{ name: a, request: / x y, expect: {} }]', '1:29', 'PTC5003 `tests[0].request` must be `METHOD /path` or a mapping'],
    ['clock: noon\ntests: []', '1:8', 'PTC5003 `clock` must be a moment such as `2026-01-01T00:00:00Z`'],
    ['sede: 1\ntests: []', '1:1', 'PTC5005 `sede` is not known here'],
    [test('expect: { statu: 200 }'), '5:15', 'PTC5005 `statu` is not known here'],
    [
      test('backend: { fault: broken }\n    expect: {}'),
      '5:23',
      'PTC5006 `tests[0].backend.fault` must be one of `refuse`, `reset`, `timeout`, `truncated`',
    ],
    [
      test('backend: { delay: soon }\n    expect: {}'),
      '5:23',
      'PTC5003 `tests[0].backend.delay` must be a duration such as `10s`, `5m` or `250ms`',
    ],
    ['tests: [{ name: a, steps: [] }]', '1:27', 'PTC5505 `steps` has no steps'],
    ['tests: [{ name: a, request: /a, expect: {} }]', '1:29', 'PTC5003 `tests[0].request` must be `METHOD /path` or a mapping'],
    ...['request: GET a', 'request: { url: a }', 'request: { url: "ftp://a/" }'].map((request): [string, string, string] => [
      `tests: [{ name: a, ${request}, expect: {} }]`,
      request === 'request: GET a' ? '1:29' : '1:36',
      `PTC5003 \`tests[0].request${request === 'request: GET a' ? '' : '.url'}\` must be a path that begins with \`/\`, or a whole URL of http or https`,
    ]),
    [
      'tests: [{ name: a, request: { url: /, method: G ET }, expect: {} }]',
      '1:47',
      'PTC5003 `tests[0].request.method` must be a method such as `GET`',
    ],
    [
      'tests: [{ name: a, request: { url: /, headers: { a b: c } }, expect: {} }]',
      '1:55',
      'PTC5003 `a b` must be a name that a header may have',
    ],
    [test('backend: { headers: { a: "b\\nc" } }\n    expect: {}'), '5:30', 'PTC5003 `a` must be a text without line breaks'],
    [
      test('backend: { request: GET /a }\n    expect: {}'),
      '5:25',
      'PTC5003 `tests[0].backend.request` must be `METHOD https://host/path` or a mapping',
    ],
    [
      test('calls: [{ request: { url: /a } }]\n    expect: {}'),
      '5:31',
      'PTC5003 `tests[0].calls[0].request.url` must be `METHOD https://host/path` or a mapping',
    ],
    [test('token: {}\n    expect: {}'), '5:5', 'PTC5005 `token` is not known here'],
    [test('given: { user: { firstName: a } }\n    expect: {}'), '5:22', 'PTC5005 `firstName` is not known here'],
    [test('expect: { error: TokenExpired }'), '5:22', 'PTC5003 `tests[0].expect.error` must be `none` or a mapping'],
    [test('expect: { error: { raeson: a } }'), '5:24', 'PTC5005 `raeson` is not known here'],
    [test('expect: { calls: { verb: GET } }'), '5:24', 'PTC5005 `verb` is not known here'],
    [test('expect: { elapsed: long }'), '5:24', 'PTC5003 `tests[0].expect.elapsed` must be a duration such as `10s`, `5m` or `250ms`'],
    [test('expect: { recorded: some }'), '5:25', 'PTC5003 `tests[0].expect.recorded` must be `none` or a list'],
    [test('expect: { forwarded: { verb: GET } }'), '5:28', 'PTC5005 `verb` is not known here'],
  ];

  it.each(REFUSED.map(([text, place, message]) => [message, place, text] as const))('is refused: %s', async (message, place, text) => {
    const { problems } = await run(text);
    const shown = problems.map(diagnosticRow).map((row) => `${row.line}:${row.column} ${row.code} ${row.message}`);
    expect(
      shown.some((one) => one === `${place} ${message}`),
      shown.join('\n'),
    ).toBe(true);
  });

  it('with a product that is not there fails its test', async () => {
    const { tests } = await run('policies: policy.xml\ntests: [{ name: a, request: GET /, given: { product: gold }, expect: {} }]');
    expect(tests[0]?.failure).toBe('there is no product `gold`');
  });

  it('with policies that are not there fails its tests', async () => {
    const { tests } = await run('policies: nowhere\ntests: [{ name: a, request: GET /, expect: {} }]');
    expect(tests[0]?.failure).toMatch(/^there is no policy directory or document `.*nowhere`$/);
  });
});
