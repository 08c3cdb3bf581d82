/** Timing of small functions: rounds of a fixed time, interleaved, the median of all rounds. */

/** Nanoseconds a call of each function. */
export function interleaved(functions: Readonly<Record<string, () => unknown>>, rounds = 9, milliseconds = 40): Map<string, number> {
  const samples = new Map<string, number[]>(Object.keys(functions).map((name) => [name, []]));
  const kept: unknown[] = [];
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(functions)) {
      const cost = timed(run, milliseconds, kept);
      if (round >= 0) samples.get(name)?.push(cost);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

/** The results are kept so that no call can be optimised away. */
function timed(run: () => unknown, milliseconds: number, kept: unknown[]): number {
  const end = performance.now() + milliseconds;
  const started = performance.now();
  let calls = 0;
  do {
    for (let at = 0; at < 50; at += 1) kept[0] = run();
    calls += 50;
  } while (performance.now() < end);
  return ((performance.now() - started) * 1e6) / calls;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
