/** RSA keys: importing, exporting, signing, encrypting. The host does the arithmetic; keys are PEM texts. */
import { argumentNull, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { base64, base64Url } from '../../host/base64.ts';
import { concatenated } from '../../host/bytes.ts';
import { required } from '../text/string-parts.ts';
import { nodeHashName, partOf } from './hash.ts';
import type { HashNameValue, PaddingValue } from './names.ts';
import { numberOf, type RawKey, signHash, verifyHash } from './rsa-hash.ts';
import { cryptographic, keySizes } from './symmetric.ts';

type Bytes = Uint8Array;
type Text = string | null;
type Jwk = Readonly<Record<string, string>>;

const NAMESPACE = 'System.Security.Cryptography';
const DEFAULT_BITS = 2048;

/** RSAParameters' fields and the JWK members they correspond to (RFC 7518, 6.3). */
const PARAMETERS = { Modulus: 'n', Exponent: 'e', D: 'd', P: 'p', Q: 'q', DP: 'dp', DQ: 'dq', InverseQ: 'qi' } as const;
type ParameterName = keyof typeof PARAMETERS;
const PUBLIC: readonly ParameterName[] = ['Modulus', 'Exponent'];
const XML_ORDER: readonly ParameterName[] = ['Modulus', 'Exponent', 'P', 'Q', 'DP', 'DQ', 'InverseQ', 'D'];
const NAMES = Object.keys(PARAMETERS) as ParameterName[];

/** An RSAParameters struct; a field is null when the part is not known. */
class RsaParametersValue implements NetObject {
  readonly fields: Partial<Record<ParameterName, Bytes | null>> = {};

  get netType(): TypeDeclaration {
    return parametersType;
  }
}

/** An RSA key; one that was only created is generated when it is first needed. */
export class RsaValue implements NetObject {
  bits = DEFAULT_BITS;
  #pem: string | undefined;

  get netType(): TypeDeclaration {
    return rsaType;
  }

  key(runtime: Runtime): string {
    this.#pem ??= runtime.host.crypto.generateRsa(this.bits);
    return this.#pem;
  }

  setKey(pem: string): void {
    this.#pem = pem;
  }

  /** The key's numbers, base64url. */
  jwk(runtime: Runtime, includePrivate: boolean): Jwk {
    const key = this.key(runtime);
    if (includePrivate && key.includes('PUBLIC KEY')) throw cryptographic('Key not valid for use in specified state.');
    return runtime.host.crypto.rsaToJwk(key, includePrivate);
  }

  size(runtime: Runtime): number {
    return this.#pem === undefined ? this.bits : fromBase64(this.jwk(runtime, false).n ?? '').length * 8;
  }
}

/** An RSA object over a PEM text or DER bytes. */
export function rsaOf(pem: string): RsaValue {
  const rsa = new RsaValue();
  rsa.setKey(pem);
  return rsa;
}

function fromBase64(text: string): Bytes {
  const binary = atob(text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function importJwk(runtime: Runtime, rsa: RsaValue, jwk: Jwk): void {
  if (jwk.n === undefined || jwk.e === undefined) throw cryptographic('The specified RSA parameters are not valid.');
  rsa.setKey(guarded(() => runtime.host.crypto.rsaFromJwk({ kty: 'RSA', ...jwk })));
}

/** Runs host cryptography; what it refuses is a CryptographicException. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NetException) throw error;
    throw cryptographic(error instanceof Error ? error.message : 'Error occurred during a cryptographic operation.');
  }
}

function importParameters(runtime: Runtime, rsa: RsaValue, parameters: RsaParametersValue): void {
  const known = NAMES.filter((name) => parameters.fields[name]);
  importJwk(
    runtime,
    rsa,
    Object.fromEntries(known.map((name) => [PARAMETERS[name], base64Url(parameters.fields[name] ?? new Uint8Array())])),
  );
}

function exportParameters(runtime: Runtime, rsa: RsaValue, includePrivate: boolean): RsaParametersValue {
  const jwk = rsa.jwk(runtime, includePrivate);
  const parameters = new RsaParametersValue();
  for (const name of includePrivate ? NAMES : PUBLIC) {
    const text = jwk[PARAMETERS[name]];
    parameters.fields[name] = text === undefined ? null : fromBase64(text);
  }
  return parameters;
}

function fromXml(runtime: Runtime, rsa: RsaValue, xml: Text): void {
  const text = required(xml, 'xmlString');
  const read = (name: string) => new RegExp(`<${name}>([A-Za-z0-9+/=\\s]*)</${name}>`).exec(text)?.[1];
  if (!/<RSAKeyValue>/.test(text) || read('Modulus') === undefined) {
    throw cryptographic("Input string does not contain a valid encoding of the 'RSA' 'Modulus' parameter.");
  }
  const known = NAMES.filter((name) => read(name) !== undefined);
  importJwk(runtime, rsa, Object.fromEntries(known.map((name) => [PARAMETERS[name], base64Url(fromBase64(read(name) ?? ''))])));
}

function toXml(runtime: Runtime, rsa: RsaValue, includePrivate: boolean): string {
  const jwk = rsa.jwk(runtime, includePrivate);
  const names = includePrivate ? XML_ORDER : PUBLIC;
  const parts = names.map((name) => `<${name}>${base64(fromBase64(jwk[PARAMETERS[name]] ?? ''))}</${name}>`);
  return `<RSAKeyValue>${parts.join('')}</RSAKeyValue>`;
}

function signaturePadding(padding: PaddingValue | null): 'pkcs1' | 'pss' {
  return required(padding, 'padding').mode === 0 ? 'pkcs1' : 'pss';
}

function sign(runtime: Runtime, rsa: RsaValue, data: Bytes, hash: HashNameValue, padding: PaddingValue | null): Bytes {
  const algorithm = nodeHashName(hash.name);
  const scheme = signaturePadding(padding);
  return guarded(() => runtime.host.crypto.sign(algorithm, rsa.key(runtime), data, scheme));
}

function verify(
  runtime: Runtime,
  rsa: RsaValue,
  data: Bytes,
  signature: Bytes | null,
  hash: HashNameValue,
  padding: PaddingValue | null,
): boolean {
  const given = required(signature, 'signature');
  const algorithm = nodeHashName(hash.name);
  const scheme = signaturePadding(padding);
  return guarded(() => runtime.host.crypto.verify(algorithm, rsa.key(runtime), data, given, scheme));
}

function rawKey(runtime: Runtime, rsa: RsaValue, isPrivate: boolean): RawKey {
  const jwk = rsa.jwk(runtime, isPrivate);
  const part = (name: 'n' | 'e' | 'd') => numberOf(fromBase64(jwk[name] ?? ''));
  return { modulus: part('n'), exponent: part(isPrivate ? 'd' : 'e') };
}

/** Obsolete since RSA has padding to choose: .NET refuses it for every key. */
function refuseRaw(): never {
  throw new NetException('System.NotSupportedException', 'Method is not supported.');
}

function crypt(runtime: Runtime, rsa: RsaValue, direction: 'encrypt' | 'decrypt', data: Bytes | null, padding: PaddingValue | null): Bytes {
  const input = required(data, 'data');
  const scheme = required(padding, 'padding');
  if (scheme.mode === 0) return guarded(() => runtime.host.crypto.rsa(direction, rsa.key(runtime), input, 'pkcs1'));
  const hash = nodeHashName(scheme.hash.name);
  return guarded(() => runtime.host.crypto.rsa(direction, rsa.key(runtime), input, 'oaep', hash));
}

function pemBody(pem: string): Bytes {
  return fromBase64(pem.replace(/-----[^-]+-----/g, ''));
}

function importPem(rsa: RsaValue, text: Text): void {
  const pem = required(text, 'input');
  const found = /-----BEGIN ((?:RSA )?(?:PUBLIC|PRIVATE) KEY)-----[A-Za-z0-9+/=\s]+-----END \1-----/.exec(pem)?.[0];
  if (found === undefined)
    throw new NetException(
      'System.ArgumentException',
      "No supported key formats were found. Ensure the input represents the contents of a PEM-encoded key file, not the path to such a file. (Parameter 'input')",
    );
  rsa.setKey(found);
}

/** A DER element of a tag around content (X.690). */
function der(tag: number, content: Bytes): Bytes {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return concatenated([Uint8Array.from([tag, ...size]), content]);
}

function integer(base64Url: string | undefined): Bytes {
  const bytes = fromBase64(base64Url ?? '');
  return der(2, (bytes[0] ?? 0) >= 128 ? concatenated([new Uint8Array(1), bytes]) : bytes);
}

/** RSAPublicKey and RSAPrivateKey (RFC 8017, appendix A.1). */
function pkcs1(jwk: Jwk, isPrivate: boolean): Bytes {
  if (!isPrivate) return der(0x30, concatenated([integer(jwk.n), integer(jwk.e)]));
  const numbers = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map(integer);
  return der(0x30, concatenated([Uint8Array.from([2, 1, 0]), ...numbers]));
}

const RSA_ENCRYPTION = Uint8Array.from([0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]);

function subjectPublicKey(jwk: Jwk): Bytes {
  return der(0x30, concatenated([RSA_ENCRYPTION, der(3, concatenated([new Uint8Array(1), pkcs1(jwk, false)]))]));
}

function pkcs8(jwk: Jwk): Bytes {
  return der(0x30, concatenated([Uint8Array.from([2, 1, 0]), RSA_ENCRYPTION, der(4, pkcs1(jwk, true))]));
}

function pemOf(label: string, bytes: Bytes): string {
  const lines = base64(bytes).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----`;
}

function created(bits: number): RsaValue {
  const rsa = new RsaValue();
  setSize(rsa, bits);
  return rsa;
}

function setSize(rsa: RsaValue, bits: number): void {
  if (bits < 512 || bits > 16384 || bits % 8 !== 0) throw cryptographic('Specified key is not a valid size for this algorithm.');
  rsa.bits = bits;
}

function field(name: ParameterName) {
  return {
    get: (parameters: RsaParametersValue) => parameters.fields[name] ?? null,
    set: (parameters: RsaParametersValue, value: Bytes | null) => {
      parameters.fields[name] = value;
    },
  };
}

const parametersType: TypeDeclaration = declareType(`struct ${NAMESPACE}.RSAParameters`, 'implied', {
  'RSAParameters()': () => new RsaParametersValue(),
  ...Object.fromEntries(NAMES.map((name) => [`byte[] ${name} { get; set; }`, field(name)])),
});

const asymmetricType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.AsymmetricAlgorithm : System.IDisposable`, 'all', {
  'static AsymmetricAlgorithm Create()': () => new RsaValue(),
  'static AsymmetricAlgorithm Create(string algName)': (name: Text) => (/rsa/i.test(required(name, 'algName')) ? new RsaValue() : null),
  'void Clear()': () => undefined,
  'void Dispose()': () => undefined,
  'byte[] ExportPkcs8PrivateKey()': special((runtime, _types, rsa: RsaValue) => pkcs8(rsa.jwk(runtime, true))),
  'string ExportPkcs8PrivateKeyPem()': special((runtime, _types, rsa: RsaValue) => pemOf('PRIVATE KEY', pkcs8(rsa.jwk(runtime, true)))),
  'byte[] ExportSubjectPublicKeyInfo()': special((runtime, _types, rsa: RsaValue) => subjectPublicKey(rsa.jwk(runtime, false))),
  'string ExportSubjectPublicKeyInfoPem()': special((runtime, _types, rsa: RsaValue) =>
    pemOf('PUBLIC KEY', subjectPublicKey(rsa.jwk(runtime, false))),
  ),
  'void FromXmlString(string xmlString)': special((runtime, _types, rsa: RsaValue, xml: Text) => fromXml(runtime, rsa, xml)),
  'string ToXmlString(bool includePrivateParameters)': special((runtime, _types, rsa: RsaValue, includePrivate: boolean) =>
    toXml(runtime, rsa, includePrivate),
  ),
  'string KeyExchangeAlgorithm { get; }': () => 'RSA',
  'string SignatureAlgorithm { get; }': () => 'RSA',
  'int KeySize { get; set; }': { get: special((runtime, _types, rsa: RsaValue) => rsa.size(runtime)), set: setSize },
  'KeySizes[] LegalKeySizes { get; }': special((runtime) => keySizes(runtime, 512, 16384, 8)),
});

const rsaType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.RSA : AsymmetricAlgorithm`, 'all', {
  'static RSA Create()': () => new RsaValue(),
  'static RSA Create(string algName)': (name: Text) => (/rsa/i.test(required(name, 'algName')) ? new RsaValue() : null),
  'static RSA Create(int keySizeInBits)': created,
  'static RSA Create(RSAParameters parameters)': special((runtime, _types, parameters: RsaParametersValue) => {
    const rsa = new RsaValue();
    importParameters(runtime, rsa, parameters);
    return rsa;
  }),
  'void ImportParameters(RSAParameters parameters)': special((runtime, _types, rsa: RsaValue, parameters: RsaParametersValue) =>
    importParameters(runtime, rsa, parameters),
  ),
  'RSAParameters ExportParameters(bool includePrivateParameters)': special((runtime, _types, rsa: RsaValue, includePrivate: boolean) =>
    exportParameters(runtime, rsa, includePrivate),
  ),
  'void ImportFromPem(string input)': importPem,
  'byte[] Encrypt(byte[] data, RSAEncryptionPadding padding)': special(
    (runtime, _types, rsa: RsaValue, data: Bytes | null, padding: PaddingValue | null) => crypt(runtime, rsa, 'encrypt', data, padding),
  ),
  'byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)': special(
    (runtime, _types, rsa: RsaValue, data: Bytes | null, padding: PaddingValue | null) => crypt(runtime, rsa, 'decrypt', data, padding),
  ),
  'byte[] ExportRSAPrivateKey()': special((runtime, _types, rsa: RsaValue) => pkcs1(rsa.jwk(runtime, true), true)),
  'string ExportRSAPrivateKeyPem()': special((runtime, _types, rsa: RsaValue) =>
    pemOf('RSA PRIVATE KEY', pkcs1(rsa.jwk(runtime, true), true)),
  ),
  'byte[] ExportRSAPublicKey()': special((runtime, _types, rsa: RsaValue) => pkcs1(rsa.jwk(runtime, false), false)),
  'string ExportRSAPublicKeyPem()': special((runtime, _types, rsa: RsaValue) =>
    pemOf('RSA PUBLIC KEY', pkcs1(rsa.jwk(runtime, false), false)),
  ),
  'byte[] EncryptValue(byte[] rgb)': refuseRaw,
  'byte[] DecryptValue(byte[] rgb)': refuseRaw,
  'byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': special(
    (runtime, _types, rsa: RsaValue, hash: Bytes | null, name: HashNameValue, padding: PaddingValue | null) => {
      const isPss = signaturePadding(padding) === 'pss';
      return signHash(runtime, rawKey(runtime, rsa, true), required(hash, 'hash'), nodeHashName(name.name), isPss);
    },
  ),
  'bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': special(
    (runtime, _types, rsa: RsaValue, hash: Bytes | null, signature: Bytes | null, name: HashNameValue, padding: PaddingValue | null) => {
      const isPss = signaturePadding(padding) === 'pss';
      const given = required(signature, 'signature');
      return verifyHash(runtime, rawKey(runtime, rsa, false), required(hash, 'hash'), given, nodeHashName(name.name), isPss);
    },
  ),
  'int GetMaxOutputSize()': special((runtime, _types, rsa: RsaValue) => rsa.size(runtime) / 8),
  'byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': special(
    (runtime, _types, rsa: RsaValue, data: Bytes | null, hash: HashNameValue, padding: PaddingValue | null) =>
      sign(runtime, rsa, required(data, 'data'), hash, padding),
  ),
  'byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': special(
    (
      runtime,
      _types,
      rsa: RsaValue,
      data: Bytes | null,
      offset: number,
      count: number,
      hash: HashNameValue,
      padding: PaddingValue | null,
    ) => sign(runtime, rsa, partOf(data, offset, count, 'data'), hash, padding),
  ),
  'bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': special(
    (runtime, _types, rsa: RsaValue, data: Bytes | null, signature: Bytes | null, hash: HashNameValue, padding: PaddingValue | null) =>
      verify(runtime, rsa, required(data, 'data'), signature, hash, padding),
  ),
  'bool VerifyData(byte[] data, int offset, int count, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)':
    special(
      (
        runtime,
        _types,
        rsa: RsaValue,
        data: Bytes | null,
        offset: number,
        count: number,
        signature: Bytes | null,
        hash: HashNameValue,
        padding: PaddingValue | null,
      ) => verify(runtime, rsa, partOf(data, offset, count, 'data'), signature, hash, padding),
    ),
});

class RandomValue implements NetObject {
  readonly netType = randomType;
}

function fill(runtime: Runtime, data: Bytes | null, offset = 0, count = (data ?? []).length - offset): void {
  const target = required(data, 'data');
  if (offset < 0) throw argumentOutOfRange('offset');
  if (count < 0 || offset + count > target.length) throw argumentOutOfRange('count');
  target.set(runtime.host.randomBytes(count), offset);
}

function fillNonZero(runtime: Runtime, data: Bytes | null): void {
  const target = required(data, 'data');
  for (let i = 0; i < target.length; i++) {
    let byte = 0;
    while (byte === 0) {
      runtime.budget.step();
      byte = runtime.host.randomBytes(1)[0] ?? 0;
    }
    target[i] = byte;
  }
}

const randomGeneratorType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.RandomNumberGenerator : System.IDisposable`, 'none', {
  'static RandomNumberGenerator Create()': () => new RandomValue(),
  'static byte[] GetBytes(int count)': special((runtime, _types, count: number) => {
    if (count < 0) throw argumentOutOfRange('count');
    runtime.budget.allocate(count);
    return runtime.host.randomBytes(count);
  }),
  'void Dispose()': () => undefined,
  'void GetBytes(byte[] data)': special((runtime, _types, _random: RandomValue, data: Bytes | null) => fill(runtime, data)),
  'void GetBytes(byte[] data, int offset, int count)': special(
    (runtime, _types, _random: RandomValue, data: Bytes | null, offset: number, count: number) => fill(runtime, data, offset, count),
  ),
  'void GetNonZeroBytes(byte[] data)': special((runtime, _types, _random: RandomValue, data: Bytes | null) => fillNonZero(runtime, data)),
});

const randomType: TypeDeclaration = declareType(`class ${NAMESPACE}.RNGCryptoServiceProvider : RandomNumberGenerator`, 'all', {
  'RNGCryptoServiceProvider()': () => new RandomValue(),
  'RNGCryptoServiceProvider(string str)': () => new RandomValue(),
  'RNGCryptoServiceProvider(byte[] rgb)': () => new RandomValue(),
  'void GetBytes(byte[] data)': special((runtime, _types, _random: RandomValue, data: Bytes | null) => fill(runtime, data)),
  'void GetBytes(byte[] data, int offset, int count)': special(
    (runtime, _types, _random: RandomValue, data: Bytes | null, offset: number, count: number) => fill(runtime, data, offset, count),
  ),
  'void GetNonZeroBytes(byte[] data)': special((runtime, _types, _random: RandomValue, data: Bytes | null) => fillNonZero(runtime, data)),
});

/** The bytes of a PEM text. */
export function bytesOfPem(pem: string | null): Bytes {
  if (pem === null) throw argumentNull('pem');
  return pemBody(pem);
}

/** A class of RSA keys with constructors; outside Azure's published list. */
function concreteType(name: string): TypeDeclaration {
  return declareType(`class ${NAMESPACE}.${name} : RSA`, 'none', {
    [`${name}()`]: () => new RsaValue(),
    [`${name}(int keySize)`]: created,
  });
}

/** RSA and random numbers. */
export const rsaTypes: readonly TypeDeclaration[] = [
  parametersType,
  asymmetricType,
  rsaType,
  concreteType('RSACng'),
  concreteType('RSACryptoServiceProvider'),
  randomGeneratorType,
  randomType,
];
