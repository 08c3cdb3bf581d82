/** Documents as they stand while somebody types: every question has an answer at every prefix, in time. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repairsFor } from '../../src/editor/actions.ts';
import { completionsAt } from '../../src/editor/completion.ts';
import { hoverAt } from '../../src/editor/hover.ts';
import { localAt } from '../../src/editor/locals.ts';
import { foldsOf, selectionsAt, symbolsOf } from '../../src/editor/outline.ts';
import { Projects } from '../../src/editor/project.ts';
import { signaturesAt } from '../../src/editor/signatures.ts';
import { closingTag, tagNamesAt } from '../../src/editor/typing.ts';
import { SourceFile } from '../../src/source/source-file.ts';

const projects = new Projects();
const { engine } = projects.expressions;
const PATH = '/nowhere/policy.xml';

function ask(text: string): number {
  const file = new SourceFile(PATH, text);
  const at = text.length;
  const { problems } = projects.diagnose(PATH, file);
  const { document } = projects.read(file);
  const answers = [
    completionsAt(document, at, { engine, workspace: undefined }),
    signaturesAt(document, at, engine),
    hoverAt(document, at - 1, engine, undefined),
    localAt(document, at - 1, engine),
    selectionsAt(document, at),
    symbolsOf(document),
    foldsOf(document),
    tagNamesAt(document, at),
    closingTag(document, at),
    projects.tokens.of(document),
    repairsFor(document, problems, { start: 0, end: at }),
  ];
  return answers.length;
}

describe.each([
  'choose',
  'validate-jwt',
  'send-request',
  'set-body',
  'retry',
  'set-variable',
  'cache-lookup-value',
  'wait',
  'return-response',
  'trace',
])('%s', (name) => {
  const text = readFileSync(`docs/examples/${name}.xml`, 'utf8').replaceAll('\n', '\r\n');
  it('is answered at every prefix', () => {
    for (let end = 0; end <= text.length; end += 2) expect(ask(`\uFEFF${text.slice(0, end)}`)).toBe(11);
  });
});
