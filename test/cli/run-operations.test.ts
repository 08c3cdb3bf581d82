/** `portico run` with a listener for operations, as a process. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { directoryWith, documentWith, portico, start } from './support.ts';

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'good/policy.xml': documentWith('        <return-response><set-status code="200" /></return-response>'),
    'again/policy.xml': documentWith('        <return-response><set-status code="200" /></return-response>'),
    'bad/policy.xml': documentWith(''),
    'bad/portico.yaml': 'ops: { port: 70000 }\nlog: { level: loud }\ntelemetry: { otlp: nowhere, sample: 2 }\n',
  });
});
afterAll(() => directory.remove());

describe('portico run --ops-port', () => {
  it('says where probes are, logs for people, and switches to debug at SIGUSR2', async () => {
    const child = start(['run', 'good', '--port', '0', '--ops-port', '0', '--log-format', 'pretty'], { cwd: directory.path });
    onTestFinished(() => void child.kill('SIGKILL'));
    let [out, err] = ['', ''];
    child.stdout?.on('data', (text) => (out += String(text)));
    child.stderr?.on('data', (text) => (err += String(text)));
    await expect.poll(() => err, { timeout: 30_000 }).toMatch(/probes, metrics and traces on http:\/\/127\.0\.0\.1:\d+\n/);
    const address = /portico listens on (\S+)/.exec(err)?.[1] ?? '';
    const ops = /traces on (\S+)/.exec(err)?.[1] ?? '';
    expect((await fetch(`${ops}/readyz`)).status).toBe(200);
    expect((await fetch(`${address}/a`)).status).toBe(200);
    expect(await (await fetch(`${ops}/metrics`)).text()).toContain('Requests{');
    child.kill('SIGUSR2');
    await expect.poll(() => err).toContain('log level: debug\n');
    expect(await (await fetch(`${ops}/loglevel`)).json()).toEqual({ level: 'debug' });
    const ended = new Promise<number | null>((done) => child.on('close', done));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(out).toMatch(/ INFO {2}GET http:\/\/127\.0\.0\.1:\d+\/a 200 /);
  }, 60_000);

  it.each([
    ['a process alone', []],
    ['workers', ['--workers', '2']],
  ])(
    'reads the directory again at SIGHUP: %s',
    async (_name, more) => {
      const child = start(['run', 'again', '--port', '0', '--no-watch', '--quiet', ...more], { cwd: directory.path });
      onTestFinished(() => void child.kill('SIGKILL'));
      let err = '';
      child.stderr?.on('data', (text) => (err += String(text)));
      await expect.poll(() => err, { timeout: 30_000 }).toMatch(/listens on (\S+)/);
      const address = /listens on (\S+)/.exec(err)?.[1] ?? '';
      const status = async () => (await fetch(address, { headers: { Connection: 'close' } })).status;
      expect(await status()).toBe(200);
      const answers = (code: number) => documentWith(`        <return-response><set-status code="${code}" /></return-response>`);
      writeFileSync(join(directory.path, 'again/policy.xml'), answers(203));
      child.kill('SIGHUP');
      await expect.poll(() => err, { timeout: 5000 }).toContain('reloaded\n');
      expect(new Set(await Promise.all(Array.from({ length: 6 }, status)))).toEqual(new Set([203]));
      writeFileSync(join(directory.path, 'again/policy.xml'), answers(200));
      const ended = new Promise<number | null>((done) => child.on('close', done));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
    60_000,
  );

  it('does not take what it writes into its own directory for a change', async () => {
    const output = openSync(join(directory.path, 'good/output.txt'), 'w');
    onTestFinished(() => closeSync(output));
    const child = start(['run', 'good', '--port', '0'], { cwd: directory.path, stdio: ['ignore', output, output] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const written = () => readFileSync(join(directory.path, 'good/output.txt'), 'utf8');
    await expect.poll(written, { timeout: 30_000 }).toMatch(/listens on (\S+)/);
    const address = /listens on (\S+)/.exec(written())?.[1] ?? '';
    for (let call = 0; call < 3; call += 1) {
      await fetch(address);
      await delay(150);
    }
    expect(written()).toContain('"responseCode":200');
    expect(written()).not.toContain('reloaded');
  }, 60_000);

  it.each([
    [['--log-level', 'loud'], /Allowed choices are trace, debug, info, warn, error, silent/],
    [['--log-format', 'xml'], /Allowed choices are json, pretty/],
    [['--ops-port', 'x'], /a port is a number from 0 to 65535/],
  ])('refuses %j', async (options, expected) => {
    const { code, err } = await portico(['run', 'good', '--port', '0', ...options], { cwd: directory.path });
    expect([code, err]).toEqual([2, expect.stringMatching(expected)]);
  });

  it('refuses what portico.yaml says wrongly, with its place', async () => {
    const { code, err } = await portico(['run', 'bad', '--port', '0'], { cwd: directory.path });
    expect(code).toBe(1);
    for (const found of [
      'must be a port from 0 to 65535',
      'must be one of `trace`',
      'is not an absolute URL: `nowhere`',
      'must be a share from 0 to 1',
    ])
      expect(err).toContain(found);
  });
});
