/** What all workers know of something, asked of any of them (metrics, state): alone, a process asks itself. */
import type { ParentMessage } from './workers-messages.ts';
import { tellParent } from './workers-tell.ts';

/** Answers a question about this process, at once or later; values are those that JSON has. */
export type Answerer = (what: string) => unknown;

export class Gathering {
  readonly #answer: Answerer;
  readonly #byTopic = new Map<string, Answerer>();
  readonly #isWorker: boolean;
  readonly #asked = new Map<number, (values: readonly unknown[]) => void>();
  #last = 0;

  constructor(answer: Answerer, isWorker: boolean) {
    this.#answer = answer;
    this.#isWorker = isWorker;
    if (isWorker) process.on('message', (message: ParentMessage) => this.#told(message));
  }

  /** Answers questions that begin with this word, and gets what follows it. */
  answers(topic: string, answer: Answerer): void {
    this.#byTopic.set(topic, answer);
  }

  /** Whether there may be others. */
  get isShared(): boolean {
    return this.#isWorker;
  }

  /** One value a worker; those that do not answer within a second are left out. */
  async ask(what: string): Promise<readonly unknown[]> {
    if (!this.#isWorker) return [await this.#answerOf(what)];
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      tellParent({ kind: 'ask', id, what });
    });
  }

  /** One that cannot answer is left out when the time is over. */
  async #reply(id: number, what: string): Promise<void> {
    try {
      tellParent({ kind: 'answer', id, value: (await this.#answerOf(what)) ?? null });
    } catch {
      return;
    }
  }

  #answerOf(what: string): unknown {
    const space = what.indexOf(' ');
    const answer = this.#byTopic.get(what.slice(0, Math.max(0, space)));
    return answer ? answer(what.slice(space + 1)) : this.#answer(what);
  }

  #told(message: ParentMessage): void {
    if (message.kind === 'question') void this.#reply(message.id, message.what);
    if (message.kind !== 'answers') return;
    this.#asked.get(message.id)?.(message.values);
    this.#asked.delete(message.id);
  }
}
