/** A debug client for tests: speaks the Debug Adapter Protocol with the command over standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';

interface Message {
  readonly type: 'response' | 'event';
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  readonly body?: Record<string, unknown>;
}

export class DapClient {
  readonly child: ChildProcess;
  readonly events: Message[] = [];
  readonly #answers = new Map<number, (message: Message) => void>();
  #watching: { readonly event: string; readonly done: (body: Record<string, unknown>) => void }[] = [];
  #buffer = Buffer.alloc(0);
  #seq = 0;

  constructor(command: readonly string[]) {
    this.child = spawn(process.execPath, [...command], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#buffer.toString('latin1'));
      const length = Number(head?.[1]);
      const start = head?.[0].length ?? 0;
      if (!head || this.#buffer.length < start + length) return;
      this.#take(JSON.parse(this.#buffer.subarray(start, start + length).toString('utf8')) as Message);
      this.#buffer = this.#buffer.subarray(start + length);
    }
  }

  #take(message: Message): void {
    if (message.type === 'response') return this.#answers.get(message.request_seq ?? 0)?.(message);
    this.events.push(message);
    const woken = this.#watching.filter(({ event }) => event === message.event);
    this.#watching = this.#watching.filter(({ event }) => event !== message.event);
    for (const { done } of woken) done(message.body ?? {});
  }

  /** The next event of a kind from now on. */
  next(event: string): Promise<Record<string, unknown>> {
    return new Promise((done) => this.#watching.push({ event, done }));
  }

  async request<T = Record<string, unknown>>(command: string, args: object = {}): Promise<T> {
    this.#seq += 1;
    const seq = this.#seq;
    const text = JSON.stringify({ seq, type: 'request', command, arguments: args });
    const answer = new Promise<Message>((done) => this.#answers.set(seq, done));
    this.child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { success, message, body } = await answer;
    if (!success) throw new Error(message ?? 'refused');
    return (body ?? {}) as T;
  }

  output(): string {
    return this.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => String(body?.output ?? ''))
      .join('');
  }

  stop(): void {
    this.child.kill();
  }
}
