/** Values of every kind go into a cache as bytes and come back with their type. */
import { describe, expect, test } from 'vitest';
import { box } from '../../src/csharp/runtime/box.ts';
import { describe as describeValue } from '../../src/dotnet/outcome/describe.ts';
import { Body } from '../../src/exchange/body.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { JwtToken } from '../../src/exchange/jwt.ts';
import { GatewayResponse } from '../../src/exchange/message.ts';
import { NotStorable, restoredValue, storedValue } from '../../src/exchange/stored-value.ts';
import { fromBytes, toBytes } from '../../src/stores/redis-bytes.ts';
import { compile, testRuntime, types } from '../support/expressions.ts';

const runtime = testRuntime();

function computed(code: string): unknown {
  const { expression, diagnostics } = compile(`(${code})`);
  if (!expression) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return box(expression.run(runtime, null), expression.returnType);
}

const throughBytes = (value: unknown) => restoredValue(fromBytes(toBytes(storedValue(value, types))), types);

describe('come back as they were', () => {
  test.each([
    '"text"',
    'true',
    '5',
    '5L',
    'ulong.MaxValue',
    '(byte)7',
    "'x'",
    'double.NaN',
    '-0.0',
    '1.5f',
    '79228162514264337593543950335m',
    'System.StringComparison.Ordinal',
    'new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)',
    'new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))',
    'TimeSpan.FromMilliseconds(1.5)',
    'new Guid("8f14e45f-ceea-467f-a8a5-1c3d5b6e7f80")',
    'new Uri("https://a.example/b?c#d")',
    'new Uri("/relative", UriKind.Relative)',
    'new byte[] { 0, 255 }',
    'new int[] { 1, 2 }',
    'new object[] { 1, "two", null, 3L }',
    'new List<string> { "a", null }',
    'new List<long> { 1, long.MaxValue }',
    'new Dictionary<string, object> { { "a", 1 }, { "b", new List<int> { 2 } } }',
    'new KeyValuePair<string, int>("a", 1)',
    'Tuple.Create(1, "x").Item2',
    '(1, "x")',
    'new { A = 1, B = "x" }',
    'JObject.Parse("{\\"a\\":[1,2.5,\\"2026-01-02T03:04:05Z\\",null,true],\\"b\\":{}}")',
    'new JObject(new JProperty("g", new Guid("8f14e45f-ceea-467f-a8a5-1c3d5b6e7f80")), new JProperty("n", null))',
    'JArray.Parse("[[],{}]")',
    'new JValue(5)',
    'new JProperty("a", 1)',
  ])('%s', (code) => {
    const value = computed(code);
    expect(describeValue(throughBytes(value), runtime)).toEqual(describeValue(value, runtime));
  });
});

test('a JSON date stays a date and a text that looks like one a text', () => {
  const token = computed('new JObject(new JProperty("d", new DateTime(2026, 1, 2)), new JProperty("t", "2026-01-02T00:00:00"))');
  const kinds = (value: unknown) => [...(value as Iterable<{ value: { kind: number } }>)].map((property) => property.value.kind);
  expect(kinds(throughBytes(token))).toEqual(kinds(token));
});

test('what is stored does not follow later changes', () => {
  const token = computed('new JArray(1)') as { append(item: unknown): void; children: readonly unknown[] };
  const stored = storedValue(token, types);
  token.append(computed('new JValue(2)'));
  expect((restoredValue(stored, types) as typeof token).children.length).toBe(1);
});

test('a response comes back with its body, and each time with one of its own', () => {
  const response = new GatewayResponse(201, 'Made', new Headers(['X-A', '1', 'x-a', '2']), Body.text('hello'));
  const stored = storedValue(response, types);
  for (let round = 0; round < 2; round += 1) {
    const back = restoredValue(fromBytes(toBytes(stored)), types) as GatewayResponse;
    expect([back.status, back.reason, back.headers.toWire(), new TextDecoder().decode(back.body.take(false))]).toEqual([
      201,
      'Made',
      ['X-A', '1', 'x-a', '2'],
      'hello',
    ]);
  }
});

test('a token keeps its parts', () => {
  const token = new JwtToken({ alg: 'none' }, { sub: 'me', aud: ['a', 'b'], exp: 5 });
  expect(throughBytes(token)).toEqual(token);
});

test.each([
  ['a lazy sequence', 'new List<int> { 1 }.Select(x => x + 1)'],
  ['a delegate', '(object)(Func<int, int>)(x => x)'],
  ['a dictionary with a comparer', 'new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)'],
  ['a regular expression', 'new Regex("a")'],
])('%s has no lasting form', (_name, code) => {
  expect(() => storedValue(computed(code), types)).toThrow(NotStorable);
});

test.each([[['unknown-tag']], [['boxed', ['No.Such'], 1]]])('what was never stored is refused: %j', (stored) => {
  expect(() => restoredValue(stored, types)).toThrow();
});
