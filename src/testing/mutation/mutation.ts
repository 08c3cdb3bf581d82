/** Runs the tests that reach a change against policies that hold it: a change that no test notices survives. */
import type { ExchangeEvent } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { EffectivePolicy } from '../../pipeline/document.ts';
import type { StepList } from '../../policies/step.ts';
import { policyDocuments } from '../../workspace/documents.ts';
import type { Engine } from '../../workspace/engine.ts';
import { readDocument } from '../../xml/reader.ts';
import { runCase } from '../case.ts';
import { PolicyProblems } from '../contract.ts';
import { Gateways } from '../gateways.ts';
import { isPassing, type SuiteOutcome } from '../runner.ts';
import { SnapshotFile, snapshotDifferences } from '../snapshots.ts';
import type { TestCase } from '../suite.ts';
import { type Mutant, mutantsOf, mutated } from './mutants.ts';

/** `invalid`: the changed document has errors, so nobody could deploy it, or nothing changes in effect. */
export type Fate = 'killed' | 'survived' | 'invalid';

export interface Trial {
  readonly mutant: Mutant;
  readonly fate: Fate;
  /** How many tests reach the place. */
  readonly reachedBy: number;
  readonly killedBy: string | undefined;
}

/** A passing test with what it reaches. */
interface Baseline {
  readonly test: TestCase;
  readonly snapshots: SnapshotFile;
  /** Documents by name, with the starts of the policies that ran. */
  readonly reached: Map<string, Set<number>>;
  /** Documents that its operations' policies are made of, by name. */
  readonly documents: ReadonlySet<string>;
}

/** Real time that a test may take on changed policies. */
const TIMEOUT = 3000;

/** All changes, one after the other. */
export async function tryMutants(outcomes: readonly SuiteOutcome[], gateways: Gateways): Promise<Trial[]> {
  const mutation = await prepareMutation(passingTests(outcomes), gateways);
  const trials: Trial[] = [];
  for (let at = 0; at < mutation.mutants.length; at += 1) trials.push(await mutation.try(at));
  return trials;
}

/** Changes of everything that some tests use; the same tests give the same changes in the same order. */
export interface Mutation {
  readonly mutants: readonly Mutant[];
  /** Runs the tests that reach a change, by its number. */
  try(at: number): Promise<Trial>;
}

export async function prepareMutation(tests: readonly TestCase[], gateways: Gateways): Promise<Mutation> {
  const trying = new MutationRun(await baselinesOf(tests, gateways), gateways);
  return { mutants: await trying.mutants(), try: async (at) => trying.try(at) };
}

/** Tests of policies that passed: the rest tells nothing about changes and failures. */
function passingTests(outcomes: readonly SuiteOutcome[]): TestCase[] {
  return outcomes.flatMap(({ tests }) => tests.filter(isPassing).map(({ test }) => test));
}

/** Of all valid changes, the share that some test noticed, in percent; 100 when there was nothing to change. */
export function scoreOf(trials: readonly Trial[]): number {
  const valid = trials.filter(({ fate }) => fate !== 'invalid');
  const killed = valid.filter(({ fate }) => fate === 'killed').length;
  return valid.length === 0 ? 100 : Math.floor((killed / valid.length) * 10_000) / 100;
}

async function baselinesOf(tests: readonly TestCase[], gateways: Gateways): Promise<Baseline[]> {
  const snapshots = new Map<string, SnapshotFile>();
  const baselines: Baseline[] = [];
  for (const test of tests) {
    const stored = snapshots.get(test.path) ?? new SnapshotFile(test.path);
    snapshots.set(test.path, stored);
    baselines.push({ test, snapshots: stored, ...(await reachedBy(test, gateways)) });
  }
  return baselines;
}

async function reachedBy(test: TestCase, gateways: Gateways): Promise<Pick<Baseline, 'reached' | 'documents'>> {
  const reached = new Map<string, Set<number>>();
  const documents = new Set<string>();
  const listener = (event: ExchangeEvent, { api, operation, product }: Exchange): void => {
    for (const name of [api?.id, operation && `${api?.id ?? ''}/${operation.id}`, product && `product ${product.id}`])
      documents.add(name ?? '');
    if (event.kind !== 'step-started') return;
    const { file, span } = event.step;
    const starts = reached.get(file.name) ?? new Set();
    reached.set(file.name, starts.add(span.start));
  };
  const gateway = await gateways.of(test);
  await runCase(gateway, test, { timeout: TIMEOUT, listener, guard: gateways.guard });
  return { reached, documents: namesOf(gateway.engine, documents) };
}

/** Documents of the scopes that calls went through; global ones and fragments concern everybody. */
function namesOf({ workspace }: Engine, scopes: ReadonlySet<string>): ReadonlySet<string> {
  const documents = [
    workspace.globalPolicy,
    ...workspace.apis.map(({ space }) => space?.policy),
    ...workspace.products.flatMap(({ info, policy }) => (scopes.has(`product ${info.id}`) ? [policy] : [])),
    ...workspace.apis.flatMap(({ info, policy, operations }) => [
      ...(scopes.has(info.id) ? [policy] : []),
      ...operations.flatMap((one) => (scopes.has(`${info.id}/${one.info.id}`) ? [one.policy] : [])),
    ]),
  ];
  return new Set(documents.flatMap((document) => (document ? [document.file.name] : [])));
}

