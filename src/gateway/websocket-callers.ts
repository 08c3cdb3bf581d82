/** The caller of a WebSocket API, over HTTP/1.1 or HTTP/2. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How a caller has asked, and how it is told that the backend agrees. */
export interface CallerSide {
  readonly stream: Duplex;
  readonly early: Uint8Array;
  /** The key for the backend; undefined: the caller has sent its own, and looks at the answer itself. */
  readonly key: string | undefined;
  agree(reason: string, headers: readonly string[]): void;
  watchIdle(milliseconds: number, idle: () => void): void;
}

/** HTTP/1.1: a 101 agrees, and the socket is taken from its server. */
export class UpgradingCaller implements CallerSide {
  readonly stream: Socket;
  readonly early: Uint8Array;
  readonly key = undefined;
  readonly #response: ServerResponse;

  constructor(socket: Duplex, early: Uint8Array, response: ServerResponse) {
    this.stream = socket as Socket;
    this.early = early;
    this.#response = response;
  }

  agree(reason: string, headers: readonly string[]): void {
    this.#response.writeHead(101, reason, ['Connection', 'Upgrade', 'Upgrade', 'websocket', ...headers]);
    this.#response.end();
    this.#response.detachSocket(this.stream);
    this.stream.setNoDelay(true);
    this.stream.setKeepAlive(true, 30_000);
  }

  watchIdle(milliseconds: number, idle: () => void): void {
    this.stream.removeAllListeners('timeout');
    this.stream.setTimeout(milliseconds, idle);
  }
}

/** RFC 8441, section 5: a 200 agrees, and neither key nor its answer is sent. */
export class ConnectingCaller implements CallerSide {
  readonly stream: ServerHttp2Stream;
  readonly early = new Uint8Array(0);
  readonly key = randomBytes(16).toString('base64');

  constructor(stream: ServerHttp2Stream) {
    this.stream = stream;
  }

  agree(_reason: string, headers: readonly string[]): void {
    const fields: Record<string, string> = {};
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = (headers[at] ?? '').toLowerCase();
      if (name !== 'sec-websocket-accept') fields[name] = headers[at + 1] ?? '';
    }
    this.stream.respond({ ':status': 200, ...fields });
  }

  watchIdle(milliseconds: number, idle: () => void): void {
    this.stream.setTimeout(milliseconds, idle);
  }
}
