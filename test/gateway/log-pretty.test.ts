import { expect, test } from 'vitest';
import { prettyLine } from '../../src/gateway/log-pretty.ts';

test('what callers sent moves no cursor and sets no title', () => {
  const line = JSON.stringify({
    time: '2026-01-01T00:00:00.000Z',
    level: 'info',
    msg: 'a\u001b[2J',
    name: 'b\u001b]0;x\u0007',
    deep: { c: '\u009b31m' },
  });
  const text = prettyLine(line, false);
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(text).toContain('a\uFFFD[2J');
});
