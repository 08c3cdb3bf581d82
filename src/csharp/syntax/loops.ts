/** Loops (ECMA-334, 13.9). */
import { span } from '../../source/span.ts';
import type { DoStatement, Expression, ForEachStatement, ForStatement, WhileStatement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isPossibleLocalDeclaration } from './declarations.ts';
import { isPossibleDeclaration, parseDeclarationExpression } from './designations.ts';
import { parseExpressionNode } from './expressions.ts';
import { badForeach, inExpected, refLoopVariable } from './faults.ts';
import { parseEmbedded, parseHeadDeclaration, parseParenthesizedValue } from './statements.ts';

export function parseWhile(c: Cursor, start: number): WhileStatement {
  c.advance();
  const condition = parseParenthesizedValue(c);
  const body = parseEmbedded(c);
  return { kind: 'while', condition, body, span: c.since(start) };
}

export function parseDo(c: Cursor, start: number): DoStatement {
  c.advance();
  const body = parseEmbedded(c);
  c.expect('while');
  const condition = parseParenthesizedValue(c);
  c.expect(';');
  return { kind: 'do', body, condition, span: c.since(start) };
}

export function parseFor(c: Cursor, start: number): ForStatement {
  c.advance();
  c.expect('(');
  const declaration = isPossibleLocalDeclaration(c) ? parseHeadDeclaration(c) : undefined;
  const initializers = declaration === undefined ? parseExpressions(c, ';') : [];
  c.expect(';');
  const condition = c.is(';') ? undefined : parseExpressionNode(c);
  c.expect(';');
  const incrementors = parseExpressions(c, ')');
  c.expect(')');
  const body = parseEmbedded(c);
  const head = { ...(declaration && { declaration }), initializers, ...(condition && { condition }), incrementors };
  return { kind: 'for', ...head, body, span: c.since(start) };
}

function parseExpressions(c: Cursor, end: string): readonly Expression[] {
  const list: Expression[] = [];
  if (c.is(end) || c.is('end')) return list;
  do list.push(parseExpressionNode(c));
  while (c.accept(',') !== undefined);
  return list;
}

export function parseForEach(c: Cursor, start: number): ForEachStatement {
  c.advance();
  c.expect('(');
  const variable = parseForEachVariable(c);
  if (!variable.complete) c.reportMissing(c.is('in') ? badForeach() : inExpected());
  if (variable.complete) c.expect('in', inExpected());
  else c.accept('in');
  const source = parseExpressionNode(c);
  c.expect(')');
  const body = parseEmbedded(c);
  return { kind: 'forEach', type: variable.type, designation: variable.designation, source, body, span: c.since(start) };
}

type ForEachVariable = Pick<ForEachStatement, 'type' | 'designation'> & { readonly complete: boolean };

/** `foreach (ref var x in span)` is C# 7.3, but no type that an expression may use enumerates references. */
function refuseRef(c: Cursor): void {
  if (!c.is('ref')) return;
  const { start } = c.advance();
  c.accept('readonly');
  c.report(refLoopVariable(), c.since(start));
}

function parseForEachVariable(c: Cursor): ForEachVariable {
  refuseRef(c);
  if (isPossibleDeclaration(c, 'forEach')) {
    const { type, designation } = parseDeclarationExpression(c);
    return { type, designation, complete: true };
  }
  const expression = parseExpressionNode(c);
  const missing = c.missing().span;
  const type = { kind: 'varType', span: span(expression.span.start, expression.span.end) } as const;
  return { type, designation: { kind: 'discard', span: missing }, complete: false };
}
