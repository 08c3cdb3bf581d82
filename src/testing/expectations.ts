/** Compares what a call led to with what a test expects; each difference says what was expected, what came, who wrote it. */
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import type { TestResult } from './gateway.ts';
import { writerOf } from './provenance.ts';
import type { RecordedRequest } from './stubs.ts';
import { readDuration } from './suite.ts';

export interface Difference {
  /** `status`, `headers.x-a`, `body.items[0].id`, `forwarded.url` … */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Which policy wrote the differing value, with file and line; undefined when none did. */
  readonly writtenBy: string | undefined;
  /** Line of the expectation in the test file. */
  readonly line: number;
}

export function compareResult(expect: Entry, result: TestResult): Difference[] {
  const differences: Difference[] = [];
  const note = (entry: Entry, what: string, expected: string, actual: string, writtenBy?: string): void => {
    differences.push({ what, expected, actual, writtenBy, line: entry.context.file.positionAt(entry.span.start).line });
  };
  const compare = new Comparison(result, note);
  compare.text(expect.get('status'), 'status', String(result.status), writerOf(result.events, 'status'));
  compare.text(expect.get('reason'), 'reason', result.reason, writerOf(result.events, 'status'));
  compare.headers(expect.get('headers'), 'headers', result.rawHeaders, 'response.header');
  compare.body(expect.get('body'), 'body', result.body, writerOf(result.events, 'response.body'));
  compare.forwarded(expect.get('forwarded'));
  compare.calls(expect.get('calls'));
  compare.variables(expect.get('variables'));
  compare.error(expect.get('error'));
  compare.elapsed(expect.get('elapsed'));
  compare.recorded(expect.get('recorded'));
  return differences;
}

type Note = (entry: Entry, what: string, expected: string, actual: string, writtenBy?: string) => void;

class Comparison {
  readonly #result: TestResult;
  readonly #note: Note;

  constructor(result: TestResult, note: Note) {
    this.#result = result;
    this.#note = note;
  }

  /** One text; `/…/` is a regular expression, `absent` means there is none. */
  text(entry: Entry, what: string, actual: string | undefined, writtenBy?: string): void {
    const expected = entry.text();
    if (expected === undefined || fits(expected, actual)) return;
    this.#note(entry, what, expected, actual ?? 'absent', writtenBy);
  }

  headers(entry: Entry, what: string, raw: readonly string[], target: string): void {
    for (const [name, expected] of entry.members()) {
      const actual = valuesOf(raw, name);
      const writer = writerOf(this.#result.events, target, name);
      if (expected.isList) this.#list(expected, `${what}.${name}`, actual, writer);
      else this.text(expected, `${what}.${name}`, actual.length > 0 ? actual.join(',') : undefined, writer);
    }
  }

  /** A text or `/…/` compares the text; a mapping or list compares as JSON, with `/…/` allowed for any text in it. */
  body(entry: Entry, what: string, actual: string, writtenBy?: string): void {
    if (!entry.exists) return;
    if (!entry.isMapping && !entry.isList) return this.text(entry, what, actual === '' ? undefined : actual, writtenBy);
    const parsed = parsedJson(actual);
    if (parsed === undefined) return this.#note(entry, what, 'JSON', actual === '' ? 'absent' : actual, writtenBy);
    this.#json(entry, what, entry.plain(), parsed.value, writtenBy);
  }

  forwarded(entry: Entry): void {
    if (!entry.exists) return;
    const { forwarded } = this.#result;
    if (entry.isList) return this.#requests(entry, 'forwarded', forwarded);
    if (!entry.isMapping && entry.text() === 'none') {
      if (forwarded.length > 0) this.#note(entry, 'forwarded', 'none', forwarded.map(line).join(', '));
      return;
    }
    const last = forwarded[forwarded.length - 1];
    if (last) this.#request(entry, 'forwarded', last);
    else this.#note(entry, 'forwarded', 'a request to the backend', 'none');
  }

  calls(entry: Entry): void {
    if (!entry.exists) return;
    const { calls } = this.#result;
    if (entry.isList) return this.#requests(entry, 'calls', calls);
    if (entry.isMapping || entry.text() !== 'none') return entry.report(faults.wrongType(entry.name, '`none` or a list'));
    if (calls.length > 0) this.#note(entry, 'calls', 'none', calls.map(line).join(', '));
  }

  variables(entry: Entry): void {
    for (const [name, expected] of entry.members()) {
      const { variables, events } = this.#result;
      const actual = Object.hasOwn(variables, name) ? (variables[name] ?? 'null') : undefined;
      const writer = writerOf(events, 'variable', name);
      if (expected.isMapping || expected.isList) this.body(expected, `variables.${name}`, actual ?? '', writer);
      else this.text(expected, `variables.${name}`, actual, writer);
    }
  }

  error(entry: Entry): void {
    if (!entry.exists) return;
    const { error } = this.#result;
    if (!entry.isMapping) {
      if (entry.text() !== 'none') entry.report(faults.wrongType(entry.name, '`none` or a mapping'));
      else if (error) this.#note(entry, 'error', 'none', `${error.source} ${error.reason ?? ''}: ${error.message}`);
      return;
    }
    entry.onlyMembers(ERROR_ENTRIES);
    for (const [name, expected] of entry.members()) {
      const value = (error as Readonly<Record<string, string | null>> | null)?.[LAST_ERROR_FIELDS[name] ?? name];
      this.text(expected, `error.${name}`, value ?? undefined);
    }
  }

  /** How long the call took on the virtual clock: waits of retry, delays of stubs. */
  elapsed(entry: Entry): void {
    if (!entry.exists) return;
    const expected = readDuration(entry);
    if (expected !== this.#result.elapsed) this.#note(entry, 'elapsed', `${expected} ms`, `${this.#result.elapsed} ms`);
  }

  /** Metrics, event hub messages and service bus messages: `none`, or a list with one mapping a record. */
  recorded(entry: Entry): void {
    if (!entry.exists) return;
    const { recorded } = this.#result;
    if (entry.isList) return this.#json(entry, 'recorded', entry.plain(), recorded);
    if (entry.isMapping || entry.text() !== 'none') return entry.report(faults.wrongType(entry.name, '`none` or a list'));
    if (recorded.length > 0) this.#note(entry, 'recorded', 'none', JSON.stringify(recorded));
  }

  #requests(entry: Entry, what: string, actual: readonly RecordedRequest[]): void {
    const items = entry.items();
    if (items.length !== actual.length)
      this.#note(entry, what, `${items.length} requests`, actual.length === 0 ? 'none' : actual.map(line).join(', '));
    items.forEach((item, at) => {
      const request = actual[at];
      if (request) this.#request(item, `${what}[${at}]`, request);
    });
  }

  /** `GET https://…`, or a mapping with method, url, headers, body. */
  #request(entry: Entry, what: string, actual: RecordedRequest): void {
    if (!entry.isMapping) return this.text(entry, what, line(actual));
    entry.onlyMembers(['method', 'url', 'headers', 'body']);
    const { events } = this.#result;
    this.text(entry.get('method'), `${what}.method`, actual.method, writerOf(events, 'method'));
    this.text(entry.get('url'), `${what}.url`, actual.url, writerOf(events, 'url') ?? writerOf(events, 'query'));
    this.headers(entry.get('headers'), `${what}.headers`, actual.headers, 'request.header');
    this.body(entry.get('body'), `${what}.body`, actual.body, writerOf(events, 'request.body'));
  }

