/** forward-request inside the gateway: the exchange's request to its backend, streamed both ways. */
import { Body } from '../exchange/body.ts';
import type { Forwarder } from '../exchange/exchange.ts';
import { forwardFailure, forwardThroughHost, outgoingRequest } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { GatewayResponse } from '../exchange/message.ts';
import { HostError, type RawHeaders } from '../host/host.ts';
import type { UpstreamAnswer, Upstreams } from './upstream.ts';

/**
 * The plain case goes straight through the clients' stacks; redirects, client certificates and HTTP/2 go through the
 * host, which knows them.
 */
export function createForwarder(upstreams: Upstreams): Forwarder {
  return async (exchange, options) => {
    const backend = exchange.backend?.pick?.() ?? exchange.backend;
    const hasCertificate = exchange.clientCertificate !== null || backend?.credentials?.certificateId !== undefined;
    if (options.followRedirects || options.httpVersion !== '1' || hasCertificate) {
      return forwardThroughHost(exchange, options);
    }
    if (options.bufferRequestBody) await exchange.request.body.buffer(exchange.settings.bodyLimit);
    const request = outgoingRequest(exchange, options, backend);
    try {
      const answer = await upstreams.send(request);
      backend?.report?.(answer.status, new Headers(answer.headers).first('Retry-After'));
      if (exchange.listener)
        exchange.emit({
          kind: 'call-made',
          step: exchange.current,
          method: request.method,
          url: request.origin + request.path,
          status: answer.status,
        });
      return responseOf(answer);
    } catch (error) {
      backend?.report?.(null, undefined);
      if (!(error instanceof HostError)) throw error;
      if (exchange.listener)
        exchange.emit({
          kind: 'call-made',
          step: exchange.current,
          method: request.method,
          url: request.origin + request.path,
          status: null,
          error: error.message,
        });
      throw forwardFailure(error);
    }
  };
}

function responseOf({ status, reason, headers, body }: UpstreamAnswer): GatewayResponse {
  return new GatewayResponse(status, reason, new Headers(withoutHopByHop(headers)), new Body(body));
}

/** Drops connection headers (RFC 9110, section 7.6.1); the list is only copied when there is one. */
function withoutHopByHop(headers: RawHeaders): RawHeaders {
  for (let at = 0; at < headers.length; at += 2) {
    if (isHopByHop(headers[at] ?? ''))
      return headers.flatMap((part, index) => (isHopByHop(headers[index - (index % 2)] ?? '') ? [] : [part]));
  }
  return headers;
}

/** Looked up by length first, since most names have none of these lengths. */
const HOP_BY_HOP: ReadonlyMap<number, readonly string[]> = new Map([
  [2, ['te']],
  [7, ['trailer', 'upgrade']],
  [10, ['connection', 'keep-alive']],
  [16, ['proxy-connection']],
  [17, ['transfer-encoding']],
  [18, ['proxy-authenticate']],
]);

function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.get(name.length)?.includes(name.toLowerCase()) ?? false;
}
