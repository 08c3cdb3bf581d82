/** What a `*.test.yaml` file says (docs/testing.md), read with the place of every entry. */
import { isAbsolute, resolve } from 'node:path';
import type { SectionName } from '../exchange/events.ts';
import { environmentVariable } from '../host/node-environment.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import { ALL_SECTIONS } from '../policies/definition.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { span } from '../source/span.ts';
import { type Entry, readConfig } from '../workspace/config-file.ts';
import * as faults from '../workspace/faults.ts';
import { readStandIns } from '../workspace/stand-ins.ts';
import { readDuration, readMoment } from './duration.ts';
import { nameOf, rowOf, withRow } from './each.ts';
import { type Expectation, readExpectation } from './expectations.ts';
import { emptyTable, goesBack, noSteps, noSuchColumn, notBoth, sameName } from './faults.ts';
import { entriesOf } from './format.ts';
import { readGiven, type TestGiven } from './given.ts';
import { readBackend, readStubs } from './read-stubs.ts';
import { GET_ROOT, readRequest, type TestRequest } from './request.ts';
import type { Stub } from './stubs.ts';

export interface Suite {
  readonly name: string;
  /** As shown in reports. */
  readonly file: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly tests: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  readonly line: number;
  /** The entry's text, for reports that point at it. */
  readonly entry: Entry;
  /** Absolute path of the file it stands in, and its place among its tests. */
  readonly path: string;
  readonly index: number;
  /** Absolute path of the policy directory, document or fragment. */
  readonly policies: string;
  readonly section: SectionName | undefined;
  readonly expression: Entry | undefined;
  /** Milliseconds since 1970. */
  readonly clock: number;
  readonly seed: number;
  readonly namedValues: Readonly<Record<string, string>>;
  /** Real milliseconds; undefined: as the runner says. */
  readonly timeout: number | undefined;
  /** Why it does not run; undefined when it does. */
  readonly skip: string | undefined;
  readonly only: boolean;
  /** One step unless the test has a timeline. All steps share one gateway: its caches, counters and clock. */
  readonly steps: readonly TestStep[];
}

export interface TestStep {
  readonly name: string | undefined;
  readonly line: number;
  /** Milliseconds after the start of the test. */
  readonly at: number | undefined;
  /** Milliseconds after the end of the step before. */
  readonly after: number;
  readonly request: TestRequest;
  readonly given: TestGiven;
  readonly identity: readonly StandInProvider[];
  readonly backend: readonly Stub[];
  readonly calls: readonly Stub[];
  readonly expect: Expectation;
}

type Stubs = Pick<TestStep, 'backend' | 'calls'>;

const DEFAULT_CLOCK = Date.UTC(2026, 0, 1);

/** Reads a suite; what is wrong goes to `report`. */
export function readSuite(text: string, shownName: string, path: string, report: (problem: Diagnostic) => void): Suite {
  const root = readConfig(text, shownName, once(report), (name) => environmentVariable(name));
  root.onlyMembers(entriesOf('suite'));
  const tests = new SuiteReader(root, path).tests();
  return { name: root.get('suite').text() ?? shownName, file: shownName, path, tests };
}

/** What the suite gives to all is read for each test, and wrong once. */
function once(report: (problem: Diagnostic) => void): (problem: Diagnostic) => void {
  const seen = new Set<string>();
  return (problem) => {
    const key = `${problem.span.start} ${problem.code} ${problem.message}`;
    if (!seen.has(key)) report(problem);
    seen.add(key);
  };
}

/** A single request for what `given`, `backend`, `calls` and so on say, outside of a suite. */
class SuiteReader {
  readonly #root: Entry;
  readonly #path: string;
  readonly #directory: string;
  readonly #policies: string;
  readonly #section: SectionName | undefined;
  readonly #clock: number;
  readonly #seed: number;
  readonly #namedValues: Readonly<Record<string, string>>;
  readonly #timeout: number | undefined;
  readonly #identity: readonly StandInProvider[];

  constructor(root: Entry, path: string) {
    this.#root = root;
    this.#path = path;
    const directory = resolve(path, '..');
    this.#directory = directory;
    const policies = root.get('policies').text() ?? '.';
    this.#policies = isAbsolute(policies) ? policies : resolve(directory, policies);
    this.#section = root.get('section').choice(ALL_SECTIONS);
    this.#clock = readMoment(root.get('clock')) ?? DEFAULT_CLOCK;
    this.#seed = root.get('seed').number() ?? 1;
    this.#namedValues = textsOf(root.get('named-values'));
    this.#timeout = root.get('timeout').exists ? readDuration(root.get('timeout')) : undefined;
    this.#identity = readStandIns(root.get('identity'));
  }

