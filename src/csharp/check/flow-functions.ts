/** Bodies inside bodies: lambdas, which see what is assigned around them, and local functions, which state what they need. */
import type { Span } from '../../source/span.ts';
import { isVoid } from '../types/kinds.ts';
import type { BoundBlock, BoundLambda, LocalFunctionSymbol, LocalSymbol } from './bound.ts';
import { walkExpression } from './flow-expressions.ts';
import { lambdaNotAllPathsReturn, notAllPathsReturn, outNotAssigned } from './flow-faults.ts';
import type { Exits, FlowPass, FunctionSummary } from './flow-pass.ts';
import { FlowState } from './flow-state.ts';
import { hasGoto, walkStatement } from './flow-statements.ts';

/** Rounds over a body whose jumps backward keep changing what is known; each round reaches a label or forgets a variable. */
const MOST_ROUNDS = 50;

/** Walks a body from the present state. */
export function walkBody(p: FlowPass, body: BoundBlock): Exits {
  const { jumps, arrivals, breakable, continuable, switches, state, quiet } = p;
  p.arrivals = new Map();
  p.quiet = true;
  for (let round = 0; hasGoto(body) && round < MOST_ROUNDS; round++) {
    walkRound(p, body, state);
    if (!collectArrivals(p)) break;
  }
  p.quiet = quiet;
  walkRound(p, body, state);
  const exits = { end: p.state, returns: p.jumps.filter((jump) => jump.kind === 'return') };
  Object.assign(p, { jumps, arrivals, breakable, continuable, switches, state });
  return exits;
}

function walkRound(p: FlowPass, body: BoundBlock, start: FlowState): void {
  Object.assign(p, { jumps: [], breakable: [], continuable: [], switches: [], state: start.clone() });
  walkStatement(p, body);
}

/** Jumps left at the end went backward: their states belong to their targets. True when that tells a target anything new. */
function collectArrivals(p: FlowPass): boolean {
  let changed = false;
  for (const jump of p.jumps) {
    if (jump.kind !== 'goto') continue;
    const known = p.arrivals.get(jump.target);
    if (known === undefined) p.arrivals.set(jump.target, jump.state.clone());
    changed = (known === undefined ? jump.state.reachable : known.join(jump.state)) || changed;
  }
  return changed;
}

/** A lambda sees the variables assigned where it is made; what it assigns itself counts only inside. */
export function walkLambda(p: FlowPass, lambda: BoundLambda): void {
  if (p.quiet) return;
  const outside = p.state;
  p.state = outside.clone();
  declareOuts(p, lambda.parameters);
  if (lambda.body.kind === 'block') checkLambda(p, lambda, walkBody(p, lambda.body));
  else walkExpression(p, lambda.body);
  p.state = outside;
}

function checkLambda(p: FlowPass, lambda: BoundLambda, exits: Exits): void {
  checkOuts(p, lambda.parameters, exits, lambda.span);
  if (!exits.end.reachable || isVoid(lambda.returnType)) return;
  const place = lambda.arrow ?? lambda.span;
  const what = place.start === lambda.span.start && lambda.arrow !== undefined ? 'anonymous method' : 'lambda expression';
  p.report(lambdaNotAllPathsReturn(what, p.options.show(lambda.type), place));
}

/** What a local function needs and gives; undefined while it is being walked, which a recursive call adds nothing to. */
export function summaryOf(p: FlowPass, symbol: LocalFunctionSymbol): FunctionSummary | undefined {
  const known = p.summaries.get(symbol);
  if (known !== undefined) return known === 'open' ? undefined : known;
  p.summaries.set(symbol, 'open');
  const summary = summarize(p, symbol);
  p.summaries.set(symbol, summary);
  return summary;
}

function summarize(p: FlowPass, symbol: LocalFunctionSymbol): FunctionSummary {
  const { state, frame, quiet } = p;
  const required = new Set<LocalSymbol>();
  p.state = FlowState.start();
  p.frame = { required };
  p.quiet = false;
  declareOuts(p, symbol.parameters);
  const exits = symbol.body === undefined ? { end: p.state, returns: [] } : walkBody(p, symbol.body);
  p.state = state;
  p.frame = frame;
  p.quiet = quiet;
  const after = exits.end.clone();
  for (const { state: returned } of exits.returns) after.join(returned);
  return { required, after, exits };
}

/** Where a local function is declared, its own ends are judged. */
export function walkLocalFunction(p: FlowPass, symbol: LocalFunctionSymbol, name: Span): void {
  const summary = summaryOf(p, symbol);
  if (summary === undefined || symbol.body === undefined) return;
  checkOuts(p, symbol.parameters, summary.exits, name);
  if (summary.exits.end.reachable && !symbol.isIterator && !isVoid(symbol.returnType)) {
    p.report(notAllPathsReturn(describe(p, symbol), name));
  }
}

function describe(p: FlowPass, symbol: LocalFunctionSymbol): string {
  const parameters = symbol.parameters.map((parameter) => {
    const modifier = parameter.modifier === undefined ? '' : `${parameter.modifier} `;
    return `${modifier}${p.options.show(parameter.type)}`;
  });
  return `${symbol.name}(${parameters.join(', ')})`;
}

function declareOuts(p: FlowPass, parameters: readonly LocalSymbol[]): void {
  for (const parameter of parameters) if (parameter.modifier === 'out') p.declareOut(parameter);
}

/** An `out` parameter must have a value at every return and at the end. */
function checkOuts(p: FlowPass, parameters: readonly LocalSymbol[], exits: Exits, end: Span): void {
  for (const parameter of parameters) {
    if (parameter.modifier !== 'out' || p.options.hasErrors) continue;
    const slot = p.slotOf(parameter);
    for (const { state, span } of exits.returns) if (!state.isAssigned(slot)) p.report(outNotAssigned(parameter.name, span));
    if (!exits.end.isAssigned(slot)) p.report(outNotAssigned(parameter.name, end));
  }
}
