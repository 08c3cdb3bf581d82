/** Expressions by precedence climbing (ECMA-334, 12.4.2): operators, assignment, conditional, `is`, `as`, casts and prefixes. */
import { span } from '../../source/span.ts';
import type { AssignmentExpression, BinaryOperator, Expression, UnaryExpression } from './ast.ts';
import { parseArrayInitializer } from './creation.ts';
import type { Cursor } from './cursor.ts';
import { conditionalInInterpolation, featureUnavailable } from './faults.ts';
import { parseLambda } from './lambdas.ts';
import { parsePattern } from './patterns.ts';
import { parsePostfix } from './postfix.ts';
import { parsePrimary } from './primary.ts';
import { isPossibleQuery, parseQuery } from './queries.ts';
import { canStartExpression, looksLikeCast, looksLikeLambda } from './scan.ts';
import { parseType } from './types.ts';

/** How tightly operators bind; a higher number binds tighter. */
export const Precedence = {
  assignment: 1,
  conditional: 2,
  coalescing: 3,
  or: 4,
  and: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  equality: 9,
  relational: 10,
  shift: 11,
  additive: 12,
  multiplicative: 13,
  switch: 14,
  range: 15,
  unary: 16,
} as const;

const BINARY: Readonly<Record<string, number>> = {
  '??': Precedence.coalescing,
  '||': Precedence.or,
  '&&': Precedence.and,
  '|': Precedence.bitOr,
  '^': Precedence.bitXor,
  '&': Precedence.bitAnd,
  '==': Precedence.equality,
  '!=': Precedence.equality,
  '<': Precedence.relational,
  '>': Precedence.relational,
  '<=': Precedence.relational,
  '>=': Precedence.relational,
  is: Precedence.relational,
  as: Precedence.relational,
  '<<': Precedence.shift,
  '>>': Precedence.shift,
  '+': Precedence.additive,
  '-': Precedence.additive,
  '*': Precedence.multiplicative,
  '/': Precedence.multiplicative,
  '%': Precedence.multiplicative,
  switch: Precedence.switch,
  '..': Precedence.range,
};
const ASSIGNMENTS: ReadonlySet<string> = new Set('= += -= *= /= %= &= |= ^= <<= >>= ??='.split(' '));
const PREFIXES: ReadonlySet<string> = new Set('+ - ! ~ ++ -- & * ^'.split(' '));

interface Operator {
  readonly text: string;
  readonly precedence: number;
  readonly tokens: number;
}

/** Reads a whole expression, assignments and lambdas included. */
export function parseExpressionNode(c: Cursor): Expression {
  return parseSubExpression(c, Precedence.assignment);
}

/** Reads an expression whose operators bind at least as tightly as `minimum`. */
export function parseSubExpression(c: Cursor, minimum: number): Expression {
  return c.nested(
    () => parseOperators(c, parseOperand(c, minimum), minimum),
    () => c.missing(),
  );
}

function parseOperand(c: Cursor, minimum: number): Expression {
  if (minimum <= Precedence.conditional) {
    if (looksLikeLambda(c)) return parseLambda(c);
    if (isPossibleQuery(c)) return parseQuery(c);
  }
  const kind = c.current.kind;
  if (kind === 'throw') return parseThrow(c);
  if (kind === 'ref') return parseRef(c);
  if (kind === '..') return parseOpenRange(c);
  return parseUnary(c);
}

function parseThrow(c: Cursor): Expression {
  const start = c.advance().start;
  const value = parseSubExpression(c, Precedence.coalescing);
  return { kind: 'throwExpression', value, span: c.since(start) };
}

function parseRef(c: Cursor): Expression {
  const start = c.advance().start;
  const expression = parseExpressionNode(c);
  return { kind: 'ref', expression, span: c.since(start) };
}

function parseOpenRange(c: Cursor): Expression {
  const start = c.advance().start;
  const operand = canStartExpression(c.current.kind) ? parseSubExpression(c, Precedence.range) : c.missing();
  c.report(featureUnavailable('range operator', '8.0'), c.since(start));
  return operand;
}

function parseUnary(c: Cursor): Expression {
  const token = c.current;
  if (PREFIXES.has(token.kind)) return parsePrefix(c, token.kind as UnaryExpression['operator']);
  if (token.kind === '(' && looksLikeCast(c)) return parseCast(c);
  if (isAwait(c)) return parsePrefix(c, 'await');
  return parseWith(c, parsePostfix(c, parsePrimary(c)));
}

/** `x with { … }` came with C# 9. */
function parseWith(c: Cursor, target: Expression): Expression {
  if (!c.isWord('with') || c.peek(1).kind !== '{') return target;
  c.advance();
  parseArrayInitializer(c);
  c.report(featureUnavailable('records', '9.0'), c.since(target.span.start));
  return target;
}

function parsePrefix(c: Cursor, operator: UnaryExpression['operator']): Expression {
  const token = c.advance();
  const operand = parseSubExpression(c, Precedence.unary);
  const place = c.since(token.start);
  if (operator === '^') c.report(featureUnavailable('index operator', '8.0'), place);
  return { kind: 'unary', operator, operand, operatorSpan: span(token.start, token.end), span: place };
}

const AFTER_AWAIT: ReadonlySet<string> = new Set(
  'identifier new this base delegate typeof checked unchecked default literal interpolated true false null sizeof'.split(' '),
);

