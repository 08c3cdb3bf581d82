/** `switch` statements (ECMA-334, 13.8.3). */
import { span } from '../../source/span.ts';
import type { SwitchLabel, SwitchSection, SwitchStatement } from './ast.ts';
import { parseStatements } from './blocks.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import { parsePattern } from './patterns.ts';

export function parseSwitch(c: Cursor, start: number): SwitchStatement {
  c.advance();
  const value = parseSubject(c);
  const sections: SwitchSection[] = [];
  c.expect('{');
  while (isSection(c)) sections.push(parseSection(c));
  c.expect('}');
  return { kind: 'switch', value, sections, span: c.since(start) };
}

/** `switch (a, b)` is a tuple, whose parentheses are the statement's. */
function parseSubject(c: Cursor): SwitchStatement['value'] {
  const start = c.current.start;
  if (!c.is('(')) {
    c.expect('(');
    const value = parseExpressionNode(c);
    c.expect(')');
    return value;
  }
  c.advance();
  const value = parseExpressionNode(c);
  if (!c.is(',')) {
    c.expect(')');
    return value;
  }
  const elements = [{ expression: value, span: value.span }];
  while (c.accept(',') !== undefined) {
    const expression = parseExpressionNode(c);
    elements.push({ expression, span: expression.span });
  }
  c.expect(')');
  return { kind: 'tuple', elements, span: c.since(start) };
}

function isSection(c: Cursor): boolean {
  return c.is('case') || (c.is('default') && c.peek(1).kind !== '(');
}

function isSectionEnd(c: Cursor): boolean {
  return c.is('}') || isSection(c);
}

function parseSection(c: Cursor): SwitchSection {
  const start = c.current.start;
  const labels: SwitchLabel[] = [];
  while (isSection(c)) labels.push(parseLabel(c));
  const statements = parseStatements(c, isSectionEnd);
  return { labels, statements, span: c.since(start) };
}

function parseLabel(c: Cursor): SwitchLabel {
  const token = c.advance();
  if (token.kind === 'default') {
    c.expect(':');
    return { kind: 'default', span: c.since(token.start) };
  }
  const pattern = parsePattern(c, 'case');
  const when = parseGuard(c);
  c.expect(':');
  const place = c.since(token.start);
  return when === undefined ? { kind: 'case', pattern, span: place } : { kind: 'case', pattern, when, span: span(place.start, place.end) };
}

function parseGuard(c: Cursor): SwitchStatement['value'] | undefined {
  if (!c.isWord('when')) return undefined;
  c.advance();
  return parseExpressionNode(c);
}
