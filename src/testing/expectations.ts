/** What a test expects, compiled once from the file; each difference says what was expected, what came, who wrote it. */
import type { ExchangeEvent, StepInfo } from '../exchange/events.ts';
import type { SinkRecord } from '../host/host.ts';
import type { Entry } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import type { TestResult } from './contract.ts';
import type { Difference, EvaluatedValue } from './difference.ts';
import { readDuration } from './duration.ts';
import { executedCheck, type RanSteps, skippedCheck } from './executed.ts';
import { onlyFor } from './faults.ts';
import { entriesOf } from './format.ts';
import {
  bodyCheck,
  type Check,
  counted,
  jsonCheck,
  membersCheck,
  type Note,
  passes,
  shownJson,
  textCheck,
  variableCheck,
} from './matching.ts';
import { type Target, troublesIn, writerOf } from './provenance.ts';
import { headersCheck, requestCheck } from './request-check.ts';
import { SNAPSHOT_PARTS, type SnapshotPart } from './snapshot-parts.ts';
import type { RecordedRequest } from './stubs.ts';
import { type TracedMessage, tracedIn } from './traced.ts';
import { checkShape } from './typed-entries.ts';

/** The `expect` of a test. */
export interface Expectation {
  compare(result: TestResult, value?: EvaluatedValue): Difference[];
  /** The same for what a caller of a live gateway sees. */
  compareVisible(result: TestResult): Difference[];
  /** What of it a caller can see: the rest needs a look inside the gateway. */
  readonly visible: readonly string[];
  readonly hidden: readonly string[];
  /** Parts to compare with the stored ones; undefined for none. */
  readonly snapshot: readonly SnapshotPart[] | undefined;
  readonly entry: Entry;
}

type Part = (result: TestResult, note: Note, value: EvaluatedValue | undefined) => void;
type Reader = (entry: Entry) => Part;

const READERS: Readonly<Record<string, Reader>> = {
  status: (entry) => on(textCheck(entry), 'status', ({ status }) => String(status)),
  reason: (entry) => on(textCheck(entry), 'reason', ({ reason }) => reason),
  headers: (entry) => on(headersCheck(entry), 'headers', ({ rawHeaders }) => rawHeaders),
  body: (entry) => on(bodyCheck(entry), 'body', ({ body }) => body),
  forwarded: (entry) => sentPart(entry, 'forwarded', ({ forwarded }) => forwarded, 'a request to the backend'),
  calls: (entry) => sentPart(entry, 'calls', ({ calls }) => calls, 'a call'),
  variables: (entry) => on(membersCheck(entry, variableCheck, variableOf), 'variables', ({ variables }) => variables),
  error: errorPart,
  aborted: abortedPart,
  elapsed: elapsedPart,
  executed: (entry) => on(executedCheck(entry), 'executed', ({ events }) => stepsOf(events)),
  skipped: (entry) => on(skippedCheck(entry), 'skipped', ({ events }) => stepsOf(events)),
  trace: tracePart,
  recorded: (entry) => recordsPart(entry, 'recorded', ({ recorded }) => recorded),
  metrics: (entry) => recordsPart(entry, 'metrics', ofKind('metric')),
  events: (entry) => recordsPart(entry, 'events', ofKind('event')),
  messages: (entry) => recordsPart(entry, 'messages', ofKind('message')),
  audit: (entry) => recordsPart(entry, 'audit', ({ decisions }) => decisions ?? []),
  value: (entry) => {
    const check = jsonCheck(entry);
    return (_result, note, value) => check(value?.value, 'value', note);
  },
  type: (entry) => {
    const check = textCheck(entry);
    return (_result, note, value) => check(value?.type, 'type', note);
  },
};

/** What a caller of a live gateway sees. */
const VISIBLE: ReadonlySet<string> = new Set(['status', 'reason', 'headers', 'body']);

/** Entries for expressions alone. */
const OF_EXPRESSIONS = ['value', 'type'] as const;

export function readExpectation(entry: Entry, isExpression = false): Expectation {
  entry.onlyMembers(entriesOf('expect'));
  const parts: Part[] = [];
  const visible: Part[] = [];
  const named: string[] = [];
  for (const [name, member] of entry.isMapping ? entry.members() : []) {
    const read = READERS[name];
    // `value: null` expects null; elsewhere an entry without a value says nothing.
    if (!read || (!member.exists && name !== 'value')) continue;
    if (!isExpression && (OF_EXPRESSIONS as readonly string[]).includes(name)) member.report(onlyFor(name, 'tests with `expression`'));
    const part = read(member);
    parts.push(part);
    if (VISIBLE.has(name)) visible.push(part);
    named.push(name);
  }
  return {
    entry,
    visible: named.filter((name) => VISIBLE.has(name)),
    hidden: named.filter((name) => !VISIBLE.has(name)),
    snapshot: readSnapshot(entry.get('snapshot')),
    compare: (result, value) => differencesOf(parts, result, value),
    compareVisible: (result) => differencesOf(visible, result, undefined),
  };
}

