/** A language client for tests: speaks the protocol with the command over standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { CompletionItem, Diagnostic, PublishDiagnosticsParams, Range } from 'vscode-languageserver';

export class LspClient {
  readonly connection: MessageConnection;
  readonly child: ChildProcess;
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #waiting: (() => void)[] = [];
  #version = 0;

  /** `env`: variables beside those of this process. */
  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [...command], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    const { stdin, stdout } = this.child;
    if (!stdin || !stdout) throw new Error('no pipes');
    this.connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.push(params);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.connection.listen();
  }

  /** `more` goes over what an editor says about itself. */
  async initialize(more: object = {}): Promise<{ capabilities: Record<string, unknown> }> {
    const result = await this.connection.sendRequest<{ capabilities: Record<string, unknown> }>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      ...more,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async open(path: string, text: string, languageId = 'xml'): Promise<string> {
    const uri = pathToFileURL(path).href;
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: ++this.#version, text } });
    return uri;
  }

  /** Replaces the text and gives what is wrong with the new one. */
  async change(uri: string, text: string): Promise<Diagnostic[]> {
    const version = ++this.#version;
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    return this.diagnostics(uri, version);
  }

  async diagnostics(uri: string, version = this.#version): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#published.find((params) => params.uri === uri && params.version === version);
      if (found) return found.diagnostics;
      await new Promise<void>((done) => this.#waiting.push(done));
    }
  }

  /** Labels offered where `|` stands in the text. */
  async complete(uri: string, marked: string): Promise<CompletionItem[]> {
    return this.ask('textDocument/completion', uri, marked);
  }

  /** A question about the place where `|` stands; the text becomes the document's. */
  async ask<T>(method: string, uri: string, marked: string, more: object = {}): Promise<T> {
    const at = marked.indexOf('|');
    await this.change(uri, marked.slice(0, at) + marked.slice(at + 1));
    const lines = marked.slice(0, at).split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    return this.connection.sendRequest<T>(method, { textDocument: { uri }, position, ...more });
  }

  /** A change of a part of the text. */
  async edit(uri: string, range: Range, text: string): Promise<Diagnostic[]> {
    const version = ++this.#version;
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] });
    return this.diagnostics(uri, version);
  }

  /** A question about a whole document. */
  async about<T>(method: string, uri: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest<T>(method, { textDocument: { uri }, ...more });
  }

  /** The next report that fits, for what is told later than the first. */
  async published(fits: (params: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    for (;;) {
      const found = this.#published.findLast(fits);
      if (found) return found;
      await new Promise<void>((done) => this.#waiting.push(done));
    }
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.child.on('exit', done));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.connection.dispose();
    return ended;
  }
}
