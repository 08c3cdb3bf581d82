/** Directories for tests of loading: files in, workspace and problems out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { diagnosticRow } from '../../src/source/render.ts';
import { type LoadOptions, loadWorkspace } from '../../src/workspace/load.ts';
import type { Workspace } from '../../src/workspace/model.ts';

export type FileTexts = Readonly<Record<string, string | Uint8Array>>;

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

export function directoryOf(files: FileTexts): string {
  const path = join(mkdtempSync(join(tmpdir(), 'portico-load-')), 'dir');
  made.push(dirname(path));
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

export function load(files: FileTexts, options: LoadOptions = {}, name = '.'): Workspace {
  const path = directoryOf(files);
  return loadWorkspace(join(path, name), { shownFrom: path, ...options });
}

/** `file:line:column code message`, anything but errors marked. */
export function lineOf(problem: Diagnostic): string {
  const { file, line, column, code, message, severity } = diagnosticRow(problem);
  return `${file}:${line}:${column} ${severity === 'error' ? '' : `${severity} `}${code} ${message}`;
}

export function problemsOf(files: FileTexts, options: LoadOptions = {}, name = '.'): string[] {
  return load(files, options, name).problems.map(lineOf);
}

export const POLICY = '<policies><inbound><base /></inbound></policies>';
export const json = (value: unknown) => JSON.stringify({ properties: value });
