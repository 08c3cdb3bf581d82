/** `portico test --mutate`: changes to the policies that no test notices. */
import { type Mutant, NOTICED_BY } from '../testing/mutation/mutants.ts';
import { prepareMutation, scoreOf, type Trial } from '../testing/mutation/mutation.ts';
import { count, EXIT } from './output.ts';
import { type TrialResult, testsAt } from './test-helper.ts';
import { plainOptions } from './test-options.ts';
import type { Rerun } from './test-rerun.ts';
import { runShared } from './test-shared.ts';

/** Gives the exit code: 1 below the threshold. */
export async function runMutants({ runner, refs, options, threads, note, findings }: Rerun): Promise<number> {
  const started = performance.now();
  const mutation = await prepareMutation(
    testsAt(refs).map(({ test }) => test),
    runner.gateways,
  );
  const trials: Trial[] = [];
  await runShared<Trial>(
    {
      count: mutation.mutants.length,
      job: { kind: 'mutants', tests: refs, options: plainOptions(options) },
      here: (at) => mutation.try(at),
      revived: (told, at) => ({ mutant: mutation.mutants[at] as Mutant, ...(told as TrialResult) }),
      done: (trial) => trials.push(trial) > 0,
    },
    threads,
  );
  const score = scoreOf(trials);
  findings.mutation = mutationData(trials, score);
  note(`\n${mutationText(trials)}\n${summary(trials, score)} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  const { mutateThreshold } = options;
  if (mutateThreshold === undefined || score >= mutateThreshold) return EXIT.clean;
  note(`the mutation score is below the threshold of ${mutateThreshold}%\n`);
  return EXIT.problems;
}

function summary(trials: readonly Trial[], score: number): string {
  const of = (fate: Trial['fate']) => trials.filter((trial) => trial.fate === fate).length;
  const invalid = of('invalid') > 0 ? `, ${of('invalid')} refused as errors` : '';
  return `${count(trials.length, 'mutant')}: ${of('killed')} killed, ${of('survived')} survived${invalid}; mutation score ${score}%`;
}

function mutationData(trials: readonly Trial[], score: number): object {
  const mutants = trials.map(({ mutant: { file, span, kind, description }, fate, reachedBy, killedBy }) => ({
    kind,
    file: file.name,
    ...file.positionAt(span.start),
    change: description,
    fate,
    reachedBy,
    killedBy,
    ...(fate === 'survived' ? { help: NOTICED_BY[kind] } : {}),
  }));
  return { score, survivors: mutants.filter(({ fate }) => fate === 'survived'), mutants };
}

/** Survivors with place, change and source line. */
function mutationText(trials: readonly Trial[]): string {
  const survivors = trials.filter(({ fate }) => fate === 'survived');
  if (trials.length === 0) return 'There was nothing to change in what passing tests run.';
  if (survivors.length === 0) return 'Every change to the policies was noticed by a test.';
  return `Changes that no test notices:\n${survivors.map(survivorText).join('')}`;
}

function survivorText({ mutant, reachedBy }: Trial): string {
  const { file, span, kind, description } = mutant;
  const { line, column } = file.positionAt(span.start);
  const text = file.lineText(line);
  const indent = text.length - text.trimStart().length;
  const width = Math.max(1, Math.min(span.end - span.start, text.trimEnd().length - column + 1));
  const caret = `${' '.repeat(String(line).length)} | ${' '.repeat(Math.max(0, column - 1 - indent))}${'^'.repeat(width)}`;
  const reach = reachedBy === 0 ? 'no test reaches it' : `${count(reachedBy, 'test')} ${reachedBy === 1 ? 'reaches' : 'reach'} it`;
  return `  ${file.name}:${line} ${kind}: ${description} (${reach})\n      ${line} | ${text.trim()}\n      ${caret}\n      help: ${NOTICED_BY[kind]}\n`;
}
