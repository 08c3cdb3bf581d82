/** Starts `portico lsp` for policy documents and `portico dap` for debugging; everything else they do themselves. */
'use strict';
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** The command line, with the folder in which it is found. */
function command(...args) {
  const [program, ...own] = vscode.workspace.getConfiguration('portico').get('command');
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return { command: program, args: [...own, ...args], options: { cwd: folder?.uri.fsPath } };
}

async function start() {
  const documentSelector = [
    { scheme: 'file', language: 'xml' },
    { scheme: 'file', pattern: '**/*.test.{yaml,yml}' },
  ];
  const synchronize = { fileEvents: vscode.workspace.createFileSystemWatcher('**/{*.xml,*.yaml,*.yml,*.json}') };
  client = new LanguageClient('portico', 'Portico', command('lsp', '--stdio'), { documentSelector, synchronize });
  await client.start();
}

async function restart() {
  await client?.stop();
  await start();
}

function debugTest() {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath;
  return vscode.debug.startDebugging(undefined, { type: 'portico', request: 'launch', name: 'Debug a test', test: file });
}

const factory = {
  createDebugAdapterDescriptor() {
    const { command: program, args, options } = command('dap');
    return new vscode.DebugAdapterExecutable(program, args, options);
  },
};

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('portico.restart', restart),
    vscode.commands.registerCommand('portico.debugTest', debugTest),
    vscode.debug.registerDebugAdapterDescriptorFactory('portico', factory),
  );
  await start();
}

module.exports = { activate, deactivate: () => client?.stop() };
