/** `portico run --workers` as processes. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, redisMissing, startRedis } from '../support/redis.ts';
import { directoryWith, documentWith, portico, start } from './support.ts';

const reply = (text: string) =>
  documentWith(`        <return-response><set-status code="200" /><set-body>${text}</set-body></return-response>`);
const LIMITED = documentWith(
  `        <rate-limit-by-key calls="25" renewal-period="60" counter-key="all" />
        <quota-by-key calls="20" renewal-period="3600" counter-key="all" />
        <return-response><set-status code="200" /></return-response>`,
);

const ENTRA = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555';

let directory = directoryWith({});
const children: Running[] = [];

beforeAll(() => {
  directory = directoryWith({
    'plain/policy.xml': reply('one'),
    'wrong/policy.xml': documentWith('        <set-heder name="X" />'),
    'known/policy.xml': documentWith(
      `        <validate-jwt header-name="Authorization"><openid-config url="${ENTRA}/v2.0/.well-known/openid-configuration" /></validate-jwt>
        <return-response><set-status code="200" /></return-response>`,
    ),
    'known/portico.yaml': 'identity: { provider: entra-v2, tenant: 11111111-2222-3333-4444-555555555555 }\n',
    'limited/policy.xml': LIMITED,
    'limited/portico.yaml': 'stores: { redis: "${env:REDIS}" }\n',
  });
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});
afterAll(() => directory.remove());

interface Running {
  readonly address: string;
  readonly workers: () => number[];
  readonly err: () => string;
  readonly process: ChildProcess;
  /** The exit code. */
  stop(): Promise<number | null>;
}

async function running(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const child = start(['run', ...args, '--port', '0', '--quiet'], { cwd: directory.path, env });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  let err = '';
  const address = await new Promise<string>((done, failed) => {
    void ended.then(() => failed(new Error(`the gateway ended: ${err}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      const found = /portico listens on (\S+)/.exec(err)?.[1];
      if (found !== undefined) done(found);
    });
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const workers = () =>
    execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  const started = { address, process: child, stop, workers, err: () => err };
  children.push(started);
  return started;
}

const bodyOf = async (address: string) => (await fetch(address, { headers: { connection: 'close' } })).text();

describe('portico run --workers', () => {
  it('serves from all, reloads all, replaces one that dies, and drains on SIGTERM', async () => {
    const gateway = await running(['plain', '--workers', '2']);
    expect(gateway.err()).toContain('count in each of the 2 workers on its own');
    expect(gateway.err()).toContain('with 2 workers');
    const before = gateway.workers();
    expect(before).toHaveLength(2);

    writeFileSync(join(directory.path, 'plain/policy.xml'), reply('two'));
    await expect.poll(gateway.err, { timeout: 5000 }).toContain('\nreloaded\n');
    expect(new Set(await Promise.all(Array.from({ length: 12 }, () => bodyOf(gateway.address))))).toEqual(new Set(['two']));

    process.kill(before[0] ?? 0, 'SIGKILL');
    await expect.poll(gateway.err, { timeout: 5000 }).toContain(`worker ${before[0]} ended (SIGKILL): starting another`);
    expect(new Set(await Promise.all(Array.from({ length: 12 }, () => bodyOf(gateway.address))))).toEqual(new Set(['two']));
    await expect.poll(() => gateway.workers().length, { timeout: 5000 }).toBe(2);

    expect(await gateway.stop()).toBe(0);
    expect(gateway.err()).toContain('stopping: waiting for running calls');
  });

  it('stands in for identity providers, whichever worker is asked', async () => {
    const gateway = await running(['known', '--workers', '2']);
    const provider = / on (http:\S+); its keys are public/.exec(gateway.err())?.[1] ?? '';
    expect(gateway.err()).toContain(`entra-v2 stands in for ${ENTRA}/v2.0/`);
    const discovery = (await (await fetch(`${provider}/.well-known/openid-configuration`)).json()) as { token_endpoint: string };
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'c', scope: 'api://orders/.default' });
    const token = (await (await fetch(discovery.token_endpoint, { method: 'POST', body })).json()) as { access_token: string };
    const headers = { connection: 'close', authorization: `Bearer ${token.access_token}` };
    const statuses = Array.from({ length: 6 }, async () => (await fetch(gateway.address, { headers })).status);
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
  });

  it('stops while some workers are not ready yet', async () => {
    const child = start(['run', 'plain', '--workers', '3', '--port', '0', '--quiet'], { cwd: directory.path });
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      // Said when the first takes calls.
      if (err.includes('count in each of the 3 workers') && !child.killed) child.kill('SIGTERM');
    });
    const ended = await new Promise((done) => child.on('close', (code, signal) => done([code, signal])));
    expect([ended, err.replace(/^warning[\s\S]*?portico.yaml\n/, '')]).toEqual([[0, null], '\nstopping: waiting for running calls\n']);
  });

  it('says once why it does not start', async () => {
    const { code, err } = await portico(['run', 'wrong', '--port', '0', '--workers', '3'], { cwd: directory.path });
    expect(code).toBe(1);
    expect(err.match(/PTC1001/g)).toHaveLength(1);
    expect(err).not.toContain('listens');
  });

  it.each(['0', 'many', '257'])('refuses %s', async (count) => {
    const { code, err } = await portico(['run', 'plain', '--workers', count], { cwd: directory.path });
    expect(code).toBe(2);
    expect(err).toContain('write a number from 1 to 256, or `auto`');
  });
});

describe.skipIf(redisMissing)(`limits over processes and one Redis server${redisMissing ? ` (skipped: ${redisMissing})` : ''}`, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());

  it('admit exactly as many calls as the policy says, also while the server is away', async () => {
    const env = { REDIS: redis.url };
    const [one, two] = await Promise.all([running(['limited', '--workers', '2'], env), running(['limited'], env)]);
    expect(one.err()).not.toContain('on its own');
    const call = async (at: number) => (await fetch(at % 2 === 0 ? one.address : two.address, { headers: { connection: 'close' } })).status;
    const statuses = await Promise.all(Array.from({ length: 120 }, (_, at) => call(at)));
    const count = (wanted: number) => statuses.filter((status) => status === wanted).length;
    expect({ admitted: count(200), quota: count(403), rate: count(429) }).toEqual({ admitted: 20, quota: 5, rate: 95 });

    await redis.kill();
    const alone = await Promise.all(Array.from({ length: 20 }, (_, at) => call(at)));
    expect(new Set(alone)).toEqual(new Set([200]));
  });
});
