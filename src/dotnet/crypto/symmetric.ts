/** SymmetricAlgorithm and its families: AES, DES, Triple DES. */
import { argumentNull, argumentOutOfRange, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { makeArray, type NetObject } from '../../csharp/runtime/values.ts';
import { declareType, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { concatenated } from '../../host/bytes.ts';
import { required } from '../text/string-parts.ts';
import { partOf } from './hash.ts';

type Bytes = Uint8Array;
type Direction = 'encrypt' | 'decrypt';

const NAMESPACE = 'System.Security.Cryptography';
const PADDING = { None: 1, PKCS7: 2, Zeros: 3, ANSIX923: 4, ISO10126: 5 } as const;
/** Node's names of the modes it has, by `CipherMode`. */
const MODES: Readonly<Record<number, string>> = { 1: 'cbc', 2: 'ecb', 4: 'cfb8' };
const ECB = 2;

/** What differs between families: block and legal key sizes in bits, and Node's name without the mode. */
interface Family {
  readonly name: string;
  readonly block: number;
  readonly keys: { readonly min: number; readonly max: number; readonly skip: number };
  cipher(keyBits: number): string;
}

const AES: Family = { name: 'Aes', block: 128, keys: { min: 128, max: 256, skip: 64 }, cipher: (bits) => `aes-${bits}` };
const DES: Family = { name: 'DES', block: 64, keys: { min: 64, max: 64, skip: 0 }, cipher: () => 'des' };
const TRIPLE_DES: Family = { name: 'TripleDES', block: 64, keys: { min: 128, max: 192, skip: 64 }, cipher: tripleDes };

function tripleDes(bits: number): string {
  return bits === 128 ? 'des-ede' : 'des-ede3';
}

export function cryptographic(message: string): NetException {
  return new NetException(`${NAMESPACE}.CryptographicException`, message);
}

/** A symmetric algorithm with its key, vector, mode and padding. */
class SymmetricValue implements NetObject {
  readonly netType: TypeDeclaration;
  readonly family: Family;
  keySize: number;
  feedbackSize = 8;
  mode = 1;
  padding: number = PADDING.PKCS7;
  #key: Bytes | undefined;
  #iv: Bytes | undefined;

  constructor(netType: TypeDeclaration, family: Family) {
    this.netType = netType;
    this.family = family;
    this.keySize = family.keys.max;
  }

  key(runtime: Runtime): Bytes {
    this.#key ??= runtime.host.randomBytes(this.keySize / 8);
    return this.#key;
  }

  iv(runtime: Runtime): Bytes {
    this.#iv ??= runtime.host.randomBytes(this.family.block / 8);
    return this.#iv;
  }

  setKey(key: Bytes | null): void {
    if (key === null) throw argumentNull('value');
    this.setKeySize(key.length * 8);
    this.#key = key.slice();
  }

  setKeySize(bits: number): void {
    if (!this.isLegalKeySize(bits)) throw cryptographic('Specified key is not a valid size for this algorithm.');
    this.keySize = bits;
    this.#key = undefined;
  }

  setIv(iv: Bytes | null): void {
    if (iv === null) throw argumentNull('value');
    if (iv.length * 8 !== this.family.block) {
      throw cryptographic('Specified initialization vector (IV) does not match the block size for this algorithm.');
    }
    this.#iv = iv.slice();
  }

  renew(part: 'key' | 'iv'): void {
    if (part === 'key') this.#key = undefined;
    else this.#iv = undefined;
  }

  isLegalKeySize(bits: number): boolean {
    const { min, max, skip } = this.family.keys;
    return bits >= min && bits <= max && (bits === min || (skip > 0 && (bits - min) % skip === 0));
  }
}

/** What CreateEncryptor and CreateDecryptor give. */
class TransformValue implements NetObject {
  readonly netType = transformTypeHolder;
  readonly block: number;
  readonly run: (data: Bytes) => Bytes;

  constructor(block: number, run: (data: Bytes) => Bytes) {
    this.block = block;
    this.run = run;
  }
}

/** Declared first, since its instances name it. */
const transformTypeHolder: TypeDeclaration = declareType(`interface ${NAMESPACE}.ICryptoTransform : System.IDisposable`, 'none', {
  'byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)': (
    transform: TransformValue,
    buffer: Bytes | null,
    offset: number,
    count: number,
  ) => transform.run(partOf(buffer, offset, count, 'inputBuffer')),
  'int InputBlockSize { get; }': (transform: TransformValue) => transform.block / 8,
  'int OutputBlockSize { get; }': (transform: TransformValue) => transform.block / 8,
  'bool CanReuseTransform { get; }': () => true,
  'bool CanTransformMultipleBlocks { get; }': () => true,
  'void Dispose()': () => undefined,
});

interface Settings {
  readonly mode: number;
  readonly padding: number;
  readonly key: Bytes;
  readonly iv: Bytes | null;
}

function settingsOf(runtime: Runtime, algorithm: SymmetricValue, more: Partial<Settings> = {}): Settings {
  return {
    mode: algorithm.mode,
    padding: algorithm.padding,
    key: algorithm.key(runtime),
    iv: algorithm.iv(runtime),
    ...more,
  };
}

function crypt(runtime: Runtime, algorithm: SymmetricValue, direction: Direction, data: Bytes, settings: Settings): Bytes {
  const mode = MODES[settings.mode];
  if (mode === undefined) throw cryptographic('Specified cipher mode is not valid for this algorithm.');
  if (!algorithm.isLegalKeySize(settings.key.length * 8)) throw cryptographic('Specified key is not a valid size for this algorithm.');
  const name = `${algorithm.family.cipher(settings.key.length * 8)}-${mode}`;
  const isPkcs7 = settings.padding === PADDING.PKCS7;
  const blocks = algorithm.family.block / 8;
  if (direction === 'decrypt' && mode !== 'cfb8' && data.length % blocks !== 0)
    throw cryptographic('The input data is not a complete block.');
  const input = direction === 'encrypt' && !isPkcs7 ? padded(data, blocks, settings.padding) : data;
  const output = ciphered(runtime, direction, name, settings, input, isPkcs7);
  return direction === 'decrypt' && settings.padding > PADDING.Zeros ? stripped(output) : output;
}

function ciphered(runtime: Runtime, direction: Direction, name: string, settings: Settings, data: Bytes, padding: boolean): Bytes {
  runtime.budget.allocate(data.length);
  const iv = settings.mode === ECB ? null : settings.iv;
  try {
    return runtime.host.crypto.cipher(direction, name, settings.key, iv, data, padding);
  } catch (error) {
    if (error instanceof NetException) throw error;
    throw cryptographic(direction === 'decrypt' ? 'Padding is invalid and cannot be removed.' : 'The input data is not a complete block.');
  }
}

function padded(data: Bytes, block: number, padding: number): Bytes {
  const missing = block - (data.length % block);
  if (padding === PADDING.None || (padding === PADDING.Zeros && missing === block)) return data;
  const tail = new Uint8Array(missing);
  if (padding !== PADDING.Zeros) tail[missing - 1] = missing;
  return concatenated([data, tail]);
}

function stripped(data: Bytes): Bytes {
  const count = data.at(-1) ?? 0;
  if (count === 0 || count > data.length) throw cryptographic('Padding is invalid and cannot be removed.');
  return data.slice(0, data.length - count);
}

function transform(
  runtime: Runtime,
  algorithm: SymmetricValue,
  direction: Direction,
  key?: Bytes | null,
  iv?: Bytes | null,
): TransformValue {
  if (key === null) throw argumentNull('rgbKey');
  const settings = settingsOf(runtime, algorithm, { ...(key && { key: key.slice() }), ...(iv && { iv: iv.slice() }) });
  return new TransformValue(algorithm.family.block, (data) => crypt(runtime, algorithm, direction, data, settings));
}

/** `EncryptCbc` and its kin, one for a direction and mode. */
function oneShot(direction: Direction, mode: number) {
  return special((runtime, _types, algorithm: SymmetricValue, data: Bytes | null, iv: Bytes | null, padding: number) => {
    const input = required(data, direction === 'encrypt' ? 'plaintext' : 'ciphertext');
    return crypt(runtime, algorithm, direction, input, settingsOf(runtime, algorithm, { mode, padding, iv: required(iv, 'iv') }));
  });
}

function oneShotEcb(direction: Direction) {
  return special((runtime, _types, algorithm: SymmetricValue, data: Bytes | null, padding: number) => {
    const input = required(data, direction === 'encrypt' ? 'plaintext' : 'ciphertext');
    return crypt(runtime, algorithm, direction, input, settingsOf(runtime, algorithm, { mode: ECB, padding, iv: null }));
  });
}

function ciphertextLength(algorithm: SymmetricValue, length: number, padding: number): number {
  if (length < 0) throw argumentOutOfRange('plaintextLength');
  const block = algorithm.family.block / 8;
  if (padding === PADDING.None || padding === PADDING.Zeros) return Math.ceil(length / block) * block;
  return (Math.floor(length / block) + 1) * block;
}

class KeySizesValue implements NetObject {
  readonly netType = keySizesType;
  readonly min: number;
  readonly max: number;
  readonly skip: number;

  constructor(min: number, max: number, skip: number) {
    this.min = min;
    this.max = max;
    this.skip = skip;
  }
}

const keySizesType: TypeDeclaration = declareType(`class ${NAMESPACE}.KeySizes`, 'implied', {
  'KeySizes(int minSize, int maxSize, int skipSize)': (min: number, max: number, skip: number) => new KeySizesValue(min, max, skip),
  'int MinSize { get; }': (sizes: KeySizesValue) => sizes.min,
  'int MaxSize { get; }': (sizes: KeySizesValue) => sizes.max,
  'int SkipSize { get; }': (sizes: KeySizesValue) => sizes.skip,
});

/** `KeySizes[]` with one entry. */
export function keySizes(runtime: Runtime, min: number, max: number, skip: number): unknown[] {
  return makeArray(runtime.types.array(runtime.types.type(`${NAMESPACE}.KeySizes`)), [new KeySizesValue(min, max, skip)]);
}

function byName(name: string | null): SymmetricValue | null {
  const plain = required(name, 'algName')
    .replace(/^System\.Security\.Cryptography\./, '')
    .toLowerCase();
  if (/^(aes|rijndael)(managed|cryptoserviceprovider)?$/.test(plain)) return new SymmetricValue(aesType, AES);
  if (/^(3des|triple ?des)(cryptoserviceprovider)?$/.test(plain)) return new SymmetricValue(tripleDesType, TRIPLE_DES);
  return /^des(cryptoserviceprovider)?$/.test(plain) ? new SymmetricValue(desType, DES) : null;
}

const LISTED = [
  'BlockSize',
  'Clear',
  'CreateDecryptor',
  'CreateEncryptor',
  'DecryptCbc',
  'DecryptCfb',
  'DecryptEcb',
  'Dispose',
  'EncryptCbc',
  'EncryptCfb',
  'EncryptEcb',
  'FeedbackSize',
  'GenerateIV',
  'GenerateKey',
  'GetCiphertextLengthCbc',
  'GetCiphertextLengthCfb',
  'GetCiphertextLengthEcb',
  'IV',
  'Key',
  'KeySize',
  'LegalBlockSizes',
  'LegalKeySizes',
  'Mode',
  'Padding',
  'ValidKeySize',
  'Create',
];

/** System.Security.Cryptography.SymmetricAlgorithm; of `Create` only the form with a name is listed, and only that one is there. */
const symmetricType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.SymmetricAlgorithm : System.IDisposable`, LISTED, {
  'static SymmetricAlgorithm Create(string algName)': byName,
  'int BlockSize { get; set; }': {
    get: (algorithm: SymmetricValue) => algorithm.family.block,
    set: (algorithm: SymmetricValue, bits: number) => {
      if (bits !== algorithm.family.block) throw cryptographic('Specified block size is not valid for this algorithm.');
    },
  },
  'int FeedbackSize { get; set; }': {
    get: (algorithm: SymmetricValue) => algorithm.feedbackSize,
    set: (_algorithm: SymmetricValue, bits: number) => {
      if (bits !== 8) throw cryptographic('Specified feedback size is not valid for this algorithm.');
    },
  },
  'int KeySize { get; set; }': {
    get: (algorithm: SymmetricValue) => algorithm.keySize,
    set: (algorithm: SymmetricValue, bits: number) => algorithm.setKeySize(bits),
  },
  'byte[] Key { get; set; }': {
    get: special((runtime, _types, algorithm: SymmetricValue) => algorithm.key(runtime).slice()),
    set: (algorithm: SymmetricValue, key: Bytes | null) => algorithm.setKey(key),
  },
  'byte[] IV { get; set; }': {
    get: special((runtime, _types, algorithm: SymmetricValue) => algorithm.iv(runtime).slice()),
    set: (algorithm: SymmetricValue, iv: Bytes | null) => algorithm.setIv(iv),
  },
  'CipherMode Mode { get; set; }': {
    get: (algorithm: SymmetricValue) => algorithm.mode,
    set: (algorithm: SymmetricValue, mode: number) => {
      if (MODES[mode] === undefined) throw cryptographic('Specified cipher mode is not valid for this algorithm.');
      algorithm.mode = mode;
    },
  },
  'PaddingMode Padding { get; set; }': {
    get: (algorithm: SymmetricValue) => algorithm.padding,
    set: (algorithm: SymmetricValue, padding: number) => {
      if (padding < 1 || padding > 5) throw cryptographic('Specified padding mode is not valid for this algorithm.');
      algorithm.padding = padding;
    },
  },
  'void Clear()': (algorithm: SymmetricValue) => algorithm.renew('key'),
  'void Dispose()': (algorithm: SymmetricValue) => algorithm.renew('key'),
  'void GenerateIV()': (algorithm: SymmetricValue) => algorithm.renew('iv'),
  'void GenerateKey()': (algorithm: SymmetricValue) => algorithm.renew('key'),
  'ICryptoTransform CreateEncryptor()': special((runtime, _types, algorithm: SymmetricValue) => transform(runtime, algorithm, 'encrypt')),
  'ICryptoTransform CreateDecryptor()': special((runtime, _types, algorithm: SymmetricValue) => transform(runtime, algorithm, 'decrypt')),
  'ICryptoTransform CreateEncryptor(byte[] rgbKey, byte[] rgbIV)': special(
    (runtime, _types, algorithm: SymmetricValue, key: Bytes | null, iv: Bytes | null) => transform(runtime, algorithm, 'encrypt', key, iv),
  ),
  'ICryptoTransform CreateDecryptor(byte[] rgbKey, byte[] rgbIV)': special(
    (runtime, _types, algorithm: SymmetricValue, key: Bytes | null, iv: Bytes | null) => transform(runtime, algorithm, 'decrypt', key, iv),
  ),
  'byte[] EncryptCbc(byte[] plaintext, byte[] iv, PaddingMode paddingMode = PaddingMode.PKCS7)': oneShot('encrypt', 1),
  'byte[] DecryptCbc(byte[] ciphertext, byte[] iv, PaddingMode paddingMode = PaddingMode.PKCS7)': oneShot('decrypt', 1),
  'byte[] EncryptCfb(byte[] plaintext, byte[] iv, PaddingMode paddingMode = PaddingMode.None, int feedbackSizeInBits = 8)': oneShot(
    'encrypt',
    4,
  ),
  'byte[] DecryptCfb(byte[] ciphertext, byte[] iv, PaddingMode paddingMode = PaddingMode.None, int feedbackSizeInBits = 8)': oneShot(
    'decrypt',
    4,
  ),
  'byte[] EncryptEcb(byte[] plaintext, PaddingMode paddingMode)': oneShotEcb('encrypt'),
  'byte[] DecryptEcb(byte[] ciphertext, PaddingMode paddingMode)': oneShotEcb('decrypt'),
  'int GetCiphertextLengthCbc(int plaintextLength, PaddingMode paddingMode = PaddingMode.PKCS7)': ciphertextLength,
  'int GetCiphertextLengthCfb(int plaintextLength, PaddingMode paddingMode = PaddingMode.None, int feedbackSizeInBits = 8)': (
    _algorithm: SymmetricValue,
    length: number,
  ) => length,
  'int GetCiphertextLengthEcb(int plaintextLength, PaddingMode paddingMode)': ciphertextLength,
  'KeySizes[] LegalBlockSizes { get; }': special((runtime, _types, { family }: SymmetricValue) =>
    keySizes(runtime, family.block, family.block, 0),
  ),
  'KeySizes[] LegalKeySizes { get; }': special((runtime, _types, { family }: SymmetricValue) =>
    keySizes(runtime, family.keys.min, family.keys.max, family.keys.skip),
  ),
  'bool ValidKeySize(int bitLength)': (algorithm: SymmetricValue, bits: number) => algorithm.isLegalKeySize(bits),
});

function familyType(family: Family): TypeDeclaration {
  const type: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.${family.name} : SymmetricAlgorithm`, 'none', {
    [`static ${family.name} Create()`]: () => new SymmetricValue(type, family),
  });
  return type;
}

/** A class with a constructor, such as AesManaged. */
function concreteType(name: string, family: Family): TypeDeclaration {
  const type: TypeDeclaration = declareType(`class ${NAMESPACE}.${name} : ${family.name}`, 'none', {
    [`${name}()`]: () => new SymmetricValue(type, family),
  });
  return type;
}

const aesType = familyType(AES);
const desType = familyType(DES);
const tripleDesType = familyType(TRIPLE_DES);

/** Symmetric algorithms and what they use. */
export const symmetricTypes: readonly TypeDeclaration[] = [
  keySizesType,
  transformTypeHolder,
  symmetricType,
  aesType,
  desType,
  tripleDesType,
  concreteType('AesManaged', AES),
  concreteType('AesCryptoServiceProvider', AES),
  concreteType('TripleDESCryptoServiceProvider', TRIPLE_DES),
  concreteType('DESCryptoServiceProvider', DES),
];
