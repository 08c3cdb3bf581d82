/** Certificates of an exported folder, whose contents portico.yaml brings: PEM files, PKCS#12 of any age. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Budget } from '../../src/csharp/runtime/budget.ts';
import { Body } from '../../src/exchange/body.ts';
import { Exchange } from '../../src/exchange/exchange.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { GatewayRequest } from '../../src/exchange/message.ts';
import { Url } from '../../src/exchange/url.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { MappedText } from '../../src/source/mapped-text.ts';
import { certificatesOf } from '../../src/workspace/certificates.ts';
import { createEngine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { testHost } from '../support/hosts.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';

let folder: CertificateFolder;
let thumbprint = '';

beforeAll(() => {
  if (!HAS_OPENSSL) return;
  folder = new CertificateFolder();
  folder.make('root', { authority: true });
  folder.make('partner', { issuer: 'root' });
  folder.pfx('partner', 'secret', ['-legacy', '-certfile', 'root.pem']);
  thumbprint = nodeCrypto().certificate(Buffer.from(folder.text('partner.pem'))).thumbprint;
}, 20_000);

afterAll(() => folder?.remove());

function load(yaml: string) {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  try {
    mkdirSync(join(path, 'certificates', 'partner'), { recursive: true });
    const properties = { subject: 'CN=partner', thumbprint, keyVault: { secretIdentifier: 'https://vault.test/secrets/partner' } };
    writeFileSync(join(path, 'certificates', 'partner', 'certificateInformation.json'), JSON.stringify({ properties }));
    const policy = `<authentication-certificate certificate-id="partner" /><authentication-certificate thumbprint="${thumbprint}" />`;
    writeFileSync(join(path, 'policy.xml'), `<policies><inbound>${policy}</inbound><backend /><outbound /><on-error /></policies>`);
    if (yaml !== '') writeFileSync(join(path, 'portico.yaml'), yaml);
    const workspace = loadWorkspace(path);
    return { workspace, problems: createEngine(workspace, { host: testHost() }).problems.map(({ code, message }) => `${code} ${message}`) };
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

describe.skipIf(!HAS_OPENSSL)('certificates of an exported folder (needs openssl)', () => {
  it('are known to policies, with a reminder that their contents are missing', () => {
    expect(load('').problems).toEqual(['PTC5017 certificate `partner` has no file here']);
  });

  it('come from a PKCS#12 file with old ciphers, with their issuers', () => {
    const { workspace, problems } = load(`certificates: { partner: { pfx: "${folder.file('partner.pfx')}", password: secret } }`);
    expect(problems).toEqual([]);
    const found = certificatesOf(workspace, nodeCrypto()).find(thumbprint.toLowerCase());
    expect(found).toMatchObject({ id: 'partner', info: { subject: 'CN=partner', chain: [{ subject: 'CN=root' }] } });
    expect(found?.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('are what context.Deployment.Certificates holds, by thumbprint', () => {
    const { workspace } = load(`certificates: { partner: { pfx: "${folder.file('partner.pfx')}", password: secret } }`);
    const host = testHost({ certificates: certificatesOf(workspace, nodeCrypto()) });
    const code = `context.Deployment.Certificates.Count + context.Deployment.Certificates["${thumbprint}"].Subject + context.Deployment.Certificates.Any(c => c.Value.HasPrivateKey && c.Value.Thumbprint == c.Key)`;
    const { engine, compile } = createExpressions();
    const { expression } = compile(MappedText.of(code), 'single', engine);
    const url = Url.parse('https://localhost/');
    if (!url) throw new Error('the URL is wrong');
    const request = new GatewayRequest({ method: 'GET', originalUrl: url, headers: new Headers([]), body: new Body(), ipAddress: '::1' });
    const exchange = new Exchange({ host, types: engine.types, request });
    expect(expression?.run({ host, types: engine.types, budget: new Budget() }, exchange)).toBe('1CN=partnerTrue');
  });

  it.each([
    ['no', /^PTC5014 certificate `partner` cannot be read: the password is wrong$/],
    ['secret', undefined],
  ])('with the password %j', (password, message) => {
    const { problems } = load(`certificates: { partner: { pfx: "${folder.file('partner.pfx')}", password: ${password} } }`);
    if (message) expect(problems.some((problem) => message.test(problem))).toBe(true);
    else expect(problems).toEqual([]);
  });
});
