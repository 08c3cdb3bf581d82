/** Tests in an editor: lenses above them, the list for an explorer, and running them. */
import { execFile } from 'node:child_process';
import type * as Lsp from 'vscode-languageserver/node';
import { editorRange } from '../editor/open-text.ts';
import { testLenses } from '../editor/test-lenses.ts';
import { span } from '../source/span.ts';
import { kindOf } from './lsp-diagnostics.ts';
import { type About, type LspSession, pathOf } from './lsp-session.ts';
import { RUN_TESTS } from './lsp-shapes.ts';

export function codeLenses(session: LspSession, { textDocument: { uri } }: Lsp.CodeLensParams): Lsp.CodeLens[] {
  const open = session.documents.get(uri);
  if (!open || kindOf(open) !== 'test') return [];
  return testLenses(open.file.text).flatMap(({ offset, title, test }): Lsp.CodeLens[] => {
    const range = open.rangeOf(span(offset));
    const args = test === undefined ? [uri] : [uri, test];
    const run = { range, command: { title, command: RUN_TESTS, arguments: args } };
    if (!session.offersDebug || test === undefined) return [run];
    return [run, { range, command: { title: 'Debug test', command: 'portico.debugTest', arguments: args } }];
  });
}

/** A request of our own, for explorers of tests: the tests of a file, open or not, with their places. */
export function testsOf(session: LspSession, { textDocument: { uri } }: About): { readonly name: string; readonly range: Lsp.Range }[] {
  const file = session.documents.get(uri)?.file ?? session.projects.textOf(pathOf(uri));
  if (!file) return [];
  return testLenses(file.text).flatMap(({ offset, test }) =>
    test === undefined ? [] : [{ name: test, range: editorRange(file, span(offset), session.encoding) }],
  );
}

/** Runs a test file, or one of its tests, as `portico test` does, and shows the outcome. */
export async function runCommand(
  session: LspSession,
  { command, arguments: args = [] }: Lsp.ExecuteCommandParams,
): Promise<{ code: number; output: string } | null> {
  const [uri, test] = args as readonly unknown[];
  if (command !== RUN_TESTS || typeof uri !== 'string') return null;
  const filter = typeof test === 'string' ? ['--filter', test] : [];
  const result = await runSelf(['test', pathOf(uri), ...filter]);
  session.connection.console.log(result.output);
  await session.connection.sendNotification('window/showMessage', { type: result.code === 0 ? 3 : 1, message: lastLine(result.output) });
  return result;
}

/** This program with other arguments. */
function runSelf(args: readonly string[]): Promise<{ code: number; output: string }> {
  const script = process.argv[1] ?? '';
  const options = { env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((done) => {
    execFile(process.execPath, [...process.execArgv, script, ...args], options, (error, out, err) => {
      done({ code: error ? Number(error.code ?? 1) : 0, output: `${out}${err}` });
    });
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
