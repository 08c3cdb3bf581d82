/** Callers that do not give up: a connection each, one request at a time, a new connection when the old one breaks. */
import { connect } from 'node:net';

export interface Calls {
  answered: number;
  /** Requests that were sent and got no whole answer. */
  failed: number;
  /** Connections that could not be opened. */
  refused: number;
  readonly statuses: Map<number, number>;
  /** Milliseconds of the slowest answer. */
  slowest: number;
}

export interface Clients {
  readonly calls: Calls;
  /** Lets running requests end. */
  stop(): Promise<void>;
}

export function startClients(port: number, request: string, connections: number): Clients {
  const calls: Calls = { answered: 0, failed: 0, refused: 0, statuses: new Map(), slowest: 0 };
  const bytes = Buffer.from(request, 'latin1');
  const state = { stopping: false };
  const ends = Array.from({ length: connections }, () => client(port, bytes, calls, state));
  return {
    calls,
    stop: async () => {
      state.stopping = true;
      await Promise.all(ends);
    },
  };
}

async function client(port: number, request: Buffer, calls: Calls, state: { readonly stopping: boolean }): Promise<void> {
  while (!state.stopping) await connection(port, request, calls, state);
}

function connection(port: number, request: Buffer, calls: Calls, state: { readonly stopping: boolean }): Promise<void> {
  return new Promise((resolve) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentAt = 0;
    let opened = false;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(request);
    };
    const socket = connect(port, '127.0.0.1', () => {
      opened = true;
      send();
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      if (pending.length < end + 4 + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)) return;
      pending = Buffer.alloc(0);
      calls.answered += 1;
      calls.slowest = Math.max(calls.slowest, performance.now() - sentAt);
      const status = Number(head.slice(9, 12));
      calls.statuses.set(status, (calls.statuses.get(status) ?? 0) + 1);
      sentAt = 0;
      if (state.stopping || /^connection: *close/im.test(head)) socket.end();
      else send();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      if (!opened) calls.refused += 1;
      else if (sentAt > 0) calls.failed += 1;
      resolve();
    });
  });
}
