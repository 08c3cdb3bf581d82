/**
 * The trace of one call as Azure's gateway writes it (gateway-model, section 12.2): entries by section, each with its
 * source, its time, the time since the call came in, and what happened. Credentials and secrets are masked.
 */
import type { ExchangeEvent, ExchangeListener, SectionName, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import type { Url } from '../../exchange/url.ts';

export interface TraceEntry {
  readonly source: string;
  /** `2026-01-01T00:00:00.1234567Z` */
  readonly timestamp: string;
  /** Since the call came in: `00:00:00.0012345` */
  readonly elapsed: string;
  readonly data: unknown;
}

export interface TraceDocument {
  readonly serviceName: string;
  /** The request's id without dashes. */
  readonly traceId: string;
  readonly traceEntries: Readonly<Partial<Record<SectionName, readonly TraceEntry[]>>>;
}

/** Entries of one trace; a loop in a policy must not fill the memory. */
const MOST_ENTRIES = 1000;
/** Characters of one trace, as JSON. */
const LARGEST_TRACE = 256 * 1024;
/** Characters of one text. */
const LONGEST_TEXT = 4096;

/** Collects a call's entries while it runs. */
export class TraceRecorder {
  readonly listener: ExchangeListener = (event, exchange) => this.#told(event, exchange);
  readonly #exchange: Exchange;
  readonly #entries: Partial<Record<SectionName, TraceEntry[]>> = {};
  #section: SectionName = 'inbound';
  #count = 0;
  #size = 0;
  #full = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#add('api-inspector', { request: messageOf(exchange, exchange.request.originalMethod, exchange.request.originalUrl.toString()) });
    this.#add('api-inspector', { configuration: configurationOf(exchange) });
  }

  get document(): TraceDocument {
    const { deployment, requestId } = this.#exchange;
    return { serviceName: deployment.serviceName, traceId: requestId.replaceAll('-', ''), traceEntries: this.#entries };
  }

  /** The head of the answer goes out. */
  answering(): void {
    this.#add('transfer-response', { message: 'Response headers have been sent to the caller. Starting to stream the response body.' });
  }

  /** The whole answer is out. */
  complete(): void {
    this.#add('transfer-response', { message: 'Response body streaming to the caller is complete.' });
  }

  #told(event: ExchangeEvent, exchange: Exchange): void {
    if (event.kind === 'section-started') {
      this.#section = event.section;
      return;
    }
    const entry = entryOf(event, exchange);
    if (entry) this.#add(entry.source, entry.data);
  }

  #add(source: string, data: unknown): void {
    if (this.#full) return;
    this.#count += 1;
    this.#size += JSON.stringify(data).length;
    this.#full = this.#count >= MOST_ENTRIES || this.#size > LARGEST_TRACE;
    if (this.#full) this.#push('api-inspector', { message: 'The trace is too large: what follows was left out.' });
    else this.#push(source, data);
  }

  #push(source: string, data: unknown): void {
    const { timestamp, elapsed } = this.#exchange;
    const entries = this.#entries[this.#section] ?? [];
    this.#entries[this.#section] = entries;
    entries.push({ source, timestamp: instant(timestamp + elapsed), elapsed: duration(elapsed), data });
  }
}

interface Told {
  readonly source: string;
  readonly data: unknown;
}

function entryOf(event: ExchangeEvent, exchange: Exchange): Told | undefined {
  switch (event.kind) {
    case 'step-started':
      return event.step.policy === 'forward-request' ? forwarding(event.step, exchange) : undefined;
    case 'step-finished':
      return event.step.policy === 'forward-request' && exchange.response ? answered(exchange) : undefined;
    case 'expression-evaluated':
      return evaluated(event, exchange);
    case 'value-written':
      return { source: event.step?.policy ?? 'gateway', data: written(event, exchange) };
    case 'call-made':
      return event.step?.policy === 'forward-request' ? undefined : called(event, exchange);
    case 'message':
      return {
        source: event.source,
        data: { message: exchange.mask(event.message), ...(event.metadata ? { metadata: event.metadata } : {}) },
      };
    case 'token-checked':
      return { source: event.step?.policy ?? 'validate-jwt', data: { message: checked(event) } };
    case 'error-raised':
      return { source: event.error.source, data: { messages: [event.error.message], reason: event.error.reason, path: event.error.path } };
    default:
      return undefined;
  }
}

function forwarding(step: StepInfo, exchange: Exchange): Told {
  const message = `Request is being forwarded to the backend service. Timeout set to ${timeoutOf(step)}`;
  return { source: step.policy, data: { message, request: messageOf(exchange, exchange.request.method, exchange.request.url.toString()) } };
}

