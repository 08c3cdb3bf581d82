import type { Exchange } from '../exchange/exchange.ts';
import { withoutHopByHop } from '../exchange/hop-by-hop.ts';
import { Url } from '../exchange/url.ts';
import type { OutgoingRequest } from '../host/host.ts';
import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { invalidValue } from './evaluation.ts';
import { callOut } from './shared/call.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<invoke-request>`: hands the request to another API of the gateway and takes its answer. Known to the schema alone. */
export const invokeRequest: PolicyDefinition = {
  name: 'invoke-request',
  summary: 'Hands the request to another API of the gateway; its answer becomes the response.',
  page: 'api-management-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  standIn: 'the API is called over HTTP at the address that the caller used',
  cardinality: 'any',
  attributes: [required('url', 'string', 'Path on this gateway, or an absolute URL.')],
  content: 'children',
  children: [],
  // What it means is written nowhere.
  unsupportedChildren: ['value'],
  compile: compileInvoke,
};

const TIMEOUT = 60_000;

function compileInvoke(element: PolicyElement): Step {
  const url = needed(element.text('url'), 'url');
  return async (exchange) => {
    const target = targetOf(url.read(exchange) ?? '', exchange);
    await exchange.request.body.buffer(exchange.settings.bodyLimit);
    exchange.response = await callOut(requestOf(target, exchange), exchange);
    return undefined;
  };
}

function targetOf(text: string, { request: { originalUrl } }: Exchange): Url {
  const url = Url.parse(text.startsWith('/') ? originalUrl.origin + text : text);
  if (!url) throw invalidValue(`'${text}' is neither a path nor an absolute URL.`);
  return url;
}

function requestOf(url: Url, { request }: Exchange): OutgoingRequest {
  const kept = withoutHopByHop(request.headers.toWire());
  const headers: string[] = ['Host', url.authority];
  for (let at = 0; at < kept.length; at += 2) {
    const name = kept[at] ?? '';
    if (!/^(?:host|content-length|expect)$/i.test(name)) headers.push(name, kept[at + 1] ?? '');
  }
  const { source } = request.body;
  if (source instanceof Uint8Array) headers.push('Content-Length', String(source.length));
  return { method: request.method, origin: url.origin, path: url.target, headers, body: source, timeoutMilliseconds: TIMEOUT };
}
