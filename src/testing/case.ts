/** One test on one gateway: its calls one after the other, differences collected. */
import type { ExchangeEvent } from '../exchange/events.ts';
import { type Exchange, maskSecrets } from '../exchange/exchange.ts';
import type { Workspace } from '../workspace/model.ts';
import type { Outgoing, TestGateway, TestResult } from './contract.ts';
import type { Difference } from './difference.ts';
import type { Answer, Answered } from './stubs.ts';
import type { TestCase, TestStep } from './suite.ts';

export interface CaseHooks {
  readonly listener?: ((event: ExchangeEvent, exchange: Exchange) => void) | undefined;
  /** As in CallSetup, with the index of the step. */
  readonly outgoing?: ((outgoing: Outgoing, step: number) => Answer | undefined) | undefined;
  /** Real milliseconds that the test may take. */
  readonly timeout: number;
  readonly guard?: Guard | undefined;
}

/** Cuts off code that neither ends nor waits, which no timer of its own thread can. */
export interface Guard {
  /** From now on for so many milliseconds. */
  begin(milliseconds: number): void;
  end(): void;
}

export interface CaseRun {
  readonly differences: readonly Difference[];
  readonly results: readonly TestResult[];
  /** Documents whose policies may have run, by name. */
  readonly touched: ReadonlySet<string>;
}

/** The test took longer than it may. */
export class TestTimeout extends Error {
  constructor(milliseconds: number) {
    super(`the test took longer than ${milliseconds} ms`);
  }
}

/** Runs a test from a fresh state. Throws TestTimeout; an Error that names something given that is not there. */
export async function runCase(gateway: TestGateway, test: TestCase, hooks: CaseHooks): Promise<CaseRun> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TestTimeout(hooks.timeout)), hooks.timeout);
  });
  hooks.guard?.begin(hooks.timeout);
  try {
    return await Promise.race([new CaseRunner(gateway, test, hooks).run(), late]);
  } finally {
    hooks.guard?.end();
    clearTimeout(timer);
  }
}

class CaseRunner {
  readonly #gateway: TestGateway;
  readonly #test: TestCase;
  readonly #hooks: CaseHooks;
  readonly #deadline: number;
  readonly #touched = new Set<string>();
  /** Answers in turn go on from step to step. */
  readonly #answered: Answered = new Map();

  constructor(gateway: TestGateway, test: TestCase, hooks: CaseHooks) {
    this.#gateway = gateway;
    this.#test = test;
    this.#hooks = hooks;
    this.#deadline = performance.now() + hooks.timeout;
  }

  async run(): Promise<CaseRun> {
    const { clock, seed, steps } = this.#test;
    this.#gateway.reset({ clock, seed });
    const secrets = secretsOf(this.#gateway.engine.workspace);
    const differences: Difference[] = [];
    const results: TestResult[] = [];
    for (const [at, step] of steps.entries()) {
      const result = await this.#step(step, at);
      results.push(result);
      const found = step.expect.compare(result, this.#gateway.value);
      differences.push(...found.map((difference) => withoutSecrets(difference, secrets)));
    }
    if (performance.now() > this.#deadline) throw new TestTimeout(this.#hooks.timeout);
    return { differences, results, touched: this.#touched };
  }

  #step(step: TestStep, index: number): Promise<TestResult> {
    const { host } = this.#gateway;
    const { outgoing } = this.#hooks;
    const wanted = Math.max(host.now() + step.after, step.at === undefined ? 0 : this.#test.clock + step.at);
    if (wanted > host.now()) this.#gateway.advance(wanted - host.now());
    const { given, identity, backend, calls } = step;
    return this.#gateway.call(step.request, {
      given,
      identity,
      backend,
      calls,
      answered: this.#answered,
      listener: (event, exchange) => this.#heard(event, exchange),
      outgoing: outgoing && ((one) => outgoing(one, index)),
    });
  }

  #heard(event: ExchangeEvent, exchange: Exchange): void {
    if (event.kind === 'step-started' || event.kind === 'step-skipped') this.#touched.add(event.step.file.name);
    this.#hooks.listener?.(event, exchange);
    // Policies that wait for nothing and never end would otherwise keep the process.
    if (event.kind === 'step-started' && performance.now() > this.#deadline) throw new TestTimeout(this.#hooks.timeout);
  }
}

export function secretsOf({ namedValues }: Workspace): string[] {
  return [...namedValues.values()].flatMap(({ value, secret }) => (secret && value !== undefined ? [value] : []));
}

/** Reports end in CI logs: values of secret named values stay out of them. */
function withoutSecrets(difference: Difference, secrets: readonly string[]): Difference {
  const { expected, actual, because } = difference;
  const masked = (text: string) => maskSecrets(text, secrets);
  return { ...difference, expected: masked(expected), actual: masked(actual), ...(because ? { because: because.map(masked) } : {}) };
}
