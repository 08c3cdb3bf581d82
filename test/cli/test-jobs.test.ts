/** `portico test` with several threads tells, writes and ends as with one; tests that never end are cut off. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

const POLICY = documentWith(`        <choose>
            <when condition="@(context.Request.Url.Path.EndsWith("b") || context.Request.Method == "PUT")">
                <set-header name="X-Who" exists-action="override"><value>ana</value></set-header>
            </when>
        </choose>`);

const suiteNamed = (name: string) => `suite: ${name}
policies: policy.xml
tests:
  - { name: a of ${name}, request: GET /a, backend: { body: x }, expect: { status: 200, snapshot: [status, body] } }
  - { name: b of ${name}, request: GET /b, expect: { forwarded: { headers: { x-who: ana } } } }
  - { name: wrong in ${name}, request: GET /c, expect: { status: 201 } }
  - { name: later in ${name}, skip: not yet, request: GET /, expect: {} }
`;

const HANGING = `policies: aaa.xml
timeout: 300ms
tests:
  - { name: before, request: GET /, expect: { status: 200 } }
  - { name: never, request: GET /, expect: { body: "/^(a+)+$/" } }
  - { name: behind, request: GET /, expect: { status: 200 } }
`;

const directories = new Map<string, ReturnType<typeof directoryWith>>();
const fresh = (key: string) => {
  const directory = directoryWith({
    'policy.xml': POLICY,
    ...Object.fromEntries(['one', 'two', 'three', 'four'].map((name) => [`${name}.test.yaml`, suiteNamed(name)])),
    'broken.test.yaml': 'policies: policy.xml\ntests:\n  - { name: a, request: GET /, expext: {} }\n',
    'hang/aaa.xml': documentWith(`        <return-response><set-body>${'a'.repeat(60)}b</set-body></return-response>`),
    'hang/x.test.yaml': HANGING,
    'hang/y.test.yaml': HANGING,
  });
  directories.set(key, directory);
  return directory;
};
beforeAll(() => {
  for (const key of ['1', '3', 'bail 1', 'bail 3']) fresh(key);
});
afterAll(() => {
  for (const directory of directories.values()) directory.remove();
});

const SUITES = ['broken', 'four', 'one', 'three', 'two'].map((name) => `${name}.test.yaml`);

/** What a run tells and leaves behind, times aside. */
async function outcome(key: string, ...args: string[]) {
  const cwd = directories.get(key)?.path ?? '';
  const { code, out, err } = await portico(['test', ...args], { cwd, env: { CI: '' } });
  const stored = SUITES.map((name) => join(cwd, name.replace('.yaml', '.snap.yaml'))).filter((path) => existsSync(path));
  return {
    code,
    out: out.replace(/\d+(?:\.\d+)? (?:ms|s)\b/g, 'T'),
    err,
    stored: stored.map((path) => [path.slice(cwd.length), readFileSync(path, 'utf8')]),
  };
}

describe('portico test --jobs', () => {
  it('tells suites in order, with the same exit code, stored outcomes, coverage and findings', async () => {
    const flags = ['--coverage', '--mutate', '--faults', '--reporter', 'pretty', ...SUITES];
    const [alone, shared] = [await outcome('1', '-j', '1', ...flags), await outcome('3', '--jobs', '3', ...flags)];
    expect(shared).toEqual(alone);
    expect(alone.code).toBe(2);
    expect(alone.stored).toHaveLength(4);
    expect(alone.out).toContain('8 tests passed, 4 failed, 4 skipped, 1 suite broken, 4 stored outcomes written');
    expect(alone.out).toContain('What callers see when an outgoing call fails:');
    expect(alone.out).toMatch(/mutants: \d+ killed/);
    expect(alone.out).toMatch(/all files +\| +100%/);
  });

  it('stops at the same failed test with --bail', async () => {
    const flags = ['--bail', '3', ...SUITES];
    const [alone, shared] = [await outcome('bail 1', '--workers', '1', ...flags), await outcome('bail 3', '--max-workers', '3', ...flags)];
    expect(shared).toEqual(alone);
    expect(alone.stored).toHaveLength(3);
    expect(alone.out).toMatch(/\n6 tests passed, 3 failed, 2 skipped, 1 suite broken, 3 stored outcomes written\n$/);
  });

  it.each([['1'], ['2'], ['100%']])('cuts off code that never ends, and goes on behind it: --jobs %s', async (jobs) => {
    const { code, out } = await outcome('1', '--jobs', jobs, 'hang');
    expect(code).toBe(1);
    expect(out).toMatch(/ok {4}before T\n {2}FAIL {2}never T\n {8}time \(hang\/x\.test\.yaml:5\)\n/);
    expect(out).toMatch(/the test took longer than T\n(?:.*\n){2} {2}ok {4}behind T\n/);
    expect(out).toMatch(/\n4 tests passed, 2 failed\n$/);
  });

  it.each(['0', 'many', '-1', '2.5'])('refuses --jobs %s', async (jobs) => {
    const { code, err } = await portico(['test', '--jobs', jobs]);
    expect([code, err]).toEqual([2, expect.stringContaining('a number from 1, or a share of the processors such as `50%`')]);
  });
});
