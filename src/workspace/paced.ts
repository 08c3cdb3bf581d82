/** Long work in parts, so that a gateway answers calls while it reads its directory again. */
import { setImmediate } from 'node:timers/promises';

/** Work that may rest at each `yield`; what it returns is its result. Whoever asks for it decides how it is paced. */
export type Paced<T> = Generator<void, T, void>;

/** Milliseconds of work between two rests: what it adds to a call that waits for its turn. */
const SLICE = 5;

/** All of it now. */
export function atOnce<T>(work: Paced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** In slices of a few milliseconds; behind each whatever waits has its turn. Undefined when it is not wanted any more. */
export async function inSlices<T>(work: Paced<T>, isWanted: () => boolean): Promise<T | undefined> {
  for (let began = performance.now(); ; ) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - began < SLICE) continue;
    await setImmediate();
    if (!isWanted()) return undefined;
    began = performance.now();
  }
}
