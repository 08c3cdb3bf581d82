/** Tells when files of a directory change; several saved at once are told once. */
import { fstatSync, type Stats } from 'node:fs';

/** Milliseconds of quiet after the last change. */
const QUIET = 60;

/** Never part of a policy directory's meaning, and some are written by whoever runs the gateway there. */
const IGNORED = /(?:^|[/\\])(?:\.git|node_modules)(?:[/\\]|$)|\.(?:log|jsonl|ndjson|pid|swp|tmp|test\.ya?ml)$|~$/;

/** Gives what ends the watching. */
export async function watchDirectory(root: string, changed: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  let timer: NodeJS.Timeout | undefined;
  const isOutput = ownOutput();
  const watcher = watch(root, { ignoreInitial: true, ignored: (path, stats) => IGNORED.test(path) || isOutput(stats) });
  // Files that cannot be looked at (links in a circle, folders of others) are not watched; loading tells what it misses.
  watcher.on('error', () => {});
  // What changes before it has looked at everything would be taken for what was there.
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET);
  });
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

/** Whether a file is where this process writes to: told of, each line would bring about the next one. */
export function ownOutput(): (stats?: Stats) => boolean {
  const own = [1, 2].map(identityOf).filter((one) => one !== undefined);
  return (stats) => stats?.isFile() === true && own.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino);
}

function identityOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    // Closed by whoever started it.
    return undefined;
  }
}
