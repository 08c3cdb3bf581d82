/** The online certificate status protocol (RFC 6960): one certificate asked for, the answer's signature checked. */

import { concatenated } from '../../host/bytes.ts';
import type { CertificateInfo, HostCrypto } from '../../host/host.ts';
import { type CertificateParts, certificateParts } from './certificate-parts.ts';
import { bitsOf, childrenOf, type Der, hexOf, readDer, sequenceOf, TAG, timeOf } from './der.ts';
import { isSignedBy } from './signed-by.ts';

export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  /** When a newer answer comes; undefined when the answer does not say. */
  readonly nextUpdate: number | undefined;
}

const SHA1 = [0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];
const OCSP_SIGNING = '2b06010505070309';

/** `CertID`, with SHA-1 since responders answer for nothing else (RFC 5019, section 2.1.1). */
function certificateId(certificate: CertificateParts, issuer: CertificateParts, crypto: HostCrypto): Uint8Array {
  return element(
    TAG.sequence,
    Uint8Array.from(SHA1),
    element(TAG.octets, crypto.hash('sha1', certificate.issuerName)),
    element(TAG.octets, crypto.hash('sha1', issuer.publicKey)),
    element(TAG.integer, certificate.serialBytes),
  );
}

export function ocspRequest(certificate: CertificateParts, issuer: CertificateParts, crypto: HostCrypto): Uint8Array {
  const request = element(TAG.sequence, certificateId(certificate, issuer, crypto));
  return element(TAG.sequence, element(TAG.sequence, element(TAG.sequence, request)));
}

function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return concatenated([new Uint8Array(head), ...contents]);
}

export interface OcspQuestion {
  readonly certificate: CertificateParts;
  readonly issuer: CertificateInfo;
  readonly crypto: HostCrypto;
  readonly now: number;
}

/** Reads an answer. Throws an Error when it is none for this certificate, not signed by whom it must be, or too old. */
export function readOcspAnswer(bytes: Uint8Array, { certificate, issuer, crypto, now }: OcspQuestion): OcspAnswer {
  const [status, holder] = sequenceOf(readDer(bytes));
  if (status?.content[0] !== 0) throw new Error(`the responder answered with status ${status?.content[0] ?? 'none'}`);
  const response = sequenceOf(holder && childrenOf(holder)[0])[1];
  const [data, algorithm, signature, certificates] = sequenceOf(response && readDer(response.content));
  if (!data) throw new Error('the responder answered nothing');
  const keys = [issuer, ...delegates(certificates, issuer, crypto, now)];
  if (!keys.some(({ publicKeyPem }) => isSignedBy(data, algorithm, bitsOf(signature), publicKeyPem, crypto)))
    throw new Error("the responder's signature does not fit");
  const wanted = hexOf(certificateId(certificate, certificateParts(issuer.der), crypto));
  const single = sequenceOf(childrenOf(data).find(({ tag }) => tag === TAG.sequence)).find(
    (one) => hexOf(sequenceOf(one)[0]?.whole ?? new Uint8Array(0)) === wanted,
  );
  if (!single) throw new Error('the responder answered for another certificate');
  return answerOf(single, now);
}

function answerOf(single: Der, now: number): OcspAnswer {
  const [, status, , next] = sequenceOf(single);
  const nextUpdate = next?.tag === 0xa0 ? timeOf(childrenOf(next)[0]) : undefined;
  if (nextUpdate !== undefined && nextUpdate < now) throw new Error("the responder's answer is out of date");
  const kind = (status?.tag ?? 0) & 0x1f;
  return { status: kind === 0 ? 'good' : kind === 1 ? 'revoked' : 'unknown', nextUpdate };
}

/** Certificates in the answer that the issuer itself made for signing answers (section 4.2.2.2). */
function delegates(holder: Der | undefined, issuer: CertificateInfo, crypto: HostCrypto, now: number): CertificateInfo[] {
  const list = holder?.tag === 0xa0 ? sequenceOf(childrenOf(holder)[0]) : [];
  return list.slice(0, 5).flatMap(({ whole }) => {
    const info = crypto.certificate(whole);
    const inTime = info.notBefore <= now && now <= info.notAfter;
    return inTime && certificateParts(whole).purposes.includes(OCSP_SIGNING) && crypto.isIssuedBy(info, issuer) ? [info] : [];
  });
}
