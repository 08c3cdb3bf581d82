/** `${env:NAME}` whose value a file holds (`NAME_FILE`), in what reads portico.yaml and test files. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { LspClient } from './lsp-client.ts';
import { COMMAND, directoryWith, portico } from './support.ts';

const POLICY =
  '<policies><inbound><set-header name="X-Code"><value>@({{code}}.ToString() + "{{word}}")</value></set-header></inbound></policies>';
const directory = directoryWith({
  'word.txt': 'hello\n',
  'code.txt': '7\n',
  'policy.xml': POLICY,
  'portico.yaml': 'named-values:\n  code: { value: "${env:CODE}", secret: false }\n  word: { value: "${env:WORD}", secret: false }\n',
  'word.test.yaml':
    'policies: .\nnamed-values: { word: "${env:WORD}" }\ntests:\n  - name: forwards\n    request: GET /\n    expect: { forwarded: { headers: { x-code: 7hello } } }\n',
});
afterAll(() => directory.remove());
const env = { WORD_FILE: join(directory.path, 'word.txt'), CODE_FILE: join(directory.path, 'code.txt') };

it('is read by tests', async () => {
  const { code, out, err } = await portico(['test', '.'], { cwd: directory.path, env });
  expect({ code, text: out + err }).toMatchObject({ code: 0, text: expect.stringContaining('1 test passed') as string });
});

it('is read by the language server', async () => {
  const client = new LspClient([COMMAND, 'lsp', '--stdio'], env);
  await client.initialize({ workspaceFolders: [{ uri: pathToFileURL(directory.path).href, name: 'words' }] });
  expect(await client.diagnostics(await client.open(join(directory.path, 'policy.xml'), POLICY))).toEqual([]);
  expect(await client.stop()).toBe(0);
});
