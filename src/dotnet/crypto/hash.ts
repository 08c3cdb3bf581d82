/** Hash algorithms, with and without keys. */
import { argument, argumentNull, invalidOperation, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import type { NetObject } from '../../csharp/runtime/values.ts';
import { constant, declareType, type MemberTable, special, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { concatenated } from '../../host/bytes.ts';
import { required } from '../text/string-parts.ts';
import { requireNonNegative } from '../text/wording.ts';

type Bytes = Uint8Array;
type Text = string | null;

/** One algorithm: .NET's name, Node's name, bits of its hash, bytes of its block. */
interface Algorithm {
  readonly name: string;
  readonly node: string;
  readonly bits: number;
  readonly block: number;
}

const ALGORITHMS: readonly Algorithm[] = [
  { name: 'MD5', node: 'md5', bits: 128, block: 64 },
  { name: 'SHA1', node: 'sha1', bits: 160, block: 64 },
  { name: 'SHA256', node: 'sha256', bits: 256, block: 64 },
  { name: 'SHA384', node: 'sha384', bits: 384, block: 128 },
  { name: 'SHA512', node: 'sha512', bits: 512, block: 128 },
];

/** A HashAlgorithm; with a key it is an HMAC. */
class HashValue implements NetObject {
  readonly netType: TypeDeclaration;
  readonly algorithm: Algorithm;
  key: Bytes | undefined;
  hash: Bytes | null = null;
  #pending: Bytes[] = [];
  #disposed = false;

  constructor(netType: TypeDeclaration, algorithm: Algorithm, key?: Bytes) {
    this.netType = netType;
    this.algorithm = algorithm;
    this.key = key;
  }

  compute(runtime: Runtime, data: Bytes): Bytes {
    if (this.#disposed)
      throw new NetException('System.ObjectDisposedException', `Cannot access a disposed object.\nObject name: '${this.#className}'.`);
    const { crypto } = runtime.host;
    runtime.budget.step(data.length >> 8);
    this.hash = this.key === undefined ? crypto.hash(this.algorithm.node, data) : crypto.hmac(this.algorithm.node, this.key, data);
    return this.hash.slice();
  }

  get #className(): string {
    return this.key === undefined ? `${NAMESPACE}.${this.algorithm.name}+Implementation` : `${NAMESPACE}.HMAC${this.algorithm.name}`;
  }

  add(data: Bytes): void {
    this.#pending.push(data.slice());
  }

  finish(runtime: Runtime): Bytes {
    const whole = concatenated(this.#pending);
    this.#pending = [];
    return this.compute(runtime, whole);
  }

  clear(): void {
    this.#pending = [];
  }

  dispose(): void {
    this.#disposed = true;
  }
}

/** A part of a buffer, checked as .NET does. */
export function partOf(buffer: Bytes | null, offset: number, count: number, parameter = 'buffer'): Bytes {
  const whole = required(buffer, parameter);
  requireNonNegative(offset, 'offset');
  if (count < 0 || count > whole.length) throw argument('Value was invalid.');
  if (whole.length - count < offset) {
    throw argument(
      'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
    );
  }
  return whole.subarray(offset, offset + count);
}

function algorithmNamed(name: Text): Algorithm | undefined {
  const plain = required(name, 'hashName')
    .toUpperCase()
    .replace(/^SYSTEM\.SECURITY\.CRYPTOGRAPHY\./, '')
    .replace(/^SHA-/, 'SHA')
    .replace(/MANAGED$|CRYPTOSERVICEPROVIDER$/, '');
  return ALGORITHMS.find((algorithm) => algorithm.name === plain);
}

function hashNamed(name: Text): HashValue | null {
  const algorithm = algorithmNamed(name);
  const type = HASH_TYPES.find((candidate) => candidate.algorithm === algorithm)?.base;
  return algorithm === undefined || type === undefined ? null : new HashValue(type, algorithm);
}

function hmacNamed(runtime: Runtime, name: Text): HashValue | null {
  const plain = required(name, 'algorithmName')
    .replace(/^System\.Security\.Cryptography\./, '')
    .toUpperCase();
  const algorithm = plain.startsWith('HMAC') ? ALGORITHMS.find((candidate) => `HMAC${candidate.name}` === plain) : undefined;
  const type = HASH_TYPES.find((candidate) => candidate.algorithm === algorithm)?.hmac;
  return algorithm === undefined || type === undefined ? null : new HashValue(type, algorithm, randomKey(runtime, algorithm));
}

function randomKey(runtime: Runtime, algorithm: Algorithm): Bytes {
  return runtime.host.randomBytes(algorithm.block);
}

function hashOf(hash: HashValue): Bytes {
  if (hash.hash === null)
    throw new NetException(
      'System.Security.Cryptography.CryptographicUnexpectedOperationException',
      'Hash must be finalized before the hash value is retrieved.',
    );
  return hash.hash.slice();
}

function transformBlock(hash: HashValue, input: Bytes | null, offset: number, count: number, output: Bytes | null, at: number): number {
  const part = partOf(input, offset, count, 'inputBuffer');
  hash.add(part);
  if (output !== null) output.set(part, at);
  return count;
}

function setKey(hash: HashValue, key: Bytes | null): void {
  if (key === null) throw argumentNull('value');
  hash.key = key.slice();
}

function dataHash(algorithm: Algorithm) {
  return special((runtime, _types, source: Bytes | null) => runtime.host.crypto.hash(algorithm.node, required(source, 'source')));
}

function constants(algorithm: Algorithm): MemberTable {
  return { 'const int HashSizeInBits': constant(algorithm.bits), 'const int HashSizeInBytes': constant(algorithm.bits / 8) };
}

const NAMESPACE = 'System.Security.Cryptography';

const hashAlgorithmType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.HashAlgorithm : System.IDisposable`, 'all', {
  'static HashAlgorithm Create()': () => hashNamed('SHA1'),
  'static HashAlgorithm Create(string hashName)': hashNamed,
  'byte[] ComputeHash(byte[] buffer)': special((runtime, _types, hash: HashValue, buffer: Bytes | null) =>
    hash.compute(runtime, required(buffer, 'buffer')),
  ),
  'byte[] ComputeHash(byte[] buffer, int offset, int count)': special(
    (runtime, _types, hash: HashValue, buffer: Bytes | null, offset: number, count: number) =>
      hash.compute(runtime, partOf(buffer, offset, count)),
  ),
  'bool CanReuseTransform { get; }': () => true,
  'bool CanTransformMultipleBlocks { get; }': () => true,
  'int InputBlockSize { get; }': () => 1,
  'int OutputBlockSize { get; }': () => 1,
  'byte[] Hash { get; }': hashOf,
  'int HashSize { get; }': (hash: HashValue) => hash.algorithm.bits,
  'void Initialize()': (hash: HashValue) => hash.clear(),
  'void Clear()': (hash: HashValue) => hash.dispose(),
  'void Dispose()': (hash: HashValue) => hash.dispose(),
  'int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)': transformBlock,
  'byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)': special(
    (runtime, _types, hash: HashValue, input: Bytes | null, offset: number, count: number) => {
      const part = partOf(input, offset, count, 'inputBuffer');
      hash.add(part);
      hash.finish(runtime);
      return part.slice();
    },
  ),
});

const keyedHashType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.KeyedHashAlgorithm : HashAlgorithm`, 'all', {
  'static KeyedHashAlgorithm Create()': special((runtime) => hmacNamed(runtime, 'HMACSHA1')),
  'static KeyedHashAlgorithm Create(string algName)': special((runtime, _types, name: Text) => hmacNamed(runtime, name)),
  'byte[] Key { get; set; }': { get: (hash: HashValue) => (hash.key ?? new Uint8Array()).slice(), set: setKey },
});

const hmacType: TypeDeclaration = declareType(`abstract class ${NAMESPACE}.HMAC : KeyedHashAlgorithm`, 'all', {
  'static HMAC Create()': special((runtime) => hmacNamed(runtime, 'HMACSHA1')),
  'static HMAC Create(string algorithmName)': special((runtime, _types, name: Text) => hmacNamed(runtime, name)),
  'string HashName { get; set; }': {
    get: (hash: HashValue) => hash.algorithm.name,
    set: (hash: HashValue, name: Text) => {
      if (algorithmNamed(name) !== hash.algorithm) throw invalidOperation('HashName cannot be changed on this object.');
    },
  },
});

interface HashTypes {
  readonly algorithm: Algorithm;
  readonly base: TypeDeclaration;
  readonly managed: TypeDeclaration | undefined;
  readonly hmac: TypeDeclaration;
}

function hashTypes(algorithm: Algorithm): HashTypes {
  const { name } = algorithm;
  const base = declareType(`abstract class ${NAMESPACE}.${name} : HashAlgorithm`, 'all', {
    [`static ${name} Create()`]: () => new HashValue(base, algorithm),
    [`static ${name} Create(string hashName)`]: hashNamed,
    'static byte[] HashData(byte[] source)': dataHash(algorithm),
    ...constants(algorithm),
  });
  return { algorithm, base, managed: managedType(algorithm), hmac: hmacOf(algorithm) };
}

function managedType(algorithm: Algorithm): TypeDeclaration | undefined {
  const { name } = algorithm;
  if (name === 'MD5') return undefined;
  const managed = declareType(`class ${NAMESPACE}.${name}Managed : ${name}`, 'all', {
    [`${name}Managed()`]: () => new HashValue(managed, algorithm),
  });
  return managed;
}

function hmacOf(algorithm: Algorithm): TypeDeclaration {
  const name = `HMAC${algorithm.name}`;
  const keyed = (key: Bytes | null): HashValue => new HashValue(hmac, algorithm, required(key, 'key').slice());
  const legacy: MemberTable = { 'bool ProduceLegacyHmacValues { get; set; }': { get: () => false, set: refuseLegacy } };
  const hmac: TypeDeclaration = declareType(`class ${NAMESPACE}.${name} : HMAC`, 'all', {
    [`${name}()`]: special((runtime) => keyed(randomKey(runtime, algorithm))),
    [`${name}(byte[] key)`]: special((runtime, _types, key: Bytes | null) => {
      runtime.budget.allocate(key?.length ?? 0);
      return keyed(key);
    }),
    ...(algorithm.name === 'SHA1' ? { [`${name}(byte[] key, bool useManagedSha1)`]: (key: Bytes | null) => keyed(key) } : {}),
    'static byte[] HashData(byte[] key, byte[] source)': special((runtime, _types, key: Bytes | null, source: Bytes | null) =>
      runtime.host.crypto.hmac(algorithm.node, required(key, 'key'), required(source, 'source')),
    ),
    ...(algorithm.block === 128 ? legacy : {}),
    ...constants(algorithm),
  });
  return hmac;
}

function refuseLegacy(_hash: HashValue, value: boolean): void {
  if (value) throw new NetException('System.PlatformNotSupportedException', 'Operation is not supported on this platform.');
}

const HASH_TYPES: readonly HashTypes[] = ALGORITHMS.map(hashTypes);

/** All hash algorithms. */
export const hashTypeDeclarations: readonly TypeDeclaration[] = [
  hashAlgorithmType,
  keyedHashType,
  hmacType,
  ...HASH_TYPES.flatMap(({ base, managed, hmac }) => (managed === undefined ? [base, hmac] : [base, managed, hmac])),
];

/** Node's name of a HashAlgorithmName; the exceptions .NET has for none and unknown ones. */
export function nodeHashName(name: Text, parameter = 'hashAlgorithm'): string {
  if (name === null || name === '') throw argument('The hash algorithm name cannot be null or empty.', parameter);
  const algorithm = ALGORITHMS.find((candidate) => candidate.name === name.toUpperCase());
  if (algorithm === undefined) {
    throw new NetException('System.Security.Cryptography.CryptographicException', `'${name}' is not a known hash algorithm.`);
  }
  return algorithm.node;
}
