/** What the runner finds out beyond pass and fail: coverage, mutants, failures, provenance. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage } from '../../src/testing/coverage/coverage.ts';
import { htmlReport, jsonReport, lcovReport, textReport } from '../../src/testing/coverage/coverage-reports.ts';
import { branchText, linesOf, percent, summaryOf, unreached, untaken } from '../../src/testing/coverage/coverage-summary.ts';
import { failureMatrix } from '../../src/testing/failures.ts';
import { createPolicyGateway } from '../../src/testing/gateway.ts';
import { scoreOf, tryMutants } from '../../src/testing/mutation/mutation.ts';
import { chainOf, targetNamed } from '../../src/testing/provenance-chain.ts';
import { Runner } from '../../src/testing/runner.ts';
import { EMPTY_OK } from '../../src/testing/stubs.ts';

const POLICY = `<policies>
    <inbound>
        <set-variable name="size" value="@(context.Request.Headers.GetValueOrDefault("X-Size", "0"))" />
        <choose>
            <when condition="@(int.Parse((string)context.Variables["size"]) > 10 || context.Request.Method == "PUT")">
                <set-header name="X-Kind" exists-action="override"><value>@("big-" + context.Variables["size"])</value></set-header>
            </when>
            <otherwise>
                <set-header name="X-Kind" exists-action="override"><value>small</value></set-header>
            </otherwise>
        </choose>
    </inbound>
    <backend>
        <retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1">
            <forward-request timeout="5" />
        </retry>
    </backend>
    <outbound>
        <set-header name="X-Name" exists-action="override"><value>@(context.User == null ? "nobody" : context.User.FirstName ?? "?")</value></set-header>
    </outbound>
    <on-error>
        <set-status code="599" />
    </on-error>
</policies>`;

const SUITE = `policies: policy.xml
tests:
  - name: small
    request: GET /
    expect: { forwarded: { headers: { x-kind: small } }, headers: { x-name: nobody } }
  - name: big
    request: { url: /, headers: { x-size: "11" } }
    expect: { forwarded: { headers: { x-kind: big-11 } } }
`;

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portico-analysis-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A directory of its own with these files. */
function files(name: string, contents: Readonly<Record<string, string>>): string {
  const root = join(directory, name);
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A GraphQL API with two resolvers, of which a test asks for one. */
function films(name: string): string {
  const resolver = (more: string) =>
    `<http-data-source><http-request><set-method>GET</set-method><set-url>@("https://films.test/" + context.GraphQL.Arguments["id"])</set-url>${more}</http-request></http-data-source>`;
  const header = (field: string, value: string) =>
    `<set-header name="${field}" exists-action="override"><value>${value}</value></set-header>`;
  return files(name, {
    'apis/films/apiInformation.json': '{"properties":{"path":"films","type":"graphql","subscriptionRequired":false}}',
    'apis/films/specification.graphql': 'type Query { film(id: ID!): Film, all: [Film] }\ntype Film { id: ID, title: String }\n',
    'apis/films/resolvers/film/resolverInformation.json': '{"properties":{"path":"Query/film"}}',
    'apis/films/resolvers/film/policy.xml': resolver(
      header('X-Seen', `@(context.User == null ? "nobody" : "user")`) + header('X-Unseen', 'yes'),
    ),
    'apis/films/resolvers/all/resolverInformation.json': '{"properties":{"path":"Query/all"}}',
    'apis/films/resolvers/all/policy.xml': resolver(header('X-All', 'yes')),
    'a.test.yaml': `tests:
  - name: a film
    given: { user: ana }
    request: { method: POST, url: /films, json: { query: "{ film(id: 3) { title } }" } }
    calls: [{ request: "GET https://films.test/3", json: { title: Alien } }]
    expect: { body: { data: { film: { title: Alien } } }, calls: [{ url: "https://films.test/3", headers: { x-seen: user } }] }
`,
  });
}

describe('coverage', () => {
  async function covered(suite = SUITE) {
    const root = files('coverage', { 'policy.xml': POLICY, 'a.test.yaml': suite });
    const coverage = new Coverage();
    const { tests, problems } = await new Runner({ coverage }).run(join(root, 'a.test.yaml'));
    expect(problems).toEqual([]);
    expect(tests.flatMap((test) => test.differences)).toEqual([]);
    return coverage.files();
  }

  it('counts policies, lines and ways through choose, retry, on-error and expressions', async () => {
    const [file] = await covered();
    if (!file) throw new Error('no file is covered');
    const summary = summaryOf(file);
    expect([summary.policies, summary.branches]).toEqual([
      { covered: 7, total: 8 },
      { covered: 6, total: 11 },
    ]);
    expect(unreached(file).map(({ name }) => name)).toEqual(['set-status']);
    expect(untaken(file).map((branch) => `${branch.kind}: ${branchText(branch)}`)).toEqual([
      'retry: tried again',
      '??: ?? left',
      '?:: ?: false',
      '??: ?? right',
      'on-error: on-error',
    ]);
  });

  it('counts lines of code by the statements that ran', async () => {
    const root = files('statements', {
      'policy.xml': `<policies>
    <outbound>
        <set-body>@{
            if (context.Response.StatusCode == 404) {
                return "gone";
            }
            foreach (var name in new string[] { "a" }) {
                if (name == "b") { return name; }
            }
            return context.Response.StatusCode == 500
                ? "failed"
                : "here";
        }</set-body>
    </outbound>
</policies>`,
      'a.test.yaml': 'tests: [{ name: a, request: GET /, expect: { body: here } }, { name: b, request: GET /b, expect: { body: here } }]',
    });
    const coverage = new Coverage();
    await new Runner({ coverage }).run(join(root, 'a.test.yaml'));
    const found = coverage.files();
    expect(Object.fromEntries(linesOf(found[0] ?? expect.fail('no file is covered')))).toEqual({
      3: 2,
      4: 2,
      5: 0,
      6: 2,
      7: 2,
      8: 2,
      9: 2,
      10: 2,
      11: 2,
      12: 2,
      13: 2,
    });
    expect(textReport(found)).toMatch(/policy\.xml .*\| 5\n/);
    expect(htmlReport(found)).toContain('<span class="miss">return &quot;gone&quot;;</span>');
  });

  it('counts `||` by the operand that decides, and a retry that tried again', async () => {
    const [file] = await covered(`${SUITE}  - name: again
    request: { method: PUT, url: / }
    backend: [{ status: 503 }, { status: 200 }]
    given: { user: { first-name: Ana } }
    expect: { forwarded: { headers: { x-kind: big-0 } } }
`);
    const hits = Array.from(file?.branches.values() ?? [], (branch) => `${branchText(branch)} ${branch.hits}`);
    expect(hits).toEqual(
      expect.arrayContaining([
        '|| left 1',
        '|| right 2',
        'done at once 2',
        'tried again 1',
        '?: true 2',
        '?: false 1',
        '?? left 1',
        '?? right 0',
      ]),
    );
  });

  it('is told as text, lcov, JSON and HTML', async () => {
    const found = await covered();
    const name = found[0]?.file.name ?? '';
    expect(textReport(found)).toMatch(/all files .*\| +92\.85% \| +54\.54% \| +87\.5% \|/);
    expect(textReport(found)).toContain(`Policies without any test:\n  ${name}:22 set-status\n`);
    const lcov = lcovReport(found);
    expect(lcov).toContain(`SF:${name}\n`);
    expect(lcov).toMatch(/\nDA:22,0\n/);
    expect(lcov).toMatch(/\nBRF:11\nBRH:6\n/);
    expect(lcov).toMatch(/\nend_of_record\n$/);
    // As lcov 2 wants it: branches on lines that are counted, reached ones on lines that were reached.
    const lines = new Map([...lcov.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line, hits]) => [line, Number(hits)]));
    for (const [, line, hits] of lcov.matchAll(/^BRDA:(\d+),\d+,\d+,(\d+)$/gm))
      expect(lines.get(line), `line ${line}`).toBeGreaterThanOrEqual(Math.min(Number(hits), 1));
    expect(JSON.parse(jsonReport(found))).toMatchObject({
      total: { policies: { covered: 7, total: 8, percent: 87.5 } },
      files: [{ file: name, untested: [{ policy: 'set-status', line: 22 }] }],
    });
    const html = htmlReport(found);
    expect(html).toContain('<span class="miss">&lt;set-status code=&quot;599&quot; /&gt;</span>');
    expect(html).toMatch(/<span class="way">&lt;retry [^<]*<\/span>/);
  });

  it('reaches into the resolvers of a GraphQL API', async () => {
    const coverage = new Coverage();
    const { tests, problems } = await new Runner({ coverage }).run(join(films('films-coverage'), 'a.test.yaml'));
    expect([problems, tests.flatMap((test) => test.differences)]).toEqual([[], []]);
    const told = coverage
      .files()
      .map((file) => [
        file.file.name.split('/').slice(-2)[0],
        unreached(file).map(({ name }) => name),
        untaken(file).map((branch) => branchText(branch)),
      ]);
    expect(told).toEqual([
      ['all', ['http-data-source', 'set-method', 'set-url', 'set-header'], []],
      ['film', [], ['?: true']],
    ]);
  });

  it('rounds down, so that 100 means all', () => {
    expect(percent({ covered: 9999, total: 10_000 })).toBe(99.99);
    expect(percent({ covered: 99_999, total: 100_000 })).toBe(99.99);
    expect(percent({ covered: 0, total: 0 })).toBe(100);
  });
});

