/**
 * Recorded tests are run once, offline, before they are left to their reader: what depends on time or chance is then expected
 * to be there alone, what depends on calls before it becomes a timeline with them, and what no test can repeat says so.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { isSecretName, MASK, Masking } from '../../exchange/masking.ts';
import { createExpressions, type Expressions } from '../../workspace/expressions.ts';
import { remembering } from '../../workspace/remembered-expressions.ts';
import type { Difference } from '../difference.ts';
import { Runner } from '../runner.ts';
import type { Fields } from './test-writer.ts';

export interface Unsettled {
  readonly test: Fields;
  /** Recorded before it, with the same method and path. */
  readonly earlier: readonly Fields[];
}

/** Most calls before the one that a timeline is about. */
const MOST_EARLIER = 30;

/** Runs until each test has found its way: as it is, each other way, and relaxed. */
const ROUNDS = 4;

/** What a second run may have otherwise without being another outcome. */
const SOFT = /^(?:headers\.|body\b|reason$)/;

export class Settling {
  readonly #file: string;
  readonly #policies: string;
  readonly #expressions: Expressions = remembering(createExpressions({ anyMember: false }));

  /** Nobody who watches the directory is told of the file. `directory` is where the records stand, `policies` as their files name it. */
  constructor(directory: string, policies: string) {
    this.#file = join(directory, '.settling.tmp');
    this.#policies = policies;
  }

  /** The tests in the same order, such that each passes or says why it does not run. */
  async settled(wanted: readonly Unsettled[]): Promise<Fields[]> {
    const ways = wanted.map(waysOf);
    let tests = wanted.map(({ test }) => test);
    for (let round = 1; round <= ROUNDS; round += 1)
      tests = await this.#changed(tests, (test, differences, at) => {
        const original = wanted[at]?.test ?? test;
        if (round === ROUNDS) return skipped(original, differences);
        return isSoft(differences) ? relaxed(test, differences) : (ways[at]?.shift() ?? skipped(original, differences));
      });
    return tests;
  }

  async #changed(
    tests: readonly Fields[],
    change: (test: Fields, differences: readonly Difference[], at: number) => Fields,
  ): Promise<Fields[]> {
    const found = await this.#differences(tests);
    return tests.map((test, at) => {
      const differences = found.get(at) ?? [];
      return differences.length === 0 ? test : change(test, differences, at);
    });
  }

  async #differences(tests: readonly Fields[]): Promise<Map<number, readonly Difference[]>> {
    writeFileSync(this.#file, stringify({ policies: this.#policies, tests }, { aliasDuplicateObjects: false }));
    try {
      const { tests: outcomes } = await new Runner({ expressions: this.#expressions, snapshots: 'none' }).run(this.#file);
      return new Map(outcomes.map(({ index, differences, failure }) => [index, failure === undefined ? differences : []]));
    } finally {
      rmSync(this.#file, { force: true });
    }
  }
}

/** Other ways to write a test whose outcome is not the recorded one. */
function waysOf({ test, earlier }: Unsettled): Fields[] {
  const unsigned = withoutToken(test);
  return [...(unsigned ? [unsigned] : []), ...(earlier.length > 0 ? [timeline(test, earlier)] : [])];
}

/** A token that was refused for its signature or its times: one minted anew would be let through. */
function withoutToken(test: Fields): Fields | undefined {
  const { token, headers, ...request } = (typeof test.request === 'object' ? test.request : {}) as Fields;
  if (token === undefined) return undefined;
  return { ...test, request: { ...request, headers: { ...(headers as Fields | undefined), authorization: 'Bearer ****' } } };
}

function isSoft(differences: readonly Difference[]): boolean {
  return differences.every(({ what }) => SOFT.test(what));
}

/** Expects no more of what differs than that it is there. */
function relaxed(test: Fields, differences: readonly Difference[]): Fields {
  const copy = structuredClone(test);
  const { expect } = (Array.isArray(copy.steps) ? copy.steps.at(-1) : copy) as { expect: Fields };
  for (const { what, actual } of differences) loosen(expect, what, actual === 'absent');
  return copy;
}

function loosen(expect: Fields, what: string, isGone: boolean): void {
  const [member = '', ...path] = stepsOf(what);
  let at = expect;
  let last = member;
  for (const step of path) {
    const next = at[last];
    if (typeof next !== 'object' || next === null || !Object.hasOwn(next, step)) break;
    at = next as Fields;
    last = step;
  }
  if (isGone) delete at[last];
  else at[last] = 'any';
}

/** Names of headers may hold dots, and stay whole. */
function stepsOf(what: string): string[] {
  const header = /^headers\.(.+)$/.exec(what)?.[1];
  return header === undefined ? what.split(/[.[\]]+/).filter((step) => step !== '') : ['headers', header];
}

/** The calls before it, with what they were answered, then the call itself at its time. */
function timeline(test: Fields, earlier: readonly Fields[]): Fields {
  const { name, clock, expect, ...call } = test;
  const before = earlier.slice(-MOST_EARLIER);
  const start = before[0]?.clock ?? clock;
  const at = (one: unknown) => ({ at: `${Math.max(0, Date.parse(String(one)) - Date.parse(String(start)))}ms` });
  const steps = before.map(({ name: _name, clock: when, expect: _expect, ...one }) => ({ ...at(when), ...one, expect: {} }));
  return { name, clock: start, steps: [...steps, { ...at(clock), ...call, expect }] };
}

/** What came at the second run is as secret as what was recorded. */
function masked({ what, actual }: Difference): string {
  return isSecretName(stepsOf(what).at(-1) ?? '') ? MASK : new Masking().body(actual);
}

function skipped(test: Fields, [first]: readonly Difference[]): Fields {
  const { name, ...rest } = test;
  const why = first === undefined ? '' : `: ${first.what} is ${masked(first)} in place of ${first.expected}`;
  return { name, skip: `a test cannot repeat it, secrets are masked and other calls are missing${why}`.slice(0, 300), ...rest };
}
