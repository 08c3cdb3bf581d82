/** The same tests against a gateway that runs: what a caller can see is compared, the rest is left out. */
import { readFileSync, statSync } from 'node:fs';
import type { Diagnostic } from '../source/diagnostic.ts';
import { audiencesOf } from './audiences.ts';
import type { TestResult } from './contract.ts';
import type { Difference } from './difference.ts';
import { readWorkspace } from './prepare.ts';
import { createTestProvider, type TestProvider } from './provider.ts';
import type { TestRequest } from './request.ts';
import { loadSuite, nameFilter, outcomeOf, type SuiteOutcome, type TestOutcome } from './runner.ts';
import { type SharedKey, sharedKeyOf } from './shared-key.ts';
import type { TestCase, TestStep } from './suite.ts';

export interface AgainstOptions {
  /** Base of every request: scheme, host, port, maybe a path. */
  readonly url: string;
  /** Only tests whose name holds this text, or fits this `/pattern/`. */
  readonly filter?: string | undefined;
  /** Real milliseconds for one request, and for a wait between two. */
  readonly timeout: number;
  /** Entry of `environments` in portico.yaml: it may name providers. */
  readonly environmentName?: string | undefined;
}

export class LiveRunner {
  readonly #options: AgainstOptions;
  readonly #fits: (name: string) => boolean;
  readonly #minting = new Map<string, Promise<Minting>>();

  constructor(options: AgainstOptions) {
    this.#options = options;
    this.#fits = nameFilter(options.filter);
  }

  async run(path: string): Promise<SuiteOutcome> {
    const problems: Diagnostic[] = [];
    const suite = loadSuite(path, problems);
    const tests: TestOutcome[] = [];
    const isBroken = problems.some(({ severity }) => severity === 'error');
    for (const test of isBroken ? [] : suite.tests) {
      if (this.#fits(test.name)) tests.push(await this.#test(test));
    }
    return { suite: suite.name, file: suite.file, path: suite.path, tests, problems, obsolete: [] };
  }

  async #test(test: TestCase): Promise<TestOutcome> {
    const started = performance.now();
    const outcome = (more: Partial<TestOutcome>) => outcomeOf(test, started, more);
    const skipped = this.#whyNot(test);
    if (skipped !== undefined) return outcome({ skipped });
    const differences: Difference[] = [];
    try {
      for (const step of test.steps) {
        await this.#waitFor(step, started);
        differences.push(...step.expect.compareVisible(await this.#send(step, test.policies)));
      }
      return outcome({ differences });
    } catch (error) {
      return outcome({ failure: `${this.#options.url}: ${reasonOf(error)}` });
    }
  }

  /** A token of now: the tests' own clock is not that of the gateway. */
  async #authorization({ token }: TestRequest, identity: TestStep['identity'], policies: string): Promise<[string, string][]> {
    if (!token) return [];
    const minting = this.#minting.get(policies) ?? mintingFor(policies, this.#options.environmentName);
    this.#minting.set(policies, minting);
    const { provider, audiences, sharedKey } = await minting;
    return [['Authorization', `Bearer ${await provider.with(identity).mint(token, Date.now(), audiences, sharedKey)}`]];
  }

  /** What no request from outside can bring about. */
  #whyNot({ skip, expression, steps, policies }: TestCase): string | undefined {
    if (skip !== undefined) return skip;
    if (expression) return 'an expression has no part that callers see';
    if (isPart(policies)) return 'a fragment alone is not what callers see';
    if (steps.every(({ expect }) => expect.visible.length === 0)) return 'it expects nothing that callers see';
    const longest = Math.max(...steps.map(({ at = 0, after }) => Math.max(at, after)));
    return longest > this.#options.timeout ? `it would wait ${longest / 1000} s` : undefined;
  }

  async #waitFor({ at = 0, after }: TestStep, started: number): Promise<void> {
    const wait = Math.max(after, at - (performance.now() - started));
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  async #send({ request, identity }: TestStep, policies: string): Promise<TestResult> {
    const path = /^[a-z]+:\/\/[^/]+(\/.*)?$/i.exec(request.url);
    const url = this.#options.url.replace(/\/$/, '') + (path ? (path[1] ?? '/') : request.url);
    const response = await fetch(url, {
      method: request.method,
      headers: [...headersOf(request), ...(await this.#authorization(request, identity, policies))],
      redirect: 'manual',
      signal: AbortSignal.timeout(this.#options.timeout),
      ...(request.body === undefined ? {} : { body: request.body as string }),
    });
    return resultOf(response);
  }
}

/** Who mints tokens for some policies, and for whom: as in the offline run. */
interface Minting {
  readonly provider: TestProvider;
  readonly audiences: readonly string[];
  readonly sharedKey: SharedKey | undefined;
}

async function mintingFor(policies: string, environmentName: string | undefined): Promise<Minting> {
  const workspace = readWorkspace(policies, environmentName);
  const provider = (await createTestProvider()).with(workspace.local.identity.providers);
  return { provider, audiences: audiencesOf(workspace), sharedKey: sharedKeyOf(workspace) };
}

/** A fragment, or policies without a document around them. */
function isPart(policies: string): boolean {
  return statSync(policies, { throwIfNoEntry: false })?.isFile() === true && !/<policies[\s>]/.test(readFileSync(policies, 'utf8'));
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const text = cause instanceof Error && cause.message !== '' ? cause.message : error instanceof Error ? error.message : String(error);
  return text === '' && cause instanceof AggregateError ? 'no connection' : text;
}

function headersOf({ headers, key }: TestRequest): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  if (key !== undefined) pairs.push(['Ocp-Apim-Subscription-Key', key]);
  return pairs.filter(([name]) => !/^(?:host|connection|content-length)$/i.test(name));
}

async function resultOf(response: Response): Promise<TestResult> {
  const body = await response.text();
  const rawHeaders = [...response.headers].flat();
  return {
    status: response.status,
    reason: response.statusText,
    rawHeaders,
    header: (name) => response.headers.get(name) ?? undefined,
    body,
    json: () => JSON.parse(body) as unknown,
    forwarded: [],
    calls: [],
    recorded: [],
    variables: {},
    events: [],
    error: null,
    elapsed: 0,
  };
}
