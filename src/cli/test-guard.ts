/**
 * Cuts off tests whose code neither ends nor waits: a regular expression of an expectation that backtracks for hours, say.
 * A small thread of its own looks at the clock. It ends what runs in the main thread, whose own timer then fails the test;
 * of helpers it tells.
 */
import { Worker } from 'node:worker_threads';
import type { Guard } from '../testing/case.ts';

/** By thread, until when its test may run, on `sharedClock`; 0 stands for no test. */
export type Slots = Int32Array;

/** Most threads of a run, the main one included. */
export const MOST_THREADS = 64;
const CLOCK_PERIOD = 2 ** 30;

/** Where a thread says until when its test may run. */
export function slotGuard(slots: Slots, slot: number): Guard {
  return {
    begin: (milliseconds) => void Atomics.store(slots, slot, sharedClock() + Math.min(milliseconds, CLOCK_PERIOD)),
    end: () => void Atomics.store(slots, slot, 0),
  };
}

/** Milliseconds that all threads count alike, small enough for 31 bits and never 0. */
function sharedClock(): number {
  return (Date.now() % CLOCK_PERIOD) + 1;
}

/**
 * The thread's program: none of our modules, so that it is there in no time. The grace lets a timer of the thread itself be
 * first; the inspector ends running code as a debugger's stop does.
 */
const WATCH = `
const { workerData: slots, parentPort } = require('node:worker_threads');
const GRACE = 200;
const cut = () => {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
};
setInterval(() => {
  const now = (Date.now() % ${CLOCK_PERIOD}) + 1;
  for (let slot = 0; slot < slots.length; slot += 1) {
    const end = Atomics.load(slots, slot);
    if (end === 0 || now < end + GRACE) continue;
    Atomics.store(slots, slot, 0);
    if (slot === 0) cut();
    else parentPort.postMessage(slot);
  }
}, 100);
`;

/** The guard of the main thread, and of its helpers. */
export class ThreadGuard implements Guard {
  readonly slots: Slots = new Int32Array(new SharedArrayBuffer(4 * MOST_THREADS));
  /** Told the slot of a helper whose test does not end. */
  onHung: (slot: number) => void = () => {};
  readonly #own = slotGuard(this.slots, 0);
  #watch: Worker | undefined;

  begin(milliseconds: number): void {
    this.#watch ??= this.#start();
    this.#own.begin(milliseconds);
  }

  end(): void {
    this.#own.end();
  }

  #start(): Worker {
    const watch = new Worker(WATCH, { eval: true, workerData: this.slots, execArgv: [] });
    watch.on('message', (slot: number) => this.onHung(slot));
    // Without an inspector nothing is cut; the tests run all the same.
    watch.on('error', () => {});
    watch.unref();
    return watch;
  }
}