describe('mutants', () => {
  it('are killed by tests that notice, and survive otherwise', async () => {
    const root = files('mutants', { 'policy.xml': POLICY, 'a.test.yaml': SUITE });
    const runner = new Runner();
    const outcome = await runner.run(join(root, 'a.test.yaml'));
    const trials = await tryMutants([outcome], runner.gateways);
    const told = trials.map(
      ({ mutant, fate, reachedBy }) => `${mutant.kind} ${mutant.file.positionAt(mutant.span.start).line} ${fate} ${reachedBy}`,
    );
    expect(told).toEqual(
      [
        'drop-policy 3 killed 2',
        'drop-policy 4 killed 2',
        'negate-condition 5 killed 2',
        'drop-policy 6 killed 1',
        'drop-policy 9 killed 1',
        'drop-policy 14 killed 2',
        'negate-condition 14 survived 2',
        'change-limit 14 survived 2',
        'change-limit 14 survived 2',
        'drop-policy 15 killed 2',
        'drop-policy 19 killed 2',
        'drop-policy 22 survived 0',
        'change-status 22 survived 0',
      ].filter((line) => line !== ''),
    );
    expect(scoreOf(trials)).toBe(61.53);
  });

  it('are tried in the resolvers of a GraphQL API', async () => {
    const runner = new Runner();
    const outcome = await runner.run(join(films('films-mutants'), 'a.test.yaml'));
    const trials = await tryMutants([outcome], runner.gateways);
    const told = trials
      .filter(({ fate }) => fate !== 'invalid')
      .map(({ mutant, fate, reachedBy }) => `${mutant.file.name.split('/').slice(-2)[0]} ${mutant.description} ${fate} ${reachedBy}`);
    expect(told).toEqual([
      'all without <set-header> survived 0',
      'film without <set-header> killed 1',
      'film without <set-header> survived 1',
    ]);
  });

  it('touch claims, any and all, limits, base and statuses', async () => {
    const token = `<validate-jwt header-name="Authorization" failed-validation-httpcode="401"><openid-config url="https://i.example/.well-known/openid-configuration" /><required-claims><claim name="scp" match="any"><value>read</value><value>write</value></claim></required-claims></validate-jwt>`;
    const api =
      '<policies><inbound><base /><return-response><set-status code="204" /></return-response></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>';
    const root = files('more', {
      'policy.xml': `<policies><inbound>${token}<rate-limit-by-key calls="5" renewal-period="60" counter-key="all" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`,
      'apis/a/apiInformation.json': '{"properties":{"path":"a","subscriptionRequired":false}}',
      'apis/a/policy.xml': api,
      'a.test.yaml':
        'tests:\n  - { name: ok, request: { url: /a/x, token: { scp: read } }, expect: { status: 204 } }\n  - { name: no, request: { url: /a/x, token: { scp: other } }, expect: { status: 401 } }\n',
    });
    const runner = new Runner();
    const outcome = await runner.run(join(root, 'a.test.yaml'));
    expect([outcome.problems, outcome.tests.flatMap((test) => test.differences)]).toEqual([[], []]);
    const trials = await tryMutants([outcome], runner.gateways);
    const fates = new Map(trials.map(({ mutant, fate }) => [`${mutant.kind} ${mutant.description}`.slice(0, 60), fate]));
    expect(Object.fromEntries(fates)).toMatchObject({
      'swap-any-all any -> all': 'killed',
      'drop-required-value without <claim name="scp">': 'killed',
      'drop-required-value without <value>read</value>': 'killed',
      'drop-required-value without <value>write</value>': 'survived',
      'change-limit calls="5" -> 6': 'survived',
      'change-status failed-validation-httpcode="401" -> 402': 'killed',
      'change-status code="204" -> 205': 'killed',
    });
    const bases = trials.filter(({ mutant }) => mutant.kind === 'drop-base').map(({ fate }) => fate);
    // Nothing is inherited in outbound and on-error; nothing behind an answer that always comes can run.
    expect(bases).toEqual(['killed', 'invalid', 'invalid', 'invalid']);
  });
});

