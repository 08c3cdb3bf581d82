/** Lambdas and anonymous methods (ECMA-334, 12.19). */
import { span } from '../../source/span.ts';
import type { Block, Expression, Lambda, LambdaParameter } from './ast.ts';
import { parseBlock } from './blocks.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressionNode } from './expressions.ts';
import { expected, featureUnavailable, lambdaParameterMix } from './faults.ts';
import { parseType } from './types.ts';

/** At a place where `looksLikeLambda` holds. */
export function parseLambda(c: Cursor): Lambda {
  const start = c.current.start;
  const isAsync = parseLambdaModifiers(c);
  const parameters = c.is('(') ? parseParameters(c) : [parseBareParameter(c)];
  const arrow = c.expect('=>');
  const body = parseLambdaBody(c);
  const arrowSpan = arrow === undefined ? span(body.span.start) : span(arrow.start, arrow.end);
  return { kind: 'lambda', parameters, body, isAsync, arrow: arrowSpan, span: c.since(start) };
}

function parseLambdaModifiers(c: Cursor): boolean {
  let isAsync = false;
  for (;;) {
    if (c.is('static')) {
      const token = c.advance();
      c.report(featureUnavailable('static anonymous function', '9.0'), span(token.start, token.end));
    } else if (c.isWord('async') && c.peek(1).kind !== '=>') {
      c.advance();
      isAsync = true;
    } else return isAsync;
  }
}

function parseLambdaBody(c: Cursor): Expression | Block {
  const inQuery = c.inQuery;
  if (!c.is('{')) return parseExpressionNode(c);
  c.inQuery = false;
  const block = parseBlock(c);
  c.inQuery = inQuery;
  return block;
}

function parseBareParameter(c: Cursor): LambdaParameter {
  const name = c.identifier();
  return { name, span: name.span };
}

function parseParameters(c: Cursor): readonly LambdaParameter[] {
  c.expect('(');
  const parameters: LambdaParameter[] = [];
  while (!c.is(')') && !c.is('end') && !c.is(';')) {
    if (parameters.length > 0 && c.expect(',') === undefined) break;
    parameters.push(parseParameter(c));
  }
  c.expect(')');
  reportMix(c, parameters);
  return parameters;
}

function parseParameter(c: Cursor): LambdaParameter {
  const start = c.current.start;
  const modifier = parseParameterModifier(c);
  const next = c.peek(1).kind;
  const implicit = c.is('identifier') && (next === ',' || next === ')');
  const type = implicit ? undefined : parseType(c);
  const name = c.identifier();
  return { name, ...(type && { type }), ...(modifier && { modifier }), span: c.since(start) };
}

function parseParameterModifier(c: Cursor): 'ref' | 'out' | 'in' | undefined {
  const kind = c.current.kind;
  if (kind !== 'ref' && kind !== 'out' && kind !== 'in') return undefined;
  c.advance();
  return kind;
}

function reportMix(c: Cursor, parameters: readonly LambdaParameter[]): void {
  const typed = parameters.filter((parameter) => parameter.type !== undefined).length;
  if (typed === 0 || typed === parameters.length) return;
  for (const parameter of parameters) if (parameter.type === undefined) c.report(lambdaParameterMix(), parameter.name.span);
}

/** `delegate (int x) { … }`, `delegate { … }`. */
export function parseAnonymousMethod(c: Cursor): Expression {
  const token = c.advance();
  const parameters = c.is('(') ? parseParameters(c) : undefined;
  if (!c.is('{')) c.reportMissing(expected('{'));
  const body: Block = c.is('{') ? parseBlock(c) : { kind: 'block', statements: [], span: c.missing().span };
  const arrow = span(token.start, token.end);
  return { kind: 'lambda', ...(parameters && { parameters }), body, isAsync: false, arrow, span: c.since(token.start) };
}
