/** Interpolated strings: reads the code of each hole with a cursor of its own. */
import { span } from '../../source/span.ts';
import type { InterpolatedString, InterpolatedText, Interpolation } from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import { faultAt, unclosedHole, unexpectedToken } from './faults.ts';
import { lex } from './lexer.ts';
import type { StringHole, StringPart, Token } from './token.ts';

export function parseInterpolated(c: Cursor): InterpolatedString {
  const token = c.advance();
  const parts = (token.parts ?? []).map((part) => parsePart(c, part));
  return { kind: 'interpolatedString', parts, span: span(token.start, token.end) };
}

function parsePart(c: Cursor, part: StringPart): InterpolatedText | Interpolation {
  if (part.kind === 'text') return { kind: 'text', text: part.text, span: span(part.start, part.end) };
  return c.nested(
    () => parseHole(c, part),
    () => ({ kind: 'hole', expression: { kind: 'missing', span: span(part.start) }, span: span(part.start, part.end) }),
  );
}

function parseHole(c: Cursor, hole: StringHole): Interpolation {
  const before = c.state.faults.length;
  const inner = holeCursor(c, hole);
  const expression = parseExpressionNode(inner);
  const alignment = inner.accept(',') === undefined ? undefined : parseExpressionNode(inner);
  if (!inner.is('end')) inner.report(unexpectedToken(firstCharacter(inner.current)), span(expression.span.start, expression.span.end));
  if (!hole.closed && c.state.faults.length === before) c.report(unclosedHole(), span(hole.start, hole.start + 1));
  return {
    kind: 'hole',
    expression,
    ...(alignment && { alignment }),
    ...(hole.format !== undefined && { format: hole.format }),
    span: span(hole.start, hole.end),
  };
}

function firstCharacter(token: Token): string {
  return token.kind === 'identifier' || token.kind === 'literal' ? token.text : token.kind;
}

function holeCursor(c: Cursor, hole: StringHole): Cursor {
  const start = hole.start + 1;
  const tokens = lex(c.text, start, hole.codeEnd, (wording, from, to) => c.state.faults.push(faultAt(wording, span(from, to))));
  const end: Token = { kind: 'end', text: '', start: hole.codeEnd, end: hole.codeEnd, afterNewline: false };
  return new Cursor(c.text, [...tokens, end], start, c.state, hole.format !== undefined || c.text[hole.codeEnd] === ':');
}
