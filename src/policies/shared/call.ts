/** One call out of a policy, told to listeners, with the answer in memory. */
import type { Exchange } from '../../exchange/exchange.ts';
import { forwardFailure, responseOf } from '../../exchange/forward.ts';
import type { GatewayResponse } from '../../exchange/message.ts';
import { HostError, type OutgoingRequest } from '../../host/host.ts';

/** Throws the PolicyError that forward-request would when there is no answer. */
export async function callOut(request: OutgoingRequest, exchange: Exchange): Promise<GatewayResponse> {
  try {
    const response = responseOf(await exchange.host.send(request));
    await response.body.buffer(exchange.settings.bodyLimit);
    tell(request, response.status, undefined, exchange);
    return response;
  } catch (error) {
    tell(request, null, error, exchange);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}

function tell(request: OutgoingRequest, status: number | null, error: unknown, exchange: Exchange): void {
  if (!exchange.listener) return;
  const reason = error instanceof Error ? { error: error.message } : {};
  exchange.emit({
    kind: 'call-made',
    step: exchange.current,
    method: request.method,
    url: request.origin + request.path,
    status,
    ...reason,
  });
}
