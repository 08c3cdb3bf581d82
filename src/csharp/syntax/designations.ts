/** Declarations inside expressions: `out var x`, `(int a, var b) = …`, `var (a, b) = …` (ECMA-334, 12.17). */
import { span } from '../../source/span.ts';
import type { DeclarationExpression, Designation } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { scanDesignation, scanType } from './scan.ts';
import { parseType } from './types.ts';

/** Where the declaration may stand decides which token must follow it. */
export function isPossibleDeclaration(c: Cursor, place: 'first' | 'later' | 'out' | 'forEach'): boolean {
  const type = scanType(c, c.position);
  if (type === undefined) return false;
  const next = scanDesignation(c, type.next, c.isWord('var') && type.next === c.position + 1);
  if (next === undefined) return false;
  const kind = c.token(next).kind;
  if (place === 'first') return kind === ',';
  return place !== 'later' || kind === ',' || kind === ')';
}

export function parseDeclarationExpression(c: Cursor): DeclarationExpression {
  const start = c.current.start;
  const type = parseType(c);
  const designation = parseDesignation(c);
  return { kind: 'declaration', type, designation, span: c.since(start) };
}

export function parseDesignation(c: Cursor): Designation {
  const token = c.current;
  if (token.kind === '(') return parseParts(c);
  if (c.isWord('_')) {
    c.advance();
    return { kind: 'discard', span: span(token.start, token.end) };
  }
  const name = c.identifier();
  return { kind: 'variable', name, span: name.span };
}

function parseParts(c: Cursor): Designation {
  const start = c.advance().start;
  const parts: Designation[] = [];
  do parts.push(nestedDesignation(c));
  while (c.accept(',') !== undefined);
  c.expect(')');
  return { kind: 'parts', parts, span: c.since(start) };
}

function nestedDesignation(c: Cursor): Designation {
  return c.nested(
    () => parseDesignation(c),
    () => ({ kind: 'discard', span: c.missing().span }),
  );
}
