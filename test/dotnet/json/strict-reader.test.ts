/** The strict reader must give what the full reader gives, or nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, DEFAULT_LIMITS } from '../../../src/csharp/runtime/budget.ts';
import { parseText } from '../../../src/dotnet/json/reader.ts';
import { readStrict } from '../../../src/dotnet/json/strict-reader.ts';
import { JContainer, JProperty, type JToken, JValue } from '../../../src/dotnet/json/tokens.ts';

const OPTIONS = { maxDepth: 64, dates: true, lines: true, budget: new Budget({ ...DEFAULT_LIMITS, steps: 100_000_000, time: 60_000 }) };

/** Everything a token tells: kind, value, place, and its children's. */
function told(token: JToken): unknown {
  const own = [token.className, token.kind, token.line, token.position, token.path];
  if (token instanceof JValue) return [...own, String(token.value), typeof token.value];
  return [...own, token instanceof JProperty ? token.name : '', token instanceof JContainer ? token.children.map(told) : []];
}

/** The full reader, which `additionalContent` keeps to itself; a second reading tells that nothing comes behind. */
function full(text: string): unknown {
  return told(parseText(text, 'JToken', { additionalContent: true }));
}

describe('what the full reader reads', () => {
  test.each([
    '{}',
    '[]',
    ' [ 1 , 2.50 , -0, 0, -1.5e+3, 1E2, 123456789012345678901234567890, 1e400 ] ',
    '{"a":"x","b":[true,false,null],"c":{"d":{}}}',
    '{"2":1,"1":2,"":3}',
    '"a\\"b\\\\c\\/\\b\\f\\n\\r\\t\\u00e9"',
    '{"d":"2024-01-02T03:04:05.1234567Z","e":"/Date(0)/","f":"2024-01-02","2024-01-02T03:04:05Z":1}',
    '{\n  "a": 1,\r\n  "b": [\r    2\n ]\t}\n\n',
    '"tab\there"',
    `${'['.repeat(64)}${']'.repeat(64)}`,
    '-7',
    'true',
  ])('%j', (text) => {
    const token = readStrict(text, OPTIONS);
    expect(token && told(token)).toEqual(full(text));
  });
});

describe('what is left to the full reader', () => {
  test.each([
    '',
    ' ',
    "{'a':1}",
    '{a:1}',
    '[1,]',
    '[,1]',
    '{"a":1,"a":2}',
    '{"a":1,}',
    '[1 2]',
    '{"a" 1}',
    '{"a":}',
    '{"a":1',
    '[01]',
    '[1.]',
    '[.5]',
    '[+1]',
    '[-]',
    '[1e]',
    '[0x1F]',
    '[NaN]',
    '[truex]',
    '[nul]',
    '"a',
    '"a\\',
    '"a\\x"',
    '"a\\u12"',
    '"\\ud83d\\ude00"',
    '"line\nend"',
    '/* c */ 1',
    '[1] 2',
    '\ufeff[1]',
    '[1\u00a0]',
    `${'['.repeat(65)}${']'.repeat(65)}`,
    '1'.repeat(400),
  ])('%j', (text) => {
    expect(readStrict(text, OPTIONS)).toBeUndefined();
  });
});

const spaced = fc.constantFrom('', '', ' ', '\n', '\r\n\t');

test('any JSON is read alike, and any damaged one is never read otherwise', () => {
  fc.assert(
    fc.property(fc.jsonValue(), spaced, fc.nat(), fc.constantFrom(...'{}[]",:0-.e\\ \nxu/'), (value, space, at, piece) => {
      const text = space + JSON.stringify(value, null, space.includes('\n') ? 1 : 0) + space;
      const token = readStrict(text, OPTIONS);
      if (token !== undefined) expect(told(token)).toEqual(full(text));
      const place = at % (text.length + 1);
      const damaged = text.slice(0, place) + piece + text.slice(place + (at % 2));
      const read = readStrict(damaged, OPTIONS);
      if (read !== undefined) expect(told(read)).toEqual(full(damaged));
    }),
    { numRuns: 600, seed: 20261122 },
  );
});

test('objects of many properties keep their order and find their names', () => {
  const names = Array.from({ length: 50 }, (_, at) => `n${50 - at}`);
  const object = parseText(JSON.stringify(Object.fromEntries(names.map((name) => [name, 1]))), 'JObject');
  expect(object.children.map((one) => (one as JProperty).name)).toEqual(names);
});
