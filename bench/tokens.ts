/** First and cached validation of an RS256 token against bare `jose.jwtVerify` in the same run. */
import * as jose from 'jose';
import type { TokenRequirements } from '../src/identity/token-validator.ts';
import { createTokenValidator } from '../src/identity/validator.ts';
import { jsonAnswer, testHost } from '../test/support/hosts.ts';
import { median } from './measure.ts';

const { privateKey, publicKey } = await jose.generateKeyPair('RS256');
const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'k' };
const host = testHost({
  now: Date.now(),
  send: async ({ path }) =>
    jsonAnswer(path.endsWith('keys') ? { keys: [jwk] } : { issuer: 'https://login.test/', jwks_uri: 'https://login.test/keys' }),
});
const token = await new jose.SignJWT({ scp: 'orders.read' })
  .setProtectedHeader({ alg: 'RS256', kid: 'k' })
  .setIssuer('https://login.test/')
  .setAudience('api://orders')
  .setExpirationTime('1h')
  .sign(privateKey);
const requirements: TokenRequirements = {
  token,
  requireExpirationTime: true,
  requireSignedTokens: true,
  clockSkewSeconds: 0,
  openIdConfigs: ['https://login.test/.well-known/openid-configuration'],
  signingKeys: [],
  decryptionKeys: [],
  audiences: ['api://orders'],
  issuers: [],
  requiredClaims: [{ name: 'scp', match: 'any', separator: ' ', values: ['orders.read'] }],
};
const cached = createTokenValidator({ host });
const fresh = createTokenValidator({ host, cache: false });
const keys = jose.createLocalJWKSet({ keys: [jwk] });

async function perSecond(run: () => unknown, milliseconds = 500): Promise<number> {
  const started = performance.now();
  let calls = 0;
  while (performance.now() - started < milliseconds) {
    await run();
    calls += 1;
  }
  return (calls * 1000) / (performance.now() - started);
}

const cases: Readonly<Record<string, () => unknown>> = {
  'jose.jwtVerify': () => jose.jwtVerify(token, keys, { issuer: 'https://login.test/', audience: 'api://orders' }),
  'first validation': () => fresh.validate(requirements),
  'cached validation': () => cached.validate(requirements),
};
const rates = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
for (let round = -1; round < 5; round += 1) {
  for (const [name, run] of Object.entries(cases)) {
    const rate = await perSecond(run);
    if (round >= 0) rates.get(name)?.push(rate);
  }
}
const base = median(rates.get('jose.jwtVerify') ?? []);
process.stdout.write('token checks, one at a time\n');
for (const [name, values] of rates) {
  const rate = median(values);
  process.stdout.write(`  ${name.padEnd(20)} ${rate.toFixed(0).padStart(8)} a second   ratio ${(rate / base).toFixed(2)}\n`);
}
