/** Look-up cost with 10 and with 10,000 operations. */
import type { WorkspaceApi } from '../src/workspace/model.ts';
import { createRouter } from '../src/workspace/router.ts';
import { interleaved } from './measure.ts';

function apis(count: number): WorkspaceApi[] {
  const perApi = 10;
  return Array.from({ length: count / perApi }, (_, index): WorkspaceApi => {
    const operations = Array.from({ length: perApi }, (_o, at) => {
      const urlTemplate = at % 2 === 0 ? `/things${at}/{id}` : `/things${at}/{id}/parts/{part}`;
      return { info: { id: `op${at}`, method: 'GET', name: `op${at}`, urlTemplate }, policy: undefined };
    });
    const info = {
      id: `api${index}`,
      name: `api${index}`,
      path: `area${index}/v1`,
      protocols: ['https'],
      serviceUrl: null,
      subscriptionKeyParameterNames: { header: 'k', query: 'k' },
      isCurrentRevision: true,
      revision: '1',
      version: null,
    };
    return { info, subscriptionRequired: false, operations, policy: undefined, versioning: undefined };
  });
}

const small = createRouter(apis(10));
const large = createRouter(apis(10_000));
const request = { method: 'GET', path: '/area0/v1/things3/42/parts/7', query: '', header: () => undefined };
const deep = { ...request, path: '/area999/v1/things9/42/parts/7' };
const costs = interleaved({ '10 operations': () => small.match(request), '10,000 operations': () => large.match(deep) });
const base = costs.get('10 operations') ?? Number.NaN;
process.stdout.write('routing, one look-up\n');
for (const [name, cost] of costs)
  process.stdout.write(`  ${name.padEnd(20)} ${cost.toFixed(0).padStart(6)} ns   ratio ${(cost / base).toFixed(2)}\n`);
