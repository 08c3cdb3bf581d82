/** Patterns of C# 7: types, declarations, constants, `var` (ECMA-334, 11); what came later is refused. */
import { span } from '../../source/span.ts';
import type { Expression, NamedTypeSyntax, Pattern, TypeSyntax } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseDesignation } from './designations.ts';
import { Precedence, parseSubExpression, skipBraces } from './expressions.ts';
import { featureUnavailable } from './faults.ts';
import { canStartExpression, QUERY_WORDS, scanType } from './scan.ts';
import { parseType } from './types.ts';

const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/** Reads the pattern behind `is` or `case`. */
export function parsePattern(c: Cursor, place: 'is' | 'case'): Pattern {
  return c.nested(
    () => parseAlternatives(c, place),
    () => ({ kind: 'constantPattern', expression: c.missing(), span: c.missing().span }),
  );
}

/** `p and q`, `p or q` came with C# 9. */
function parseAlternatives(c: Cursor, place: 'is' | 'case'): Pattern {
  const pattern = parseOnePattern(c, place);
  for (;;) {
    const word = c.isWord('and') ? 'and' : 'or';
    if (!c.isWord(word) || !startsPattern(c, 1)) return pattern;
    c.advance();
    parseOnePattern(c, place);
    c.report(featureUnavailable(`${word} pattern`, '9.0'), c.since(pattern.span.start));
  }
}

function startsPattern(c: Cursor, ahead: number): boolean {
  const kind = c.peek(ahead).kind;
  return canStartExpression(kind) || RELATIONS.has(kind) || kind === '{';
}

function parseOnePattern(c: Cursor, place: 'is' | 'case'): Pattern {
  if (RELATIONS.has(c.current.kind)) return parseRelational(c);
  if (c.is('{')) return parseProperties(c, c.current.start);
  if (c.isWord('not') && startsNegation(c)) return parseNegation(c, place);
  if (c.isWord('var') && isDesignationStart(c, 1)) return parseVarPattern(c);
  return parseTypeOrConstant(c, place);
}

function startsNegation(c: Cursor): boolean {
  const kind = c.peek(1).kind;
  return kind !== '(' && kind !== '-' && kind !== '+' && startsPattern(c, 1);
}

function parseRelational(c: Cursor): Pattern {
  const start = c.advance().start;
  const expression = parseSubExpression(c, Precedence.shift);
  const place = c.since(start);
  c.report(featureUnavailable('relational pattern', '9.0'), place);
  return { kind: 'constantPattern', expression, span: place };
}

function parseNegation(c: Cursor, place: 'is' | 'case'): Pattern {
  const start = c.advance().start;
  const pattern = c.nested(
    () => parseOnePattern(c, place),
    (): Pattern => ({ kind: 'discardPattern', span: c.missing().span }),
  );
  c.report(featureUnavailable('not pattern', '9.0'), c.since(start));
  return { ...pattern, span: c.since(start) };
}

/** `{ Length: 3 } name` came with C# 8. */
function parseProperties(c: Cursor, start: number): Pattern {
  skipBraces(c);
  if (isDesignationStart(c, 0) && !c.is('(')) parseDesignation(c);
  const place = c.since(start);
  c.report(featureUnavailable('recursive patterns', '8.0'), place);
  return { kind: 'discardPattern', span: place };
}

function parseVarPattern(c: Cursor): Pattern {
  const start = c.advance().start;
  const designation = parseDesignation(c);
  return { kind: 'varPattern', designation, span: c.since(start) };
}

/** An identifier that can name a variable here: `when`, `and`, `or` and the words of a surrounding query cannot. */
function isDesignationStart(c: Cursor, ahead: number): boolean {
  const token = c.peek(ahead);
  if (token.kind === '(') return true;
  if (token.kind !== 'identifier') return false;
  if (token.verbatim === true) return true;
  if (c.inQuery && QUERY_WORDS.has(token.text)) return false;
  return !isConnective(c, ahead);
}

function isConnective(c: Cursor, ahead: number): boolean {
  if (c.isWord('when', ahead)) return true;
  return (c.isWord('and', ahead) || c.isWord('or', ahead)) && startsPattern(c, ahead + 1);
}

function parseTypeOrConstant(c: Cursor, place: 'is' | 'case'): Pattern {
  const start = c.current.start;
  const scan = scanType(c, c.position);
  const behind = scan === undefined ? undefined : c.token(scan.next).kind;
  if (scan === undefined || behind === undefined) return parseConstant(c, start);
  const ahead = scan.next - c.position;
  if (behind === 'identifier' && isDesignationStart(c, ahead)) return parseDeclaration(c, start);
  if (behind === '{' && place === 'is') {
    parseType(c, 'operand');
    return parseProperties(c, start);
  }
  if (scan.look === 'maybe' && continuesConstant(behind, place)) return parseConstant(c, start);
  if (scan.look === 'nullable' && !isTypeEnd(c, ahead)) return parseTypePattern(c, start, place);
  if (behind === '.' && scan.look === 'must') return parseConstant(c, start);
  return parseTypePattern(c, start, place);
}

function isTypeEnd(c: Cursor, ahead: number): boolean {
  return !canStartExpression(c.peek(ahead).kind);
}

const OPERATORS: ReadonlySet<string> = new Set('+ - * / % << ( [ . ++ --'.split(' '));

/** `case Limits.Max + 1:` is a constant, not a type. */
function continuesConstant(behind: string, place: 'is' | 'case'): boolean {
  return OPERATORS.has(behind) || (place === 'case' && behind === '<');
}

function parseConstant(c: Cursor, start: number): Pattern {
  const expression = parseSubExpression(c, Precedence.shift);
  return { kind: 'constantPattern', expression, span: c.since(Math.min(start, expression.span.start)) };
}

function parseDeclaration(c: Cursor, start: number): Pattern {
  const type = parseType(c);
  const designation = parseDesignation(c);
  return { kind: 'declarationPattern', type, designation, span: c.since(start) };
}

function parseTypePattern(c: Cursor, start: number, place: 'is' | 'case'): Pattern {
  const type = parseType(c, 'operand');
  const whole = c.since(start);
  const expression = typeAsExpression(type);
  if (expression !== undefined) return { kind: 'typePattern', type, expression, span: whole };
  if (place === 'case') c.report(featureUnavailable('type pattern', '9.0'), type.span);
  return { kind: 'typePattern', type, span: whole };
}

/** A dotted name without type arguments may be a constant. */
function typeAsExpression(type: TypeSyntax): Expression | undefined {
  if (type.kind === 'varType') return { kind: 'name', name: { text: 'var', span: type.span }, span: type.span };
  if (type.kind !== 'namedType' || type.predefined) return undefined;
  return namesAsExpression(type);
}

function namesAsExpression(type: NamedTypeSyntax): Expression | undefined {
  let expression: Expression | undefined;
  for (const { name, typeArguments } of type.parts) {
    if (typeArguments !== undefined) return undefined;
    const place = span(type.span.start, name.span.end);
    expression =
      expression === undefined ? { kind: 'name', name, span: place } : { kind: 'memberAccess', target: expression, name, span: place };
  }
  return expression;
}
