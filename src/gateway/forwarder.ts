/** forward-request inside the gateway: the exchange's request to its backend, streamed both ways. */
import type { Forwarder } from '../exchange/exchange.ts';
import { forwardFailure, forwardThroughHost, outgoingRequest, responseOf } from '../exchange/forward.ts';
import { Headers } from '../exchange/headers.ts';
import { HostError } from '../host/host.ts';
import type { Upstreams } from './upstream.ts';

/**
 * The plain case goes straight through the clients' stacks; redirects, client certificates, proxies and HTTP/2 go
 * through the host, which knows them.
 */
export function createForwarder(upstreams: Upstreams): Forwarder {
  return async (exchange, options) => {
    const backend = exchange.backend?.pick?.() ?? exchange.backend;
    const hasCertificate = exchange.clientCertificate !== null || backend?.credentials?.certificateId !== undefined;
    if (options.followRedirects || options.httpVersion !== '1' || hasCertificate || exchange.proxy !== null) {
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
