/** The test format beyond the plain case: tables, operators, context, stubs, expressions, fragments, snapshots. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diagnosticRow } from '../../src/source/render.ts';
import { Runner } from '../../src/testing/runner.ts';

const POLICY = `<policies>
    <inbound>
        <trace source="gate" severity="information"><message>@("for " + context.User?.FirstName)</message><metadata name="step" value="1" /></trace>
        <set-header name="X-Context" exists-action="override"><value>@($"{context.Product?.Name}|{context.Subscription?.Id}|{context.Api.Name}|{context.Operation.Id}|{context.Deployment.Region}|{string.Join(",", context.User?.Groups.Select(g => g.Name) ?? new string[0])}")</value></set-header>
        <set-header name="X-Match" exists-action="override"><value>@(context.Request.MatchedParameters.GetValueOrDefault("id", "none"))</value></set-header>
        <set-header name="X-Cert" exists-action="override"><value>@(context.Request.Certificate?.Subject ?? "none")</value></set-header>
        <cache-lookup-value key="greeting" variable-name="greeting" default-value="none" />
        <choose>
            <when condition="@(context.Request.OriginalUrl.Path == "/call")">
                <send-request id="calling" response-variable-name="r" ignore-error="true" timeout="5"><set-url>https://stock.example/items/7?x=1</set-url><set-method>POST</set-method><set-header name="X-Kind" exists-action="override"><value>read</value></set-header><set-body>{"id":7}</set-body></send-request>
                <set-variable name="called" value="@(((IResponse)context.Variables.GetValueOrDefault<IResponse>("r"))?.StatusCode.ToString() ?? "nothing")" />
            </when>
        </choose>
    </inbound>
    <backend><forward-request timeout="5" /></backend>
    <outbound />
</policies>`;

const runner = new Runner();
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portico-format-'));
  writeFileSync(join(directory, 'policy.xml'), POLICY);
  writeFileSync(join(directory, 'fragment.xml'), '<fragment><set-status code="418" reason="Teapot" /></fragment>');
  writeFileSync(join(directory, 'bare.xml'), '<set-header name="X-Bare" exists-action="override"><value>yes</value></set-header>');
  writeFileSync(join(directory, 'section.xml'), '<inbound><return-response><set-status code="202" /></return-response></inbound>');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function run(text: string, name = 'a.test.yaml', options = {}) {
  const path = join(directory, name);
  writeFileSync(path, text);
  return (Object.keys(options).length > 0 ? new Runner(options) : runner).run(path);
}

/** Differences of one test whose lines behind `name` these are: `what: expected | actual`. */
async function differences(...lines: string[]): Promise<string[]> {
  const { tests, problems } = await run(`policies: policy.xml\ntests:\n  - name: a\n${lines.map((line) => `    ${line}\n`).join('')}`);
  expect(problems.map(diagnosticRow)).toEqual([]);
  return tests.flatMap((test) => [
    ...(test.failure === undefined ? [] : [test.failure]),
    ...test.differences.map(({ what, expected, actual }) => `${what}: ${expected} | ${actual}`),
  ]);
}

