/** Blocks and lists of statements, with the compiler's way of getting over what is no statement. */
import type { Block, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { expected } from './faults.ts';
import { isPossibleExpression } from './scan.ts';
import { parseStatement } from './statements.ts';

const STARTS_STATEMENT: ReadonlySet<string> = new Set(
  (
    'break continue try const do for foreach goto if else lock return switch throw unsafe using while { ; static readonly volatile ref ' +
    'extern catch finally checked unchecked abstract sealed public private protected internal identifier void fixed'
  ).split(' '),
);

/** Tokens at which the compiler takes a method to be over: a member or a type seems to start. */
const ENDS_METHOD: ReadonlySet<string> = new Set(
  'class struct interface enum namespace event override virtual implicit explicit operator'.split(' '),
);

export function isPossibleStatement(c: Cursor): boolean {
  return STARTS_STATEMENT.has(c.current.kind) || isPossibleExpression(c.current.kind);
}

/** At `{`. */
export function parseBlock(c: Cursor): Block {
  const start = c.current.start;
  if (c.expect('{') === undefined) return { kind: 'block', statements: [], span: c.missing().span };
  const inQuery = c.inQuery;
  c.inQuery = false;
  const statements = c.nested(
    () => parseStatements(c, isBlockEnd),
    () => [],
  );
  c.expect('}');
  c.inQuery = inQuery;
  return { kind: 'block', statements, span: c.since(start) };
}

function isBlockEnd(c: Cursor): boolean {
  return c.is('}');
}

/** Reads statements up to where `isEnd` holds, the text ends, or the method seems to be over. */
export function parseStatements(c: Cursor, isEnd: (c: Cursor) => boolean): readonly Statement[] {
  const statements: Statement[] = [];
  while (!isEnd(c) && !c.is('end')) {
    const before = c.position;
    if (isPossibleStatement(c)) statements.push(parseStatement(c));
    else if (ENDS_METHOD.has(c.current.kind)) break;
    else skipNonStatement(c, isEnd);
    if (c.position === before) c.advance();
  }
  return statements;
}

/** The compiler reports one missing brace and skips up to something that can start a statement. */
function skipNonStatement(c: Cursor, isEnd: (c: Cursor) => boolean): void {
  c.reportMissing(expected('}'));
  do c.advance();
  while (!c.is('end') && !isEnd(c) && !isPossibleStatement(c) && !ENDS_METHOD.has(c.current.kind));
}
