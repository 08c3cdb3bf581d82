/** `portico run --console` as a process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico, start } from './support.ts';

let directory = directoryWith({});

beforeAll(() => {
  const policy = documentWith('        <return-response><set-status code="204" /></return-response>');
  directory = directoryWith({
    'plain/policy.xml': policy,
    'asked/policy.xml': policy,
    'counted/policy.xml': documentWith(
      '        <rate-limit-by-key calls="100" renewal-period="60" counter-key="all" />\n        <return-response><set-status code="204" /></return-response>',
    ),
    'asked/portico.yaml': 'console: 0\n',
    'wrong/policy.xml': policy,
    'wrong/portico.yaml': 'console: 0.0.0.0:9000\n',
  });
});
afterAll(() => directory.remove());

/** Runs until it says that it is ready, works with what it said, and ends; gives everything that it said on standard error. */
async function running(args: readonly string[], ready: RegExp, work: (said: string) => Promise<unknown>): Promise<string> {
  const child = start(['run', ...args, '--port', '0', '--quiet'], { cwd: directory.path });
  let said = '';
  await new Promise<void>((done, failed) => {
    child.on('close', () => failed(new Error(said)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (ready.test(said)) done();
    });
  });
  const ended = new Promise((done) => child.on('close', done));
  try {
    await work(said);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  return said;
}

/** The console is told of behind the gateway. */
const CONSOLE = /listens on \S+[\s\S]*console at \S+\n/;

describe('portico run --console', () => {
  it('prints an address with a token, and shows the calls of the gateway there', async () => {
    await running(['asked'], CONSOLE, async (said) => {
      const url = new URL(/console at (\S+)/.exec(said)?.[1] ?? '');
      expect(url.hostname).toBe('127.0.0.1');
      await fetch(`${/listens on (\S+)/.exec(said)?.[1] ?? ''}/seen`);
      const api = `${url.origin}/debug/api/calls`;
      const answer = await fetch(api, { headers: { Authorization: `Bearer ${url.searchParams.get('token') ?? ''}` } });
      expect(await answer.json()).toMatchObject({ calls: [{ method: 'GET', status: 204 }] });
      expect((await fetch(api)).status).toBe(401);
    });
  });

  it('looks at all workers, whichever of them answers', async () => {
    await running(['counted', '--console', '0', '--workers', '3', '--ops-port', '0'], CONSOLE, async (said) => {
      const url = new URL(/console at (\S+)/.exec(said)?.[1] ?? '');
      const address = /listens on (\S+)/.exec(said)?.[1] ?? '';
      const headers = { Authorization: `Bearer ${url.searchParams.get('token') ?? ''}`, Connection: 'close' };
      const read = async <T>(path: string) => (await (await fetch(`${url.origin}/debug/api/${path}`, { headers })).json()) as T;
      const listening = new AbortController();
      const stream = await fetch(`${url.origin}/debug/api/events`, { headers, signal: listening.signal });
      let events = '';
      const heard = (async () => {
        for await (const chunk of stream.body ?? []) events += Buffer.from(chunk).toString();
      })().catch(() => undefined);
      const ids = new Set<string>();
      for (let at = 0; at < 24; at += 1) {
        const answer = await fetch(`${address}/seen/${at}`, { headers: { Connection: 'close' } });
        ids.add(answer.headers.get('request-id') ?? '');
        await answer.text();
      }
      type Rows = {
        readonly calls: readonly { readonly id: string; readonly url: string; readonly status: number; readonly duration: number }[];
      };
      for (let at = 0; at < 4; at += 1) {
        const { calls } = await read<Rows>('calls');
        expect(new Set(calls.map(({ url }) => new URL(url).pathname)).size).toBe(24);
        const oldest = calls.at(-1);
        expect(await read(`call?id=${oldest?.id}`)).toMatchObject({ id: oldest?.id, steps: expect.arrayContaining([expect.anything()]) });
      }
      const { counters } = await read<{ counters: { worker: number; asked: number }[] }>('counters');
      expect(counters.reduce((sum, { asked }) => sum + asked, 0)).toBe(24);
      expect(new Set(counters.map(({ worker }) => worker)).size).toBe(counters.length);
      await expect.poll(() => new Set(events.match(/\/seen\/\d+"/g)).size, { timeout: 5000 }).toBe(24);
      expect(await read('state')).toMatchObject({ isOneOfMany: true });
      listening.abort();
      await heard;
    });
  });

  it('is off unless it is asked for', async () => {
    expect(await running(['plain'], /listens on \S+\n/, async () => {})).not.toContain('console');
  });

  it.each([
    ['plain --console 0.0.0.0:9000', 'this machine only'],
    ['--console plain', 'behind the directory'],
    ['plain --console 70000', 'from 0 to 65535'],
  ])('refuses `run %s`', async (args, sentence) => {
    const { code, err } = await portico(['run', ...args.split(' ')], { cwd: directory.path });
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });

  it('refuses an address in portico.yaml', async () => {
    const { code, err } = await portico(['run', 'wrong', '--port', '0'], { cwd: directory.path });
    expect(code).toBe(1);
    expect(err).toContain('`console`');
  });
});
