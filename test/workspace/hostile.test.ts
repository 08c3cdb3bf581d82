/** Files that are made to hurt: every one ends in a report, soon, and nothing is thrown. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { unreadFiles } from '../../src/workspace/unread-files.ts';
import { directoryOf, json, lineOf, load, POLICY } from './support.ts';

const TEMPLATE = '{"$schema":"https://x/deploymentTemplate.json#","resources":';
const policy = (value: string) =>
  `${TEMPLATE}[{"type":"Microsoft.ApiManagement/service/policies","name":"a/policy","properties":{"value":"${value}"}}]`;

const CASES: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'JSON that is nested without end': ['a.json', TEMPLATE + '['.repeat(20_000)],
  'an expression that is nested without end': ['a.json', `${policy(`[${'concat('.repeat(50_000)}]`)}}`],
  'variables that refer to each other': [
    'a.json',
    `${policy("[variables('v0')]")},"variables":{${Array.from({ length: 1_000 }, (_, at) => `"v${at}":"[variables('v${at + 1}')]"`).join()}}}`,
  ],
  'copies of copies': [
    'a.json',
    `${TEMPLATE}[{"type":"Microsoft.Resources/deployments","name":"d","copy":{"name":"c","count":800},"properties":{"template":{"resources":[{"type":"Microsoft.Resources/deployments","name":"e","copy":{"name":"c","count":800},"properties":{"template":{"resources":[]}}}]}}}]}`,
  ],
  'blocks without end': ['a.tf', 'a {'.repeat(100_000)],
  'brackets without end': ['a.tf', `a = ${'('.repeat(100_000)}`],
  'texts inside texts': ['a.tf', `a = ${'"${'.repeat(50_000)}`],
  'comments without end': ['a.tf', '/*'.repeat(100_000)],
  'heredocs inside heredocs': [
    'a.tf',
    `a = ${Array.from({ length: 5_000 }, (_, at) => `<<E${at}\n\${`).join('')}1${Array.from({ length: 5_000 }, (_, at) => `}\nE${4_999 - at}\n`).join('')}`,
  ],
  'heredocs without end': ['a.tf', 'a = <<EOT\n'.repeat(20_000)],
  'locals that refer to each other': [
    'a.tf',
    `resource "azurerm_api_management_policy" "p" {\n  xml_content = local.v0\n}\nlocals {\n${Array.from({ length: 1_000 }, (_, at) => `  v${at} = local.v${at + 1}`).join('\n')}\n}\n`,
  ],
  'a module that calls itself': ['.', `module "a" {\n  source = "./"\n}\n${'module "b" {\n  source = "./"\n}\n'.repeat(3)}`],
};

describe('hostile files', () => {
  it.each(Object.entries(CASES))('%s', (_what, [file, text]) => {
    const started = performance.now();
    const { problems, notices = [] } = load({ [file === '.' ? 'main.tf' : file]: text }, {}, file);
    expect([...problems, ...notices].length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('WADL that is nested without end', () => {
    const { problems } = load({
      'apis/a/apiInformation.json': '{}',
      'apis/a/specification.wadl': `<application><resources>${'<resource path="a">'.repeat(20_000)}`,
      'apis/b/apiInformation.json': '{}',
      'apis/b/specification.wadl': `<application><resources>${'<resource path="a">'.repeat(20_000)}${'</resource>'.repeat(20_000)}</resources></application>`,
    });
    expect(problems.map(({ message }) => message)).toEqual([
      'the specification cannot be imported: it ends inside an element',
      'the specification cannot be imported: its elements nest too deep',
    ]);
  });
});

describe('links and pipes', () => {
  const A = { 'policy.xml': POLICY, 'apis/a/apiInformation.json': json({ path: 'a', subscriptionRequired: false }) };

  it('that lead round are not walked', () => {
    const directory = directoryOf(A);
    symlinkSync('..', join(directory, 'apis/a/operations'));
    symlinkSync('.', join(directory, 'self'));
    const workspace = loadWorkspace(directory, { shownFrom: directory });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(unreadFiles(workspace, (path) => path)).toEqual([]);
  });

  it('that lead nowhere, or to no file, are told', () => {
    const directory = directoryOf({ ...A, 'apis/b/apiInformation.json': json({ path: 'b' }) });
    symlinkSync('/nowhere/at/all', join(directory, 'apis/a/policy.xml'));
    execFileSync('mkfifo', [join(directory, 'apis/b/policy.xml')]);
    expect(loadWorkspace(directory, { shownFrom: directory }).problems.map(lineOf)).toEqual([
      expect.stringMatching(/^apis\/a\/policy\.xml:1:1 PTC5001 the file cannot be read: /),
      'apis/b/policy.xml:1:1 PTC5001 the file cannot be read: it is no file',
    ]);
  });

  it('are not looked into for a sign of what they are', () => {
    const directory = directoryOf(A);
    for (const name of ['main.tf', 'template.json', 'apis/a/definition.yaml', 'namedValues/host.json']) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      execFileSync('mkfifo', [join(directory, name)]);
    }
    expect(loadWorkspace(directory, { shownFrom: directory }).problems.map(lineOf)).toEqual([]);
  });
});
