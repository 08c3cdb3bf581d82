/** What the documents of GraphQL resolvers share: how their parts are checked, and how what a source gave is finished. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { GatewayResponse } from '../../exchange/message.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { childElements, type XmlElement } from '../../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import type { ChildDeclaration, GatewayKind } from '../definition.ts';
import * as faults from '../faults.ts';
import { runSteps, type StepList } from '../step.ts';

/** Gateways with GraphQL resolvers (reference pages of the data sources in preview). */
export const PREVIEW_GATEWAYS: readonly GatewayKind[] = ['classic', 'v2'];

/** How often a policy may stand inside an element. */
export interface Count {
  readonly name: string;
  /** Not asked for when a fragment stands beside it, which may bring it. */
  readonly min: number;
  readonly max: number;
}

/** Reports policies that stand too often, are missing, or stand behind one that the schema has after them. */
export function checkCounts(element: PolicyElement, counts: readonly Count[], compiler: PolicyCompiler): void {
  const present = childElements(element.xml);
  checkOrder(present, counts, compiler);
  const hasFragment = present.some(({ name }) => name === 'include-fragment');
  for (const { name, min, max } of counts) {
    const found = present.filter((child) => child.name === name);
    reportExcess(element, found, max, compiler);
    if (found.length < min && !hasFragment) compiler.report(faults.missingChild(element.name, name), element.xml.nameSpan);
  }
}

/** Fragments may stand anywhere: what they bring is not known here. */
function checkOrder(present: readonly XmlElement[], counts: readonly Count[], compiler: PolicyCompiler): void {
  let latest = 0;
  for (const { name, nameSpan } of present) {
    const at = counts.findIndex((count) => count.name === name);
    const before = counts[latest];
    if (name === 'include-fragment' || at < 0) continue;
    if (at < latest && before) compiler.report(faults.childOrder(name, before.name), nameSpan);
    latest = Math.max(at, latest);
  }
}

function reportExcess(element: PolicyElement, found: readonly XmlElement[], max: number, compiler: PolicyCompiler): void {
  const extra = found[max];
  if (extra) compiler.report(faults.tooManyChildren(element.name, extra.name, max), extra.nameSpan);
}

const RESPONSE: readonly Count[] = [
  { name: 'set-body', min: 0, max: 1 },
  { name: 'publish-event', min: 0, max: 1 },
  { name: 'include-fragment', min: 0, max: Number.POSITIVE_INFINITY },
];

/** `response` of the SQL, Cosmos DB and GraphQL sources: policies on what the source gave. */
export const RESPONSE_PART: ChildDeclaration = {
  name: 'response',
  min: 0,
  max: 1,
  content: 'policies',
  actsAs: 'outbound',
  attributes: [],
  only: RESPONSE.map(({ name }) => name),
};

export function checkResponse(element: PolicyElement, compiler: PolicyCompiler): void {
  for (const child of element.children('response')) checkCounts(child, RESPONSE, compiler);
}

/**
 * Makes the source's answer the resolver's, and runs the policies on it. An answer that says it failed is a failure of the
 * field unless there are policies to look at it. Steps that end early end the resolver only.
 */
export async function finishField(response: GatewayResponse, steps: StepList | undefined, exchange: Exchange): Promise<undefined> {
  await response.body.buffer(exchange.settings.bodyLimit);
  if (!steps && response.status >= 400) throw sourceFailure(response.status);
  exchange.response = response;
  if (steps) await runSteps(steps, exchange);
  return undefined;
}

function sourceFailure(status: number): PolicyError {
  return new PolicyError({ reason: 'BackendErrorStatusCode', message: `The data source returned status code ${status}.` });
}

/** A body that no policy wrote is the resolver's input: arguments and parent, which are not sent on. */
export function dropUnwrittenBody({ request }: Exchange): void {
  if (!request.body.isReplaced) request.body.set(null);
}
