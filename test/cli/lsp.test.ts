import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction, Location, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { LspClient } from './lsp-client.ts';
import { COMMAND, directoryWith } from './support.ts';

const directory = directoryWith({
  'policy.xml':
    '<policies><inbound><set-variable name="user" value="anna" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>',
  'portico.yaml': 'named-values:\n  greeting: hello\nlint: { rules: { method-case: error } }\n',
  'policy fragments/hello/policy.xml': '<fragment><set-header name="X-Hello"><value>{{greeting}}</value></set-header></fragment>',
  'apis/orders/apiInformation.json':
    '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }',
  'apis/orders/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'orders.test.yaml':
    'suite: orders\npolicies: .\ntests:\n  - name: forwards\n    request: GET /orders/1\n    backend: { status: 200 }\n    expect: { status: 200 }\n',
});
const api = join(directory.path, 'apis/orders/policy.xml');
const document = (inbound: string) => `<policies><inbound><base />${inbound}</inbound></policies>`;

let client: LspClient;
let uri: string;

beforeAll(async () => {
  client = new LspClient([COMMAND, 'lsp', '--stdio']);
  await client.initialize();
  uri = await client.open(api, document(''));
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  directory.remove();
});

describe('portico lsp', () => {
  it('says what is wrong at each change, in C# and over the directory', async () => {
    expect(await client.diagnostics(uri)).toEqual([]);
    const wrong = await client.change(
      uri,
      document('\n<set-header name="a"><value>@(context.Request.Metod)</value></set-header><include-fragment fragment-id="hallo" />'),
    );
    expect(wrong.map(({ code, range }) => [code, range.start.line])).toEqual([
      ['CS1061', 1],
      ['PTC1022', 1],
    ]);
  });

  it('goes by the severities of portico.yaml', async () => {
    const codes = (await client.change(uri, document('<set-method>get</set-method>'))).map(({ code, severity }) => [code, severity]);
    expect(codes).toEqual([['PTL805', 1]]);
  });

  it('leaves XML files alone that are no policies', async () => {
    const open = async (name: string, text: string) => client.diagnostics(await client.open(join(tmpdir(), name), text));
    expect(await open('pom.xml', '<project><modelVersion>4.0.0</modelVersion></project>')).toEqual([]);
    expect((await open('a.xml', '<polices />')).map(({ code }) => code)).not.toEqual([]);
  });

  it('completes with what the directory holds', async () => {
    const names = async (marked: string) => (await client.complete(uri, document(marked))).map(({ label }) => label);
    expect(await names('<include-fragment fragment-id="|" />')).toContain('hello');
    expect(await names('<set-method>{{|')).toEqual(['greeting']);
    expect(await names('<set-variable name="x" value="@(context.|)" />')).toContain('Request');
  });

  it('goes to fragments, named values and wider scopes', async () => {
    const go = async (marked: string) =>
      (await client.ask<Location[]>('textDocument/definition', uri, document(marked))).map((location) => location.uri);
    const file = (name: string) => pathToFileURL(join(directory.path, name)).href;
    expect(await go('<include-fragment fragment-id="he|llo" />')).toEqual([file('policy fragments/hello/policy.xml')]);
    expect(await go('<set-method>{{gre|eting}}</set-method>')).toEqual([file('portico.yaml')]);
    expect(await client.ask<Location[]>('textDocument/definition', uri, '<policies><inbound><ba|se /></inbound></policies>')).toMatchObject(
      [{ uri: file('policy.xml') }],
    );
  });

  it('renames a variable in all documents', async () => {
    const marked = document('<set-header name="X-User"><value>@((string)context.Variables["us|er"])</value></set-header>');
    const edit = await client.ask<WorkspaceEdit>('textDocument/rename', uri, marked, { newName: 'caller' });
    expect(Object.entries(edit.changes ?? {}).map(([changed, edits]) => [changed.split('/').slice(-2).join('/'), edits.length])).toEqual([
      ['orders/policy.xml', 1],
      [expect.stringMatching(/\/policy\.xml$/), 1],
    ]);
    await expect(client.ask('textDocument/rename', uri, marked, { newName: 'a"b' })).rejects.toThrow('cannot be the name of a variable');
  });

  it('formats and repairs', async () => {
    await client.change(uri, document('<set-method>get</set-method>'));
    const [edit] = await client.connection.sendRequest<TextEdit[]>('textDocument/formatting', {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edit?.newText).toBe('<policies>\n  <inbound>\n    <base />\n    <set-method>get</set-method>\n  </inbound>\n</policies>\n');
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 200 } };
    const [action] = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [] },
    });
    expect(action).toMatchObject({ title: 'write `GET`', edit: { changes: { [uri]: [{ newText: 'GET' }] } } });
  });

  it('runs a test from its lens', async () => {
    const tests = await client.open(
      join(directory.path, 'orders.test.yaml'),
      'suite: orders\npolicies: .\ntests:\n  - name: forwards\n',
      'yaml',
    );
    const lenses = await client.connection.sendRequest<{ command: { title: string; command: string; arguments: unknown[] } }[]>(
      'textDocument/codeLens',
      { textDocument: { uri: tests } },
    );
    expect(lenses.map(({ command }) => command.title)).toEqual(['Run all tests', 'Run test']);
    const { command } = lenses[1] ?? { command: undefined };
    const ran = await client.connection.sendRequest<{ code: number; output: string }>('workspace/executeCommand', {
      command: command?.command,
      arguments: command?.arguments,
    });
    expect(ran.output).toContain('1 test passed');
    expect(ran.code).toBe(0);
  });

  it('outlives texts that are no documents', async () => {
    for (const text of ['', '<', '@(', '<policies><inbound><set-header name="@(', `${'<a>'.repeat(5000)}`, '\u0000'])
      await client.change(uri, text);
    expect(await client.change(uri, document(''))).toEqual([]);
  });
});
