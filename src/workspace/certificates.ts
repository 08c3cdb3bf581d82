/** Certificates by id or thumbprint, those of an exported folder, and those that may have issued others. */
import type { CertificateInfo, HostCertificate, HostCertificates, HostCrypto } from '../host/host.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { openPfx } from '../host/node-pfx.ts';
import { buildChain } from '../identity/certificates/chain.ts';
import type { Workspace } from './model.ts';
import { pemBlocks } from './tls.ts';

/** What policies may name; thumbprints ignore case. */
export function certificatesOf({ certificates, local }: Pick<Workspace, 'certificates' | 'local'>, crypto: HostCrypto): HostCertificates {
  const roots = [...local.trustedRoots, ...(local.tls?.authorities ?? [])].flatMap((text) => certificatesIn(text, crypto));
  const known: HostCertificates = {
    find: (id) => findCertificate(certificates, id),
    uploaded: [...certificates.values()],
    authorities: [...roots, ...Array.from(certificates.values(), ({ info }) => info)],
  };
  return {
    ...known,
    isTrusted: (certificate, now) => buildChain(certificate, { now: () => now, crypto, certificates: known }).trusted,
    ...(local.tls ? { revocationLists: local.tls.revocationLists } : {}),
  };
}

export function findCertificate(certificates: Workspace['certificates'], id: string): HostCertificate | undefined {
  return certificates.get(id) ?? [...certificates.values()].find(({ info }) => info.thumbprint.toLowerCase() === id.toLowerCase());
}

/** A file that holds no certificate was reported when it was read for TLS. */
function certificatesIn(text: string, crypto: HostCrypto): CertificateInfo[] {
  return pemBlocks(text).flatMap((block) => {
    try {
      return [crypto.certificate(new TextEncoder().encode(block))];
    } catch {
      return [];
    }
  });
}

/** A certificate of a PKCS#12 file, with its key and whatever chain is in there. Throws an Error when it cannot be opened. */
export function pfxCertificate(id: string, data: Uint8Array, password: string): HostCertificate {
  const { certificates, key } = openPfx(data, password);
  const [info, ...chain] = certificates.map((pem) => nodeCrypto().certificate(new TextEncoder().encode(pem)));
  if (!info) throw new Error('it holds no certificate');
  return { id, info: chain.length > 0 ? { ...info, chain } : info, ...(key === undefined ? {} : { privateKeyPem: key }) };
}
