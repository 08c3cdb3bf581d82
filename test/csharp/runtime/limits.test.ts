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

/** Few steps, each of which searches a long text: what 1,000,000 of them would take is counted by the clock. */
describe('an expression that takes its time ends', () => {
  const quick = () => testRuntime({ ...DEFAULT_LIMITS, time: 50 });

  test.each([
    `var s = new string('x', 30000000); var n = 0; for (var i = 0; i < 900000; i++) n += s.IndexOf("y"); return n;`,
    `var s = new string('x', 30000000); var n = 0; for (var i = 0; i < 900000; i++) try { n += s.GetHashCode(); } catch (Exception) { } return n;`,
    `var b = new byte[30000000]; for (var i = 0; i < 900000; i++) Array.Reverse(b); return 1;`,
    `IEnumerable<int> F(int n) { return n == 0 ? Enumerable.Range(0, 1) : F(n - 1).Where(x => new string('x', 100000).Contains("y") || F(n - 1).Any()); } return F(40).Any();`,
  ])('%s', (code) => {
    const started = performance.now();
    expect(() => evaluate(code, quick())).toThrow('The expression used more than');
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

test('a literal with a vast exponent is made without its zeros', () => {
  expect(evaluate('1e-999999999m')).toBe('System.Decimal 0.0000000000000000000000000000');
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

describe('recursion without end ends, whatever catches', () => {
  test.each([
    'int F(int n) { return F(n + 1); } return F(0);',
    'Func<int, int> f = null; f = n => f(n + 1); return f(0);',
    'int F(int n) { return F(n + 1); } try { return F(0); } catch { return 1; }',
    'int F(int n) { try { return F(n + 1); } catch (Exception) when (n > 1) { return 1; } finally { n = 0; } } return F(0);',
  ])('%s', (code) => {
    expect(() => evaluate(code)).toThrow('The expression used more than 500 nested calls.');
  });
});

describe('what is too big ends the expression, whatever catches', () => {
  test.each([
    "new string('x', 1 << 30)",
    '"x".PadLeft(2000000000)',
    'Enumerable.Range(0, 2000000000).ToList().Count',
    '1.5.ToString("F999999999")',
    '5.ToString("D999999999")',
    'string.Join(",", Enumerable.Repeat(new string(\'x\', 1000000), 1000000))',
    'new int[2000000000].Length',
    'new int[100000, 100000].Length',
    'new int[2000000000, 0].Length',
    'new object[60000000].Length',
    'Array.CreateInstance(typeof(int), 2000000000, 0).Length',
    'string.Concat(Enumerable.Repeat("x", 2000000000))',
    'Regex.IsMatch(new string(\'a\', 40) + "b", "^(a+)+$")',
    'Regex.IsMatch(new string(\'a\', 40) + "b", "^(a|aa)+$")',
    'Regex.IsMatch(new string(\'x\', 30000), "(.*)*y")',
    'Regex.IsMatch(new string(\'a\', 100000), "a*a*a*a*b")',
    'Regex.Matches(new string(\'a\', 1000000), "a").Count',
    'Regex.IsMatch("a", string.Join("|", Enumerable.Repeat("[\\\\w-x]", 20000)))',
    "new string('a', 10000000).Split('a').Length",
  ])('%s', (code) => {
    const text = `try { return ${code}; } catch (Exception) { return 1; } finally { }`;
    // Time of the processor, not of the clock: other work on the machine is none of its business.
    const started = process.cpuUsage().user;
    expect(() => evaluate(text)).toThrow(BudgetExhausted);
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(1000);
  });

  test.each([
    'var o = new JObject(); var c = o; while (true) { var n = new JObject(); c["a"] = n; c = n; }',
    'JContainer c = new JArray(); while (true) { c = new JArray(c); }',
    'var o = new JArray(); var c = o; while (true) { var n = new JArray(1); c.Add(n); c = n; }',
    'var c = new XElement("a"); while (true) { var n = new XElement("b", "text"); c.Add(n); c = n; }',
    'var s = new StringBuilder(); while (true) s.Append("text ");',
    'var l = new List<byte[]>(); while (true) l.Add(new byte[100000]);',
  ])('%s', (code) => {
    expect(() => evaluate(`try { ${code} } catch { } return 1;`)).toThrow(BudgetExhausted);
  });

  test.each([
    ["JToken.Parse(new string('[', 100000))", 'MaxDepth of 64'],
    ['JToken.Parse(string.Concat(Enumerable.Repeat("{\\"a\\":", 100000)))', 'MaxDepth of 64'],
    ['XElement.Parse(string.Concat(Enumerable.Repeat("<a>", 100000)))', 'nested too deeply'],
  ])('%s', (code, message) => {
    expect(evaluate(code)).toContain(message);
  });
});

describe('errors of the engine', () => {
  test('exhausted stack and memory are nothing that a policy may catch', () => {
    expect(() => asException(new RangeError('Maximum call stack size exceeded'))).toThrow(BudgetExhausted);
    expect(() => asException(new RangeError('Invalid string length'))).toThrow(BudgetExhausted);
  });

  test('a mistake of ours is nothing that a policy may catch', () => {
    expect(fromEngine(new TypeError('x is not a function'))).toBeInstanceOf(EngineFault);
    expect(() => asException(new TypeError('x'))).toThrow(EngineFault);
    expect(() => asException(new BudgetExhausted('x'))).toThrow(BudgetExhausted);
    expect(asException(new NetException('System.Exception', 'x')).message).toBe('x');
  });
});
