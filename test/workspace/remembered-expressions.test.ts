import { describe, expect, it } from 'vitest';
import type { CompiledExpression } from '../../src/csharp/compile.ts';
import { MappedText } from '../../src/source/mapped-text.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { ExpressionsInUse, remembering } from '../../src/workspace/remembered-expressions.ts';

const plain = createExpressions();

describe.each([
  ['kept', undefined],
  ['while used', new ExpressionsInUse()],
])('expressions %s', (_name, known) => {
  const { compile, engine } = remembering(plain, known);
  const compiled = (code: string, returnType?: string, one = engine) => compile(MappedText.of(code), 'single', one, returnType).expression;

  it('compiles a text once', () => {
    const first = compiled('context.Request.Method');
    expect(first).toBeDefined();
    expect(compiled('context.Request.Method')).toBe(first);
  });

  it.each([
    ['another text', () => compiled('context.Request.IpAddress')],
    ['another result', () => compiled('context.Request.Method', 'string')],
    ['other members', () => compiled('context.Request.Method', undefined, { ...engine, allowed: new Set(['System.Uri.Host']) })],
  ])('compiles %s anew', (_what, other) => {
    const first = compiled('context.Request.Method');
    expect(other()).toBeDefined();
    expect(other()).not.toBe(first);
  });

  it('tells the problems of each place', () => {
    const places = [1, 2].map(() => compile(MappedText.of('context.Nothing'), 'single', engine).diagnostics[0]?.file);
    expect(places[0]).toBeDefined();
    expect(places[0]).not.toBe(places[1]);
  });
});

it('keeps what is in use when there is much', () => {
  const known = new ExpressionsInUse();
  const expression = remembering(plain).compile(MappedText.of('1'), 'single', plain.engine).expression as CompiledExpression;
  for (let at = 0; at < 5000; at += 1) known.set(String(at), expression);
  expect([known.get('0'), known.get('4999'), known.get('none')]).toEqual([expression, expression, undefined]);
});