/** `await` is an identifier outside async methods, unless an operand follows (then the checker refuses it). */
function isAwait(c: Cursor): boolean {
  return c.isWord('await') && AFTER_AWAIT.has(c.peek(1).kind);
}

function parseCast(c: Cursor): Expression {
  const start = c.advance().start;
  const type = parseType(c);
  c.expect(')');
  const operand = parseSubExpression(c, Precedence.unary);
  return { kind: 'cast', type, operand, span: c.since(start) };
}

/** The operator at the cursor; `>` `>` without a gap is a shift, with `>=` behind it a shift assignment. */
function operatorAt(c: Cursor): Operator | undefined {
  const token = c.current;
  const next = c.peek(1);
  if (token.kind === '>' && next.start === token.end) {
    if (next.kind === '>') return { text: '>>', precedence: Precedence.shift, tokens: 2 };
    if (next.kind === '>=') return { text: '>>=', precedence: Precedence.assignment, tokens: 2 };
  }
  if (ASSIGNMENTS.has(token.kind)) return { text: token.kind, precedence: Precedence.assignment, tokens: 1 };
  const precedence = Object.hasOwn(BINARY, token.kind) ? BINARY[token.kind] : undefined;
  if (precedence === undefined || (token.kind === 'switch' && next.kind !== '{')) return undefined;
  return { text: token.kind, precedence, tokens: 1 };
}

function parseOperators(c: Cursor, first: Expression, minimum: number): Expression {
  let left = first;
  for (;;) {
    const operator = operatorAt(c);
    if (operator === undefined || operator.precedence < minimum) break;
    const next = parseOperator(c, left, operator);
    left = next;
    if (operator.precedence === Precedence.assignment) return left;
  }
  return c.is('?') && minimum <= Precedence.conditional ? parseConditional(c, left) : left;
}

function parseOperator(c: Cursor, left: Expression, operator: Operator): Expression {
  const start = c.current.start;
  for (let i = 0; i < operator.tokens; i++) c.advance();
  const place = c.since(start);
  if (operator.precedence === Precedence.assignment) return parseAssignment(c, left, operator.text, place);
  switch (operator.text) {
    case 'is':
      return finishIs(c, left);
    case 'as':
      return { kind: 'as', operand: left, type: parseType(c, 'operand'), span: c.since(left.span.start) };
    case 'switch':
      return parseSwitchExpression(c, left);
    case '..':
      return parseRange(c, left);
    default:
      return parseBinary(c, left, operator, place);
  }
}

type Place = Expression['span'];

function parseBinary(c: Cursor, left: Expression, operator: Operator, place: Place): Expression {
  // `??` groups from the right, everything else from the left.
  const right = parseSubExpression(c, operator.text === '??' ? operator.precedence : operator.precedence + 1);
  return { kind: 'binary', operator: operator.text as BinaryOperator, left, right, operatorSpan: place, span: c.since(left.span.start) };
}

function parseAssignment(c: Cursor, target: Expression, operator: string, place: Place): Expression {
  if (operator === '??=') c.report(featureUnavailable('coalescing assignment', '8.0'), place);
  const value = parseExpressionNode(c);
  const known = (operator === '??=' ? '=' : operator) as AssignmentExpression['operator'];
  return { kind: 'assignment', operator: known, target, value, operatorSpan: place, span: c.since(target.span.start) };
}

function finishIs(c: Cursor, operand: Expression): Expression {
  const pattern = parsePattern(c, 'is');
  return { kind: 'is', operand, pattern, span: c.since(operand.span.start) };
}

function parseRange(c: Cursor, left: Expression): Expression {
  if (canStartExpression(c.current.kind)) parseSubExpression(c, Precedence.range + 1);
  const place = c.since(left.span.start);
  c.report(featureUnavailable('range operator', '8.0'), place);
  return { kind: 'missing', span: place };
}

/** `x switch { … }` came with C# 8: its braces are skipped. */
function parseSwitchExpression(c: Cursor, left: Expression): Expression {
  skipBraces(c);
  const place = c.since(left.span.start);
  c.report(featureUnavailable('recursive patterns', '8.0'), place);
  return { kind: 'missing', span: place };
}

/** At `{`: leaves the cursor behind the `}` that closes it. */
export function skipBraces(c: Cursor): void {
  let depth = 0;
  do {
    const kind = c.current.kind;
    if (kind === '{') depth++;
    else if (kind === '}') depth--;
    else if (kind === 'end') {
      c.expect('}');
      return;
    }
    c.advance();
  } while (depth > 0);
}

function parseConditional(c: Cursor, condition: Expression): Expression {
  c.advance();
  const whenTrue = parseSubExpression(c, Precedence.assignment);
  if (c.is('end') && c.followedByColon) return conditionalInHole(c, condition, whenTrue);
  c.expect(':');
  const whenFalse = parseSubExpression(c, Precedence.assignment);
  return { kind: 'conditional', condition, whenTrue, whenFalse, span: c.since(condition.span.start) };
}

function conditionalInHole(c: Cursor, condition: Expression, whenTrue: Expression): Expression {
  const whenFalse = c.missing();
  const place = c.since(condition.span.start);
  c.report(conditionalInInterpolation(), place);
  return { kind: 'conditional', condition, whenTrue, whenFalse, span: place };
}
