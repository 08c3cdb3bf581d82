/** Backend entities at work: pools choose a member for each forward, circuit breakers count and open (gateway-model, section 9). */
import type { Backend } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { Host } from '../host/host.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { BackendDefinition, PoolDefinition } from './model.ts';

/** What `/health`, metrics and the console show of a backend. */
export interface BackendSnapshot {
  readonly id: string;
  /** Empty for a pool. */
  readonly url: string;
  readonly kind: 'single' | 'pool';
  /** `open`: calls are refused without asking it. A pool is open when all its members are. */
  readonly state: 'closed' | 'open';
  /** Milliseconds since 1970. */
  readonly openUntil: number | undefined;
  /** Forwards since the start, and those that failed: no answer, or a status from 500. */
  readonly calls: number;
  readonly failed: number;
  /** Failures in the breaker's window. */
  readonly failures: number;
  readonly members: readonly {
    readonly id: string;
    readonly priority: number;
    readonly weight: number;
    readonly state: 'closed' | 'open';
  }[];
}

export interface Backends {
  find(id: string): Backend | undefined;
  has(id: string): boolean;
  /** The state of every entity, in the order in which they were read. */
  snapshot(): readonly BackendSnapshot[];
}

/** One world's state: tests that share an engine have a host each. */
class World {
  readonly breakers = new Map<string, CircuitBreaker>();
  readonly calls = new Map<string, { calls: number; failed: number }>();
  /** Smooth weighted round robin: how far each member of a pool has got. */
  readonly turns = new Map<string, Map<string, number>>();
}

/** What is remembered of backends; share one between reloads, so that an open breaker stays open. */
export class BackendStates {
  readonly #worlds = new WeakMap<Host, Map<string, World>>();

  /** `space`: the workspace that owns the backends; empty for the instance. */
  world(host: Host, space: string): World {
    let worlds = this.#worlds.get(host);
    if (!worlds) {
      worlds = new Map();
      this.#worlds.set(host, worlds);
    }
    let world = worlds.get(space);
    if (!world) {
      world = new World();
      worlds.set(space, world);
    }
    return world;
  }
}

export function createBackends(
  definitions: ReadonlyMap<string, BackendDefinition>,
  host: Host,
  states: BackendStates = new BackendStates(),
  space = '',
): Backends {
  return new RunningBackends(definitions, host, (world) => states.world(world, space));
}

class RunningBackends implements Backends {
  readonly #definitions: ReadonlyMap<string, BackendDefinition>;
  readonly #host: Host;
  readonly #backends = new Map<string, Backend>();
  readonly #world: (host: Host) => World;
  /** A breaker of another rule is another breaker. */
  readonly #breakerKeys = new Map<string, string>();

  constructor(definitions: ReadonlyMap<string, BackendDefinition>, host: Host, world: (host: Host) => World) {
    this.#world = world;
    this.#definitions = definitions;
    this.#host = host;
    for (const definition of definitions.values()) {
      this.#backends.set(definition.id, this.#runnable(definition));
      this.#breakerKeys.set(definition.id, `${definition.id} ${JSON.stringify(definition.circuitBreaker)}`);
    }
  }

  find(id: string): Backend | undefined {
    return this.#backends.get(id);
  }

  has(id: string): boolean {
    return this.#backends.has(id);
  }

  snapshot(): readonly BackendSnapshot[] {
    return [...this.#definitions.values()].map((definition) => this.#snapshotOf(definition));
  }

  // ------------------------------------------------------------ making backends

  #runnable(definition: BackendDefinition): Backend {
    const { pool, circuitBreaker, ...backend } = definition;
    if (pool) {
      const first = this.#definitions.get(pool.members[0]?.id ?? '')?.url ?? '';
      return { ...backend, url: first, pick: (exchange) => this.#pickMember(definition.id, pool, exchange) };
    }
    const running: Backend = {
      ...backend,
      pick: (exchange) => {
        this.#refuseOpen(definition, exchange);
        return running;
      },
      report: (status, retryAfter, exchange) => this.#report(definition, status, retryAfter, exchange?.host ?? this.#host),
    };
    return running;
  }

  #breaker({ id, circuitBreaker }: BackendDefinition, host: Host): CircuitBreaker | undefined {
    if (!circuitBreaker) return undefined;
    const { breakers } = this.#world(host);
    const key = this.#breakerKeys.get(id) ?? id;
    let breaker = breakers.get(key);
    if (!breaker) {
      breaker = new CircuitBreaker(circuitBreaker);
      breakers.set(key, breaker);
    }
    return breaker;
  }

  #isOpen(definition: BackendDefinition | undefined, host: Host): boolean {
    return definition !== undefined && (this.#breaker(definition, host)?.isOpen(host.now()) ?? false);
  }