describe('operators and kinds', () => {
  const JSON_BACKEND =
    'backend: { json: { id: 7, total: 12.5, at: "2026-01-02T03:04:05Z", key: 0d0d0d0d-0000-4000-8000-000000000001, tags: [a, b], items: [{ n: 1, p: 3 }, { n: 2, p: 4 }], word: number, ok: true } }';

  it.each<[string, string[]]>([
    ['{ id: integer, total: number, at: date, key: guid, tags: array, items: any, word: number, ok: boolean }', []],
    ['{ $subset: { id: 7, items: [{ n: 2 }] } }', []],
    ['{ $subset: { id: 8 } }', ['body.id: 8 | 7']],
    ['{ $subset: { items: [{ n: 3 }] } }', ['body.items: an item like {"n":3} | [{"n":1,"p":3},{"n":2,"p":4}]']],
    ['{ $subset: { gone: absent, tags: [b] } }', []],
    ['{ $jsonpath: { "$.items[1].p": 4, "$..n": [1, 2], "$.none": absent, "$.items[?(@.n == 2)].p": 4 } }', []],
    ['{ $jsonpath: { "$.items[0].p": 4 } }', ['body $.items[0].p: 4 | 3']],
    ['{ $matches: ["\\"id\\":7", "/TOTAL/i"] }', []],
    ['{ $contains: "tags" }', []],
    ['{ $contains: "nowhere" }', [expect.stringMatching(/^body: something with "nowhere" \| /) as string]],
    ['{ $not: { $contains: "tags" } }', [expect.stringMatching(/^body: not /) as string]],
    ['{ $subset: { id: { $min: 7, $max: 7 }, word: { $oneOf: [a, number] }, tags: { $length: 2, $contains: b } } }', []],
    ['{ $subset: { id: { $min: 8 } } }', ['body.id: at least 8 | 7']],
    ['{ $subset: { word: { $oneOf: [a, b] } } }', ['body.word: one of ["a","b"] | number']],
    ['{ $subset: { word: { $equals: number } } }', []],
    ['{ $subset: { id: { $equals: integer } } }', ['body.id: "integer" | 7']],
  ])('body: %s', async (body, expected) => {
    expect(await differences('request: GET /', JSON_BACKEND, `expect: { body: ${body} }`)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['{ $xpath: { "/o/i[2]/@n": "2", "count(//i)": 2, "/o/p:t": x, "/o/none": absent } }', []],
    ['{ $xpath: { "/o/i[1]": b } }', ['body /o/i[1]: b | a']],
  ])('body: %s', async (body, expected) => {
    const xml = `backend: { xml: '<o xmlns:p="urn:p"><i n="1">a</i><i n="2">b</i><p:t>x</p:t></o>' }`;
    expect(await differences('request: GET /', xml, `expect: { headers: { content-type: application/xml }, body: ${body} }`)).toEqual(
      expected,
    );
  });

  it('name the nearest operator, and a pattern that is none', async () => {
    const { problems } = await run(
      'policies: policy.xml\ntests:\n  - { name: a, request: GET /, expect: { body: { $subst: {} }, reason: "/(/" } }\n',
    );
    expect(problems.map(({ code, help }) => [code, help])).toEqual([
      ['PTC5005', 'did you mean `$subset`?'],
      ['PTC5501', undefined],
    ]);
  });
});

describe('values of another form', () => {
  it.each<[string, string]>([
    ['given: { user: { id: [1] } }', '`tests[0].given.user.id` must be a text'],
    ['given: { user: { identities: [x] } }', '`tests[0].given.user.identities[0]` must be a mapping'],
    ['given: { product: { id: x, approval-required: maybe } }', '`tests[0].given.product.approval-required` must be `true` or `false`'],
    [
      'given: { subscription: { end-date: soon } }',
      '`tests[0].given.subscription.end-date` must be a moment such as `2026-01-01T00:00:00Z`',
    ],
    [
      'given: { deployment: { carbon-intensity: Much } }',
      '`tests[0].given.deployment.carbon-intensity` must be one of `NotAvailable`, `VeryLow`, `Low`, `Medium`, `High`, `VeryHigh`',
    ],
    ['backend: { status: 42 }', '`tests[0].backend.status` must be a whole number from 100 to 999'],
    ['backend: { times: -1 }', '`tests[0].backend.times` must be a whole number'],
    ['backend: { base64: "?" }', '`tests[0].backend.base64` must be bytes in Base64'],
  ])('%s', async (line, message) => {
    const { problems } = await run(`policies: policy.xml\ntests:\n  - { name: a, request: GET /, ${line}, expect: {} }\n`);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it.each<[string, string]>([
    ['{ url: /, ip: 10.0.0.444 }', '`tests[0].request.ip` must be an IP address such as `10.0.0.1`'],
    ['{ url: /, base64: a }', '`tests[0].request.base64` must be bytes in Base64'],
  ])('request: %s', async (request, message) => {
    const { problems } = await run(`policies: policy.xml\ntests:\n  - { name: a, request: ${request}, expect: {} }\n`);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it.each<[string, string]>([
    ['{ aborted: perhaps }', '`tests[0].expect.aborted` must be `true` or `false`'],
    ['{ recorded: [1] }', '`tests[0].expect.recorded[0]` must be a mapping'],
    ['{ trace: [{ metadata: x }] }', '`tests[0].expect.trace[0].metadata` must be a mapping'],
  ])('expect: %s', async (expectation, message) => {
    const { problems } = await run(`policies: policy.xml\ntests:\n  - { name: a, request: GET /, expect: ${expectation} }\n`);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('of the whole suite are reported once, however many tests there are', async () => {
    const { problems } = await run(
      'policies: policy.xml\ngiven: { certificate: . }\ncalls: [{ request: GET https://a/, status: ok }]\ntests:\n  - { name: a, request: GET /, expect: {} }\n  - { name: b, request: GET /, expect: {} }\n',
    );
    expect(problems).toHaveLength(1);
  });

  it('take one group for a list of one', async () => {
    expect(
      await differences(
        'request: GET /',
        'given: { user: { id: u, groups: staff } }',
        'expect: { forwarded: { headers: { x-context: /staff$/ } } }',
      ),
    ).toEqual([]);
  });
});

describe('context that is given', () => {
  it('is product, subscription, API, operation, deployment, groups, parameters, certificate, cache', async () => {
    expect(
      await differences(
        'request: GET /x',
        'given: { product: { id: gold, name: Gold }, subscription: { id: s1 }, api: { name: Orders }, operation: get-order, deployment: { region: West Europe }, user: { id: u, first-name: Ana }, groups: [staff, admins], matched-parameters: { id: 7 }, certificate: { subject: "CN=ana" }, cache: { greeting: hi } }',
        'expect: { forwarded: { headers: { x-context: "Gold|s1|Orders|get-order|West Europe|staff,admins", x-match: "7", x-cert: "CN=ana" } }, variables: { greeting: hi } }',
      ),
    ).toEqual([]);
  });

  it('takes moments as dates, with and without a time', async () => {
    const given =
      'given: { subscription: { id: s, end-date: 2027-01-02, start-date: "2026-01-01T01:00:00+01:00" }, user: { id: u, registration-date: 2025-05-06 } }';
    const value =
      'expression: \'@(context.Subscription.EndDate?.ToString("s") + "|" + context.Subscription.StartDate?.ToString("s") + "|" + context.User.RegistrationDate.ToString("s"))\'';
    expect(await differences(value, given, 'expect: { value: "2027-01-02T00:00:00|2026-01-01T00:00:00|2025-05-06T00:00:00" }')).toEqual([]);
  });

  it('says what is not there', async () => {
    expect(await differences('request: GET /', 'given: { certificate: nobody }', 'expect: {}')).toEqual([
      'there is no certificate `nobody`: neither a file, nor an id of portico.yaml, nor PEM text',
    ]);
    expect(await differences('request: GET /', 'given: { product: nobody }', 'expect: {}')).toEqual(['there is no product `nobody`']);
  });
});

describe('stubs', () => {
  const CALL = 'request: GET /call';
  it.each<[string, string, string]>([
    [
      'by mapping',
      '{ request: { method: POST, url: "https://stock.example/*", query: { x: "1" }, headers: { x-kind: read }, body: { id: integer } }, status: 201 }',
      '201',
    ],
    ['by another body', '{ request: { url: "https://stock.example/*", body: { id: 8 } }, status: 201 }', 'nothing'],
    ['by pattern', '{ request: { url: "/ITEMS.\\\\d/i" }, status: 203 }', '203'],
    ['in the middle', '{ request: "POST https://*/items/7?x=1", status: 204 }', '204'],
    ['of another method', '{ request: "GET https://stock.example/*", status: 204 }', 'nothing'],
    ['reset', '{ request: "* https://stock.example/*", fault: reset }', 'nothing'],
  ])('fit %s', async (_what, stub, called) => {
    expect(await differences(CALL, `calls: [${stub}]`, `expect: { variables: { called: "${called}" } }`)).toEqual([]);
  });

  it('answer in turn, and so many times', async () => {
    const stubs =
      '[{ request: "POST https://stock.example/*", times: 0, status: 500 }, { request: "POST https://stock.example/*", times: 2, answers: [{ status: 201 }, { status: 202 }] }, { request: "POST https://*", status: 203 }]';
    expect(await differences(CALL, `calls: ${stubs}`, 'expect: { variables: { called: "201" } }')).toEqual([]);
  });

  it('say which pattern is none', async () => {
    const stubs = '[{ request: "/x(/" }, { request: { url: "/y(/" } }]';
    const { problems } = await run(`policies: policy.xml\ntests:\n  - { name: a, request: GET /, calls: ${stubs}, expect: {} }\n`);
    expect(problems.map(({ code }) => code)).toEqual(['PTC5501', 'PTC5501']);
  });

  it('of the backend may ask for requests', async () => {
    const backend = 'backend: [{ request: "* https://*/b", status: 202 }, { status: 201 }]';
    expect(await differences('request: GET /b', backend, 'expect: { status: 202 }')).toEqual([]);
    expect(await differences('request: GET /c', backend, 'expect: { status: 201 }')).toEqual([]);
  });

  it('that break off end the answer to the caller', async () => {
    expect(
      await differences('request: GET /', 'backend: { body: "0123456789", fault: truncated }', 'expect: { status: 200, aborted: true }'),
    ).toEqual([]);
  });
});

describe('expectations on what ran', () => {
  it.each<[string, string[]]>([
    ['executed: [trace, set-header, send-request]', []],
    ['executed: [calling]', []],
    [
      'executed: [nothing]',
      [
        'executed: nothing | trace, set-header, set-header, set-header, cache-lookup-value, choose, send-request, set-variable, forward-request',
      ],
    ],
    ['executed: "choose[1]/when[1]/send-request[1]"', []],
    ['executed: [send-request, trace]', [expect.stringMatching(/^executed: trace \|/) as string]],
    ['executed: ["inbound/trace[1]", "policy.xml:4"]', []],
    ['skipped: [return-response]', []],
    ['skipped: [forward-request]', [expect.stringMatching(/^skipped: forward-request not to run \| ran at /) as string]],
    ['trace: [/^for/, ]', []],
    ['trace: [{ source: gate, severity: information, metadata: { step: "1" } }]', []],
    ['trace: [{ source: other }]', ['trace[0]: {"source":"other"} | information gate: for ']],
    ['trace: none', ['trace: none | for ']],
    ['metrics: none, events: none, messages: none, audit: none', []],
    ['events: [{ logger: hub }]', ['events: 1 item | 0 items']],
  ])('%s', async (expectation, expected) => {
    expect(await differences('request: GET /call', `expect: { ${expectation} }`)).toEqual(expected);
  });
});

describe('tables', () => {
  it('run a test a row, values typed and in names', async () => {
    const { tests, problems } = await run(
      [
        'policies: policy.xml',
        'tests:',
        '  - name: "${user} reads $id"',
        '    each: [{ user: ana, id: 7, body: { n: 1 } }, { user: bob, id: 8, body: { n: 2 } }]',
        '    request: GET /orders/${id}',
        '    given: { user: { id: u, first-name: "${user}" } }',
        '    backend: { json: "${body}" }',
        '    expect: { trace: ["for ${user}"], body: { n: { $min: 1 } } }',
        '  - name: rows',
        '    each: [{ n: 1 }, { n: 2 }]',
        '    request: GET /',
        '    backend: { status: "20${n}" }',
        '    expect: { status: 201 }',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(tests.map(({ name, line, differences: found }) => [name, line, found.length])).toEqual([
      ['ana reads 7', 4, 0],
      ['bob reads 8', 4, 0],
      ['rows (n=1)', 10, 0],
      ['rows (n=2)', 10, 1],
    ]);
  });
});

describe('lone parts', () => {
  it.each<[string, string, string]>([
    ['fragment.xml', '', '{ status: 200 }'],
    ['fragment.xml', 'section: outbound\n', '{ status: 418, reason: Teapot }'],
    ['fragment.xml', 'section: on-error\n', '{ status: 418 }'],
    ['bare.xml', '', '{ forwarded: { headers: { x-bare: yes } } }'],
    ['section.xml', '', '{ status: 202, forwarded: none }'],
  ])('%s runs (%s)', async (policies, section, expectation) => {
    const text = `policies: ${policies}\n${section}tests:\n  - { name: a, request: GET /, expect: ${expectation.replace('yes', '"yes"')} }\n`;
    const { tests, problems } = await run(text);
    expect(problems.map(diagnosticRow)).toEqual([]);
    expect(tests.flatMap((test) => test.differences.map(({ what, actual }) => `${what} ${actual}`))).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['"@(1 + 2)"', '{ value: 3, type: System.Int32 }', []],
    ['9007199254740993L', '{ value: "9007199254740993", type: System.Int64 }', []],
    ['ulong.MaxValue', '{ value: 1 }', ['value: 1 | "18446744073709551615"']],
    ['1 + 2', '{ value: 4 }', ['value: 4 | 3']],
    ['(string)context.Variables["who"] + context.Request.Method', '{ value: anaPOST }', []],
    ['"@{ var list = new JArray(1, 2); return new JObject(new JProperty(\\"a\\", list)); }"', '{ value: { a: [1, 2] } }', []],
    ['int.Parse("x")', '{ error: { message: "/was not in a correct format/" } }', []],
    ['((Jwt)context.Variables["jwt"]).Subject + ((IResponse)context.Variables["r"]).Body.As<JObject>()["n"]', '{ value: cleo7 }', []],
    ['context.User', '{ value: null, type: "null" }', []],
    ['DateTime.UtcNow.ToString("yyyy")', '{ value: "2026" }', []],
  ])('the expression %s', async (expression, expectation, expected) => {
    const found = await differences(
      `expression: ${expression.startsWith('"') ? expression : `'${expression}'`}`,
      'request: { method: POST, url: / }',
      'given: { variables: { who: ana, jwt: { $jwt: { sub: cleo } }, r: { $response: { json: { n: 7 } } } } }',
      `expect: ${expectation}`,
    );
    expect(found).toEqual(expected);
  });

  it('lets a request of an expression leave out the URL', async () => {
    const code = `expression: 'context.Request.Headers["X-A"][0] + context.Request.Url.Path'`;
    expect(await differences(code, 'request: { headers: { X-A: one } }', 'expect: { value: one/ }')).toEqual([]);
    const { problems } = await run('policies: policy.xml\ntests:\n  - { name: a, request: { method: GET }, expect: { status: 200 } }\n');
    expect(problems.map(({ message }) => message)).toEqual(['`tests[0].request.url` is missing']);
  });

  it('an expression does not mind what is wrong with documents', async () => {
    mkdirSync(join(directory, 'wrong/fragments'), { recursive: true });
    writeFileSync(join(directory, 'wrong/policy.xml'), '<policies><inbound><base /></inbound></policies>');
    writeFileSync(join(directory, 'wrong/fragments/f.xml'), '<fragment><nonsense /></fragment>');
    const { tests, problems } = await run('policies: wrong\ntests:\n  - { name: a, expression: 1 + 1, expect: { value: 2 } }\n');
    expect(problems.map(diagnosticRow)).toEqual([]);
    expect(tests.flatMap((test) => test.differences)).toEqual([]);
  });

  it('an expression sees the answer of a backend', async () => {
    expect(await differences("expression: 'context.Response.StatusCode'", 'backend: { status: 207 }', 'expect: { value: 207 }')).toEqual(
      [],
    );
  });

  it('an expression with an error is wrong at its place in the test file', async () => {
    const { problems } = await run('policies: policy.xml\ntests:\n  - { name: a, expression: "nobody + 1", expect: { value: 1 } }\n');
    expect(problems.map(diagnosticRow)).toMatchObject([
      { code: 'CS0103', line: 3, message: "The name 'nobody' does not exist in the current context" },
    ]);
  });
});

describe('a run', () => {
  it('skips tests with a reason, and runs only those marked', async () => {
    const skipped = await run('policies: policy.xml\ntests:\n  - { name: a, skip: later, request: GET /, expect: { status: 500 } }\n');
    expect(skipped.tests).toMatchObject([{ skipped: 'later', differences: [] }]);
    const only = await run(
      'policies: policy.xml\ntests:\n  - { name: a, request: GET /, expect: { status: 500 } }\n  - { name: b, only: true, request: GET /, expect: { status: 200 } }\n',
    );
    expect(only.tests.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['a', 'another test of the file says `only`'],
      ['b', undefined],
    ]);
  });

  it('ends a test whose policies never end', async () => {
    const loop =
      '    expression: "@{ var n = 0; while (true) { n++; } return n; }"\n    expect: { error: { message: /more than 1000000 steps/ } }\n';
    const { tests } = await run(`policies: policy.xml\ntests:\n  - name: a\n${loop}`);
    expect(tests).toMatchObject([{ failure: undefined, differences: [] }]);
  });

  it('gives a test the same chance wherever it stands', async () => {
    const value = "  - { name: NAME, expression: 'Guid.NewGuid().ToString()', seed: 3, expect: { value: nothing } }\n";
    const { tests } = await run(`policies: policy.xml\ntests:\n${['a', 'b', 'c'].map((name) => value.replace('NAME', name)).join('')}`);
    const rolled = tests.flatMap((test) => test.differences.map(({ actual }) => actual));
    expect(rolled).toHaveLength(3);
    expect(new Set(rolled).size).toBe(1);
  });

  it('starts each test afresh, and stops after enough failures', async () => {
    const failing = ['a', 'b', 'c'].map((name) => `  - { name: ${name}, request: GET /, expect: { status: 500 } }\n`).join('');
    const { tests } = await run(`policies: policy.xml\ntests:\n${failing}`, 'bail.test.yaml', { bail: 2 });
    expect(tests.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('snapshots', () => {
  const SUITE = (who: string) =>
    `policies: policy.xml\ntests:\n  - { name: a, request: GET /x, given: { user: { id: u, first-name: ${who} }, matched-parameters: { id: ${who} } }, expect: { snapshot: [status, forwarded] } }\n`;
  const FILE = () => join(directory, 'snap.test.snap.yaml');
  beforeEach(() => rmSync(FILE(), { force: true }));

  it('are written once, then compared, then written when asked', async () => {
    expect((await run(SUITE('ana'), 'snap.test.yaml')).tests).toMatchObject([{ written: 1, differences: [] }]);
    expect(readFileSync(FILE(), 'utf8')).toContain('x-match: ana');
    expect((await run(SUITE('ana'), 'snap.test.yaml')).tests).toMatchObject([{ written: 0, differences: [] }]);
    const changed = await run(SUITE('bob'), 'snap.test.yaml');
    expect(changed.tests).toMatchObject([{ differences: [{ what: 'snapshot', line: 3 }] }]);
    expect((await run(SUITE('bob'), 'snap.test.yaml', { snapshots: 'all' })).tests).toMatchObject([{ written: 1, differences: [] }]);
    expect(readFileSync(FILE(), 'utf8')).toContain('x-match: bob');
  });

  it.each([
    ['a: [', 'PTC5002 flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['- 1', 'PTC5003 the file must be a mapping'],
  ])('whose file is broken are told with its place: %s', async (text, message) => {
    writeFileSync(FILE(), text);
    const { tests, problems } = await run(SUITE('ana'), 'snap.test.yaml', { snapshots: 'all' });
    expect(problems.map(diagnosticRow).map(({ file, line, code, message: told }) => `${basename(file)}:${line} ${code} ${told}`)).toEqual([
      `snap.test.snap.yaml:1 ${message}`,
    ]);
    expect([tests, readFileSync(FILE(), 'utf8')]).toEqual([[], text]);
  });

  it('of a test file in JSON stand beside it', async () => {
    const suite = JSON.stringify({ policies: 'policy.xml', tests: [{ name: 'a', request: 'GET /x', expect: { snapshot: true } }] });
    expect((await run(suite, 'snap.test.json')).tests).toMatchObject([{ written: 1 }]);
    expect(readFileSync(join(directory, 'snap.test.json'), 'utf8')).toBe(suite);
    expect(existsSync(FILE())).toBe(true);
  });

  it('that are missing differ where none may be written', async () => {
    const { tests } = await run(SUITE('ana'), 'snap.test.yaml', { snapshots: 'none' });
    expect(tests).toMatchObject([{ differences: [{ what: 'snapshot' }] }]);
    expect(existsSync(FILE())).toBe(false);
  });
});
