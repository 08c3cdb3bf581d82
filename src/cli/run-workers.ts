/** `portico run --workers`: the parent that starts the workers, and what is different in a worker. */
import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { DEBUG_KEY } from '../gateway/azure-trace/credentials.ts';
import { CONSOLE_TOKEN, newToken } from '../gateway/console/guard.ts';
import type { GatewayOptions } from '../gateway/gateway.ts';
import { newWorkers, WorkerFailure, type Workers } from '../gateway/workers.ts';
import { writeLines } from '../gateway/workers-member.ts';
import { tellParent } from '../gateway/workers-tell.ts';
import { renderDiagnostic } from '../source/render.ts';
import { painter } from './output.ts';

export { followParent } from '../gateway/workers-member.ts';

/** Whether this process is a worker: it runs the command of its parent. */
export const isWorker = cluster.isWorker;

export interface ParentOptions {
  readonly count: number;
  readonly watched: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** Said once calls are taken. */
  welcome(address: string): string;
  /** Done when all workers have ended. */
  stopped(): Promise<void>;
}

/** Starts the workers and follows signals; a failed start gives the worker's exit code. */
export async function runParent({ count, watched, variables, welcome, stopped }: ParentOptions): Promise<void> {
  const tell = (text: string) => void process.stderr.write(text);
  const shared = { [DEBUG_KEY]: randomBytes(32).toString('hex'), [CONSOLE_TOKEN]: newToken() };
  const workers = newWorkers({ count, watched, variables: { ...variables, ...shared }, tell });
  // The first worker takes calls before the last one is ready.
  const isStopping = followSignals(workers, stopped, tell);
  try {
    await workers.start();
    if (!isStopping()) tell(`portico listens on ${workers.address} with ${count} workers\n${workers.notes}${welcome(workers.address)}`);
  } catch (error) {
    // A stop ends those that are not ready yet.
    if (isStopping()) return;
    await stopped();
    if (!(error instanceof WorkerFailure)) throw error;
    process.exitCode = error.code;
  }
}

/** A second signal ends the parent at once, and its workers with it. Gives whether the first has come. */
function followSignals(workers: Workers, stopped: () => Promise<void>, tell: (text: string) => void): () => boolean {
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal);
    tell('\nstopping: waiting for running calls\n');
    await workers.stop();
    await stopped();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  if (process.platform !== 'win32') process.on('SIGUSR2', toggleAll);
  // A service manager's way to say reload; a terminal that closes says it too, and means the end.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => workers.reload());
  return () => stopping;
}

/** Each worker switches its log to `debug` and back. */
function toggleAll(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGUSR2');
}

/** What a worker does differently: it watches nothing, reports its loads to the parent, and does not tear lines. */
export function workerOptions(log: boolean): Partial<GatewayOptions> {
  return {
    watch: false,
    onLoad: (problems, taken) => {
      const paint = painter(process.stderr);
      tellParent({ kind: 'loaded', problems: problems.map((problem) => `${renderDiagnostic(problem, paint)}\n\n`).join(''), taken });
    },
    ...(log ? { log: (text: string) => writeLines(text, (piece) => void process.stdout.write(piece)) } : {}),
  };
}
