/** One call through the four sections (gateway-model, sections 1 and 3). */
import type { SectionName } from '../exchange/events.ts';
import type { AnswerReceiver, Exchange } from '../exchange/exchange.ts';
import type { Headers } from '../exchange/headers.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import { type LastError, PolicyError } from '../exchange/policy-error.ts';
import { asPolicyError } from '../policies/evaluation.ts';
import { type CompiledStep, located, runSteps, type StepList, type StepResult } from '../policies/step.ts';
import { DECISIONS } from './decisions.ts';
import { defaultResponse } from './default-response.ts';
import type { EffectivePolicy } from './document.ts';

/**
 * Runs the policy; afterwards `exchange.response` is what the caller gets. Gives a promise only when a step had to wait.
 * Never throws for what policies do.
 */
export function runEffective(policy: EffectivePolicy, exchange: Exchange): void | Promise<void> {
  exchange.secrets = policy.secrets;
  return settle(
    () => runFrom(policy, exchange, 0),
    () => finish(exchange),
    (error) => runFailure(policy, exchange, asPolicyError(error)),
  );
}

/** Who waits for a call's end: exactly one of both is called, once; `faulted` for errors of ours only. */
export interface CallReceiver {
  finished(exchange: Exchange): void;
  faulted(error: unknown): void;
}

/**
 * The same, telling the receiver instead of giving a promise. A call that waits for nothing but its backend, most of them,
 * then makes no promise at all; a dozen promises cost more than usual policies.
 */
export function startEffective(policy: EffectivePolicy, exchange: Exchange, receiver: CallReceiver): void {
  const { backend } = policy.sections;
  const [step] = backend;
  if (step?.run.begin && backend.length === 1 && !exchange.listener) return new PlainCall(policy, exchange, step, receiver).start();
  tellReceiver(runEffective(policy, exchange), exchange, receiver);
}

/** Tells the receiver at once, or when the promise is kept. */
export function tellReceiver(running: void | Promise<void>, exchange: Exchange, receiver: CallReceiver): void {
  if (!(running instanceof Promise)) return receiver.finished(exchange);
  running.then(
    () => receiver.finished(exchange),
    (error: unknown) => receiver.faulted(error),
  );
}

/** A call whose backend section is one forward-request, without a listener. */
class PlainCall implements AnswerReceiver {
  readonly #policy: EffectivePolicy;
  readonly #exchange: Exchange;
  readonly #forward: CompiledStep;
  readonly #receiver: CallReceiver;

  constructor(policy: EffectivePolicy, exchange: Exchange, forward: CompiledStep, receiver: CallReceiver) {
    this.#policy = policy;
    this.#exchange = exchange;
    this.#forward = forward;
    this.#receiver = receiver;
  }

  start(): void {
    this.#exchange.secrets = this.#policy.secrets;
    let ending: StepResult | Promise<StepResult>;
    try {
      ending = runSteps(this.#policy.sections.inbound, this.#exchange);
    } catch (error) {
      return this.#fail(error);
    }
    if (!(ending instanceof Promise)) return this.#goOn(ending);
    ending.then(
      (later) => this.#goOn(later),
      (error: unknown) => this.#fail(error),
    );
  }

  answered(response: GatewayResponse): void {
    this.#exchange.response = response;
    this.#exchange.current = null;
    this.#runOutbound();
  }

  failed(error: unknown): void {
    this.#exchange.current = null;
    this.#fail(located(error, this.#forward.info, this.#exchange));
  }

  /** Behind inbound. */
  #goOn(ending: StepResult): void {
    if (ending === undefined) return this.#runForward();
    this.#exchange.answered = null;
    if (after(0, ending) === FLOW.length) this.#end();
    else this.#runOutbound();
  }

