/** What a connection to a service shows and trusts, the same for every client that opens one: undici's, node's own, WebSockets. */
import { createHash } from 'node:crypto';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { CertificateInfo, HostCertificates, OutgoingRequest, PfxCertificate } from './host.ts';

/** What the process trusts and may show. */
export interface TlsWorld {
  readonly certificates?: HostCertificates;
  /** More trusted roots, PEM, for calls to services with a private CA. */
  readonly trustedRoots?: readonly string[];
}

/** The part of a request that its connection depends on. */
export type TlsRequest = Pick<OutgoingRequest, 'tls' | 'pfx' | 'certificateId'>;

/** Options of `tls.connect`. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity?: () => undefined;
  readonly ca?: string[];
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  readonly key?: string;
  readonly cert?: string;
}

/** Milliseconds in which a connection must stand. */
export const CONNECT_TIMEOUT = 10_000;

/** The options that a request's connection needs. Rejects for a client certificate that nothing can open. */
export async function tlsOptions({ tls, pfx, certificateId }: TlsRequest, world: TlsWorld): Promise<TlsOptions> {
  const certificate = certificateId === undefined ? undefined : world.certificates?.find(certificateId);
  return {
    rejectUnauthorized: tls?.validateChain ?? true,
    ...(tls?.validateName === false ? { checkServerIdentity: () => undefined } : {}),
    ...trustOf(world.trustedRoots),
    ...(pfx ? await pfxIdentity(pfx) : {}),
    ...(!pfx && certificate?.privateKeyPem ? { key: certificate.privateKeyPem, cert: chainOf(certificate.info) } : {}),
  };
}

/** Tells ways of TLS apart, so that connections are shared only by requests that would have opened the same. */
export function tlsKey(request: TlsRequest, { certificates }: TlsWorld): string {
  return `${request.tls?.validateChain ?? true}|${request.tls?.validateName ?? true}|${clientKey(request, certificates)}`;
}

/** Roots besides those of the system, which Node leaves out as soon as others are named. */
export function trustOf(roots: readonly string[] = []): { readonly ca?: string[] } {
  return roots.length === 0 ? {} : { ca: [...rootCertificates, ...roots] };
}

/** Tells client certificates apart; one from bytes by its hash. */
function clientKey({ pfx, certificateId }: TlsRequest, certificates: HostCertificates | undefined): string {
  if (pfx) return `pfx ${createHash('sha256').update(pfx.data).update('\0').update(pfx.password).digest('hex')}`;
  // A certificate that was renewed under its old name gets connections of its own.
  return certificateId === undefined ? '' : `${certificateId} ${certificates?.find(certificateId)?.info.thumbprint ?? ''}`;
}

/** Files with ciphers that OpenSSL refuses are opened here; what neither can open fails the call. */
async function pfxIdentity({
  data,
  password,
}: PfxCertificate): Promise<{ pfx: Buffer; passphrase: string } | { key: string; cert: string }> {
  const plain = { pfx: Buffer.from(data), passphrase: password };
  try {
    createSecureContext(plain);
    return plain;
  } catch {
    const { openPfx } = await import('./node-pfx.ts');
    const { certificates, key } = openPfx(data, password);
    return { key: key ?? '', cert: certificates.join('') };
  }
}

/** The certificate with the issuers that came with it: a backend may know the root alone. */
function chainOf({ der, chain = [] }: CertificateInfo): string {
  return [der, ...chain.map((issuer) => issuer.der)].map(pemOf).join('');
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
