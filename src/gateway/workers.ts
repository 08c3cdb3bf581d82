/**
 * Several gateways behind one port: a parent that listens to nobody starts the workers, tells them to reload and to stop, and
 * replaces one that ends. The workers accept from one socket, so that calls which nobody has accepted yet survive the death
 * of any worker. There is no leader among them: what they share is in Redis.
 */
import cluster, { type Worker } from 'node:cluster';
import { watchDirectory } from './watch.ts';
import type { ParentMessage, WorkerMessage } from './workers-messages.ts';
import { Rounds, send } from './workers-round.ts';

export interface WorkersOptions {
  readonly count: number;
  /** Watched, unless it is undefined. */
  readonly watched: string | undefined;
  /** Added to the workers' environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Messages for whoever runs it. */
  tell(text: string): void;
}

export interface Workers {
  readonly address: string;
  /** What the first worker has to say besides, in whole lines. */
  readonly notes: string;
  /** All workers read the directory again. */
  reload(): void;
  /** Tells all to finish their calls and waits for their end. */
  stop(): Promise<void>;
  /** Resolved when all take calls; a WorkerFailure when one does not. */
  start(): Promise<void>;
}

/** The first worker ended before it was ready, with this exit code; it has said why. */
export class WorkerFailure extends Error {
  readonly code: number;

  constructor(code: number) {
    super('a worker could not start');
    this.code = code;
  }
}

/** They take calls after `start`, and may be stopped while they start. */
export function newWorkers(options: WorkersOptions): Workers {
  // The kernel hands calls out: with the parent in between, calls on their way to a worker would die with it.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  return new WorkerSet(options);
}

/** A worker that ends this soon after its start is started again only after a pause, which doubles. */
const SOON = 5_000;
const LONGEST_PAUSE = 10_000;

class WorkerSet implements Workers {
  readonly #options: WorkersOptions;
  /** Those that take calls and messages. */
  readonly #ready = new Set<Worker>();
  readonly #rounds = new Rounds();
  #address = '';
  #notes = '';
  #stopping = false;
  #pause = 0;
  #unwatch: (() => Promise<void>) | undefined;
  #reload: Reload | undefined;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  get address(): string {
    return this.#address;
  }

  get notes(): string {
    return this.#notes;
  }

  /** The first worker starts alone, so that what keeps it from starting is said once. */
  async start(): Promise<void> {
    const first = await this.#fork();
    this.#address = first.address;
    this.#notes = first.notes;
    if (this.#stopping) return;
    if (!first.sharesCounters) this.#options.tell(unshared(this.#options.count));
    await Promise.all(Array.from({ length: this.#options.count - 1 }, () => this.#fork()));
    if (this.#options.watched !== undefined) this.#unwatch = await watchDirectory(this.#options.watched, () => this.reload());
  }

  reload(): void {
    const round = (this.#reload?.round ?? 0) + 1;
    this.#reload = new Reload(round, this.#ready.size, this.#options.tell);
    for (const worker of this.#ready) send(worker, { kind: 'reload', round });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#unwatch?.();
    const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? []);
    await Promise.all(workers.map((worker) => this.#end(worker)));
  }

  /** One that has not taken calls yet has none to finish, and would not hear a message. */
  async #end(worker: Worker): Promise<void> {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    if (this.#ready.has(worker)) send(worker, { kind: 'stop' });
    else worker.process.kill('SIGKILL');
    await ended;
  }

  /** Ready, or a WorkerFailure when it ended before. */
  #fork(): Promise<Extract<WorkerMessage, { kind: 'ready' }>> {
    const worker = cluster.fork(this.#options.variables);
    const started = performance.now();
    const reload = this.#reload;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind !== 'ready') return this.#told(worker, message);
        this.#ready.add(worker);
        // What it has read may be older than the last change. Nobody waits for this one.
        if (this.#reload !== reload) send(worker, { kind: 'reload', round: 0 });
        resolve(message);
      });
      worker.once('exit', (code, signal) => {
        if (this.#ready.delete(worker)) this.#ended(worker, signal ?? `exit code ${code}`, performance.now() - started);
        else reject(new WorkerFailure(code || 1));
      });
    });
  }

  #told(worker: Worker, message: Exclude<WorkerMessage, { kind: 'ready' }>): void {
    if (message.kind === 'loaded') this.#loaded(worker, message);
    else if (message.kind === 'reloaded') this.#reloaded(message);
    else if (message.kind === 'ask') this.#rounds.ask(worker, message.id, message.what, [...this.#ready]);
    else if (message.kind === 'published') this.#relay(worker, message);
    else this.#rounds.answered(message.id, message.value);
  }

  /** One that ends at this moment gets nothing. */
  #relay(from: Worker, message: Extract<ParentMessage, { kind: 'published' }>): void {
    for (const worker of this.#ready) if (worker !== from) send(worker, message);
  }

  /** Problems of a first load are news when it is the first of all, or keeps a worker from starting. */
  #loaded(worker: Worker, message: Extract<WorkerMessage, { kind: 'loaded' }>): void {
    if (this.#ready.has(worker)) this.#reload?.tellProblems(message.problems);
    else if (this.#address === '' || !message.taken) this.#options.tell(message.problems);
  }

  /** Of rounds before, whose loads may end after the next has begun, nothing is said. */
  #reloaded({ round, taken }: Extract<WorkerMessage, { kind: 'reloaded' }>): void {
    if (round === this.#reload?.round && !this.#stopping) this.#reload.answered(taken);
  }

  #ended({ process: { pid } }: Worker, how: string, milliseconds: number): void {
    if (this.#stopping) return;
    this.#pause = milliseconds < SOON ? Math.min(Math.max(100, this.#pause * 2), LONGEST_PAUSE) : 0;
    this.#options.tell(`worker ${pid} ended (${how}): starting another\n`);
    this.#replace();
  }

  /** One that does not start (the directory may be broken by now) is tried again. */
  #replace(): void {
    setTimeout(() => {
      if (this.#stopping) return;
      this.#fork().catch(() => {
        this.#pause = Math.min(Math.max(100, this.#pause * 2), LONGEST_PAUSE);
        this.#options.tell(`a worker could not start: next try in ${this.#pause / 1000} s\n`);
        this.#replace();
      });
    }, this.#pause);
  }
}

/** One reload over all workers: problems are printed once, the outcome when all have answered. */
class Reload {
  #waiting: number;
  #taken = true;
  #printed = '';
  readonly round: number;
  readonly #tell: (text: string) => void;

  constructor(round: number, workers: number, tell: (text: string) => void) {
    this.round = round;
    this.#waiting = workers;
    this.#tell = tell;
  }

  tellProblems(problems: string): void {
    if (problems !== '' && problems !== this.#printed) this.#tell(problems);
    this.#printed = problems;
  }

  answered(taken: boolean): void {
    this.#taken &&= taken;
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#tell(this.#taken ? 'reloaded\n' : 'not reloaded: the last good state stays in service\n');
  }
}

function unshared(count: number): string {
  return (
    `warning: rate limits, quotas and caches count in each of the ${count} workers on its own, so callers get up to ${count} times\n` +
    '  what the policies say; share them through Redis: `stores: { redis: "redis://host:6379" }` in portico.yaml\n'
  );
}
