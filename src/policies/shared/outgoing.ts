/** What send-request and send-one-way-request build: a request of their own, or a copy of the current one. */
import { Body } from '../../exchange/body.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { Headers } from '../../exchange/headers.ts';
import { isHopByHop } from '../../exchange/hop-by-hop.ts';
import { Url, writtenUrl } from '../../exchange/url.ts';
import type { OutgoingRequest } from '../../host/host.ts';
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, type ChildDeclaration, optional, UNBOUNDED, valueChild } from '../definition.ts';
import { invalidValue } from '../evaluation.ts';
import * as faults from '../faults.ts';
import { applyBody, BODY_ELEMENT, bodyReader } from './body-element.ts';
import { CERTIFICATE_ATTRIBUTES, CERTIFICATE_ONE_OF, certificateReader } from './client-certificate.ts';
import { applyHeader, HEADER_ELEMENT, headerReader } from './header-element.ts';
import { urlFault } from './literal-url.ts';
import { IDENTITY_ATTRIBUTES, identityStep } from './managed-identity.ts';
import { METHOD_ELEMENT, methodText } from './method-element.ts';
import { PROXY_ELEMENT, proxyReader } from './proxy-element.ts';
import { timeLimit } from './time-limit.ts';
import { TOKEN_ELEMENT, TOKEN_STORE_ELEMENT, tokenStep, tokenStoreStep } from './token-elements.ts';

export const OUTGOING_ATTRIBUTES: readonly AttributeDeclaration[] = [
  optional('mode', 'enum', '`copy` starts from the current request.', { values: ['new', 'copy'], default: 'new' }),
  optional('timeout', 'integer', 'Seconds to wait for the answer.', { default: '60', min: 0 }),
];

const CERTIFICATE: ChildDeclaration = {
  name: 'authentication-certificate',
  min: 0,
  max: 1,
  content: 'empty',
  attributes: CERTIFICATE_ATTRIBUTES,
  oneOf: CERTIFICATE_ONE_OF,
};

const IDENTITY: ChildDeclaration = {
  name: 'authentication-managed-identity',
  min: 0,
  max: 1,
  content: 'empty',
  attributes: IDENTITY_ATTRIBUTES,
};

export const OUTGOING_CHILDREN: readonly ChildDeclaration[] = [
  valueChild('set-url', 0, 1, { required: true }),
  { ...METHOD_ELEMENT, min: 0, max: 1 },
  { ...HEADER_ELEMENT, min: 0, max: UNBOUNDED },
  { ...BODY_ELEMENT, min: 0, max: 1 },
  CERTIFICATE,
  { ...TOKEN_ELEMENT, min: 0, max: 1 },
  { ...TOKEN_STORE_ELEMENT, min: 0, max: 1 },
  IDENTITY,
  { ...PROXY_ELEMENT, min: 0, max: 1 },
];

/** Builds the call; everything is evaluated before anything is sent. */
export type OutgoingBuilder = (exchange: Exchange) => Promise<OutgoingRequest>;

export function outgoingBuilder(
  element: PolicyElement,
  compiler: PolicyCompiler,
  timeout: (exchange: Exchange) => number,
): OutgoingBuilder {
  const mode = element.text('mode');
  const url = element.children('set-url')[0]?.content();
  const method = element.children('set-method')[0]?.content();
  const headers = element.children('set-header').map(headerReader);
  const bodies = element.children('set-body').map((child) => bodyReader(child, compiler));
  const certificate = element.children('authentication-certificate').map((child) => certificateReader(child, compiler))[0];
  const identities = [
    ...element.children('authentication-token').map(tokenStep),
    ...element.children('authentication-token-store').map(tokenStoreStep),
    ...element.children('authentication-managed-identity').map(identityStep),
  ];
  const proxy = element.children('proxy').map(proxyReader)[0];
  // send-request page: in outbound a copy starts without a body, which the backend has had.
  const copiesBody = compiler.section !== 'outbound';
  checkTarget(element, compiler);
  return async (exchange) => {
    const copies = mode?.read(exchange) === 'copy';
    if (copiesBody && copies) await exchange.request.body.buffer(exchange.settings.bodyLimit);
    const target = url ? absolute(url.read(exchange)) : exchange.request.url;
    const message = {
      headers: new Headers(copies ? copiedHeaders(exchange) : []),
      body: new Body(copiesBody && copies ? exchange.request.body.source : null),
    };
    const verb = method ? methodText(method.read(exchange)) : copies ? exchange.request.method : 'GET';
    for (const read of headers) applyHeader(read(exchange), message.headers, 'request', exchange);
    for (const read of bodies) applyBody(read(exchange), message, 'request', exchange);
    for (const authorize of identities) await authorize(exchange, message.headers);
    const shown = certificate?.(exchange);
    const through = proxy?.(exchange);
    return {
      method: verb,
      origin: target.origin,
      path: target.target,
      headers: finished(message.headers, message.body, target, exchange),
      body: message.body.source,
      timeoutMilliseconds: timeLimit(timeout(exchange)),
      followRedirects: false,
      ...(typeof shown === 'string' ? { certificateId: shown } : shown ? { pfx: shown } : {}),
      ...(through === undefined ? {} : { proxy: through }),
    };
  };
}

function checkTarget(element: PolicyElement, compiler: PolicyCompiler): void {
  const mode = element.literal('mode');
  const isCopy = element.has('mode') && mode !== 'new';
  const url = element.children('set-url')[0];
  if (!url && !isCopy) compiler.report(faults.missingChild(element.name, 'set-url'), element.xml.nameSpan);
  const text = url?.content()?.constant;
  if (typeof text === 'string' && text !== '' && !text.includes('{{') && !Url.parse(text))
    compiler.report(urlFault('set-url', text), url?.xml.span ?? element.xml.span);
}

function absolute(text: string | null): Url {
  const url = writtenUrl(text ?? '');
  if (!url) throw invalidValue(`'${text ?? ''}' is not an absolute URL.`);
  return url;
}

function copiedHeaders(exchange: Exchange): string[] {
  const wire = exchange.request.headers.toWire();
  const copied: string[] = [];
  for (let at = 0; at < wire.length; at += 2) {
    const name = wire[at] ?? '';
    const lower = name.toLowerCase();
    if (lower !== 'host' && lower !== 'content-length' && !isHopByHop(lower)) copied.push(name, wire[at + 1] ?? '');
  }
  return copied;
}

/** Host from the URL unless set; the caller's address is appended on these calls, too (gateway-model, section 10.1). */
function finished(headers: Headers, body: Body, url: Url, exchange: Exchange): readonly string[] {
  const { ipAddress } = exchange.request;
  if (ipAddress !== '') {
    const before = headers.joined('X-Forwarded-For');
    headers.set('X-Forwarded-For', [before ? `${before},${ipAddress}` : ipAddress]);
  }
  const { source } = body;
  if (source instanceof Uint8Array) headers.set('Content-Length', [String(source.length)]);
  return headers.has('Host') ? headers.toWire() : ['Host', url.authority, ...headers.toWire()];
}
