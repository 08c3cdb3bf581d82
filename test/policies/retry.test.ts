/** How long retry waits, and what ends the wait. */
import { describe, expect, test, vi } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import type { CallerLife, Exchange } from '../../src/exchange/exchange.ts';
import { runEffective } from '../../src/pipeline/run.ts';
import { compileCase, environmentOf, newExchange, type PolicyCase } from './runner.ts';

function prepared(attributes: string, caller?: CallerLife) {
  const testCase: PolicyCase = {
    name: 'retry',
    inbound: `<retry condition="true" ${attributes}><set-variable name="n" value="1" /></retry>`,
    backend: '',
    expect: {},
    ...(caller ? { exchange: { caller } } : {}),
  };
  const policy = compileCase(testCase, environmentOf(testCase, compileExpression));
  expect(policy.diagnostics).toEqual([]);
  const exchange = newExchange(testCase);
  return { exchange, run: async () => runEffective(policy, exchange) };
}

/** Seconds of each wait. */
async function waits(attributes: string): Promise<number[]> {
  const { exchange, run } = prepared(attributes);
  const sleep = vi.spyOn(exchange.host, 'sleep').mockResolvedValue();
  vi.spyOn(exchange.host, 'random').mockReturnValue(0.5);
  await run();
  return sleep.mock.calls.map(([milliseconds]) => milliseconds / 1000);
}

describe('the waits', () => {
  test.each([
    ['fixed', 'count="3" interval="2"', [2, 2, 2]],
    ['fractions', 'count="2" interval="0.25"', [0.25, 0.25]],
    ['none', 'count="3" interval="0"', []],
    ['linear', 'count="4" interval="1" delta="2"', [1, 3, 5, 7]],
    ['exponential, as the worked example of the page', 'count="5" interval="10" max-interval="100" delta="10"', [10, 20, 40, 80, 100]],
    ['first at once', 'count="3" interval="2" first-fast-retry="true"', [2, 2]],
    ['first at once, then as it would have been', 'count="3" interval="1" delta="2" first-fast-retry="true"', [3, 5]],
    ['a cap without delta', 'count="2" interval="5" max-interval="2"', [5, 5]],
    ['longer than timers hold', 'count="1" interval="99999999"', [2147483.647]],
  ])('%s', async (_name, attributes, expected) => {
    expect(await waits(attributes)).toEqual(expected);
  });

  test.each([
    [0, 8],
    [1, 12],
  ])('random %d makes the step %d of 10', async (random, step) => {
    const { exchange, run } = prepared('count="3" interval="10" max-interval="100" delta="10"');
    const sleep = vi.spyOn(exchange.host, 'sleep').mockResolvedValue();
    vi.spyOn(exchange.host, 'random').mockReturnValue(random);
    await run();
    expect(sleep.mock.calls.map(([milliseconds]) => Math.round(milliseconds / 1000))).toEqual([10, 10 + step, 10 + 3 * step]);
  });
});

function failureOf({ lastError }: Exchange): string {
  return `${lastError?.source} ${lastError?.reason} ${lastError?.message}`;
}

describe('a caller who goes', () => {
  test('ends the wait and the call', async () => {
    const caller: CallerLife = { gone: false, waitsFor: null };
    const { exchange, run } = prepared('count="50" interval="3600"', caller);
    vi.spyOn(exchange.host, 'sleep').mockImplementation(
      (_milliseconds, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const running = run();
    await vi.waitFor(() => expect(caller.waitsFor).not.toBeNull());
    caller.waitsFor?.abort();
    await running;
    expect(failureOf(exchange)).toBe('retry ClientConnectionFailure The operation was canceled.');
    expect(caller.waitsFor).toBeNull();
  });

  test('before the wait is not waited for', async () => {
    const { exchange, run } = prepared('count="50" interval="3600"', { gone: true, waitsFor: null });
    await run();
    expect(failureOf(exchange)).toBe('retry ClientConnectionFailure The operation was canceled.');
  });
});

test.each(['interval="@(-1)"', 'interval="@("soon")"'])('%s fails the call', async (interval) => {
  const { exchange, run } = prepared(`count="2" ${interval}`);
  await run();
  expect(exchange.lastError).toMatchObject({ source: 'retry', reason: 'ExpressionValueEvaluationFailure' });
});
