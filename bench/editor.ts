/**
 * The language server on one document: milliseconds from opening it, and from the start of the process, to the first
 * diagnostics, and from a keystroke to the diagnostics that follow. `tsx bench/editor.ts [document] [rounds]`; without one, the collection's largest.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const COMMAND = process.env.PORTICO ?? fileURLToPath(new URL('../dist/portico.mjs', import.meta.url));
const DOCUMENT = process.argv[2] ?? fileURLToPath(new URL('../../shared/corpus/documents/0170.xml', import.meta.url));
const ROUNDS = Number(process.argv[3] ?? 5);
const KEYSTROKES = 12;

interface Figures {
  readonly started: number;
  readonly first: number;
  readonly keystrokes: readonly number[];
}

async function round(text: string): Promise<Figures> {
  const began = performance.now();
  const server = spawn(process.execPath, [COMMAND, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const uri = pathToFileURL(DOCUMENT).href;
  let told: () => void = () => {};
  connection.onNotification('textDocument/publishDiagnostics', (about: { uri: string }) => {
    if (about.uri === uri) told();
  });
  connection.listen();
  const diagnosed = (): Promise<void> => new Promise((resolve) => (told = resolve));
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
  const opened = performance.now();
  let next = diagnosed();
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'xml', version: 1, text } });
  await next;
  const first = performance.now() - opened;
  const keystrokes: number[] = [];
  const line = Math.floor(text.split('\n').length / 2);
  const at = { line, character: 0 };
  for (let version = 2; version < 2 + KEYSTROKES; version += 1) {
    const since = performance.now();
    next = diagnosed();
    const contentChanges = [{ range: { start: at, end: at }, text: ' ' }];
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
    await next;
    keystrokes.push(performance.now() - since);
  }
  connection.dispose();
  server.kill();
  return { started: opened - began, first, keystrokes };
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const text = readFileSync(DOCUMENT, 'utf8');
const rounds: Figures[] = [];
for (let at = 0; at < ROUNDS; at += 1) rounds.push(await round(text));
process.stdout.write(
  `language server, ${Math.round(text.length / 1024)} KB, median of ${ROUNDS} rounds\n` +
    `  started           ${median(rounds.map(({ started }) => started)).toFixed(0)} ms\n` +
    `  first diagnostics ${median(rounds.map(({ first }) => first)).toFixed(0)} ms behind that\n` +
    `  keystroke         ${median(rounds.flatMap(({ keystrokes }) => keystrokes)).toFixed(0)} ms\n`,
);
