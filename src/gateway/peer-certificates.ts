/** What callers show in their handshakes: read once for each connection. */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { CertificateInfo, HostCrypto } from '../host/host.ts';

/** Longest chain that is read. */
const LONGEST = 10;
/** Most certificates that are remembered; the oldest goes first. */
const MOST = 1000;

export class PeerCertificates {
  readonly #crypto: HostCrypto;
  readonly #bySocket = new WeakMap<object, CertificateInfo>();
  /**
   * By fingerprint. A resumed TLS session brings the caller's certificate without its chain, which is the one of the full
   * handshake; and a certificate that is seen again keeps what was found out about it.
   */
  readonly #known = new Map<string, CertificateInfo>();

  constructor(crypto: HostCrypto) {
    this.#crypto = crypto;
  }

  of(socket: object): CertificateInfo | null {
    return this.#bySocket.get(socket) ?? null;
  }

  /** Null when the caller showed none, or none that is readable. */
  read(socket: TLSSocket): CertificateInfo | null {
    const shown = socket.getPeerCertificate(true);
    if (!shown?.raw) return null;
    const info = this.#describe(shown);
    if (info) this.#bySocket.set(socket, info);
    return info;
  }

  #describe(shown: DetailedPeerCertificate): CertificateInfo | null {
    const known = this.#known.get(shown.fingerprint256);
    const issuers = issuersOf(shown);
    if (known && issuers.length <= (known.chain?.length ?? 0)) return known;
    try {
      const chain = issuers.map((raw) => this.#crypto.certificate(raw));
      const info = { ...this.#crypto.certificate(shown.raw), ...(chain.length > 0 ? { chain } : {}) };
      this.#remember(shown.fingerprint256, info);
      return info;
    } catch {
      return null;
    }
  }

  #remember(fingerprint: string, info: CertificateInfo): void {
    const oldest = this.#known.size >= MOST ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(fingerprint, info);
  }
}

function issuersOf(shown: DetailedPeerCertificate): Buffer[] {
  const found: Buffer[] = [];
  let current = shown;
  // A self-signed certificate is its own issuer.
  while (found.length < LONGEST && current.issuerCertificate && current.issuerCertificate !== current) {
    current = current.issuerCertificate;
    if (!current.raw || found.some((raw) => raw.equals(current.raw)) || current.raw.equals(shown.raw)) break;
    found.push(current.raw);
  }
  return found;
}
