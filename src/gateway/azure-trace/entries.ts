/** What each thing that happens in a call says in its trace (gateway-model, section 12.2): source and data. */
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Url } from '../../exchange/url.ts';
import type { Shown } from './shown.ts';

export interface Told {
  readonly source: string;
  readonly data: unknown;
}

type EventOf<K extends ExchangeEvent['kind']> = Extract<ExchangeEvent, { kind: K }>;

/** What came in, and what it was taken for. */
export function firstEntries(exchange: Exchange, shown: Shown): unknown[] {
  const { request } = exchange;
  return [
    { request: messageOf(exchange, request.originalMethod, request.originalUrl.toString(), shown) },
    { configuration: configurationOf(exchange, shown) },
  ];
}

export function entryOf(event: ExchangeEvent, exchange: Exchange, shown: Shown): Told | undefined {
  switch (event.kind) {
    case 'step-started':
      return event.step.policy === 'forward-request' ? forwarding(event.step, exchange, shown) : undefined;
    case 'step-finished':
      return finished(event.step, exchange, shown);
    case 'expression-evaluated':
      return evaluated(event, shown);
    case 'value-written':
      return { source: event.step?.policy ?? 'gateway', data: written(event, exchange, shown) };
    case 'call-made':
      return event.step?.policy === 'forward-request' ? undefined : called(event, shown);
    case 'message':
      return { source: event.source, data: said(event, shown) };
    case 'token-checked':
      return { source: event.step?.policy ?? 'validate-jwt', data: { message: checked(event, shown) } };
    case 'error-raised':
      return failed(event, shown);
    default:
      return undefined;
  }
}

function forwarding(step: StepInfo, exchange: Exchange, shown: Shown): Told {
  const message = `Request is being forwarded to the backend service. Timeout set to ${timeoutOf(step)}`;
  const { request } = exchange;
  return { source: step.policy, data: { message, request: messageOf(exchange, request.method, request.url.toString(), shown) } };
}

/** As written: an expression gives no number. */
function timeoutOf({ file, span }: StepInfo): string {
  const text = file.text.slice(span.start, span.end);
  const milliseconds = /\stimeout-ms=["'](\d+)["']/.exec(text)?.[1];
  if (milliseconds !== undefined) return `${milliseconds} milliseconds`;
  return `${/\stimeout=["'](\d+)["']/.exec(text)?.[1] ?? '300'} seconds`;
}

/** Policies that change nothing when they let a call pass: without a word they would not be seen. */
const CHECKS = /^(?:check-header|ip-filter|limit-concurrency|(?:rate-limit|quota)(?:-by-key)?|validate-(?!jwt|azure-ad-token).+)$/;

function finished({ policy }: StepInfo, { response }: Exchange, shown: Shown): Told | undefined {
  if (CHECKS.test(policy)) return { source: policy, data: { message: 'The check was passed.' } };
  if (policy !== 'forward-request' || !response) return undefined;
  const status = { code: response.status, reason: response.reason };
  return { source: policy, data: { response: { status, headers: shown.headers(response.headers) } } };
}

function evaluated({ step, expression, value }: EventOf<'expression-evaluated'>, shown: Shown): Told {
  const data = { message: 'Expression was successfully evaluated.', expression: shown.text(expression), value: shown.value(value) };
  return { source: step?.policy ?? 'gateway', data };
}

function written({ target, name, before, after }: EventOf<'value-written'>, exchange: Exchange, shown: Shown): unknown {
  if (target.endsWith('header')) return headerWritten(name, after, shown);
  const named = name === '' ? {} : { name };
  if (target === 'variable') return { message: 'Context variable was successfully set.', ...named, value: shown.value(after, name) };
  if (target === 'url' || target === 'query') {
    const value = target === 'url' ? shown.url(String(after)) : shown.value(after, name);
    return { message: 'Request URL was changed.', ...named, value, request: { url: shown.url(exchange.request.url.toString()) } };
  }
  if (target === 'backend')
    return { message: 'Backend service was changed.', oldBackendService: shown.value(before), newBackendService: shown.value(after) };
  return { message: `${target.replace('.', ' ')} was set.`, ...named, value: shown.value(after) };
}

function headerWritten(name: string, after: unknown, shown: Shown): unknown {
  const values = Array.isArray(after) ? after.map(String) : after === null || after === undefined ? [] : [String(after)];
  if (values.length === 0) return { message: `Header '${name}' was removed.` };
  const value = shown.header(name, values.join(','));
  return { message: 'Specified value was assigned to the header (see below).', header: { name, value } };
}

function called({ step, method, url, status, error }: EventOf<'call-made'>, shown: Shown): Told {
  const request = { method, url: shown.url(url) };
  const outcome =
    status === null ? { message: shown.text(error ?? 'The call brought no answer.') } : { response: { status: { code: status } } };
  return { source: step?.policy ?? 'gateway', data: { request, ...outcome } };
}

function said({ message, metadata }: EventOf<'message'>, shown: Shown): unknown {
  const fields = Object.entries(metadata ?? {}).map(([name, text]) => [name, shown.header(name, text)]);
  return { message: shown.text(message), ...(metadata ? { metadata: Object.fromEntries(fields) } : {}) };
}

function checked({ check, expected, actual, passed }: EventOf<'token-checked'>, shown: Shown): string {
  return `${passed ? 'Passed' : 'Failed'}: ${check}; expected ${shown.text(expected)}, actual ${shown.text(actual)}`;
}

function failed({ error }: EventOf<'error-raised'>, shown: Shown): Told {
  return { source: error.source, data: { messages: [shown.text(error.message)], reason: error.reason, path: error.path } };
}

function configurationOf({ api, operation, user, product, request }: Exchange, shown: Shown): unknown {
  return {
    api: api && { from: `/${api.path}`, to: urlParts(request.base, shown), version: api.version ?? null, revision: api.revision },
    operation: operation && { method: operation.method, uriTemplate: operation.urlTemplate },
    user: user ? { id: user.id, groups: user.groups.map(({ name }) => name) } : '-',
    product: product ? { id: product.id } : '-',
  };
}

function urlParts({ scheme, host, port, path, queryString, isDefaultPort }: Url, shown: Shown): unknown {
  return { scheme, host, port, path: path === '' ? '/' : path, queryString: shown.url(queryString), query: {}, isDefaultPort };
}

function messageOf({ request }: Exchange, method: string, url: string, shown: Shown): unknown {
  return { method, url: shown.url(url), headers: shown.headers(request.headers) };
}
