/** Signatures over a hash that is there already (RFC 8017, sections 8 and 9): the host signs data only. */
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { cryptographic } from './symmetric.ts';

type Bytes = Uint8Array;

/** Object identifiers of hashes in DER, by Node's name. */
const DIGEST_INFO: Readonly<Record<string, readonly number[]>> = {
  md5: [0x30, 0x20, 0x30, 0x0c, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 5, 5, 0, 4, 0x10],
  sha1: [0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14],
  sha256: [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20],
  sha384: [0x30, 0x41, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30],
  sha512: [0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40],
};

/** An RSA key as whole numbers; `exponent` is the private one for signing, the public one for checking. */
export interface RawKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** Budget steps of one modular power for a key of 2048 bits; time grows with the cube of the size. */
const POWER_STEPS = 2000;

export function signHash(runtime: Runtime, key: RawKey, hash: Bytes, algorithm: string, isPss: boolean): Bytes {
  const bits = bitLength(key.modulus);
  const message = isPss
    ? encodePss(runtime, hash, algorithm, bits - 1, runtime.host.randomBytes(hash.length))
    : encodePkcs1(hash, algorithm, bits);
  return bytesOf(power(runtime, numberOf(message), key), Math.ceil(bits / 8));
}

export function verifyHash(runtime: Runtime, key: RawKey, hash: Bytes, signature: Bytes, algorithm: string, isPss: boolean): boolean {
  const bits = bitLength(key.modulus);
  if (signature.length !== Math.ceil(bits / 8) || numberOf(signature) >= key.modulus) return false;
  const found = power(runtime, numberOf(signature), key);
  if (!isPss) return found === numberOf(encodePkcs1(hash, algorithm, bits));
  return isPssOf(runtime, bytesOf(found, Math.ceil((bits - 1) / 8)), hash, algorithm, bits - 1);
}

/** EMSA-PKCS1-v1_5. */
function encodePkcs1(hash: Bytes, algorithm: string, bits: number): Bytes {
  const info = DIGEST_INFO[algorithm];
  if (info === undefined || info.at(-1) !== hash.length)
    throw cryptographic('The provided hash value is not the expected size for the specified hash algorithm.');
  const size = Math.ceil(bits / 8);
  const filling = size - 3 - info.length - hash.length;
  if (filling < 8) throw cryptographic('Key is too small for the signature.');
  return Uint8Array.from([0, 1, ...new Uint8Array(filling).fill(255), 0, ...info, ...hash]);
}

/** EMSA-PSS with MGF1 and a salt as long as the hash, which is what .NET uses. */
function encodePss(runtime: Runtime, hash: Bytes, algorithm: string, bits: number, salt: Bytes): Bytes {
  const size = Math.ceil(bits / 8);
  const block = size - hash.length - 1;
  if (block < salt.length + 2) throw cryptographic('Key is too small for the signature.');
  const digest = runtime.host.crypto.hash(algorithm, Uint8Array.from([...new Uint8Array(8), ...hash, ...salt]));
  const data = new Uint8Array(block);
  data[block - salt.length - 1] = 1;
  data.set(salt, block - salt.length);
  return Uint8Array.from([...masked(runtime, data, digest, algorithm, size * 8 - bits), ...digest, 0xbc]);
}

function isPssOf(runtime: Runtime, message: Bytes, hash: Bytes, algorithm: string, bits: number): boolean {
  const block = message.length - hash.length - 1;
  if (block < 1 || message.at(-1) !== 0xbc) return false;
  const digest = message.slice(block, block + hash.length);
  const data = masked(runtime, message.slice(0, block), digest, algorithm, message.length * 8 - bits);
  const start = data.indexOf(1);
  if (start < 0 || data.slice(0, start).some((byte) => byte !== 0)) return false;
  const again = runtime.host.crypto.hash(algorithm, Uint8Array.from([...new Uint8Array(8), ...hash, ...data.slice(start + 1)]));
  return runtime.host.crypto.timingSafeEqual(again, digest);
}

/** Data xor MGF1 of the seed; the topmost bits are cleared. */
function masked(runtime: Runtime, data: Bytes, seed: Bytes, algorithm: string, spare: number): Bytes {
  const mask: number[] = [];
  for (let counter = 0; mask.length < data.length; counter += 1)
    mask.push(...runtime.host.crypto.hash(algorithm, Uint8Array.from([...seed, 0, 0, counter >> 8, counter & 255])));
  const result = data.map((byte, at) => byte ^ (mask[at] ?? 0));
  result[0] = (result[0] ?? 0) & (255 >> spare);
  return result;
}

function power(runtime: Runtime, base: bigint, { modulus, exponent }: RawKey): bigint {
  runtime.budget.step(Math.ceil((POWER_STEPS * bitLength(exponent)) / 2048));
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

export function numberOf(bytes: Bytes): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

function bytesOf(value: bigint, length: number): Bytes {
  const hex = value.toString(16).padStart(length * 2, '0');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
