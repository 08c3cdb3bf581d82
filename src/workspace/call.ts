/** A call as the engine takes it, and what is read off it before policies run. */
import type { Body } from '../exchange/body.ts';
import type { ApiInfo, OperationInfo } from '../exchange/entities.ts';
import type { ExchangeListener } from '../exchange/events.ts';
import type { CallerLife, Exchange } from '../exchange/exchange.ts';
import type { Headers } from '../exchange/headers.ts';
import { GatewayRequest } from '../exchange/message.ts';
import type { Url } from '../exchange/url.ts';
import type { CertificateInfo, Host } from '../host/host.ts';
import type { WorkspaceApi } from './model.ts';
import type { Match } from './router.ts';

/** A call as it comes in. */
export interface Call {
  readonly method: string;
  /** What the caller asked for: scheme and host of the gateway, path, query. */
  readonly url: Url;
  readonly headers: Headers;
  readonly body?: Body;
  readonly ipAddress?: string;
  readonly certificate?: CertificateInfo | null;
  readonly requestId?: string;
  readonly listener?: ExchangeListener | null;
  readonly tracing?: boolean;
  /** Told once it is known who calls, before policies run; also when the caller is refused. */
  readonly admitted?: ((exchange: Exchange) => void) | null;
  /** The connection behind the call. */
  readonly caller?: CallerLife | null;
  /** Overrides of the call's surroundings, for tests. */
  readonly given?: Given;
  /** The world of this call alone, for tests that share an engine; default: the engine's. */
  readonly host?: Host;
}

/** What a test may set in place of what the workspace would decide. */
export type Given = Partial<Pick<Exchange, 'product' | 'subscription' | 'user' | 'deployment'>> & {
  readonly variables?: ReadonlyMap<string, unknown>;
  /** The caller has been let in: no key is asked for. */
  readonly skipKey?: boolean;
  /** `context.Api` and `context.Operation`, made of what was matched; which policies run stays as matched. */
  readonly api?: (matched: ApiInfo | null) => ApiInfo;
  readonly operation?: (matched: OperationInfo | null) => OperationInfo;
  readonly matchedParameters?: ReadonlyMap<string, string>;
};

/** The request with its backend URL: the API's service URL and the rest of the path. */
export function requestOf(call: Call, match: Match | undefined): GatewayRequest {
  return new GatewayRequest({
    method: call.method,
    originalUrl: call.url,
    base: match?.operation.target ?? match?.api.info.serviceUrl ?? undefined,
    path: match?.operation.target ? '' : match?.rest,
    queryString: undefined,
    headers: call.headers,
    body: call.body,
    ipAddress: call.ipAddress,
    matchedParameters: call.given?.matchedParameters ?? (match && parametersOf(match)),
    certificate: call.certificate,
  });
}

function parametersOf({ parameters }: Match): ReadonlyMap<string, string> | undefined {
  for (const _name in parameters) return new Map(Object.entries(parameters));
  return undefined;
}

/** The subscription key. Header first; the query parameter only when the header is absent. */
export function keyOf(call: Call, api: WorkspaceApi): string | undefined {
  const { header, query } = api.info.subscriptionKeyParameterNames;
  return call.headers.first(header) ?? queryParameter(call.url.queryString, query);
}

/** Names are compared without case, as the template's and the version's are. */
function queryParameter(queryString: string, name: string): string | undefined {
  if (queryString === '') return undefined;
  const wanted = name.toLowerCase();
  // Decoding costs more than matching; a name can only hide behind an escape.
  if (!(queryString.includes('%') || queryString.includes('+') || queryString.toLowerCase().includes(wanted))) return undefined;
  for (const [key, value] of new URLSearchParams(queryString)) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** Local name of the first element inside the SOAP body; looked for at the start of the message only. */
export function soapElement(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, 64 * 1024));
  return /<(?:[\w.-]+:)?Body\b[^<>]*>\s*(?:<!--[\s\S]{0,1000}?-->\s*)?<(?:[\w.-]+:)?([\w.-]+)/.exec(text)?.[1];
}
