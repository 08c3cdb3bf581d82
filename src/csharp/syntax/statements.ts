/** Statements (ECMA-334, 13), chosen by their first token. */
import { span } from '../../source/span.ts';
import type {
  CatchClause,
  CheckedStatement,
  EmptyStatement,
  Expression,
  ExpressionStatement,
  GotoStatement,
  IfStatement,
  LocalDeclaration,
  LockStatement,
  ReturnStatement,
  Statement,
  ThrowStatement,
  TryStatement,
  UsingStatement,
  YieldStatement,
} from './ast.ts';
import { isPossibleStatement, parseBlock } from './blocks.ts';
import type { Cursor } from './cursor.ts';
import { isPossibleLocalDeclaration, parseLocalDeclaration, parseLocalFunctionOrDeclaration, parseVariables } from './declarations.ts';
import { parseExpressionNode } from './expressions.ts';
import {
  badEmbeddedStatement,
  catchOrFinallyExpected,
  elseCannotStart,
  featureUnavailable,
  syntaxError,
  unsafeCode,
  yieldReturnOrBreak,
} from './faults.ts';
import { parseDo, parseFor, parseForEach, parseWhile } from './loops.ts';
import { parseSwitch } from './switches.ts';
import { parseType } from './types.ts';

export function parseStatement(c: Cursor): Statement {
  return c.nested(
    () => chooseStatement(c),
    () => ({ kind: 'empty', span: c.missing().span }),
  );
}

const BY_KEYWORD: Readonly<Record<string, (c: Cursor, start: number) => Statement>> = {
  '{': parseBlock,
  ';': parseEmpty,
  if: parseIf,
  while: parseWhile,
  do: parseDo,
  for: parseFor,
  foreach: parseForEach,
  switch: parseSwitch,
  break: parseJump,
  continue: parseJump,
  goto: parseGoto,
  return: parseReturn,
  throw: parseThrow,
  try: parseTry,
  catch: parseOrphanedHandler,
  finally: parseOrphanedHandler,
  using: parseUsing,
  lock: parseLock,
  unsafe: parseUnsafe,
  fixed: parseFixed,
  else: parseOrphanedElse,
};

function chooseStatement(c: Cursor): Statement {
  const { kind, start } = c.current;
  const byKeyword = Object.hasOwn(BY_KEYWORD, kind) ? BY_KEYWORD[kind] : undefined;
  if (byKeyword !== undefined) return byKeyword(c, start);
  if ((kind === 'checked' || kind === 'unchecked') && c.peek(1).kind === '{') return parseChecked(c, start);
  if (kind === 'identifier') {
    if (c.peek(1).kind === ':') return parseLabeled(c, start);
    if (c.isWord('yield') && (c.peek(1).kind === 'return' || c.peek(1).kind === 'break')) return parseYield(c, start);
  }
  return isPossibleLocalDeclaration(c) ? parseLocalFunctionOrDeclaration(c) : parseExpressionStatement(c, start);
}

function parseEmpty(c: Cursor, start: number): EmptyStatement {
  c.advance();
  return { kind: 'empty', span: c.since(start) };
}

const STATEMENT_EXPRESSIONS: ReadonlySet<Expression['kind']> = new Set([
  'assignment',
  'invocation',
  'postfix',
  'objectCreation',
  'missing',
] as const);

function parseExpressionStatement(c: Cursor, start: number): ExpressionStatement {
  const expression = parseExpressionNode(c);
  c.expect(';');
  return { kind: 'expressionStatement', expression, span: c.since(Math.min(start, expression.span.start)) };
}

/** Expressions that may stand as a statement (ECMA-334, 13.7); the checker refuses the others. */
export function isStatementExpression(expression: Expression): boolean {
  if (STATEMENT_EXPRESSIONS.has(expression.kind)) return true;
  if (expression.kind === 'conditionalAccess') return isStatementExpression(expression.rest);
  return expression.kind === 'unary' && ['++', '--', 'await'].includes(expression.operator);
}

/** The body of `if`, loops and the like; declarations are refused there, and a missing one reads as the compiler reads it. */
export function parseEmbedded(c: Cursor): Statement {
  if (!isPossibleStatement(c)) return parseExpressionStatement(c, c.current.start);
  const statement = parseStatement(c);
  if (isDeclaration(statement)) c.report(badEmbeddedStatement(), statement.span);
  return statement;
}

function isDeclaration(statement: Statement): boolean {
  return statement.kind === 'localDeclaration' || statement.kind === 'localFunction' || statement.kind === 'labeled';
}

export function parseParenthesizedValue(c: Cursor): Expression {
  c.expect('(');
  const value = parseExpressionNode(c);
  c.expect(')');
  return value;
}

function parseIf(c: Cursor, start: number): IfStatement {
  c.advance();
  const condition = parseParenthesizedValue(c);
  const whenTrue = parseEmbedded(c);
  if (c.accept('else') === undefined) return { kind: 'if', condition, whenTrue, span: c.since(start) };
  const whenFalse = parseEmbedded(c);
  return { kind: 'if', condition, whenTrue, whenFalse, span: c.since(start) };
}

function parseOrphanedElse(c: Cursor, start: number): Statement {
  c.report(elseCannotStart(), span(start, c.current.end));
  c.advance();
  const statement = parseEmbedded(c);
  return { kind: 'block', statements: [statement], span: c.since(start) };
}

/** The declaration at the head of `for` and `using`: no semicolon belongs to it. */
export function parseHeadDeclaration(c: Cursor): LocalDeclaration {
  const start = c.current.start;
  const type = parseType(c);
  const declarators = parseVariables(c, type.kind !== 'varType');
  return { kind: 'localDeclaration', type, isConst: false, declarators, span: c.since(start) };
}

