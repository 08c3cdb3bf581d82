/** What the documents of GraphQL resolvers share: they are checked in full; running them is not supported yet. */
import { PolicyError } from '../../exchange/policy-error.ts';
import { childElements, type XmlElement } from '../../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import * as faults from '../faults.ts';
import type { Step } from '../step.ts';

/** The step of a policy that only resolvers run. */
export function notRunYet(name: string): Step {
  return () => {
    throw new PolicyError({ reason: 'PolicyNotSupported', message: faults.unsupportedPolicy(name).message });
  };
}

/** How often a policy may stand inside an element. */
export interface Count {
  readonly name: string;
  /** Not asked for when a fragment stands beside it, which may bring it. */
  readonly min: number;
  readonly max: number;
}

/** Reports policies that stand too often or are missing. */
export function checkCounts(element: PolicyElement, counts: readonly Count[], compiler: PolicyCompiler): void {
  const present = childElements(element.xml);
  const hasFragment = present.some(({ name }) => name === 'include-fragment');
  for (const { name, min, max } of counts) {
    const found = present.filter((child) => child.name === name);
    reportExcess(element, found, max, compiler);
    if (found.length < min && !hasFragment) compiler.report(faults.missingChild(element.name, name), element.xml.nameSpan);
  }
}

function reportExcess(element: PolicyElement, found: readonly XmlElement[], max: number, compiler: PolicyCompiler): void {
  const extra = found[max];
  if (extra) compiler.report(faults.tooManyChildren(element.name, extra.name, max), extra.nameSpan);
}
