/** Headers that belong to a connection and not to the message (RFC 9110, section 7.6.1), and the lists without them. */

/** By length, since most names have none of these lengths: comparing text comes last. */
const BY_LENGTH: ReadonlyMap<number, readonly string[]> = new Map([
  [2, ['te']],
  [7, ['trailer', 'upgrade']],
  [10, ['connection', 'keep-alive']],
  [16, ['proxy-connection']],
  [17, ['transfer-encoding']],
  [18, ['proxy-authenticate']],
  [19, ['proxy-authorization']],
]);

export function isHopByHop(name: string): boolean {
  return BY_LENGTH.get(name.length)?.includes(name.toLowerCase()) ?? false;
}

/** A raw list without connection headers; the list itself when there are none. */
export function withoutHopByHop(raw: readonly string[]): readonly string[] {
  for (let at = 0; at < raw.length; at += 2) if (isHopByHop(raw[at] ?? '')) return copyWithout(raw);
  return raw;
}

function copyWithout(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!isHopByHop(name)) kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}
