/** What is inside an encrypted token. */
import { decodeBase64, type KeySources } from '../keys.ts';
import type { TokenKey } from '../token-validator.ts';

/** The first key that opens it decides; undefined when none does. */
export async function decrypted(token: string, keys: readonly TokenKey[], { certificates }: KeySources): Promise<string | undefined> {
  const jose = await import('jose');
  for (const { certificateId, secret } of keys) {
    try {
      const pem = certificateId === undefined ? undefined : certificates.find(certificateId)?.privateKeyPem;
      const key = pem === undefined ? decodeBase64(secret ?? '') : await jose.importPKCS8(pem, 'RSA-OAEP');
      if (key === undefined) continue;
      const { plaintext } = await jose.compactDecrypt(token, key);
      return new TextDecoder().decode(plaintext);
    } catch {
      // The next key is tried.
    }
  }
  return undefined;
}
