import { describe, expect, test } from 'vitest';
import { SourceFile } from '../../src/source/source-file.ts';

describe('lines of a part', () => {
  const rows: readonly [name: string, text: string, part: string, lines: readonly [string, number][]][] = [
    ['one line', '  <a />', '<a />', [['<a />', 1]]],
    ['the indentation of the first goes', '\n  <a>\n    <b />\n  </a>', '<a>\n    <b />\n  </a>', [['<a>', 2], ['  <b />', 3], ['</a>', 4]]], // biome-ignore format: a row a line
    ['less indentation than the first', '    <a\nb />', '<a\nb />', [['<a', 1], ['b />', 2]]], // biome-ignore format: a row a line
    ['line breaks of every kind', 'x\r<a>\r\n<b>\n<c>', '<a>\r\n<b>\n<c>', [['<a>', 2], ['<b>', 3], ['<c>', 4]]], // biome-ignore format: a row a line
  ];

  test.each(rows)('%s', (_, text, part, lines) => {
    const start = text.indexOf(part);
    const found = new SourceFile('a.xml', text).linesOf({ start, end: start + part.length });
    expect(found).toEqual(lines.map(([shown, line]) => ({ text: shown, line })));
  });
});
