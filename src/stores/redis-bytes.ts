/**
 * Plain data as bytes: a version, the length of a JSON text, the text, and behind it the byte arrays that it names, so that
 * a cached body is not blown up. What another version wrote is not read.
 */

const VERSION = 1;
const HEAD = 5;
/** Marks a place in the JSON that stands for bytes; NUL is in no name that we write. */
const BYTES = '\u0000bytes';

/** The bytes of plain data (see HostCache). */
export function toBytes(value: unknown): Uint8Array {
  const blobs: Uint8Array[] = [];
  // The holder has the bytes as they are: a Buffer was asked for a JSON form of its own before the replacer saw it.
  const text = JSON.stringify(value, function (this: Record<string, unknown>, name, json: unknown) {
    const inner = this[name];
    if (!(inner instanceof Uint8Array)) return json;
    blobs.push(inner);
    return { [BYTES]: inner.length };
  });
  const json = new TextEncoder().encode(text);
  const all = new Uint8Array(HEAD + json.length + blobs.reduce((sum, blob) => sum + blob.length, 0));
  const view = new DataView(all.buffer);
  view.setUint8(0, VERSION);
  view.setUint32(1, json.length);
  all.set(json, HEAD);
  let at = HEAD + json.length;
  for (const blob of blobs) {
    all.set(blob, at);
    at += blob.length;
  }
  return all;
}

/** Back again; throws an Error for what is none of ours. */
export function fromBytes(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD || view.getUint8(0) !== VERSION) throw new Error('not written by this version');
  const start = HEAD + view.getUint32(1);
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, start)));
  return filled(value, { bytes, at: start });
}

/** Blobs lie in the order in which JSON names them. */
function filled(value: unknown, blobs: { readonly bytes: Uint8Array; at: number }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => filled(item, blobs));
  const length = (value as Record<string, unknown>)[BYTES];
  if (typeof length === 'number') {
    const from = blobs.at;
    blobs.at += length;
    if (blobs.at > blobs.bytes.length) throw new Error('bytes are missing');
    return new Uint8Array(blobs.bytes.subarray(from, blobs.at));
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, blobs)]));
}
