import { describe, expect, test } from 'vitest';
import { fromPlain, parseJson, toPlain, writeJson } from '../../../src/dotnet/json/index.ts';
import { evaluate } from '../evaluate.ts';

/** JSON read, and what comes out: compact JSON, or the error's message behind an exclamation mark. */
const READING: readonly (readonly [text: string, outcome: string])[] = [
  ['{"b":1,"2":2,"1":3,"__proto__":{"x":1},"constructor":5}', '{"b":1,"2":2,"1":3,"__proto__":{"x":1},"constructor":5}'],
  ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
  ["{'a':1,b:'x',}", '{"a":1,"b":"x"}'],
  ['[1,,2,]', '[1,undefined,2]'],
  ['/* c */ [1 // x\n]', '[1]'],
  ['[0x1F,017,1e3,-0.0,NaN,-Infinity]', '[31,15,1000.0,-0.0,"NaN","-Infinity"]'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['"2024-01-15T10:30:45.1200000+02:00"', '"2024-01-15T08:30:45.12+00:00"'],
  ['"2024-01-15"', '"2024-01-15"'],
  ['"\\ud83d\\ude00\\ud800x\\u2028"', '"😀\ufffdx\\u2028"'],
  ['new Date(1,2)', 'new Date(1,2)'],
  ['', "!Error reading JToken from JsonReader. Path '', line 0, position 0."],
  ['[1 2]', "!After parsing a value an unexpected character was encountered: 2. Path '[0]', line 1, position 3."],
  ['{"a":1', "!Unexpected end of content while loading JObject. Path 'a', line 1, position 6."],
  ['{"a":"x', "!Unterminated string. Expected delimiter: \". Path 'a', line 1, position 7."],
  ['{"a":tru}', "!Error parsing boolean value. Path 'a', line 1, position 8."],
  ['{"a":[1,2}', "!JsonToken EndObject is not valid for closing JsonType Array. Path 'a', line 1, position 10."],
  ['{"a" 1}', "!Invalid character after parsing property name. Expected ':' but got: 1. Path '', line 1, position 5."],
  ['{"a":"\\q"}', "!Bad JSON escape sequence: \\q. Path 'a', line 1, position 8."],
  ['{\n"a": 1,\n"b": @}', "!Unexpected character encountered while parsing value: @. Path 'b', line 3, position 5."],
  ['{} x', "!Additional text encountered after finished reading JSON content: x. Path '', line 1, position 3."],
];

function read(text: string): string {
  try {
    return writeJson(parseJson(text), false);
  } catch (error) {
    return `!${error instanceof Error ? error.message : error}`;
  }
}

const EXPRESSIONS: readonly (readonly [expression: string, outcome: string])[] = [
  ['@((int)JToken.Parse("\\"x\\""))', "! FormatException: The input string 'x' was not in a correct format."],
  ['@((int)JToken.Parse("null"))', '! ArgumentException: Can not convert Null to Int32.'],
  ['@((int?)JToken.Parse("null") == null)', 'Boolean true'],
  ['@((string)JToken.Parse("[1]"))', '! ArgumentException: Can not convert Array to String.'],
  // A JValue is IConvertible: Convert casts it.
  ['@(Convert.ToInt32(JObject.Parse("{\\"a\\":\\"7\\"}")["a"]))', 'Int32 7'],
  ['@(Convert.ToInt64(JToken.Parse("5.5")) + Convert.ToDouble(JToken.Parse("0.25")))', 'Double 6.25'],
  ['@(Convert.ToBoolean(JToken.Parse("true")) && !Convert.ToBoolean((object)JToken.Parse("\\"False\\"")))', 'Boolean true'],
  ['@(Convert.ToDecimal(JToken.Parse("1.50")) + Convert.ToByte(JToken.Parse("2")))', 'Decimal 3.5'],
  ['@((int)Convert.ChangeType(JToken.Parse("5"), typeof(int)) + ((IConvertible)JToken.Parse("5")).ToInt32(null))', 'Int32 10'],
  ['@(Convert.ToInt32(JObject.Parse("{}")["a"]))', 'Int32 0'],
  ['@(Convert.ToInt32(JToken.Parse("null")))', '! ArgumentException: Can not convert Null to Int32.'],
  ['@(Convert.ToByte(JToken.Parse("300")))', '! OverflowException: Value was either too large or too small for an unsigned byte.'],
  [
    '@(Convert.ToInt32(JToken.Parse("[1]")))',
    "! InvalidCastException: Unable to cast object of type 'Newtonsoft.Json.Linq.JArray' to type 'System.IConvertible'.",
  ],
  ['@((int)JObject.Parse("{}")["a"])', "! ArgumentNullException: Value cannot be null. (Parameter 'value')"],
  ['@((long)JToken.Parse("9007199254740993"))', 'Int64 9007199254740993'],
  ['@(JObject.Parse("{\\"a\\":\\"5\\"}").Value<int>("a"))', 'Int32 5'],
  [
    '@(JObject.Parse("{\\"a\\":1}").Value<JObject>("a"))',
    "! InvalidCastException: Invalid cast from 'System.Int64' to 'Newtonsoft.Json.Linq.JObject'.",
  ],
  ['@(JToken.Parse("[1]")["a"])', '! ArgumentException: Accessed JArray values with invalid key value: "a". Int32 array index expected.'],
  ['@(JToken.Parse("{\\"a\\":{\\"b.c\\":[{\\"x\\":1}]}}").SelectToken("a[\'b.c\'][0].x").Path)', "String a['b.c'][0].x"],
  ['@(JArray.Parse("[1,5,10]").SelectTokens("[?(@ > 1 && @ < 10)]"))', 'IEnumerable<JToken> [5]'],
  ['@(JArray.Parse("[{\\"t\\":\\"abc\\"},{\\"t\\":\\"x\\"}]").SelectTokens("[?(@.t =~ /^A/i)].t"))', 'IEnumerable<JToken> ["abc"]'],
  ['@(JArray.Parse("[1,2,3,4]").SelectTokens("[-2:]"))', 'IEnumerable<JToken> [3,4]'],
  ['@(JToken.Parse("{}").SelectToken("$.b", true))', "! JsonException: Property 'b' does not exist on JObject."],
  ['@(JToken.Parse("{}").SelectToken("a["))', '! JsonException: Path ended with open indexer.'],
  ['@{ var o = JObject.Parse("{\\"a\\":{\\"x\\":1}}"); o["b"] = o["a"]; o["b"]["x"] = 2; return o; }', 'JObject {"a":{"x":1},"b":{"x":2}}'],
  [
    '@{ var o = JObject.Parse("{\\"a\\":1}"); o.Add("a", 2); return o; }',
    '! ArgumentException: Can not add property a to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object.',
  ],
  [
    '@{ var o = JObject.Parse("{\\"a\\":1,\\"b\\":2}"); foreach (var p in o.Properties()) p.Remove(); return o; }',
    '! InvalidOperationException: Collection was modified; enumeration operation may not execute.',
  ],
  ['@{ foreach (var p in JObject.Parse("{\\"a\\":1,\\"b\\":2}")) if (p.Key == "b") return p.Value; return null; }', 'JValue 2'],
  ['@{ var a = JArray.Parse("[1]"); a.Add(a); return a; }', 'JArray [1,[1]]'],
  [
    '@(JsonConvert.DeserializeObject<Dictionary<string,string>>("{\\"a\\":\\"2024-01-15T10:30:45Z\\",\\"b\\":1.10}"))',
    'Dictionary<String,String> {"a":"2024-01-15T10:30:45Z","b":"1.10"}',
  ],
  [
    '@(JsonConvert.DeserializeObject<int>("5.5"))',
    "! JsonReaderException: Input string '5.5' is not a valid integer. Path '', line 1, position 3.",
  ],
  [
    '@(JsonConvert.DeserializeObject<int>("null"))',
    "! JsonSerializationException: Error converting value {null} to type 'System.Int32'. Path '', line 1, position 4.",
  ],
  [
    '@(JArray.Parse("[1,\\"x\\"]").ToObject<int[]>())',
    "! JsonReaderException: Could not convert string to integer: x. Path '[1]', line 1, position 6.",
  ],
  [
    "@(JsonConvert.SerializeObject(new { a = (int?)null, b = DayOfWeek.Monday, c = 'x', d = 1.5m, e = 1e20 }))",
    'String {"a":null,"b":1,"c":"x","d":1.5,"e":1E+20}',
  ],
  [
    '@(JsonConvert.SerializeObject(new { a = (string)null, b = 1 }, new JsonSerializerSettings { NullValueHandling = NullValueHandling.Ignore }))',
    'String {"b":1}',
  ],
  ['@(JsonConvert.SerializeObject(new int[,] { { 1, 2 }, { 3, 4 } }))', 'String [[1,2],[3,4]]'],
  [
    '@{ var l = new List<object>(); l.Add(l); return JsonConvert.SerializeObject(l); }',
    "! JsonSerializationException: Self referencing loop detected with type 'System.Collections.Generic.List`1[System.Object]'. Path ''.",
  ],
];

describe('JSON', () => {
  test.each(READING)('reads %s', (text, outcome) => expect(read(text)).toBe(outcome));
  test.each(EXPRESSIONS)('%s', (expression, outcome) => expect(evaluate(expression)).toBe(outcome));

  test('nesting ends at 64', () => {
    expect(read('['.repeat(64) + ']'.repeat(64))).toBe('['.repeat(64) + ']'.repeat(64));
    expect(read('['.repeat(65))).toMatch(/^!The reader's MaxDepth of 64 has been exceeded\./);
  });

  test('plain views keep names that JavaScript knows', () => {
    const plain = toPlain(parseJson('{"__proto__":{"x":1},"a":[1,2.5,"t",null,true]}'));
    expect(Object.keys(plain as object)).toEqual(['__proto__', 'a']);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(writeJson(fromPlain({ a: [1, 2.5, 't', null, true] }), false)).toBe('{"a":[1,2.5,"t",null,true]}');
  });

  test('indented text has two spaces and line feeds', () => {
    expect(writeJson(parseJson('{"a":[1,{}],"b":[]}'), true)).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
  });
});

test.each([
  [
    'DeserializeObject<JObject>("{}", new JsonSerializerSettings { FloatParseHandling = FloatParseHandling.Decimal })',
    'FloatParseHandling',
  ],
  ['DeserializeObject("{}", new JsonSerializerSettings { DateTimeZoneHandling = DateTimeZoneHandling.Utc })', 'DateTimeZoneHandling'],
  ['DeserializeObject("{}", new JsonSerializerSettings { MaxDepth = null })', 'MaxDepth'],
  ['SerializeObject(1, new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All })', 'TypeNameHandling'],
  [
    'SerializeObject(1, new JsonSerializerSettings { PreserveReferencesHandling = PreserveReferencesHandling.All })',
    'PreserveReferencesHandling',
  ],
])('a setting that cannot be followed is refused when it is used: %s', (call, name) => {
  const outcome = evaluate(`@(JsonConvert.${call})`);
  expect(outcome).toContain('NotSupportedException');
  expect(outcome).toContain(name);
});

test('settings of reading that are followed', () => {
  const settings = 'new JsonSerializerSettings { CheckAdditionalContent = false }';
  expect(evaluate(`@(JsonConvert.DeserializeObject("1 2", ${settings}))`)).toBe('Int64 1');
  const lines = 'new JsonLoadSettings { LineInfoHandling = LineInfoHandling.Ignore }';
  expect(evaluate('@(JArray.Parse("[\\"x\\"]").ToObject<int[]>())')).toContain('line 1');
  expect(evaluate(`@(JArray.Parse("[\\"x\\"]", ${lines}).ToObject<int[]>())`)).not.toContain('line');
});
