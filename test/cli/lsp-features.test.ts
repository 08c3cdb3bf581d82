/** What the language server offers beside diagnostics and completion, asked as an editor asks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CodeAction,
  CompletionItem,
  DocumentDiagnosticReport,
  DocumentSymbol,
  Location,
  Range,
  SelectionRange,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { LspClient } from './lsp-client.ts';
import { COMMAND, directoryWith } from './support.ts';

const RULE = `export default { code: 'HOUSE1', name: 'no-trace', severity: 'error', summary: 'No traces.',
  document({ policies }, report) {
    for (const { name, element, document } of policies)
      if (name === 'trace') report({ file: document.file, span: element.nameSpan, message: 'a trace', help: 'remove it' });
  } };`;
const directory = directoryWith({
  'policy.xml': '<policies><inbound><include-fragment fragment-id="hello" /></inbound></policies>',
  'portico.yaml':
    'named-values:\n  greeting: hello\nbackends:\n  local: { url: "https://local.internal" }\nlint: { plugins: [house.mjs] }\n',
  'house.mjs': RULE,
  'policy fragments/hello/policy.xml': '<fragment><set-header name="X-Hello"><value>{{greeting}}</value></set-header></fragment>',
  'policy fragments/hello/policyFragmentInformation.json': '{ "properties": { "description": "greets" } }',
  'named values/code/namedValueInformation.json': '{ "properties": { "displayName": "code", "value": "7", "secret": false } }',
  'backends/orders/backendInformation.json': '{ "properties": { "url": "https://orders.internal", "protocol": "http" } }',
  'apis/orders/apiInformation.json':
    '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }',
  'apis/orders/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'orders.test.yaml': 'policies: .\nnamed-values: { greeting: hi }\ntests:\n  - name: forwards\n    request: GET /orders/1\n',
});
const file = (name: string) => pathToFileURL(join(directory.path, name)).href;
const document = (inbound: string) => `<policies><inbound><base />${inbound}</inbound></policies>`;

let client: LspClient;
let uri: string;

beforeAll(async () => {
  client = new LspClient([COMMAND, 'lsp', '--stdio']);
  await client.initialize({ workspaceFolders: [{ uri: pathToFileURL(directory.path).href, name: 'orders' }] });
  uri = await client.open(join(directory.path, 'apis/orders/policy.xml'), document(''));
});
afterAll(async () => {
  await client.stop();
  directory.remove();
});

/** Changed files by the end of their names with the number of edits, and what is renamed. */
function summary({ changes = {}, documentChanges = [] }: WorkspaceEdit): string[] {
  const short = (name: string) => decodeURIComponent(name.replace(pathToFileURL(directory.path).href, ''));
  return [
    ...Object.entries(changes).map(([name, edits]) => `${short(name)} ${edits.length}`),
    ...documentChanges.map((change) => {
      if ('edits' in change) return `${short(change.textDocument.uri)} ${change.edits.length}`;
      return 'oldUri' in change ? `${short(change.oldUri)} -> ${short(change.newUri)}` : change.kind;
    }),
  ];
}

const rename = (marked: string, newName: string) => client.ask<WorkspaceEdit>('textDocument/rename', uri, document(marked), { newName });

