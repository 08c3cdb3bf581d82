/** Certificates by id or thumbprint, and those that may have issued others. */
import type { CertificateInfo, HostCertificate, HostCertificates, HostCrypto } from '../host/host.ts';
import type { Workspace } from './model.ts';

/** What policies may name; thumbprints ignore case. */
export function certificatesOf({ certificates, local }: Pick<Workspace, 'certificates' | 'local'>, crypto: HostCrypto): HostCertificates {
  const roots = local.trustedRoots.flatMap((pem) => rootOf(pem, crypto));
  return {
    find: (id) => findCertificate(certificates, id),
    authorities: [...roots, ...Array.from(certificates.values(), ({ info }) => info)],
  };
}

export function findCertificate(certificates: Workspace['certificates'], id: string): HostCertificate | undefined {
  return certificates.get(id) ?? [...certificates.values()].find(({ info }) => info.thumbprint.toLowerCase() === id.toLowerCase());
}

/** A file that is no certificate was reported when it was read for TLS. */
function rootOf(pem: string, crypto: HostCrypto): CertificateInfo[] {
  try {
    return [crypto.certificate(new TextEncoder().encode(pem))];
  } catch {
    return [];
  }
}
