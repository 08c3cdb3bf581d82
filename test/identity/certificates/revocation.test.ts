/** Revocation by lists and by OCSP, with openssl as authority and responder; the host's calls are answered here. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateInfo, OutgoingRequest } from '../../../src/host/host.ts';
import { nodeCrypto } from '../../../src/host/node-crypto.ts';
import { certificateParts } from '../../../src/identity/certificates/certificate-parts.ts';
import { CertificateChecker } from '../../../src/identity/certificates/checker.ts';
import { readRevocationList } from '../../../src/identity/certificates/revocation-list.ts';
import { testHost } from '../../support/hosts.ts';
import { CertificateFolder, HAS_OPENSSL } from '../../support/openssl.ts';

const RULES = { notBefore: true, notAfter: true, revocation: true, trust: true };
const OCSP = 'authorityInfoAccess=OCSP;URI:http://ocsp.test/';
const LIST = 'crlDistributionPoints=URI:http://lists.test/root.crl';

let folder: CertificateFolder;

beforeAll(() => {
  if (!HAS_OPENSSL) return;
  folder = new CertificateFolder();
  folder.make('root', { authority: true });
  folder.make('other', { authority: true });
  folder.make('signer', { issuer: 'root', extensions: ['extendedKeyUsage=OCSPSigning'] });
  folder.make('impostor', { issuer: 'root' });
  folder.make('good', { issuer: 'root', extensions: [OCSP] });
  folder.make('bad', { issuer: 'root', extensions: [OCSP] });
  folder.make('both', { issuer: 'root', extensions: [OCSP, LIST] });
  folder.make('listed', { issuer: 'root', extensions: [LIST] });
  folder.make('middle', { issuer: 'root', authority: true, extensions: [LIST] });
  folder.make('below', { issuer: 'middle' });
  folder.make('own', { extensions: [LIST] });
  folder.revoke('other');
  folder.revoke('root', 'bad', 'listed', 'middle');
}, 20_000);

afterAll(() => folder?.remove());

const certificate = (name: string): CertificateInfo => nodeCrypto().certificate(readFileSync(folder.file(`${name}.pem`)));

async function bytesOf(body: OutgoingRequest['body']): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : new Uint8Array(0);
}

/** What openssl answers to an OCSP request, signed by a certificate of the folder. */
function respond(request: Uint8Array, signer: string): Uint8Array {
  writeFileSync(folder.file('request.der'), request);
  const args = ['-index', 'root.db/index.txt', '-CA', 'root.pem', '-rsigner', `${signer}.pem`, '-rkey', `${signer}.key`, '-ndays', '30'];
  execFileSync('openssl', ['ocsp', ...args, '-reqin', 'request.der', '-respout', 'response.der'], { cwd: folder.path, stdio: 'ignore' });
  return readFileSync(folder.file('response.der'));
}

interface World {
  readonly signer?: string;
  readonly list?: () => Uint8Array;
  readonly now?: number;
  readonly chain?: readonly string[];
}

function world({ signer = 'root', list = () => readFileSync(folder.file('root.crl')), now = Date.now() }: World = {}) {
  const asked: string[] = [];
  const logged: string[] = [];
  const host = testHost({
    now,
    certificates: { find: () => undefined, authorities: [certificate('root')] },
    log: (_level, message) => logged.push(message),
    send: async (request) => {
      asked.push(`${request.method} ${request.origin}`);
      const bytes = request.origin === 'http://ocsp.test' ? respond(await bytesOf(request.body), signer) : list();
      async function* body() {
        yield bytes;
      }
      return { status: 200, reason: '', headers: [], body: body() };
    },
  });
  return { host, asked, logged };
}

async function reason(name: string, options: World = {}): Promise<string> {
  const { host } = world(options);
  const chain = options.chain?.map(certificate);
  const { reason: found } = await new CertificateChecker().check({ ...certificate(name), ...(chain ? { chain } : {}) }, RULES, host);
  return found ?? 'ok';
}

const REVOKED = 'ClientCertificateRevoked';

describe.skipIf(!HAS_OPENSSL)('revocation (needs openssl)', () => {
  it.each<readonly [string, () => Promise<string>, string]>([
    ['OCSP says good', () => reason('good'), 'ok'],
    ['OCSP says revoked', () => reason('bad'), REVOKED],
    ['OCSP signed by a delegate', () => reason('good', { signer: 'signer' }), 'ok'],
    ['OCSP signed by a certificate that may not', () => reason('good', { signer: 'impostor' }), REVOKED],
    ['OCSP signed by nobody that counts, the list speaks instead', () => reason('both', { signer: 'impostor' }), 'ok'],
    ['OCSP answer that is out of date', () => reason('good', { now: Date.now() + 40 * 86_400_000 }), REVOKED],
    ['the list names it', () => reason('listed'), REVOKED],
    ['the list is of another authority', () => reason('listed', { list: () => readFileSync(folder.file('other.crl')) }), REVOKED],
    ['the list is no list', () => reason('listed', { list: () => new TextEncoder().encode('<html>') }), REVOKED],
    ['its issuer was revoked', () => reason('below', { chain: ['middle'] }), REVOKED],
    ['nothing speaks about it', () => reason('impostor'), 'ok'],
  ])('%s', async (_name, run, expected) => {
    expect(await run()).toBe(expected);
  });

  it('is asked once until the answer is due again', async () => {
    const { host, asked } = world();
    const checker = new CertificateChecker();
    const one = certificate('both');
    await Promise.all([checker.check(one, RULES, host), checker.check(one, RULES, host)]);
    await checker.check(one, RULES, host);
    expect(asked).toEqual(['POST http://ocsp.test']);
    host.advance(3_600_001);
    await checker.check(one, RULES, host);
    expect(asked).toHaveLength(2);
  });

  it('is asked of no address in a certificate that nobody vouches for', async () => {
    const { host, asked } = world();
    for (const trust of [true, false]) await new CertificateChecker().check(certificate('own'), { ...RULES, trust }, host);
    expect(asked).toEqual([]);
  });

  it('tells once that nothing speaks about a certificate', async () => {
    const { host, logged } = world();
    const checker = new CertificateChecker();
    for (let turn = 0; turn < 3; turn += 1) await checker.check(certificate('impostor'), RULES, host);
    expect(logged).toHaveLength(1);
  });
});

describe('bytes that are no certificate or list', () => {
  it.each([
    ['nothing', []],
    ['a length beyond the end', [0x30, 0x82, 0xff, 0xff]],
    ['the indefinite length', [0x30, 0x80, 0, 0]],
    ['a length of five bytes', [0x30, 0x85, 1, 1, 1, 1, 1]],
    ['empty sequences', [0x30, 0x02, 0x30, 0x00]],
    ['nested without end', Array.from({ length: 2000 }, (_, at) => (at % 2 ? 0x7f : 0x30))],
  ])('%s', (_name, bytes) => {
    expect(() => certificateParts(Uint8Array.from(bytes))).toThrow();
    expect(() => readRevocationList(Uint8Array.from(bytes))).toThrow();
  });
});
