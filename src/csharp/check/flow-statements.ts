/** Reachability and definite assignment through statements (ECMA-334, 9.4.3 and 13.2). */
import { span } from '../../source/span.ts';
import type { BoundExpression, BoundFor, BoundForEach, BoundStatement, BoundTry } from './bound.ts';
import { walkCondition, walkExpression } from './flow-expressions.ts';
import { unreachableCode } from './flow-faults.ts';
import { walkLocalFunction } from './flow-functions.ts';
import type { FlowPass, Jump } from './flow-pass.ts';
import { FlowState } from './flow-state.ts';
import { walkSwitch } from './flow-switches.ts';

type Of<K extends BoundStatement['kind']> = Extract<BoundStatement, { readonly kind: K }>;

export function walkStatement(p: FlowPass, s: BoundStatement): void {
  reportUnreachable(p, s);
  switch (s.kind) {
    case 'block':
      for (const local of s.locals) p.declare(local);
      return walkStatements(p, s.statements);
    case 'declare':
      return walkDeclaration(p, s);
    case 'localFunction':
      return walkLocalFunction(p, s.function, s.span);
    case 'expression':
      return walkExpression(p, s.expression);
    case 'if':
      return walkIf(p, s);
    case 'while':
      return walkWhile(p, s);
    case 'do':
      return walkDo(p, s);
    case 'for':
      return walkFor(p, s);
    case 'forEach':
      return walkForEach(p, s);
    case 'switch':
      return walkSwitch(p, s);
    case 'try':
      return walkTry(p, s);
    case 'using':
      return walkUsing(p, s);
    case 'label':
      return walkLabel(p, s);
    default:
      return walkJump(p, s);
  }
}

/** Is there a `goto` in the statement, lambdas and local functions apart? */
export function hasGoto(s: BoundStatement): boolean {
  return s.kind === 'goto' || partsOf(s).some(hasGoto);
}

function partsOf(s: BoundStatement): readonly BoundStatement[] {
  switch (s.kind) {
    case 'block':
      return s.statements;
    case 'if':
      return s.whenFalse === undefined ? [s.whenTrue] : [s.whenTrue, s.whenFalse];
    case 'while':
    case 'do':
    case 'for':
    case 'forEach':
    case 'using':
      return [s.body];
    case 'switch':
      return s.sections.flatMap((section) => section.statements);
    case 'label':
      return [s.statement];
    case 'try':
      return [s.body, ...s.catches.map((handler) => handler.body), ...(s.finally === undefined ? [] : [s.finally])];
    default:
      return [];
  }
}

export function walkStatements(p: FlowPass, statements: readonly BoundStatement[]): void {
  for (const statement of statements) walkStatement(p, statement);
}

/** These say nothing themselves; what stands in them does. */
const SILENT: ReadonlySet<BoundStatement['kind']> = new Set(['block', 'label', 'localFunction', 'throw'] as const);

/** The first statement of each stretch of code that cannot run is reported, at its first token. */
function reportUnreachable(p: FlowPass, s: BoundStatement): void {
  if (p.state.reachable || p.state.reported || SILENT.has(s.kind)) return;
  p.state.reported = true;
  const token = /^[\p{L}_@][\p{L}\p{N}_]*/u.exec(p.options.text.slice(s.span.start, s.span.end))?.[0] ?? ' ';
  p.report(unreachableCode(span(s.span.start, s.span.start + token.length)));
}

function walkDeclaration(p: FlowPass, s: Of<'declare'>): void {
  p.declare(s.local);
  if (s.value === undefined) return;
  walkExpression(p, s.value);
  p.assign(s.local);
}

function walkIf(p: FlowPass, s: Of<'if'>): void {
  const { whenTrue, whenFalse } = walkCondition(p, s.condition);
  p.state = whenTrue;
  walkStatement(p, s.whenTrue);
  const afterTrue = p.state;
  p.state = whenFalse;
  if (s.whenFalse !== undefined) walkStatement(p, s.whenFalse);
  p.state.join(afterTrue);
}

/** Walks the body of a loop with its jumps: `continue` arrives at the end of the body. */
function walkLoopBody(p: FlowPass, loop: BoundStatement, body: BoundStatement): void {
  p.breakable.push(loop);
  p.continuable.push(loop);
  walkStatement(p, body);
  p.breakable.pop();
  p.continuable.pop();
  p.arrive('continue', loop);
}

