/** What a certificate says beyond the host's description: names as bytes, and the extensions that chains need (RFC 5280). */
import { childrenOf, type Der, hexOf, numberText, readDer, sequenceOf, TAG } from './der.ts';

export interface CertificateParts {
  /** Hexadecimal without leading zeros. */
  readonly serial: string;
  /** DER of the names, as hexadecimal. */
  readonly issuer: string;
  readonly subject: string;
  /** DER of the subject public key's bits: what OCSP hashes. */
  readonly publicKey: Uint8Array;
  readonly issuerName: Uint8Array;
  readonly serialBytes: Uint8Array;
  /** Whether it may issue certificates, and how many authorities may stand below it. */
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  /** Where revocation lists are. */
  readonly listUrls: readonly string[];
  /** Where OCSP answers. */
  readonly responderUrls: readonly string[];
  /** Object identifiers of the extended key usage, as hexadecimal. */
  readonly purposes: readonly string[];
}

/** Object identifiers of extensions and access methods, DER content as hexadecimal. */
const OID = {
  basicConstraints: '551d13',
  listPoints: '551d1f',
  extendedKeyUsage: '551d25',
  informationAccess: '2b06010505070101',
  ocsp: '2b06010505073001',
} as const;

/** Takes a certificate's DER apart. Throws DerError when it is none. */
export function certificateParts(der: Uint8Array): CertificateParts {
  const fields = sequenceOf(sequenceOf(readDer(der))[0]);
  // [0] version stands first in all but version 1.
  const [serial, , issuer, , subject, keyInfo, ...optional] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (!serial || !issuer || !subject) throw new Error('the certificate is not complete');
  const extensions = extensionsOf(optional.find(({ tag }) => tag === 0xa3));
  const constraints = basicConstraints(extensions.get(OID.basicConstraints));
  return {
    serial: numberText(serial.content),
    serialBytes: serial.content,
    issuer: hexOf(issuer.whole),
    issuerName: issuer.whole,
    subject: hexOf(subject.whole),
    publicKey: sequenceOf(keyInfo)[1]?.content.subarray(1) ?? new Uint8Array(0),
    ...constraints,
    listUrls: listUrls(extensions.get(OID.listPoints)),
    responderUrls: responderUrls(extensions.get(OID.informationAccess)),
    purposes: purposesOf(extensions.get(OID.extendedKeyUsage)),
  };
}

/** `[3] SEQUENCE OF SEQUENCE { oid, critical?, OCTET STRING }`, by identifier. */
export function extensionsOf(holder: Der | undefined): Map<string, { readonly critical: boolean; readonly value: Uint8Array }> {
  const found = new Map<string, { critical: boolean; value: Uint8Array }>();
  for (const extension of holder ? sequenceOf(childrenOf(holder)[0]) : []) {
    const parts = sequenceOf(extension);
    const critical = parts[1]?.tag === TAG.boolean && parts[1].content[0] !== 0;
    const value = parts.find(({ tag }) => tag === TAG.octets);
    if (parts[0] && value) found.set(hexOf(parts[0].content), { critical, value: value.content });
  }
  return found;
}

type Extension = { readonly value: Uint8Array } | undefined;

function basicConstraints(extension: Extension): Pick<CertificateParts, 'isAuthority' | 'pathLength'> {
  const parts = extension ? sequenceOf(readDer(extension.value)) : [];
  const length = parts.find(({ tag }) => tag === TAG.integer);
  return {
    isAuthority: parts[0]?.tag === TAG.boolean && parts[0].content[0] !== 0,
    pathLength: length && Number.parseInt(numberText(length.content), 16),
  };
}

/** `DistributionPoint { [0] { [0] fullName { [6] URI } } }`; only what HTTP can fetch. */
function listUrls(extension: Extension): string[] {
  const points = extension ? sequenceOf(readDer(extension.value)) : [];
  return points.flatMap((point) => {
    const name = sequenceOf(point).find(({ tag }) => tag === 0xa0);
    const full = name && childrenOf(name).find(({ tag }) => tag === 0xa0);
    return full ? urisOf(childrenOf(full)) : [];
  });
}

function responderUrls(extension: Extension): string[] {
  const entries = extension ? sequenceOf(readDer(extension.value)) : [];
  return entries.flatMap((entry) => {
    const [method, place] = sequenceOf(entry);
    return method && place && hexOf(method.content) === OID.ocsp ? urisOf([place]) : [];
  });
}

function urisOf(names: readonly Der[]): string[] {
  const texts = names.filter(({ tag }) => tag === 0x86).map(({ content }) => new TextDecoder('latin1').decode(content));
  return texts.filter((text) => /^https?:\/\//i.test(text));
}

function purposesOf(extension: Extension): string[] {
  return extension ? sequenceOf(readDer(extension.value)).map(({ content }) => hexOf(content)) : [];
}
