/** IP addresses between text and bytes, with the forms that .NET accepts. */

/** Bytes of an IPv4 text: one to four parts, each decimal, octal (`0…`) or hexadecimal (`0x…`), the last one filling the rest. */
export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  const numbers = parts.map(ipv4Number);
  const last = numbers.pop();
  if (last === undefined || numbers.some((part) => part === undefined || part > 255)) return undefined;
  if (last >= 256 ** (4 - numbers.length)) return undefined;
  const rest = 4 - numbers.length;
  const tail = Array.from({ length: rest }, (_, i) => Math.floor(last / 256 ** (rest - 1 - i)) % 256);
  return Uint8Array.from([...numbers.map((part) => part ?? 0), ...tail]);
}

function ipv4Number(part: string): number | undefined {
  if (/^0[xX][0-9A-Fa-f]{1,8}$/.test(part)) return Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{1,11}$/.test(part)) return Number.parseInt(part, 8);
  return /^(0|[1-9][0-9]{0,9})$/.test(part) ? Number(part) : undefined;
}

export interface Ipv6 {
  readonly bytes: Uint8Array;
  readonly scope: number;
}

/** An IPv6 text, with or without brackets and scope. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const match = /^\[?([0-9A-Fa-f:.]{2,45})(?:%([0-9]{1,9}))?(?:\](?::\d{1,5})?)?$/.exec(text);
  if (match === null || text.startsWith('[') !== text.includes(']')) return undefined;
  const groups = ipv6Groups(match[1] ?? '');
  if (groups === undefined) return undefined;
  return { bytes: Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])), scope: Number(match[2] ?? 0) };
}

function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const bytes = /^(\d{1,3}\.){3}\d{1,3}$/.test(part) ? parseIpv4(part) : undefined;
      if (bytes === undefined) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = bytes;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

export function formatIpv4(bytes: ArrayLike<number>): string {
  return Array.from(bytes).join('.');
}

/** The canonical text: lower case, the longest run of zero groups shortened (RFC 5952), IPv4 tails written with dots. */
export function formatIpv6(bytes: Uint8Array, scope = 0): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[i * 2] ?? 0) * 256 + (bytes[i * 2 + 1] ?? 0));
  const embedded = hasIpv4Tail(groups);
  const shown = embedded ? groups.slice(0, 6) : groups;
  const tail = embedded ? formatIpv4(bytes.subarray(12)) : undefined;
  const suffix = scope === 0 ? '' : `%${scope}`;
  return (
    shorten(
      shown.map((group) => group.toString(16)),
      tail,
    ) + suffix
  );
}

function hasIpv4Tail(groups: readonly number[]): boolean {
  if (groups.slice(0, 5).some((group) => group !== 0)) return false;
  return groups[5] === 0xffff || (groups[5] === 0 && (groups[6] ?? 0) !== 0);
}

function shorten(groups: readonly string[], tail: string | undefined): string {
  const all = tail === undefined ? groups : [...groups, tail];
  const [start, length] = longestZeros(groups);
  if (length < 2) return all.join(':');
  return `${all.slice(0, start).join(':')}::${all.slice(start + length).join(':')}`;
}

function longestZeros(groups: readonly string[]): [number, number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end += 1;
    if (end - start > best[1]) best = [start, end - start];
  }
  return best;
}
