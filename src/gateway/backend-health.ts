/** Backends as those who run a gateway see them: whether calls go there, in this process and in all workers. */
import type { BackendSnapshot } from '../workspace/backend-runtime.ts';
import type { Masks } from './masks.ts';

/** As JSON has it. */
export type BackendRow = Omit<BackendSnapshot, 'openUntil'> & { readonly openUntil: number | null };
/** `openIn` of `workers` leave it out. */
export type WorkersBackend = BackendRow & { readonly openIn: number; readonly workers: number };

export function backendRows(snapshot: readonly BackendSnapshot[], masks: Masks): BackendRow[] {
  return snapshot.map((backend) => ({ ...backend, url: masks.url(backend.url), openUntil: backend.openUntil ?? null }));
}

/** One list a worker. */
export function joinedBackends(lists: readonly (readonly BackendRow[])[]): WorkersBackend[] {
  const byId = new Map<string, WorkersBackend>();
  for (const row of lists.flat()) {
    const other = byId.get(row.id);
    const openIn = (other?.openIn ?? 0) + (row.state === 'open' ? 1 : 0);
    byId.set(row.id, { ...(other ? joined(other, row) : row), openIn, workers: (other?.workers ?? 0) + 1 });
  }
  return [...byId.values()];
}

/** Open where any worker says so. */
function joined(one: BackendRow, other: BackendRow): BackendRow {
  const openMembers = new Set([...one.members, ...other.members].flatMap(({ id, state }) => (state === 'open' ? [id] : [])));
  const until = Math.max(one.openUntil ?? 0, other.openUntil ?? 0);
  return {
    ...one,
    state: one.state === 'open' || other.state === 'open' ? 'open' : 'closed',
    openUntil: until === 0 ? null : until,
    calls: one.calls + other.calls,
    failed: one.failed + other.failed,
    failures: Math.max(one.failures, other.failures),
    members: one.members.map((member) => ({ ...member, state: openMembers.has(member.id) ? 'open' : 'closed' })),
  };
}
