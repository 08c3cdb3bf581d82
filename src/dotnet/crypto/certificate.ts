/** X.509 certificates, as the host reads them. */

import { objectHash } from '../../csharp/runtime/equality.ts';
import { argumentNull, NetException, notSupported } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareEnum, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import type { Method } from '../../csharp/types/type.ts';
import type { CertificateInfo } from '../../host/host.ts';
import { required } from '../text/string-parts.ts';
import { nodeHashName } from './hash.ts';
import { type HashNameValue, OidValue, oidOf } from './names.ts';
import { bytesOfPem, type RsaValue, rsaOf } from './rsa.ts';
import { cryptographic } from './symmetric.ts';

type Bytes = Uint8Array;
type Text = string | null;
type Certificate = CertificateValue;

const NAMESPACE = 'System.Security.Cryptography.X509Certificates';
const RSA_OID = '1.2.840.113549.1.1.1';
const EC_OID = '1.2.840.10045.2.1';

/** An X509Certificate2; one made without data has none. */
export class CertificateValue implements NetObject {
  readonly #info: CertificateInfo | undefined;
  readonly privateKeyPem: string | undefined;
  friendlyName = '';
  archived = false;

  constructor(info: CertificateInfo | undefined, privateKeyPem?: string) {
    this.#info = info;
    this.privateKeyPem = privateKeyPem;
  }

  get netType(): TypeDeclaration {
    return certificate2Type;
  }

  get info(): CertificateInfo {
    if (this.#info === undefined) throw cryptographic('m_safeCertContext is an invalid handle.');
    return this.#info;
  }

  netToString(): string {
    const { subject, issuer, serialNumber, thumbprint, notBefore, notAfter } = this.info;
    const parts = [
      `[Subject]\n  ${subject}`,
      `[Issuer]\n  ${issuer}`,
      `[Serial Number]\n  ${serialNumber}`,
      `[Not Before]\n  ${dateText(notBefore)}`,
      `[Not After]\n  ${dateText(notAfter)}`,
      `[Thumbprint]\n  ${thumbprint}`,
    ];
    return `${parts.join('\n\n')}\n`;
  }

  netEquals(other: unknown): boolean {
    return other instanceof CertificateValue && other.info.thumbprint === this.info.thumbprint;
  }

  netHashCode(): number {
    return objectHash(this.info.thumbprint);
  }
}

function dateText(milliseconds: number): string {
  const [year, month, day, time] = new Date(milliseconds).toISOString().split(/[-T.]/);
  return `${month}/${day}/${year} ${time}`;
}

function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A certificate as DER or PEM, or a PKCS#12 file, which the password is for. */
function read(runtime: Runtime, data: Bytes | null, password: Text = null): CertificateValue {
  if (data === null || data.length === 0)
    throw new NetException('System.ArgumentException', "Array cannot be empty or null. (Parameter 'rawData')");
  const plain = attempt(() => runtime.host.crypto.certificate(data));
  return plain ? new CertificateValue(plain, knownPrivateKey(runtime, data)) : readPfx(runtime, data, password);
}

/** Deriving the keys of a file takes as long as many steps do. */
const PFX_STEPS = 50_000;

function readPfx(runtime: Runtime, data: Bytes, password: Text): CertificateValue {
  const { crypto } = runtime.host;
  runtime.budget.step(PFX_STEPS);
  const opened = attempt(() => crypto.pfx?.(data, password ?? ''));
  if (opened === 'wrong password') throw cryptographic('The specified network password is not correct.');
  const [own] = opened?.certificates ?? [];
  const info = own === undefined ? undefined : attempt(() => crypto.certificate(new TextEncoder().encode(own)));
  if (info === undefined) throw cryptographic('Cannot find the requested object.');
  return new CertificateValue(info, opened?.key);
}

/** What the host makes of data; undefined for data that it cannot use. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The key of a certificate that the gateway holds itself, found by thumbprint. */
function knownPrivateKey(runtime: Runtime, data: Bytes): string | undefined {
  const thumbprint = hex(runtime.host.crypto.hash('sha1', data));
  return runtime.host.certificates.find(thumbprint)?.privateKeyPem;
}

/** A UTC moment as a DateTime of local kind, which the gateway's own zone (UTC) makes the same. */
function dateTime(runtime: Runtime, milliseconds: number): unknown {
  const parse = runtime.types
    .definition('System.DateTime')
    ?.membersNamed('Parse')
    .find((member): member is Method => member.kind === 'method' && member.parameters.length === 1);
  if (parse === undefined) throw new Error('System.DateTime.Parse(string) is not declared');
  const text = new Date(milliseconds).toISOString();
  const { implementation } = parse;
  return typeof implementation === 'function' ? implementation(text as never) : implementation.call(runtime, [], text as never);
}

/** The common name, or what stands for it. */
function nameInfo({ info }: Certificate, nameType: number, forIssuer: boolean): string {
  const name = forIssuer ? info.issuer : info.subject;
  const part = (key: string) => new RegExp(`(?:^|, ?|\\n)${key}=("[^"]*"|[^,\\n]*)`).exec(name)?.[1]?.replace(/^"|"$/g, '');
  if (nameType === 1) return part('E') ?? part('emailAddress') ?? '';
  if (nameType === 3 || nameType === 4)
    return (forIssuer ? undefined : info.dnsNames[0]) ?? (nameType === 3 ? part('CN') : undefined) ?? '';
  if (nameType !== 0) return '';
  return part('CN') ?? part('OU') ?? part('O') ?? part('E') ?? '';
}

function matchesHost({ info }: Certificate, host: Text, allowWildcards: boolean, allowCommonName: boolean): boolean {
  const wanted = required(host, 'hostname').toLowerCase();
  const common = /CN=([^,]+)/.exec(info.subject)?.[1];
  const names = info.dnsNames.length > 0 || !allowCommonName ? info.dnsNames : common === undefined ? [] : [common];
  return names.some((name) => sameHost(name.toLowerCase(), wanted, allowWildcards));
}

function sameHost(pattern: string, host: string, allowWildcards: boolean): boolean {
  if (!allowWildcards || !pattern.startsWith('*.')) return pattern === host;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === pattern.slice(1);
}

/**
 * Whether now lies in the certificate's time, and a chain leads from it to an authority that the gateway trusts. Revocation
 * is not asked for: that waits for answers, and expressions do not wait.
 */
export function isValidCertificate({ host }: Runtime, { info }: CertificateValue): boolean {
  const now = host.now();
  if (now < info.notBefore || now > info.notAfter) return false;
  return host.certificates.isTrusted?.(info, now) ?? host.certificates.find(info.thumbprint) !== undefined;
}

class PublicKeyValue implements NetObject {
  readonly certificate: Certificate;
  constructor(certificate: Certificate) {
    this.certificate = certificate;
  }
  get netType(): TypeDeclaration {
    return publicKeyType;
  }
}

class DistinguishedNameValue implements NetObject {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  get netType(): TypeDeclaration {
    return distinguishedNameType;
  }
}

function publicRsa({ info }: Certificate): RsaValue | null {
  return info.keyType === 'rsa' ? rsaOf(info.publicKeyPem) : null;
}

function privateRsa(certificate: Certificate): RsaValue | null {
  const { privateKeyPem } = certificate;
  return certificate.info.keyType === 'rsa' && privateKeyPem !== undefined ? rsaOf(privateKeyPem) : null;
}

function certificateOf(certificate: Certificate | null): Certificate {
  if (certificate === null) throw argumentNull('certificate');
  return certificate;
}

function withPrivateKey(runtime: Runtime, certificate: Certificate | null, key: RsaValue | null): CertificateValue {
  return new CertificateValue(certificateOf(certificate).info, required(key, 'privateKey').key(runtime));
}

function pem(bytes: Bytes): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `-----BEGIN CERTIFICATE-----\n${(btoa(binary).match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----`;
}

