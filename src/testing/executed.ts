/** Expectations on which policies ran. A policy is named by its element, its `id`, its path, or `file:line`. */
import type { StepInfo } from '../exchange/events.ts';
import type { Entry } from '../workspace/config-file.ts';
import { type Check, passes, textCheck } from './matching.ts';

/** Steps that ran and steps that were skipped, in order. */
export interface RanSteps {
  readonly ran: readonly StepInfo[];
  readonly skipped: readonly StepInfo[];
}

/** All of them ran, in this order; others may have run between them. */
export function executedCheck(entry: Entry): Check {
  const items = itemsOf(entry);
  return (actual, what, note) => {
    const { ran } = actual as RanSteps;
    let at = 0;
    for (const { item, fits } of items) {
      const found = ran.findIndex((step, index) => index >= at && fits(step));
      if (found < 0) return note(item, what, item.text() ?? '', ran.map(({ policy }) => policy).join(', ') || 'none');
      at = found + 1;
    }
  };
}

/** None of them ran. */
export function skippedCheck(entry: Entry): Check {
  const items = itemsOf(entry);
  return (actual, what, note) => {
    for (const { item, fits } of items) {
      const step = (actual as RanSteps).ran.find(fits);
      if (step) note(item, what, `${item.text() ?? ''} not to run`, `ran at ${placeOf(step)}`);
    }
  };
}

interface Item {
  readonly item: Entry;
  readonly fits: (step: StepInfo) => boolean;
}

function itemsOf(entry: Entry): Item[] {
  return (entry.isList ? entry.items() : [entry]).map((item) => {
    const check = textCheck(item);
    return { item, fits: (step) => namesOf(step).some((name) => passes(check, name)) };
  });
}

/** `set-header`, its id, `choose[1]/when[1]/set-header[1]`, `inbound/choose[1]`, `apis/orders/policy.xml:12`, `policy.xml:12`. */
function namesOf(step: StepInfo): string[] {
  const place = placeOf(step);
  // A fragment counts its own policies, wherever it is included.
  const inFragment = step.path.replace(/^(?:.*\/)?include-fragment\[\d+\]\//, '');
  const names = [step.policy, step.path, inFragment, `${step.section}/${step.path}`, place, place.slice(place.lastIndexOf('/') + 1)];
  return step.policyId === null ? names : [...names, step.policyId, `${step.policy}#${step.policyId}`];
}

function placeOf({ file, span }: StepInfo): string {
  return `${file.name}:${file.positionAt(span.start).line}`;
}
