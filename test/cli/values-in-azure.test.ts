/** Commands before directories whose named values stay in Key Vault: those that run nothing take them, those that run refuse. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

let directory = directoryWith({});
beforeAll(() => {
  const vault = { displayName: 'key', secret: true, keyVault: { secretIdentifier: 'https://v.vault.azure.net/secrets/s' } };
  directory = directoryWith({
    'policy.xml': documentWith('        <set-header name="X-A"><value>{{key}}</value></set-header>'),
    'named values/1/namedValueInformation.json': JSON.stringify({ properties: vault }),
    'a.test.yaml':
      'suite: s\npolicies: .\ntests:\n  - name: bare\n    request: GET /x\n    expect: { status: 200 }\n  - name: filled\n    named-values: { key: v }\n    request: GET /x\n    expect: { forwarded: { headers: { x-a: v } } }\n',
  });
});
afterAll(() => directory.remove());

const run = (...args: string[]) => portico(args, { cwd: directory.path });

it('check finds nothing to refuse', async () => {
  const { code, out } = await run('check', '.');
  expect([code, /PTC\d+/g.exec(out)?.[0]]).toEqual([0, 'PTC5013']);
  expect(out).toContain('0 errors, 1 warning');
});

it('routes are printed', async () => {
  const { code, err } = await run('routes', '.');
  expect([code, err]).toEqual([0, '']);
});

it('a test needs a value, and may bring it', async () => {
  const { code, out } = await run('test', 'a.test.yaml');
  expect(code).not.toBe(0);
  expect(out).toContain('PTC1042');
  expect((await run('test', 'a.test.yaml', '--filter', 'filled')).code).toBe(0);
});

it('run refuses and says what to write', async () => {
  const { code, out, err } = await run('run', '.', '--port', '0');
  expect(code).toBe(1);
  expect(out + err).toMatch(
    /PTC1042: the named value `key` has no value here[\s\S]*help: give it under `named-values` in portico\.yaml, such as `key: \$\{env:NAME\}`/,
  );
});
