/**
 * Work that threads share. This thread works from the first item on; where much is left after a while, helpers join, so that
 * a short run never pays for their start. Results are told in order, whoever came to them.
 */
import { Worker } from 'node:worker_threads';
import type { ThreadGuard } from './test-guard.ts';
import type { HelperSetup, Job, Told } from './test-helper.ts';

export interface SharedWork<Result> {
  readonly count: number;
  /** What a helper is to do. */
  readonly job: Job;
  /** The result of an item, made in this thread. */
  here(at: number): Result | Promise<Result>;
  /** The same of what a helper made. */
  revived(told: unknown, at: number): Result;
  /** Takes results in order; false stops everything. */
  done(result: Result): boolean | Promise<boolean>;
}

export interface Threads {
  /** Most threads, this one included. */
  readonly count: number;
  /** Helpers start at once, not only where they are worth it. */
  readonly atOnce: boolean;
  readonly guard: ThreadGuard;
}

/** A helper loads the program and compiles the policies: with less work left than this, in milliseconds, it comes too late. */
const WORTH_A_HELPER = 4000;
/** Before that nobody knows how long an item takes. */
const PATIENCE = 500;

export function runShared<Result>(work: SharedWork<Result>, threads: Threads): Promise<void> {
  return new SharedRun(work, threads).run();
}

class SharedRun<Result> {
  readonly #work: SharedWork<Result>;
  readonly #threads: Threads;
  /** The first item that nobody has taken. */
  readonly #next = new Int32Array(new SharedArrayBuffer(4));
  readonly #results = new Map<number, Result>();
  readonly #helpers = new Map<Worker, number>();
  #told = 0;
  #stopped = false;
  /** Called when a helper has come to something. */
  #wake: () => void = () => {};

  constructor(work: SharedWork<Result>, threads: Threads) {
    this.#work = work;
    this.#threads = threads;
  }

  async run(): Promise<void> {
    try {
      if (this.#threads.atOnce) this.#startHelpers();
      await this.#workHere();
      while (!this.#isDone) await this.#waitForHelpers();
    } finally {
      await Promise.all([...this.#helpers.keys()].map((helper) => helper.terminate()));
    }
  }

  get #isDone(): boolean {
    return this.#stopped || this.#told >= this.#work.count;
  }

  async #workHere(): Promise<void> {
    const started = process.cpuUsage();
    for (let at = this.#take(); at < this.#work.count && !this.#stopped; at = this.#take()) {
      this.#results.set(at, await this.#work.here(at));
      await this.#tell();
      await turn();
      if (this.#helpers.size === 0 && this.#isLong(millisecondsSince(started), at + 1)) this.#startHelpers();
    }
  }

  #take(): number {
    return Atomics.add(this.#next, 0, 1);
  }

  #isLong(elapsed: number, finished: number): boolean {
    return elapsed > PATIENCE && (elapsed / finished) * (this.#work.count - finished) > WORTH_A_HELPER;
  }

  /** What helpers leave behind when they end is done here. */
  async #waitForHelpers(): Promise<void> {
    await this.#tell();
    if (this.#isDone) return;
    if (this.#helpers.size === 0) this.#results.set(this.#told, await this.#work.here(this.#told));
    else await new Promise<void>((wake) => (this.#wake = wake));
  }

  async #tell(): Promise<void> {
    for (let result = this.#results.get(this.#told); result !== undefined; result = this.#results.get(this.#told)) {
      this.#results.delete(this.#told);
      if (this.#stopped || !(await this.#work.done(result))) this.#stopped = true;
      this.#told += 1;
    }
  }

  #startHelpers(): void {
    const { count, guard } = this.#threads;
    guard.onHung = (slot) => this.#cut(slot);
    for (let slot = 1; slot < Math.min(count, this.#work.count); slot += 1) this.#start(slot);
  }

  #start(slot: number): void {
    const { job, count } = this.#work;
    const workerData: HelperSetup = { job, next: this.#next, count, slots: this.#threads.guard.slots, slot };
    const helper = new Worker(process.argv[1] ?? '', { argv: ['test'], workerData, stdout: true, stderr: true });
    this.#helpers.set(helper, slot);
    helper.on('message', ({ at, result }: Told) => {
      this.#results.set(at, this.#work.revived(result, at));
      this.#wake();
    });
    helper.on('error', () => {});
    helper.on('exit', () => {
      this.#helpers.delete(helper);
      this.#wake();
    });
  }

  #cut(hung: number): void {
    for (const [helper, slot] of this.#helpers) if (slot === hung) void helper.terminate();
  }
}

/** Of processor time: where others keep the processors busy, another thread would be one more that waits. */
function millisecondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** Timers and messages get their turn. */
function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
