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

/** What JavaScript would find on any object; as text of a key it is a key like any other. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'then', 'length'];

function untouched(): void {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe('JSON with names of JavaScript is JSON', () => {
  test.each(KEYS)('%s', (key) => {
    const json = `{'${key}':{'polluted':1},'a':2}`;
    expect(evaluate(`return (int)JObject.Parse("${json}")["${key}"]["polluted"];`)).toBe('System.Int32 1');
    expect(evaluate(`return (string)JObject.Parse("{}")["${key}"] ?? "none";`)).toBe('System.String none');
    expect(evaluate(`return JObject.Parse("${json}").Properties().First().Name;`)).toBe(`System.String ${key}`);
    expect(evaluate(`return new JObject { ["${key}"] = 1 }.ToString(Newtonsoft.Json.Formatting.None);`)).toBe(`System.String {"${key}":1}`);
    expect(evaluate(`var o = new JObject(); o["${key}"] = new JObject(new JProperty("polluted", 1)); return o.Count;`)).toBe(
      'System.Int32 1',
    );
    expect(evaluate(`return JsonConvert.SerializeObject(new Dictionary<string, int> { ["${key}"] = 1 });`)).toBe(
      `System.String {"${key}":1}`,
    );
    expect(evaluate(`return (int)JObject.Parse("${json}").SelectToken("['${key}'].polluted");`)).toBe('System.Int32 1');
    expect(evaluate(`return JObject.Parse("{}").SelectToken("${key}") == null;`)).toBe('System.Boolean true');
    expect(evaluate(`return JsonConvert.DeserializeObject<Dictionary<string, int>>("{'${key}':4}")["${key}"];`)).toBe('System.Int32 4');
    expect(evaluate(`var a = JObject.Parse("{}"); a.Merge(JObject.Parse("${json}")); return a.Count;`)).toBe('System.Int32 2');
    untouched();
  });

  test('and strict reading tells no name from another', () => {
    expect(evaluate('return JObject.Parse("{\\"__proto__\\":{\\"polluted\\":1},\\"b\\":2}").Count;')).toBe('System.Int32 2');
    expect(evaluate('return JObject.Parse("{\\"\\\\u005f_proto__\\":1}").Properties().First().Name;')).toBe('System.String __proto__');
    untouched();
  });
});

describe('names of JavaScript in every place a name may stand', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'arguments', 'eval', 'toString', 'hasOwnProperty'];
  test.each(NAMES)('%s', (name) => {
    expect(evaluate(`return new { ${name} = 1, b = 2 }.ToString();`)).toBe(`System.String { ${name} = 1, b = 2 }`);
    expect(evaluate(`return JsonConvert.SerializeObject(new { ${name} = new { polluted = 1 } });`)).toBe(
      `System.String {"${name}":{"polluted":1}}`,
    );
    expect(evaluate(`return (from ${name} in new[] { 1, 2 } where ${name} > 1 select new { ${name} }).First().${name};`)).toBe(
      'System.Int32 2',
    );
    expect(evaluate(`return (from x in new[] { 1, 2 } let ${name} = x * 2 orderby ${name} descending select ${name}).First();`)).toBe(
      'System.Int32 4',
    );
    expect(evaluate(`var t = (${name}: 1, b: 2); return t.${name};`)).toMatch(/^(System\.Int32 1|CS\d+)/);
    expect(evaluate(`return $"{1 + 1}${name}{"${name}"}";`)).toBe(`System.String 2${name}${name}`);
    expect(evaluate(`int F(int ${name}) => ${name} + 1; return F(${name}: 1);`)).toBe('System.Int32 2');
    expect(evaluate(`${name}: return 1;`)).toMatch(/^System\.Int32 1/);
    expect(evaluate(`goto ${name}; ${name}: return 1;`)).toBe('System.Int32 1');
    expect(evaluate(`return int.TryParse("3", out var ${name}) ? ${name} : 0;`)).toBe('System.Int32 3');
    expect(evaluate(`object o = 5; return o is int ${name} ? ${name} : 0;`)).toBe('System.Int32 5');
    expect(evaluate(`try { throw new Exception("m"); } catch (Exception ${name}) { return ${name}.Message; }`)).toBe('System.String m');
    untouched();
  });
});

describe('letters written as escapes make no other name', () => {
  test.each([
    ['return \\u0070rocess;', 'CS0103'],
    ['return glob\\u0061lThis;', 'CS0103'],
    ['return "x".c\\u006fnstructor;', 'CS1061'],
    ['return @constructor;', 'CS0103'],
    ['return @eval("1");', 'CS0103'],
    ['var \\u005f_proto__ = 3; return __proto__;', 'System.Int32 3'],
    ['var \\u0061 = 3; return a;', 'System.Int32 3'],
  ])('%s', (code, expected) => {
    expect(evaluate(code)).toContain(expected);
  });
});

describe('the world outside is not there', () => {
  test.each([
    'System.IO.File.ReadAllText("/etc/passwd")',
    'System.IO.Directory.GetFiles("/")',
    'new System.IO.StreamReader("/etc/passwd").ReadToEnd()',
    'new System.Net.WebClient().DownloadString("http://localhost")',
    'new System.Net.Http.HttpClient()',
    'System.Net.Dns.GetHostName()',
    'System.Diagnostics.Process.Start("sh")',
    'System.Environment.GetEnvironmentVariable("PATH")',
    'System.Reflection.Assembly.GetExecutingAssembly()',
    'typeof(string).Assembly',
    'typeof(string).GetMethods()',
    '"x".GetType().GetMethod("ToString").Invoke("x", null)',
    'Type.GetType("System.IO.File")',
    'Activator.CreateInstance(typeof(object))',
    'System.Threading.Thread.Sleep(1000)',
    'System.Runtime.InteropServices.Marshal.AllocHGlobal(1)',
    'XDocument.Load("/etc/passwd")',
    'XElement.Load("http://localhost/")',
    'new System.Xml.XmlDocument().Load("/etc/passwd")',
    'GC.Collect()',
    'AppDomain.CurrentDomain',
    'import("fs")',
    'require("fs")',
    'this.constructor',
    'new Function("return process")()',
    '((Func<int>)(() => 1)).constructor("return process")()',
    '((Func<int>)(() => 1)).Method.Name',
    '((dynamic)"x").constructor',
  ])('%s', (code) => {
    expect(evaluate(`return ${code};`)).toMatch(/^(CS\d{4}|PTC\d{4})/);
  });

  test('an external entity is not read', () => {
    const xml = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>";
    expect(evaluate(`return XElement.Parse("${xml}").Value;`)).not.toContain('root:');
  });
});

describe('what a thrown thing or a replaced text says stays text', () => {
  test.each([
    ['throw new Exception("constructor");', 'constructor'],
    ['return Regex.Replace("a", "a", "$&$`$\'${constructor}${__proto__}");', '${constructor}${__proto__}'],
    ['return "a".Replace("a", "$&$$$`");', '$&$$$`'],
    ['return new StringBuilder("a").Replace("a", "$&").ToString();', '$&'],
    ['return string.Format("{0}", "{1}${0}");', '{1}${0}'],
    [
      'return Regex.Match("x", "(?<constructor>x)").Groups["constructor"].Value + Regex.Match("x", "x").Groups["__proto__"].Success;',
      'xFalse',
    ],
    ['return Enum.IsDefined(typeof(DayOfWeek), "constructor");', 'false'],
    ['return (DayOfWeek)Enum.Parse(typeof(DayOfWeek), "__proto__");', 'ArgumentException'],
    ['return Convert.ToString((object)"__proto__") + DateTime.MinValue.ToString("\'constructor\'");', '__proto__constructor'],
  ])('%s', (code, expected) => {
    expect(evaluate(code)).toContain(expected);
    untouched();
  });
});
