import { expect, test } from 'vitest';
import { JwtToken } from '../../src/exchange/jwt.ts';
import { testHost } from '../support/hosts.ts';

function hostWithLog() {
  const lines: string[] = [];
  const host = testHost({ log: (level, message, fields) => lines.push(`${level} ${message} ${String(fields?.resource)}`) });
  return { host, lines };
}

const SYSTEM = { resource: 'https://vault.test', clientId: undefined };

test('a token names its resource and identity and ends in an hour', async () => {
  const { host } = hostWithLog();
  const token = JwtToken.parse(await host.identity.accessToken({ ...SYSTEM, clientId: 'abc' }));
  expect(token?.payload).toMatchObject({ aud: 'https://vault.test', appid: 'abc', iat: host.now() / 1000, exp: host.now() / 1000 + 3600 });
  expect(token?.text('payload', 'iss')).toBe('https://portico.invalid/stand-in');
});

test('it is kept until shortly before its end', async () => {
  const { host } = hostWithLog();
  const first = await host.identity.accessToken(SYSTEM);
  host.advance(3_299_000);
  expect(await host.identity.accessToken(SYSTEM)).toBe(first);
  host.advance(1_000);
  expect(await host.identity.accessToken(SYSTEM)).not.toBe(first);
});

test('the log says once for each resource that it is none', async () => {
  const { host, lines } = hostWithLog();
  for (let times = 0; times < 3; times += 1) await host.identity.accessToken(SYSTEM);
  await host.identity.accessToken({ ...SYSTEM, resource: 'api://other' });
  expect(lines).toEqual([
    'warn managed identity: this token is a stand-in that no service accepts https://vault.test',
    'warn managed identity: this token is a stand-in that no service accepts api://other',
  ]);
});

test('nobody gets a token for nothing', () => {
  expect(() => testHost().identity.accessToken({ resource: ' ', clientId: undefined })).toThrow('a token needs a resource');
});
