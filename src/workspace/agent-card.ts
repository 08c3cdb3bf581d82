/**
 * The card of an A2A agent as the gateway shows it: its own address in place of the agent's, JSON-RPC as the only
 * interface, and the subscription key among what a caller needs (agent-to-agent-api, "Key capabilities").
 */
import type { ApiInfo } from '../exchange/entities.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { decodedBody } from '../policies/shared/decoded-body.ts';
import { isJsonObject, itemsOf, type Members, textOf, tryJson } from '../source/json.ts';
import { member } from './openapi-json.ts';

/** What the rewritten card says of this API. */
export interface CardFacts {
  /** Path of the card behind the API's own. */
  readonly cardPath: string;
  /** Path of the JSON-RPC endpoint behind the API's own. */
  readonly rpcPath: string;
  /** Names of the subscription key; undefined when none is asked for. */
  readonly keyNames: ApiInfo['subscriptionKeyParameterNames'] | undefined;
}

/** Rewrites the backend's answer; one that is no card stays as it is. */
export async function rewriteCard(exchange: Exchange, facts: CardFacts): Promise<void> {
  const { response, settings, host, request } = exchange;
  if (response?.status !== 200) return;
  await response.body.buffer(settings.bodyLimit);
  const decoded = await decodedBody(response, settings.bodyLimit, host);
  const card = 'bytes' in decoded ? tryJson(new TextDecoder().decode(decoded.bytes)) : undefined;
  if (!isJsonObject(card)) return;
  const { origin, path } = request.originalUrl;
  const base = path.slice(0, Math.max(0, path.replace(/\/+$/, '').length - facts.cardPath.length));
  response.body.set(JSON.stringify(gatewayCard(card, origin + base + (facts.rpcPath === '/' ? '' : facts.rpcPath), facts.keyNames)));
  response.headers.remove('Content-Encoding');
  // A validator of the agent's card says nothing about this one.
  response.headers.remove('ETag');
  if (response.headers.has('Content-Length')) response.headers.set('Content-Length', [String(response.body.bytes().length)]);
}

/** Cards of A2A 0.x keep address and transport at the top, those of 1.0 in a list of interfaces. */
export function gatewayCard(card: Members, url: string, keyNames: CardFacts['keyNames']): Members {
  // A signature is one of the agent's own text.
  const { signatures: _signatures, ...kept } = card;
  const isNew = Array.isArray(card.supportedInterfaces);
  const placed = isNew ? withInterfaces(kept, url) : withUrl(kept, url);
  return keyNames ? { ...placed, ...securityOf(card, keyNames.header, isNew) } : placed;
}

function withUrl(card: Members, url: string): Members {
  const others = 'additionalInterfaces' in card ? { additionalInterfaces: [{ url, transport: 'JSONRPC' }] } : {};
  return { ...card, url, preferredTransport: 'JSONRPC', ...others };
}

function withInterfaces(card: Members, url: string): Members {
  const rpc = itemsOf(card.supportedInterfaces).find((one) => isJsonObject(one) && /^jsonrpc$/i.test(textOf(one.protocolBinding) ?? ''));
  return { ...card, supportedInterfaces: [{ ...(isJsonObject(rpc) ? rpc : {}), url, protocolBinding: 'JSONRPC' }] };
}

const SCHEME = 'apimSubscriptionKey';

/** Each way of getting in needs the key besides what it needed. */
function securityOf(card: Members, header: string, isNew: boolean): Members {
  const schemes = member(card, 'securitySchemes');
  if (isNew) {
    const ways = itemsOf(card.securityRequirements).filter(isJsonObject);
    const withKey = (way: Members) => ({ ...way, schemes: { ...member(way, 'schemes'), [SCHEME]: { list: [] } } });
    return {
      securitySchemes: { ...schemes, [SCHEME]: { apiKeySecurityScheme: { location: 'header', name: header } } },
      securityRequirements: (ways.length > 0 ? ways : [{}]).map(withKey),
    };
  }
  const ways = itemsOf(card.security).filter(isJsonObject);
  return {
    securitySchemes: { ...schemes, [SCHEME]: { type: 'apiKey', in: 'header', name: header } },
    security: (ways.length > 0 ? ways : [{}]).map((way) => ({ ...way, [SCHEME]: [] })),
  };
}
