import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { runStep, type Step } from './step.ts';

/** `<wait>`: runs its children side by side and goes on when all are done. */
export const wait: PolicyDefinition = {
  name: 'wait',
  summary: 'Runs the direct children in parallel and waits for them.',
  page: 'wait-policy',
  sections: ['inbound', 'outbound', 'backend'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [optional('for', 'enum', 'What to wait for.', { values: ['all', 'any'], default: 'all' })],
  content: 'policies',
  only: ['send-request', 'cache-lookup-value', 'cache-store-value', 'choose', 'forward-request', 'authentication-managed-identity'],
  compile: compileWait,
};

function compileWait(element: PolicyElement, compiler: PolicyCompiler): Step {
  if (element.has('for') && element.literal('for') !== 'all') compiler.report(faults.waitAny(), element.xml.nameSpan);
  const steps = element.steps();
  return async (exchange) => {
    const outcomes = await Promise.allSettled(steps.map(async (step) => runStep(step, exchange)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    for (const outcome of outcomes) if (outcome.status === 'fulfilled' && outcome.value !== undefined) return outcome.value;
    return undefined;
  };
}
