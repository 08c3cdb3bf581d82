import { expect, test } from 'vitest';
import { addedUp, expose, reading } from '../../src/gateway/metrics/registry.ts';

test('several processes: counts add up, states show the worst, starts the earliest', () => {
  const page = (calls: number, up: number, start: number) => [
    reading('calls_total', 'counter', 'Calls.', [[{ api: 'a' }, calls]]),
    reading('backend_up', 'gauge', 'Up.', [[{ backend: 'b' }, up]]),
    reading('process_start_time_seconds', 'gauge', 'Start.', [[{}, start]]),
  ];
  const lines = expose(addedUp([page(3, 1, 200), page(4, 0, 100)])).split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'calls_total{api="a"} 7',
    'backend_up{backend="b"} 0',
    'process_start_time_seconds 100',
  ]);
});
