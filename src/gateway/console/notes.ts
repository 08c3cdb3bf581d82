/** What steps did, masked and cut to what a page can show. */
import type { ExchangeEvent } from '../../exchange/events.ts';
import type { Masks } from '../masks.ts';
import type { Note } from './call-rows.ts';
import { maskFor, short, shownValue } from './values.ts';

/** Events that say what a step did. */
export type NotedEvent = Exclude<ExchangeEvent, { kind: `step-${string}` | `section-${string}` }>;

/** The note of an event; `at`: milliseconds since the call came in. */
export function noteOf(event: NotedEvent, at: number, masks: Masks): Note {
  const text = (value: string) => short(masks.text(value));
  switch (event.kind) {
    case 'value-written': {
      const { target, name, before, after } = event;
      const mask = maskFor(target, name, masks);
      return { kind: 'wrote', at, target, name, before: shownValue(before, mask), after: shownValue(after, mask) };
    }
    case 'expression-evaluated':
      return {
        kind: 'expression',
        at,
        code: text(event.expression.trim()),
        value: shownValue(event.value, (value) => masks.text(value)),
      };
    case 'branch-taken':
      return { kind: 'branch', at, branch: event.branch };
    case 'call-made':
      return {
        kind: 'call',
        at,
        method: event.method,
        url: short(masks.url(event.url)),
        status: event.status,
        error: event.error ?? null,
      };
    case 'message':
      return { kind: 'message', at, source: event.source, severity: event.severity, text: text(event.message) };
    case 'token-checked':
      return { kind: 'token', at, check: event.check, expected: text(event.expected), actual: text(event.actual), passed: event.passed };
    case 'error-raised':
      return { kind: 'error', at, source: event.error.source, reason: event.error.reason ?? '', text: text(event.error.message) };
  }
}
