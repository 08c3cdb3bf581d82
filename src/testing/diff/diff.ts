/** What changes in effect between two policy directories: both get the same requests, offline: generated ones, and those of tests. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { enclosingDirectory } from '../../workspace/enclosing-directory.ts';
import { createExpressions, type Expressions } from '../../workspace/expressions.ts';
import { danglingReference } from '../../workspace/faults.ts';
import type { Workspace } from '../../workspace/model.ts';
import { runCase } from '../case.ts';
import type { TestGateway } from '../contract.ts';
import { createPolicyGateway } from '../gateway.ts';
import { type TestGateway as Callable, createTestGateway } from '../index.ts';
import { loadSubject, readWorkspace } from '../prepare.ts';
import type { Suite, TestCase } from '../suite.ts';
import { type Difference, differencesOf } from './compare.ts';
import { type Probe, probesFor } from './probes.ts';
import { vocabularyOf } from './vocabulary.ts';

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
  readonly requests: number;
}

interface Side {
  readonly gateway: Callable;
  readonly inner: TestGateway;
  readonly operations: ReadonlyMap<string, Operation>;
}

interface Operation {
  readonly method: string;
  readonly template: string;
  readonly policies: ReturnType<TestGateway['engine']['policyFor']>[];
}

/**
 * `before` and `after`: policy directories or documents; `suites`: tests, perhaps recorded ones, whose requests are sent besides, with
 * what is given in them; `environmentName`: entry of `environments` in portico.yaml. @throws PolicyProblems when a side has errors.
 */
export async function diffPolicies(
  before: string,
  after: string,
  suites: readonly Suite[] = [],
  environmentName?: string,
): Promise<DiffResult> {
  const expressions = createExpressions();
  const [left, right] = [await sideOf(before, expressions, environmentName), await sideOf(after, expressions, environmentName)];
  const keys = [...new Set([...left.operations.keys(), ...right.operations.keys()])];
  const operations: OperationDiff[] = [];
  let requests = 0;
  let compared = 0;
  for (const key of keys) {
    const [one, other] = [left.operations.get(key), right.operations.get(key)];
    if (!one || !other) {
      operations.push({ operation: key, kind: one ? 'removed' : 'added', cases: [] });
      continue;
    }
    compared += 1;
    const probes = probesFor(one.method, one.template, vocabularyOf([...one.policies, ...other.policies]));
    requests += probes.length;
    const cases = await casesOf(probes, left, right);
    if (cases.length > 0) operations.push({ operation: key, kind: 'changed', cases });
  }
  for (const suite of suites) {
    for (const test of suite.tests) {
      requests += test.steps.length;
      const cases = await casesOfTest(test, left.inner, right.inner);
      if (cases.length > 0) operations.push({ operation: `${suite.name} > ${test.name}`, kind: 'changed', cases });
    }
  }
  return { operations, compared, requests };
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

async function sideOf(policies: string, expressions: Expressions, environmentName: string | undefined): Promise<Side> {
  const workspace = loadSubject({ policies, loaded: withSurroundings(policies, environmentName) });
  const inner = await createPolicyGateway({ policies, workspace, expressions });
  const gateway = await createTestGateway({ policies, workspace, expressions });
  return { gateway, inner, operations: operationsOf(inner, inner.engine.workspace) };
}

/** A document that lies in a policy directory sees what is around it: named values, fragments, backends. */
function withSurroundings(policies: string, environmentName: string | undefined): Workspace {
  const loaded = readWorkspace(policies, environmentName);
  const isDocument = statSync(policies, { throwIfNoEntry: false })?.isFile() === true && /\.xml$/i.test(policies);
  const root = isDocument ? enclosingDirectory(resolve(policies)) : undefined;
  if (root === undefined) return loaded;
  const { namedValues, fragments, backends, certificates, exportedCertificates, connections, schemas, xmlSchemas, local, problems } =
    readWorkspace(root, environmentName);
  const notHere = environmentName === undefined ? '' : danglingReference('environment', environmentName).message;
  const own = loaded.problems.filter(({ message }) => message !== notHere);
  // Other documents have no part in it.
  const around = problems.filter(({ file }) => !/\.xml$/i.test(file.name));
  return {
    ...loaded,
    ...{ namedValues, fragments, backends, certificates, exportedCertificates, connections, schemas, xmlSchemas, local },
    problems: [...own, ...around],
  };
}

function operationsOf({ engine }: TestGateway, { apis }: Workspace): Map<string, Operation> {
  return new Map(
    apis.flatMap((api) =>
      api.operations.map((operation): [string, Operation] => {
        const template = `${api.info.path === '' ? '' : `/${api.info.path}`}${operation.info.urlTemplate}`.replace(/\/$/, '') || '/';
        const method = operation.info.method === '*' ? 'GET' : operation.info.method;
        return [`${method} ${template}`, { method, template, policies: [engine.policyFor(api, operation)] }];
      }),
    ),
  );
}

/** Requests come smallest first: of those that show the same differences the first is kept. */
async function casesOf(probes: readonly Probe[], left: Side, right: Side): Promise<DiffCase[]> {
  const cases: DiffCase[] = [];
  for (const { line, options, says } of probes) {
    left.gateway.reset();
    right.gateway.reset();
    const differences = differencesOf(await left.gateway.request(line, options), await right.gateway.request(line, options));
    if (differences.length > 0) cases.push({ request: line, with: says, differences });
  }
  return withoutCovered(cases);
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
