/** `new`: objects with initializers, arrays, anonymous objects (ECMA-334, 12.8.16). */
import { span } from '../../source/span.ts';
import { parseArguments } from './arguments.ts';
import type {
  AnonymousObjectCreation,
  Argument,
  ArrayCreation,
  ArrayInitializer,
  ArrayTypeSyntax,
  Expression,
  InitializerEntry,
  ObjectInitializer,
  TypeSyntax,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import { expected, featureUnavailable, newNeedsArguments } from './faults.ts';
import { skipBadTokens } from './recovery.ts';
import { isPossibleExpression, scanRank, scanTupleType } from './scan.ts';
import { parseRank, parseType } from './types.ts';

export function parseCreation(c: Cursor): Expression {
  const token = c.advance();
  if (c.is('{')) return parseAnonymousObject(c, token.start);
  if (c.is('[')) return parseImplicitArray(c, token.start);
  if (c.is('(') && !namesTuple(c)) return parseTargetTyped(c, token.start);
  return parseTyped(c, token.start);
}

/** `new (int, string)[3]`: a tuple type, told from arguments by what follows. */
function namesTuple(c: Cursor): boolean {
  const tuple = scanTupleType(c, c.position, 0);
  return tuple !== undefined && ['?', '[', '('].includes(c.token(tuple.next).kind);
}

/** `stackalloc T[n]` reads as `new T[n]`: a Span takes both, and whether memory is on the stack cannot be observed. */
export function parseStackArray(c: Cursor): Expression {
  const { start } = c.advance();
  if (c.is('[')) return parseImplicitArray(c, start);
  const type = parseType(c, 'creation');
  return type.kind === 'arrayType' ? parseArrayWithType(c, start, type) : parseSizedArray(c, start, type);
}

/** `new(…)` came with C# 9. */
function parseTargetTyped(c: Cursor, start: number): Expression {
  c.report(featureUnavailable('target-typed object creation', '9.0'), span(start, start + 'new'.length));
  parseArguments(c, ')');
  if (c.is('{')) parseObjectInitializer(c);
  return { kind: 'missing', span: c.since(start) };
}

function parseImplicitArray(c: Cursor, start: number): ArrayCreation {
  const rank = parseRank(c);
  const initializer = parseArrayInitializer(c);
  return { kind: 'arrayCreation', sizes: [], rank, initializer, span: c.since(start) };
}

function parseTyped(c: Cursor, start: number): Expression {
  const type = parseType(c, 'creation');
  if (type.kind === 'arrayType') return parseArrayWithType(c, start, type);
  if (c.is('[')) return parseSizedArray(c, start, type);
  const args = c.is('(') ? parseArguments(c, ')') : undefined;
  const initializer = c.is('{') ? parseObjectInitializer(c) : undefined;
  if (args === undefined && initializer === undefined) c.reportMissing(newNeedsArguments());
  return {
    kind: 'objectCreation',
    type,
    ...(args !== undefined && { args }),
    ...(initializer !== undefined && { initializer }),
    span: c.since(start),
  };
}

/** `new int[] { … }`; without braces the checker asks for a size. */
function parseArrayWithType(c: Cursor, start: number, type: ArrayTypeSyntax): ArrayCreation {
  if (c.is('{')) {
    const initializer = parseArrayInitializer(c);
    return { kind: 'arrayCreation', type, sizes: [], rank: type.rank, initializer, span: c.since(start) };
  }
  return { kind: 'arrayCreation', type, sizes: [], rank: type.rank, span: c.since(start) };
}

/** `new int[3]`, `new int[3][]`. */
function parseSizedArray(c: Cursor, start: number, element: TypeSyntax): ArrayCreation {
  const sizes = parseSizes(c);
  const ranks: number[] = [];
  while (c.is('[') && scanRank(c, c.position) !== undefined) ranks.push(parseRank(c));
  let inner = element;
  for (const rank of ranks.reverse()) inner = { kind: 'arrayType', element: inner, rank, span: c.since(element.span.start) };
  const type: ArrayTypeSyntax = { kind: 'arrayType', element: inner, rank: sizes.length, span: c.since(element.span.start) };
  const array = { kind: 'arrayCreation', type, sizes, rank: sizes.length } as const;
  if (!c.is('{')) return { ...array, span: c.since(start) };
  const initializer = parseArrayInitializer(c);
  return { ...array, initializer, span: c.since(start) };
}

function parseSizes(c: Cursor): readonly Expression[] {
  c.expect('[');
  const sizes: Expression[] = [];
  do sizes.push(parseExpressionNode(c));
  while (c.accept(',') !== undefined);
  c.expect(']');
  return sizes;
}

/** `{ … }`: values, which may be initializers again. A comma may stand before `}`. */
export function parseArrayInitializer(c: Cursor): ArrayInitializer {
  const { start } = c.is('{') ? c.current : c.missing().span;
  const values: (Expression | ArrayInitializer)[] = [];
  parseBraced(c, () => values.push(c.is('{') ? nestedInitializer(c) : parseExpressionNode(c)));
  return { kind: 'arrayInitializer', values, span: c.since(start) };
}

function nestedInitializer(c: Cursor): ArrayInitializer {
  return c.nested(
    () => parseArrayInitializer(c),
    () => ({ kind: 'arrayInitializer', values: [], span: c.missing().span }),
  );
}

/** Reads `{ item, item, }`. */
function parseBraced(c: Cursor, readItem: () => void): void {
  const inQuery = c.inQuery;
  c.inQuery = false;
  if (c.expect('{') !== undefined) parseItems(c, readItem);
  c.expect('}');
  c.inQuery = inQuery;
}

function parseItems(c: Cursor, readItem: () => void): void {
  let first = true;
  while (!isBracedEnd(c)) {
    if (!first && (c.is(',') || startsItem(c))) {
      c.expect(',');
      if (isBracedEnd(c)) return;
    } else if (!startsItem(c)) {
      skipBadTokens(c, expected(first ? 'identifier' : ','), () => c.is(',') || startsItem(c) || isBracedEnd(c));
      if (first && c.is(',')) c.advance();
      continue;
    }
    const before = c.position;
    readItem();
    if (c.position === before) c.advance();
    first = false;
  }
}

function isBracedEnd(c: Cursor): boolean {
  return c.is('}') || c.is(';') || c.is('end');
}

function startsItem(c: Cursor): boolean {
  return c.is('{') || c.is('[') || isPossibleExpression(c.current.kind);
}

function parseAnonymousObject(c: Cursor, start: number): AnonymousObjectCreation {
  const members: AnonymousObjectCreation['members'][number][] = [];
  parseBraced(c, () => members.push(parseAnonymousMember(c)));
  return { kind: 'anonymousObject', members, span: c.since(start) };
}

function parseAnonymousMember(c: Cursor): AnonymousObjectCreation['members'][number] {
  const start = c.current.start;
  if (c.is('identifier') && c.peek(1).kind === '=') {
    const name = c.identifier();
    c.advance();
    const value = parseExpressionNode(c);
    return { name, value, span: c.since(start) };
  }
  const value = parseExpressionNode(c);
  return { value, span: c.since(start) };
}

/** At `{`: members, indexes or elements. */
function parseObjectInitializer(c: Cursor): ObjectInitializer {
  return c.nested(
    () => readObjectInitializer(c),
    () => ({ kind: 'initializer', entries: [], span: c.missing().span }),
  );
}

function readObjectInitializer(c: Cursor): ObjectInitializer {
  const start = c.current.start;
  const entries: InitializerEntry[] = [];
  parseBraced(c, () => entries.push(parseEntry(c)));
  return { kind: 'initializer', entries, span: c.since(start) };
}

function parseEntry(c: Cursor): InitializerEntry {
  const start = c.current.start;
  if (c.is('identifier') && c.peek(1).kind === '=') return parseMemberEntry(c, start);
  if (c.is('[')) return parseIndexEntry(c, start);
  if (c.is('{')) {
    const values: Expression[] = [];
    parseBraced(c, () => values.push(parseExpressionNode(c)));
    return { kind: 'element', values, span: c.since(start) };
  }
  const value = parseExpressionNode(c);
  return { kind: 'element', values: [value], span: c.since(start) };
}

function parseMemberEntry(c: Cursor, start: number): InitializerEntry {
  const name = c.identifier();
  c.advance();
  const value = parseEntryValue(c);
  return { kind: 'member', name, value, span: c.since(start) };
}

function parseIndexEntry(c: Cursor, start: number): InitializerEntry {
  const args: readonly Argument[] = parseArguments(c, ']');
  c.expect('=');
  const value = parseEntryValue(c);
  return { kind: 'index', args, value, span: c.since(start) };
}

function parseEntryValue(c: Cursor): Expression | ObjectInitializer {
  return c.is('{') ? parseObjectInitializer(c) : parseExpressionNode(c);
}