  #runForward(): void {
    this.#exchange.current = this.#forward.info;
    try {
      this.#forward.run.begin?.(this.#exchange, this);
    } catch (error) {
      this.failed(error);
    }
  }

  #runOutbound(): void {
    const { sections } = this.#policy;
    if (sections.outbound.length === 0 && !this.#exchange.answered && this.#exchange.response) return this.#end();
    tellReceiver(
      settle(
        () => runFrom(this.#policy, this.#exchange, FLOW.indexOf('outbound')),
        () => finish(this.#exchange),
        (error) => runFailure(this.#policy, this.#exchange, asPolicyError(error)),
      ),
      this.#exchange,
      this.#receiver,
    );
  }

  #end(): void {
    tellReceiver(finish(this.#exchange), this.#exchange, this.#receiver);
  }

  #fail(error: unknown): void {
    tellReceiver(runFailure(this.#policy, this.#exchange, asPolicyError(error)), this.#exchange, this.#receiver);
  }
}

/**
 * Answers an error that the gateway found before or after the policies (no operation, no key, a body cut off): LastError is
 * set, on-error of the policy runs. `policy` null: nothing was known, the default answer stands.
 */
export function runError(policy: EffectivePolicy | null, exchange: Exchange, error: PolicyError): void | Promise<void> {
  if (policy) exchange.secrets = policy.secrets;
  return runFailure(policy, exchange, error);
}

const FLOW: readonly SectionName[] = ['inbound', 'backend', 'outbound'];

function runFrom(policy: EffectivePolicy, exchange: Exchange, first: number): void | Promise<void> {
  for (let at = first; at < FLOW.length; at += 1) {
    const section = FLOW[at];
    if (!section) return;
    const result = section === 'outbound' && exchange.answered ? afterAnswer(policy, exchange) : runSection(policy, exchange, section);
    if (result instanceof Promise) return result.then((ending) => runFrom(policy, exchange, next(exchange, at, ending)));
    at = next(exchange, at, result) - 1;
  }
}

/** Index of the section that runs next; an answer that did not come from the backend is none to wait for. */
function next(exchange: Exchange, at: number, ending: StepResult): number {
  if (ending !== undefined) exchange.answered = null;
  return after(at, ending);
}

/** Outbound behind the work that waited for the backend's answer. */
async function afterAnswer(policy: EffectivePolicy, exchange: Exchange): Promise<StepResult> {
  for (const work of exchange.answered?.splice(0) ?? []) await work(exchange);
  return runSection(policy, exchange, 'outbound');
}

function after(at: number, ending: StepResult): number {
  if (ending === 'respond') return DECISIONS.respondSkipsOutbound ? FLOW.length : Math.max(at + 1, 2);
  return ending === 'to-outbound' ? Math.max(at + 1, 2) : at + 1;
}

function runSection(policy: EffectivePolicy, exchange: Exchange, section: SectionName): StepResult | Promise<StepResult> {
  if (section === 'outbound') exchange.ensureResponse();
  const steps = section === 'outbound' && exchange.servedFromCache ? behindStore(policy, exchange) : policy.sections[section];
  if (!exchange.listener) return runSteps(steps, exchange);
  exchange.emit({ kind: 'section-started', section });
  const result = runSteps(steps, exchange);
  if (result instanceof Promise) {
    return result.then((ending) => {
      exchange.emit({ kind: 'section-finished', section });
      return ending;
    });
  }
  exchange.emit({ kind: 'section-finished', section });
  return result;
}

/** A stored response is as it was at cache-store: outbound goes on behind it. */
function behindStore(policy: EffectivePolicy, exchange: Exchange): StepList {
  const steps = policy.sections.outbound;
  const first = steps.findIndex(({ info }) => info.policy === 'cache-store') + 1;
  if (exchange.listener) for (const step of steps.slice(0, first)) exchange.emit({ kind: 'step-skipped', step: step.info });
  return steps.slice(first);
}

function runFailure(policy: EffectivePolicy | null, exchange: Exchange, error: PolicyError): void | Promise<void> {
  enterError(exchange, error);
  if (!policy) return finish(exchange);
  return settle(
    () => runSection(policy, exchange, 'on-error'),
    () => finish(exchange),
    (second) => {
      const error = asPolicyError(second);
      enterError(exchange, error.details.standsInOnError ? error : unhandled(error));
      return finish(exchange);
    },
  );
}

/** An error inside on-error ends in the generic answer (errors.yaml, flow.on_error). */
function unhandled(error: PolicyError): PolicyError {
  const generic = new PolicyError({ reason: error.details.reason, message: error.message, cause: error });
  generic.located = error.located;
  return generic;
}

function enterError(exchange: Exchange, error: PolicyError): void {
  const outside = error.located === null;
  error.located ??= outsideOf(error);
  exchange.lastError = error.located;
  if (outside && exchange.listener) exchange.emit({ kind: 'error-raised', error: error.located, step: null });
  if (error.details.keepResponse && exchange.response) return;
  exchange.response = safeResponse(exchange, error);
}

/** The refusal text may be an expression of its own, which may throw. */
function safeResponse(exchange: Exchange, error: PolicyError) {
  try {
    return defaultResponse(error, exchange);
  } catch (second) {
    const failure = unhandled(asPolicyError(second));
    if (error.located) exchange.lastError = { ...error.located, reason: failure.details.reason, message: failure.message };
    return defaultResponse(failure, exchange);
  }
}

function outsideOf(error: PolicyError): LastError {
  const { source, reason, message } = error.details;
  return { source: source ?? 'request-handler', reason, message, scope: null, section: null, path: null, policyId: null };
}

/** Promised headers and deferred counters: the last things before the response goes out. */
function finish(exchange: Exchange): void | Promise<void> {
  const response = exchange.ensureResponse();
  const promised = exchange.responseHeaders;
  for (let at = 0; at < promised.length; at += 2) keepPromise(response.headers, promised[at] ?? '', promised[at + 1] ?? '');
  if (exchange.deferred.length > 0) return runDeferred(exchange);
}

/** Cookies stand beside each other (RFC 6265, section 3); of anything else there is one. */
function keepPromise(headers: Headers, name: string, value: string): void {
  if (name === 'Set-Cookie') headers.append(name, [value]);
  else headers.set(name, [value]);
}

async function runDeferred(exchange: Exchange): Promise<void> {
  for (const work of exchange.deferred.splice(0)) {
    try {
      await work(exchange);
    } catch (error) {
      exchange.host.log('warn', 'work after the response failed', { error: String(error) });
    }
  }
}

/** try/catch over work that may or may not be a promise. */
function settle(
  work: () => unknown,
  done: () => void | Promise<void>,
  failed: (error: unknown) => void | Promise<void>,
): void | Promise<void> {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(done, failed) : done();
}
