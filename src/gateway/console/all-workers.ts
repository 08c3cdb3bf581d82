/** What all workers know, put together for the page: a process alone is the only one of them. */
import { joinedBackends, type WorkersBackend } from '../backend-health.ts';
import type { Gathering } from '../workers-gather.ts';
import type { CallDetail, CallSummary } from './call-rows.ts';
import type { Answers, EntryPlace, IdentitySnapshot, OwnState, Question, Serials } from './own-state.ts';
import type { WorkerCaches, WorkerCounter } from './rows.ts';

/** As many as one process keeps. */
const MOST_CALLS = 200;

/** The name before questions of the console. */
const TOPIC = 'console';

/** Which process said something; it matters where there are several. */
export interface Told<T> {
  readonly worker: number;
  readonly value: T;
}

export class AllWorkers {
  readonly #gathering: Gathering;

  constructor(gathering: Gathering, own: OwnState) {
    this.#gathering = gathering;
    gathering.answers(TOPIC, async (text) => {
      const { question, about } = JSON.parse(text) as { readonly question: string; readonly about: unknown };
      return { worker: process.pid, value: await own.answer(question, about) };
    });
  }

  /** Newest first. */
  async calls(): Promise<CallSummary[]> {
    const found = (await this.#ask('calls')).flatMap(({ value }) => value);
    return found.sort((a, b) => b.time - a.time).slice(0, MOST_CALLS);
  }

  async call(id: string): Promise<CallDetail | undefined> {
    return (await this.#ask('call', id)).find(({ value }) => value !== null)?.value ?? undefined;
  }

  /** Those that share a store have said the same of one key: the last word counts, questions add up. */
  async counters(areShared: boolean): Promise<WorkerCounter[]> {
    const rows = (await this.#ask('counters')).flatMap(({ worker, value }) => value.map((row) => ({ ...row, worker })));
    return (areShared ? merged(rows) : rows).sort((a, b) => b.at - a.at);
  }

  async caches(): Promise<WorkerCaches> {
    const answers = await this.#ask('caches');
    const sum = (figure: 'hits' | 'misses' | 'stores') => answers.reduce((total, { value }) => total + value[figure], 0);
    const entries = answers.flatMap(({ worker, value }) => value.entries.map((row) => ({ ...row, worker })));
    return { hits: sum('hits'), misses: sum('misses'), stores: sum('stores'), entries };
  }

  /** False when no worker has it. */
  async removeEntry(place: EntryPlace): Promise<boolean> {
    return (await this.#ask('remove', place)).some(({ value }) => value);
  }

  async backends(): Promise<WorkersBackend[]> {
    return joinedBackends((await this.#ask('backends')).map(({ value }) => value));
  }

  async keys(): Promise<IdentitySnapshot> {
    const [first, ...others] = (await this.#ask('keys')).map(({ value }) => value);
    if (!first) return { providers: [], tokenCache: { size: 0, limit: 0, hits: 0, misses: 0 } };
    return others.reduce(joinedKeys, first);
  }

  async clear(): Promise<void> {
    await this.#ask('clear');
  }

  async reload(): Promise<void> {
    await this.#ask('reload');
  }

  changes(serials: Serials): Promise<readonly Told<Answers['changes']>[]> {
    return this.#ask('changes', serials);
  }

  /** A worker that has no console yet, or is busy, is left out. */
  async #ask<Q extends Question>(question: Q, about: unknown = null): Promise<readonly Told<Answers[Q]>[]> {
    const answers = await this.#gathering.ask(`${TOPIC} ${JSON.stringify({ question, about })}`);
    return (answers as readonly (Told<Answers[Q]> | null)[]).filter((answer) => answer !== null);
  }
}

function merged(rows: readonly WorkerCounter[]): WorkerCounter[] {
  const byKey = new Map<string, WorkerCounter>();
  for (const row of rows) {
    const key = `${row.window} ${row.key}`;
    const other = byKey.get(key);
    const latest = other && other.at > row.at ? other : row;
    byKey.set(key, other ? { ...latest, asked: row.asked + other.asked, refused: row.refused + other.refused } : row);
  }
  return [...byKey.values()];
}

function joinedKeys(one: IdentitySnapshot, other: IdentitySnapshot): IdentitySnapshot {
  const [a, b] = [one.tokenCache, other.tokenCache];
  const others = new Map(other.providers.map((provider) => [provider.url, provider]));
  const known = new Set(one.providers.map(({ url }) => url));
  const providers = one.providers.map((provider) => {
    const same = others.get(provider.url);
    if (!same) return provider;
    return {
      ...provider,
      fetches: provider.fetches + same.fetches,
      failures: provider.failures + same.failures,
      rotations: Math.max(provider.rotations, same.rotations),
      up: provider.up && same.up,
    };
  });
  return {
    providers: [...providers, ...other.providers.filter(({ url }) => !known.has(url))],
    tokenCache: { size: a.size + b.size, limit: a.limit + b.limit, hits: a.hits + b.hits, misses: a.misses + b.misses },
  };
}
