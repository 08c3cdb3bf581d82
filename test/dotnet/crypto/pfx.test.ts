/** PKCS#12 files that expressions open. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';
import { CertificateFolder, HAS_OPENSSL } from '../../support/openssl.ts';

const files = new Map<string, string>();
let folder: CertificateFolder | undefined;

/** `PFX(name)` in code stands for the bytes of a file. */
function outcome(code: string): string {
  return evaluate(code.replace(/PFX\((\w+)\)/g, (_, name: string) => `Convert.FromBase64String("${files.get(name) ?? ''}")`));
}

describe.skipIf(!HAS_OPENSSL)('X509Certificate2 of a PKCS#12 file (needs openssl)', () => {
  beforeAll(() => {
    folder = new CertificateFolder();
    folder.make('partner', { subject: '/CN=partner' });
    const keep = (name: string, options: readonly string[]) =>
      files.set(name, Buffer.from(folder?.pfx('partner', 'secret', options) ?? []).toString('base64'));
    keep('modern', []);
    keep('old', ['-legacy']);
    keep('slow', ['-iter', '500000', '-nomaciter']);
    files.set('open', Buffer.from(folder.pfx('partner', '', [])).toString('base64'));
  });
  afterAll(() => folder?.remove());

  it.each([
    ['new X509Certificate2(PFX(modern), "secret").Subject', 'System.String CN=partner'],
    ['new X509Certificate2(PFX(modern), "secret", X509KeyStorageFlags.MachineKeySet).HasPrivateKey', 'System.Boolean true'],
    ['new X509Certificate2(PFX(old), "secret").HasPrivateKey', 'System.Boolean true'],
    ['new X509Certificate2(PFX(open)).HasPrivateKey', 'System.Boolean true'],
    [
      'new X509Certificate2(PFX(modern), "wrong")',
      'throws System.Security.Cryptography.CryptographicException: The specified network password is not correct.',
    ],
    [
      'new X509Certificate2(PFX(slow), "secret")',
      'throws System.Security.Cryptography.CryptographicException: Cannot find the requested object.',
    ],
    [
      'new X509Certificate2(new byte[] { 48, 3, 2, 1, 3 }, "secret")',
      'throws System.Security.Cryptography.CryptographicException: Cannot find the requested object.',
    ],
  ])('%s', (code, expected) => {
    expect(outcome(code)).toBe(expected);
  });
});
