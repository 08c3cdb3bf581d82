/** Query expressions (ECMA-334, 12.20). Their keywords are reserved only inside them. */
import { span } from '../../source/span.ts';
import type {
  FromClause,
  GroupClause,
  JoinClause,
  LetClause,
  OrderByClause,
  QueryBody,
  QueryClause,
  QueryExpression,
  SelectClause,
  TypeSyntax,
  WhereClause,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import { contextualExpected, inExpected, selectOrGroupExpected } from './faults.ts';
import { PREDEFINED_TYPES } from './token.ts';
import { parseType } from './types.ts';

/** `from` starts a query when a type or a name follows and the text does not go on as a declaration or member would. */
export function isPossibleQuery(c: Cursor): boolean {
  if (!c.isWord('from')) return false;
  const next = c.peek(1).kind;
  if (PREDEFINED_TYPES.has(next)) return true;
  if (next !== 'identifier') return false;
  const after = c.peek(2).kind;
  if (after === 'in') return true;
  return c.inQuery || (after !== ';' && after !== ',' && after !== '=' && after !== 'end');
}

export function parseQuery(c: Cursor): QueryExpression {
  const inQuery = c.inQuery;
  c.inQuery = true;
  const start = c.current.start;
  const from = parseFrom(c);
  const body = parseBody(c);
  c.inQuery = inQuery;
  return { kind: 'query', from, body, span: c.since(start) };
}

function parseBody(c: Cursor): QueryBody {
  const start = c.current.start;
  const clauses: QueryClause[] = [];
  for (let clause = parseClause(c); clause !== undefined; clause = parseClause(c)) clauses.push(clause);
  const end = parseEnd(c);
  if (!c.isWord('into')) return { clauses, end, span: c.since(Math.min(start, end.span.start)) };
  return { clauses, end, continuation: parseContinuation(c), span: c.since(start) };
}

function parseContinuation(c: Cursor): NonNullable<QueryBody['continuation']> {
  const start = c.advance().start;
  const name = c.identifier();
  const body = c.nested(
    () => parseBody(c),
    () => ({ clauses: [], end: missingEnd(c), span: c.missing().span }),
  );
  return { name, body, span: c.since(start) };
}

function parseClause(c: Cursor): QueryClause | undefined {
  if (c.isWord('from')) return parseFrom(c);
  if (c.isWord('let')) return parseLet(c);
  if (c.isWord('where')) return parseWhere(c);
  if (c.isWord('join')) return parseJoin(c);
  return c.isWord('orderby') ? parseOrderBy(c) : undefined;
}

function parseRangeType(c: Cursor): { readonly type?: TypeSyntax } {
  return c.peek(1).kind === 'in' ? {} : { type: parseType(c) };
}

function parseFrom(c: Cursor): FromClause {
  const start = c.advance().start;
  const type = parseRangeType(c);
  const name = c.identifier();
  c.expect('in', inExpected());
  const source = parseExpressionNode(c);
  return { kind: 'from', ...type, name, source, span: c.since(start) };
}

function parseLet(c: Cursor): LetClause {
  const start = c.advance().start;
  const name = c.identifier();
  c.expect('=');
  const value = parseExpressionNode(c);
  return { kind: 'let', name, value, span: c.since(start) };
}

function parseWhere(c: Cursor): WhereClause {
  const start = c.advance().start;
  const condition = parseExpressionNode(c);
  return { kind: 'where', condition, span: c.since(start) };
}

function parseJoin(c: Cursor): JoinClause {
  const start = c.advance().start;
  const type = parseRangeType(c);
  const name = c.identifier();
  c.expect('in', inExpected());
  const source = parseExpressionNode(c);
  expectWord(c, 'on');
  const left = parseExpressionNode(c);
  expectWord(c, 'equals');
  const right = parseExpressionNode(c);
  const join = { kind: 'join', ...type, name, source, left, right } as const;
  if (!c.isWord('into')) return { ...join, span: c.since(start) };
  c.advance();
  const into = c.identifier();
  return { ...join, into, span: c.since(start) };
}

function expectWord(c: Cursor, word: 'on' | 'equals' | 'by'): void {
  if (c.isWord(word)) c.advance();
  else c.reportMissing(contextualExpected(word));
}

function parseOrderBy(c: Cursor): OrderByClause {
  const start = c.advance().start;
  const orderings: OrderByClause['orderings'][number][] = [];
  do orderings.push(parseOrdering(c));
  while (c.accept(',') !== undefined);
  return { kind: 'orderby', orderings, span: c.since(start) };
}

function parseOrdering(c: Cursor): OrderByClause['orderings'][number] {
  const start = c.current.start;
  const key = parseExpressionNode(c);
  const descending = c.isWord('descending');
  if (descending || c.isWord('ascending')) c.advance();
  return { key, descending, span: c.since(Math.min(start, key.span.start)) };
}

function parseEnd(c: Cursor): SelectClause | GroupClause {
  const start = c.current.start;
  if (c.isWord('select')) {
    c.advance();
    const value = parseExpressionNode(c);
    return { kind: 'select', value, span: c.since(start) };
  }
  if (!c.isWord('group')) return missingEnd(c);
  c.advance();
  const value = parseExpressionNode(c);
  expectWord(c, 'by');
  const key = parseExpressionNode(c);
  return { kind: 'group', value, key, span: c.since(start) };
}

function missingEnd(c: Cursor): SelectClause {
  c.reportMissing(selectOrGroupExpected());
  const value = c.missing();
  return { kind: 'select', value, span: span(value.span.start, value.span.end) };
}