  #list(entry: Entry, what: string, actual: readonly string[], writtenBy?: string): void {
    const expected = entry.texts();
    if (expected.length === actual.length && expected.every((text, at) => fits(text, actual[at]))) return;
    this.#note(entry, what, expected.join(' | '), actual.join(' | ') || 'absent', writtenBy);
  }

  #json(entry: Entry, what: string, expected: unknown, actual: unknown, writtenBy?: string): void {
    if (Array.isArray(expected) && Array.isArray(actual)) return this.#jsonList(entry, what, expected, actual, writtenBy);
    if (isObject(expected) && isObject(actual)) return this.#jsonObject(entry, what, expected, actual, writtenBy);
    const same = typeof expected === 'string' ? typeof actual === 'string' && fits(expected, actual) : Object.is(expected, actual);
    if (!same) this.#note(entry, what, JSON.stringify(expected), actual === undefined ? 'absent' : JSON.stringify(actual), writtenBy);
  }

  #jsonList(entry: Entry, what: string, expected: readonly unknown[], actual: readonly unknown[], writtenBy?: string): void {
    if (expected.length !== actual.length) this.#note(entry, what, `${expected.length} items`, `${actual.length} items`, writtenBy);
    expected.forEach((item, at) => {
      if (at < actual.length) this.#json(entry, `${what}[${at}]`, item, actual[at], writtenBy);
    });
  }

  #jsonObject(entry: Entry, what: string, expected: object, actual: object, writtenBy?: string): void {
    const wanted = new Map(Object.entries(expected));
    const found = new Map(Object.entries(actual));
    for (const [name, value] of wanted) this.#json(entry, `${what}.${name}`, value, found.get(name), writtenBy);
    for (const [name, value] of found)
      if (!wanted.has(name)) this.#note(entry, `${what}.${name}`, 'absent', JSON.stringify(value), writtenBy);
  }
}

const ERROR_ENTRIES = ['source', 'reason', 'message', 'scope', 'section', 'path', 'policy-id'] as const;

/** LastError's members in the spelling of tests. */
const LAST_ERROR_FIELDS: Readonly<Record<string, string>> = { 'policy-id': 'policyId' };

function fits(expected: string, actual: string | undefined): boolean {
  if (expected === 'absent') return actual === undefined;
  if (actual === undefined) return false;
  const pattern = /^\/(.+)\/([is]*)$/s.exec(expected);
  return pattern ? new RegExp(pattern[1] ?? '', pattern[2]).test(actual) : expected === actual;
}

function valuesOf(raw: readonly string[], name: string): string[] {
  return raw.flatMap((part, at) => (at % 2 === 1 && raw[at - 1]?.toLowerCase() === name.toLowerCase() ? [part] : []));
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function line({ method, url }: RecordedRequest): string {
  return `${method} ${url}`;
}