describe('rename', () => {
  it('moves the folder of a fragment behind the changes of text', async () => {
    expect(summary(await rename('<include-fragment fragment-id="hel|lo" />', 'greet'))).toEqual([
      '/apis/orders/policy.xml 1',
      '/policy.xml 1',
      '/policy fragments/hello -> /policy fragments/greet',
    ]);
  });

  it('changes a named value where it is defined, used and set for a test', async () => {
    expect(summary(await rename('<set-method>{{gre|eting}}</set-method>', 'salute'))).toEqual([
      '/apis/orders/policy.xml 1',
      '/policy fragments/hello/policy.xml 1',
      '/portico.yaml 1',
      '/orders.test.yaml 1',
    ]);
    expect(summary(await rename('<set-method>{{co|de}}</set-method>', 'key'))).toEqual([
      '/apis/orders/policy.xml 1',
      '/named values/code/namedValueInformation.json 1',
    ]);
  });

  it('changes a backend of the export and one of portico.yaml', async () => {
    expect(summary(await rename('<set-backend-service backend-id="or|ders" />', 'sales'))).toEqual([
      '/apis/orders/policy.xml 1',
      '/backends/orders -> /backends/sales',
    ]);
    expect(summary(await rename('<set-backend-service backend-id="lo|cal" />', 'near'))).toEqual([
      '/apis/orders/policy.xml 1',
      '/portico.yaml 1',
    ]);
  });

  it('changes a local of C# in its expression', async () => {
    const marked = '<set-method>@{ var na|me = "G"; Func<int, string> f = x => name + x; return $"{name}ET"; }</set-method>';
    expect(summary(await rename(marked, 'first'))).toEqual(['/apis/orders/policy.xml 3']);
    await expect(rename(marked, 'f')).rejects.toThrow('there is a variable `f` in this expression already');
    await expect(rename(marked, 'class')).rejects.toThrow('cannot be the name of a variable in C#');
  });

  it.each([
    ['<include-fragment fragment-id="hel|lo" />', 'a b', '`a b` cannot be the name of a fragment'],
    ['<include-fragment fragment-id="ab|sent" />', 'x', 'the fragment `absent` does not exist'],
    ['<set-method>{{gre|eting}}</set-method>', 'code', 'there is a named value `code` already'],
  ])('refuses %s to %s', async (marked, newName, message) => {
    await expect(rename(marked, newName)).rejects.toThrow(message);
  });

  it('tells what would be renamed, and refuses before a name is asked for', async () => {
    const ask = (marked: string) => client.ask('textDocument/prepareRename', uri, document(marked));
    expect(await ask('<include-fragment fragment-id="hel|lo" />')).toMatchObject({ placeholder: 'hello' });
    expect(await ask('<set-method>@(context.Me|thod)</set-method>')).toBeNull();
    await expect(ask('<set-backend-service backend-id="ab|sent" />')).rejects.toThrow('the backend `absent` does not exist');
    const outside = await client.open('/nowhere/a.xml', '');
    await expect(client.ask('textDocument/prepareRename', outside, '<a b="{{na|me}}" />')).rejects.toThrow('no policy directory');
  });
});

describe('lint as `portico lint` does it', () => {
  it('loads plugins, and again when they change', async () => {
    await client.change(uri, document('<trace source="a"><message>b</message></trace>'));
    const codes = await client.published((one) => one.uri === uri && one.diagnostics.some(({ code }) => code === 'HOUSE1'));
    expect(codes.diagnostics.find(({ code }) => code === 'HOUSE1')).toMatchObject({ severity: 1, source: 'portico' });
    writeFileSync(join(directory.path, 'house.mjs'), RULE.replace('HOUSE1', 'HOUSE2'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file('house.mjs'), type: 2 }] });
    await client.published((one) => one.uri === uri && one.diagnostics.some(({ code }) => code === 'HOUSE2'));
  });

  it('says when a plugin is gone, and lives', async () => {
    const config = join(directory.path, 'portico.yaml');
    const before = readFileSync(config, 'utf8');
    const told = new Promise<{ message: string }>((done) => client.connection.onNotification('window/showMessage', done));
    writeFileSync(config, before.replace('house.mjs', 'gone.mjs'));
    const changed = { changes: [{ uri: file('portico.yaml'), type: 2 }] };
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', changed);
    expect((await told).message).toMatch(/^the plugin `.*gone\.mjs` cannot be used: /);
    writeFileSync(config, before);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', changed);
    expect(await client.change(uri, document(''))).toEqual([]);
  });

  it('runs the rules that look at all of the directory', async () => {
    await client.change(uri, document('<set-method>@((string)context.Variables["nobody"])</set-method>'));
    await client.published((one) => one.uri === uri && one.diagnostics.some(({ code }) => code === 'PTL201'));
  });
});