class MutationRun {
  readonly #baselines: readonly Baseline[];
  readonly #gateways: Gateways;
  #mutants: readonly Mutant[] = [];
  /** One test for each engine: what holds for an engine need not be asked for each of its tests. */
  #subjects: ReadonlyMap<Engine, TestCase> = new Map();
  readonly #effects = new Map<Engine, string>();

  constructor(baselines: readonly Baseline[], gateways: Gateways) {
    this.#baselines = baselines;
    this.#gateways = gateways;
  }

  async mutants(): Promise<readonly Mutant[]> {
    const subjects = new Map<Engine, TestCase>();
    for (const { test } of this.#baselines) {
      const { engine } = await this.#gateways.of(test);
      if (!subjects.has(engine)) subjects.set(engine, test);
    }
    this.#subjects = subjects;
    const documents = [...subjects.keys()].flatMap(({ workspace }) => policyDocuments(workspace));
    const named = new Map(documents.filter(({ file }) => !file.name.startsWith('<')).map((document) => [document.file.name, document]));
    this.#mutants = [...named.values()].flatMap(mutantsOf);
    return this.#mutants;
  }

  async try(at: number): Promise<Trial> {
    const mutant = this.#mutants[at];
    if (!mutant) throw new RangeError(`there is no change ${at}`);
    const { name } = mutant.file;
    const reaching = this.#baselines.filter(
      ({ reached, documents }) => reaches(mutant, reached.get(name)) || (mutant.owner === undefined && documents.has(name)),
    );
    const trial = (fate: Fate, killedBy?: string): Trial => ({ mutant, fate, reachedBy: reaching.length, killedBy });
    const { document, problems } = readDocument(mutated(mutant), name);
    if (problems.some(({ severity }) => severity === 'error')) return trial('invalid');
    const others = new Gateways({ expressions: this.#gateways.expressions, base: this.#gateways, documents: new Map([[name, document]]) });
    if (mutant.kind === 'drop-base' && (await this.#sameEffect(others))) return trial('invalid');
    if (reaching.length === 0 && (await this.#isRefused(name, others))) return trial('invalid');
    for (const { test, snapshots } of reaching) {
      const verdict = await notices(test, snapshots, others);
      if (verdict === 'invalid') return trial('invalid');
      if (verdict) return trial('killed', test.name);
    }
    return trial('survived');
  }

  /** Whether a change that no test reaches would not compile, so that nobody could deploy it. */
  async #isRefused(name: string, after: Gateways): Promise<boolean> {
    for (const [{ workspace }, test] of this.#subjects)
      if (policyDocuments(workspace).some(({ file }) => file.name === name)) return failsToCompile(test, after);
    return false;
  }

  /** `<base />` where nothing is inherited. */
  async #sameEffect(after: Gateways): Promise<boolean> {
    try {
      for (const [engine, test] of this.#subjects) {
        const before = this.#effects.get(engine) ?? effectOf(engine);
        this.#effects.set(engine, before);
        if (before !== effectOf((await after.of(test)).engine)) return false;
      }
      return true;
    } catch {
      // It does not compile, which the tests will find.
      return false;
    }
  }
}

async function failsToCompile(test: TestCase, gateways: Gateways): Promise<boolean> {
  try {
    await gateways.of(test);
    return false;
  } catch (error) {
    return error instanceof PolicyProblems;
  }
}

/** What may run for each operation, by files and paths; nothing behind a policy that always answers does. */
function effectOf(engine: Engine): string {
  const lines = engine.workspace.apis.flatMap((api) =>
    api.operations.flatMap((operation) =>
      ['', ...engine.workspace.products.filter(({ apiIds }) => apiIds.has(api.info.id)).map(({ info }) => info.id)].flatMap((product) =>
        reachable(engine.policyFor(api, operation, product)).flatMap((steps) => [
          ...steps.map(({ info }) => `${info.file.name} ${info.path}`),
          '|',
        ]),
      ),
    ),
  );
  return lines.join('\n');
}

function reachable({ sections }: EffectivePolicy): readonly StepList[] {
  const { inbound, backend, outbound } = sections;
  const end = inbound.findIndex(({ info }) => info.policy === 'return-response' || info.policy === 'mock-response');
  return end < 0 ? [inbound, backend, outbound, sections['on-error']] : [inbound.slice(0, end + 1), sections['on-error']];
}

function reaches({ owner }: Mutant, starts: ReadonlySet<number> | undefined): boolean {
  return starts !== undefined && (owner === undefined || starts.has(owner));
}

async function notices(test: TestCase, snapshots: SnapshotFile, gateways: Gateways): Promise<boolean | 'invalid'> {
  try {
    const run = await runCase(await gateways.of(test), test, { timeout: TIMEOUT, guard: gateways.guard });
    return run.differences.length > 0 || snapshotDifferences(snapshots, test, run.results, 'none').differences.length > 0;
  } catch (error) {
    return error instanceof PolicyProblems ? 'invalid' : true;
  }
}
