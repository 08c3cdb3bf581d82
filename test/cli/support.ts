/** Runs the built command as a user does. `npm test` builds it first. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const COMMAND = resolve('dist/portico.mjs');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunSetup {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly stdio?: StdioOptions;
}

/** Starts the command; colours are off. */
export function start(args: readonly string[], { cwd, env = {}, stdio = 'pipe' }: RunSetup = {}): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, stdio });
}

/** Runs the command to its end. */
export function portico(args: readonly string[], setup: RunSetup = {}): Promise<Ran> {
  const child = start(args, setup);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin?.end(setup.input ?? '');
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** A directory of its own with these files; `remove` takes it away. */
export function directoryWith(files: Readonly<Record<string, string>>): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A document with this in its inbound section, and forward-request behind it. */
export function documentWith(inbound: string): string {
  return `<policies>\n    <inbound>\n${inbound}\n    </inbound>\n    <backend><forward-request /></backend>\n    <outbound />\n    <on-error />\n</policies>\n`;
}
