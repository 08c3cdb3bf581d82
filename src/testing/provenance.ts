/** Which policy wrote a value: read off the events of a call. */
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';

/** A written value: `request.header`, `response.header`, `query`, `variable`, `request.body`, `url`, `method`, `status`. */
export interface Target {
  readonly target: string;
  /** Header, parameter or variable; letter case of headers does not count. */
  readonly name?: string | undefined;
}

export type Write = Extract<ExchangeEvent, { kind: 'value-written' }>;

/** A URL is written whole, or by its query. */
export function isWriteOf(event: ExchangeEvent, { target, name }: Target): event is Write {
  if (event.kind !== 'value-written') return false;
  if (event.target !== target && !(target === 'url' && event.target === 'query')) return false;
  return name === undefined || (target === 'variable' ? event.name === name : event.name.toLowerCase() === name.toLowerCase());
}

/** `set-header at apis/orders/policy.xml:12`, for the last write of a target. */
export function writerOf(events: readonly ExchangeEvent[], target: Target): string | undefined {
  const write = events.findLast((event) => isWriteOf(event, target));
  return write?.kind === 'value-written' && write.step ? placeOf(write.step) : undefined;
}

/** Errors, and calls that no stub answered: why values are not what a test expects. */
export function troublesIn(events: readonly ExchangeEvent[]): string[] {
  const found = events.flatMap((event) => {
    if (event.kind === 'error-raised') return [`${failedPart(event)} failed: ${event.error.message.replace(/\s+/g, ' ')}`];
    if (event.kind !== 'call-made' || !event.step || event.error?.includes('no stub answers') !== true) return [];
    return [`${placeOf(event.step)} got no answer: ${event.error}`];
  });
  return [...new Set(found)];
}

/** An expression under test stands in a document of our own making. */
function failedPart({ step, error }: Extract<ExchangeEvent, { kind: 'error-raised' }>): string {
  if (!step) return error.source;
  return step.file.name.startsWith('<') ? 'the expression' : placeOf(step);
}

function placeOf({ policy, file, span }: StepInfo): string {
  return `${policy} at ${file.name}:${file.positionAt(span.start).line}`;
}
