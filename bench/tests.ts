/** 1,000 tests of a directory with 20 policy documents: the whole process, and runs after a change with everything warm. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type KnownSuites, Runner } from '../src/testing/runner.ts';
import { createExpressions } from '../src/workspace/expressions.ts';
import { remembering } from '../src/workspace/remembered-expressions.ts';

const APIS = 19;
const FILES = 20;
const TESTS = 1000;

const GLOBAL = `<policies><inbound><set-header name="X-Id" exists-action="override"><value>@(context.RequestId.ToString())</value></set-header></inbound>
<backend><forward-request timeout="10" /></backend><outbound><set-header name="X-Powered-By" exists-action="delete" /></outbound><on-error /></policies>`;

function apiPolicy(api: number): string {
  return `<policies><inbound><base />
  <set-variable name="id" value="@(context.Request.OriginalUrl.Query.GetValueOrDefault("id", "0"))" />
  <choose>
    <when condition="@(int.Parse((string)context.Variables["id"]) % 2 == 0 && context.Request.Method == "GET")"><set-header name="X-Even" exists-action="override"><value>@("even-" + context.Variables["id"])</value></set-header></when>
    <otherwise><set-query-parameter name="odd" exists-action="override"><value>yes</value></set-query-parameter></otherwise>
  </choose>
  <rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.IpAddress)" />
</inbound><backend><base /></backend><outbound><base />
  <set-body>@{ var body = context.Response.Body.As<JObject>(); body["api"] = "${api}"; return body.ToString(); }</set-body>
</outbound><on-error><base /></on-error></policies>`;
}

function suite(file: number): string {
  const tests = Array.from({ length: TESTS / FILES }, (_, at) => {
    const forwarded = at % 2 === 0 ? `{ headers: { x-even: even-${at} } }` : '{ query: { odd: "yes" } }';
    return `  - name: test ${file}-${at}
    request: GET /api${at % APIS}/x?id=${at}
    expect: { status: 200, headers: { x-powered-by: absent }, body: { n: 1, api: "${at % APIS}" }, forwarded: ${forwarded} }
`;
  });
  return `suite: s${file}\npolicies: .\nbackend: { json: { n: 1 } }\ntests:\n${tests.join('')}`;
}

function write(root: string): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('policy.xml', GLOBAL);
  for (let api = 0; api < APIS; api += 1) {
    const properties = { displayName: `api${api}`, path: `api${api}`, serviceUrl: `https://b${api}.example/`, subscriptionRequired: false };
    put(`apis/api${api}/apiInformation.json`, JSON.stringify({ properties }));
    put(`apis/api${api}/policy.xml`, apiPolicy(api));
  }
  for (let file = 0; file < FILES; file += 1) put(`t${file}.test.yaml`, suite(file));
}

/** Wall and processor seconds of the built command. */
function wholeProcess(root: string): { wall: number; cpu: number } {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, ['dist/portico.mjs', 'test', root, '--reporter', 'json'], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`portico test ended with ${status}`);
  const wall = (performance.now() - started) / 1000;
  const used = spawnSync('sh', ['-c', `{ time -p ${process.execPath} dist/portico.mjs test ${root} --reporter json > /dev/null; } 2>&1`], {
    encoding: 'utf8',
  }).stdout;
  const seconds = (name: string) => Number(new RegExp(`${name} ([\\d.]+)`).exec(used)?.[1] ?? 0);
  return { wall, cpu: seconds('user') + seconds('sys') };
}

/** A run as watch mode makes it after a policy changed: test files and expressions are known, policies are read and compiled anew. */
async function warmRun(root: string, expressions: ReturnType<typeof remembering>, suites: KnownSuites): Promise<number> {
  const runner = new Runner({ expressions, suites });
  const started = performance.now();
  for (let file = 0; file < FILES; file += 1) {
    const { tests } = await runner.run(join(root, `t${file}.test.yaml`));
    if (tests.some(({ differences }) => differences.length > 0)) throw new Error('a test failed');
  }
  return (performance.now() - started) / 1000;
}

const root = mkdtempSync(join(tmpdir(), 'portico-bench-tests-'));
try {
  write(root);
  const runs = [1, 2, 3].map(() => wholeProcess(root)).sort((a, b) => a.wall - b.wall);
  const expressions = remembering(createExpressions());
  const suites: KnownSuites = new Map();
  const warm = [];
  for (let at = 0; at < 5; at += 1) warm.push(await warmRun(root, expressions, suites));
  const best = Math.min(...warm);
  const least = runs[0] ?? { wall: 0, cpu: 0 };
  process.stdout.write(
    `whole process: ${least.wall.toFixed(2)} s wall, ${Math.min(...runs.map(({ cpu }) => cpu)).toFixed(2)} s processor\n`,
  );
  process.stdout.write(`after a change: ${best.toFixed(2)} s, ${Math.round(TESTS / best)} tests a second\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
