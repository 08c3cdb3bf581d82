import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataOf, EventSplitter, eventsOf } from '../../../src/policies/shared/llm/events.ts';
import { textOfEvent } from '../../../src/policies/shared/llm/stream-guard.ts';
import { UsageReading } from '../../../src/policies/shared/llm/usage.ts';
import { testHost } from '../../support/hosts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('events cut out of chunks', () => {
  test('wherever the chunks end, the same events come out and nothing is lost', () => {
    const stream = 'data: {"a":"ä"}\n\n: comment\r\n\r\nevent: x\r\ndata: 1\ndata: 2\r\n\r\ndata: [DONE]\n\nrest';
    const whole = new EventSplitter();
    const expected = [...whole.push(bytes(stream)), whole.rest()];
    expect(expected).toHaveLength(5);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 80 }), (sizes) => {
        const splitter = new EventSplitter();
        const all = bytes(stream);
        const events: string[] = [];
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          events.push(...splitter.push(all.slice(at, at + size)));
          at += size;
        }
        expect([...events, splitter.rest()].join('')).toBe(stream);
        expect(events.map(dataOf)).toEqual(expected.slice(0, 4).map(dataOf));
      }),
    );
  });

  test('an event without end is handed over before it fills the memory, in linear time', () => {
    const splitter = new EventSplitter();
    const chunk = bytes('x'.repeat(1024));
    let handed = 0;
    for (let turn = 0; turn < 10_000; turn += 1) for (const event of splitter.push(chunk)) handed += event.length;
    expect(handed).toBeGreaterThan(8 * 1024 * 1024);
    expect(handed + splitter.rest().length).toBe(10_000 * 1024);
  });

  test('a whole body falls into the same events', () => {
    expect(eventsOf('data: 1\n\ndata: 2\r\n\r\n').map(dataOf)).toEqual([1, 2]);
  });
});

test.each([
  ['data: {"choices":[{"delta":{"content":"ab"}}]}', 'ab'],
  ['data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"ab"}}', 'ab'],
  ['data: {"type":"response.output_text.delta","delta":"ab"}', 'ab'],
  ['data: {"candidates":[{"content":{"parts":[{"text":"ab"}]}}]}', 'ab'],
  ['data: {"choices":[],"usage":{"total_tokens":1}}', ''],
  ['data: [DONE]', ''],
  ['data: no json at all', 'no json at all'],
  [': comment', ''],
])('the text that is judged in %s', (event, text) => {
  expect(textOfEvent(event)).toBe(text);
});

describe('token counts', () => {
  const result = (values: readonly unknown[], streams = false) => {
    const reading = new UsageReading(testHost());
    for (const value of values) reading.take(value);
    return reading.result(() => 10, streams);
  };

  test.each<[string, readonly unknown[], boolean, object]>([
    [
      'chat completion',
      [{ usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }],
      false,
      { prompt: 1, completion: 2, total: 3 },
    ],
    ['embeddings', [{ usage: { prompt_tokens: 4, total_tokens: 4 } }], false, { prompt: 4, completion: 0, total: 4 }],
    [
      'responses',
      [{ output: [{ content: [{ text: 'x' }] }], usage: { input_tokens: 1, output_tokens: 2 } }],
      false,
      { prompt: 1, completion: 2, total: 3 },
    ],
    [
      'Vertex AI',
      [{ usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } }],
      false,
      { prompt: 1, completion: 2, total: 3 },
    ],
    [
      'Messages stream',
      [{ message: { usage: { input_tokens: 25, output_tokens: 1 } } }, { delta: { text: 'hello' } }, { usage: { output_tokens: 15 } }],
      true,
      { prompt: 10, completion: 15, total: 25 },
    ],
    [
      'Responses stream',
      [{ delta: 'abcd' }, { response: { usage: { input_tokens: 3, output_tokens: 7 } } }],
      true,
      { prompt: 10, completion: 7, total: 17 },
    ],
    ['nothing at all', [{}], false, { prompt: 10, completion: 0, total: 10 }],
    [
      'counts that are none',
      [{ usage: { prompt_tokens: -1, completion_tokens: 'two', total_tokens: 1.5 } }],
      false,
      { prompt: 10, completion: 0, total: 10 },
    ],
    ['deep nesting', [{ content: [[[[[[[[['x']]]]]]]]] }], false, { prompt: 10, completion: 0, total: 10 }],
  ])('%s', (_name, values, streams, expected) => {
    expect(result(values, streams)).toEqual(expected);
  });
});
