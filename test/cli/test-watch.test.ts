/** `portico test --watch` runs what a change touches; `portico explain --value` tells how a value came about. */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico, start } from './support.ts';

const header = (name: string, value: string) =>
  documentWith(`        <base />\n        <set-header name="${name}" exists-action="override"><value>${value}</value></set-header>`);
const facts = (path: string) =>
  JSON.stringify({ properties: { path, subscriptionRequired: false, serviceUrl: `https://${path}.example` } });

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'policy.xml': documentWith(''),
    'apis/a/apiInformation.json': facts('a'),
    'apis/a/policy.xml': header('X-A', '@("1" + context.Request.Headers.GetValueOrDefault("X-In", ""))'),
    'apis/b/apiInformation.json': facts('b'),
    'apis/b/policy.xml': header('X-B', '1'),
    'a.test.yaml':
      'tests:\n  - { name: of a, request: GET /a/x, expect: { forwarded: { headers: { x-a: "1" } } } }\n  - { name: of b, request: GET /b/x, expect: { forwarded: { headers: { x-b: "1" } } } }\n',
  });
});
afterAll(() => directory.remove());

describe('portico test --watch', () => {
  it('runs the tests that a changed policy concerns, and all of a changed file', async () => {
    const child = start(['test', '--watch'], { cwd: directory.path });
    let text = '';
    child.stdout?.on('data', (more: Buffer) => (text += more.toString()));
    child.stderr?.on('data', (more: Buffer) => (text += more.toString()));
    const until = async (pattern: RegExp) => {
      for (let tries = 0; tries < 400 && !pattern.test(text); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
      expect(text).toMatch(pattern);
    };
    try {
      await until(/2 tests passed, 0 failed\n[\s\S]*waiting for changes/);
      text = '';
      writeFileSync(join(directory.path, 'apis/b/policy.xml'), header('X-B', '2'));
      await until(/tests in/);
      expect(text).toContain('changed: apis/b/policy.xml');
      expect(text).toContain('FAIL  of b');
      expect(text).not.toContain('of a');
      text = '';
      writeFileSync(join(directory.path, 'a.test.yaml'), 'tests:\n  - { name: new one, request: GET /a/x, expect: { status: 200 } }\n');
      await until(/1 test passed, 0 failed\n/);
      expect(text).toContain('ok    new one');
    } finally {
      child.kill('SIGTERM');
    }
    expect(await new Promise((done) => child.on('close', done))).toBe(0);
  });

  it('takes neither its own output nor its reports for changes, and outlives the last test file', async () => {
    const own = directoryWith({
      'policy.xml': documentWith(''),
      'a.test.yaml': 'tests: [{ name: one, request: GET /, expect: { status: 200 } }]\n',
    });
    const descriptor = openSync(join(own.path, 'out.txt'), 'w');
    const child = start(['test', '--watch', '--reporter', 'pretty', '--reporter', 'junit', '--output', 'results.xml'], {
      cwd: own.path,
      stdio: ['ignore', descriptor, descriptor],
    });
    const text = () => readFileSync(join(own.path, 'out.txt'), 'utf8');
    const until = async (pattern: RegExp) => {
      for (let tries = 0; tries < 400 && !pattern.test(text()); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
      expect(text()).toMatch(pattern);
    };
    try {
      await until(/waiting for changes/);
      writeFileSync(join(own.path, 'policy.xml'), documentWith('        <set-variable name="a" value="1" />'));
      await until(/changed: policy\.xml\n/);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(text().match(/changed:/g)).toHaveLength(1);
      rmSync(join(own.path, 'a.test.yaml'));
      await until(/no file named \*\.test\.yaml under \./);
      writeFileSync(join(own.path, 'b.test.yaml'), 'tests: [{ name: two, request: GET /, expect: { status: 200 } }]\n');
      await until(/ok {4}two/);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await new Promise((done) => child.on('close', done))).toBe(0);
    closeSync(descriptor);
    own.remove();
  });
});

describe('portico explain --value', () => {
  it('prints the chain, with what each policy read', async () => {
    const { code, out } = await portico(['explain', 'GET', '/a/x', '--value', 'request.headers.x-a', '-H', 'X-In: 7'], {
      cwd: directory.path,
    });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'request.headers.x-a = 17',
        '',
        '1. set-header  apis/a/policy.xml:4:9  api inbound',
        '   none -> "17"',
        '   @("1" + context.Request.Headers.GetValueOrDefault("X-In", "")) = "17"',
        '     reads request.headers.x-in: the caller sent it',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['variables.none', 'No policy wrote it.'],
    ['request.headers.x-none', 'No policy wrote it: it is as the caller sent it.'],
    ['response.headers.x-none', 'No policy wrote it: it is as the backend sent it.'],
  ])('says who has written %s where no policy has', async (name, told) => {
    const { out } = await portico(['explain', 'GET', '/a/x', '--value', name], { cwd: directory.path });
    expect(out).toBe(`${name} = absent\n\n${told}\n`);
  });

  it('prints it as JSON, and says which values there are', async () => {
    const json = await portico(
      ['explain', 'GET', '/a/x', '--value', 'response.body', '--answer', '{ json: { id: 7 } }', '--format', 'json'],
      {
        cwd: directory.path,
      },
    );
    expect(JSON.parse(json.out)).toEqual({ value: 'response.body', actual: '{"id":7}', chain: [] });
    const wrong = await portico(['explain', 'GET', '/a/x', '--value', 'colour'], { cwd: directory.path });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('`colour` is no value: write `response.status`')]);
  });
});