describe('the failure matrix', () => {
  it('tells what the caller sees for each call that fails in each way', async () => {
    const call =
      '<send-request response-variable-name="r" ignore-error="true" timeout="3"><set-url>https://s.example/x</set-url></send-request>';
    const root = files('failures', {
      'policy.xml': `<policies><inbound>${call}<cache-lookup-value key="k" variable-name="v" /></inbound><backend><forward-request timeout="5" /></backend><outbound><set-variable name="n" value="@(context.Response.Body.As<string>().Length)" /></outbound></policies>`,
      'a.test.yaml':
        'policies: policy.xml\ncalls: [{ request: "* https://s.example/*", status: 200 }]\ntests:\n  - { name: a, request: GET /x, backend: { body: hello }, expect: { status: 200 } }\n',
    });
    const runner = new Runner();
    const rows = await failureMatrix([await runner.run(join(root, 'a.test.yaml'))], runner.gateways);
    expect(
      rows.map(({ outgoing, cells }) => [
        outgoing.kind,
        outgoing.line,
        cells.map(({ failure, seen, reason = '', longer }) => `${failure}: ${`${seen} ${reason}`.trim()} +${longer}`),
      ]),
    ).toEqual([
      ['call', 'GET https://s.example/x', ['refuse: 200 +0', 'reset: 200 +0', 'timeout: 200 +3000', '500: 200 +0', 'truncated: 200 +0']],
      ['cache', 'get value:k', ['unreachable: 200 +0']],
      [
        'backend',
        'GET https://gateway.test/x',
        [
          'refuse: 500 BackendConnectionFailure +0',
          'reset: 500 BackendConnectionFailure +0',
          'timeout: 500 Timeout +5000',
          '500: 500 ExpressionValueEvaluationFailure +0',
          'truncated: 500 BackendConnectionFailure +0',
        ],
      ],
    ]);
    expect(rows.flatMap(({ cells }) => cells).some(({ internal }) => internal)).toBe(false);
  });
});

