import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import { casesOf, observed, runCase } from './runner.ts';

const FOLDER = fileURLToPath(new URL('cases/', import.meta.url));

for (const file of readdirSync(FOLDER).sort()) {
  describe(file.replace('.yaml', ''), () => {
    for (const one of casesOf(FOLDER + file)) {
      test(one.name, async () => {
        const outcome = await runCase(one, compileExpression);
        expect(observed(one, outcome)).toEqual({ problems: [], ...one.expect });
      });
    }
  });
}
