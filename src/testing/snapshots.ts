/** Outcomes stored beside the test file, in `<file>.snap.yaml`, by name of test. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Diagnostic } from '../source/diagnostic.ts';
import { tryJson } from '../source/json.ts';
import { readConfig } from '../workspace/config-file.ts';
import type { TestResult } from './contract.ts';
import type { Difference } from './difference.ts';
import type { SnapshotPart } from './snapshot-parts.ts';
import type { RecordedRequest } from './stubs.ts';
import type { TestCase } from './suite.ts';

export type SnapshotVerdict = 'same' | 'written' | { readonly expected: string; readonly actual: string };

/** When a stored outcome is written: `new`, only where there is none; `all`, always; `none`, a missing one is a difference. */
export type SnapshotMode = 'new' | 'all' | 'none';

/** A file of stored outcomes as it is to be; without text it is to go. */
export interface StoredText {
  readonly path: string;
  readonly text: string | undefined;
}

export function writeStored({ path, text }: StoredText): void {
  if (text === undefined) rmSync(path, { force: true });
  else writeFileSync(path, text);
}

export class SnapshotFile {
  readonly path: string;
  readonly #stored: Map<string, string>;
  readonly #asked = new Set<string>();
  #changed = false;

  /** `report` is told of a file that holds no outcomes. */
  constructor(testFile: string, report: (problem: Diagnostic) => void = () => {}) {
    this.path = testFile.replace(/\.(?:ya?ml|json)$/i, '.snap.yaml');
    this.#stored = existsSync(this.path) ? storedIn(this.path, report) : new Map();
  }

  compare(key: string, result: TestResult, parts: readonly SnapshotPart[], mode: SnapshotMode): SnapshotVerdict {
    const actual = stringify(snapshotOf(result, parts), { lineWidth: 0 });
    const expected = this.#stored.get(key);
    this.#asked.add(key);
    if (expected === actual) return 'same';
    if (mode === 'all' || (mode === 'new' && expected === undefined)) {
      this.#stored.set(key, actual);
      this.#changed = true;
      return 'written';
    }
    return { expected: expected ?? 'a stored outcome: run with --update to store this one', actual };
  }

  /** What changed, to be written; `complete` takes away what no test asked for. */
  changes(complete: boolean): StoredText | undefined {
    if (complete) for (const key of [...this.#stored.keys()]) if (!this.#asked.has(key)) this.#changed = this.#stored.delete(key);
    if (!this.#changed) return undefined;
    if (this.#stored.size === 0) return { path: this.path, text: undefined };
    const entries = [...this.#stored].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => [key, parse(text) as unknown]);
    return { path: this.path, text: `# Written by portico test --update\n${stringify(Object.fromEntries(entries), { lineWidth: 0 })}` };
  }

  /** Names of stored outcomes that no test asked for. */
  get obsolete(): string[] {
    return [...this.#stored.keys()].filter((key) => !this.#asked.has(key));
  }
}

export interface SnapshotOutcome {
  readonly differences: readonly Difference[];
  readonly written: number;
}

/** Compares the outcomes of a test's steps with those stored. */
export function snapshotDifferences(
  file: SnapshotFile,
  { name, steps }: TestCase,
  results: readonly TestResult[],
  mode: SnapshotMode,
): SnapshotOutcome {
  const differences: Difference[] = [];
  let written = 0;
  steps.forEach(({ expect, line }, at) => {
    const result = results[at];
    if (!expect.snapshot || !result) return;
    const verdict = file.compare(steps.length > 1 ? `${name} [${at + 1}]` : name, result, expect.snapshot, mode);
    if (verdict === 'written') written += 1;
    if (typeof verdict !== 'object') return;
    const { context, span } = expect.entry.get('snapshot');
    differences.push({ what: 'snapshot', ...verdict, writtenBy: undefined, line, place: { file: context.file, span } });
  });
  return { differences, written };
}

function storedIn(path: string, report: (problem: Diagnostic) => void): Map<string, string> {
  const root = readConfig(readFileSync(path, 'utf8'), relative(process.cwd(), path) || path, report);
  return new Map(root.members().map(([key, value]) => [key, stringify(value.plain() ?? null, { lineWidth: 0 })]));
}

const VALUES: Readonly<Record<SnapshotPart, (result: TestResult) => unknown>> = {
  status: ({ status, reason }) => (reason === '' ? status : `${status} ${reason}`),
  headers: ({ rawHeaders }) => headerRecord(rawHeaders),
  body: ({ body }) => bodyValue(body),
  forwarded: ({ forwarded }) => forwarded.map(requestRecord),
  calls: ({ calls }) => calls.map(requestRecord),
  variables: ({ variables }) => variables,
  recorded: ({ recorded }) => recorded,
  error: ({ error }) => error,
};

function snapshotOf(result: TestResult, parts: readonly SnapshotPart[]): Record<string, unknown> {
  const entries = parts.map((part) => [part, JSON.parse(JSON.stringify(VALUES[part](result) ?? null)) as unknown] as const);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function requestRecord({ method, url, headers, body }: RecordedRequest): Record<string, unknown> {
  const content = bodyValue(body);
  return { request: `${method} ${url}`, headers: headerRecord(headers), ...(content === '' ? {} : { body: content }) };
}

/** Minted tokens differ from run to run. */
function headerRecord(raw: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = (raw[at + 1] ?? '').replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>');
    record[name] = record[name] === undefined ? value : `${record[name]}, ${value}`;
  }
  return record;
}

function bodyValue(body: string): unknown {
  const value = tryJson(body);
  return typeof value === 'object' ? value : body;
}
