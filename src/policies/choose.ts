import type { Exchange } from '../exchange/exchange.ts';
import type { Input, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { runSteps, type Step, type StepList } from './step.ts';

/** `<choose>`: runs the first branch whose condition is true; the conditions behind it are not evaluated. */
export const choose: PolicyDefinition = {
  name: 'choose',
  summary: 'Runs the first branch whose condition is true.',
  page: 'choose-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [
    { name: 'when', min: 1, max: UNBOUNDED, content: 'policies', attributes: [required('condition', 'condition', 'Branch condition.')] },
    { name: 'otherwise', min: 0, max: 1, content: 'policies', attributes: [] },
  ],
  compile: compileChoose,
};

interface Branch {
  readonly condition: Input<boolean>;
  readonly steps: StepList;
  readonly name: string;
}

function compileChoose(element: PolicyElement): Step {
  const branches = element.children('when').map(branchOf);
  const otherwise = element.children('otherwise')[0]?.steps();
  return (exchange) => {
    for (const branch of branches) {
      if (branch.condition.read(exchange)) return take(branch.name, branch.steps, exchange);
    }
    if (otherwise) return take('otherwise', otherwise, exchange);
    if (exchange.listener) exchange.emit({ kind: 'branch-taken', step: exchange.current, branch: 'none' });
    return undefined;
  };
}

function branchOf(when: PolicyElement, index: number): Branch {
  return { condition: needed(when.boolean('condition'), 'condition'), steps: when.steps(), name: `when[${index + 1}]` };
}

function take(branch: string, steps: StepList, exchange: Exchange) {
  if (exchange.listener) exchange.emit({ kind: 'branch-taken', step: exchange.current, branch });
  return runSteps(steps, exchange);
}