  #report(definition: BackendDefinition, status: number | null, retryAfter: string | undefined, host: Host): void {
    const { calls } = this.#world(host);
    const count = calls.get(definition.id) ?? { calls: 0, failed: 0 };
    count.calls += 1;
    if (status === null || status >= 500) count.failed += 1;
    calls.set(definition.id, count);
    this.#breaker(definition, host)?.report(status, retryAfter, host.now());
  }

  #refuseOpen(definition: BackendDefinition, exchange: Exchange): void {
    if (this.#isOpen(definition, exchange.host)) throw unavailable(`Backend '${definition.id}'`);
    exchange.forwardedTo = definition.id;
  }

  // ------------------------------------------------------------ pools

  #pickMember(id: string, pool: PoolDefinition, exchange: Exchange): Backend {
    const usable = pool.members.filter(
      (member) => this.#backends.has(member.id) && !this.#isOpen(this.#definitions.get(member.id), exchange.host),
    );
    const pinned =
      pool.sessionCookie === undefined
        ? undefined
        : usable.find((member) => this.#cookieOf(member.id) === cookieValue(exchange, pool.sessionCookie ?? ''));
    const chosen = pinned ?? this.#nextOf(id, firstPriority(usable), exchange.host);
    const backend = chosen && this.#backends.get(chosen.id);
    if (!chosen || !backend) throw unavailable(`Backend pool '${id}'`);
    if (pool.sessionCookie !== undefined && !pinned) pin(exchange, pool.sessionCookie, this.#cookieOf(chosen.id));
    exchange.forwardedTo = chosen.id;
    return backend;
  }

  /** Each member gains its weight, the one with most is taken and pays what all gained: shares are exact, equal weights take turns. */
  #nextOf(pool: string, members: PoolDefinition['members'], host: Host): PoolDefinition['members'][number] | undefined {
    const { turns } = this.#world(host);
    const states = turns.get(pool) ?? new Map<string, number>();
    turns.set(pool, states);
    const weighing = members.some(({ weight }) => weight > 0);
    const weightOf = (weight: number) => (weighing ? weight : 1);
    let best: PoolDefinition['members'][number] | undefined;
    let total = 0;
    for (const member of members) {
      const weight = weightOf(member.weight);
      total += weight;
      const gained = (states.get(member.id) ?? 0) + weight;
      states.set(member.id, gained);
      if (weight > 0 && (!best || gained > (states.get(best.id) ?? 0))) best = member;
    }
    if (best) states.set(best.id, (states.get(best.id) ?? 0) - total);
    return best;
  }

  /** Tells a member without naming it. */
  #cookieOf(id: string): string {
    return Buffer.from(this.#host.crypto.hash('sha256', new TextEncoder().encode(id)).subarray(0, 12)).toString('hex');
  }

  // ------------------------------------------------------------ snapshots

  #snapshotOf(definition: BackendDefinition): BackendSnapshot {
    const host = this.#host;
    const now = host.now();
    const { calls = 0, failed = 0 } = this.#world(host).calls.get(definition.id) ?? {};
    const breaker = this.#breaker(definition, host);
    const members = (definition.pool?.members ?? []).map((member) => ({
      ...member,
      state: stateOf(this.#isOpen(this.#definitions.get(member.id), host)),
    }));
    const isOpen = definition.pool ? members.every(({ state }) => state === 'open') : (breaker?.isOpen(now) ?? false);
    return {
      id: definition.id,
      url: definition.url,
      kind: definition.pool ? 'pool' : 'single',
      state: stateOf(isOpen),
      openUntil: breaker?.openUntil(now),
      calls,
      failed,
      failures: breaker?.failures(now) ?? 0,
      members,
    };
  }
}

function stateOf(isOpen: boolean): 'closed' | 'open' {
  return isOpen ? 'open' : 'closed';
}

/** A wider group is used only when all of the narrower ones are open. */
function firstPriority(members: PoolDefinition['members']): PoolDefinition['members'] {
  const least = Math.min(...members.map(({ priority }) => priority));
  return members.filter(({ priority }) => priority === least);
}

/** Policies tell this answer from a backend's own 503 by its reason phrase (observed). */
function unavailable(what: string): PolicyError {
  const message = `${what} is temporarily unavailable.`;
  return new PolicyError({ reason: 'BackendConnectionFailure', message, status: 503, clientMessage: message, statusReason: message });
}

function cookieValue(exchange: Exchange, name: string): string | undefined {
  for (const part of (exchange.request.headers.joined('Cookie') ?? '').split(/[;,]/)) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** Only the last choice of a call counts: a retry may have chosen anew. */
function pin(exchange: Exchange, name: string, value: string): void {
  const headers = exchange.responseHeaders;
  const cookie = `${name}=${value}; Path=/; HttpOnly`;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at] === 'Set-Cookie' && headers[at + 1]?.startsWith(`${name}=`)) {
      headers[at + 1] = cookie;
      return;
    }
  }
  headers.push('Set-Cookie', cookie);
}
