/** The other side of `dap-worker.ts`: questions to the thread in which the policies run, and what it tells. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Program, Question, Told } from './dap-messages.ts';

/** The thread in which the policies run: it sleeps while a call is held, and wakes up for questions. */
export class PolicyThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal = new Int32Array(new SharedArrayBuffer(8));
  readonly #waiting = new Map<number, (value: unknown) => void>();
  readonly #told: (told: Told) => void;
  #asked = 0;
  #hasEnded = false;

  constructor(program: Program, told: (told: Told) => void) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#told = told;
    port1.on('message', (message: Told) => this.#take(message));
    const workerData = { port: port2, signal: this.#signal, program, nameIsTitle: 'type' in program };
    this.#worker = new Worker(process.argv[1] ?? '', { argv: ['dap'], workerData, transferList: [port2], stdout: true });
    this.#worker.on('error', (error) => {
      told({ kind: 'output', category: 'stderr', text: `${error.message}\n` });
      this.#take({ kind: 'ended', code: 2 });
    });
  }

  #take(message: Told): void {
    if (message.kind === 'answer') {
      this.#waiting.get(message.id)?.(message.value);
      this.#waiting.delete(message.id);
      return;
    }
    if (message.kind === 'ended') this.#close();
    this.#told(message);
  }

  /** Nobody answers any more. */
  #close(): void {
    this.#hasEnded = true;
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }

  /** Undefined when the call has ended. */
  ask(question: Question): Promise<unknown> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<unknown>((done) => this.#waiting.set(id, done));
    this.#port.postMessage({ ...question, id });
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
    return answer;
  }

  /** Holds the call at whatever comes next. */
  pause(): void {
    Atomics.store(this.#signal, 1, 1);
  }

  end(): void {
    this.#close();
    void this.#worker.terminate();
    this.#port.close();
  }
}
