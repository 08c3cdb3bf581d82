/** What calls leave behind, as policies ask for it: counters with their limits and windows, cached values with their durations. */
import type { HostCache, HostCounters } from '../../host/host.ts';
import type { StateWatch } from '../gateway.ts';

export interface CounterUse {
  readonly by: 'take' | 'peek' | 'carry';
  readonly key: string;
  readonly limit: number;
  readonly seconds: number;
  readonly window: 'fixed' | 'sliding';
}

/** Everything that one call asked of counters and cache. */
export interface KeptState {
  readonly counters: readonly CounterUse[];
  /** Seconds for which it cached something. */
  readonly durations: readonly number[];
  /** All of it in order but for the keys, to tell one way of using them from another. */
  readonly shape: readonly string[];
}

/** Writes down what is asked of counters and cache, without changing it. */
export class StateRecorder {
  #counters: CounterUse[] = [];
  #durations: number[] = [];
  #shape: string[] = [];

  readonly watch: StateWatch = {
    counters: (inner) => this.#watchedCounters(inner),
    cache: (inner) => this.#watchedCache(inner),
  };

  /** What was asked since the last time. */
  taken(): KeptState {
    const kept = { counters: this.#counters, durations: this.#durations, shape: this.#shape };
    [this.#counters, this.#durations, this.#shape] = [[], [], []];
    return kept;
  }

  #counted(use: CounterUse): void {
    this.#counters.push(use);
    this.#shape.push(`${use.by} ${use.limit} ${use.seconds} ${use.window}`);
  }

  #watchedCounters(inner: HostCounters): HostCounters {
    return {
      take: (key, by, limit, seconds, window = 'fixed') => {
        this.#counted({ by: 'take', key, limit, seconds, window });
        return inner.take(key, by, limit, seconds, window);
      },
      peek: (key, limit, seconds, window = 'fixed') => {
        this.#counted({ by: 'peek', key, limit, seconds, window });
        return inner.peek(key, limit, seconds, window);
      },
      carry: (key, by, limit, seconds, wanted) => {
        this.#counted({ by: 'carry', key, limit, seconds, window: 'fixed' });
        return inner.carry(key, by, limit, seconds, wanted);
      },
      add: (key, by, seconds, window) => {
        this.#shape.push(`add ${by}`);
        return inner.add(key, by, seconds, window);
      },
    };
  }

  #watchedCache(inner: HostCache): HostCache {
    return {
      get: (kind, key) => {
        this.#shape.push('get');
        return inner.get(kind, key);
      },
      set: (kind, key, value, seconds) => {
        this.#durations.push(seconds);
        this.#shape.push(`set ${seconds}`);
        return inner.set(kind, key, value, seconds);
      },
      remove: (kind, key) => inner.remove(kind, key),
    };
  }
}
