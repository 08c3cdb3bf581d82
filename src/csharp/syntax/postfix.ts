/** What follows a primary expression: members, calls, indexers, `?.`, `++` and `--` (ECMA-334, 12.8). */
import { span } from '../../source/span.ts';
import { parseArguments } from './arguments.ts';
import type { Expression, Name, TypeSyntax } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { featureUnavailable, unsafeCode } from './faults.ts';
import { opensTypeArguments } from './scan.ts';
import { parseExpressionTypeArguments } from './types.ts';

export function parsePostfix(c: Cursor, primary: Expression): Expression {
  let expression = primary;
  for (;;) {
    const next = parseOnePostfix(c, expression, primary.span.start);
    if (next === undefined) return expression;
    expression = next;
  }
}

function parseOnePostfix(c: Cursor, target: Expression, start: number): Expression | undefined {
  switch (c.current.kind) {
    case '.':
    case '->':
      return parseMember(c, target, start);
    case '(':
      return { kind: 'invocation', target, args: parseArguments(c, ')'), span: c.since(start) };
    case '[':
      return { kind: 'elementAccess', target, args: parseArguments(c, ']'), span: c.since(start) };
    case '++':
    case '--':
      return parseIncrement(c, target, start);
    case '?':
      return startsConditionalAccess(c) ? parseConditionalAccess(c, target, start) : undefined;
    case '!':
      return parseSuppression(c, target, start);
    default:
      return undefined;
  }
}

/** `?.` and `?[`: before C# 12 no expression starts with `[`, so this is never a conditional operator; `? .5` is one. */
function startsConditionalAccess(c: Cursor): boolean {
  const next = c.peek(1).kind;
  return next === '.' || next === '[';
}

function parseMember(c: Cursor, target: Expression, start: number): Expression {
  const operator = c.advance();
  if (operator.kind === '->') c.report(unsafeCode(), span(operator.start, operator.end));
  const { name, typeArguments } = parseSimpleName(c);
  const place = c.since(start);
  return typeArguments === undefined
    ? { kind: 'memberAccess', target, name, span: place }
    : { kind: 'memberAccess', target, name, typeArguments, span: place };
}

function parseSimpleName(c: Cursor): { readonly name: Name; readonly typeArguments?: readonly TypeSyntax[] } {
  const name = c.identifier();
  return opensTypeArguments(c, c.position) ? { name, typeArguments: parseExpressionTypeArguments(c) } : { name };
}

function parseIncrement(c: Cursor, operand: Expression, start: number): Expression {
  const token = c.advance();
  const operator = token.kind === '++' ? '++' : '--';
  return { kind: 'postfix', operator, operand, operatorSpan: span(token.start, token.end), span: c.since(start) };
}

/** `x!` came with C# 8. */
function parseSuppression(c: Cursor, target: Expression, start: number): Expression {
  c.advance();
  c.report(featureUnavailable('nullable reference types', '8.0'), c.since(start));
  return { kind: 'parenthesized', expression: target, span: c.since(start) };
}

/** `a?.b.c(d)?.e`: the rest is one chain, in which a further `?.` nests to the right. */
function parseConditionalAccess(c: Cursor, target: Expression, start: number): Expression {
  c.advance();
  const rest = c.nested(
    () => parseChain(c),
    () => c.missing(),
  );
  return { kind: 'conditionalAccess', target, rest, span: c.since(start) };
}

function parseChain(c: Cursor): Expression {
  const start = c.current.start;
  let expression = parseBinding(c);
  while (!c.is('++') && !c.is('--') && !c.is('!')) {
    const next = parseOnePostfix(c, expression, start);
    if (next === undefined) break;
    expression = next;
  }
  return expression;
}

function parseBinding(c: Cursor): Expression {
  const start = c.current.start;
  if (c.is('[')) return { kind: 'elementBinding', args: parseArguments(c, ']'), span: c.since(start) };
  c.advance();
  const { name, typeArguments } = parseSimpleName(c);
  const place = c.since(start);
  return typeArguments === undefined
    ? { kind: 'memberBinding', name, span: place }
    : { kind: 'memberBinding', name, typeArguments, span: place };
}
