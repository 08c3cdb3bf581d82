/**
 * The way in: text of a policy expression to syntax tree. Azure compiles `@(E)` as `return E;` and `@{S}` as the body of a method; what
 * the wrapper adds stands on lines of its own, so that line 1 column 1 is the first character behind `@(` or `@{`.
 */
import type { Span } from '../../source/span.ts';
import { span } from '../../source/span.ts';
import type { Expression, Statement, SyntaxFault, SyntaxTree } from './ast.ts';
import { parseStatements } from './blocks.ts';
import type { CursorState } from './cursor.ts';
import { Cursor } from './cursor.ts';
import { parseExpressionNode, skipBraces } from './expressions.ts';
import { endOfFileExpected, expected, faultAt, illegalStatement, invalidMemberToken, invalidTerm, tooComplex } from './faults.ts';
import { isTooDeep } from './height.ts';
import { lex } from './lexer.ts';
import { isStatementExpression } from './statements.ts';
import type { Token } from './token.ts';

/**
 * Parses the text between the delimiters: `single` for `@( )`, `multi` for `@{ }`. Never throws; the tree is whole even where the text
 * is not, and `errors` holds what the compiler says, in the order of the text.
 */
export function parseExpression(text: string, kind: 'single' | 'multi'): SyntaxTree {
  const state: CursorState = { faults: [], depth: 0, silenced: false };
  const tokens = lex(text, 0, text.length, (wording, start, end) => state.faults.push(faultAt(wording, span(start, end))));
  const cursor = new Cursor(text, [...tokens, ...tailTokens(text.length, kind)], 0, state);
  const root = kind === 'single' ? parseSingle(cursor) : parseMulti(cursor);
  if (tokens.length > MAX_HEIGHT && isTooDeep(root, MAX_HEIGHT)) return tooDeep(text, kind);
  return { text, kind, root, errors: inOrder(state.faults) };
}

/** No path through a tree is longer, so that later stages may recurse; long chains of `+` count as well. */
const MAX_HEIGHT = 1000;

function tooDeep(text: string, kind: 'single' | 'multi'): SyntaxTree {
  const whole = span(0, text.length);
  const root = kind === 'single' ? ({ kind: 'missing', span: whole } as const) : ({ kind: 'block', statements: [], span: whole } as const);
  return { text, kind, root, errors: [faultAt(tooComplex(), whole)] };
}

/** What the wrapper puts on the lines behind the text. */
function tailTokens(end: number, kind: 'single' | 'multi'): readonly Token[] {
  const close: Token = { kind: 'end', text: '}', start: end, end, afterNewline: true };
  return kind === 'multi' ? [close] : [{ ...close, kind: ';', text: ';' }, close];
}

function parseSingle(c: Cursor): Expression {
  const empty = c.is(';') && c.peek(1).kind === 'end';
  if (empty) c.report(invalidTerm(';'), span(0));
  const root = empty ? c.missing() : parseExpressionNode(c);
  const behind = c.expect(';');
  parseTrailing(c, behind);
  return root;
}

/** Behind the expression nothing may follow: not even statements that would compile, since they could never run. */
function parseTrailing(c: Cursor, semicolon: Token | undefined): void {
  const before = c.state.faults.length;
  const ended = c.is('end');
  for (const statement of parseStatements(c, isMethodEnd)) reportIllegal(c, statement);
  parseMethodEnd(c);
  if (!ended && semicolon !== undefined && c.state.faults.length === before) c.report(expected(')'), span(semicolon.start, semicolon.end));
}

/** The checker never sees these statements, so this is said here. */
function reportIllegal(c: Cursor, statement: Statement): void {
  if (statement.kind !== 'expressionStatement' || isStatementExpression(statement.expression)) return;
  c.report(illegalStatement(), statement.expression.span);
}

function isMethodEnd(c: Cursor): boolean {
  return c.is('}');
}

function parseMulti(c: Cursor): SyntaxTree['root'] {
  const statements = parseStatements(c, isMethodEnd);
  parseMethodEnd(c);
  return { kind: 'block', statements, span: span(0, c.text.length) };
}

const TYPE_KEYWORDS: ReadonlySet<string> = new Set(['class', 'struct', 'interface', 'enum']);

/** A `}` too many, or a type or member where none may stand: the compiler then reads on as in the body of a class. */
function parseMethodEnd(c: Cursor): void {
  if (c.is('end')) return;
  if (c.is('}')) c.advance();
  else c.reportMissing(expected('}'));
  while (TYPE_KEYWORDS.has(c.current.kind)) skipType(c);
  if (!c.is('end') && !c.is('}')) c.report(invalidMemberToken(c.current.text), currentSpan(c));
  c.skipTo(c.tokens.length);
  c.report(endOfFileExpected(), span(c.text.length));
}

function skipType(c: Cursor): void {
  while (!c.is('{') && !c.is('end') && !c.is(';')) c.advance();
  if (c.is('{')) skipBraces(c);
  else c.advance();
}

function currentSpan(c: Cursor): Span {
  return span(c.current.start, c.current.end);
}

/** Sorted by place; of two at one place the one found first. The same fault twice is said once. */
function inOrder(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const sorted = [...faults].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return sorted.filter((fault, i) => {
    const before = sorted[i - 1];
    return (
      before === undefined || before.code !== fault.code || before.span.start !== fault.span.start || before.span.end !== fault.span.end
    );
  });
}
