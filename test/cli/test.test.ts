import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../../src/xml/reader.ts';
import { directoryWith, documentWith, portico } from './support.ts';

const POLICY = documentWith('        <set-header name="X-Who" exists-action="override"><value>ana</value></set-header>');

const SUITE = `suite: who
policies: policy.xml
tests:
  - name: the header is set
    request: GET /
    expect: { status: 200, forwarded: { headers: { x-who: ana } } }
  - name: the header is wrong
    request: GET /
    expect:
      forwarded:
        headers: { x-who: cleo }
`;

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'mixed/policy.xml': POLICY,
    'mixed/who.test.yaml': SUITE,
    'good/policy.xml': POLICY,
    'good/who.test.yaml': SUITE.slice(0, SUITE.indexOf('  - name: the header is wrong')),
    'typo/policy.xml': POLICY,
    'typo/who.test.yaml': SUITE.replace('expect: {', 'expects: {'),
    'broken/policy.xml': documentWith('        <set-heder name="X" />'),
    'broken/who.test.yaml': SUITE,
    'gone/who.test.yaml': SUITE,
    'empty/readme.txt': 'nothing here',
    'none/none.test.yaml': 'tests: []\n',
  });
});
afterAll(() => directory.remove());

const test = (...args: string[]) => portico(['test', ...args], { cwd: directory.path });

describe('portico test', () => {
  it('says what differed, where it was expected, and which policy wrote it', async () => {
    const { code, out, err } = await test('mixed');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^who mixed\/who\.test\.yaml$/m);
    expect(out).toMatch(/^ {2}ok {4}the header is set \d+ ms$/m);
    expect(out).toMatch(/^ {2}FAIL {2}the header is wrong \d+ ms$/m);
    expect(out).toContain(
      [
        '        forwarded.headers.x-who (mixed/who.test.yaml:11)',
        '          expected  cleo',
        '          actual    ana',
        '          written by set-header at mixed/policy.xml:3',
        '',
      ].join('\n'),
    );
    expect(out).toMatch(/\n1 test passed, 1 failed\n$/);
  });

  it('is content when all pass', async () => {
    const { code, out } = await test('good/who.test.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(/\n1 test passed, 0 failed\n$/);
  });

  it('does not take a filter that fits nothing for success', async () => {
    expect(await test('mixed', '--filter', 'no such name')).toMatchObject({ code: 2, err: 'portico: no test fits `no such name`\n' });
  });

  it('wants tests in a test file', async () => {
    expect(await test('none')).toMatchObject({ code: 2, err: 'portico: the files hold no tests\n' });
  });

  it('runs only what --filter names', async () => {
    const { code, out } = await test('mixed', '--filter', 'is set');
    expect(code).toBe(0);
    expect(out).not.toContain('is wrong');
  });

  it('prints steps with --trace', async () => {
    const { out } = await test('good', '--trace');
    expect(out).toMatch(/set-header good\/policy\.xml:3:9 set-header\[1\]/);
    expect(out).toContain('request.header X-Who: none -> "ana"');
  });

  it.each([
    [
      'an entry that is unknown',
      'typo',
      /typo\/who\.test\.yaml:6:5: error PTC5005: `expects` is not known here\n(?:.*\n)+? {2}help: did you mean `expect`\?/,
    ],
    ['policies with errors', 'broken', /broken\/policy\.xml:3:10: error PTC1001: `set-heder` is not a policy/],
    ['policies that are not there', 'gone', /there is no policy directory or document `.*gone\/policy\.xml`/],
  ])('ends with 2 for %s', async (_what, name, message) => {
    const { code, out } = await test(name);
    expect(code).toBe(2);
    expect(out).toMatch(message);
  });

  it('takes a directory without tests as wrong use', async () => {
    expect(await test('empty')).toEqual({ code: 2, out: '', err: 'portico: no file named *.test.yaml under empty\n' });
  });
});

describe('portico test --reporter', () => {
  it('json: suites, tests, differences', async () => {
    const { code, out } = await test('mixed', '--reporter', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      suites: [
        {
          suite: 'who',
          file: 'mixed/who.test.yaml',
          problems: [],
          tests: [
            { name: 'the header is set', line: 4, passed: true, differences: [] },
            {
              name: 'the header is wrong',
              line: 7,
              passed: false,
              differences: [{ what: 'forwarded.headers.x-who', expected: 'cleo', actual: 'ana', line: 11 }],
            },
          ],
        },
      ],
    });
  });

  it('json: stays alone on standard output with --trace', async () => {
    const { out, err } = await test('good', '--reporter', 'json', '--trace');
    expect(JSON.parse(out)).toMatchObject({ suites: [{ tests: [{ passed: true }] }] });
    expect(err).toContain('request.header X-Who');
  });

  it('json: problems of a broken suite', async () => {
    const { code, out } = await test('broken', '--reporter', 'json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ suites: [{ problems: ['broken/policy.xml:3: PTC1001 `set-heder` is not a policy'] }] });
  });

  it('junit: well-formed, a case a test, broken suites too', async () => {
    const { code, out } = await test('mixed', 'broken', '--reporter', 'junit');
    expect(code).toBe(2);
    expect(readDocument(out.replace(/^<\?xml[^>]*>\s*/, '').replace(/testsuites/g, 'policies'), 'report').problems).toEqual([]);
    expect(out).toMatch(/<testsuite name="who" tests="2" failures="1" errors="0" time="[\d.]+" file="mixed\/who\.test\.yaml">/);
    expect(out).toMatch(
      /name="the header is wrong" time="[\d.]+"><failure type="failure" message="forwarded\.headers\.x-who: expected cleo, /,
    );
    expect(out).toContain('<testcase classname="broken/policy.xml" name="PTC1001 3:10"><error type="PTC1001"');
  });
});
