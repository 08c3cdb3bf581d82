/** Primary expressions without what follows them: literals, names, parentheses and tuples, `typeof` and its kin. */
import type { Span } from '../../source/span.ts';
import { span } from '../../source/span.ts';
import type { Argument, Expression, LiteralExpression } from './ast.ts';
import { parseCreation, parseStackArray } from './creation.ts';
import type { Cursor } from './cursor.ts';
import { isPossibleDeclaration, parseDeclarationExpression } from './designations.ts';
import { parseExpressionNode } from './expressions.ts';
import { invalidTerm, pointersNeedUnsafe, tupleTooShort } from './faults.ts';
import { parseInterpolated } from './interpolation.ts';
import { parseAnonymousMethod } from './lambdas.ts';
import { opensTypeArguments, QUERY_WORDS, scanDesignation } from './scan.ts';
import type { Token } from './token.ts';
import { PREDEFINED_TYPES } from './token.ts';
import { parseExpressionTypeArguments, parseType } from './types.ts';

export function parsePrimary(c: Cursor): Expression {
  const token = c.current;
  switch (token.kind) {
    case 'identifier':
      return parseIdentifier(c);
    case 'literal':
      return parseLiteral(c);
    case 'interpolated':
      return parseInterpolated(c);
    case '(':
      return parseParenthesized(c);
    case 'true':
    case 'false':
    case 'null':
      return parseWordLiteral(c);
    case 'new':
      return parseCreation(c);
    case 'delegate':
      return parseAnonymousMethod(c);
    default:
      return parseKeyword(c, token);
  }
}

function parseKeyword(c: Cursor, token: Token): Expression {
  switch (token.kind) {
    case 'this':
    case 'base':
      c.advance();
      return { kind: 'this', keyword: token.kind, span: c.since(token.start) };
    case 'typeof':
    case 'sizeof':
      return parseTypeOperator(c, token.kind);
    case 'default':
      return parseDefault(c);
    case 'checked':
    case 'unchecked':
      return parseChecked(c, token.kind === 'checked');
    case 'stackalloc':
      return parseStackAlloc(c);
    default:
      return PREDEFINED_TYPES.has(token.kind) ? parsePredefinedType(c) : c.invalidTerm();
  }
}

function parseIdentifier(c: Cursor): Expression {
  const token = c.current;
  if (c.inQuery && token.verbatim !== true && QUERY_WORDS.has(token.text)) return c.invalidTerm();
  if (startsDeconstruction(c)) return parseDeclarationExpression(c);
  const name = c.identifier();
  if (c.is('::')) return parseAliasQualified(c, token);
  if (!opensTypeArguments(c, c.position)) return { kind: 'name', name, span: c.since(token.start) };
  return { kind: 'name', name, typeArguments: parseExpressionTypeArguments(c), span: c.since(token.start) };
}

/** `global::System.Math` is `System.Math`. */
function parseAliasQualified(c: Cursor, alias: Token): Expression {
  c.advance();
  const name = c.identifier();
  const place = c.since(alias.start);
  if (alias.text === 'global') return { kind: 'name', name, span: place };
  const target: Expression = {
    kind: 'name',
    name: { text: alias.text, span: span(alias.start, alias.end) },
    span: span(alias.start, alias.end),
  };
  return { kind: 'memberAccess', target, name, span: place };
}

/** `var (a, b) = …`. */
function startsDeconstruction(c: Cursor): boolean {
  if (!c.isWord('var') || c.peek(1).kind !== '(') return false;
  const next = scanDesignation(c, c.position + 1, true);
  return next !== undefined && c.token(next).kind === '=';
}

function parseLiteral(c: Cursor): Expression {
  const token = c.advance();
  const place = span(token.start, token.end);
  const literal = token.literal;
  if (literal === undefined) return { kind: 'missing', span: place };
  return { kind: 'literal', type: literal.type, value: literal.value, text: literal.text, span: place };
}

function parseWordLiteral(c: Cursor): LiteralExpression {
  const token = c.advance();
  const place = span(token.start, token.end);
  if (token.kind === 'null') return { kind: 'literal', type: 'null', value: null, text: 'null', span: place };
  return { kind: 'literal', type: 'bool', value: token.kind === 'true', text: token.kind, span: place };
}

/** `string.Join`: a predefined type alone is no expression. */
function parsePredefinedType(c: Cursor): Expression {
  const token = c.advance();
  const place = span(token.start, token.end);
  if (!c.is('.')) c.report(invalidTerm(token.text), place);
  return { kind: 'predefinedType', name: token.text, span: place };
}

function parseTypeOperator(c: Cursor, kind: 'typeof' | 'sizeof'): Expression {
  const start = c.advance().start;
  c.expect('(');
  const type = parseType(c);
  c.expect(')');
  return { kind, type, span: c.since(start) };
}

function parseDefault(c: Cursor): Expression {
  const start = c.advance().start;
  if (c.accept('(') === undefined) return { kind: 'default', span: c.since(start) };
  const type = parseType(c);
  c.expect(')');
  return { kind: 'default', type, span: c.since(start) };
}

function parseChecked(c: Cursor, checked: boolean): Expression {
  const start = c.advance().start;
  c.expect('(');
  const expression = parseExpressionNode(c);
  c.expect(')');
  return { kind: 'checkedExpression', checked, expression, span: c.since(start) };
}

/** Without `unsafe` a stackalloc can only fill a local variable of type Span; elsewhere it would be a pointer. */
function parseStackAlloc(c: Cursor): Expression {
  const array = parseStackArray(c);
  c.report(pointersNeedUnsafe(), array.span);
  return array;
}

function parseParenthesized(c: Cursor): Expression {
  const start = c.advance().start;
  const first = parseElement(c, 'first');
  if (first.name === undefined && !c.is(',')) {
    c.expect(')');
    return { kind: 'parenthesized', expression: first.expression, span: c.since(start) };
  }
  return parseTuple(c, start, first);
}

function parseTuple(c: Cursor, start: number, first: Argument): Expression {
  const elements = [first];
  if (!c.is(',')) c.reportMissing(tupleTooShort());
  while (c.accept(',') !== undefined) elements.push(parseElement(c, 'later'));
  c.expect(')');
  return { kind: 'tuple', elements, span: c.since(start) };
}

function parseElement(c: Cursor, place: 'first' | 'later'): Argument {
  const start = c.current.start;
  const name = c.is('identifier') && c.peek(1).kind === ':' ? c.identifier() : undefined;
  if (name !== undefined) c.advance();
  const expression = isPossibleDeclaration(c, place) ? parseDeclarationExpression(c) : parseExpressionNode(c);
  const whole: Span = c.since(start);
  return name === undefined ? { expression, span: whole } : { name, expression, span: whole };
}
