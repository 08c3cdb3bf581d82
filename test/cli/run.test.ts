/** `portico run` as a process: the one test here that opens a socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico, start } from './support.ts';

const REPLY = `        <return-response><set-status code="200" /><set-body>@("hello from " + context.Api.Name)</set-body></return-response>`;

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'good/policy.xml': documentWith(REPLY),
    'wrong/policy.xml': documentWith('        <set-heder name="X" />'),
  });
});
afterAll(() => directory.remove());

describe('portico run', () => {
  it('serves, logs one line a call without its query, and ends on SIGTERM', async () => {
    const child = start(['run', 'good', '--port', '0'], { cwd: directory.path });
    let out = '';
    let err = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const address = await new Promise<string>((done, failed) => {
      child.on('close', () => failed(new Error(`the gateway ended: ${err}`)));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        err += text;
        const found = /portico listens on (\S+)/.exec(err)?.[1];
        if (found !== undefined) done(found);
      });
    });
    const answer = await fetch(`${address}/any/path?access_token=topsecret`, { headers: { authorization: 'Bearer topsecret' } });
    expect([answer.status, await answer.text()]).toEqual([200, 'hello from good']);
    const ended = new Promise<number | null>((done) => child.on('close', done));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ method: 'GET', responseCode: 200, apiId: 'good' });
    expect(out + err).not.toContain('topsecret');
  });

  it('does not start with policies that have errors', async () => {
    const { code, out, err } = await portico(['run', 'wrong', '--port', '0'], { cwd: directory.path });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^wrong\/policy\.xml:3:10: error PTC1001: `set-heder` is not a policy$/m);
    expect(err).not.toContain('listens');
    expect(err).toMatch(/\nnot started: correct the errors first\n$/);
  });
});
