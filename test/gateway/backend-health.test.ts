import { expect, test } from 'vitest';
import { backendRows, joinedBackends } from '../../src/gateway/backend-health.ts';
import { masksByWorkspace } from '../../src/gateway/masks.ts';
import type { BackendSnapshot } from '../../src/workspace/backend-runtime.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { Stage } from './support.ts';

const member = (id: string, state: 'open' | 'closed') => ({ id, priority: 1, weight: 1, state });
const snapshot = (state: 'open' | 'closed', calls: number, openUntil?: number): BackendSnapshot[] => [
  { id: 'one', url: 'https://one?code=abcdef', kind: 'single', state, openUntil, calls, failed: calls, failures: calls, members: [] },
  {
    id: 'all',
    url: '',
    kind: 'pool',
    state: 'closed',
    openUntil: undefined,
    calls: 0,
    failed: 0,
    failures: 0,
    members: [member('one', state)],
  },
];

test('a backend that one worker leaves out is open in one of them', async () => {
  const stage = new Stage();
  const workspace = loadWorkspace(stage.directory({ 'policy.xml': '<policies><inbound /></policies>' }));
  const masks = masksByWorkspace(() => workspace)();
  const [one, all] = joinedBackends(
    [snapshot('closed', 1), snapshot('open', 3, 5000), snapshot('closed', 0)].map((rows) => backendRows(rows, masks)),
  );
  expect(one).toEqual({
    id: 'one',
    url: 'https://one?code=****',
    kind: 'single',
    state: 'open',
    openUntil: 5000,
    calls: 4,
    failed: 4,
    failures: 3,
    members: [],
    openIn: 1,
    workers: 3,
  });
  expect(all).toMatchObject({ state: 'closed', openUntil: null, openIn: 0, workers: 3, members: [member('one', 'open')] });
  await stage.clear();
});
