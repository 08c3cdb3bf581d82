/** What changes in effect between two policy directories: both get the same requests, offline: generated ones, and those of tests. */
import { runCase } from '../case.ts';
import type { TestGateway } from '../contract.ts';
import type { Suite, TestCase } from '../suite.ts';
import { type Difference, differencesOf } from './compare.ts';
import type { KeptState } from './kept-state.ts';
import { type Probe, probesFor } from './probes.ts';
import { SequenceRun } from './sequence-run.ts';
import { sequencesFor } from './sequences.ts';
import { createShared, type Operation, type Shared, type Side, sideOf } from './side.ts';
import { statefulPoliciesIn, vocabularyOf } from './vocabulary.ts';

export interface OperationDiff {
  /** `GET /orders/{id}`, or `suite > test` for the requests of a test. */
  readonly operation: string;
  /** `changed`: some request has another effect; `added`, `removed`: only one side has the operation. */
  readonly kind: 'changed' | 'added' | 'removed';
  /** The smallest request for each way in which the effects differ. */
  readonly cases: readonly DiffCase[];
}

export interface DiffCase {
  readonly request: string;
  /** What the request brings beside its line. */
  readonly with: readonly string[];
  readonly differences: readonly Difference[];
}

export interface DiffResult {
  readonly operations: readonly OperationDiff[];
  /** Operations that both sides have. */
  readonly compared: number;
  /** Calls that were made on each side. */
  readonly requests: number;
  /** Limits and durations that nothing above says anything about, in words. */
  readonly untried: readonly string[];
}

type Sides = readonly [Side, Side];

/**
 * `before` and `after`: policy directories or documents; `suites`: tests, perhaps recorded ones, whose requests are sent besides, with
 * what is given in them; `environmentName`: entry of `environments` in portico.yaml; `shared`: what many comparisons may use. @throws PolicyProblems when a side has errors.
 */
export async function diffPolicies(
  before: string,
  after: string,
  suites: readonly Suite[] = [],
  environmentName?: string,
  shared?: Shared,
): Promise<DiffResult> {
  const made = shared ?? (await createShared());
  const [left, right] = [await sideOf(before, made, environmentName), await sideOf(after, made, environmentName)];
  const keys = [...new Set([...left.operations.keys(), ...right.operations.keys()])];
  const operations: OperationDiff[] = [];
  const untried: string[] = [];
  let requests = 0;
  let compared = 0;
  for (const key of keys) {
    const [one, other] = [left.operations.get(key), right.operations.get(key)];
    if (!one || !other) {
      operations.push({ operation: key, kind: one ? 'removed' : 'added', cases: [] });
      continue;
    }
    compared += 1;
    const found = await compare(key, one, other, [left, right]);
    requests += found.requests;
    untried.push(...found.untried);
    if (found.cases.length > 0) operations.push({ operation: key, kind: 'changed', cases: found.cases });
  }
  for (const suite of suites) {
    for (const test of suite.tests) {
      requests += test.steps.length;
      const cases = await casesOfTest(test, left.inner, right.inner);
      if (cases.length > 0) operations.push({ operation: `${suite.name} > ${test.name}`, kind: 'changed', cases });
    }
  }
  return { operations, compared, requests, untried };
}

/** Real milliseconds that a test may take. */
const TEST_TIMEOUT = 5000;

/** The requests of a test, one after the other, on both sides; what the test expects of them plays no part. */
async function casesOfTest(test: TestCase, left: TestGateway, right: TestGateway): Promise<DiffCase[]> {
  const [before, after] = [await runCase(left, test, { timeout: TEST_TIMEOUT }), await runCase(right, test, { timeout: TEST_TIMEOUT })];
  return test.steps.flatMap(({ request, name }, i) => {
    const [one, other] = [before.results[i], after.results[i]];
    const differences = one && other ? differencesOf(one, other) : [];
    return differences.length > 0
      ? [{ request: `${request.method} ${request.url}`, with: name === undefined ? [] : [name], differences }]
      : [];
  });
}

interface Compared {
  readonly cases: readonly DiffCase[];
  /** Calls that were made on each side. */
  readonly requests: number;
  readonly untried: readonly string[];
}

async function compare(key: string, one: Operation, other: Operation, sides: Sides): Promise<Compared> {
  const policies = [...one.policies, ...other.policies];
  const products = one.products.filter((product) => other.products.includes(product));
  const probes = probesFor(one.method, one.template, vocabularyOf(policies), products);
  const singles = await compareSingles(probes, sides);
  const sequences = await compareSequences(singles.stateful.slice(0, MOST_REPEATED), sides);
  const left = singles.stateful.length - MOST_REPEATED;
  return {
    cases: withoutCovered([...singles.cases, ...sequences.cases]),
    requests: probes.length + sequences.requests,
    untried: [
      ...(left > 0 ? [`${key}: ${left} more requests that counters or caches see in another way were not repeated`] : []),
      ...statefulPoliciesIn(one.policies, other.policies)
        .filter((name) => !singles.reached.has(name))
        .map((name) => `${key}: no request reached \`${name}\`, so its limits or durations were not compared`),
    ],
  };
}

/** A request after which something is counted or cached, and what that was on each side. */
interface Stateful {
  readonly probe: Probe;
  readonly kept: readonly [KeptState, KeptState];
}

/** Requests that are repeated, at most, of one operation. */
const MOST_REPEATED = 8;

/** Requests come smallest first: of those that show the same differences the first is kept. */
async function compareSingles(probes: readonly Probe[], [left, right]: Sides) {
  const cases: DiffCase[] = [];
  const stateful = new Map<string, Stateful>();
  const reached = new Set<string>();
  for (const probe of probes) {
    await left.begin();
    await right.begin();
    const [one, other] = [await left.ask(probe), await right.ask(probe)];
    for (const { events } of [one.result, other.result])
      for (const event of events) if (event.kind === 'step-started') reached.add(event.step.policy);
    const differences = differencesOf(one.result, other.result);
    if (differences.length > 0) cases.push({ request: probe.line, with: probe.says, differences });
    const shape = JSON.stringify([one.kept.shape, other.kept.shape]);
    if (shape !== '[[],[]]' && !stateful.has(shape)) stateful.set(shape, { probe, kept: [one.kept, other.kept] });
  }
  return { cases, stateful: [...stateful.values()], reached };
}

async function compareSequences(stateful: readonly Stateful[], sides: Sides): Promise<Omit<Compared, 'untried'>> {
  const cases: DiffCase[] = [];
  const told = new Map<string, readonly string[]>();
  let requests = 0;
  for (const { probe, kept } of stateful) {
    for (const sequence of sequencesFor(...kept)) {
      const runner = new SequenceRun(probe, sequence, sides);
      const found = await runner.found();
      requests += runner.requests;
      if (!found) continue;
      // A larger request that shows the same kinds of differences at the same place adds nothing.
      const place = found.with.slice(probe.says.length).join();
      const kinds = found.differences.map(({ what }) => what);
      if (kinds.every((kind) => told.get(place)?.includes(kind))) continue;
      told.set(place, kinds);
      cases.push(found);
    }
  }
  return { cases, requests };
}

/** A case whose differences all stand in smaller ones adds nothing. */
function withoutCovered(cases: readonly DiffCase[]): DiffCase[] {
  const told = new Set<string>();
  return cases.filter(({ differences }) => {
    const fresh = differences.filter((difference) => !told.has(JSON.stringify(difference)));
    for (const difference of fresh) told.add(JSON.stringify(difference));
    return fresh.length > 0;
  });
}
