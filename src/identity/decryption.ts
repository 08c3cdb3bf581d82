/** Encrypted tokens (RFC 7516): each decryption key of the policy is tried until one works. */
import type { Host } from '../host/host.ts';
import { decodeBase64, type KeyImports } from './keys.ts';
import { decryptRsa15 } from './rsa15.ts';
import type { TokenKey } from './token-validator.ts';

type Sources = Pick<Host, 'certificates' | 'crypto' | 'randomBytes'>;
type Header = Readonly<Record<string, unknown>>;

/** What .NET's library unwraps keys with. Password-based ones would let a token order how much work is done (`p2c`). */
const KEY_ALGORITHMS = ['dir', 'RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512', 'A128KW', 'A192KW', 'A256KW'];
const CONTENT_ALGORITHMS = ['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'A128GCM', 'A192GCM', 'A256GCM'];

/** The token inside; undefined when no key opens it. */
export async function openEncrypted(
  token: string,
  header: Header,
  keys: readonly TokenKey[],
  sources: Sources,
  imports: KeyImports,
): Promise<string | undefined> {
  // Compressed content is not opened: a small token could become a large one.
  if (header.zip !== undefined || header.crit !== undefined) return undefined;
  for (const key of keys) {
    const inner = await openWith(key, token, header, sources, imports).catch(() => undefined);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

async function openWith(key: TokenKey, token: string, header: Header, sources: Sources, imports: KeyImports): Promise<string | undefined> {
  const pem = key.certificateId === undefined ? undefined : sources.certificates.find(key.certificateId)?.privateKeyPem;
  if (header.alg === 'RSA1_5') return pem === undefined ? undefined : decryptRsa15(token, String(header.enc), pem, sources);
  const jose = await imports.jose;
  const isRsa = typeof header.alg === 'string' && header.alg.startsWith('RSA-');
  const material =
    key.certificateId === undefined
      ? decodeBase64(key.secret ?? '')
      : pem && isRsa
        ? await jose.importPKCS8(pem, String(header.alg))
        : undefined;
  if (!material) return undefined;
  const { plaintext } = await jose.compactDecrypt(token, material, {
    keyManagementAlgorithms: KEY_ALGORITHMS,
    contentEncryptionAlgorithms: CONTENT_ALGORITHMS,
  });
  return new TextDecoder().decode(plaintext);
}
