/** Runs the tests that reach a change against policies that hold it: a change that no test notices survives. */
import type { ExchangeEvent } from '../../exchange/events.ts';
import type { Engine } from '../../workspace/engine.ts';
import { readDocument } from '../../xml/reader.ts';
import { runCase } from '../case.ts';
import { PolicyProblems } from '../gateway.ts';
import { Gateways } from '../gateways.ts';
import { documentsOf } from '../prepare.ts';
import { hasFailed, type SuiteOutcome } from '../runner.ts';
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
}

/** Real time that a test may take on changed policies. */
const TIMEOUT = 3000;

/** `progress` is told how many of all are done. */
export async function tryMutants(
  outcomes: readonly SuiteOutcome[],
  gateways: Gateways,
  progress: (done: number, all: number) => void = () => {},
): Promise<Trial[]> {
  const baselines = await baselinesOf(outcomes, gateways);
  const mutants = await mutantsUnder(baselines, gateways);
  const trials: Trial[] = [];
  for (const mutant of mutants) {
    trials.push(await tryMutant(mutant, baselines, gateways));
    progress(trials.length, mutants.length);
  }
  return trials;
}

/** Of all valid changes, the share that some test noticed, in percent; 100 when there was nothing to change. */
export function scoreOf(trials: readonly Trial[]): number {
  const valid = trials.filter(({ fate }) => fate !== 'invalid');
  const killed = valid.filter(({ fate }) => fate === 'killed').length;
  return valid.length === 0 ? 100 : Math.floor((killed / valid.length) * 10_000) / 100;
}

async function baselinesOf(outcomes: readonly SuiteOutcome[], gateways: Gateways): Promise<Baseline[]> {
  const baselines: Baseline[] = [];
  for (const { tests, path } of outcomes) {
    const snapshots = new SnapshotFile(path);
    for (const outcome of tests) {
      if (hasFailed(outcome) || outcome.skipped !== undefined || outcome.test.expression) continue;
      baselines.push({ test: outcome.test, snapshots, reached: await reachedBy(outcome.test, gateways) });
    }
  }
  return baselines;
}

async function reachedBy(test: TestCase, gateways: Gateways): Promise<Map<string, Set<number>>> {
  const reached = new Map<string, Set<number>>();
  const listener = (event: ExchangeEvent): void => {
    if (event.kind !== 'step-started') return;
    const { file, span } = event.step;
    const starts = reached.get(file.name) ?? new Set();
    reached.set(file.name, starts.add(span.start));
  };
  await runCase(await gateways.of(test), test, { timeout: TIMEOUT, listener });
  return reached;
}

async function mutantsUnder(baselines: readonly Baseline[], gateways: Gateways): Promise<Mutant[]> {
  const seen = new Map<string, Mutant[]>();
  for (const { test } of baselines) {
    const { engine } = await gateways.of(test);
    for (const document of documentsOf(engine.workspace)) {
      const { name } = document.file;
      if (!name.startsWith('<') && !seen.has(name)) seen.set(name, mutantsOf(document));
    }
  }
  return [...seen.values()].flat();
}

async function tryMutant(mutant: Mutant, baselines: readonly Baseline[], gateways: Gateways): Promise<Trial> {
  const { name } = mutant.file;
  const reaching = baselines.filter(
    ({ reached, test }) => reaches(mutant, reached.get(name)) || (mutant.owner === undefined && usesDocument(test, name, gateways)),
  );
  const trial = (fate: Fate, killedBy?: string): Trial => ({ mutant, fate, reachedBy: reaching.length, killedBy });
  const { document, problems } = readDocument(mutated(mutant), name);
  if (problems.some(({ severity }) => severity === 'error')) return trial('invalid');
  const others = new Gateways({ expressions: gateways.expressions, base: gateways, documents: new Map([[name, document]]) });
  if (mutant.kind === 'drop-base' && (await sameEffect(baselines, gateways, others))) return trial('invalid');
  for (const { test, snapshots } of reaching) {
    const verdict = await notices(test, snapshots, others);
    if (verdict === 'invalid') return trial('invalid');
    if (verdict) return trial('killed', test.name);
  }
  return trial('survived');
}

/** `<base />` where nothing is inherited. */
async function sameEffect(baselines: readonly Baseline[], before: Gateways, after: Gateways): Promise<boolean> {
  try {
    for (const { test } of baselines) {
      if (effectOf((await before.of(test)).engine) !== effectOf((await after.of(test)).engine)) return false;
    }
    return true;
  } catch {
    // It does not compile, which the tests will find.
    return false;
  }
}

/** What runs for each operation, by files and paths. */
function effectOf(engine: Engine): string {
  const lines = engine.workspace.apis.flatMap((api) =>
    api.operations.flatMap((operation) =>
      ['', ...engine.workspace.products.filter(({ apiIds }) => apiIds.has(api.info.id)).map(({ info }) => info.id)].flatMap((product) =>
        Object.values(engine.policyFor(api, operation, product).sections).flatMap((steps) => [
          ...steps.map(({ info }) => `${info.file.name} ${info.path}`),
          '|',
        ]),
      ),
    ),
  );
  return lines.join('\n');
}

function reaches({ owner }: Mutant, starts: ReadonlySet<number> | undefined): boolean {
  return starts !== undefined && (owner === undefined || starts.has(owner));
}

/** Without `<base />` a document that ran nothing of its own still changes what runs. */
function usesDocument({ policies }: TestCase, name: string, gateways: Gateways): boolean {
  return documentsOf(gateways.workspace(policies)).some(({ file }) => file.name === name);
}

async function notices(test: TestCase, snapshots: SnapshotFile, gateways: Gateways): Promise<boolean | 'invalid'> {
  try {
    const run = await runCase(await gateways.of(test), test, { timeout: TIMEOUT });
    return run.differences.length > 0 || snapshotDifferences(snapshots, test, run.results, 'none').differences.length > 0;
  } catch (error) {
    return error instanceof PolicyProblems ? 'invalid' : true;
  }
}
