/** `portico run --console` as a process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico, start } from './support.ts';

let directory = directoryWith({});

beforeAll(() => {
  const policy = documentWith('        <return-response><set-status code="204" /></return-response>');
  directory = directoryWith({
    'plain/policy.xml': policy,
    'asked/policy.xml': policy,
    'asked/portico.yaml': 'console: 0\n',
    'wrong/policy.xml': policy,
    'wrong/portico.yaml': 'console: 0.0.0.0:9000\n',
  });
});
afterAll(() => directory.remove());

/** What it says on standard error until it serves, console included; then the work is done and it ends. */
async function running<T>(args: readonly string[], work: (said: string) => Promise<T>): Promise<T> {
  const child = start(['run', ...args, '--port', '0', '--quiet'], { cwd: directory.path });
  let said = '';
  await new Promise<void>((done, failed) => {
    child.on('close', () => failed(new Error(said)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/listens on (\S+)/.test(said)) setTimeout(done, 300);
    });
  });
  const ended = new Promise((done) => child.on('close', done));
  try {
    return await work(said);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

describe('portico run --console', () => {
  it('prints an address with a token, and shows the calls of the gateway there', async () => {
    await running(['asked'], async (said) => {
      const url = new URL(/console at (\S+)/.exec(said)?.[1] ?? '');
      expect(url.hostname).toBe('127.0.0.1');
      await fetch(`${/listens on (\S+)/.exec(said)?.[1] ?? ''}/seen`);
      const api = `${url.origin}/debug/api/calls`;
      const answer = await fetch(api, { headers: { Authorization: `Bearer ${url.searchParams.get('token') ?? ''}` } });
      expect(await answer.json()).toMatchObject({ calls: [{ method: 'GET', status: 204 }] });
      expect((await fetch(api)).status).toBe(401);
    });
  });

  it('is off unless it is asked for', async () => {
    await running(['plain'], async (said) => expect(said).not.toContain('console'));
  });

  it.each([
    ['plain --console 0.0.0.0:9000', 'this machine only'],
    ['--console plain', 'behind the directory'],
    ['plain --console 70000', 'from 0 to 65535'],
    ['plain --console 0 --workers 2', 'leave out --workers'],
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
