import { expect, test } from 'vitest';
import { renderDiagnostic } from '../../src/source/render.ts';
import { SourceFile } from '../../src/source/source-file.ts';

test('no character of a file, its name or a message reaches the terminal as a command', () => {
  const file = new SourceFile('a\u001b[2J.xml', '<x name="\u001b]0;t\u0007\u009b31m"/>');
  const text = renderDiagnostic({
    code: 'PTC1',
    severity: 'error',
    file,
    span: { start: 3, end: 5 },
    message: '`\u001b[31m` is wrong',
    help: 'write \u009b',
  });
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});
