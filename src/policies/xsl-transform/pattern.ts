/** Match patterns (XSLT 1.0, section 5.2): an expression read from its last step to its first. */
import { ContainerValue, DocumentValue, type ElementValue, InstructionValue } from '../../dotnet/xml/nodes.ts';
import { namespaceInScope } from '../../dotnet/xml/write.ts';
import { isNodes, toBoolean } from '../../dotnet/xml/xpath.ts';
import { passes, walk, type XPathNode } from '../../dotnet/xml/xpath-axes.ts';
import type { Step, XPath } from '../../dotnet/xml/xpath-tree.ts';
import { StylesheetError } from './errors.ts';
import { evaluate, parsed, type State } from './expression.ts';

export interface Pattern {
  readonly priority: number;
  matches(node: XPathNode, state: State): boolean;
}

type PathPattern = XPath & { readonly kind: 'path' };

/** The alternatives of a pattern, each with its default priority. Throws StylesheetError. */
export function compilePattern(text: string, at: ElementValue): Pattern[] {
  return alternatives(parsed(text)).map((one) => patternOf(one, text, at));
}

function alternatives(expression: XPath): XPath[] {
  if (expression.kind !== 'binary' || expression.operator !== '|') return [expression];
  return [...alternatives(expression.left), ...alternatives(expression.right)];
}

function patternOf(expression: XPath, text: string, at: ElementValue): Pattern {
  if (expression.kind === 'call') return byMembership(expression, text, at);
  if (expression.kind !== 'path') throw invalid(text);
  const { start, steps } = expression;
  if (start !== undefined && start !== 'root' && start.kind !== 'call') throw invalid(text);
  for (const step of steps) checkStep(step, text);
  const begins = start === undefined || start === 'root' ? undefined : byMembership(start, text, at);
  return { priority: priorityOf(expression), matches: (node, state) => matchesPath(expression, begins, steps.length - 1, node, at, state) };
}

function invalid(text: string): StylesheetError {
  return new StylesheetError(`\`${text}\` is not a match pattern`);
}

function checkStep(step: Step, text: string): void {
  const isGap = step.axis === 'descendant-or-self' && step.test === 'node()' && step.predicates.length === 0;
  if (step.axis !== 'child' && step.axis !== 'attribute' && !isGap) throw invalid(text);
}

/** `key('k', 'v')` and `id('x')`: the node is among those. */
function byMembership(expression: XPath, text: string, at: ElementValue): Pattern {
  if (expression.kind !== 'call' || (expression.name !== 'key' && expression.name !== 'id')) throw invalid(text);
  return {
    priority: 0.5,
    matches: (node, state) => {
      const found = evaluate(expression, at, state, { node, position: 1, size: 1 });
      return isNodes(found) && found.includes(node);
    },
  };
}

/** Section 5.5. */
function priorityOf({ start, steps }: PathPattern): number {
  const [only] = steps;
  if (start !== undefined || steps.length !== 1 || !only || only.predicates.length > 0) return 0.5;
  if (only.target !== undefined) return 0;
  if (only.test.endsWith(':*')) return -0.25;
  return only.test === '*' || only.test.endsWith('()') ? -0.5 : 0;
}

/** Whether the node matches the steps up to `last`. */
function matchesPath(
  path: PathPattern,
  begins: Pattern | undefined,
  last: number,
  node: XPathNode,
  at: ElementValue,
  state: State,
): boolean {
  state.transform.budget.step();
  const step = path.steps[last];
  if (!step) return matchesStart(path, begins, node, state);
  if (step.axis === 'descendant-or-self') return matchesAbove(path, begins, last - 1, node, at, state);
  if (!passesStep(step, node, at, state)) return false;
  if (last === 0 && path.start === undefined) return true;
  return node.parent !== null && matchesPath(path, begins, last - 1, node.parent, at, state);
}

function matchesAbove(
  path: PathPattern,
  begins: Pattern | undefined,
  last: number,
  node: XPathNode,
  at: ElementValue,
  state: State,
): boolean {
  for (let above: XPathNode | null = node; above !== null; above = above.parent)
    if (matchesPath(path, begins, last, above, at, state)) return true;
  return false;
}

function matchesStart(path: PathPattern, begins: Pattern | undefined, node: XPathNode, state: State): boolean {
  if (path.start === 'root') return node instanceof DocumentValue && node.parent === null;
  return begins?.matches(node, state) ?? false;
}

function passesStep(step: Step, node: XPathNode, at: ElementValue, state: State): boolean {
  if (node instanceof DocumentValue) return false;
  const namespaces = (prefix: string) => namespaceInScope(at, prefix) ?? undefined;
  const test = (one: XPathNode) =>
    onAxis(one, step) && passes(one, step.test, step.axis, namespaces) && (step.target === undefined || targetOf(one) === step.target);
  if (!test(node)) return false;
  if (step.predicates.length === 0) return true;
  let kept = node.parent instanceof ContainerValue ? [...walk(node.parent, step.axis)].filter(test) : [node];
  for (const predicate of step.predicates) {
    const size = kept.length;
    kept = kept.filter((one, index) => {
      const value = evaluate(predicate, at, state, { node: one, position: index + 1, size });
      return typeof value === 'number' ? value === index + 1 : toBoolean(value);
    });
  }
  return kept.includes(node);
}

function onAxis(node: XPathNode, step: Step): boolean {
  return (step.axis === 'attribute') === (node.nodeType === 2);
}

function targetOf(node: XPathNode): string | undefined {
  return node instanceof InstructionValue ? node.target : undefined;
}
