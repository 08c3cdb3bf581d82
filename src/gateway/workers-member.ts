/** The worker's side: one gateway that follows its parent. */
import type { Gateway } from './gateway.ts';
import type { ParentMessage } from './workers-messages.ts';
import { tellParent } from './workers-tell.ts';

/**
 * Tells the parent that calls are taken, with notes for whoever started it, and does what it says. Without a parent a worker
 * finishes its calls and ends.
 */
export function followParent(gateway: Gateway, notes: string): void {
  const stop = stopper(gateway);
  process.on('message', (message: ParentMessage) => {
    if (message.kind === 'stop') stop();
    if (message.kind === 'reload') void reload(gateway, message.round);
    if (message.kind === 'published') gateway.publications?.receive(message.publication);
  });
  if (gateway.publications) gateway.publications.relay = (publication) => tellParent({ kind: 'published', publication });
  process.on('disconnect', stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  if (process.platform !== 'win32') process.on('SIGUSR2', () => void gateway.toggleDebug());
  // The parent decides what a hang-up means.
  process.on('SIGHUP', () => {});
  const sharesCounters = gateway.engine.workspace.local.stores.counters === 'redis';
  tellParent({ kind: 'ready', address: gateway.address, sharesCounters, notes });
}

async function reload(gateway: Gateway, round: number): Promise<void> {
  tellParent({ kind: 'reloaded', round, taken: await gateway.reload() });
}

/** Asked once more, a stop does nothing. */
function stopper(gateway: Gateway): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    void gateway.stop().finally(() => process.exit());
  };
}

/** Bytes that a pipe takes in one piece (POSIX, PIPE_BUF on Linux): more of it could be mixed with another worker's. */
const PIECE = 4096;

/** Writes whole lines in pieces that are not torn apart. */
export function writeLines(text: string, write: (piece: string) => void): void {
  let piece = '';
  for (const line of text.split(/(?<=\n)/)) {
    if (piece !== '' && Buffer.byteLength(piece) + Buffer.byteLength(line) > PIECE) {
      write(piece);
      piece = '';
    }
    piece += line;
  }
  if (piece !== '') write(piece);
}
