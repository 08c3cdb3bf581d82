/** Encrypt and Decrypt: CBC with PKCS#7 padding unless an algorithm object says otherwise, as .NET's SymmetricAlgorithm does. */
import { argument, argumentNull, NetException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { errorText } from '../../source/error-text.ts';
import { readProperty } from './library.ts';

type Direction = 'encrypt' | 'decrypt';

export function encrypt(
  runtime: Runtime,
  name: string | null,
  key: Uint8Array | null,
  iv: Uint8Array | null,
  data: Uint8Array | null,
): Uint8Array {
  return run(runtime, 'encrypt', cipherName(name, key, 'cbc'), key, iv, data, true);
}

export function decrypt(
  runtime: Runtime,
  name: string | null,
  key: Uint8Array | null,
  iv: Uint8Array | null,
  data: Uint8Array | null,
): Uint8Array {
  return run(runtime, 'decrypt', cipherName(name, key, 'cbc'), key, iv, data, true);
}

/** System.Security.Cryptography.CipherMode and PaddingMode. */
const MODES: Readonly<Record<number, string>> = { 1: 'cbc', 2: 'ecb', 4: 'cfb8', 5: 'cts' };
const PKCS7 = 2;
const NO_PADDING = 1;

/** The same with an algorithm object; its own key and vector unless others are given. */
export function withAlgorithm(
  runtime: Runtime,
  direction: Direction,
  algorithm: unknown,
  data: Uint8Array | null,
  key?: Uint8Array,
  iv?: Uint8Array,
): Uint8Array {
  if (algorithm === null) throw argumentNull('alg');
  const ownKey = key ?? (readProperty(runtime, algorithm, 'Key') as Uint8Array);
  const ownIv = iv ?? (readProperty(runtime, algorithm, 'IV') as Uint8Array);
  const mode = MODES[Number(readProperty(runtime, algorithm, 'Mode'))] ?? 'cbc';
  const padding = Number(readProperty(runtime, algorithm, 'Padding'));
  if (padding !== PKCS7 && padding !== NO_PADDING) throw argument('Only the padding modes PKCS7 and None are supported.');
  const type = runtime.types.typeOf(algorithm);
  const name = cipherName(type?.kind === 'named' ? type.definition.name : '', ownKey, mode);
  return run(runtime, direction, name, ownKey, mode === 'ecb' ? null : ownIv, data, padding === PKCS7);
}

/** Node's cipher name of a .NET algorithm name (`Aes`, `AesManaged`, `Rijndael`, `TripleDES`, `DES`), any case. */
function cipherName(name: string | null, key: Uint8Array | null, mode: string): string {
  if (name === null) throw argumentNull('alg');
  if (key === null) throw argumentNull('key');
  const bits = key.length * 8;
  const family = name.toLowerCase();
  checkKeySize(family, bits);
  if (family.startsWith('aes') || family.startsWith('rijndael')) return `aes-${bits}-${mode}`;
  if (family.startsWith('tripledes') || family === '3des') return mode === 'cbc' ? 'des-ede3-cbc' : `des-ede3-${mode}`;
  if (family.startsWith('des')) return `des-${mode}`;
  throw argument(`'${name}' is not a known symmetric algorithm.`, 'alg');
}

/** Bits of the keys that each family takes; setting another is refused before anything is encrypted. */
const KEY_SIZES: readonly (readonly [family: RegExp, bits: readonly number[]])[] = [
  [/^(aes|rijndael)/, [128, 192, 256]],
  [/^(tripledes|3des)/, [128, 192]],
  [/^des/, [64]],
];

function checkKeySize(family: string, bits: number): void {
  const sizes = KEY_SIZES.find(([pattern]) => pattern.test(family))?.[1];
  if (sizes !== undefined && !sizes.includes(bits)) throw cryptographic('Specified key is not a valid size for this algorithm.');
}

function run(
  runtime: Runtime,
  direction: Direction,
  cipher: string,
  key: Uint8Array | null,
  iv: Uint8Array | null,
  data: Uint8Array | null,
  padding: boolean,
): Uint8Array {
  if (data === null) throw argumentNull('input');
  if (key === null) throw argumentNull('key');
  runtime.budget.allocate(data.length);
  try {
    return runtime.host.crypto.cipher(direction, cipher, key, iv, data, padding);
  } catch (error) {
    throw cryptographic(cipherProblem(error));
  }
}

function cryptographic(message: string): NetException {
  return new NetException('System.Security.Cryptography.CryptographicException', message);
}

/** .NET's texts for the usual causes. */
function cipherProblem(error: unknown): string {
  const text = errorText(error);
  if (/wrong final block length/i.test(text)) return 'The input data is not a complete block.';
  return /iv|initialization/i.test(text)
    ? 'Specified initialization vector (IV) does not match the block size for this algorithm.'
    : 'Padding is invalid and cannot be removed.';
}
