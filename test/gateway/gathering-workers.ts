/** Run as a process by gathering.test.ts: three workers, of which the last to start asks all. */
import cluster from 'node:cluster';
import { newWorkers } from '../../src/gateway/workers.ts';
import { Gathering } from '../../src/gateway/workers-gather.ts';
import type { ParentMessage } from '../../src/gateway/workers-messages.ts';
import { tellParent } from '../../src/gateway/workers-tell.ts';

if (cluster.isPrimary) {
  const workers = newWorkers({ count: 3, watched: undefined, variables: {}, tell: () => {} });
  await workers.start();
  cluster.on('message', (_worker, message: { readonly kind: string }) => {
    if (message.kind === 'printed') void workers.stop();
  });
  for (const worker of Object.values(cluster.workers ?? {})) worker?.send({ kind: 'begin' });
} else {
  const gathering = new Gathering((what) => `${what} of ${cluster.worker?.id}`, true);
  const ask = async (): Promise<void> => {
    if (cluster.worker?.id !== 3) return;
    const answers = await Promise.all([gathering.ask('first'), gathering.ask('second')]);
    process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.send?.({ kind: 'printed' }));
  };
  process.on('message', (message: ParentMessage | { readonly kind: 'begin' }) => {
    if (message.kind === 'begin') void ask();
    if (message.kind === 'stop') process.exit();
  });
  tellParent({ kind: 'ready', address: '', sharesCounters: true, notes: '' });
}
