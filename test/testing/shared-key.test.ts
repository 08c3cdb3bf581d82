/** Tokens that tests mint for policies that check with a shared key. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createTestGateway } from '../../src/testing/index.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { directoryWith, documentWith } from '../cli/support.ts';

const KEY = '+/8gc2hhcmVkIGtleSBvZiBtb3JlIHRoYW4gMzIgYnl0ZXM=';
const OTHER = 'YW5vdGhlciBzaGFyZWQga2V5IG9mIG1vcmUgdGhhbiAzMiBieXRlcw==';
const check = (inside: string) => `<validate-jwt header-name="Authorization">${inside}</validate-jwt>`;
const keyed = (key: string, more = '') => check(`<issuer-signing-keys><key${more}>${key}</key></issuer-signing-keys>`);

const directory = directoryWith({
  'portico.yaml': `named-values: { jwt-key: "${KEY}" }\n`,
  'key.xml': documentWith(keyed(KEY)),
  'named-value.xml': documentWith(keyed(' {{jwt-key}} ', ' id="k1"')),
  'twice.xml': documentWith(keyed(KEY) + keyed('{{jwt-key}}')),
  'demands.xml': documentWith(
    check(
      `<issuer-signing-keys><key>${KEY}</key></issuer-signing-keys><audiences><audience>a</audience></audiences><issuers><issuer>i</issuer><issuer>j</issuer></issuers>`,
    ),
  ),
  'two-keys.xml': documentWith(keyed(KEY) + keyed(OTHER)),
  'provider.xml': documentWith(
    check(
      `<openid-config url="https://id.example/.well-known/openid-configuration" /><issuer-signing-keys><key>${KEY}</key></issuer-signing-keys>`,
    ),
  ),
  'no-key.xml': documentWith(keyed('not base64 at all')),
});
afterAll(() => directory.remove());

const answerTo = async (name: string, token: Record<string, unknown>) => {
  const gateway = await createTestGateway({ policies: join(directory.path, name), expressions: createExpressions() });
  return gateway.request('GET /', { token });
};

it.each(['key.xml', 'named-value.xml', 'twice.xml', 'demands.xml', 'provider.xml'])('token: {} is accepted by %s', async (name) => {
  const { status, error } = await answerTo(name, {});
  expect([status, error?.message]).toEqual([200, undefined]);
});

it('claims of the test win', async () => {
  expect((await answerTo('demands.xml', { iss: 'j' })).status).toBe(200);
  expect((await answerTo('demands.xml', { iss: 'k' })).error?.reason).toBe('TokenIssuerNotAllowed');
  expect((await answerTo('key.xml', { exp: 1 })).error?.reason).toBe('TokenExpired');
});

it.each(['two-keys.xml', 'no-key.xml'])('no token fits %s', async (name) => {
  expect((await answerTo(name, {})).status).toBe(401);
});
