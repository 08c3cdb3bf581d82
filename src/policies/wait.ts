import type { Exchange } from '../exchange/exchange.ts';
import { childElements } from '../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, optional, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { runStep, type Step, type StepList, type StepResult } from './step.ts';

const CHILDREN = [
  'send-request',
  'cache-lookup-value',
  'cache-store-value',
  'choose',
  'forward-request',
  'authentication-managed-identity',
  'authentication-token',
];

/** `<wait>`: runs its children side by side and goes on when all are done, or the first of them. */
export const wait: PolicyDefinition = {
  name: 'wait',
  summary: 'Runs the direct children in parallel and waits for all or for the first.',
  page: 'wait-policy',
  sections: ['inbound', 'outbound', 'backend'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [optional('for', 'enum', 'What to wait for.', { values: ['all', 'any'], default: 'all' })],
  content: 'policies',
  only: CHILDREN,
  compile: compileWait,
};

function compileWait(element: PolicyElement, compiler: PolicyCompiler): Step {
  if (childElements(element.xml).length === 0)
    compiler.report({ ...faults.missingChoice('wait', CHILDREN), help: 'add at least one of them' }, element.xml.nameSpan);
  const kind = element.text('for');
  const steps = element.steps();
  return (exchange) => (kind?.read(exchange) === 'any' && steps.length > 1 ? forAny(steps, exchange) : forAll(steps, exchange));
}

async function forAll(steps: StepList, exchange: Exchange): Promise<StepResult> {
  const outcomes = await Promise.allSettled(steps.map(async (step) => runStep(step, exchange)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  for (const outcome of outcomes) if (outcome.status === 'fulfilled' && outcome.value !== undefined) return outcome.value;
  return undefined;
}

/** Each child works on a branch of the call; the first that ends gives what it did to the call, an error counts as an end. The others are stopped. */
async function forAny(steps: StepList, exchange: Exchange): Promise<StepResult> {
  const stop = new AbortController();
  const branches = steps.map(async (step) => {
    const branch = exchange.branch(stop.signal);
    try {
      return { branch, ending: await runStep(step, branch) };
    } catch (error) {
      return { branch, error };
    }
  });
  const first = await Promise.race(branches);
  stop.abort();
  if ('error' in first) throw first.error;
  exchange.join(first.branch);
  return first.ending;
}
