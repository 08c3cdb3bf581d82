import type { WorkerMessage } from './workers-messages.ts';

/** Does nothing in a process without a parent, or when it is gone. */
export function tellParent(message: WorkerMessage): void {
  if (process.connected) process.send?.(message);
}
