/**
 * Who gets a trace, and how it is fetched (gateway-model, section 12.1): `Ocp-Apim-Trace: true` with a subscription that
 * may trace, or a token in `Apim-Debug-Authorization`. A caller without right learns nothing.
 */
import type { Exchange } from '../../exchange/exchange.ts';
import { type Headers, sameName } from '../../exchange/headers.ts';
import type { Workspace } from '../../workspace/model.ts';
import { type Masks, masksByWorkspace } from '../masks.ts';
import { json, type OpsRoute, problem } from '../ops-answers.ts';
import { DebugCredentials, plainId, secondsOf } from './credentials.ts';
import { TraceRecorder } from './document.ts';
import { TraceStore } from './store.ts';

/** Where traces are fetched on the gateway's own listener when there is no other; collides with no API, as the status path. */
export const TRACE_PATH = '/trace-0123456789abcdef/';

const TRACE_ID = /^[\w-]{24}$/;

const TRACE_HEADER = 'Ocp-Apim-Trace';
const TOKEN_HEADER = 'Apim-Debug-Authorization';

export class RequestTracing {
  readonly store: TraceStore;
  readonly #credentials: DebugCredentials;
  /** Base URL of the listener for operations; undefined: the gateway's own serves traces. */
  readonly #location: () => string | undefined;
  readonly #workspace: () => Workspace;
  readonly #masks: () => Masks;

  /** Looks for a trace that another process keeps. */
  #others: (id: string) => Promise<unknown> = async () => undefined;

  /** `key` (hexadecimal) signs tokens; without one each process signs with its own. */
  constructor(now: () => number, workspace: () => Workspace, location: () => string | undefined, key?: string) {
    this.store = new TraceStore(now);
    this.#credentials = new DebugCredentials(now, key === undefined ? undefined : Buffer.from(key, 'hex'));
    this.#workspace = workspace;
    this.#masks = masksByWorkspace(workspace);
    this.#location = location;
  }

  askOthers(others: (id: string) => Promise<unknown>): void {
    this.#others = others;
  }

  /** Whether the call asks for a trace; every call is asked, so nothing but names of two lengths is compared. */
  isAsked(rawHeaders: readonly string[]): boolean {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] ?? '';
      if (name.length === 14 && sameName(name, 'ocp-apim-trace')) return true;
      if (name.length === 24 && sameName(name, 'apim-debug-authorization')) return true;
    }
    return false;
  }

  /** Begins a trace when the caller has the right; the answer then says where it is. Undefined: there is none. */
  begin(exchange: Exchange): TraceRecorder | undefined {
    const { headers } = exchange.request;
    const byToken = this.#judgeToken(headers, exchange);
    if (!byToken && !this.#maySubscription(headers, exchange)) return undefined;
    const id = this.store.newId();
    exchange.responseHeaders.push('Apim-Trace-Id', id);
    if (headers.first(TRACE_HEADER) !== undefined) exchange.responseHeaders.push('Ocp-Apim-Trace-Location', this.#urlOf(id, exchange));
    exchange.tracing = true;
    const recorder = new TraceRecorder(exchange, this.#masks().forCall(headers.toWire()));
    // It opens this gateway, and is nobody else's business.
    headers.remove(TOKEN_HEADER);
    const { listener } = exchange;
    exchange.listener = listener
      ? (event, of) => {
          listener(event, of);
          recorder.listener(event, of);
        }
      : recorder.listener;
    this.store.keep(id, () => recorder.document);
    return recorder;
  }

  /** The stand-ins for the management API's calls, under their own names behind any prefix, and a list for people. */
  routes(): OpsRoute[] {
    return [
      { method: 'POST', path: /\/listDebugCredentials$/i, answer: ({ body }) => this.#issue(body) },
      { method: 'POST', path: /\/listTrace$/i, answer: ({ body }) => this.#answer(textIn(body, 'traceId')) },
      {
        method: 'GET',
        path: '/traces',
        answer: () => json(200, { traces: this.store.list().map(({ id, document }) => ({ id, traceId: document.traceId })) }),
      },
      { method: 'GET', path: /^\/traces\/[\w-]+$/, answer: ({ path }) => this.#answer(path.slice('/traces/'.length)) },
    ];
  }

  /** What the gateway's own listener answers under TRACE_PATH; undefined: nothing. */
  async onGateway(url: string): Promise<string | undefined> {
    const id = url.slice(TRACE_PATH.length);
    if (this.#location() !== undefined || !TRACE_ID.test(id)) return undefined;
    const found = await this.#find(id);
    return found === undefined ? undefined : JSON.stringify(found);
  }

  async #find(id: string): Promise<unknown> {
    return this.store.find(id) ?? (await this.#others(id));
  }

  #urlOf(id: string, { request }: Exchange): string {
    const base = this.#location();
    return base === undefined ? `${request.originalUrl.origin}${TRACE_PATH}${id}` : `${base}/traces/${id}`;
  }

  /** An unusable token is said so, as the service does; whoever has none hears nothing. */
  #judgeToken(headers: Headers, exchange: Exchange): boolean {
    const token = headers.first(TOKEN_HEADER);
    if (token === undefined || !exchange.api) return false;
    const judgement = this.#credentials.judge(token, exchange.api.id);
    if (judgement.kind === 'expired') exchange.responseHeaders.push('Apim-Debug-Authorization-Expired', `Token expired at ${judgement.at}`);
    if (judgement.kind === 'wrong-api')
      exchange.responseHeaders.push('Apim-Debug-Authorization-WrongAPI', `Token is for API '${judgement.api}'`);
    return judgement.kind === 'valid';
  }

  #maySubscription(headers: Headers, { subscription }: Exchange): boolean {
    if (headers.first(TRACE_HEADER)?.toLowerCase() !== 'true') return false;
    const { local, subscriptions } = this.#workspace();
    const { requestTraces } = local.operations.telemetry;
    if (requestTraces !== 'allowed') return requestTraces === 'always';
    return subscription !== null && subscriptions.some(({ info, allowsTracing }) => info.id === subscription.id && allowsTracing === true);
  }

  #issue(body: unknown) {
    const api = textIn(body, 'apiId');
    const asked = textIn(body, 'credentialsExpireAfter');
    const seconds = asked === undefined ? undefined : secondsOf(asked);
    const known = [...new Set(this.#workspace().apis.map(({ info }) => info.id))];
    const purposes = listIn(body, 'purposes');
    if (api === undefined) return problem(400, `\`apiId\` is missing; write one of ${known.join(', ')}`);
    const wanted = plainId(api).toLowerCase();
    if (!known.some((id) => id.toLowerCase() === wanted))
      return problem(404, `there is no API \`${plainId(api)}\`; write one of ${known.join(', ')}`);
    if (asked !== undefined && (seconds === undefined || seconds === 0))
      return problem(400, '`credentialsExpireAfter` is a duration such as PT1H');
    if (purposes && !purposes.includes('tracing')) return problem(400, '`purposes` knows `tracing` only');
    return json(200, { token: this.#credentials.issue(api, seconds) });
  }

  async #answer(id: string | undefined) {
    const found = id !== undefined && TRACE_ID.test(id) ? await this.#find(id) : undefined;
    return found !== undefined
      ? json(200, found)
      : problem(404, 'there is no such trace; traces are kept for an hour, the last 200 of them');
  }
}

function listIn(body: unknown, name: string): readonly unknown[] | undefined {
  const value = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined;
  return Array.isArray(value) ? value : undefined;
}

function textIn(body: unknown, name: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