describe('repairs', () => {
  const actions = async (inbound: string, only?: string[]) => {
    await client.change(uri, document(inbound));
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    return client.about<CodeAction[]>('textDocument/codeAction', uri, { range, context: { diagnostics: [], ...(only ? { only } : {}) } });
  };
  const texts = (action: CodeAction | undefined) => action?.edit?.changes?.[uri]?.map(({ newText }) => newText);

  it.each([
    ['a policy', '<set-heder name="a"><value>b</value></set-heder>', ['set-header', 'set-header']],
    ['an attribute', '<set-header nam="a"><value>b</value></set-header>', ['name']],
    ['a member', '<set-method>@(context.Request.Metod)</set-method>', ['Method']],
    ['an entity', '<set-method>a & b</set-method>', ['&amp;']],
    ['a value', '<set-header name="a" exists-action="overide"><value>b</value></set-header>', ['override']],
    ['a missing attribute', '<include-fragment />', [' fragment-id=""']],
    ['an unclosed element', '<choose><otherwise></otherwise>', ['</choose>']],
  ])('put what was meant in place of %s', async (_, inbound, expected) => {
    const all = await actions(inbound);
    expect(all.map(texts)).toContainEqual(expected);
  });

  it('silence a rule in the line above, in C#, and around a tag', async () => {
    const silence = async (inbound: string) => texts((await actions(inbound)).find(({ title }) => title.startsWith('silence')));
    expect(await silence('\n  <set-method>get</set-method>')).toEqual(['  <!-- portico-disable-next-line method-case -->\n']);
    expect(await silence('<set-method\n>get</set-method>')).toEqual([
      '<!-- portico-disable method-case -->',
      '<!-- portico-enable method-case -->',
    ]);
    expect(await silence('<set-method>@{\n  return (string)context.Request.Body.ToString();\n}</set-method>')).toEqual([
      '  // portico-disable-next-line body-to-string\n',
    ]);
  });

  it('repair everything at once on save', async () => {
    const all = await actions(
      '<set-method>get</set-method><choose><when condition="@(true)"><set-method>put</set-method></when></choose>',
      ['source.fixAll'],
    );
    expect(all.map(({ kind }) => kind)).toEqual(['source.fixAll.portico']);
    expect(texts(all[0])?.[0]).toContain('<set-method>GET</set-method>');
    expect(texts(all[0])?.[0]).toContain('<set-method>PUT</set-method>');
    expect(await actions('<set-method>get</set-method>', ['refactor'])).toEqual([]);
  });
});

describe('shape', () => {
  it('lists what stands where', async () => {
    await client.change(uri, document('\n<set-header name="X"><value>\n@(1)</value></set-header>\n'));
    const [root] = await client.about<DocumentSymbol[]>('textDocument/documentSymbol', uri);
    expect(root?.children?.[0]?.children?.map(({ name, detail }) => [name, detail])).toEqual([
      ['base', ''],
      ['set-header', 'X'],
    ]);
    expect(await client.about('textDocument/foldingRange', uri)).toEqual([{ startLine: 0, endLine: 2 }]);
  });

  it('grows a selection from C# to the document', async () => {
    const text = document('<set-method>@(context.Request.Method)</set-method>');
    await client.change(uri, text);
    const at = { line: 0, character: text.indexOf('Request') + 1 };
    const [chain] = await client.about<SelectionRange[]>('textDocument/selectionRange', uri, { positions: [at] });
    const parts: string[] = [];
    for (let one = chain; one; one = one.parent) parts.push(text.slice(one.range.start.character, one.range.end.character));
    expect(parts).toEqual(expect.arrayContaining(['context.Request', 'context.Request.Method', '@(context.Request.Method)', text]));
    expect(parts.map(({ length }) => length)).toEqual(parts.map(({ length }) => length).sort((a, b) => a - b));
  });

  it('links fragments and tells all uses of a name', async () => {
    const marked = document('<include-fragment fragment-id="hel|lo" />');
    const uses = await client.ask<Location[]>('textDocument/references', uri, marked, { context: { includeDeclaration: true } });
    expect(uses.map((one) => one.uri)).toEqual([uri, file('policy.xml')]);
    expect(await client.about('textDocument/documentLink', uri)).toMatchObject([{ target: file('policy fragments/hello/policy.xml') }]);
    expect(await client.ask('textDocument/documentHighlight', uri, document('<set-me|thod>GET</set-method>'))).toHaveLength(2);
  });

  it('tells what a fragment holds and where a backend leads', async () => {
    const hover = async (marked: string) =>
      (await client.ask<{ contents: { value: string } } | null>('textDocument/hover', uri, document(marked)))?.contents.value;
    expect(await hover('<include-fragment fragment-id="hel|lo" />')).toMatch(/^policy fragment `hello` in `.*`: `set-header`$/);
    expect(await hover('<set-backend-service backend-id="ord|ers" />')).toBe('backend `orders`: `https://orders.internal`');
    expect(await hover('<set-backend-service backend-id="no|ne" />')).toBe('backend `none`, which does not exist');
  });

  it('finds names of the directory', async () => {
    const found = await client.connection.sendRequest<{ name: string; location: Location }[]>('workspace/symbol', { query: 'grtng' });
    expect(found.map(({ name, location }) => [name, location.uri])).toEqual([['greeting', file('portico.yaml')]]);
  });
});

