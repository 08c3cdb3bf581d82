/** Messages that an author wrote: those of the `trace` policy and of `context.Trace`. */
import type { ExchangeEvent } from '../exchange/events.ts';

export type TracedMessage = Extract<ExchangeEvent, { kind: 'message' }>;

/** Without the notes of policies about themselves, such as what `emit-metric` recorded. */
export function tracedIn(events: readonly ExchangeEvent[]): TracedMessage[] {
  return events.filter(
    (event): event is TracedMessage => event.kind === 'message' && (event.step?.policy === 'trace' || event.source === 'context.Trace'),
  );
}
