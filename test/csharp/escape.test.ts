/** Nothing that a policy writes reaches JavaScript: not by names, not by texts, not by keys. */
import { describe, expect, test } from 'vitest';
import { compile, evaluate } from '../support/expressions.ts';

const GLOBALS = [
  'globalThis',
  'constructor',
  '__proto__',
  'prototype',
  'process',
  'require',
  'Function',
  'eval',
  'window',
  'module',
  'arguments',
  'undefined',
  'NaN',
  'r',
  'b',
  'c',
  '$',
  '$0',
  'v1',
  't1',
];

describe('names of JavaScript are unknown names', () => {
  test.each(GLOBALS)('%s', (name) => {
    expect(evaluate(`return ${name};`)).toMatch(/(CS0103|CS1056|CS1525)/);
  });
});

describe('members of JavaScript objects are unknown members', () => {
  test.each(['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'length', 'call', 'apply'])('%s', (name) => {
    expect(evaluate(`return "x".${name};`)).toBe('CS1061');
    expect(evaluate(`return new object().${name};`)).toBe('CS1061');
    expect(evaluate(`Func<int> f = () => 1; return f.${name};`)).toBe('CS1061');
  });
});

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'hasOwnProperty',
  'toString',
  'arguments',
  'eval',
  'await',
  'yield',
  'let',
  'function',
  'with',
  'delete',
  'NaN',
  'undefined',
  'b',
  'r',
  'c',
];

describe('names of JavaScript are good names in C#', () => {
  test.each(NAMES)('%s', (name) => {
    expect(evaluate(`var ${name} = 1; ${name} += 2; Func<int, int> f = x => x + ${name}; return f(${name});`)).toBe('System.Int32 6');
    expect(evaluate(`int ${name}(int x) { return x + 1; } return ${name}(1);`)).toBe('System.Int32 2');
    expect(evaluate(`return new { ${name} = 1 }.${name};`)).toBe('System.Int32 1');
    expect(evaluate(`foreach (var ${name} in new[] { 7 }) return ${name}; return 0;`)).toBe('System.Int32 7');
  });
});

describe('keys named like JavaScript members are plain keys', () => {
  test.each(['constructor', '__proto__', 'prototype', 'hasOwnProperty', 'toString', 'valueOf'])('%s', (key) => {
    expect(evaluate(`var d = new Dictionary<string, int>(); return d.ContainsKey("${key}");`)).toBe('System.Boolean false');
    expect(evaluate(`var d = new Dictionary<string, int> { { "${key}", 3 } }; return d["${key}"] + d.Count;`)).toBe('System.Int32 4');
    expect(evaluate(`return new HashSet<string> { "${key}" }.Contains("x");`)).toBe('System.Boolean false');
    expect(evaluate(`return new[] { "${key}" }.GroupBy(x => x).First().Key;`)).toBe(`System.String ${key}`);
    expect(evaluate(`return new[] { "${key}" }.ToDictionary(x => x, x => 1)["${key}"];`)).toBe('System.Int32 1');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

const TEXTS = [
  '"]);globalThis.escaped=1;([\\"',
  '\\u2028globalThis.escaped=1',
  '`${globalThis.escaped=1}`',
  '*/globalThis.escaped=1/*',
  '</script>',
  '\\0\\r\\n',
];

describe('texts stay texts', () => {
  test.each(TEXTS)('%s', (text) => {
    const code = `return "${text.replace(/(?<!\\)"/g, '\\"')}" + 1;`;
    expect(evaluate(code)).toMatch(/^System\.String /);
    expect((globalThis as Record<string, unknown>).escaped).toBeUndefined();
  });
});

test('emitted code names nothing but its constants, parameters and own variables', () => {
  const { expression } = compile(
    'var process = "process"; return process.Substring(1).ToUpper() + new[] { 1, 2 }.Select(x => x * 2).Sum();',
  );
  const code = (expression?.code ?? '').replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\.[a-z]+/g, '');
  const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  const keywords = new Set(['const', 'return', 'function', 'let', 'new', 'null']);
  for (const word of words) expect(keywords.has(word) || /^(\$\d*|[a-z]\d*)$/.test(word), word).toBe(true);
});
