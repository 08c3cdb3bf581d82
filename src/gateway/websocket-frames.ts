/**
 * Follows the frames of one direction of a WebSocket connection (RFC 6455, section 5.2) without touching them, so that the
 * gateway knows where a frame of its own may stand.
 */
export class FrameTracker {
  /** The other side was told that it is over: nothing may follow. */
  closed = false;
  /** Bytes of the payload that are still to come. */
  #left = 0;
  /** The header as far as it has come. */
  readonly #header: number[] = [];

  /** Between two frames. */
  get isBetween(): boolean {
    return this.#left === 0 && this.#header.length === 0;
  }

  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
      } else {
        this.#header.push(chunk[at] ?? 0);
        at += 1;
        this.#readHeader();
      }
    }
  }

  #readHeader(): void {
    const header = this.#header;
    if (header.length < 2) return;
    const short = (header[1] ?? 0) & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = ((header[1] ?? 0) & 0x80) === 0 ? 0 : 4;
    if (header.length < 2 + lengthBytes + maskBytes) return;
    const length = header.slice(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    this.#left = lengthBytes === 0 ? short : length;
    if (((header[0] ?? 0) & 0x0f) === CLOSE) this.closed = true;
    header.length = 0;
  }
}

const CLOSE = 0x8;

/** Why the gateway ends a connection: it stops (section 7.4.1), or the backend broke off (IANA registry, Bad Gateway). */
export const CLOSE_CODES = { goingAway: 1001, internal: 1011, badGateway: 1014 } as const;

/** A close frame; those to the backend are masked, with a mask that changes nothing, as it hides nothing either. */
export function closeFrame(code: number, masked: boolean): Uint8Array {
  const payload = [code >> 8, code & 0xff];
  return Uint8Array.from([0x80 | CLOSE, (masked ? 0x80 : 0) | payload.length, ...(masked ? [0, 0, 0, 0] : []), ...payload]);
}
