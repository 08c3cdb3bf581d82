/** Starts `portico lsp` for policy documents and `portico dap` for debugging, and lists tests; everything else they do themselves. */
'use strict';
const { execFile } = require('node:child_process');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const TESTS = '**/*.test.{yaml,yml}';
let client;

/** The command line, with the folder in which it is found. */
function command(...args) {
  const [program, ...own] = vscode.workspace.getConfiguration('portico').get('command');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  // On Windows npx is a script, which only a shell starts.
  return { command: program, args: [...own, ...args], options: { cwd: folder?.uri.fsPath, shell: process.platform === 'win32' } };
}

async function start() {
  const documentSelector = [
    { language: 'xml' },
    { language: 'apim-policy' },
    { scheme: 'file', pattern: TESTS },
    { scheme: 'file', pattern: '**/portico.yaml' },
  ];
  const synchronize = { fileEvents: vscode.workspace.createFileSystemWatcher('**/{*.xml,*.yaml,*.yml,*.json,*.mjs,*.js}') };
  client = new LanguageClient('portico', 'Portico', command('lsp', '--stdio'), {
    documentSelector,
    synchronize,
    initializationOptions: { debugLens: true },
  });
  await client.start();
}

async function restart() {
  await client?.stop();
  await start();
}

/** From a lens with the test, from the menu without. */
function debugTest(uri, name) {
  const file = typeof uri === 'string' ? vscode.Uri.parse(uri).fsPath : vscode.window.activeTextEditor?.document.uri.fsPath;
  const named = typeof name === 'string' ? { testName: name } : {};
  return vscode.debug.startDebugging(undefined, { type: 'portico', request: 'launch', name: 'Debug a test', test: file, ...named });
}

const factory = {
  createDebugAdapterDescriptor() {
    const { command: program, args, options } = command('dap');
    return new vscode.DebugAdapterExecutable(program, args, options);
  },
};

// ------------------------------------------------------------ test explorer

function createTests() {
  const controller = vscode.tests.createTestController('portico', 'Portico');
  const watcher = vscode.workspace.createFileSystemWatcher(TESTS);
  const add = (uri) => fileItem(controller, uri);
  controller.resolveHandler = async (item) => {
    if (item) return listTests(controller, item);
    for (const uri of await vscode.workspace.findFiles(TESTS, '**/node_modules/**')) add(uri);
  };
  controller.refreshHandler = () => controller.resolveHandler();
  controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, (request, token) => runTests(controller, request, token), true);
  controller.createRunProfile('Debug', vscode.TestRunProfileKind.Debug, (request) => {
    for (const item of request.include ?? []) debugTest(item.uri.toString(), item.parent ? item.label : undefined);
  });
  watcher.onDidCreate(add);
  watcher.onDidChange((uri) => listTests(controller, add(uri)));
  watcher.onDidDelete((uri) => controller.items.delete(uri.toString()));
  return [controller, watcher];
}

function fileItem(controller, uri) {
  const known = controller.items.get(uri.toString());
  if (known) return known;
  const item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
  item.canResolveChildren = true;
  controller.items.add(item);
  return item;
}

async function listTests(controller, file) {
  const tests = await client.sendRequest('portico/tests', { textDocument: { uri: file.uri.toString() } });
  file.children.replace(
    tests.map(({ name, range }) => {
      const item = controller.createTestItem(`${file.id}#${name}`, name, file.uri);
      item.range = client.protocol2CodeConverter.asRange(range);
      return item;
    }),
  );
}

async function runTests(controller, request, token) {
  const run = controller.createTestRun(request);
  for (const item of request.include ?? [...controller.items].map(([, one]) => one)) {
    if (token.isCancellationRequested) break;
    const file = item.parent ?? item;
    if (file.children.size === 0) await listTests(controller, file);
    const items = item.parent ? [item] : [...file.children].map(([, one]) => one);
    for (const one of items) run.started(one);
    report(run, items, await outcome(file.uri.fsPath, item.parent ? item.label : undefined, token));
  }
  run.end();
}

/** What `portico test --reporter json` says; a text when it could not run. */
function outcome(file, name, token) {
  const { command: program, args, options } = command('test', file, '--reporter', 'json', ...(name ? ['--filter', name] : []));
  return new Promise((done) => {
    const child = execFile(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (_, out, err) => {
      try {
        done(JSON.parse(out).suites.flatMap(({ tests, problems }) => [...tests, ...(problems.length > 0 ? [{ problems }] : [])]));
      } catch {
        done(err || out || 'portico did not answer');
      }
    });
    token.onCancellationRequested(() => child.kill());
  });
}

function report(run, items, tests) {
  for (const item of items) {
    // A table makes several tests of one: `name [1]`.
    const own = typeof tests === 'string' ? [] : tests.filter(({ name = '' }) => name === item.label || name.startsWith(`${item.label} `));
    const failed = own.filter(({ passed, skipped }) => !passed && !skipped);
    const milliseconds = own.reduce((sum, one) => sum + (one.milliseconds ?? 0), 0);
    if (own.length === 0) run.errored(item, new vscode.TestMessage(typeof tests === 'string' ? tests : problemText(tests)));
    else if (own.every(({ skipped }) => skipped)) run.skipped(item);
    else if (failed.length === 0) run.passed(item, milliseconds);
    else run.failed(item, failed.flatMap((one) => messages(one, item)), milliseconds);
  }
}

function messages({ differences = [], failure }, item) {
  if (differences.length === 0) return [new vscode.TestMessage(failure ?? 'failed')];
  return differences.map(({ what, expected, actual, writtenBy, line }) => {
    const text = `${what}: expected ${expected}, was ${actual}${writtenBy ? ` (written by ${writtenBy})` : ''}`;
    const message = vscode.TestMessage.diff(text, String(expected), String(actual));
    if (line) message.location = new vscode.Location(item.uri, new vscode.Position(line - 1, 0));
    return message;
  });
}

function problemText(tests) {
  const problems = tests.flatMap((one) => one.problems ?? []);
  return problems.join('\n') || 'this test did not run';
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('portico.restart', restart),
    vscode.commands.registerCommand('portico.debugTest', debugTest),
    vscode.debug.registerDebugAdapterDescriptorFactory('portico', factory),
    ...createTests(),
  );
  await start();
}

module.exports = { activate, deactivate: () => client?.stop() };
