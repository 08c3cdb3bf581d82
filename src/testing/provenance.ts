/** Which policy wrote a value: read off the events of a call. */
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';

/** `set-header at apis/orders/policy.xml:12`, for the last write of a target (and name). */
export function writerOf(events: readonly ExchangeEvent[], target: string, name?: string): string | undefined {
  const write = events.findLast(
    (event) =>
      event.kind === 'value-written' && event.target === target && (name === undefined || event.name.toLowerCase() === name.toLowerCase()),
  );
  return write?.kind === 'value-written' && write.step ? placeOf(write.step) : undefined;
}

function placeOf({ policy, file, span }: StepInfo): string {
  return `${policy} at ${file.name}:${file.positionAt(span.start).line}`;
}
