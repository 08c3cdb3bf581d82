/** IP addresses as numbers, so that ranges compare within one family. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Reads an IPv4 or IPv6 address; IPv4 mapped into IPv6 (`::ffff:1.2.3.4`) counts as IPv4. Undefined when it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '');
  if (bare.length > 64) return undefined;
  if (!bare.includes(':')) return parseV4(bare);
  const value = parseV6(bare);
  if (value === undefined) return undefined;
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
}

function parseV4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return { family: 4, value };
}

function parseV6(text: string): bigint | undefined {
  const halves = withoutDots(text)?.split('::');
  if (!halves || halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '');
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...new Array<number>(Math.max(missing, 0)).fill(0), ...tail];
  return all.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** `::ffff:1.2.3.4` to `::ffff:102:304`. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const colon = text.lastIndexOf(':');
  const v4 = parseV4(text.slice(colon + 1));
  if (!v4) return undefined;
  return `${text.slice(0, colon + 1)}${(v4.value >> 16n).toString(16)}:${(v4.value & 0xffffn).toString(16)}`;
}

function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : undefined;
}

/** Whether an address lies between two others of its family, both inclusive. */
export function isBetween(address: IpAddress, from: IpAddress, to: IpAddress): boolean {
  if (address.family !== from.family || address.family !== to.family) return false;
  return address.value >= from.value && address.value <= to.value;
}
