import { expect, test } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { PolicyError } from '../../src/exchange/policy-error.ts';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

test('a stream stays a stream until it is buffered', async () => {
  const body = new Body(chunks('ab', 'c'));
  expect(body.isBuffered).toBe(false);
  expect(() => body.bytes()).toThrow('before it was buffered');
  await body.buffer();
  expect(body.text()).toBe('abc');
  expect(body.buffer()).toBeUndefined();
});

test('a body above the limit is refused with 413', async () => {
  const error = await Promise.resolve(new Body(chunks('ab', 'cd')).buffer(3)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PolicyError);
  expect((error as PolicyError).status).toBe(413);
});

test('taking it without preserving leaves none, setting it brings one back', () => {
  const body = Body.text('x');
  expect(body.take(true).length).toBe(1);
  expect(body.isPresent).toBe(true);
  body.take(false);
  expect([body.isPresent, body.isConsumed, body.source]).toEqual([false, true, null]);
  body.set('new');
  expect([body.isPresent, body.text(), body.isReplaced]).toEqual([true, 'new', true]);
});

test('an empty body is there, a missing one is not', () => {
  expect(Body.text('').isPresent).toBe(true);
  expect(new Body().isPresent).toBe(false);
});

test('a byte order mark is no part of the text', () => {
  expect(Body.text('\ufeffx').text()).toBe('x');
});