describe('typing', () => {
  it('shows the signatures of a call', async () => {
    const help = await client.ask<SignatureHelp>(
      'textDocument/signatureHelp',
      uri,
      document('<set-method>@(context.Request.Url.Path.Substring(1, |))</set-method>'),
    );
    expect(help.activeParameter).toBe(1);
    expect(help.signatures[help.activeSignature ?? 0]?.label).toBe('string Substring(int startIndex, int length)');
    const made = await client.ask<SignatureHelp>('textDocument/signatureHelp', uri, document('<set-method>@(new JProperty(|</set-method>'));
    expect(made.signatures.length).toBeGreaterThan(0);
  });

  it('closes tags', async () => {
    const type = async (marked: string, ch: string) =>
      (await client.ask<TextEdit[]>('textDocument/onTypeFormatting', uri, marked, { ch, options: { tabSize: 2, insertSpaces: true } })).map(
        ({ newText }) => newText,
      );
    expect(await type('<policies><inbound><choose>|</inbound></policies>', '>')).toEqual(['</choose>']);
    expect(await type('<policies><inbound><choose></choose>|</inbound></policies>', '>')).toEqual([]);
    expect(await type('<policies><inbound><set-method>@(1 >| 2)</set-method></inbound></policies>', '>')).toEqual([]);
    expect(await type('<policies><inbound><choose></|', '/')).toEqual(['choose>']);
  });

  it('formats a part', async () => {
    const text = '<policies>\n<inbound>\n<base />\n   <set-method>GET</set-method>\n</inbound>\n</policies>\n';
    await client.change(uri, text);
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } };
    const edits = await client.about<TextEdit[]>('textDocument/rangeFormatting', uri, {
      range,
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edits).toEqual([
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 31 } }, newText: '    <set-method>GET</set-method>' },
    ]);
  });

  it('completes over hyphens, and tells more about a member', async () => {
    const items = await client.complete(uri, document('<set-h|'));
    const item = items.find(({ label }) => label === 'set-header');
    expect(item?.textEdit as TextEdit | undefined).toMatchObject({
      range: { start: { line: 0, character: 28 }, end: { line: 0, character: 33 } },
      newText: expect.stringContaining('set-header name="$1"'),
    });
    const [member] = (await client.complete(uri, document('<set-method>@("a".Subst|)</set-method>'))).filter(
      ({ label }) => label === 'Substring',
    );
    const full = await client.connection.sendRequest<CompletionItem>('completionItem/resolve', member);
    expect(JSON.stringify(full.documentation)).toContain('Substring(int startIndex)');
  });

  it('colours C#', async () => {
    await client.change(uri, '<a b="@(context.Request.Method.Length + 1)" />');
    const { data } = await client.about<{ data: number[] }>('textDocument/semanticTokens/full', uri);
    const types = data.flatMap((type, i) => (i % 5 === 3 ? [type] : []));
    expect(types).toEqual([7, 6, 6, 6, 2]);
  });

  it('takes changes of parts', async () => {
    await client.change(uri, document('<set-method>get</set-method>'));
    const at = document('<set-method>').indexOf('</inbound');
    const range: Range = { start: { line: 0, character: at }, end: { line: 0, character: at + 3 } };
    expect(await client.edit(uri, range, 'GET')).toEqual([]);
  });
});

describe('other editors', () => {
  it('count bytes when they ask for it, and pull diagnostics', async () => {
    const other = new LspClient([COMMAND, 'lsp']);
    const { capabilities } = await other.initialize({
      capabilities: { general: { positionEncodings: ['utf-8', 'utf-16'] }, textDocument: { diagnostic: {} } },
    });
    expect(capabilities.positionEncoding).toBe('utf-8');
    const own = await other.open(
      '/nowhere/policy.xml',
      '\uFEFF<policies>\r\n<!-- ä€😀 --><inbound><set-method>get</set-method></inbound>\r\n</policies>',
    );
    const report = await other.about<DocumentDiagnosticReport & { items: { range: Range; code: string }[]; resultId: string }>(
      'textDocument/diagnostic',
      own,
    );
    const found = report.items.find(({ code }) => code === 'PTL805');
    expect(found?.range).toEqual({ start: { line: 1, character: 39 }, end: { line: 1, character: 42 } });
    expect(await other.about('textDocument/diagnostic', own, { previousResultId: report.resultId })).toMatchObject({ kind: 'unchanged' });
    await other.stop();
  });
});
