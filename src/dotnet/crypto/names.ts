/** Small types that name algorithms: HashAlgorithmName, paddings, modes, Oid. */
import { objectHash } from '../../csharp/runtime/equality.ts';
import { argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { NetObject, Ref } from '../../csharp/runtime/values.ts';
import { declareEnum, declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';

type Text = string | null;

/** A System.Security.Cryptography.HashAlgorithmName. */
export class HashNameValue implements NetObject {
  readonly name: Text;

  constructor(name: Text) {
    this.name = name;
  }

  get netType(): TypeDeclaration {
    return hashAlgorithmNameType;
  }

  netToString(): string {
    return this.name ?? '';
  }

  netEquals(other: unknown): boolean {
    return other instanceof HashNameValue && other.name === this.name;
  }

  netHashCode(): number {
    return objectHash(this.name);
  }
}

const OIDS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
};

function fromOid(oid: Text): HashNameValue {
  if (oid === null) throw argumentNull('oidValue');
  const name = OIDS[oid];
  if (name === undefined) {
    throw new NetException('System.Security.Cryptography.CryptographicException', `The hash algorithm OID '${oid}' is not known.`);
  }
  return new HashNameValue(name);
}

function tryFromOid(oid: Text, result: Ref<HashNameValue>): boolean {
  result.value = new HashNameValue(OIDS[oid ?? ''] ?? null);
  return result.value.name !== null;
}

const NAMESPACE = 'System.Security.Cryptography';

const WELL_KNOWN = ['MD5', 'SHA1', 'SHA256', 'SHA384', 'SHA512', 'SHA3_256', 'SHA3_384', 'SHA3_512'];

const hashAlgorithmNameType: TypeDeclaration = declareType(`struct ${NAMESPACE}.HashAlgorithmName : IEquatable<HashAlgorithmName>`, 'all', {
  'HashAlgorithmName(string name)': (name: Text) => new HashNameValue(name),
  ...Object.fromEntries(
    WELL_KNOWN.map((name) => [`static HashAlgorithmName ${name} { get; }`, () => new HashNameValue(name.replace('_', '-'))]),
  ),
  'string Name { get; }': (value: HashNameValue) => value.name,
  'bool Equals(object obj)': (value: HashNameValue, other: unknown) => value.netEquals(other),
  'bool Equals(HashAlgorithmName other)': (value: HashNameValue, other: HashNameValue) => value.netEquals(other),
  'int GetHashCode()': (value: HashNameValue) => value.netHashCode(),
  'string ToString()': (value: HashNameValue) => value.netToString(),
  'static HashAlgorithmName FromOid(string oidValue)': fromOid,
  'static bool TryFromOid(string oidValue, out HashAlgorithmName value)': tryFromOid,
  'static bool operator ==(HashAlgorithmName left, HashAlgorithmName right)': (a: HashNameValue, b: HashNameValue) => a.netEquals(b),
  'static bool operator !=(HashAlgorithmName left, HashAlgorithmName right)': (a: HashNameValue, b: HashNameValue) => !a.netEquals(b),
});

/** RSASignaturePadding and RSAEncryptionPadding: a mode, and the hash of OAEP. */
export class PaddingValue implements NetObject {
  readonly mode: number;
  readonly hash: HashNameValue;
  readonly isSignature: boolean;

  constructor(isSignature: boolean, mode: number, hash: Text = null) {
    this.isSignature = isSignature;
    this.mode = mode;
    this.hash = new HashNameValue(hash);
  }

  get netType(): TypeDeclaration {
    return this.isSignature ? signaturePaddingType : encryptionPaddingType;
  }

  netToString(): string {
    if (this.isSignature) return this.mode === 0 ? 'Pkcs1' : 'Pss';
    return this.mode === 0 ? 'Pkcs1' : `Oaep${this.hash.netToString()}`;
  }

  netEquals(other: unknown): boolean {
    return (
      other instanceof PaddingValue && other.isSignature === this.isSignature && other.mode === this.mode && other.hash.netEquals(this.hash)
    );
  }

  netHashCode(): number {
    return objectHash(this.netToString());
  }
}

function same(a: PaddingValue | null, b: PaddingValue | null): boolean {
  return a === null || b === null ? a === b : a.netEquals(b);
}

const paddingMembers = (name: string) => ({
  'bool Equals(object obj)': (padding: PaddingValue, other: unknown) => padding.netEquals(other),
  [`bool Equals(${name} other)`]: (padding: PaddingValue, other: PaddingValue | null) => padding.netEquals(other),
  'int GetHashCode()': (padding: PaddingValue) => padding.netHashCode(),
  'string ToString()': (padding: PaddingValue) => padding.netToString(),
  [`${name}Mode Mode { get; }`]: (padding: PaddingValue) => padding.mode,
  [`static bool operator ==(${name} left, ${name} right)`]: same,
  [`static bool operator !=(${name} left, ${name} right)`]: (a: PaddingValue | null, b: PaddingValue | null) => !same(a, b),
});

const signaturePaddingType: TypeDeclaration = declareType(
  `class ${NAMESPACE}.RSASignaturePadding : IEquatable<RSASignaturePadding>`,
  'all',
  {
    ...paddingMembers('RSASignaturePadding'),
    'static RSASignaturePadding Pkcs1 { get; }': () => new PaddingValue(true, 0),
    'static RSASignaturePadding Pss { get; }': () => new PaddingValue(true, 1),
  },
);

const encryptionPaddingType: TypeDeclaration = declareType(
  `class ${NAMESPACE}.RSAEncryptionPadding : IEquatable<RSAEncryptionPadding>`,
  'all',
  {
    ...paddingMembers('RSAEncryptionPadding'),
    'static RSAEncryptionPadding Pkcs1 { get; }': () => new PaddingValue(false, 0),
    ...Object.fromEntries(
      WELL_KNOWN.slice(1).map((name) => [
        `static RSAEncryptionPadding Oaep${name} { get; }`,
        () => new PaddingValue(false, 1, name.replace('_', '-')),
      ]),
    ),
    'static RSAEncryptionPadding CreateOaep(HashAlgorithmName hashAlgorithm)': (name: HashNameValue) =>
      new PaddingValue(false, 1, name.name),
    'HashAlgorithmName OaepHashAlgorithm { get; }': (padding: PaddingValue) => padding.hash,
  },
);

/** A System.Security.Cryptography.Oid. */
export class OidValue implements NetObject {
  value: Text;
  friendlyName: Text;

  constructor(value: Text, friendlyName: Text = null) {
    this.value = value;
    this.friendlyName = friendlyName ?? FRIENDLY_NAMES[value ?? ''] ?? null;
  }

  get netType(): TypeDeclaration {
    return oidType;
  }
}

const FRIENDLY_NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10045.2.1': 'ECC',
  '1.2.840.113549.1.1.5': 'sha1RSA',
  '1.2.840.113549.1.1.11': 'sha256RSA',
  '1.2.840.113549.1.1.12': 'sha384RSA',
  '1.2.840.113549.1.1.13': 'sha512RSA',
  '1.2.840.10045.4.3.2': 'sha256ECDSA',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.2.5': 'md5',
};

