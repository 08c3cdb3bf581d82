import type { Exchange } from '../exchange/exchange.ts';
import { Headers } from '../exchange/headers.ts';
import { withoutHopByHop } from '../exchange/hop-by-hop.ts';
import { toBodyContent } from '../exchange/text.ts';
import { joinPath, Url } from '../exchange/url.ts';
import type { OutgoingRequest } from '../host/host.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, optional, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import * as faults from './faults.ts';
import { callOut } from './shared/call.ts';
import { applyHeader } from './shared/header-element.ts';
import { needed } from './shared/inputs.ts';
import { backendReader } from './shared/llm/service.ts';
import { methodText } from './shared/method-element.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

/**
 * `<invoke-request>`: hands the request to another API of the gateway, or to a backend entity. Known to the schema and to the
 * authoring library alone: what is not written is that of the current request.
 */
export const invokeRequest: PolicyDefinition = {
  name: 'invoke-request',
  summary: 'Hands the request to another API of the gateway or to a backend.',
  page: 'api-management-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  standIn: 'another API is called over HTTP at the address that the caller used',
  cardinality: 'any',
  attributes: [
    required('url', 'string', 'Path on this gateway or behind the backend, or an absolute URL.'),
    optional('method', 'string', 'Method.', { default: 'that of the request' }),
    optional('backend-id', 'string', 'Backend entity in place of this gateway.'),
    optional('response-variable-name', 'string', 'Variable that receives the answer; without one it becomes the response.', {
      expressions: false,
    }),
  ],
  content: 'children',
  children: [
    {
      name: 'header',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [required('name', 'string', 'Header name.'), required('value', 'string', 'Value in place of the one there is.')],
    },
    { name: 'body', min: 0, max: 1, content: 'body', attributes: [], text: { type: 'any', expressions: true, required: false } },
    // The schema's only child; what it means is written nowhere.
    valueChild('value', 0, UNBOUNDED),
  ],
  anyOrder: true,
  compile: compileInvoke,
};

const TIMEOUT = 60_000;

function compileInvoke(element: PolicyElement, compiler: PolicyCompiler): Step {
  for (const one of element.children('value')) compiler.report(faults.inertChild(element.name, one.name), one.xml.nameSpan);
  const url = needed(element.text('url'), 'url');
  const id = element.text('backend-id');
  const backend = id && backendReader(id, element, compiler);
  const method = element.text('method');
  const variable = element.literal('response-variable-name');
  const headers = element.children('header').map((one) => [needed(one.text('name'), 'name'), needed(one.text('value'), 'value')] as const);
  const body = element.children('body')[0]?.contentObject();
  return async (exchange) => {
    const target = targetOf(url.read(exchange) ?? '', backend?.(exchange).url ?? exchange.request.originalUrl.origin);
    const given = headers.map(([name, value]) => [name.read(exchange) ?? '', value.read(exchange) ?? ''] as const);
    const content = body ? (toBodyContent(body.read(exchange)) ?? '') : undefined;
    await exchange.request.body.buffer(exchange.settings.bodyLimit);
    const verb = method ? methodText(method.read(exchange)) : exchange.request.method;
    const answer = await callOut(requestOf({ url: target, verb, given, content }, exchange), exchange);
    if (variable === undefined) exchange.response = answer;
    else setVariable(exchange, variable, answer);
    return undefined;
  };
}

function targetOf(text: string, base: string): Url {
  const start = Url.parse(base);
  const query = text.indexOf('?');
  const path = query < 0 ? text : text.slice(0, query);
  const url =
    text.startsWith('/') && start
      ? new Url(start.scheme, start.host, start.port, joinPath(start.path, path), query < 0 ? '' : text.slice(query))
      : Url.parse(text);
  if (!url) throw invalidValue(`'${text}' is neither a path nor an absolute URL.`);
  return url;
}

interface Invoked {
  readonly url: Url;
  readonly verb: string;
  readonly given: readonly (readonly [string, string])[];
  readonly content: string | Uint8Array | undefined;
}

function requestOf({ url, verb, given, content }: Invoked, exchange: Exchange): OutgoingRequest {
  const { request } = exchange;
  const headers = new Headers(withoutHopByHop(request.headers.toWire()));
  for (const name of ['Host', 'Content-Length', 'Expect']) headers.remove(name);
  for (const [name, value] of given) applyHeader({ name, action: 'override', values: [value] }, headers, 'request', exchange);
  const body = typeof content === 'string' ? new TextEncoder().encode(content) : (content ?? request.body.source);
  if (body instanceof Uint8Array) headers.set('Content-Length', [String(body.length)]);
  return {
    method: verb,
    origin: url.origin,
    path: url.target,
    headers: ['Host', url.authority, ...headers.toWire()],
    body,
    timeoutMilliseconds: TIMEOUT,
  };
}
