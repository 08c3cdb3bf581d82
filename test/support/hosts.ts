/** Hosts for tests: frozen clock, real cryptography, memory stores. */
import { createFrozenHost, type FrozenHost, type FrozenHostOptions } from '../../src/host/frozen.ts';
import type { IncomingResponse } from '../../src/host/host.ts';
import { nodeBrotli } from '../../src/host/node-brotli.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';

export function testHost(options: Partial<FrozenHostOptions> = {}): FrozenHost {
  return createFrozenHost({
    crypto: nodeCrypto(),
    brotliDecompress: nodeBrotli,
    cache: (now) => new MemoryCache(now),
    counters: (now) => new MemoryCounters(now),
    ...options,
  });
}

/** An answer with a JSON body. */
export function jsonAnswer(value: unknown, status = 200): IncomingResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  async function* body() {
    yield bytes;
  }
  return { status, reason: '', headers: ['Content-Type', 'application/json'], body: body() };
}
