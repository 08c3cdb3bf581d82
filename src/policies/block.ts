import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import { runSteps, type Step } from './step.ts';

/** `<block>`: runs its children in order; it only groups them. Known to the schema alone. */
export const block: PolicyDefinition = {
  name: 'block',
  summary: 'Groups policies that run in order.',
  page: 'api-management-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [],
  content: 'policies',
  compile: compileBlock,
};

function compileBlock(element: PolicyElement): Step {
  const steps = element.steps();
  return (exchange) => runSteps(steps, exchange);
}