  tests(): TestCase[] {
    const list = this.#root.get('tests');
    if (!list.exists) this.#root.report(faults.missingEntry('tests'));
    const tests = list
      .items()
      .flatMap((entry) => this.#rows(entry))
      .map((test, index) => ({ ...test, index }));
    reportSameNames(tests);
    return tests.some(({ only }) => only) ? tests.map(unlessOnly) : tests;
  }

  /** One test, or one a row of its table. */
  #rows(entry: Entry): Omit<TestCase, 'index'>[] {
    entry.onlyMembers(entriesOf('test'));
    const each = entry.get('each');
    if (!each.exists) return [this.#test(entry, undefined)];
    const rows = each.items();
    if (rows.length === 0) each.report(emptyTable('each'));
    const read = rows.map(rowOf);
    reportColumns(entry, new Set(read.flatMap((row) => [...row.keys()])));
    return rows.map((row, at) => {
      const values = read[at] ?? rowOf(row);
      return this.#test(withRow(entry, values), nameOf(entry.get('name').text() ?? '', values), lineOf(row));
    });
  }

  #test(entry: Entry, rowName: string | undefined, line = lineOf(entry)): Omit<TestCase, 'index'> {
    const steps = entry.get('steps');
    const expression = entry.get('expression').text() === undefined ? undefined : entry.get('expression');
    if (steps.exists) this.#refuseBeside(entry, 'steps');
    if (steps.exists) this.#checkSteps(entry, steps);
    const stubs = this.#stubsOf(steps.exists ? [entry, this.#root] : [this.#root]);
    const name = entry.get('name').requiredText() ?? `test at line ${line}`;
    const skip = entry.get('skip');
    return {
      name: rowName ?? name,
      line,
      entry,
      path: this.#path,
      policies: this.#policies,
      section: entry.get('section').choice(ALL_SECTIONS) ?? this.#sectionOf(expression, entry),
      expression,
      clock: readMoment(entry.get('clock')) ?? this.#clock,
      seed: entry.get('seed').number() ?? this.#seed,
      namedValues: { ...this.#namedValues, ...textsOf(entry.get('named-values')) },
      timeout: entry.get('timeout').exists ? readDuration(entry.get('timeout')) : this.#timeout,
      skip: skipReason(skip),
      only: entry.get('only').boolean() ?? false,
      steps: steps.exists
        ? steps.items().map((step) => this.#step(step, entry, stubs, false))
        : [this.#step(entry, undefined, stubs, expression !== undefined)],
    };
  }

  #checkSteps(entry: Entry, steps: Entry): void {
    const list = steps.items();
    if (steps.isList && list.length === 0) steps.report(noSteps());
    reportGoingBack(list);
    if (list.length > 0 && list.every((step) => !step.get('expect').exists)) entry.report(faults.missingEntry('expect'));
  }

  #refuseBeside(entry: Entry, name: string): void {
    for (const other of ['request', 'expect', 'expression']) if (entry.get(other).exists) entry.get(other).report(notBoth(other, name));
  }

  #sectionOf(expression: Entry | undefined, entry: Entry): SectionName | undefined {
    if (!expression) return this.#section;
    return entry.get('backend').exists ? 'outbound' : undefined;
  }

  /** Read once for all steps of a test, so that answers in turn go on from step to step. */
  #stubsOf(around: readonly Entry[]): Stubs {
    const backend = around.map((one) => one.get('backend')).find((one) => one.exists);
    return { backend: backend ? readBackend(backend) : [], calls: around.flatMap((one) => readStubs(one.get('calls'))) };
  }

  /** What a step does not say, its test says, then the suite; `stubs` are those of both. */
  #step(entry: Entry, test: Entry | undefined, stubs: Stubs, isExpression: boolean): TestStep {
    if (test) entry.onlyMembers(entriesOf('step'));
    const request = entry.get('request');
    if (!request.exists && !isExpression) entry.report(faults.missingEntry('request'));
    if (!test && !entry.get('expect').exists) entry.report(faults.missingEntry('expect'));
    const around = test ? [entry, test, this.#root] : [entry, this.#root];
    const nearest = (name: string) => (around.find((one) => one.get(name).exists) ?? entry).get(name);
    const given = test?.get('given').exists ? test.get('given') : this.#root.get('given');
    return {
      name: test ? entry.get('name').text() : undefined,
      line: lineOf(entry),
      at: entry.get('at').exists ? readDuration(entry.get('at')) : undefined,
      after: entry.get('after').exists ? readDuration(entry.get('after')) : 0,
      request: request.exists ? readRequest(request, !isExpression) : GET_ROOT,
      given: readGiven(entry.get('given'), given, this.#directory),
      identity: nearest('identity').exists ? readStandIns(nearest('identity'), this.#identity) : [],
      backend: entry.get('backend').exists ? readBackend(entry.get('backend')) : stubs.backend,
      calls: [...readStubs(entry.get('calls')), ...stubs.calls],
      expect: readExpectation(entry.get('expect'), isExpression),
    };
  }
}

/** A step whose time has passed runs at once, which is seldom meant. */
function reportGoingBack(steps: readonly Entry[]): void {
  let latest = 0;
  for (const at of steps.map((step) => step.get('at')).filter((one) => one.exists)) {
    const time = readDuration(at);
    if (time < latest) at.report(goesBack());
    latest = Math.max(latest, time);
  }
}

function unlessOnly(test: TestCase): TestCase {
  return test.only ? test : { ...test, skip: test.skip ?? 'another test of the file says `only`' };
}

function skipReason(entry: Entry): string | undefined {
  const text = entry.exists ? entry.text() : undefined;
  if (text === undefined || text === 'false') return undefined;
  return text === 'true' ? 'skipped' : text;
}

function lineOf({ context: { file }, span }: Entry): number {
  return file.positionAt(span.start).line;
}

function textsOf(entry: Entry): Readonly<Record<string, string>> {
  return Object.fromEntries(entry.members().map(([name, value]) => [name, value.text() ?? '']));
}

/** A reference to a column that no row has stays as it is written, which is seldom meant. */
function reportColumns(entry: Entry, columns: ReadonlySet<string>): void {
  const { file } = entry.context;
  const from = entry.span.start;
  for (const { 0: whole, 1: name = '', index } of file.text.slice(from, entry.span.end).matchAll(/\$\{([A-Za-z_][\w.-]*)\}/g)) {
    if (columns.has(name)) continue;
    const at = from + index;
    entry.report(noSuchColumn(name, [...columns]), span(at, at + whole.length));
  }
}

function reportSameNames(tests: readonly TestCase[]): void {
  const seen = new Set<string>();
  for (const { name, entry } of tests) {
    if (seen.has(name)) entry.get('name').report(sameName(name));
    seen.add(name);
  }
}