/** The Oid of a name, or of a number given as one. */
export function oidOf(text: Text): OidValue {
  const byName = Object.entries(FRIENDLY_NAMES).find(([, name]) => name.toLowerCase() === text?.toLowerCase());
  return byName === undefined ? new OidValue(text) : new OidValue(byName[0], byName[1]);
}

const oidType: TypeDeclaration = declareType(`class ${NAMESPACE}.Oid`, 'all', {
  'Oid()': () => new OidValue(null),
  'Oid(string oid)': oidOf,
  'Oid(string value, string friendlyName)': (value: Text, name: Text) => new OidValue(value, name),
  'Oid(Oid oid)': (oid: OidValue | null) => {
    if (oid === null) throw argumentNull('oid');
    return new OidValue(oid.value, oid.friendlyName);
  },
  'string Value { get; set; }': {
    get: (oid: OidValue) => oid.value,
    set: (oid: OidValue, value: Text) => {
      oid.value = value;
    },
  },
  'string FriendlyName { get; set; }': {
    get: (oid: OidValue) => oid.friendlyName,
    set: (oid: OidValue, value: Text) => {
      oid.friendlyName = value;
    },
  },
});

/** Names of algorithms, modes and paddings. */
export const nameTypes: readonly TypeDeclaration[] = [
  hashAlgorithmNameType,
  signaturePaddingType,
  encryptionPaddingType,
  oidType,
  declareEnum(`${NAMESPACE}.RSASignaturePaddingMode`, 'implied', { Pkcs1: 0, Pss: 1 }),
  declareEnum(`${NAMESPACE}.RSAEncryptionPaddingMode`, 'implied', { Pkcs1: 0, Oaep: 1 }),
  declareEnum(`${NAMESPACE}.CipherMode`, 'all', { CBC: 1, ECB: 2, OFB: 3, CFB: 4, CTS: 5 }),
  declareEnum(`${NAMESPACE}.PaddingMode`, 'all', { None: 1, PKCS7: 2, Zeros: 3, ANSIX923: 4, ISO10126: 5 }),
];
