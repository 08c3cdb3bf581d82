/** Tells listeners of a call to another service. */
import type { OutgoingRequest } from '../host/host.ts';
import type { StepInfo } from './events.ts';
import type { Exchange } from './exchange.ts';

/**
 * `status` null: no answer came, and `error` says why.
 * `step`: the policy that called; default: the one that runs now.
 */
export function tellCall(
  exchange: Exchange,
  { method, origin, path }: Pick<OutgoingRequest, 'method' | 'origin' | 'path'>,
  status: number | null,
  error?: unknown,
  step: StepInfo | null = exchange.current,
): void {
  if (!exchange.listener) return;
  const reason = error instanceof Error ? { error: error.message } : {};
  exchange.emit({ kind: 'call-made', step, method, url: origin + path, status, ...reason });
}
