/** The test explorer of the VS Code extension, with a stand-in for the editor and the real command line behind it. */
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { COMMAND, directoryWith } from '../cli/support.ts';

const directory = directoryWith({
  'policy.xml':
    '<policies><inbound><return-response><set-status code="299" /></return-response></inbound><backend /><outbound /><on-error /></policies>',
  'a.test.yaml':
    'policies: policy.xml\ntests:\n  - name: good\n    request: GET /\n    expect: { status: 299 }\n  - name: bad\n    request: GET /\n    expect: { status: 200 }\n',
});
afterAll(() => directory.remove());

interface Item {
  readonly id: string;
  readonly label: string;
  readonly uri: unknown;
  parent?: Item;
  readonly children: Items;
}

class Items extends Map<string, Item> {
  owner: Item | undefined;
  add(item: Item): void {
    if (this.owner) item.parent = this.owner;
    this.set(item.id, item);
  }
  replace(items: readonly Item[]): void {
    this.clear();
    for (const item of items) this.add(item);
  }
}

type RunTests = (request: { include?: readonly Item[] }, token: object) => Promise<void>;

/** What the extension asks of the editor. */
function standIn() {
  const outcomes: [string, string, string?][] = [];
  const items = new Items();
  const profiles: RunTests[] = [];
  const file = { fsPath: join(directory.path, 'a.test.yaml'), toString: () => pathToFileURL(join(directory.path, 'a.test.yaml')).href };
  const told = (kind: string) => (item: Item, message?: { readonly text: string } | readonly { readonly text: string }[]) => {
    const [first] = [message].flat();
    outcomes.push(typeof first === 'object' ? [kind, item.label, first.text] : [kind, item.label]);
  };
  const controller = {
    items,
    resolveHandler: async (_: unknown) => undefined,
    createRunProfile: (_name: string, _kind: number, run: RunTests) => profiles.push(run),
    createTestItem(id: string, label: string, uri: unknown): Item {
      const children = new Items();
      const item: Item = { id, label, uri, children };
      children.owner = item;
      return item;
    },
    createTestRun: () => ({
      started: () => undefined,
      passed: told('passed'),
      failed: told('failed'),
      errored: told('errored'),
      skipped: told('skipped'),
      end: () => undefined,
    }),
  };
  class TestMessage {
    location: unknown;
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
    static diff(text: string): TestMessage {
      return new TestMessage(text);
    }
  }
  const watcher = { onDidCreate: () => undefined, onDidChange: () => undefined, onDidDelete: () => undefined };
  const vscode = {
    TestMessage,
    TestRunProfileKind: { Run: 1, Debug: 2 },
    Location: class {},
    Position: class {},
    tests: { createTestController: () => controller },
    commands: { registerCommand: () => undefined },
    debug: { registerDebugAdapterDescriptorFactory: () => undefined },
    workspace: {
      getConfiguration: () => ({ get: () => [process.execPath, COMMAND] }),
      workspaceFolders: [{ uri: { fsPath: directory.path } }],
      createFileSystemWatcher: () => watcher,
      findFiles: async () => [file],
      asRelativePath: () => 'a.test.yaml',
    },
  };
  class LanguageClient {
    readonly protocol2CodeConverter = { asRange: (range: unknown) => range };
    async start(): Promise<void> {}
    async stop(): Promise<void> {}
    async sendRequest(): Promise<object[]> {
      return ['good', 'bad'].map((name) => ({ name, range: {} }));
    }
  }
  return { vscode, LanguageClient, controller, profiles, outcomes };
}

it('lists the tests of a file, runs them, and shows what differs', async () => {
  const { vscode, LanguageClient, controller, profiles, outcomes } = standIn();
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  loader._load = (name, ...rest) => {
    if (name === 'vscode') return vscode;
    return name === 'vscode-languageclient/node' ? { LanguageClient } : load(name, ...rest);
  };
  try {
    const extension = createRequire(import.meta.url)('../../editors/vscode/extension.js');
    await extension.activate({ subscriptions: [] });
  } finally {
    loader._load = load;
  }
  await controller.resolveHandler(undefined);
  const [suite] = [...controller.items.values()];
  await profiles[0]?.({}, { isCancellationRequested: false, onCancellationRequested: () => undefined });
  expect([...(suite?.children.keys() ?? [])].map((id) => id.split('#')[1])).toEqual(['good', 'bad']);
  expect(outcomes).toEqual([
    ['passed', 'good'],
    ['failed', 'bad', expect.stringMatching(/^status: expected 200, was 299 \(written by return-response at .*policy\.xml:1\)$/)],
  ]);
});