function readSnapshot(entry: Entry): readonly SnapshotPart[] | undefined {
  if (!entry.exists) return undefined;
  if (entry.isList) return entry.items().flatMap((item) => item.choice(SNAPSHOT_PARTS) ?? []);
  return entry.boolean() === true ? SNAPSHOT_PARTS : undefined;
}

function differencesOf(parts: readonly Part[], result: TestResult, value: EvaluatedValue | undefined): Difference[] {
  const differences: Difference[] = [];
  const note: Note = ({ context: { file }, span }, what, expected, actual) => {
    const target = targetOf(what);
    const writtenBy = target && writerOf(result.events, target);
    differences.push({ what, expected, actual, writtenBy, line: file.positionAt(span.start).line, place: { file, span } });
  };
  for (const part of parts) part(result, note, value);
  const [first, ...others] = differences;
  const because = first ? troublesIn(result.events) : [];
  return first && because.length > 0 ? [{ ...first, because }, ...others] : differences;
}

/** Which write of a policy made the value that differs. */
function targetOf(what: string): Target | undefined {
  const [first = '', second = ''] = what.replace(/^(?:forwarded|calls)\[\d+\]/, '$&').split('.');
  const forwarded = first.startsWith('forwarded');
  if (first === 'status' || first === 'reason') return { target: 'status' };
  if (first === 'headers') return { target: 'response.header', name: what.slice('headers.'.length).split(' ')[0] };
  if (first.startsWith('body')) return { target: 'response.body' };
  if (first === 'variables') return { target: 'variable', name: what.slice('variables.'.length).split(/[.[ ]/)[0] };
  if (!forwarded) return undefined;
  if (second === 'headers') return { target: 'request.header', name: what.split('.headers.')[1]?.split(' ')[0] };
  if (second.startsWith('body')) return { target: 'request.body' };
  return second === 'method' ? { target: 'method' } : { target: 'url' };
}

/** A check on one value of the result. */
function on(check: Check, what: string, value: (result: TestResult) => unknown): Part {
  return (result, note) => check(value(result), what, note);
}

function variableOf(variables: unknown, name: string): unknown {
  const known = variables as TestResult['variables'];
  return Object.hasOwn(known, name) ? (known[name] ?? 'null') : undefined;
}

// ------------------------------------------------------------ requests

/** `none`; a line or mapping for the last request; a list with one entry a request. */
function sentPart(entry: Entry, what: string, of: (result: TestResult) => readonly RecordedRequest[], one: string): Part {
  if (entry.isList || isNone(entry)) return requestsPart(entry, what, of);
  const check = oneRequest(entry);
  return (result, note) => {
    const last = of(result).at(-1);
    if (last) check(last, what, note);
    else note(entry, what, one, 'none');
  };
}

/** `none`; `absent`, the word for what is not there, says the same. */
function isNone(entry: Entry): boolean {
  return !entry.isMapping && !entry.isList && /^(?:none|absent)$/.test(entry.text() ?? '');
}

function oneRequest(entry: Entry): Check {
  if (entry.isMapping && !entry.members().every(([name]) => name.startsWith('$'))) {
    entry.onlyMembers(entriesOf('requestCheck'));
    return requestCheck(entry);
  }
  const check = textCheck(entry);
  return (request, what, note) => check(lineOf(request as RecordedRequest), what, note);
}

function requestsPart(entry: Entry, what: string, of: (result: TestResult) => readonly RecordedRequest[]): Part {
  if (!entry.isList) {
    return (result, note) => {
      if (of(result).length > 0) note(entry, what, 'none', of(result).map(lineOf).join(', '));
    };
  }
  const checks = entry.items().map(oneRequest);
  return (result, note) => {
    const actual = of(result);
    if (checks.length !== actual.length)
      note(entry, what, counted(checks.length, 'request'), actual.length === 0 ? 'none' : actual.map(lineOf).join(', '));
    checks.forEach((check, at) => {
      if (actual[at]) check(actual[at], `${what}[${at}]`, note);
    });
  };
}

function lineOf({ method, url }: RecordedRequest): string {
  return `${method} ${url}`;
}

// ------------------------------------------------------------ the rest

/** LastError's members in the spelling of tests. */
const LAST_ERROR_FIELDS: Readonly<Record<string, string>> = { 'policy-id': 'policyId' };

function errorPart(entry: Entry): Part {
  if (!entry.isMapping) {
    if (!isNone(entry)) entry.report(faults.wrongType(entry.name, '`none` or a mapping'));
    return ({ error }, note) => {
      if (error) note(entry, 'error', 'none', `${error.source} ${error.reason ?? ''}: ${error.message}`);
    };
  }
  entry.onlyMembers(entriesOf('error'));
  const check = membersCheck(entry, textCheck, (error, name) => {
    const value = (error as Readonly<Record<string, string | null>> | null)?.[LAST_ERROR_FIELDS[name] ?? name];
    return value ?? undefined;
  });
  return on(check, 'error', ({ error }) => error);
}

function abortedPart(entry: Entry): Part {
  const expected = entry.boolean();
  return ({ aborted = false }, note) => {
    if (expected !== undefined && expected !== aborted) note(entry, 'aborted', String(expected), String(aborted));
  };
}

/** How long the call took on the virtual clock: waits of retry, delays of stubs. */
function elapsedPart(entry: Entry): Part {
  const expected = readDuration(entry);
  return ({ elapsed }, note) => {
    if (expected !== elapsed) note(entry, 'elapsed', `${expected} ms`, `${elapsed} ms`);
  };
}

/** Messages in this order; others may be between them. */
function tracePart(entry: Entry): Part {
  const messages = ({ events }: TestResult) => tracedIn(events);
  if (!entry.isList) {
    if (!isNone(entry)) entry.report(faults.wrongType(entry.name, '`none` or a list'));
    return (result, note) => {
      const found = messages(result);
      if (found.length > 0) note(entry, 'trace', 'none', found.map(({ message }) => message).join(' | '));
    };
  }
  const items = entry.items().map((item) => ({ item, check: messageCheck(item) }));
  return (result, note) => {
    const found = messages(result);
    let at = 0;
    for (const [index, { item, check }] of items.entries()) {
      while (at < found.length && !passes(check, found[at])) at += 1;
      if (at === found.length) return note(item, `trace[${index}]`, shownJson(item.plain()), shownMessages(found));
      at += 1;
    }
  };
}

function messageCheck(item: Entry): Check {
  if (!item.isMapping) {
    const check = textCheck(item);
    return (message, what, note) => check((message as TracedMessage).message, what, note);
  }
  checkShape(item, 'traceCheck');
  return membersCheck(
    item,
    (member) => jsonCheck(member, true),
    (message, name) => (message as Readonly<Record<string, unknown>>)[name],
  );
}

function shownMessages(messages: readonly TracedMessage[]): string {
  return messages.length === 0 ? 'none' : messages.map(({ source, severity, message }) => `${severity} ${source}: ${message}`).join(' | ');
}

/** `none`, or a list with one mapping a record; what a mapping does not mention is not compared. */
function recordsPart(entry: Entry, what: string, of: (result: TestResult) => readonly object[]): Part {
  if (!entry.isList) {
    if (!isNone(entry)) entry.report(faults.wrongType(entry.name, '`none` or a list'));
    return (result, note) => {
      if (of(result).length > 0) note(entry, what, 'none', JSON.stringify(of(result)));
    };
  }
  const checks = entry.items().map((item) => {
    if (!item.isMapping) item.report(faults.wrongType(item.name, 'a mapping'));
    return jsonCheck(item, true);
  });
  return (result, note) => {
    const actual = of(result);
    if (checks.length !== actual.length)
      note(
        entry,
        what,
        counted(checks.length, 'item'),
        counted(actual.length, 'item') + (actual.length === 0 ? '' : `: ${JSON.stringify(actual)}`),
      );
    checks.forEach((check, at) => {
      if (actual[at]) check(actual[at], `${what}[${at}]`, note);
    });
  };
}

function ofKind(kind: SinkRecord['kind']): (result: TestResult) => readonly SinkRecord[] {
  return ({ recorded }) => recorded.filter((one) => one.kind === kind);
}

function stepsOf(events: readonly ExchangeEvent[]): RanSteps {
  const of = (kind: 'step-started' | 'step-skipped') =>
    events.flatMap((event) => (event.kind === kind ? [(event as { step: StepInfo }).step] : []));
  return { ran: of('step-started'), skipped: of('step-skipped') };
}
