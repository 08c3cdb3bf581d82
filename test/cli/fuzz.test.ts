/**
 * No text makes the expression language fail by itself: whatever a policy says is refused with a diagnostic, gives a value,
 * throws as .NET throws, or ends by its budget within two seconds. PORTICO_FUZZ_RUNS and PORTICO_FUZZ_SEED ask for more than
 * the fixed programs, PORTICO_FUZZ_TEXTS names a file of further texts, one a line.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchangeMaker } from '../../src/cli/eval-context.ts';
import { Evaluator } from '../../src/cli/eval-run.ts';
import { programs } from './fuzz-programs.ts';

const RUNS = Number(process.env.PORTICO_FUZZ_RUNS ?? 1000);
const SEED = Number(process.env.PORTICO_FUZZ_SEED ?? 20260101);
const SECONDS = 2.5;

const BODY = '{"order":{"id":7,"lines":[{"sku":"S1","quantity":2,"price":1.5}]},"customer":{"name":"Ada"}}';

function textsOf(path: string | URL): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

const more = process.env.PORTICO_FUZZ_TEXTS;
const written = textsOf(new URL('fuzz-seeds.txt', import.meta.url));
const seeds = [...written, ...(more === undefined ? [] : textsOf(more))];
const evaluator = new Evaluator(true);

const makeExchange = await exchangeMaker({ method: 'POST', url: 'https://host/a?page=2', header: ['X-Tenant: north'], body: BODY });

function newExchange() {
  const exchange = makeExchange(evaluator.types);
  exchange.variables.set('text', 'some text');
  exchange.variables.set('number', null);
  return exchange;
}

/** What went wrong, if anything did. */
function complaint(text: string): string | undefined {
  const started = performance.now();
  const result = evaluator.evaluate(text, newExchange());
  const seconds = (performance.now() - started) / 1000;
  if (seconds > SECONDS) return `took ${seconds.toFixed(1)} s`;
  if (result.kind === 'failed' && !result.why.startsWith('The expression used more than')) return result.why;
  if (result.kind === 'refused' && result.diagnostics.length === 0) return 'refused without a diagnostic';
  return undefined;
}

test.each(written.filter((seed) => !seed.includes('number')))('the seed %s compiles', (seed) => {
  expect(evaluator.evaluate(seed, newExchange())).toMatchObject({ kind: expect.stringMatching(/value|threw/) });
});

test(`${RUNS} programs neither break nor hang the engine`, { timeout: Math.max(60_000, RUNS * 30) }, () => {
  fc.assert(
    fc.property(programs(seeds), (text) => {
      const wrong = complaint(text);
      if (wrong !== undefined) throw new Error(`${text}: ${wrong}`);
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
});
