/** `portico lsp`: a language server over standard input and output. */
import type { Command } from 'commander';
import { exportsOf } from '../host/package-exports.ts';

export function register(program: Command): void {
  program
    .command('lsp')
    .description('language server for editors, over standard input and output')
    .option('--stdio', 'talk over standard input and output: the default, editors pass it')
    .addHelpText('after', '\nExit code: 0 shut down by the editor, 1 the connection broke, 2 wrong use.')
    .action(serve);
}

async function serve(): Promise<void> {
  const [{ createConnection, ProposedFeatures, TextDocuments, ResponseError }, { LanguageServer }] = await Promise.all([
    import('vscode-languageserver/node').then(exportsOf),
    import('./lsp-server.ts'),
  ]);
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const refusal = (message: string) => new ResponseError(REQUEST_FAILED, message);
  const server = new LanguageServer({ connection, documents: (texts) => new TextDocuments(texts), refusal });
  server.start();
  connection.listen();
}

/** LSP 3.17: the request is right, and cannot be done. */
const REQUEST_FAILED = -32803;
