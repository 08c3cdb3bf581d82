/** Files and places that cannot be had: each command says which, and why, in words. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, directoryWith, documentWith, portico, type Ran } from './support.ts';

const GOOD = documentWith('<base />');

let directory = directoryWith({});
beforeAll(() => {
  directory = directoryWith({
    'good.xml': GOOD,
    'api.test.yaml': 'suite: a\npolicies: good.xml\ntests: [{ name: a, request: GET /, expect: { status: 200 } }]\n',
  });
  mkdirSync(join(directory.path, 'empty'));
  writeFileSync(join(directory.path, 'latin.xml'), Buffer.from('<policies><inbound>\xe9</inbound></policies>', 'latin1'));
});
afterAll(() => directory.remove());

const here = (...args: readonly string[]): Promise<Ran> => portico(args, { cwd: directory.path });

describe('wrong places', () => {
  it.each([
    ['lint --config', ['lint', 'good.xml', '--config', 'no.yaml'], '`no.yaml` cannot be read: there is no such file or directory'],
    ['lint --plugin', ['lint', 'good.xml', '--plugin', 'no.mjs'], 'the plugin `no.mjs` cannot be used: there is no such file'],
    ['eval -d', ['eval', '1', '-d', '@no'], '`no` cannot be read: there is no such file or directory'],
    ['eval --ip', ['eval', '1', '--ip', 'here'], '`here` is no IP address'],
    ['eval -X', ['eval', '1', '-X', 'G T'], '`G T` is no method: write `GET`, `POST` and the like'],
    ['import --out', ['import', 'good.xml', '--out', 'good.xml'], '`good.xml` cannot be made: a file of this name is in the way'],
    ['fmt of nothing', ['fmt', 'empty'], 'no policy document under `empty`'],
    [
      'run --audit',
      ['run', 'good.xml', '--port', '0', '--audit', 'no/a'],
      'the audit file `no/a` cannot be opened: there is no such file or directory',
    ],
    [
      'run --record',
      ['run', 'good.xml', '--port', '0', '--record', 'good.xml'],
      '`good.xml` cannot be made: a file of this name is in the way',
    ],
    [
      'run --host',
      ['run', 'good.xml', '--port', '0', '--host', '192.0.2.1'],
      '`192.0.2.1` is no address of this machine: 0.0.0.0 stands for all of them',
    ],
    [
      'run --tls-cert',
      ['run', 'good.xml', '--port', '0', '--tls-cert', 'good.xml', '--tls-key', 'good.xml'],
      '`good.xml` holds no PEM certificate',
    ],
  ])('%s', async (_what, args, message) => {
    expect(await here(...args)).toEqual({ code: 2, out: '', err: `portico: ${message}\n` });
  });

  it.each(['check', 'lint'])('%s says that a directory holds nothing', async (command) => {
    const { code, out } = await here(command, 'empty');
    expect([code, out]).toEqual([1, expect.stringContaining('error PTC5009: `empty` holds no policy document and no API')]);
  });

  it('says how to save a file of another encoding', async () => {
    expect((await here('check', 'latin.xml')).out).toMatch(
      /PTC5001: the file cannot be read: it is not UTF-8 text\n {2}help: save it as UTF-8/,
    );
  });

  it.each([
    ['check', 'portico check --help lists the options'],
    ['token mint', 'portico token mint --help lists the options'],
  ])('leads from a wrong option of %s to its own help', async (command, hint) => {
    expect((await here(...command.split(' '), '--nosuch')).err).toBe(`error: unknown option '--nosuch'\n(${hint})\n`);
  });

  it.runIf(existsSync('/dev/full'))('says that the output cannot be written', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${COMMAND}" check good.xml > /dev/full`], {
      cwd: directory.path,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, 'portico: the output cannot be written: no space is left on the device\n']);
  });
});

/** Root may read everything, so the command runs as nobody. */
const asNobody = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

describe.runIf(asNobody)('places that must not be read', () => {
  const run = (...args: readonly string[]): { readonly code: number | null; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync(
      'setpriv',
      ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, COMMAND, ...args],
      { cwd: directory.path, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', HOME: directory.path } },
    );
    return { code: status, text: `${stdout}${stderr}` };
  };

  beforeAll(() => {
    chmodSync(directory.path, 0o755);
    for (const [name, mode] of [
      ['shut', 0o000],
      ['half/apis/orders', 0o000],
      ['fixed', 0o555],
    ] as const) {
      mkdirSync(join(directory.path, name), { recursive: true });
      chmodSync(join(directory.path, name), mode);
    }
    writeFileSync(join(directory.path, 'half/policy.xml'), GOOD);
    writeFileSync(join(directory.path, 'shut.xml'), GOOD, { mode: 0o000 });
  });

  it.each(['check', 'lint'])('%s does not take them for empty ones', (command) => {
    expect(run(command, 'shut')).toEqual({
      code: 1,
      text: expect.stringContaining('shut:1:1: error PTC5001: the folder cannot be read: permission is denied'),
    });
  });

  it('are not asked about where nobody named them', () => {
    mkdirSync(join(directory.path, 'repository/secrets'), { recursive: true, mode: 0o755 });
    chmodSync(join(directory.path, 'repository/secrets'), 0o000);
    expect(run('check', 'repository')).toEqual({
      code: 1,
      text: expect.stringContaining('PTC5009: `repository` holds no policy document'),
    });
  });

  it('are found among others', () => {
    expect(run('check', 'half')).toEqual({
      code: 1,
      text: expect.stringContaining('half/apis/orders:1:1: error PTC5001: the folder cannot be read: permission is denied'),
    });
  });

  it.each([
    [['fmt', 'shut'], '`shut` cannot be read: permission is denied'],
    [['fmt', 'shut.xml'], '`shut.xml` cannot be read: permission is denied'],
    [['init', 'fixed/new'], '`fixed/new` cannot be made: permission is denied'],
    [['run', 'good.xml', '--port', '0', '--record', 'fixed/new'], '`fixed/new` cannot be made: permission is denied'],
    [['token', 'explain', 'x', '--policy', 'shut.xml'], 'PTC5001: the file cannot be read: permission is denied'],
  ] as const)('%j', (args, message) => {
    expect(run(...args)).toEqual({ code: 2, text: expect.stringContaining(message) });
  });
});
