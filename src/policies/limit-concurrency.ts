import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { runSteps, type Step, type StepResult } from './step.ts';

/** `<limit-concurrency>`: at most so many calls inside at one time; a full gate fails at once. */
export const limitConcurrency: PolicyDefinition = {
  name: 'limit-concurrency',
  summary: 'Lets at most so many requests be inside the enclosed policies.',
  page: 'limit-concurrency-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('key', 'string', 'Name of the gate; policies with the same key share it.'),
    required('max-count', 'integer', 'Places.', { min: 1, expressions: false }),
  ],
  content: 'policies',
  compile: compileLimit,
};

function compileLimit(element: PolicyElement, compiler: PolicyCompiler): Step {
  const key = needed(element.text('key'), 'key');
  const places = Number(element.literal('max-count'));
  const steps = element.steps();
  const { gates } = compiler.services;
  return (exchange) => {
    const gate = key.read(exchange) ?? '';
    const inside = gates.get(gate) ?? 0;
    if (inside >= places) throw full();
    gates.set(gate, inside + 1);
    return leaving(
      () => runSteps(steps, exchange),
      () => leave(gates, gate),
    );
  };
}

function leave(gates: Map<string, number>, gate: string): void {
  const inside = (gates.get(gate) ?? 1) - 1;
  if (inside <= 0) gates.delete(gate);
  else gates.set(gate, inside);
}

/** The place is given back when the work ends, also by an error. */
function leaving(work: () => StepResult | Promise<StepResult>, leaveGate: () => void): StepResult | Promise<StepResult> {
  let result: StepResult | Promise<StepResult>;
  try {
    result = work();
  } catch (error) {
    leaveGate();
    throw error;
  }
  if (result instanceof Promise) return result.finally(leaveGate);
  leaveGate();
  return result;
}

/** Only the status is documented. */
function full(): PolicyError {
  const message = 'Concurrency limit is exceeded.';
  return new PolicyError({ reason: 'ConcurrencyLimitExceeded', message, status: 429, clientMessage: message });
}
