/**
 * Callers that send their body, or take an answer, so slowly that they hold the gateway's means for nothing. One slow clock
 * looks at all connections, so that a call pays nothing for it. Kestrel, which the service runs on, has the same minimum
 * rate for both directions by default: 240 bytes a second.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds between two looks; also the grace of a new call. */
const PERIOD = 5000;

/** A connection as node:http keeps it: the answer that is due on it. */
type Serving = Socket & { readonly _httpMessage?: ServerResponse | null };

interface Seen {
  readonly message: ServerResponse | null | undefined;
  readonly read: number;
  readonly written: number;
}

export class SlowCallers {
  readonly #rate: number;
  readonly #period: number;
  /** The connection is about to be cut: its body (true) or its answer is too slow. */
  readonly #cut: (socket: Socket, message: ServerResponse, sends: boolean) => void;
  readonly #seen = new Map<Serving, Seen>();
  #clock: NodeJS.Timeout | undefined;

  /** `rate` in bytes a second; 0 looks at nothing. */
  constructor(rate: number, cut: (socket: Socket, message: ServerResponse, sends: boolean) => void, period = PERIOD) {
    this.#rate = rate;
    this.#cut = cut;
    this.#period = period;
  }

  add(socket: Socket): void {
    if (this.#rate <= 0) return;
    this.#seen.set(socket, { message: undefined, read: 0, written: 0 });
    socket.once('close', () => this.#seen.delete(socket));
    this.#clock ??= setInterval(() => this.#look(), this.#period).unref();
  }

  stop(): void {
    clearInterval(this.#clock);
  }

  #look(): void {
    const least = (this.#rate * this.#period) / 1000;
    for (const [socket, before] of this.#seen) {
      const now = { message: socket._httpMessage, read: socket.bytesRead, written: socket.bytesWritten - socket.writableLength };
      this.#seen.set(socket, now);
      const { message } = now;
      if (!message || message !== before.message) continue;
      if (isSending(message) && now.read - before.read < least) this.#cut(socket, message, true);
      else if (socket.writableLength > 0 && now.written - before.written < least) this.#cut(socket, message, false);
    }
  }
}

/** Its body is still to come, and somebody waits for it: one that nobody reads at the moment is held up by the gateway. */
function isSending({ req }: ServerResponse): boolean {
  return !req.complete && req.readableLength === 0 && (req.readableFlowing === true || req.listenerCount('readable') > 0);
}
