import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryWith, portico } from './support.ts';

let directory = directoryWith({});
beforeEach(() => {
  directory = directoryWith({
    'method.xml': '<inbound><base /><set-method>get</set-method></inbound>',
    'clean.xml': '<inbound><base /><set-method>GET</set-method></inbound>',
    'house.mjs':
      "export default { code: 'H1', name: 'house', severity: 'error', summary: 's', document: ({ file }, report) => report({ file, span: { start: 0, end: 1 }, message: 'house', help: 'h' }) };",
    'misnamed/policy.xml': '<policies><inbound><base /></inbound></policies>',
    'misnamed/portico.yaml': 'lint:\n  rules: { method-cased: off, zz: off }\n',
    'open/apis/orders/apiInformation.json':
      '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }',
  });
});
afterEach(() => directory.remove());

const lint = (...args: string[]) => portico(['lint', ...args], { cwd: directory.path });

describe('portico lint', () => {
  it('prints findings with rule, place and advice; warnings are no failure', async () => {
    const { code, out } = await lint('--standalone', 'method.xml');
    expect(code).toBe(0);
    expect(out).toContain('method.xml:1:30: warning PTL805: `get` is not the method `GET`: methods are compared by case');
    expect(out).toContain('help: write `GET`');
    expect(await lint('--standalone', '--max-warnings', '0', 'method.xml')).toMatchObject({ code: 1 });
    expect(await lint('--standalone', '--rule', 'method-case=error', 'method.xml')).toMatchObject({ code: 1 });
    expect((await lint('--standalone', '--rule', 'method-case=off', 'method.xml')).out).toBe('1 document checked: 0 errors, 0 warnings\n');
  });

  it('tells of a document that it cannot read', async () => {
    writeFileSync(join(directory.path, 'broken.xml'), '<policies><inbound>');
    const { code, out } = await lint('--standalone', 'broken.xml');
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining('broken.xml:1:1: error PTC0003') as string });
  });

  it('repairs with --fix', async () => {
    expect(await lint('--standalone', '--fix', 'method.xml')).toMatchObject({ code: 0, err: '1 finding repaired\n' });
    expect(readFileSync(join(directory.path, 'method.xml'), 'utf8')).toBe(readFileSync(join(directory.path, 'clean.xml'), 'utf8'));
  });

  it('takes rules of a plugin', async () => {
    const { code, out } = await lint('--standalone', '--plugin', 'house.mjs', '--format', 'json', 'clean.xml');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ documents: 1, problems: [{ code: 'H1', severity: 'error', file: 'clean.xml' }] });
  });

  it('fails for open operations when asked to', async () => {
    const { code, out } = await lint('--require-authentication', 'open');
    expect(code).toBe(1);
    expect(out).toMatch(/^OPEN /m);
  });

  it('is heard in portico check', async () => {
    const { code, out } = await portico(['check', '--standalone', 'method.xml'], { cwd: directory.path });
    expect(code).toBe(0);
    expect(out).toContain('warning PTL805');
    expect((await portico(['check', '--standalone', '--no-lint', 'method.xml'], { cwd: directory.path })).out).toBe(
      '1 document checked: 0 errors, 0 warnings\n',
    );
  });

  it.each([['lint'], ['check']])('names the place of a rule that there is not: %s', async (command) => {
    const { code, out } = await portico([command, 'misnamed'], { cwd: directory.path });
    expect(code).toBe(1);
    expect(out).toContain('misnamed/portico.yaml:2:12: error PTC5005: `method-cased` is not known here\n');
    expect(out).toContain('  help: did you mean `method-case`?\n');
    expect(out).toContain('misnamed/portico.yaml:2:31: error PTC5005: `zz` is not known here\n');
    expect(out).toContain('  help: `portico lint --rules` names them\n');
    expect(out).toContain('checked: 2 errors, 0 warnings\n');
  });

  it.each([
    [['--rule', 'no-such=off', 'clean.xml'], 'there is no rule `no-such`'],
    [['--rule', 'method-case', 'clean.xml'], 'write `name=off`'],
    [['--plugin', 'none.mjs', 'clean.xml'], 'the plugin `none.mjs` cannot be used'],
    [['missing.xml'], 'there is no file or directory `missing.xml`'],
  ])('%j is wrong use', async (args, message) => {
    const { code, err } = await lint(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
