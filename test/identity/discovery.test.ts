import { expect, test } from 'vitest';
import { Discovery } from '../../src/identity/discovery.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';

test('addresses that callers make up are not remembered without end', async () => {
  const host = testHost({
    send: async ({ path }) => jsonAnswer(path === '/keys' ? { keys: [] } : { issuer: 'i', jwks_uri: 'https://p.test/keys' }),
  });
  const discovery = new Discovery(host);
  for (let at = 0; at < 1_500; at += 1) await discovery.keys(`https://p.test/${at}`);
  expect(discovery.snapshot()).toHaveLength(1_000);
  expect(discovery.known('https://p.test/1499')).toBeDefined();
  expect(discovery.known('https://p.test/0')).toBeUndefined();
});
