/** One call out of a policy, told to listeners, with the answer in memory. */
import { tellCall } from '../../exchange/call-made.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { forwardFailure, responseOf } from '../../exchange/forward.ts';
import type { GatewayResponse } from '../../exchange/message.ts';
import { HostError, type OutgoingRequest } from '../../host/host.ts';
import { bufferPlain } from './decoded-body.ts';

/** The answer has its body in memory: expressions read it synchronously, whenever they like. Throws the PolicyError that forward-request would when there is no answer. */
export async function callOut(request: OutgoingRequest, exchange: Exchange): Promise<GatewayResponse> {
  try {
    const response = responseOf(await exchange.host.send(exchange.stop ? { ...request, signal: exchange.stop } : request));
    await (response.headers.has('Content-Encoding') ? bufferPlain(response, exchange) : response.body.buffer(exchange.settings.bodyLimit));
    tellCall(exchange, request, response.status);
    return response;
  } catch (error) {
    tellCall(exchange, request, null, error);
    throw error instanceof HostError ? forwardFailure(error) : error;
  }
}