describe('provenance', () => {
  async function chain(name: string) {
    const root = files('provenance', { 'policy.xml': POLICY });
    const gateway = await createPolicyGateway({ policies: join(root, 'policy.xml') });
    const { events } = await gateway.call({
      method: 'GET',
      url: '/',
      headers: ['X-Size', '12'],
      body: undefined,
      token: undefined,
      ip: '',
    });
    const target = targetNamed(name);
    return target && chainOf(events, target);
  }

  it('is the chain of policies with branches, inputs, and what these read', async () => {
    expect(await chain('request.headers.x-kind')).toMatchObject([
      {
        policy: 'set-header',
        line: 6,
        scope: 'api',
        section: 'inbound',
        before: 'none',
        after: '"big-12"',
        because: [{ policy: 'choose', line: 4, branch: 'when[1]' }],
        inputs: [
          {
            value: '"big-12"',
            reads: [
              {
                name: 'variables.size',
                chain: [
                  {
                    policy: 'set-variable',
                    line: 3,
                    inputs: [{ reads: [{ name: 'request.headers.x-size', chain: [], origin: 'the caller sent it' }] }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ]);
  });

  it('of a status that no policy wrote is what the backend answered, try by try', async () => {
    const root = files('tries', {
      'policy.xml':
        '<policies><inbound /><backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1">\n<forward-request /></retry></backend><outbound /></policies>',
    });
    const gateway = await createPolicyGateway({ policies: join(root, 'policy.xml') });
    const answers = [503, 201].map((status) => ({ ...EMPTY_OK, status }));
    const { events } = await gateway.call(
      { method: 'GET', url: '/', headers: [], body: undefined, token: undefined, ip: '' },
      { backend: [{ fits: undefined, answers, times: Number.POSITIVE_INFINITY }] },
    );
    expect(chainOf(events, { target: 'status' })).toMatchObject([
      { policy: 'forward-request', line: 2, after: '503 from GET https://gateway.test/', because: [{ policy: 'retry', branch: 'try 1' }] },
      { policy: 'forward-request', line: 2, after: '201 from GET https://gateway.test/', because: [{ policy: 'retry', branch: 'try 2' }] },
    ]);
  });

  it('is empty for what no policy wrote, and there is none for what is no value', async () => {
    expect(await chain('response.headers.none')).toEqual([]);
    expect(await chain('nonsense')).toBeUndefined();
    expect(
      ['status', 'headers.a', 'forwarded.url', 'query.a', 'variable.b', 'request.method', 'url', 'method'].map(targetNamed),
    ).not.toContain(undefined);
  });
});
