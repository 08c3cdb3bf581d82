import type { WorkerMessage } from './workers-messages.ts';

/** Does nothing in a process without a parent, or when it is gone. */
export function tellParent(message: WorkerMessage): void {
  // A parent that ends at this moment is no failure: the worker hears of it by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
