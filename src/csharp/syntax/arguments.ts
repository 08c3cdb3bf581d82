/** Argument lists of calls, creations and indexers, with names, `ref`, `out` and `in` (ECMA-334, 12.6.2). */
import type { Argument, Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isPossibleDeclaration, parseDeclarationExpression } from './designations.ts';
import { parseExpressionNode } from './expressions.ts';
import { expected, valueExpected } from './faults.ts';
import { skipBadTokens } from './recovery.ts';
import { isPossibleExpression } from './scan.ts';

/** At `(` or `[`: reads up to the bracket that closes it. */
export function parseArguments(c: Cursor, close: ')' | ']'): readonly Argument[] {
  c.advance();
  const list: Argument[] = [];
  const inQuery = c.inQuery;
  c.inQuery = false;
  if (close === ']' && c.is(']')) c.reportMissing(valueExpected());
  while (!c.is(close) && !isListEnd(c)) {
    if (list.length > 0 && !separate(c)) continue;
    if (list.length === 0 && !startsArgument(c) && skipBad(c, expected('identifier'))) continue;
    list.push(parseArgument(c));
  }
  c.expect(close);
  c.inQuery = inQuery;
  return list;
}

function isListEnd(c: Cursor): boolean {
  const kind = c.current.kind;
  return kind === ')' || kind === ']' || kind === ';' || kind === 'end' || kind === '}';
}

function startsArgument(c: Cursor): boolean {
  const kind = c.current.kind;
  return kind === ',' || kind === 'out' || kind === 'in' || isPossibleExpression(kind);
}

/** Eats the comma between two arguments; false when tokens had to be skipped instead. */
function separate(c: Cursor): boolean {
  if (startsArgument(c)) {
    c.expect(',');
    return true;
  }
  skipBad(c, expected(','));
  return false;
}

function skipBad(c: Cursor, wording: ReturnType<typeof expected>): boolean {
  return skipBadTokens(c, wording, () => startsArgument(c) || isListEnd(c));
}

function parseArgument(c: Cursor): Argument {
  const start = c.current.start;
  const name = c.is('identifier') && c.peek(1).kind === ':' ? c.identifier() : undefined;
  if (name !== undefined) c.advance();
  const modifier = parseModifier(c);
  const expression = parseValue(c, modifier);
  const argument = { expression, span: c.since(start), ...(name && { name }), ...(modifier && { modifier }) };
  return argument;
}

function parseModifier(c: Cursor): 'ref' | 'out' | 'in' | undefined {
  const kind = c.current.kind;
  if (kind !== 'ref' && kind !== 'out' && kind !== 'in') return undefined;
  c.advance();
  return kind;
}

function parseValue(c: Cursor, modifier: string | undefined): Expression {
  if (modifier === 'out' && isPossibleDeclaration(c, 'out')) return parseDeclarationExpression(c);
  return parseExpressionNode(c);
}
