import type { Exchange } from '../../exchange/exchange.ts';

/** Longest key that is kept as it is. */
const LONGEST = 256;

/** A key as stores keep it: callers may decide how long one is, and a long one is known by its hash. */
export function counterKey(text: string | null, { host }: Exchange): string {
  const key = text ?? '';
  return key.length <= LONGEST ? key : `sha256 ${host.crypto.hashText('sha256', key)}`;
}
