/** Replacing text in bytes: what is not touched stays as it is, whatever its encoding. */

const ENCODER = new TextEncoder();

/**
 * All occurrences of a text (in UTF-8, compared byte for byte) replaced; the same array when there is none. `from` is not
 * empty. `ends`, given the place behind an occurrence, decides whether it counts.
 */
export function replaceBytes(bytes: Uint8Array, from: string, to: string, ends?: (bytes: Uint8Array, at: number) => boolean): Uint8Array {
  const wanted = ENCODER.encode(from);
  const found = placesOf(bytes, wanted);
  const places = ends ? found.filter((place) => ends(bytes, place + wanted.length)) : found;
  if (places.length === 0) return bytes;
  const replacement = ENCODER.encode(to);
  const result = new Uint8Array(bytes.length + places.length * (replacement.length - wanted.length));
  let [read, write] = [0, 0];
  for (const place of places) {
    result.set(bytes.subarray(read, place), write);
    write += place - read;
    result.set(replacement, write);
    write += replacement.length;
    read = place + wanted.length;
  }
  result.set(bytes.subarray(read), write);
  return result;
}

/** Knuth-Morris-Pratt, so that a body made to match almost everywhere costs no more than another. */
function placesOf(bytes: Uint8Array, wanted: Uint8Array): number[] {
  const fallback = fallbackTable(wanted);
  const places: number[] = [];
  let matched = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    while (matched > 0 && bytes[at] !== wanted[matched]) matched = fallback[matched - 1] ?? 0;
    if (bytes[at] === wanted[matched]) matched += 1;
    if (matched < wanted.length) continue;
    places.push(at - matched + 1);
    matched = 0;
  }
  return places;
}

function fallbackTable(wanted: Uint8Array): Int32Array {
  const table = new Int32Array(wanted.length);
  let matched = 0;
  for (let at = 1; at < wanted.length; at += 1) {
    while (matched > 0 && wanted[at] !== wanted[matched]) matched = table[matched - 1] ?? 0;
    if (wanted[at] === wanted[matched]) matched += 1;
    table[at] = matched;
  }
  return table;
}
