/**
 * From a caller's certificate to an authority that is trusted (RFC 5280, section 6, as far as TLS needs it): names and
 * signatures, authorities' right to issue, their dates, lengths of paths. Intermediate certificates come from the
 * configuration or from the caller's own handshake; only the configuration makes one trusted.
 */
import type { CertificateInfo, Host } from '../../host/host.ts';
import { type CertificateParts, certificateParts } from './certificate-parts.ts';

/** The certificate first, then its issuers as far as they are known. */
export interface Chain {
  readonly certificates: readonly CertificateInfo[];
  readonly trusted: boolean;
}

type ChainHost = Pick<Host, 'now' | 'crypto' | 'certificates'>;

/** Longest chain that is followed. */
const LONGEST = 10;

export function buildChain(certificate: CertificateInfo, host: ChainHost): Chain {
  return new Builder(certificate, host).build();
}

class Builder {
  readonly #host: ChainHost;
  readonly #now: number;
  readonly #leaf: CertificateInfo;
  readonly #anchors: readonly CertificateInfo[];
  readonly #candidates: readonly CertificateInfo[];
  /** No certificate is looked at twice, so that a hostile handshake costs no more than its size. */
  readonly #seen = new Set<string>();

  constructor(leaf: CertificateInfo, host: ChainHost) {
    this.#host = host;
    this.#now = host.now();
    this.#leaf = leaf;
    this.#anchors = host.certificates.authorities ?? [];
    this.#candidates = [...this.#anchors, ...(leaf.chain ?? []).slice(0, LONGEST)];
  }

  build(): Chain {
    this.#seen.add(this.#leaf.thumbprint);
    const trusted = this.#search([this.#leaf]);
    return trusted ? { certificates: trusted, trusted: true } : { certificates: this.#known(), trusted: false };
  }

  /** Depth first, since several issuers may bear one name (cross-signed and renewed authorities). */
  #search(path: readonly CertificateInfo[]): readonly CertificateInfo[] | undefined {
    const last = path[path.length - 1];
    if (!last || path.length > LONGEST) return undefined;
    if (this.#anchors.some((anchor) => sameCertificate(anchor, last))) return path;
    for (const issuer of this.#issuersOf(last)) {
      if (this.#seen.has(issuer.thumbprint) || !this.#mayIssue(issuer, path.length - 1)) continue;
      this.#seen.add(issuer.thumbprint);
      const found = this.#search([...path, issuer]);
      if (found) return found;
    }
    return undefined;
  }

  #issuersOf(certificate: CertificateInfo): CertificateInfo[] {
    return this.#candidates.filter((one) => one.subject === certificate.issuer && this.#host.crypto.isIssuedBy(certificate, one));
  }

  /** `below`: authorities between it and the certificate. */
  #mayIssue(issuer: CertificateInfo, below: number): boolean {
    if (issuer.notBefore > this.#now || issuer.notAfter < this.#now) return false;
    const { isAuthority, pathLength } = partsOf(issuer) ?? {};
    // Roots of version 1 know no basic constraints; one that the configuration trusts may issue.
    const oldRoot = issuer.version < 3 && this.#anchors.some((anchor) => sameCertificate(anchor, issuer));
    return (isAuthority === true || oldRoot) && (pathLength === undefined || below <= pathLength);
  }

  /** The issuers at hand although none is trusted: revocation can still be asked of them. */
  #known(): readonly CertificateInfo[] {
    const path = [this.#leaf];
    for (let last = this.#leaf; path.length < LONGEST; ) {
      const issuer = this.#issuersOf(last)[0];
      if (!issuer || path.some((one) => sameCertificate(one, issuer))) break;
      path.push(issuer);
      last = issuer;
    }
    return path;
  }
}

function sameCertificate(a: CertificateInfo, b: CertificateInfo): boolean {
  return a === b || (a.thumbprint === b.thumbprint && a.der.length === b.der.length && a.der.every((byte, at) => byte === b.der[at]));
}

/** Undefined for bytes that are not readable. */
export function partsOf({ der }: CertificateInfo): CertificateParts | undefined {
  try {
    return certificateParts(der);
  } catch {
    return undefined;
  }
}

/** The issuer's certificate among those that are known and those that the caller sent. */
export function issuerOf(
  certificate: CertificateInfo,
  { certificates, crypto }: Pick<Host, 'certificates' | 'crypto'>,
): CertificateInfo | undefined {
  const candidates = [...(certificates.authorities ?? []), ...(certificate.chain ?? []).slice(0, LONGEST)];
  return candidates.find((one) => one.subject === certificate.issuer && crypto.isIssuedBy(certificate, one));
}
