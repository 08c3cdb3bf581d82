/**
 * OpenID Connect discovery documents and their key sets (policies-a, validate-jwt): kept one hour, fetched again for an
 * unknown key at most once in five minutes, one fetch at a time, the last good set kept while the provider is down.
 */
import type { JWK } from 'jose';
import type { Host } from '../host/host.ts';
import { errorText } from '../source/error-text.ts';
import { readAnswer } from './http-answer.ts';
import type { ProviderSnapshot } from './token-validator.ts';

export interface ProviderKeys {
  readonly issuer: string | undefined;
  readonly keys: readonly JWK[];
  /** Grows by one with each set that differs; caches of validated tokens compare it. */
  readonly version: number;
}

export interface DiscoveryLimits {
  /** Milliseconds that a set is used without asking again. Default one hour. */
  readonly maxAge: number;
  /** Milliseconds between two fetches for the sake of an unknown key. Default five minutes. */
  readonly refetchAfter: number;
  /** Milliseconds that one fetch may take. Default 10 s. */
  readonly timeout: number;
}

const DISCOVERY_DEFAULTS: DiscoveryLimits = { maxAge: 3_600_000, refetchAfter: 300_000, timeout: 10_000 };

/** Most providers that are remembered: an expression may make the address of what a caller sends. */
const MOST_PROVIDERS = 1000;

/** Largest document that is read. */
const LARGEST_DOCUMENT = 1024 * 1024;

/** A provider that could not be reached or read. */
export class DiscoveryError extends Error {
  readonly url: string;

  constructor(url: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.url = url;
  }
}

interface Provider {
  keys: ProviderKeys | undefined;
  /** When the keys came, on the host's clock. */
  fetchedAt: number;
  /** When an unknown key or an age last led to a fetch. */
  triedAt: number;
  pending: Promise<ProviderKeys> | undefined;
  fetches: number;
  failures: number;
  rotations: number;
  hits: number;
  misses: number;
  /** The last fetch brought keys. */
  up: boolean;
  /** When a failure was last written to the log: a provider that stays down is told once a minute. */
  toldAt: number;
}

const TELL_AGAIN = 60_000;

export class Discovery {
  readonly #host: Host;
  readonly #limits: DiscoveryLimits;
  readonly #providers = new Map<string, Provider>();

  constructor(host: Host, limits: DiscoveryLimits = DISCOVERY_DEFAULTS) {
    this.#host = host;
    this.#limits = limits;
  }

