/** Runs suites: a fresh gateway a test, one call after the other, differences collected. */
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { ExchangeEvent } from '../exchange/events.ts';
import { type Exchange, maskSecrets } from '../exchange/exchange.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { createExpressions, type Expressions } from '../workspace/expressions.ts';
import type { Workspace } from '../workspace/model.ts';
import { compareResult, type Difference } from './expectations.ts';
import { createPolicyGateway, PolicyProblems } from './gateway.ts';
import { createTestProvider, type TestProvider } from './provider.ts';
import { readSuite, type Suite, type TestCase } from './suite.ts';

export interface RunnerOptions {
  readonly anyMember?: boolean;
  /** Only tests whose name holds this text. */
  readonly filter?: string;
  /** Makes a listener for each call (the trace printer). */
  readonly listener?: (test: TestCase) => (event: ExchangeEvent, exchange: Exchange) => void;
}

export interface TestOutcome {
  readonly name: string;
  readonly line: number;
  readonly milliseconds: number;
  readonly differences: readonly Difference[];
  /** The test could not be run at all. */
  readonly failure: string | undefined;
}

export interface SuiteOutcome {
  readonly suite: string;
  readonly file: string;
  readonly tests: readonly TestOutcome[];
  /** Errors of the test file or of the policies: the suite is broken. */
  readonly problems: readonly Diagnostic[];
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #expressions: Expressions;
  #provider: TestProvider | undefined;

  constructor(options: RunnerOptions = {}) {
    this.#options = options;
    this.#expressions = createExpressions({ anyMember: options.anyMember ?? false });
  }

  async run(path: string): Promise<SuiteOutcome> {
    const problems: Diagnostic[] = [];
    const shown = relative(process.cwd(), resolve(path)) || path;
    const suite = readSuite(readFileSync(path, 'utf8'), shown, resolve(path), (problem) => problems.push(problem));
    if (problems.some(({ severity }) => severity === 'error')) return { suite: suite.name, file: shown, tests: [], problems };
    const wanted = suite.tests.filter(({ name }) => this.#options.filter === undefined || name.includes(this.#options.filter));
    const tests: TestOutcome[] = [];
    for (const test of wanted) {
      try {
        tests.push(await this.#test(suite, test));
      } catch (error) {
        if (!(error instanceof PolicyProblems)) throw error;
        return { suite: suite.name, file: shown, tests, problems: [...problems, ...error.problems] };
      }
    }
    return { suite: suite.name, file: shown, tests, problems };
  }

  async #test(suite: Suite, test: TestCase): Promise<TestOutcome> {
    const started = performance.now();
    const differences: Difference[] = [];
    const outcome = (failure?: string): TestOutcome => ({
      name: test.name,
      line: test.line,
      milliseconds: performance.now() - started,
      differences,
      failure,
    });
    if (!existsSync(suite.policies)) return outcome(`there is no policy directory or document \`${suite.policies}\``);
    this.#provider ??= await createTestProvider();
    const { policies, clock, seed, namedValues } = suite;
    const gateway = await createPolicyGateway({
      policies,
      clock,
      seed,
      namedValues,
      expressions: this.#expressions,
      provider: this.#provider,
    });
    const missing = missingProduct(test, gateway.engine.workspace);
    if (missing !== undefined) return outcome(`there is no product \`${missing}\``);
    const secrets = secretsOf(gateway.engine.workspace);
    for (const step of test.steps) {
      if (step.at !== undefined) gateway.host.setNow(Math.max(gateway.host.now(), clock + step.at));
      const listener = this.#options.listener?.(test);
      const result = await gateway.call(step.request, {
        given: step.given,
        backend: step.backend,
        calls: step.calls,
        ...(listener ? { listener } : {}),
      });
      differences.push(...compareResult(step.expect, result).map((difference) => withoutSecrets(difference, secrets)));
    }
    return outcome();
  }
}

function missingProduct({ steps }: TestCase, { products }: Workspace): string | undefined {
  return steps.flatMap(({ given }) => given.product ?? []).find((id) => !products.some(({ info }) => info.id === id));
}

function secretsOf({ namedValues }: Workspace): string[] {
  return [...namedValues.values()].flatMap(({ value, secret }) => (secret && value !== undefined ? [value] : []));
}

/** Reports end in CI logs: values of secret named values stay out of them. */
function withoutSecrets(difference: Difference, secrets: readonly string[]): Difference {
  return { ...difference, expected: maskSecrets(difference.expected, secrets), actual: maskSecrets(difference.actual, secrets) };
}
