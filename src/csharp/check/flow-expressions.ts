/** Definite assignment through expressions, in order of evaluation (ECMA-334, 9.4.4). */
import type {
  BoundArgument,
  BoundArrayValues,
  BoundExpression,
  BoundInitializer,
  BoundLambda,
  BoundNew,
  BoundPattern,
  BoundPlace,
  LocalFunctionSymbol,
} from './bound.ts';
import { summaryOf, walkLambda } from './flow-functions.ts';
import type { FlowPass } from './flow-pass.ts';
import { FlowState } from './flow-state.ts';

/** The states behind a condition that held, and behind one that did not. */
export interface Branches {
  readonly whenTrue: FlowState;
  readonly whenFalse: FlowState;
}

/** Walks a condition; the pass's own state is used up, take one of the branches. */
export function walkCondition(p: FlowPass, e: BoundExpression): Branches {
  switch (e.kind) {
    case 'literal':
      if (e.value === true) return { whenTrue: p.state, whenFalse: FlowState.unreachable() };
      return e.value === false ? { whenTrue: FlowState.unreachable(), whenFalse: p.state } : fork(p, e);
    case 'unary':
      return e.operator === '!' && !e.lifted ? negate(walkCondition(p, e.operand)) : fork(p, e);
    case 'logical':
      return walkLogical(p, e.operator, e.left, e.right);
    case 'is':
      return walkIs(p, e.operand, e.pattern);
    case 'conditional':
      return walkConditionalCondition(p, e.condition, e.whenTrue, e.whenFalse);
    case 'conversion':
      return e.conversion === 'identity' ? walkCondition(p, e.operand) : fork(p, e);
    default:
      return fork(p, e);
  }
}

function fork(p: FlowPass, e: BoundExpression): Branches {
  walkValue(p, e);
  return { whenTrue: p.state, whenFalse: p.state.clone() };
}

function negate({ whenTrue, whenFalse }: Branches): Branches {
  return { whenTrue: whenFalse, whenFalse: whenTrue };
}

function walkLogical(p: FlowPass, operator: '&&' | '||', left: BoundExpression, right: BoundExpression): Branches {
  const first = walkCondition(p, left);
  p.state = operator === '&&' ? first.whenTrue : first.whenFalse;
  const second = walkCondition(p, right);
  if (operator === '&&') second.whenFalse.join(first.whenFalse);
  else second.whenTrue.join(first.whenTrue);
  return second;
}

function walkIs(p: FlowPass, operand: BoundExpression, pattern: BoundPattern): Branches {
  walkExpression(p, operand);
  const whenFalse = p.state.clone();
  assignPattern(p, pattern);
  return { whenTrue: p.state, whenFalse };
}

/** A pattern that matched has given its variable a value. */
export function assignPattern(p: FlowPass, pattern: BoundPattern): void {
  if ((pattern.kind === 'type' || pattern.kind === 'var') && pattern.local !== undefined) p.assign(pattern.local);
}

function walkConditionalCondition(p: FlowPass, condition: BoundExpression, yes: BoundExpression, no: BoundExpression): Branches {
  const outer = walkCondition(p, condition);
  p.state = outer.whenTrue;
  const first = walkCondition(p, yes);
  p.state = outer.whenFalse;
  const second = walkCondition(p, no);
  first.whenTrue.join(second.whenTrue);
  first.whenFalse.join(second.whenFalse);
  return first;
}

/** Walks an expression for its value; the state of the pass is then the one behind it. */
export function walkExpression(p: FlowPass, e: BoundExpression): void {
  if (e.kind !== 'logical' && e.kind !== 'is' && e.kind !== 'conditional' && !(e.kind === 'unary' && e.operator === '!')) {
    walkValue(p, e);
    return;
  }
  if (e.kind === 'conditional') walkConditional(p, e.condition, e.whenTrue, e.whenFalse);
  else {
    const { whenTrue, whenFalse } = walkCondition(p, e);
    whenTrue.join(whenFalse);
    p.state = whenTrue;
  }
}

function walkConditional(p: FlowPass, condition: BoundExpression, yes: BoundExpression, no: BoundExpression): void {
  const { whenTrue, whenFalse } = walkCondition(p, condition);
  p.state = whenTrue;
  walkExpression(p, yes);
  const afterYes = p.state;
  p.state = whenFalse;
  walkExpression(p, no);
  p.state.join(afterYes);
}

function walkAll(p: FlowPass, list: readonly BoundExpression[]): void {
  for (const e of list) walkExpression(p, e);
}

function walkValue(p: FlowPass, e: BoundExpression): void {
  switch (e.kind) {
    case 'local':
      return p.read(e.local, e.span);
    case 'call':
    case 'property':
    case 'field':
      if (e.receiver !== undefined) walkExpression(p, e.receiver);
      return e.kind === 'call' ? walkArguments(p, e.args, e.order) : undefined;
    case 'invoke':
      walkExpression(p, e.target);
      return walkArguments(p, e.args, e.order);
    case 'localCall':
      walkArguments(p, e.args, e.order);
      return callFunction(p, e.function, e.span);
    case 'indexer':
      walkExpression(p, e.receiver);
      return walkArguments(p, e.args, undefined);
    case 'arrayElement':
      return walkAll(p, [e.array, ...e.indexes]);
    case 'arrayLength':
      return walkExpression(p, e.array);
    case 'referenceOf':
      return walkExpression(p, e.place);
    case 'target':
      return walkExpression(p, e.reference);
    case 'anonymousMember':
      return walkExpression(p, e.receiver);
    case 'new':
      return walkNew(p, e);
    case 'newArray':
      walkAll(p, e.sizes);
      return walkRows(p, e.values ?? []);
    case 'newAnonymous':
    case 'tuple':
      return walkAll(p, e.values);
    case 'lambda':
      return walkLambda(p, e);
    case 'methodGroup':
      return walkMethodGroup(p, e.receiver?.value, e.adapter);
    case 'conversion':
    case 'unary':
    case 'as':
      return walkExpression(p, e.operand);
    case 'binary':
      return walkAll(p, [e.left, e.right]);
    case 'userOperator':
      return walkAll(p, e.args);
    default:
      return walkSpecial(p, e);
  }
}