/** As written: an expression gives no number. */
function timeoutOf({ file, span }: StepInfo): string {
  const text = file.text.slice(span.start, span.end);
  const milliseconds = /\stimeout-ms=["'](\d+)["']/.exec(text)?.[1];
  if (milliseconds !== undefined) return `${milliseconds} milliseconds`;
  return `${/\stimeout=["'](\d+)["']/.exec(text)?.[1] ?? '300'} seconds`;
}

function answered(exchange: Exchange): Told {
  const { response } = exchange;
  const status = { code: response?.status, reason: response?.reason };
  return { source: 'forward-request', data: { response: { status, headers: response ? headersOf(response.headers, exchange) : [] } } };
}

function evaluated({ step, expression, value }: Extract<ExchangeEvent, { kind: 'expression-evaluated' }>, exchange: Exchange): Told {
  const data = {
    message: 'Expression was successfully evaluated.',
    expression: cut(exchange.mask(expression)),
    value: shown(value, exchange),
  };
  return { source: step?.policy ?? 'gateway', data };
}

function written({ target, name, before, after }: Extract<ExchangeEvent, { kind: 'value-written' }>, exchange: Exchange): unknown {
  if (target.endsWith('header')) return headerWritten(name, after, exchange);
  const value = shown(after, exchange);
  if (target === 'variable') return { message: 'Context variable was successfully set.', name, value };
  if (target === 'url' || target === 'query')
    return {
      message: 'Request URL was changed.',
      ...(name === '' ? {} : { name }),
      value: hideKeys(String(value)),
      request: { url: urlOf(exchange) },
    };
  if (target === 'backend')
    return { message: 'Backend service was changed.', oldBackendService: shown(before, exchange), newBackendService: value };
  return { message: `${target.replace('.', ' ')} was set.`, ...(name === '' ? {} : { name }), value };
}

function headerWritten(name: string, after: unknown, exchange: Exchange): unknown {
  const values = Array.isArray(after) ? after.map(String) : after === null || after === undefined ? [] : [String(after)];
  if (values.length === 0) return { message: `Header '${name}' was removed.` };
  const value = isCredential(name) ? MASK : cut(exchange.mask(hideTokens(values.join(','))));
  return { message: 'Specified value was assigned to the header (see below).', header: { name, value } };
}

function called({ step, method, url, status, error }: Extract<ExchangeEvent, { kind: 'call-made' }>, exchange: Exchange): Told {
  const request = { method, url: exchange.mask(hideKeys(url)) };
  const outcome = status === null ? { message: error ?? 'The call brought no answer.' } : { response: { status: { code: status } } };
  return { source: step?.policy ?? 'gateway', data: { request, ...outcome } };
}

function checked({ check, expected, actual, passed }: Extract<ExchangeEvent, { kind: 'token-checked' }>): string {
  return `${passed ? 'Passed' : 'Failed'}: ${check}; expected ${cut(hideTokens(expected))}, actual ${cut(hideTokens(actual))}`;
}

function configurationOf({ api, operation, user, product, request }: Exchange): unknown {
  return {
    api: api && { from: `/${api.path}`, to: urlParts(request.base), version: api.version ?? null, revision: api.revision },
    operation: operation && { method: operation.method, uriTemplate: operation.urlTemplate },
    user: user ? { id: user.id, groups: user.groups.map(({ name }) => name) } : '-',
    product: product ? { id: product.id } : '-',
  };
}

function urlParts({ scheme, host, port, path, queryString, isDefaultPort }: Url): unknown {
  return { scheme, host, port, path: path === '' ? '/' : path, queryString: hideKeys(queryString), query: {}, isDefaultPort };
}

function urlOf(exchange: Exchange): string {
  return exchange.mask(hideKeys(exchange.request.url.toString()));
}

function messageOf(exchange: Exchange, method: string, url: string): unknown {
  return { method, url: exchange.mask(hideKeys(url)), headers: headersOf(exchange.request.headers, exchange) };
}

function headersOf(headers: Headers, exchange: Exchange): unknown[] {
  const wire = headers.toWire();
  const list: unknown[] = [];
  for (let at = 0; at + 1 < wire.length; at += 2) {
    const name = wire[at] ?? '';
    list.push({ name, value: isCredential(name) ? MASK : cut(exchange.mask(hideTokens(wire[at + 1] ?? ''))) });
  }
  return list;
}

const MASK = '****';

const CREDENTIALS =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|ocp-apim-subscription-key|apim-debug-authorization|(?:x-)?api-key|x-functions-key)$/i;

function isCredential(name: string): boolean {
  return CREDENTIALS.test(name);
}

/** Keys and tokens in a query string. */
function hideKeys(url: string): string {
  return url.replace(/([?&](?:subscription-key|access_token|id_token|token|code|sig|key)=)[^&#]*/gi, `$1${MASK}`);
}

function hideTokens(text: string): string {
  return text.replace(/\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)*/g, `eyJ${MASK}`);
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** Plain values as they are, those of .NET as their text. */
function shown(value: unknown, exchange: Exchange): unknown {
  if (value === null || value === undefined) return null;
  const plain = typeof value === 'object' && 'value' in value ? value.value : value;
  if (typeof plain === 'number' || typeof plain === 'boolean') return plain;
  return cut(exchange.mask(hideTokens(textOf(value))));
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map(String).join(',');
  if ('netToString' in value) return String((value as { netToString(): unknown }).netToString());
  return 'value' in value ? String((value as { value: unknown }).value) : 'an object';
}

/** Seven digits behind the point, as .NET's round-trip format has them. */
function instant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${ticks(milliseconds)}Z`;
}

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${ticks(milliseconds)}`;
}

function ticks(milliseconds: number): string {
  return String(Math.floor((milliseconds % 1000) * 10_000)).padStart(7, '0');
}
