import type { StepInfo } from '../exchange/events.ts';
import type { AnswerReceiver, Exchange } from '../exchange/exchange.ts';
import { type LastError, PolicyError } from '../exchange/policy-error.ts';
import { asPolicyError } from './evaluation.ts';
import { bufferPlain } from './shared/decoded-body.ts';
import type { Message } from './shared/message.ts';

/**
 * Why the rest does not run: `respond` skips everything that is left, outbound included (return-response, mock-response,
 * cors); `to-outbound` goes on with outbound (a response cache hit).
 */
export type Ending = 'respond' | 'to-outbound';

/** Nothing: go on. A step that has nothing to wait for returns no promise, and the runner does not await it. */
export type StepResult = Ending | undefined;

/** What a policy does to a call. Failing is a PolicyError or a NetException. */
export interface Step {
  (exchange: Exchange): StepResult | Promise<StepResult>;
  /** The same for a step that only waits for a backend's answer (forward-request): tells the receiver instead of making promises. */
  begin?(exchange: Exchange, receiver: AnswerReceiver): void;
}

/** Which message bodies a step reads; the runner buffers them just before it. */
export interface StepReads {
  readonly request: boolean;
  readonly response: boolean;
}

export const NO_READS: StepReads = { request: false, response: false };

/** A step with its place in the document. */
export interface CompiledStep {
  readonly info: StepInfo;
  readonly run: Step;
  readonly reads: StepReads;
}

export type StepList = readonly CompiledStep[];

/** Runs steps in order until one ends the call or fails; a promise only when a step gave one. */
export function runSteps(steps: StepList, exchange: Exchange): StepResult | Promise<StepResult> {
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at];
    if (!step) continue;
    const result = runStep(step, exchange);
    if (result instanceof Promise) return continueAfter(result, steps, at, exchange);
    if (result !== undefined) {
      if (exchange.listener) skipRest(steps, at + 1, exchange);
      return result;
    }
  }
  return undefined;
}

async function continueAfter(first: Promise<StepResult>, steps: StepList, from: number, exchange: Exchange): Promise<StepResult> {
  let result = await first;
  for (let at = from + 1; at < steps.length && result === undefined; at += 1) {
    const step = steps[at];
    if (!step) continue;
    if (exchange.stop?.aborted) throw stopped();
    const next = runStep(step, exchange);
    result = next instanceof Promise ? await next : next;
    if (result !== undefined && exchange.listener) skipRest(steps, at + 1, exchange);
  }
  return result;
}

/** What a branch that is not wanted any more ends with; nobody sees it. */
function stopped(): PolicyError {
  return new PolicyError({ reason: 'ClientConnectionFailure', message: 'The operation was canceled.' });
}

function skipRest(steps: StepList, from: number, exchange: Exchange): void {
  for (const step of steps.slice(from)) exchange.emit({ kind: 'step-skipped', step: step.info });
}

/** Runs one step: buffers what it reads, tells the listener, gives errors their place. */
export function runStep(step: CompiledStep, exchange: Exchange): StepResult | Promise<StepResult> {
  const outer = exchange.current;
  exchange.current = step.info;
  if (exchange.listener) exchange.emit({ kind: 'step-started', step: step.info });
  try {
    const buffered = bufferReads(step.reads, exchange);
    const result = buffered ? buffered.then(() => step.run(exchange)) : step.run(exchange);
    if (result instanceof Promise) return finishLater(result, step, exchange, outer);
    finish(step, exchange, outer);
    return result;
  } catch (error) {
    exchange.current = outer;
    throw located(error, step.info, exchange);
  }
}

async function finishLater(
  result: Promise<StepResult>,
  step: CompiledStep,
  exchange: Exchange,
  outer: StepInfo | null,
): Promise<StepResult> {
  try {
    const outcome = await result;
    finish(step, exchange, outer);
    return outcome;
  } catch (error) {
    exchange.current = outer;
    throw located(error, step.info, exchange);
  }
}

function finish(step: CompiledStep, exchange: Exchange, outer: StepInfo | null): void {
  if (exchange.listener) exchange.emit({ kind: 'step-finished', step: step.info });
  exchange.current = outer;
}

/** Buffers the bodies named; a promise only when a stream has to be read. */
export function bufferReads(reads: StepReads, exchange: Exchange): Promise<void> | undefined {
  const request = reads.request ? bufferMessage(exchange.request, exchange) : undefined;
  const response = reads.response && exchange.response ? bufferMessage(exchange.response, exchange) : undefined;
  if (request && response) return request.then(() => response);
  return request ?? response;
}

function bufferMessage(message: Message, exchange: Exchange): Promise<void> | undefined {
  const { body, headers } = message;
  if (body.isPresent && !body.isDecoded && headers.has('Content-Encoding')) return bufferPlain(message, exchange);
  return body.isBuffered ? undefined : (body.buffer(exchange.settings.bodyLimit) ?? undefined);
}

/** The error as PolicyError with the innermost failing step's place, made once. */
export function located(error: unknown, info: StepInfo, exchange: Exchange): PolicyError {
  const failure = asPolicyError(error);
  if (failure.located === null) {
    failure.located = lastErrorOf(failure, info);
    if (exchange.listener) exchange.emit({ kind: 'error-raised', error: failure.located, step: info });
  }
  return failure;
}

function lastErrorOf(failure: PolicyError, info: StepInfo): LastError {
  const { source, reason, message, path } = failure.details;
  return {
    source: source ?? info.policy,
    reason,
    message,
    scope: info.scope,
    section: info.section,
    path: path ?? info.path,
    policyId: info.policyId,
  };
}
