import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portico } from './support.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('portico', () => {
  it('says its version', async () => {
    expect(await portico(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('lists its commands on request', async () => {
    const { code, out } = await portico(['--help']);
    expect(code).toBe(0);
    for (const name of ['run', 'check', 'test', 'eval', 'explain']) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([
    ['run', '--port <port>'],
    ['check', '--format <format>'],
    ['test', '--reporter <reporter>'],
    ['eval', '--batch'],
    ['explain', '--product <id>'],
  ])('explains the options of %s', async (name, option) => {
    const { code, out, err } = await portico([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: portico ${name}`);
    expect(out).toContain(option);
    expect(out).toContain('--any-member');
  });

  it.each([
    ['no command', [], /Usage: portico/],
    ['an unknown command', ['chek'], /unknown command 'chek'/],
    ['an unknown option', ['check', '--formt', 'json'], /unknown option '--formt'/],
    ['a wrong choice', ['check', '--format', 'html'], /argument 'html' is invalid.*Allowed choices are/],
    ['a missing argument', ['explain', 'GET'], /missing required argument 'url'/],
    ['a path that is not there', ['check', 'nowhere.xml'], /^portico: there is no file or directory `nowhere\.xml`$/m],
    ['a port that is none', ['run', '.', '--port', 'many'], /a port is a number from 0 to 65535/],
    ['a backend that is no URL', ['run', '.', '--backend', 'localhost'], /'localhost' is invalid. write it with scheme and host/],
    ['fixtures that are not there', ['eval', '--batch', '--fixtures', 'nowhere.json'], /^portico: `nowhere\.json` cannot be read: /m],
    ['fixtures that are none', ['eval', '--batch', '--fixtures', 'package.json'], /^portico: `package\.json` holds no fixtures: /m],
    ['a directory that is not there', ['run', 'nowhere'], /^portico: there is no directory `nowhere`$/m],
  ])('takes %s as wrong use', async (_what, args, message) => {
    const { code, out, err } = await portico(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ {4}at /m);
  });
});
