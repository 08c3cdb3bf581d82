/** Two sockets after a WebSocket handshake: bytes pass as they come, each way as fast as the other side takes them. */
import type { Duplex } from 'node:stream';
import { CLOSE_CODES, closeFrame, FrameTracker } from './websocket-frames.ts';

/** Milliseconds in which a side may still answer a close frame. */
const GRACE = 2000;

export class Tunnel {
  readonly #caller: Duplex;
  readonly #backend: Duplex;
  readonly #toCaller = new FrameTracker();
  readonly #toBackend = new FrameTracker();
  readonly #ended: () => unknown;
  #over = false;

  /** `ended` is called once, when both are closed or about to be. */
  constructor(caller: Duplex, backend: Duplex, ended: () => unknown) {
    this.#caller = caller;
    this.#backend = backend;
    this.#ended = ended;
  }

  /** `early`: what either side has sent behind its head already. */
  open(early: { readonly caller: Uint8Array; readonly backend: Uint8Array }): void {
    carry(this.#caller, this.#backend, this.#toBackend, early.caller);
    carry(this.#backend, this.#caller, this.#toCaller, early.backend);
    this.#caller.once('close', () => this.#callerGone());
    this.#backend.once('close', () => this.#backendGone());
    this.#caller.once('end', () => this.#callerEnds());
    this.#backend.once('end', () => this.#backendGone());
    for (const side of [this.#caller, this.#backend]) side.on('error', () => side.destroy());
  }

  /** Tells both sides that the gateway stops. */
  goAway(): void {
    if (this.#toCaller.isBetween && !this.#toCaller.closed) this.#caller.write(closeFrame(CLOSE_CODES.goingAway, false));
    if (this.#toBackend.isBetween && !this.#toBackend.closed) this.#backend.write(closeFrame(CLOSE_CODES.goingAway, true));
    setTimeout(() => this.destroy(), GRACE).unref();
  }

  destroy(): void {
    this.#caller.destroy();
    this.#backend.destroy();
  }

  /** Who says no more has left, or is about to: a backend that does not follow is not waited for. */
  #callerEnds(): void {
    this.#backend.end();
    setTimeout(() => this.destroy(), GRACE).unref();
  }

  #callerGone(): void {
    this.#backend.end();
    setTimeout(() => this.#backend.destroy(), GRACE).unref();
    this.#finish();
  }

  /** One that broke off without a close frame must not look as if all had been said. */
  #backendGone(): void {
    if (!this.#toCaller.closed && this.#toCaller.isBetween && this.#caller.writable) {
      this.#toCaller.closed = true;
      this.#caller.end(closeFrame(CLOSE_CODES.badGateway, false));
    } else if (this.#toCaller.isBetween) this.#caller.end();
    else this.#caller.destroy();
    setTimeout(() => this.#caller.destroy(), GRACE).unref();
    this.#finish();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended();
  }
}

/** What comes from one side goes to the other; a full side makes the first wait. */
function carry(from: Duplex, to: Duplex, tracker: FrameTracker, early: Uint8Array): void {
  const pass = (chunk: Uint8Array): void => {
    tracker.feed(chunk);
    if (!to.writable || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  };
  if (early.length > 0) pass(early);
  from.on('data', pass);
  from.resume();
}
