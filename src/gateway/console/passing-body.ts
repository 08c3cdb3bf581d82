/** Bodies on their way: the first bytes are kept for the page. */
import type { Masks } from '../masks.ts';
import type { BodyRow } from './call-rows.ts';

/** Bytes of a body that are kept. */
export const BODY_BYTES = 16 * 1024;

/** Counts all bytes that pass, and keeps the first ones. */
export class PassingBody {
  #kept: Uint8Array[] = [];
  #size = 0;
  bytes = 0;

  see(chunk: Uint8Array | string): void {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.bytes += data.length;
    const room = BODY_BYTES - this.#size;
    if (room <= 0) return;
    // Copied: who sent it may use the memory again.
    this.#kept.push(data.slice(0, room));
    this.#size += Math.min(room, data.length);
  }

  row(masks: Masks): BodyRow | null {
    if (this.bytes === 0) return null;
    return bodyRow(Buffer.concat(this.#kept), this.bytes, masks);
  }
}

/** Of the first bytes of a body, and the number of all. */
export function bodyRow(kept: Uint8Array, bytes: number, masks: Masks): BodyRow {
  const truncated = kept.length < bytes;
  const text = decode(kept, truncated);
  if (text === undefined) return { text: '', bytes, truncated, binary: true };
  return { text: masks.body(text), bytes, truncated, binary: false };
}

/** Undefined for what is no text. The last characters of a cut text may be incomplete. */
function decode(bytes: Uint8Array, truncated: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
