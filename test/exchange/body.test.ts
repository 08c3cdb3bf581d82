import { expect, test } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { PolicyError } from '../../src/exchange/policy-error.ts';
import type { BodyStream } from '../../src/host/host.ts';

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

test.each([
  ["a caller's", Body.ofCaller, 413],
  ["a backend's", (stream: BodyStream) => new Body(stream), 500],
])('%s body above the limit is refused', async (_whose, make, status) => {
  const error = await Promise.resolve(make(chunks('ab', 'cd')).buffer(3)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PolicyError);
  expect([(error as PolicyError).status, (error as PolicyError).details.reason]).toEqual([status, 'BodyTooLarge']);
});

test('a body that its caller breaks off says so', async () => {
  const broken = (async function* () {
    yield new Uint8Array(1);
    throw new Error('aborted');
  })();
  const error = await Promise.resolve(Body.ofCaller(broken).buffer()).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ reason: 'aborted', message: 'The operation was canceled.' });
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