function keyOid({ info }: Certificate): string {
  return info.keyType === 'rsa' ? RSA_OID : EC_OID;
}

function exported(certificate: Certificate, type: number): Bytes {
  if (type !== 1) throw cryptographic('Invalid content type.');
  return certificate.info.der.slice();
}

/** Certificates cannot be changed on .NET Core. */
function refuseImport(): never {
  throw new NetException(
    'System.PlatformNotSupportedException',
    'X509Certificate is immutable on this platform. Use the equivalent constructor instead.',
  );
}

/** What an expression finds of the gateway's file system: nothing. */
function noFile(): never {
  throw cryptographic('The system cannot find the file specified.');
}

const importing = (name: string): MemberTable => ({
  [`${name}(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)`]: special(
    (runtime, _types, data: Bytes | null, password: Text) => read(runtime, data, password),
  ),
  [`${name}(string fileName)`]: noFile,
  [`${name}(string fileName, string password)`]: noFile,
  [`${name}(string fileName, string password, X509KeyStorageFlags keyStorageFlags)`]: noFile,
  'void Import(byte[] rawData)': refuseImport,
  'void Import(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)': refuseImport,
  'void Import(string fileName)': refuseImport,
  'void Import(string fileName, string password, X509KeyStorageFlags keyStorageFlags)': refuseImport,
});

/** The parameters of an RSA key are a DER null; those of other keys name their curve and are not read. */
function keyParameters({ info }: Certificate): Bytes {
  if (info.keyType !== 'rsa') throw notSupported('The parameters of keys other than RSA cannot be read here.');
  return Uint8Array.from([5, 0]);
}

