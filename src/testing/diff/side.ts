/** One side of a comparison: a policy directory or document, ready to be called. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EffectivePolicy } from '../../pipeline/document.ts';
import { enclosingDirectory } from '../../workspace/enclosing-directory.ts';
import { createExpressions, type Expressions } from '../../workspace/expressions.ts';
import { danglingReference } from '../../workspace/faults.ts';
import type { Workspace } from '../../workspace/model.ts';
import type { TestGateway, TestResult } from '../contract.ts';
import { createPolicyGateway } from '../gateway.ts';
import type { TestGateway as Callable } from '../index.ts';
import { loadSubject, readWorkspace } from '../prepare.ts';
import { createTestProvider, type TestProvider } from '../provider.ts';
import { callableOver } from '../requests.ts';
import { type KeptState, StateRecorder } from './kept-state.ts';
import type { Probe } from './probes.ts';
import type { Counted } from './sequences.ts';

export interface Operation {
  readonly method: string;
  readonly template: string;
  /** As they run without a product, and for callers of each product. */
  readonly policies: readonly EffectivePolicy[];
  /** Products whose callers reach it. */
  readonly products: readonly string[];
}

export interface Answered {
  readonly result: TestResult;
  readonly kept: KeptState;
}

export class Side {
  readonly inner: TestGateway;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly #gateway: Callable;
  readonly #recorder: StateRecorder;

  constructor(inner: TestGateway, recorder: StateRecorder) {
    this.inner = inner;
    this.operations = operationsOf(inner);
    this.#recorder = recorder;
    this.#gateway = callableOver(inner, inner.engine.workspace.local.identity.providers);
  }

  /** Forgets what calls left behind, and puts a counter where it is wanted. */
  async begin(counted?: Counted): Promise<void> {
    this.#gateway.reset();
    if (!counted) return;
    const { counters } = this.inner.host;
    const { by, key, used, limit, seconds, window } = counted;
    if (by === 'carry') await counters.carry(key, used, limit, seconds);
    else await counters.add(key, used, seconds, window);
  }

  async ask({ line, options }: Probe): Promise<Answered> {
    this.#recorder.taken();
    const result = await this.#gateway.request(line, options);
    return { result, kept: this.#recorder.taken() };
  }

  advance(milliseconds: number): void {
    this.#gateway.advance(milliseconds);
  }
}

/** What is costly to build, and the same for both sides. */
export interface Shared {
  readonly expressions: Expressions;
  readonly provider: TestProvider;
}

export async function createShared(): Promise<Shared> {
  return { expressions: createExpressions(), provider: await createTestProvider() };
}

/** @throws PolicyProblems when the policies have errors. */
export async function sideOf(policies: string, shared: Shared, environmentName: string | undefined): Promise<Side> {
  const workspace = loadSubject({ policies, loaded: withSurroundings(policies, environmentName) });
  const recorder = new StateRecorder();
  return new Side(await createPolicyGateway({ policies, workspace, ...shared }, recorder.watch), recorder);
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

function operationsOf({ engine }: TestGateway): Map<string, Operation> {
  const { apis, products: all } = engine.workspace;
  return new Map(
    apis.flatMap((api) => {
      const products = all.filter(({ apiIds, space }) => apiIds.has(api.info.id) && space === api.space).map(({ info }) => info.id);
      return api.operations.map((operation): [string, Operation] => {
        const template = `${api.info.path === '' ? '' : `/${api.info.path}`}${operation.info.urlTemplate}`.replace(/\/$/, '') || '/';
        const method = operation.info.method === '*' ? 'GET' : operation.info.method;
        const policies = [undefined, ...products].map((product) => engine.policyFor(api, operation, product));
        return [`${method} ${template}`, { method, template, policies, products }];
      });
    }),
  );
}
