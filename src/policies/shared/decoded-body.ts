/** A body without its Content-Encoding (RFC 9110, section 8.4), for policies that look inside; the message keeps what it has. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Host } from '../../host/host.ts';
import { errorText } from '../../source/error-text.ts';
import type { Message } from './message.ts';

export type DecodedBody = { readonly bytes: Uint8Array } | { readonly failure: string };

type Format = 'gzip' | 'deflate' | 'br';

const FORMATS: Readonly<Record<string, Format>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate', br: 'br' };

/**
 * Buffers the body and takes its Content-Encoding off for those who read it (gateway-model, section 10.1: bodies are
 * decompressed when a policy reads them). One that is not what it says stays as it is.
 */
export async function bufferPlain(message: Message, { host, settings }: Exchange): Promise<void> {
  await message.body.buffer(settings.bodyLimit);
  const decoded = await decodedBody(message, settings.bodyLimit, host);
  if ('bytes' in decoded) message.body.decoded(decoded.bytes);
}

/** A caller may list thousands, each of which would cost as much as the largest body. */
const MOST_ENCODINGS = 4;

/** At most `limit` bytes; the body must be buffered. */
export async function decodedBody({ headers, body }: Message, limit: number, host: Pick<Host, 'brotliDecompress'>): Promise<DecodedBody> {
  const encodings = (headers.joined('Content-Encoding') ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '' && one !== 'identity');
  if (body.isDecoded) return { bytes: body.plain() };
  if (encodings.length > MOST_ENCODINGS) return { failure: `More than ${MOST_ENCODINGS} content encodings are not taken off.` };
  let bytes = body.bytes();
  for (const encoding of encodings.reverse()) {
    const format = FORMATS[encoding];
    if (!format) return { failure: `The content encoding ${encoding} is not known.` };
    try {
      bytes = format === 'br' ? await brotli(bytes, limit, host) : await inflate(bytes, format, limit);
    } catch (error) {
      return { failure: errorText(error) };
    }
  }
  return { bytes };
}

async function brotli(bytes: Uint8Array, limit: number, host: Pick<Host, 'brotliDecompress'>): Promise<Uint8Array> {
  if (!host.brotliDecompress) throw new Error('The content encoding br is not known.');
  return host.brotliDecompress(bytes, limit);
}

async function inflate(bytes: Uint8Array, format: 'gzip' | 'deflate', limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream(format));
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new Error(`The decompressed body is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks.map((chunk) => Uint8Array.from(chunk))).arrayBuffer());
}
