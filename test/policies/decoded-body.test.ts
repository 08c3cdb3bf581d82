import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { nodeBrotli } from '../../src/host/node-brotli.ts';
import { decodedBody } from '../../src/policies/shared/decoded-body.ts';
import { placeIn } from '../../src/policies/shared/json-place.ts';

const decode = (encoding: string, bytes: Uint8Array, limit = 1000) =>
  decodedBody({ headers: new Headers(['Content-Encoding', encoding]), body: new Body(bytes) }, limit, { brotliDecompress: nodeBrotli });

test('gzip is taken off, once for each time it was put on', async () => {
  const once = gzipSync('{"a":1}');
  expect(await decode('gzip', once)).toEqual({ bytes: new TextEncoder().encode('{"a":1}') });
  expect(await decode('gzip, identity, X-GZIP', gzipSync(once))).toEqual({ bytes: new TextEncoder().encode('{"a":1}') });
});

test('a small body that becomes a large one is cut off', async () => {
  expect(await decode('gzip', gzipSync('a'.repeat(5000)))).toEqual({ failure: 'The decompressed body is larger than 1000 bytes.' });
});

test('brotli is taken off by the host, and cut off like the others', async () => {
  expect(await decode('gzip, br', brotliCompressSync(gzipSync('[]')))).toEqual({ bytes: new TextEncoder().encode('[]') });
  expect(await decode('br', brotliCompressSync('a'.repeat(5000)))).toEqual({ failure: 'The decompressed body is larger than 1000 bytes.' });
});

test('encodings are not taken off without end', async () => {
  expect(await decode(Array(5000).fill('gzip').join(), gzipSync('a'))).toEqual({
    failure: 'More than 4 content encodings are not taken off.',
  });
});

test('bytes that are not compressed are a failure', async () => {
  expect(await decode('gzip', new Uint8Array([1, 2, 3]))).toHaveProperty('failure');
});

test.each([
  ['{"a":1}', '', 1, 7],
  ['{"a":1}', '/a', 1, 6],
  ['[1, [2, "]"], 33]', '/2', 1, 16],
  ['[1, [2, "]"], 33]', '/1/1', 1, 11],
  ['{ "a/b" : {\n "~" : true } }', '/a~1b/~0', 2, 11],
  ['{"A":{"b":null}}', '/a/b', 1, 14],
  ['{"a":"\\"}"}', '/a', 1, 10],
  ['{"a":1}', '/gone', 1, 6],
])('the place of %s %s', (text, pointer, line, position) => {
  expect(placeIn(text, pointer)).toEqual({ line, position });
});