  /** The keys at hand, without waiting; undefined when a fetch is needed. */
  known(url: string): ProviderKeys | undefined {
    const provider = this.#providers.get(url);
    if (!provider?.keys || this.#host.now() - provider.fetchedAt >= this.#limits.maxAge) return undefined;
    provider.hits += 1;
    return provider.keys;
  }

  /** Figures of each provider since the start. */
  snapshot(): ProviderSnapshot[] {
    const now = this.#host.now();
    return Array.from(this.#providers, ([url, { keys, fetchedAt, fetches, failures, rotations, hits, misses, up }]) => ({
      url,
      keys: keys?.keys.length ?? 0,
      fetches,
      failures,
      rotations,
      hits,
      misses,
      ageSeconds: keys ? Math.floor((now - fetchedAt) / 1000) : null,
      up,
    }));
  }

  /** Keys of a discovery document's URL; old ones when the provider fails. Throws DiscoveryError when there never were any. */
  async keys(url: string): Promise<ProviderKeys> {
    const known = this.known(url);
    if (known) return known;
    const provider = this.#provider(url);
    provider.misses += 1;
    return provider.keys && !this.#mayFetch(provider) ? provider.keys : this.#fetch(url, provider);
  }

  /** Asks again because a key was not found; gives the same set when it is too early for that. */
  async refetch(url: string): Promise<ProviderKeys> {
    const provider = this.#provider(url);
    return provider.keys && !this.#mayFetch(provider) ? provider.keys : this.#fetch(url, provider);
  }

  /** Not twice in five minutes; who comes while a fetch runs waits for it, since it may bring the very key that is asked for. */
  #mayFetch({ pending, triedAt }: Provider): boolean {
    return pending !== undefined || this.#host.now() - triedAt >= this.#limits.refetchAfter;
  }

  #provider(url: string): Provider {
    let provider = this.#providers.get(url);
    if (!provider) {
      provider = newProvider();
      if (this.#providers.size >= MOST_PROVIDERS) this.#forgetOldest();
      this.#providers.set(url, provider);
    }
    return provider;
  }

  #forgetOldest(): void {
    const [oldest] = this.#providers.keys();
    if (oldest !== undefined) this.#providers.delete(oldest);
  }

  #fetch(url: string, provider: Provider): Promise<ProviderKeys> {
    provider.pending ??= this.#load(url, provider).finally(() => {
      provider.pending = undefined;
    });
    return provider.pending;
  }

  async #load(url: string, provider: Provider): Promise<ProviderKeys> {
    const before = provider.keys;
    // The first fetch does not count as one for an unknown key, so that a rotation soon after start is found.
    if (before) provider.triedAt = this.#host.now();
    provider.fetches += 1;
    try {
      provider.keys = await this.#download(url, before);
      this.#succeeded(url, provider, before);
      return provider.keys;
    } catch (error) {
      this.#failed(url, provider, error);
      if (before) return before;
      throw error instanceof DiscoveryError ? error : new DiscoveryError(url, errorText(error), error);
    }
  }

  /** The set of before when nothing changed, so that accepted tokens stay accepted. */
  async #download(url: string, before: ProviderKeys | undefined): Promise<ProviderKeys> {
    const document = await this.#json(url);
    const jwksUri = document.jwks_uri;
    if (typeof jwksUri !== 'string') throw new DiscoveryError(url, 'the document has no jwks_uri');
    const { keys } = await this.#json(jwksUri);
    if (!Array.isArray(keys)) throw new DiscoveryError(jwksUri, 'the key set has no list of keys');
    const issuer = typeof document.issuer === 'string' ? document.issuer : undefined;
    const usable = keys.filter(isJwk);
    const same = before !== undefined && before.issuer === issuer && JSON.stringify(before.keys) === JSON.stringify(usable);
    return same ? before : { issuer, keys: usable, version: (before?.version ?? 0) + 1 };
  }

  #succeeded(url: string, provider: Provider, before: ProviderKeys | undefined): void {
    const changed = provider.keys !== before;
    if (before && changed) provider.rotations += 1;
    provider.fetchedAt = this.#host.now();
    provider.up = true;
    provider.toldAt = Number.NEGATIVE_INFINITY;
    this.#host.log('info', 'signing keys loaded', { provider: url, keys: provider.keys?.keys.length ?? 0, changed });
  }

  #failed(url: string, provider: Provider, error: unknown): void {
    provider.failures += 1;
    provider.up = false;
    if (this.#host.now() - provider.toldAt < TELL_AGAIN) return;
    provider.toldAt = this.#host.now();
    const kept = provider.keys?.keys.length ?? 0;
    this.#host.log('warn', 'signing keys could not be loaded', {
      provider: url,
      reason: errorText(error),
      kept,
      failures: provider.failures,
    });
  }

  async #json(url: string): Promise<Record<string, unknown>> {
    if (!URL.canParse(url)) throw new DiscoveryError(url, 'it is not a URL');
    const { origin, pathname, search, host } = new URL(url);
    const answer = await this.#host.send({
      method: 'GET',
      origin,
      path: pathname + search,
      headers: ['Host', host, 'Accept', 'application/json'],
      body: null,
      timeoutMilliseconds: this.#limits.timeout,
      followRedirects: true,
    });
    const text = new TextDecoder().decode(await readAnswer(answer, LARGEST_DOCUMENT));
    if (answer.status !== 200) throw new DiscoveryError(url, `it answered ${answer.status}`);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw new DiscoveryError(url, 'it is no JSON object');
    return value as Record<string, unknown>;
  }
}

function newProvider(): Provider {
  const counters = { fetches: 0, failures: 0, rotations: 0, hits: 0, misses: 0 };
  return {
    keys: undefined,
    fetchedAt: 0,
    triedAt: Number.NEGATIVE_INFINITY,
    pending: undefined,
    ...counters,
    up: false,
    toldAt: Number.NEGATIVE_INFINITY,
  };
}

function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && typeof (value as { kty?: unknown }).kty === 'string';
}