function walkSpecial(p: FlowPass, e: BoundExpression): void {
  switch (e.kind) {
    case 'concat':
      return walkAll(p, e.parts);
    case 'interpolated':
      for (const part of e.parts) if (typeof part !== 'string') walkExpression(p, part.value);
      return;
    case 'coalesce':
      return walkCoalesce(p, e.left, e.converted, e.right);
    case 'conditionalAccess':
      return walkAccess(p, e.target, e.whenNotNull);
    case 'assign':
      walkPlace(p, e.target);
      walkExpression(p, e.value);
      return assignPlace(p, e.target);
    case 'compoundAssign':
    case 'increment':
      walkExpression(p, e.target);
      walkExpression(p, e.value);
      return assignPlace(p, e.target);
    case 'deconstruct':
      return walkDeconstruction(p, e);
    case 'throwExpression':
      walkExpression(p, e.value);
      return p.leave();
    case 'sequence':
      return walkAll(p, [...e.first, e.value]);
    case 'outVariable':
      return p.assign(e.local);
    default:
      return;
  }
}

function walkDeconstruction(p: FlowPass, e: BoundExpression & { readonly kind: 'deconstruct' }): void {
  for (const { target } of e.assignments) walkPlace(p, target);
  walkExpression(p, e.value);
  if (e.prepare !== undefined) walkExpression(p, e.prepare);
  for (const { target, value } of e.assignments) {
    walkExpression(p, value);
    assignPlace(p, target);
  }
}

/** The parts of a place that are evaluated before it is written: `a[i]` reads `a` and `i`, a local reads nothing. */
function walkPlace(p: FlowPass, place: BoundPlace): void {
  if (place.kind === 'local' || place.kind === 'outVariable' || place.kind === 'discard') return;
  // Writing an element of a tuple variable does not read the variable.
  if (place.kind === 'field' && place.receiver?.kind === 'local') return;
  walkExpression(p, place);
}

function assignPlace(p: FlowPass, place: BoundPlace): void {
  if (place.kind === 'local' || place.kind === 'outVariable') p.assign(place.local);
  if (place.kind === 'field' && place.receiver?.kind === 'local') p.assign(place.receiver.local);
}

function walkArguments(p: FlowPass, args: readonly BoundArgument[], order: readonly number[] | undefined): void {
  const sequence = order === undefined ? args : order.flatMap((index) => args[index] ?? []);
  for (const argument of sequence) walkArgument(p, argument);
  for (const argument of args) if (argument.kind === 'reference' && argument.modifier !== 'in') assignPlace(p, argument.place);
}

function walkArgument(p: FlowPass, argument: BoundArgument): void {
  if (argument.kind === 'value') walkExpression(p, argument.value);
  else if (argument.modifier === 'out') walkPlace(p, argument.place);
  else walkExpression(p, argument.place);
}

function walkNew(p: FlowPass, e: BoundNew): void {
  walkArguments(p, e.args, e.order);
  walkInitializers(p, e.initializers);
}

function walkInitializers(p: FlowPass, initializers: readonly BoundInitializer[]): void {
  for (const step of initializers) {
    if (step.kind === 'step') walkExpression(p, step.expression);
    else {
      walkExpression(p, step.target);
      walkInitializers(p, step.initializers);
    }
  }
}

function walkRows(p: FlowPass, values: BoundArrayValues): void {
  for (const value of values) {
    if (value.kind === 'row') walkRows(p, value.values);
    else walkExpression(p, value);
  }
}

function walkMethodGroup(p: FlowPass, receiver: BoundExpression | undefined, adapter: BoundLambda): void {
  if (receiver !== undefined) walkExpression(p, receiver);
  walkLambda(p, adapter);
}

/** The right side runs only when the left is null: what it assigns does not count. */
function walkCoalesce(p: FlowPass, left: BoundExpression, converted: BoundExpression, right: BoundExpression): void {
  walkExpression(p, left);
  const afterLeft = p.state.clone();
  walkExpression(p, right);
  const afterRight = p.state;
  p.state = afterLeft;
  walkExpression(p, converted);
  p.state.join(afterRight);
}

function walkAccess(p: FlowPass, target: BoundExpression, rest: BoundExpression): void {
  walkExpression(p, target);
  const skipped = p.state.clone();
  walkExpression(p, rest);
  p.state.join(skipped);
}

/** A call needs what the function reads of its surroundings and gives what it assigns on every path. */
function callFunction(p: FlowPass, symbol: LocalFunctionSymbol, span: BoundExpression['span']): void {
  const summary = summaryOf(p, symbol);
  if (summary === undefined) return;
  for (const local of summary.required) p.read(local, span);
  if (!summary.after.reachable) return;
  p.state.addAssigned(summary.after);
}
