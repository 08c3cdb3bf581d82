/** Vectors of texts: how far apart they are, and a stand-in for an embeddings model. */

/** A millionth is what 32 bit floats are good for: the same text is 0 away from itself. */
const PRECISION = 1e6;

/** 0 for the same direction, 1 for unrelated, 2 for opposite; infinite when they cannot be compared. */
export function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  let dot = 0;
  let lengths = 0;
  let others = 0;
  for (let at = 0; at < a.length; at += 1) {
    const x = a[at] ?? 0;
    const y = b[at] ?? 0;
    dot += x * y;
    lengths += x * x;
    others += y * y;
  }
  const product = Math.sqrt(lengths) * Math.sqrt(others);
  return product === 0 ? Number.POSITIVE_INFINITY : Math.round((1 - dot / product) * PRECISION) / PRECISION;
}

/** For a cache; machines that share one have the same order of bytes. */
export function bytesOfVector(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice();
}

export function vectorOfBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

const DIMENSIONS = 512;
/** A shared word says more than a shared piece of one. */
const WORD_WEIGHT = 2;

/**
 * A vector without a model: hashed words and groups of three letters. Texts of nearly the same words come close to each other;
 * other words of the same meaning do not, as they would with a model.
 */
export function localEmbedding(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0);
  const count = (feature: string, weight: number) => {
    const place = hash(feature) % DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + weight;
  };
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    count(word, WORD_WEIGHT);
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) count(padded.slice(at, at + 3), 1);
  }
  return vector;
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
