/** What the pages show is what the readers take: test files, entries of portico.yaml, command lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { diagnosticRow } from '../../src/source/render.ts';
import { Runner } from '../../src/testing/runner.ts';
import { readSuite } from '../../src/testing/suite.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readPorticoYaml } from '../../src/workspace/portico-yaml.ts';
import { directoryWith } from '../cli/support.ts';

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

const PAGES = [
  'README.md',
  ...['docs', 'samples', 'editors']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
    // The generated pages have tests of their own.
    .filter((name) => name.endsWith('.md') && !/node_modules|docs\/(?:policies|expressions)\//.test(name))
    .sort(),
];

const BLOCKS: readonly Block[] = PAGES.flatMap((page) => {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: language = '', 2: block = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length + 1,
    language,
    text: block,
  }));
});

const named = (blocks: readonly Block[]) => blocks.map((block) => [`${block.page}:${block.line}`, block] as const);

const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);

/** A whole suite around a part of one; undefined when it is none. */
function suiteOf(text: string): string | undefined {
  if (/^tests:/m.test(text)) return text;
  const test = '- name: a\n  request: GET /\n';
  if (/^- name:/m.test(text)) return `tests:\n${text}`;
  if (/^expect:/m.test(text)) return `tests:\n${test}${indented(text, '  ')}`;
  if (/^calls:/m.test(text)) return `${text}tests:\n${test}  expect: { status: 200 }\n`;
  if (!/^token:/m.test(text)) return undefined;
  const tests = text
    .trim()
    .split('\n')
    .map((token, at) => `- name: "${at}"\n  request:\n    url: /\n    ${token}\n  expect: { status: 200 }\n`);
  return `tests:\n${tests.join('')}`;
}

const YAML = BLOCKS.filter(({ language, text }) => language === 'yaml' && !text.startsWith('# .github/'));
const SUITES = YAML.filter(({ text }) => suiteOf(text) !== undefined);

const told = (problems: readonly Diagnostic[]) =>
  problems.map((problem) => diagnosticRow(problem)).map(({ line, code, message }) => `${line} ${code} ${message}`);

/** Files and variables are on the reader's machine. */
const ELSEWHERE = /^(?:PTC5001|PTC5007|PTC5142|PTC5143)$|cannot be read|there is no file/;

describe('YAML', () => {
  it('is there', () => {
    expect([SUITES.length > 6, YAML.length - SUITES.length > 12]).toEqual([true, true]);
  });

  it.each(named(SUITES))('%s is a test file, or a part of one', (_name, { text }) => {
    const problems: Diagnostic[] = [];
    readSuite(suiteOf(text) ?? '', 'a.test.yaml', '/nowhere/a.test.yaml', (problem) => problems.push(problem));
    expect(told(problems)).toEqual([]);
  });

  it.each(named(YAML.filter((block) => !SUITES.includes(block) && block.page !== 'docs/commands/eval.md')))(
    '%s is a part of portico.yaml',
    (_name, { text }) => {
      const problems: Diagnostic[] = [];
      const report = (problem: Diagnostic) => problems.push(problem);
      readPorticoYaml(
        readConfig(text, 'portico.yaml', report, (name) => (name.endsWith('URL') ? 'redis://cache:6379' : 'x')),
        '/nowhere',
      );
      expect(told(problems.filter(({ code, message }) => !ELSEWHERE.test(code) && !ELSEWHERE.test(message)))).toEqual([]);
    },
  );

  it.each(['.', `${process.cwd()}/policies`])(
    "README's tests pass on README's document and on the example directory: %s",
    async (policies) => {
      const [block] = SUITES.filter(({ page }) => page === 'README.md');
      const [document] = BLOCKS.filter(({ page, language }) => page === 'README.md' && language === 'xml');
      const text = block?.text.replace('policies: .', `policies: ${policies}`) ?? '';
      const directory = directoryWith({ 'a.test.yaml': text, 'policy.xml': document?.text ?? '' });
      try {
        const { tests } = await new Runner().run(`${directory.path}/a.test.yaml`);
        expect(tests.map(({ name, differences, failure }) => [name, differences, failure])).toEqual([
          ['a caller without a token is refused', [], undefined],
          ['a reader gets the order', [], undefined],
        ]);
      } finally {
        directory.remove();
      }
    },
  );
});

const NAMES = [
  'run',
  'check',
  'test',
  'eval',
  'explain',
  'fmt',
  'lint',
  'lsp',
  'dap',
  'diff',
  'routes',
  'import',
  'init',
  'token',
] as const;

/** `portico …` in shell blocks, in transcripts behind `$ `, and in ticks. */
const LINES = PAGES.flatMap((page) => {
  const text = readFileSync(page, 'utf8').replaceAll('\\\n', ' ');
  return [...text.matchAll(/(?:^|\$ |`|npx |unused portico |\n)(portico [a-z][^`\n|]*)/g)].map(
    ([, line = '']) => [page, line.trim()] as const,
  );
});

describe('command lines', () => {
  const program = new Command('portico');
  beforeAll(async () => {
    for (const name of NAMES) ((await import(`../../src/cli/${name}.ts`)) as { register(program: Command): void }).register(program);
  });

  it('are there', () => {
    expect(LINES.length).toBeGreaterThan(60);
  });

  it.each(LINES)('%s: %s', (_page, line) => {
    let command: Command = program;
    const [, ...words] = line.replace(/'[^']*'|"[^"]*"|\$\(.*?\)/g, 'x').split(/ +/);
    for (const word of words) {
      const below = command.commands.find((one) => one.name() === word);
      if (!below) break;
      command = below;
    }
    if (line.startsWith('portico help') || command === program) return expect(['help', 'COMMAND', 'listens', ...NAMES]).toContain(words[0]);
    const known = new Set([...command.options.flatMap(({ long, short }) => [long, short]), '--help', '-h']);
    const flags = words.filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.replace(/=.*/, ''));
    expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
  });
});
