/** What is read when somebody asks for metrics: backends, identity providers, connections, the process. */
import type { IdentitySnapshot } from '../../identity/token-validator.ts';
import type { BackendSnapshot } from '../../workspace/backend-runtime.ts';
import { type Family, reading } from './registry.ts';

export interface ConnectionFigures {
  /** Open connections of callers. */
  readonly connections: number;
  /** Calls that run. */
  readonly calls: number;
  /** WebSocket connections. */
  readonly sockets: number;
}

export function connectionFamilies({ connections, calls, sockets }: ConnectionFigures): Family[] {
  return [
    reading('portico_active_connections', 'gauge', 'Open connections of callers.', [[{}, connections]]),
    reading('portico_active_requests', 'gauge', 'Calls that run.', [[{}, calls]]),
    reading('portico_active_websockets', 'gauge', 'WebSocket connections that are passed on.', [[{}, sockets]]),
  ];
}

export function backendFamilies(backends: readonly BackendSnapshot[]): Family[] {
  const each = (value: (backend: BackendSnapshot) => number) => backends.map((one) => [{ backend: one.id }, value(one)] as const);
  const single = backends.filter(({ kind }) => kind === 'single');
  return [
    reading(
      'portico_backend_up',
      'gauge',
      '0 while the circuit breaker is open.',
      each(({ state }) => (state === 'open' ? 0 : 1)),
    ),
    reading(
      'portico_backend_calls_total',
      'counter',
      'Calls that were forwarded to a backend entity.',
      single.map((one) => [{ backend: one.id }, one.calls]),
    ),
    reading(
      'portico_backend_failures_total',
      'counter',
      'Those without an answer, or with a status from 500.',
      single.map((one) => [{ backend: one.id }, one.failed]),
    ),
  ];
}

export function identityFamilies({ providers, tokenCache }: IdentitySnapshot): Family[] {
  const each = (value: (provider: IdentitySnapshot['providers'][number]) => number) =>
    providers.map((one) => [{ provider: one.url }, value(one)] as const);
  return [
    reading('portico_token_cache_entries', 'gauge', 'Accepted tokens that are remembered.', [[{}, tokenCache.size]]),
    reading('portico_token_cache_requests_total', 'counter', 'Tokens that were looked up.', [
      [{ result: 'hit' }, tokenCache.hits],
      [{ result: 'miss' }, tokenCache.misses],
    ]),
    reading(
      'portico_discovery_keys',
      'gauge',
      'Keys of a provider at hand.',
      each(({ keys }) => keys),
    ),
    reading(
      'portico_discovery_fetches_total',
      'counter',
      'Fetches of documents and key sets.',
      each(({ fetches }) => fetches),
    ),
    reading(
      'portico_discovery_failures_total',
      'counter',
      'Fetches that failed.',
      each(({ failures }) => failures),
    ),
    reading(
      'portico_discovery_rotations_total',
      'counter',
      'Key sets that differed from the one before.',
      each(({ rotations }) => rotations),
    ),
  ];
}

export function storeFamilies(isUp: boolean): Family[] {
  return [reading('portico_redis_up', 'gauge', '0 while caches miss and limits count in each process.', [[{}, isUp ? 1 : 0]])];
}

/** Names that Prometheus client libraries agree on. */
export function processFamilies(startedAt: number): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const { utilization } = performance.eventLoopUtilization();
  return [
    reading('process_cpu_seconds_total', 'counter', 'Processor time in seconds.', [[{}, (user + system) / 1e6]]),
    reading('process_resident_memory_bytes', 'gauge', 'Resident memory.', [[{}, rss]]),
    reading('process_start_time_seconds', 'gauge', 'Start in seconds since 1970.', [[{}, startedAt / 1000]]),
    reading('nodejs_heap_used_bytes', 'gauge', 'Memory of JavaScript values.', [[{}, heapUsed]]),
    reading('nodejs_eventloop_utilization', 'gauge', 'Share of its life in which the event loop was busy.', [[{}, utilization]]),
  ];
}