function walkWhile(p: FlowPass, s: Of<'while'>): void {
  const { whenTrue, whenFalse } = walkCondition(p, s.condition);
  p.state = whenTrue;
  walkLoopBody(p, s, s.body);
  p.state = whenFalse;
  p.arrive('break', s);
}

function walkDo(p: FlowPass, s: Of<'do'>): void {
  walkLoopBody(p, s, s.body);
  p.state = walkCondition(p, s.condition).whenFalse;
  p.arrive('break', s);
}

function walkFor(p: FlowPass, s: BoundFor): void {
  for (const local of s.locals) p.declare(local);
  walkStatements(p, s.initializers);
  const { whenTrue, whenFalse } = loopCondition(p, s.condition);
  p.state = whenTrue;
  walkLoopBody(p, s, s.body);
  for (const e of s.incrementors) walkExpression(p, e);
  p.state = whenFalse;
  p.arrive('break', s);
}

/** A `for` without condition runs for ever. */
function loopCondition(p: FlowPass, condition: BoundExpression | undefined): ReturnType<typeof walkCondition> {
  if (condition === undefined) return { whenTrue: p.state, whenFalse: FlowState.unreachable() };
  return walkCondition(p, condition);
}

function walkForEach(p: FlowPass, s: BoundForEach): void {
  walkExpression(p, s.source);
  const skipped = p.state.clone();
  for (const { local, value } of s.assignments) {
    p.declare(local);
    walkExpression(p, value);
    p.assign(local);
  }
  walkLoopBody(p, s, s.body);
  p.state = skipped;
  p.arrive('break', s);
}

function walkUsing(p: FlowPass, s: Of<'using'>): void {
  for (const local of s.locals) p.declare(local);
  walkStatements(p, s.resources);
  if (s.expression !== undefined) walkExpression(p, s.expression);
  walkStatement(p, s.body);
}

function walkLabel(p: FlowPass, s: Of<'label'>): void {
  p.arrive('goto', s.label);
  const arrival = p.arrivals.get(s.label);
  if (arrival !== undefined) p.state.join(arrival);
  walkStatement(p, s.statement);
}

type JumpStatement = Of<'break' | 'continue' | 'goto' | 'return' | 'throw' | 'yield'>;

function walkJump(p: FlowPass, s: JumpStatement): void {
  if ((s.kind === 'return' || s.kind === 'throw' || s.kind === 'yield') && s.value !== undefined) walkExpression(p, s.value);
  if (s.kind === 'yield' && s.value !== undefined) return;
  const jump = jumpOf(p, s);
  if (jump !== undefined) p.jumps.push(jump);
  p.leave();
}

function jumpOf(p: FlowPass, s: JumpStatement): Jump | undefined {
  const { state } = p;
  switch (s.kind) {
    case 'break':
    case 'continue': {
      const target = (s.kind === 'break' ? p.breakable : p.continuable).at(-1);
      return target === undefined ? undefined : { kind: s.kind, target, state };
    }
    case 'goto': {
      const target = s.target.kind === 'label' ? s.target.label : p.switches.at(-1)?.sections[s.target.index];
      return target === undefined ? undefined : { kind: 'goto', target, state };
    }
    case 'return':
      return { kind: 'return', span: s.span, state };
    default:
      return undefined;
  }
}

/** Anything in the body may fail, so handlers know only what was assigned before it; `finally` runs on every way out. */
function walkTry(p: FlowPass, s: BoundTry): void {
  const before = p.state.clone();
  const outer = p.jumps;
  p.jumps = [];
  walkStatement(p, s.body);
  const after = p.state;
  for (const handler of s.catches) {
    p.state = before.clone();
    walkCatch(p, handler);
    after.join(p.state);
  }
  const inner = p.jumps;
  p.jumps = outer;
  p.state = after;
  if (s.finally !== undefined) walkFinally(p, s.finally, before, inner);
  else p.jumps.push(...inner);
}

function walkCatch(p: FlowPass, handler: BoundTry['catches'][number]): void {
  if (handler.local !== undefined) {
    p.declare(handler.local);
    p.assign(handler.local);
  }
  if (handler.filter !== undefined) p.state = walkCondition(p, handler.filter).whenTrue;
  walkStatement(p, handler.body);
}

function walkFinally(p: FlowPass, body: BoundTry['body'], before: FlowState, inner: readonly Jump[]): void {
  const after = p.state;
  p.state = before.clone();
  walkStatement(p, body);
  const end = p.state;
  p.state = after;
  if (!end.reachable) return p.leave();
  after.addAssigned(end);
  for (const jump of inner) jump.state.addAssigned(end);
  p.jumps.push(...inner);
}
