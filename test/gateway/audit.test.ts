/** The audit: who was let in or refused, by which key, why; and never what they showed. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayOptions, startGateway } from '../../src/gateway/gateway.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const SECRET = Buffer.alloc(32, 7);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object, header: object = {}): string {
  const signed = `${encode({ alg: 'HS256', kid: 'k1', ...header })}.${encode({ iss: 'https://login.test/', sub: 'ana', ...claims })}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

const POLICY = `<policies><inbound><validate-jwt id="gate" header-name="Authorization">
  <issuer-signing-keys><key id="k1">${SECRET.toString('base64')}</key></issuer-signing-keys>
  </validate-jwt><return-response /></inbound><backend /><outbound /><on-error /></policies>`;

async function started(options: Partial<GatewayOptions> = {}, yaml = '') {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, 'policy.xml'), POLICY);
  if (yaml !== '') writeFileSync(join(path, 'portico.yaml'), yaml);
  const gateway = await startGateway({ directory: path, port: 0, ...options });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await gateway.stop();
    stopped = true;
  };
  cleanups.push(stop);
  return { gateway, path, stop };
}

const later = Math.floor(Date.now() / 1000) + 600;

describe('the audit', () => {
  it('has a line for each decision', async () => {
    const { gateway, path, stop } = await started({}, 'audit: audit.jsonl\n');
    const good = token({ exp: later, oid: '1', secret: 'not-for-logs' });
    const forged = `${token({ exp: later, sub: 'mallory' }).slice(0, -4)}AAAA`;
    for (const text of [good, good, token({ exp: 1 }), forged])
      await (await fetch(`${gateway.address}/?key=hidden`, { headers: { Authorization: `Bearer ${text}` } })).text();
    await (await fetch(gateway.address)).text();
    await stop();
    const file = join(path, 'audit.jsonl');
    const text = readFileSync(file, 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const shown = lines.map(({ outcome, reason, claims, keyId, policy, policyId }) => ({
      outcome,
      reason,
      claims,
      keyId,
      policy,
      policyId,
    }));
    const from = { policy: 'validate-jwt', policyId: 'gate' };
    const ana = { sub: 'ana', iss: 'https://login.test/' };
    expect(shown).toEqual([
      { ...from, outcome: 'accepted', reason: undefined, claims: { ...ana, oid: '1' }, keyId: 'k1' },
      { ...from, outcome: 'accepted', reason: undefined, claims: { ...ana, oid: '1' }, keyId: 'k1' },
      { ...from, outcome: 'refused', reason: 'TokenExpired', claims: ana, keyId: 'k1' },
      { ...from, outcome: 'refused', reason: 'TokenSignatureInvalid', claims: {}, keyId: 'k1' },
      { ...from, outcome: 'refused', reason: 'TokenNotPresent', claims: {}, keyId: undefined },
    ]);
    expect(lines[0]).toMatchObject({ msg: 'audit', level: 'info', operationId: 'get', method: 'GET', callerIpAddress: '127.0.0.1' });
    for (const hidden of [good, forged, SECRET.toString('base64'), 'not-for-logs', 'hidden', 'mallory']) expect(text).not.toContain(hidden);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('does not make the gateway read its directory again', async () => {
    const loads: boolean[] = [];
    const { gateway, path } = await started({ watch: true, onLoad: (_problems, taken) => loads.push(taken) }, 'audit: audit.jsonl\n');
    for (let turn = 0; turn < 3; turn += 1) await (await fetch(gateway.address)).text();
    const saveBroken = () => {
      writeFileSync(join(path, 'policy.xml'), '<policies><inbound><no-such-policy /></inbound></policies>');
      return loads;
    };
    // The first load that follows is that of the broken document: none came of the lines before it.
    await expect.poll(saveBroken, { interval: 250 }).toContain(false);
    expect(loads.slice(0, 2)).toEqual([true, false]);
  });

  it('goes on at the end of a file that is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const audit = join(folder, 'a.jsonl');
    writeFileSync(audit, 'before\n');
    const { gateway, stop } = await started({ audit });
    await (await fetch(gateway.address)).text();
    await stop();
    expect(readFileSync(audit, 'utf8').split('\n')[0]).toBe('before');
    expect(readFileSync(audit, 'utf8').split('\n')).toHaveLength(3);
  });

  it('keeps the gateway from starting when it cannot be written', async () => {
    await expect(started({ audit: '/no/such/folder/audit.jsonl' })).rejects.toThrow(/there is no such file or directory/);
  });
});

describe('the cache of accepted tokens', () => {
  it.each([
    ['', { limit: 10_000, size: 1, hits: 2 }],
    ['limits: { token-cache: off }\n', { limit: 0, size: 0, hits: 0 }],
    ['limits: { token-cache: 1 }\n', { limit: 1, size: 1, hits: 2 }],
  ])('%j', async (yaml, expected) => {
    const { gateway } = await started({}, yaml);
    const good = token({ exp: later });
    for (let turn = 0; turn < 3; turn += 1)
      expect((await fetch(gateway.address, { headers: { Authorization: `Bearer ${good}` } })).status).toBe(200);
    expect(gateway.identity().tokenCache).toMatchObject(expected);
  });

  it('holds no more tokens than it may', async () => {
    const { gateway } = await started({}, 'limits: { token-cache: 2 }\n');
    for (const sub of ['a', 'b', 'c', 'd'])
      await fetch(gateway.address, { headers: { Authorization: `Bearer ${token({ exp: later, sub })}` } });
    expect(gateway.identity().tokenCache.size).toBe(2);
  });
});
