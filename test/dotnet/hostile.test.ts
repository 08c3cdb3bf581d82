/** Texts that callers send, made so that a careless reader looks at every character again for each: all end soon. */
import { describe, expect, test } from 'vitest';
import { BudgetExhausted, DEFAULT_LIMITS } from '../../src/csharp/runtime/budget.ts';
import { evaluate, testRuntime } from '../support/expressions.ts';

/** Each with `s`, a text of that many characters; at that length quadratic time is minutes. */
const LENGTH = 400_000;

const CASES: readonly (readonly [what: string, text: string, code: string])[] = [
  ['a number in JSON that ends wrong', `1${'0'.repeat(LENGTH)}x`, 'JToken.Parse(s).ToString()'],
  ['a number in JSON with a sign behind it', `[1${'0'.repeat(LENGTH)}-]`, 'JToken.Parse(s).ToString()'],
  ['a number in an array of JSON that ends wrong', `[${'1'.repeat(LENGTH)}e]`, 'JToken.Parse(s).ToString()'],
  ['blanks inside a URI', `http://a/b${' '.repeat(LENGTH)}c`, 'new Uri(s).ToString()'],
  ['blanks around a date', `2024${' '.repeat(LENGTH)}x`, 'DateTime.Parse(s).ToString()'],
  ['a number for a date', '1'.repeat(LENGTH), 'DateTime.Parse(s).ToString()'],
  ['digits', `${'9'.repeat(LENGTH)}x`, 'decimal.Parse(s).ToString()'],
  ['zeros', `${'0'.repeat(LENGTH)}x`, 'double.Parse(s).ToString()'],
  ['a time span', `${'0'.repeat(LENGTH)}:x`, 'TimeSpan.Parse(s).ToString()'],
  ['an address', `${'1'.repeat(LENGTH)}.`, 'System.Net.IPAddress.Parse(s).ToString()'],
  ['an address of colons', ':'.repeat(LENGTH), 'System.Net.IPAddress.Parse(s).ToString()'],
  ['padding of Base64', `${'='.repeat(LENGTH)}x`, 'Convert.FromBase64String(s).Length'],
  ['blanks in Base64', `${' '.repeat(LENGTH)}x`, 'Convert.FromBase64String(s).Length'],
  ['entities of HTML', '&'.repeat(LENGTH), 'System.Net.WebUtility.HtmlDecode(s).Length'],
  ['percent signs', '%'.repeat(LENGTH), 'Uri.UnescapeDataString(s).Length'],
  ['a path of dots', `http://a/${'../'.repeat(LENGTH / 4)}`, 'new Uri(s).ToString()'],
  ['a JSON path', `${'$'}${'..'.repeat(LENGTH)}`, 'JToken.Parse("{}").SelectToken(s)'],
  ['a JSON path of brackets', '['.repeat(LENGTH), 'JToken.Parse("{}").SelectToken(s)'],
  ['a string in JSON that does not end', `"${'\\"'.repeat(LENGTH)}`, 'JToken.Parse(s).ToString()'],
  ['quotes in JSON', '"'.repeat(LENGTH), 'JToken.Parse(s).ToString()'],
  ['comments in JSON', '/*'.repeat(LENGTH), 'JToken.Parse(s).ToString()'],
  ['a string in JSON that may be a date', `"2024-01-01T00:00:00.${'0'.repeat(LENGTH)}x"`, 'JToken.Parse(s).ToString()'],
  ['a string in JSON that may be an old date', `"/Date(${'0'.repeat(LENGTH)}x"`, 'JToken.Parse(s).ToString()'],
  ['tags of XML', '<'.repeat(LENGTH), 'XElement.Parse(s).ToString()'],
  ['attributes of XML', `<a ${'b="" '.repeat(LENGTH / 5)}/>`, 'XElement.Parse(s).ToString()'],
  [
    'other attributes of XML',
    `<a ${Array.from({ length: 30_000 }, (_, at) => `b${at}=""`).join(' ')}/>`,
    'XElement.Parse(s).ToString().Length',
  ],
  [
    'namespaces of XML',
    `<a ${Array.from({ length: 20_000 }, (_, at) => `xmlns:b${at}="u${at}"`).join(' ')}/>`,
    'XElement.Parse(s).ToString().Length',
  ],
  ['ampersands of XML', `<a>${'&'.repeat(LENGTH)}</a>`, 'XElement.Parse(s).ToString()'],
  ['brackets of CDATA', `<a><![CDATA[${']'.repeat(LENGTH)}</a>`, 'XElement.Parse(s).ToString()'],
  ['dashes of a comment', `<a><!--${'-'.repeat(LENGTH)}</a>`, 'XElement.Parse(s).ToString()'],
  ['commas', ','.repeat(LENGTH), 'string.Join("", s.Split(\',\').Select(x => x.Trim())).Length'],
  ['keys of JSON that collide', `{${Array.from({ length: 20_000 }, () => '"a":1').join(',')}}`, 'JObject.Parse(s).Count'],
  ['a format', '{'.repeat(LENGTH), 'string.Format(s, 1)'],
  ['a format of a date', "'".repeat(LENGTH + 1), 'new DateTime(2000, 1, 1).ToString(s)'],
  ['a format of a number', `${'#,'.repeat(LENGTH)}`, '1234.5.ToString(s)'],
  ['marks that combine', `a${'\u0301\u0316'.repeat(LENGTH / 2)}`, 's.Normalize().Length'],
  ['characters without weight', '\u00ad'.repeat(LENGTH), 's.IndexOf("b", StringComparison.CurrentCulture)'],
  ['letters', 'a'.repeat(LENGTH), 's.IndexOf(new string(\'a\', 200000) + "b", StringComparison.CurrentCultureIgnoreCase)'],
  ['letters backwards', 'a'.repeat(LENGTH), 's.LastIndexOf("b" + new string(\'a\', 200000), StringComparison.OrdinalIgnoreCase)'],
  ['a set of characters', 'a'.repeat(LENGTH), "s.IndexOfAny(Enumerable.Repeat('b', 5000).ToArray())"],
  ['parts', 'a'.repeat(LENGTH), 's.Replace("aab", "c").Length'],
];