const constructors = (name: string, parameter: string) => ({
  [`${name}()`]: () => new CertificateValue(undefined),
  [`${name}(byte[] ${parameter})`]: special((runtime, _types, data: Bytes | null) => read(runtime, data)),
  [`${name}(byte[] rawData, string password)`]: special((runtime, _types, data: Bytes | null, password: Text) =>
    read(runtime, data, password),
  ),
});

const certificateType: TypeDeclaration = declareType(`class ${NAMESPACE}.X509Certificate : System.IDisposable`, 'all', {
  ...constructors('X509Certificate', 'data'),
  ...importing('X509Certificate'),
  'static X509Certificate CreateFromCertFile(string filename)': noFile,
  'static X509Certificate CreateFromSignedFile(string filename)': noFile,
  'byte[] GetKeyAlgorithmParameters()': keyParameters,
  'string GetKeyAlgorithmParametersString()': (certificate: Certificate) => hex(keyParameters(certificate)),
  'X509Certificate(X509Certificate cert)': (other: Certificate | null) =>
    new CertificateValue(required(other, 'cert').info, other?.privateKeyPem),
  'void Dispose()': () => undefined,
  'void Reset()': () => undefined,
  'bool Equals(object obj)': (certificate: Certificate, other: unknown) => certificate.netEquals(other),
  'bool Equals(X509Certificate other)': (certificate: Certificate, other: unknown) => certificate.netEquals(other),
  'int GetHashCode()': (certificate: Certificate) => certificate.netHashCode(),
  'byte[] Export(X509ContentType contentType)': exported,
  'byte[] Export(X509ContentType contentType, string password)': exported,
  'byte[] GetCertHash()': ({ info }: Certificate) => fromHex(info.thumbprint),
  'byte[] GetCertHash(HashAlgorithmName hashAlgorithm)': special((runtime, _types, { info }: Certificate, hash: HashNameValue) =>
    runtime.host.crypto.hash(nodeHashName(hash.name), info.der),
  ),
  'string GetCertHashString()': ({ info }: Certificate) => info.thumbprint,
  'string GetCertHashString(HashAlgorithmName hashAlgorithm)': special((runtime, _types, { info }: Certificate, hash: HashNameValue) =>
    hex(runtime.host.crypto.hash(nodeHashName(hash.name), info.der)),
  ),
  'string GetEffectiveDateString()': ({ info }: Certificate) => dateText(info.notBefore),
  'string GetExpirationDateString()': ({ info }: Certificate) => dateText(info.notAfter),
  'string GetFormat()': () => 'X509',
  'string GetIssuerName()': ({ info }: Certificate) => info.issuer,
  'string GetName()': ({ info }: Certificate) => info.subject,
  'string GetKeyAlgorithm()': keyOid,
  'byte[] GetPublicKey()': ({ info }: Certificate) => bytesOfPem(info.publicKeyPem),
  'string GetPublicKeyString()': ({ info }: Certificate) => hex(bytesOfPem(info.publicKeyPem)),
  'byte[] GetRawCertData()': ({ info }: Certificate) => info.der.slice(),
  'string GetRawCertDataString()': ({ info }: Certificate) => hex(info.der),
  'byte[] GetSerialNumber()': ({ info }: Certificate) => fromHex(info.serialNumber).reverse(),
  'string GetSerialNumberString()': ({ info }: Certificate) => info.serialNumber,
  'string Issuer { get; }': ({ info }: Certificate) => info.issuer,
  'string Subject { get; }': ({ info }: Certificate) => info.subject,
  'string ToString()': (certificate: Certificate) => certificate.netToString(),
  'string ToString(bool fVerbose)': (certificate: Certificate) => certificate.netToString(),
});

