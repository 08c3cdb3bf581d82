import type { Exchange } from '../exchange/exchange.ts';
import { forwardFailure } from '../exchange/forward.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { HostError } from '../host/host.ts';
import type { Input, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { needed } from './shared/inputs.ts';
import { timeLimit } from './shared/time-limit.ts';
import { bufferReads, runSteps, type Step, type StepList, type StepResult } from './step.ts';

const MIN_COUNT = 1;
const MAX_COUNT = 50;

/** `<retry>`: runs its children, then again while the condition holds; errors of the children are retried, too. */
export const retry: PolicyDefinition = {
  name: 'retry',
  summary: 'Runs the children once and again while a condition holds.',
  page: 'retry-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('condition', 'condition', '`true`: try again.', { late: true }),
    required('count', 'integer', 'Retries at most.', { min: MIN_COUNT, max: MAX_COUNT }),
    required('interval', 'number', 'Seconds between tries.', { min: 0 }),
    optional('max-interval', 'number', 'Cap in exponential mode, in seconds.', { min: 0 }),
    optional('delta', 'number', 'Step in linear and exponential mode, in seconds.', { min: 0 }),
    optional('first-fast-retry', 'boolean', 'First retry without wait.', { default: 'false' }),
  ],
  content: 'policies',
  except: ['wait'],
  compile: compileRetry,
};

interface Plan {
  readonly condition: Input<boolean>;
  readonly count: Input<number>;
  readonly interval: Input<number>;
  readonly maxInterval: Input<number> | undefined;
  readonly delta: Input<number> | undefined;
  readonly firstFast: Input<boolean> | undefined;
  readonly steps: StepList;
}

function compileRetry(element: PolicyElement): Step {
  const plan: Plan = {
    condition: needed(element.boolean('condition'), 'condition'),
    count: needed(element.number('count'), 'count'),
    interval: needed(element.number('interval'), 'interval'),
    maxInterval: element.number('max-interval'),
    delta: element.number('delta'),
    firstFast: element.boolean('first-fast-retry'),
    steps: element.steps(),
  };
  return (exchange) => run(plan, exchange);
}

async function run(plan: Plan, exchange: Exchange): Promise<StepResult> {
  const count = checkedCount(plan.count.read(exchange));
  const before = exchange.lastError;
  for (let retries = 0; ; retries += 1) {
    if (exchange.listener) exchange.emit({ kind: 'branch-taken', step: exchange.current, branch: `try ${retries + 1}` });
    const pass = await runPass(plan.steps, exchange);
    if (!pass.failure && pass.result !== undefined) return pass.result;
    const again = retries < count && !exchange.stop?.aborted && (await wantsMore(plan, exchange));
    if (!again) return ended(pass, exchange, before);
    exchange.lastError = before;
    if (pass.covered !== undefined) exchange.response = pass.covered;
    const wait = waitBefore(plan, retries + 1, exchange);
    if (wait !== 0) await pause(timeLimit(wait * 1000), exchange);
  }
}

/** The page's bounds hold for what an expression gives, too. */
function checkedCount(count: number): number {
  if (count < MIN_COUNT || count > MAX_COUNT) throw invalidValue(`'${count}' is not a valid count.`);
  return count;
}

interface Pass {
  readonly result: StepResult;
  readonly failure?: PolicyError;
  /** The response that a failing pass covered with that of its error. */
  readonly covered?: GatewayResponse | null;
}

/** A failing pass shows as LastError and as a response with the error's status, which the condition reads (observed). */
async function runPass(steps: StepList, exchange: Exchange): Promise<Pass> {
  try {
    return { result: await runSteps(steps, exchange) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    exchange.lastError = error.located;
    if (error.details.keepResponse && exchange.response) return { result: undefined, failure: error };
    const covered = exchange.response;
    exchange.response = new GatewayResponse(error.status, error.details.statusReason);
    return { result: undefined, failure: error, covered };
  }
}

async function wantsMore(plan: Plan, exchange: Exchange): Promise<boolean> {
  await bufferReads(plan.condition.reads, exchange);
  return plan.condition.read(exchange);
}

/** A caller who goes ends the wait, and the call. */
async function pause(milliseconds: number, { caller, host, stop }: Exchange): Promise<void> {
  if (!caller && !stop) return host.sleep(milliseconds);
  const gone = new AbortController();
  if (caller?.gone) throw canceled();
  if (caller) caller.waitsFor = gone;
  const signal = stop ? AbortSignal.any([gone.signal, stop]) : gone.signal;
  try {
    await host.sleep(milliseconds, signal);
  } catch (error) {
    throw signal.aborted ? canceled() : error;
  } finally {
    if (caller) caller.waitsFor = null;
  }
}

function canceled(): PolicyError {
  return forwardFailure(new HostError('aborted', 'The operation was canceled.'));
}

function ended(pass: Pass, exchange: Exchange, before: Exchange['lastError']): StepResult {
  if (pass.failure) throw pass.failure;
  exchange.lastError = before;
  return pass.result;
}

/**
 * Seconds before the n-th retry: fixed, linear with delta, exponential with delta and max-interval. Of the two published
 * exponential formulas the older one fits the page's worked example (10, 20, 40, 80, then the cap).
 */
function waitBefore(plan: Plan, retryNumber: number, exchange: Exchange): number {
  if (retryNumber === 1 && plan.firstFast?.read(exchange)) return 0;
  const interval = plan.interval.read(exchange);
  const delta = plan.delta?.read(exchange);
  const cap = plan.maxInterval?.read(exchange);
  if (delta === undefined) return interval;
  if (cap === undefined) return interval + (retryNumber - 1) * delta;
  const spread = delta * (0.8 + 0.4 * exchange.host.random());
  return Math.min(interval + (2 ** (retryNumber - 1) - 1) * spread, cap);
}
