/** One side of a WebSocket connection as messages (RFC 6455, sections 5 and 7), for protocols that the gateway itself speaks. */
import type { Duplex } from 'node:stream';
import type { MessageChannel, MessageInspector, MessageReceiver } from '../exchange/exchange.ts';
import { CLOSE_CODES } from './websocket-frames.ts';

/** Bytes of one message. */
const LARGEST_MESSAGE = 1024 * 1024;

/** Bytes that may wait for a side that does not read. */
const MOST_WAITING = 16 * 1024 * 1024;

/** Milliseconds in which a side may still answer a close frame. */
const GRACE = 2000;

const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes that it takes. */
  readonly length: number;
}

/** A connection that must be ended, and with which code. */
class ProtocolError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class MessageSocket implements MessageChannel {
  readonly #socket: Duplex;
  /** The other side is a client, whose frames are masked; or a server, to which ours are. */
  readonly #other: 'client' | 'server';
  #receiver: MessageReceiver | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #size = 0;
  #closing = false;
  #working = false;

  constructor(socket: Duplex, other: 'client' | 'server') {
    this.#socket = socket;
    this.#other = other;
  }

  /** `early`: what the other side has sent behind its head already. */
  open(receiver: MessageReceiver, early: Uint8Array): void {
    this.#receiver = receiver;
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.once('close', () => this.#gone());
    this.#socket.once('end', () => this.#socket.end());
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#take(Buffer.from(early));
    this.#socket.resume();
  }

  send(text: string): void {
    if (this.#closing || !this.#socket.writable) return;
    this.#socket.write(this.#frame(OPCODES.text, Buffer.from(text)));
    // Whoever does not read is not waited for.
    if (this.#socket.writableLength > MOST_WAITING) this.#socket.destroy();
  }

  close(code: number, reason = ''): void {
    if (this.#closing) return;
    this.#closing = true;
    const text = Buffer.from(reason).subarray(0, 123);
    const payload = code === NO_STATUS ? Buffer.alloc(0) : Buffer.concat([Buffer.from([code >> 8, code & 0xff]), text]);
    if (this.#socket.writable) this.#socket.end(this.#frame(OPCODES.close, payload));
    setTimeout(() => this.#socket.destroy(), GRACE).unref();
  }

  /** The gateway stops. */
  goAway(): void {
    this.close(CLOSE_CODES.goingAway);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #gone(): void {
    this.#closing = true;
    this.#receiver?.closed();
  }

  #take(chunk: Buffer): void {
    if (this.#closing && this.#waiting.length > LARGEST_MESSAGE) return;
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    if (!this.#working) void this.#work();
  }

  /** One message after the other; the other side waits while one is looked at. */
  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let frame = this.#next(); frame && !this.#closing; frame = this.#next()) {
        const text = this.#accept(frame);
        const work = text === undefined ? undefined : this.#receiver?.message(text);
        if (!(work instanceof Promise)) continue;
        this.#socket.pause();
        await work;
        this.#socket.resume();
      }
    } catch (error) {
      if (error instanceof ProtocolError) this.close(error.code, error.message);
      else this.close(CLOSE_CODES.internal, 'Internal error');
    }
    this.#working = false;
  }

  #next(): Frame | undefined {
    const frame = readFrame(this.#waiting, this.#other === 'client');
    if (frame) this.#waiting = this.#waiting.subarray(frame.length);
    return frame;
  }

  /** A whole text message, once its last part is there. */
  #accept({ isLast, opcode, payload }: Frame): string | undefined {
    if (opcode >= OPCODES.close) return this.#control(opcode, payload);
    if (opcode === OPCODES.binary) throw new ProtocolError(1003, 'only text is taken');
    if ((opcode === OPCODES.continuation) === (this.#parts.length === 0)) throw new ProtocolError(1002, 'a part out of its turn');
    this.#parts.push(payload);
    this.#size += payload.length;
    if (this.#size > LARGEST_MESSAGE || this.#parts.length > 1024) throw new ProtocolError(1009, 'the message is too large');
    if (!isLast) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return textOf(whole);
  }

  #control(opcode: number, payload: Buffer): undefined {
    if (opcode === OPCODES.ping && this.#socket.writable) this.#socket.write(this.#frame(OPCODES.pong, payload));
    if (opcode !== OPCODES.close) return;
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : NO_STATUS;
    this.#receiver?.ending?.(code, payload.subarray(2).toString());
    this.close(code);
  }

  #frame(opcode: number, payload: Buffer): Buffer {
    const mask = this.#other === 'server' ? 0x80 : 0;
    const length = payload.length;
    const head =
      length < 126
        ? [0x80 | opcode, mask | length]
        : length < 65_536
          ? [0x80 | opcode, mask | 126, length >> 8, length & 0xff]
          : [0x80 | opcode, mask | 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
    // A mask of zeros changes nothing; it hides nothing either, the connection is ours.
    return Buffer.concat([Buffer.from(mask === 0 ? head : [...head, 0, 0, 0, 0]), payload]);
  }
}

interface RelayedSide {
  readonly messages: MessageSocket;
  readonly early: Uint8Array;
}

/** Brings the messages of both sides to each other; those of the caller are looked at on the way. */
export function relay(caller: RelayedSide, backend: RelayedSide, inspect: MessageInspector): void {
  const { messages: near } = caller;
  const { messages: far } = backend;
  far.open(
    {
      message: (text) => near.send(text),
      ending: (code, reason) => near.close(code, reason),
      closed: () => near.close(CLOSE_CODES.badGateway),
    },
    backend.early,
  );
  near.open(
    {
      message: async (text) => {
        const verdict = await inspect(text);
        if ('forward' in verdict) far.send(verdict.forward);
        else near.send(verdict.answer);
      },
      ending: (code, reason) => far.close(code, reason),
      closed: () => far.close(CLOSE_CODES.goingAway),
    },
    caller.early,
  );
}

/** Stands for a close frame without a code; never sent (section 7.4.1). */
const NO_STATUS = 1005;

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtocolError(1007, 'the text is not UTF-8');
  }
}

/** The first frame of the bytes; undefined while it is not whole. */
function readFrame(bytes: Buffer, isMasked: boolean): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const opcode = first & 0x0f;
  const isControl = opcode >= OPCODES.close;
  if ((first & 0x70) !== 0) throw new ProtocolError(1002, 'an extension that was not agreed on');
  if ((opcode > 2 && opcode < 8) || opcode > 10) throw new ProtocolError(1002, 'an unknown kind of frame');
  if (((second & 0x80) !== 0) !== isMasked) throw new ProtocolError(1002, isMasked ? 'a frame without a mask' : 'a frame with a mask');
  const short = second & 0x7f;
  if (isControl && (short > 125 || (first & 0x80) === 0)) throw new ProtocolError(1002, 'a control frame that is too large');
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > LARGEST_MESSAGE) throw new ProtocolError(1009, 'the message is too large');
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (isMasked) for (let at = 0; at < length; at += 1) payload[at] = (payload[at] ?? 0) ^ (bytes[start - 4 + (at % 4)] ?? 0);
  return { isLast: (first & 0x80) !== 0, opcode, payload, length: start + length };
}