const certificate2Type: TypeDeclaration = declareType(`class ${NAMESPACE}.X509Certificate2 : X509Certificate`, 'all', {
  ...constructors('X509Certificate2', 'rawData'),
  ...importing('X509Certificate2'),
  'static X509Certificate2 CreateFromPemFile(string certPemFilePath, string keyPemFilePath = null)': noFile,
  'static X509ContentType GetCertContentType(string fileName)': noFile,
  'X509Certificate2(X509Certificate certificate)': (other: Certificate | null) =>
    new CertificateValue(certificateOf(other).info, other?.privateKeyPem),
  'bool Archived { get; set; }': {
    get: (certificate: Certificate) => certificate.archived,
    set: (certificate: Certificate, value: boolean) => {
      certificate.archived = value;
    },
  },
  'string FriendlyName { get; set; }': {
    get: (certificate: Certificate) => certificate.friendlyName,
    set: (certificate: Certificate, value: Text) => {
      certificate.friendlyName = value ?? '';
    },
  },
  'string ExportCertificatePem()': ({ info }: Certificate) => pem(info.der),
  'static X509ContentType GetCertContentType(byte[] rawData)': special((runtime, _types, data: Bytes | null) => {
    read(runtime, data);
    return 1;
  }),
  'string GetNameInfo(X509NameType nameType, bool forIssuer)': nameInfo,
  'bool HasPrivateKey { get; }': (certificate: Certificate) => certificate.privateKeyPem !== undefined,
  'X500DistinguishedName IssuerName { get; }': ({ info }: Certificate) => new DistinguishedNameValue(info.issuer),
  'X500DistinguishedName SubjectName { get; }': ({ info }: Certificate) => new DistinguishedNameValue(info.subject),
  'bool MatchesHostname(string hostname, bool allowWildcards = true, bool allowCommonName = true)': matchesHost,
  'DateTime NotAfter { get; }': special((runtime, _types, { info }: Certificate) => dateTime(runtime, info.notAfter)),
  'DateTime NotBefore { get; }': special((runtime, _types, { info }: Certificate) => dateTime(runtime, info.notBefore)),
  'System.Security.Cryptography.AsymmetricAlgorithm PrivateKey { get; set; }': {
    get: privateRsa,
    set: () => {
      throw new NetException(
        'System.PlatformNotSupportedException',
        'Setting the private key of a certificate is not supported on this platform: use CopyWithPrivateKey.',
      );
    },
  },
  'PublicKey PublicKey { get; }': (certificate: Certificate) => new PublicKeyValue(certificate),
  'byte[] RawData { get; }': ({ info }: Certificate) => info.der.slice(),
  'string SerialNumber { get; }': ({ info }: Certificate) => info.serialNumber,
  'System.Security.Cryptography.Oid SignatureAlgorithm { get; }': ({ info }: Certificate) => oidOf(info.signatureAlgorithm),
  'string Thumbprint { get; }': ({ info }: Certificate) => info.thumbprint,
  'bool Verify()': special((runtime, _types, certificate: CertificateValue) => isValidCertificate(runtime, certificate)),
  'int Version { get; }': ({ info }: Certificate) => info.version,
});

const publicKeyType: TypeDeclaration = declareType(`class ${NAMESPACE}.PublicKey`, 'all', {
  'byte[] ExportSubjectPublicKeyInfo()': ({ certificate }: PublicKeyValue) => bytesOfPem(certificate.info.publicKeyPem),
  'System.Security.Cryptography.RSA GetRSAPublicKey()': ({ certificate }: PublicKeyValue) => publicRsa(certificate),
  'System.Security.Cryptography.AsymmetricAlgorithm Key { get; }': ({ certificate }: PublicKeyValue) => publicRsa(certificate),
  'System.Security.Cryptography.Oid Oid { get; }': ({ certificate }: PublicKeyValue) => new OidValue(keyOid(certificate)),
});

const distinguishedNameType: TypeDeclaration = declareType(`class ${NAMESPACE}.X500DistinguishedName`, ['Name'], {
  'string Name { get; }': (name: DistinguishedNameValue) => name.name,
});

/** Certificates and what they hold. */
export const certificateTypes: readonly TypeDeclaration[] = [
  certificateType,
  certificate2Type,
  publicKeyType,
  distinguishedNameType,
  declareType(`static class ${NAMESPACE}.RSACertificateExtensions`, 'all', {
    'static System.Security.Cryptography.RSA GetRSAPublicKey(this X509Certificate2 certificate)': (certificate: Certificate | null) =>
      publicRsa(certificateOf(certificate)),
    'static System.Security.Cryptography.RSA GetRSAPrivateKey(this X509Certificate2 certificate)': (certificate: Certificate | null) =>
      privateRsa(certificateOf(certificate)),
    'static X509Certificate2 CopyWithPrivateKey(this X509Certificate2 certificate, System.Security.Cryptography.RSA privateKey)': special(
      (runtime, _types, certificate: Certificate | null, key: RsaValue | null) => withPrivateKey(runtime, certificate, key),
    ),
  }),
  declareEnum(
    `${NAMESPACE}.X509KeyStorageFlags`,
    'implied',
    { DefaultKeySet: 0, UserKeySet: 1, MachineKeySet: 2, Exportable: 4, UserProtected: 8, PersistKeySet: 16, EphemeralKeySet: 32 },
    { flags: true },
  ),
  declareEnum(`${NAMESPACE}.X509ContentType`, 'all', {
    Unknown: 0,
    Cert: 1,
    SerializedCert: 2,
    Pfx: 3,
    Pkcs12: 3,
    SerializedStore: 4,
    Pkcs7: 5,
    Authenticode: 6,
  }),
  declareEnum(`${NAMESPACE}.X509NameType`, 'all', {
    SimpleName: 0,
    EmailName: 1,
    UpnName: 2,
    DnsName: 3,
    DnsFromAlternativeName: 4,
    UrlName: 5,
  }),
];