function parseJump(c: Cursor, start: number): Statement {
  const kind = c.advance().kind === 'break' ? 'break' : 'continue';
  c.expect(';');
  return { kind, span: c.since(start) };
}

function parseGoto(c: Cursor, start: number): GotoStatement {
  c.advance();
  const target = parseGotoTarget(c);
  c.expect(';');
  return { kind: 'goto', target, span: c.since(start) };
}

function parseGotoTarget(c: Cursor): GotoStatement['target'] {
  if (c.accept('case') !== undefined) return { kind: 'case', value: parseExpressionNode(c) };
  if (c.accept('default') !== undefined) return { kind: 'default' };
  return { kind: 'label', name: c.identifier() };
}

function parseLabeled(c: Cursor, start: number): Statement {
  const label = c.identifier();
  c.advance();
  const statement = isPossibleStatement(c) ? parseStatement(c) : parseExpressionStatement(c, c.current.start);
  return { kind: 'labeled', label, statement, span: c.since(start) };
}

function parseReturn(c: Cursor, start: number): ReturnStatement {
  c.advance();
  const value = c.is(';') ? undefined : parseExpressionNode(c);
  c.expect(';');
  return { kind: 'return', ...(value && { value }), span: c.since(start) };
}

function parseThrow(c: Cursor, start: number): ThrowStatement {
  c.advance();
  const value = c.is(';') ? undefined : parseExpressionNode(c);
  c.expect(';');
  return { kind: 'throw', ...(value && { value }), span: c.since(start) };
}

function parseYield(c: Cursor, start: number): YieldStatement {
  c.advance();
  const isReturn = c.advance().kind === 'return';
  if (isReturn && c.is(';')) c.reportMissing(yieldReturnOrBreak());
  const value = isReturn && !c.is(';') ? parseExpressionNode(c) : undefined;
  c.expect(';');
  return { kind: 'yield', ...(value && { value }), span: c.since(start) };
}

function parseTry(c: Cursor, start: number): TryStatement {
  c.advance();
  return finishTry(c, start, parseBlock(c));
}

/** `catch` or `finally` without `try`. */
function parseOrphanedHandler(c: Cursor, start: number): TryStatement {
  c.reportMissing(syntaxError('try'));
  return finishTry(c, start, { kind: 'block', statements: [], span: span(start) });
}

function finishTry(c: Cursor, start: number, body: TryStatement['body']): TryStatement {
  const catches: CatchClause[] = [];
  while (c.is('catch')) catches.push(parseCatch(c));
  const handler = c.accept('finally') === undefined ? undefined : parseBlock(c);
  if (catches.length === 0 && handler === undefined)
    c.report(catchOrFinallyExpected(), span(Math.max(body.span.start, body.span.end - 1), body.span.end));
  return { kind: 'try', body, catches, ...(handler && { finally: handler }), span: c.since(start) };
}

function parseCatch(c: Cursor): CatchClause {
  const start = c.advance().start;
  const declaration = c.is('(') ? parseCatchDeclaration(c) : {};
  const filter = c.isWord('when') ? parseFilter(c) : undefined;
  const body = parseBlock(c);
  return { ...declaration, ...(filter && { filter }), body, span: c.since(start) };
}

function parseCatchDeclaration(c: Cursor): Pick<CatchClause, 'type' | 'name'> {
  c.advance();
  const type = parseType(c);
  const name = c.is('identifier') ? c.identifier() : undefined;
  c.expect(')');
  return { type, ...(name && { name }) };
}

function parseFilter(c: Cursor): Expression {
  c.advance();
  return parseParenthesizedValue(c);
}

function parseUsing(c: Cursor, start: number): Statement {
  if (c.peek(1).kind !== '(') return parseUsingDeclaration(c);
  c.advance();
  c.advance();
  const declaration = isPossibleLocalDeclaration(c) ? parseHeadDeclaration(c) : undefined;
  const expression = declaration === undefined ? parseExpressionNode(c) : undefined;
  c.expect(')');
  const body = parseEmbedded(c);
  const using: UsingStatement = {
    kind: 'using',
    ...(declaration && { declaration }),
    ...(expression && { expression }),
    body,
    span: c.since(start),
  };
  return using;
}

/** `using var x = …;` came with C# 8. */
function parseUsingDeclaration(c: Cursor): Statement {
  const token = c.advance();
  c.report(featureUnavailable('using declarations', '8.0'), span(token.start, token.end));
  return parseLocalDeclaration(c, token.start);
}

function parseLock(c: Cursor, start: number): LockStatement {
  c.advance();
  const value = parseParenthesizedValue(c);
  const body = parseEmbedded(c);
  return { kind: 'lock', value, body, span: c.since(start) };
}

function parseChecked(c: Cursor, start: number): CheckedStatement {
  const checked = c.advance().kind === 'checked';
  const body = parseBlock(c);
  return { kind: 'checkedStatement', checked, body, span: c.since(start) };
}

function parseUnsafe(c: Cursor, start: number): Statement {
  c.report(unsafeCode(), span(start, c.current.end));
  c.advance();
  return parseBlock(c);
}

/** `fixed (…) …` needs pointers: its head is read as a declaration, its body stays. */
function parseFixed(c: Cursor, start: number): Statement {
  c.report(unsafeCode(), span(start, c.current.end));
  c.advance();
  c.expect('(');
  parseHeadDeclaration(c);
  c.expect(')');
  return parseEmbedded(c);
}
