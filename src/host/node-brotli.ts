/** Brotli for hosts that run in Node. */
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Host } from './host.ts';

const decompress = promisify(brotliDecompress);

export const nodeBrotli: NonNullable<Host['brotliDecompress']> = async (data, limit) => {
  try {
    return new Uint8Array(await decompress(data, { maxOutputLength: limit }));
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`The decompressed body is larger than ${limit} bytes.`, { cause: error });
    throw error;
  }
};
