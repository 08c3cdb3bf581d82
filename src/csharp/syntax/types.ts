/** Types (ECMA-334, 8): names with type arguments, arrays, nullables, tuples. */
import { span } from '../../source/span.ts';
import type { NamedTypeSyntax, TupleTypeSyntax, TypeSyntax } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { identifierIsKeyword, pointersNeedUnsafe, tupleTooShort, typeExpected } from './faults.ts';
import { canStartExpression, scanRank } from './scan.ts';
import { KEYWORDS, PREDEFINED_TYPES } from './token.ts';

/**
 * Where the type stands decides what a `?` behind it means: `normal` always the nullable type, `operand` (behind `is` and `as`) the
 * conditional operator if an expression follows, `creation` (behind `new`) nullable only before its arguments.
 */
export type TypePlace = 'normal' | 'operand' | 'creation';

type NamePart = NamedTypeSyntax['parts'][number];

export function parseType(c: Cursor, place: TypePlace = 'normal'): TypeSyntax {
  return c.nested(
    () => parseSuffixes(c, parseElementType(c), place),
    () => missingType(c),
  );
}

function parseElementType(c: Cursor): TypeSyntax {
  const token = c.current;
  if (PREDEFINED_TYPES.has(token.kind)) return parsePredefined(c);
  if (token.kind === '(') return parseTupleType(c);
  if (token.kind === 'identifier') return c.isWord('var') && !continuesName(c) ? parseVar(c) : parseNamedType(c);
  c.reportMissing(KEYWORDS.has(token.kind) && token.kind !== 'in' ? identifierIsKeyword(token.text) : typeExpected());
  return missingType(c);
}

function continuesName(c: Cursor): boolean {
  const next = c.peek(1).kind;
  return next === '.' || next === '<' || next === '::';
}

function missingType(c: Cursor): NamedTypeSyntax {
  const name = c.missingName();
  return { kind: 'namedType', parts: [{ name }], predefined: false, span: name.span };
}

function parsePredefined(c: Cursor): NamedTypeSyntax {
  const token = c.advance();
  const place = span(token.start, token.end);
  return { kind: 'namedType', parts: [{ name: { text: token.text, span: place } }], predefined: true, span: place };
}

function parseVar(c: Cursor): TypeSyntax {
  const token = c.advance();
  return { kind: 'varType', span: span(token.start, token.end) };
}

function parseNamedType(c: Cursor): NamedTypeSyntax {
  const start = c.current.start;
  const parts: NamePart[] = [];
  do {
    const name = c.identifier();
    parts.push(c.is('<') ? { name, typeArguments: parseTypeArguments(c) } : { name });
  } while (c.accept('.') !== undefined || c.accept('::') !== undefined);
  return { kind: 'namedType', parts, predefined: false, span: c.since(start) };
}

/** At `<`; omitted arguments (`Dictionary<,>`) are undefined. */
function parseTypeArguments(c: Cursor): readonly (TypeSyntax | undefined)[] {
  c.expect('<');
  const types: (TypeSyntax | undefined)[] = [];
  do {
    types.push(c.is(',') || c.is('>') ? undefined : parseType(c));
  } while (c.accept(',') !== undefined);
  c.expect('>');
  return types;
}

/** Type arguments of a name in an expression, where none may be omitted. */
export function parseExpressionTypeArguments(c: Cursor): readonly TypeSyntax[] {
  return parseTypeArguments(c).map((type) => type ?? omittedType(c));
}

function omittedType(c: Cursor): NamedTypeSyntax {
  c.reportMissing(typeExpected());
  return missingType(c);
}

function parseTupleType(c: Cursor): TupleTypeSyntax {
  const start = c.advance().start;
  const elements: { type: TypeSyntax; name?: { text: string; span: { start: number; end: number } } }[] = [];
  do {
    const type = parseType(c);
    elements.push(c.is('identifier') ? { type, name: c.identifier() } : { type });
  } while (c.accept(',') !== undefined);
  c.expect(')');
  const place = c.since(start);
  if (elements.length < 2) c.report(tupleTooShort(), place);
  return { kind: 'tupleType', elements, span: place };
}

function parseSuffixes(c: Cursor, element: TypeSyntax, place: TypePlace): TypeSyntax {
  let type = parsePointer(c, parseNullable(c, element, place));
  if (!c.is('[') || scanRank(c, c.position) === undefined) return type;
  const ranks: number[] = [];
  while (c.is('[') && scanRank(c, c.position) !== undefined) ranks.push(parseRank(c));
  // The brackets read from left to right, the outermost array first: int[][,] is an array of int[,].
  for (const rank of ranks.reverse()) type = { kind: 'arrayType', element: type, rank, span: c.since(element.span.start) };
  return parseNullable(c, type, place);
}

/** `int*` needs `unsafe`, which no expression may have. */
function parsePointer(c: Cursor, element: TypeSyntax): TypeSyntax {
  if (!c.is('*') || element.kind !== 'namedType' || !element.predefined) return element;
  while (c.is('*')) c.advance();
  c.report(pointersNeedUnsafe(), c.since(element.span.start));
  return element;
}

/** At `[` or `[,`: counts the dimensions. */
export function parseRank(c: Cursor): number {
  c.expect('[');
  let rank = 1;
  while (c.accept(',') !== undefined) rank++;
  c.expect(']');
  return rank;
}

function parseNullable(c: Cursor, element: TypeSyntax, place: TypePlace): TypeSyntax {
  if (!c.is('?') || !isNullableMark(c, place)) return element;
  c.advance();
  return { kind: 'nullableType', element, span: c.since(element.span.start) };
}

function isNullableMark(c: Cursor, place: TypePlace): boolean {
  const next = c.peek(1).kind;
  if (place === 'normal') return true;
  if (place === 'creation') return next === '(' || next === '[' || next === '{';
  return !canStartExpression(next);
}
