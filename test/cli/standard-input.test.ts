/** Documents on standard input, for the commands that read them; environments of `lint` and `diff`. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

const ORDERS = documentWith(
  '        <base />\n        <include-fragment fragment-id="f" />\n        <set-header name="W" exists-action="override"><value>{{who}}</value></set-header>',
);
const METHOD = '<inbound><base /><set-method>get</set-method></inbound>\n';

let directory = directoryWith({});
beforeAll(() => {
  directory = directoryWith({
    'd/portico.yaml': 'named-values: { who: base }\nenvironments:\n  prod: { named-values: { who: prod } }\n',
    'd/apis/orders/apiInformation.json': '{"properties":{"path":"orders","serviceUrl":"https://b.example","subscriptionRequired":false}}',
    'd/apis/orders/policy.xml': ORDERS,
    'd/apis/orders/draft.xml': ORDERS.replace('"W"', '"V"'),
    'd/policy fragments/f/policy.xml':
      '<fragment><set-header name="F" exists-action="override"><value>frag</value></set-header></fragment>',
  });
});
afterAll(() => directory.remove());

const run = (input: string, ...args: string[]) => portico(args, { cwd: directory.path, input });
const FILE = 'd/apis/orders/policy.xml';

describe('portico check -', () => {
  it.each([
    ['with the directory of the file it stands for', ['-', '--stdin-filename', FILE], ORDERS, 0, ''],
    ['without `-` where the file is named', ['--stdin-filename', FILE], ORDERS, 0, ''],
    ['as it stands there, not as it is on disk', ['-', '--stdin-filename', FILE], ORDERS.replace('{{who}}', '{{whom}}'), 1, `${FILE}:5:`],
    ['that cannot be read', ['-', '--stdin-filename', FILE], '<policies><inbound>', 1, `${FILE}:1:1: error PTC0003`],
    ['that the directory does not have yet', ['-', '--stdin-filename', 'd/apis/orders/new.xml'], ORDERS, 0, ''],
    ['alone: what it mentions is not there', ['-', '--no-lint'], ORDERS, 1, '<stdin>:4:40: error PTC1022'],
    ['alone: what it mentions is assumed', ['-', '--standalone'], ORDERS, 0, ''],
    ['with the warnings of lint', ['-'], documentWith('<set-method>get</set-method>'), 0, '<stdin>:3:13: warning PTL805'],
  ])('a document %s', async (_what, args, input, code, said) => {
    const { code: ended, out, err } = await run(input, 'check', ...args);
    expect([ended, err]).toEqual([code, '']);
    expect(out).toContain(said === '' ? '1 document checked: 0 errors' : said);
  });

  it('beside others', async () => {
    expect((await run(METHOD, 'check', 'd', '-')).out).toMatch(/<stdin>:1:30[\s\S]*\d+ documents checked/);
  });
});

describe('portico lint -', () => {
  it('names the file it stands for', async () => {
    const { code, out } = await run(METHOD, 'lint', '-', '--stdin-filename', FILE, '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ documents: 1, problems: [{ file: FILE, line: 1, column: 30, code: 'PTL805' }] });
    expect((await run(METHOD, 'lint', '-')).out).toContain('<stdin>:1:30: warning PTL805');
  });

  it('takes --env, as `check` does', async () => {
    expect((await run('', 'lint', 'd', '--env', 'prod')).code).toBe(0);
    const unknown = await run('', 'lint', 'd', '--env', 'nope');
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('error PTC5011: there is no environment `nope`')]);
  });
});

describe('portico fmt -', () => {
  it('names the file it stands for in errors, and prints the result', async () => {
    const laidOut = '<inbound>\n    <base />\n    <set-method>get</set-method>\n</inbound>\n';
    expect(await run(METHOD, 'fmt', '-', '--stdin-filename', 'a/b.xml')).toEqual({ code: 0, out: laidOut, err: '' });
    expect(await run(METHOD, 'fmt', '--stdin-filepath', 'a/b.xml')).toEqual({ code: 0, out: laidOut, err: '' });
    expect((await run('<inbound>', 'fmt', '--stdin-filename', 'a/b.xml')).err).toContain('a/b.xml:1:1: error PTC0003');
  });
});

describe('wrong use', () => {
  it.each([
    [['check', 'd', '--stdin-filename', 'x.xml'], '--stdin-filename goes with `-`'],
    [['lint', '-', '--stdin-filename', 'x.json'], 'standard input is a policy document, not a template'],
    [['lint', '-', '--fix'], '--fix writes files'],
    [['explain', 'G@T', '/x'], '`G@T` is no method: write it as in `portico explain GET /orders/7`'],
    [['explain', '/x', 'get'], '`/x` is no method: write `portico explain GET /x`'],
    [['explain', 'GET', 'orders/7'], '`orders/7` is no path or URL: write `/orders/7`'],
    [['explain', 'GET', 'ftp://x/y', '--value', 'response.status'], '`ftp://x/y` is no path or URL: write it as in'],
    [['explain', 'GET', 'http://['], '`http://[` is no path or URL: write it as in'],
    ...['--body', '--token', '--answer', '--calls'].map((option): [string[], string] => [
      ['explain', 'GET', '/', option, '{}'],
      `${option} needs --value: without it no call is made`,
    ]),
    [['eval', ' '], 'an expression is missing: portico eval "1 + 2"'],
    [['eval', '1', '--fixtures', 'f.json'], '--fixtures needs --fixture NAME'],
    [['eval', '1', '--returns', 'foo'], '`foo` is no type that an expression may return: write `bool`'],
    [['explain', 'GET', '/', '--value', 'status', '--calls', 'x'], '--calls: it must be a list'],
    [['explain', 'GET', '/', '--value', 'status', '--token', 'x{'], '--token: it must be a mapping'],
    [['explain', 'GET', '/', '--value', 'status', '--dir', 'nope'], 'there is no directory `nope`'],
    [['import', FILE, '--out', 'o', '--path', '/a'], '--path goes with an API definition, which `d/apis/orders/policy.xml` is not'],
    [['import', 'd', '--out', 'o', '--name', 'a'], '--name goes with an API definition, which `d` is not'],
    [['run', 'd', '--port', '0', '--host', 'no.such.host.invalid'], '`no.such.host.invalid` cannot be resolved: write an address'],
    [['help', 'chek'], "unknown command 'chek'\n(Did you mean check?)"],
    [['lint', '--rule', 'zzzzzz=off', 'd'], 'there is no rule `zzzzzz`: `portico lint --rules` names them'],
    [['token', 'mint', '--alg', 'ES256'], '`--alg` needs `--key`'],
    ...(existsSync('/proc/self')
      ? [[['init', '/proc/x'], '`/proc/x` cannot be made: there is no such file or directory'] as [string[], string]]
      : []),
  ])('portico %s', async (args, message) => {
    const { code, err } = await run('', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('portico diff of single documents', () => {
  it.each([
    [[], 'base'],
    [['--env', 'prod'], 'prod'],
  ])('sees the directory around them: %j', async (flags, value) => {
    const { code, out, err } = await run('', 'diff', FILE, 'd/apis/orders/draft.xml', ...flags);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(`    forwarded header w: ${value} -> absent\n    forwarded header v: absent -> ${value}\n`);
  });

  it('refuses an environment that is not there', async () => {
    const { code, err } = await run('', 'diff', 'd', 'd', '--env', 'nope');
    expect([code, err]).toEqual([2, expect.stringContaining('there is no environment `nope`')]);
  });
});
