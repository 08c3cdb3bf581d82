/** A call made for the page, with a document as it stands in the editor: offline, or against the real services when asked. */
import { randomUUID } from 'node:crypto';
import { Body } from '../../exchange/body.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { Headers } from '../../exchange/headers.ts';
import { Url } from '../../exchange/url.ts';
import type { Diagnostic } from '../../source/diagnostic.ts';
import { errorText } from '../../source/error-text.ts';
import { PolicyProblems } from '../../testing/contract.ts';
import { createPolicyGateway } from '../../testing/gateway.ts';
import type { TestRequest } from '../../testing/request.ts';
import type { Answer } from '../../testing/stubs.ts';
import type { Call } from '../../workspace/call.ts';
import type { Engine } from '../../workspace/engine.ts';
import type { Expressions } from '../../workspace/expressions.ts';
import type { Workspace } from '../../workspace/model.ts';
import type { Masks } from '../masks.ts';
import type { CallDetail } from './call-rows.ts';
import { Recording } from './recording.ts';

/** A call of a trial ends here at the latest. */
const LONGEST_MILLISECONDS = 10_000;
const BODY_LIMIT = 1024 * 1024;

export interface TrialRequest {
  readonly method: string;
  /** Path and query, or a whole URL. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Claims of a token to mint; offline only. */
  readonly token: Readonly<Record<string, unknown>> | null;
  /** Subscription key. */
  readonly key: string;
  /** What the backend answers; offline only. */
  readonly answer: {
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: string;
  };
}

export type TrialOutcome =
  | { readonly kind: 'ran'; readonly call: CallDetail }
  | { readonly kind: 'problems'; readonly problems: readonly Diagnostic[] }
  | { readonly kind: 'failed'; readonly reason: string };

export interface TrialOptions {
  readonly workspace: Workspace;
  readonly request: TrialRequest;
  readonly masks: Masks;
  readonly expressions: Expressions;
  /** Makes the engine that reaches real services; absent: the trial is offline. */
  readonly real?: (workspace: Workspace) => Engine;
}

export async function runTrial(options: TrialOptions): Promise<TrialOutcome> {
  try {
    return await (options.real ? runReal(options, options.real) : runOffline(options));
  } catch (error) {
    if (error instanceof PolicyProblems) return { kind: 'problems', problems: error.problems };
    return { kind: 'failed', reason: errorText(error) };
  }
}

async function runOffline({ workspace, request, masks, expressions }: TrialOptions): Promise<TrialOutcome> {
  const gateway = await createPolicyGateway({ policies: workspace.root, workspace, expressions, clock: Date.now() });
  const { host } = gateway;
  const sent = sentRequest(request);
  const recording = newRecording(callOf(sent, request), masks, () => host.elapsed());
  const deadline = performance.now() + LONGEST_MILLISECONDS;
  const result = await gateway.call(sent, {
    backend: [{ fits: undefined, answers: [answerOf(request.answer)], times: Number.POSITIVE_INFINITY }],
    listener: (event, exchange) => {
      recording.listener(event, exchange);
      // Policies that wait for nothing and never end would otherwise keep the process.
      if (event.kind === 'step-started' && performance.now() > deadline) throw new Error('the trial took longer than 10 seconds');
    },
  });
  const { exchange } = gateway;
  if (!exchange) return { kind: 'failed', reason: 'the call did not run' };
  return { kind: 'ran', call: ended(recording, exchange, result.body) };
}

async function runReal({ workspace, request, masks }: TrialOptions, make: (workspace: Workspace) => Engine): Promise<TrialOutcome> {
  const engine = make(workspace);
  const errors = engine.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'problems', problems: errors };
  const call = callOf(sentRequest(request), request);
  const recording = newRecording(call, masks, () => performance.now());
  const exchange = await inTime(Promise.resolve(engine.run({ ...call, listener: recording.listener })));
  const { body } = exchange.ensureResponse();
  await inTime(Promise.resolve(body.buffer(BODY_LIMIT)));
  return { kind: 'ran', call: ended(recording, exchange, body.bytes()) };
}

function ended(recording: Recording, exchange: Exchange, body: Uint8Array | string): CallDetail {
  recording.readBody();
  recording.finished(exchange);
  if (body.length > 0) recording.sent(body);
  recording.ended();
  recording.closed();
  return recording.detail();
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the trial took longer than 10 seconds')), LONGEST_MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function newRecording(call: Call, masks: Masks, clock: () => number): Recording {
  return new Recording({ id: randomUUID(), call, masks, time: Date.now(), clock, changed: () => {} });
}

function sentRequest({ method, url, headers, body, token, key }: TrialRequest): TestRequest {
  return {
    method: method.toUpperCase(),
    url: /^https?:\/\//i.test(url) ? url : `/${url.replace(/^\/+/, '')}`,
    headers: headers.flat(),
    body: body === '' ? undefined : body,
    token: token ?? undefined,
    ip: '127.0.0.1',
    ...(key === '' ? {} : { key }),
  };
}

/** The call as a gateway gets it; what the test gateway adds (a minted token, a key) is added by it. */
function callOf({ method, url, headers, body, key }: TestRequest, request: TrialRequest): Call {
  const target = Url.parse(url.startsWith('/') ? `http://localhost${url}` : url) ?? new Url('http', 'localhost', 80, '/', '');
  const named = (name: string) => request.headers.some(([one]) => one.toLowerCase() === name);
  const added = [
    ...(named('host') ? [] : ['Host', target.authority]),
    ...(key === undefined ? [] : ['Ocp-Apim-Subscription-Key', key]),
    ...(body === undefined || named('content-length') ? [] : ['Content-Length', String(Buffer.byteLength(body))]),
  ];
  return {
    method,
    url: target,
    headers: new Headers([...added, ...headers]),
    ...(typeof body === 'string' ? { body: Body.text(body) } : {}),
    ipAddress: '127.0.0.1',
  };
}

function answerOf({ status, headers, body }: TrialRequest['answer']): Answer {
  return { status, reason: undefined, headers: headers.flat(), body: body === '' ? undefined : body, delay: 0, fault: undefined };
}