describe('a text of millions of values ends in an error before it fills the memory', () => {
  test.each([
    ['strict', (values: string) => `[${values}1]`],
    ['with a comment, for the full reader', (values: string) => `[/**/${values}1]`],
  ])('%s', (_what, wrapped) => {
    const code = 'JToken.Parse(context.Text).ToString()';
    expect(() => evaluate(code, undefined, wrapped('1,'.repeat(1_500_000)))).toThrow(BudgetExhausted);
    expect(evaluate('JToken.Parse(context.Text).Count()', undefined, wrapped('1,'.repeat(200_000)))).toBe('System.Int32 200001');
  });
});

describe('names of JavaScript mean nothing', () => {
  test.each([
    ['new Uri("constructor://x").Port', 'System.Int32 -1'],
    ['XElement.Parse("<a>&constructor;</a>").Value', /^throws System\.Xml\.XmlException: Reference to undeclared entity 'constructor'/],
    ['XElement.Parse("<a>&toString;</a>").Value', /^throws System\.Xml\.XmlException: Reference to undeclared entity 'toString'/],
    ['JObject.Parse("{\\"__proto__\\":{\\"x\\":1}}").SelectToken("__proto__.x")', 'Newtonsoft.Json.Linq.JValue 1'],
    ['JObject.Parse("{}")["constructor"]', 'null'],
    ['new Dictionary<string, object>().ContainsKey("toString")', 'System.Boolean false'],
    ['new { __proto__ = 1, constructor = 2 }.ToString()', 'System.String { __proto__ = 1, constructor = 2 }'],
    ['int process = 1, globalThis = 2, arguments = 3, r = 4, v1 = 5; return process + globalThis + arguments + r + v1;', 'System.Int32 15'],
    ['XElement.Parse("<a/>").XPathEvaluate("constructor()")', /^throws|^CS/],
  ] as const)('%s', (code, outcome) => {
    expect(evaluate(code)).toMatch(outcome);
  });
});

describe('copies that a loop keeps are counted', () => {
  test.each([
    'context.Text.ToUpper()',
    'context.Text.ToLowerInvariant()',
    "context.Text.Replace('z', 'b')",
    'context.Text.Normalize()',
    'bytes.Clone()',
    'new System.Security.Cryptography.HMACSHA256(bytes)',
  ])('%s', (code) => {
    const loop = `var kept = new List<object>(); var bytes = new byte[4000000]; while (true) kept.Add(${code});`;
    expect(() => evaluate(loop, testRuntime({ ...DEFAULT_LIMITS, allocation: 20_000_000 }), 'a'.repeat(4_000_000))).toThrow('of memory');
  });
});

describe('texts of callers', () => {
  test.each(CASES)('%s', (_what, text, code) => {
    const started = performance.now();
    try {
      expect(evaluate(`var s = context.Text; return ${code};`, undefined, text)).not.toMatch(/^CS/);
    } catch (error) {
      expect(error).toBeInstanceOf(BudgetExhausted);
    }
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
