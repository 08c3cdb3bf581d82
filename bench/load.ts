/** Load over keep-alive connections, one request at a time on each; counts answers by status. */
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly statuses: ReadonlyMap<number, number>;
}

/** Sends the raw request again and again for so many milliseconds. */
export function load(port: number, request: string, connections: number, milliseconds: number): Promise<LoadResult> {
  const statuses = new Map<number, number>();
  const bytes = Buffer.from(request, 'latin1');
  const started = performance.now();
  let answers = 0;
  let open = connections;
  return new Promise((resolve, reject) => {
    const done = (): void => {
      open -= 1;
      if (open === 0) resolve({ answers, seconds: (performance.now() - started) / 1000, statuses });
    };
    for (let at = 0; at < connections; at += 1) {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.setNoDelay(true);
      readAnswers(socket, (status) => {
        answers += 1;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (performance.now() - started < milliseconds) socket.write(bytes);
        else socket.end();
      });
      socket.once('close', done);
      socket.once('error', reject);
    }
  });
}

/** Answers with a Content-Length; all that the benchmarks need. */
function readAnswers(socket: Socket, onAnswer: (status: number) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const total = end + 4 + length;
      if (pending.length < total) return;
      pending = pending.subarray(total);
      onAnswer(Number(head.slice(9, 12)));
    }
  });
}
