import { describe, expect, test } from 'vitest';
import { BudgetExhausted, DEFAULT_LIMITS } from '../../../src/csharp/runtime/budget.ts';
import { NetException } from '../../../src/csharp/runtime/exception.ts';
import { asException, EngineFault, fromEngine } from '../../../src/csharp/runtime/faults.ts';
import { evaluate, testRuntime } from '../../support/expressions.ts';

const tight = () => testRuntime({ ...DEFAULT_LIMITS, steps: 10_000, allocation: 100_000 });

describe('an expression without end ends', () => {
  test.each([
    'while (true) { } return 1;',
    'for (;;) { } return 1;',
    'do { } while (true); return 1;',
    'again: goto again; return 1;',
    'switch (1) { case 1: goto case 1; } return 1;',
    'IEnumerable<int> G() { while (true) yield return 1; } return G().Count();',
    'while (true) { try { throw new Exception(); } catch { } } return 1;',
    'try { while (true) { } } catch (Exception) { return 2; } return 1;',
    'var s = "x"; while (true) s += s; return s;',
  ])('%s', (code) => {
    expect(() => evaluate(code, tight())).toThrow(BudgetExhausted);
  });
});

describe('a huge result is refused before it is made', () => {
  test.each([
    '$"{5,1000000000}"',
    'string.Format("{0,999999}", 1)',
    '"a".PadLeft(int.MaxValue)',
    "new string('a', 90000).Split('a').Length",
    'Convert.ToBase64String(new byte[90000])',
    'BitConverter.ToString(new byte[90000])',
    'Convert.ToHexString(new byte[90000])',
  ])('%s', (code) => {
    expect(() => evaluate(code, tight())).toThrow(BudgetExhausted);
  });
});

const TOO_DEEP = 'throws System.InsufficientExecutionStackException: Insufficient stack to continue executing the program safely.';

test('recursion without end is a .NET exception', () => {
  expect(evaluate('int F(int n) { return F(n + 1); } return F(0);')).toBe(TOO_DEEP);
  expect(evaluate('Func<int, int> f = null; f = n => f(n + 1); return f(0);')).toBe(TOO_DEEP);
  expect(evaluate('int F(int n) { return F(n + 1); } try { return F(0); } catch (Exception e) { return e.GetType().Name; }')).toBe(
    'System.String InsufficientExecutionStackException',
  );
});

describe('errors of the engine', () => {
  test('exhausted stack and memory are .NET exceptions', () => {
    expect(asException(new RangeError('Maximum call stack size exceeded')).typeName).toBe('System.InsufficientExecutionStackException');
    expect(asException(new RangeError('Invalid string length')).typeName).toBe('System.OutOfMemoryException');
  });

  test('a mistake of ours is nothing that a policy may catch', () => {
    expect(fromEngine(new TypeError('x is not a function'))).toBeInstanceOf(EngineFault);
    expect(() => asException(new TypeError('x'))).toThrow(EngineFault);
    expect(() => asException(new BudgetExhausted('x'))).toThrow(BudgetExhausted);
    expect(asException(new NetException('System.Exception', 'x')).message).toBe('x');
  });
});
