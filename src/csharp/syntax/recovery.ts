/** Getting over tokens that fit nowhere. */
import type { Cursor } from './cursor.ts';
import type { Wording } from './faults.ts';

/** Reports the first token and skips up to where `stop` holds; false when it holds already. */
export function skipBadTokens(c: Cursor, wording: Wording, stop: () => boolean): boolean {
  if (stop() || c.is('end')) return false;
  c.reportMissing(wording);
  do c.advance();
  while (!stop() && !c.is('end'));
  return true;
}
