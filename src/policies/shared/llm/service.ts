/** Calls an AI service behind a backend entity with JSON. */
import { Body } from '../../../exchange/body.ts';
import { tellCall } from '../../../exchange/call-made.ts';
import type { Backend } from '../../../exchange/entities.ts';
import type { StepInfo } from '../../../exchange/events.ts';
import type { Exchange } from '../../../exchange/exchange.ts';
import { Headers } from '../../../exchange/headers.ts';
import { PolicyError } from '../../../exchange/policy-error.ts';
import { setQuery } from '../../../exchange/query.ts';
import { joinPath, splitTarget, Url } from '../../../exchange/url.ts';
import type { OutgoingRequest } from '../../../host/host.ts';
import { tryJson } from '../../../source/json.ts';
import type { Input, PolicyCompiler, PolicyElement } from '../../compiler.ts';
import { invalidValue } from '../../evaluation.ts';
import * as faults from '../../faults.ts';
import { keepSecret } from '../secrets.ts';

export interface ServiceAnswer {
  readonly status: number;
  /** The body as JSON; undefined when it is none. */
  readonly value: unknown;
}

export interface ServiceCall {
  readonly backend: Backend;
  /** Path and query put behind the backend's URL; empty when that names the service completely. */
  readonly target: string;
  readonly payload: unknown;
  /** Raw headers that open the service in place of the entity's credentials. */
  readonly headers?: readonly string[];
  readonly step: StepInfo;
}

/** What managed identities ask tokens for (Azure AI services). */
const RESOURCE = 'https://cognitiveservices.azure.com';
const TIMEOUT = 60_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** The entity named by an attribute, checked at load when the name is a literal. */
export function backendReader(id: Input<string | null>, element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => Backend {
  const { services, standalone } = compiler;
  if (typeof id.constant === 'string' && !standalone && !services.hasBackend(id.constant))
    compiler.report(faults.unknownBackend(id.constant), element.xml.nameSpan);
  return (exchange) => {
    const name = id.read(exchange) ?? '';
    const backend = services.backend(name);
    if (!backend) throw new PolicyError({ reason: 'BackendNotFound', message: `Backend with id '${name}' could not be found.` });
    return backend.pick?.(exchange) ?? backend;
  };
}

/** Sends the payload with the entity's credentials, else a managed identity's token. Rejects with HostError when there is no answer. */
export async function askService(call: ServiceCall, exchange: Exchange): Promise<ServiceAnswer> {
  const request = await requestOf(call, exchange);
  const told = (status: number | null, error?: unknown) => tellCall(exchange, request, status, error, call.step);
  try {
    const answer = await exchange.host.send(request);
    const body = new Body(answer.body);
    await body.buffer(MOST_BYTES);
    call.backend.report?.(answer.status, new Headers(answer.headers).first('Retry-After'));
    told(answer.status);
    return { status: answer.status, value: tryJson(body.text()) };
  } catch (error) {
    call.backend.report?.(null, undefined);
    told(null, error);
    throw error;
  }
}

async function requestOf({ backend, target, payload, headers: own }: ServiceCall, exchange: Exchange): Promise<OutgoingRequest> {
  const url = urlOf(backend, target);
  const body = new TextEncoder().encode(JSON.stringify(payload));
  const headers = own ?? (await headersOf(backend, exchange));
  const { certificateId } = backend.credentials ?? {};
  return {
    method: 'POST',
    origin: url.origin,
    path: url.target,
    headers: ['Host', url.authority, 'Content-Type', 'application/json', 'Content-Length', String(body.length), ...headers],
    body,
    timeoutMilliseconds: TIMEOUT,
    ...(certificateId === undefined ? {} : { certificateId }),
    ...(backend.tls === undefined ? {} : { tls: backend.tls }),
  };
}

function urlOf({ url: text, credentials }: Backend, target: string): Url {
  const base = Url.parse(text);
  if (!base) throw invalidValue(`'${text}' is not an absolute URL.`);
  const { path, query: ownQuery } = splitTarget(target);
  let query = ownQuery === '' ? base.queryString : ownQuery;
  for (const [name, values] of Object.entries(credentials?.query ?? {})) query = setQuery(query, name, values);
  return new Url(base.scheme, base.host, base.port, path === '' ? base.path : joinPath(base.path, path), query);
}

async function headersOf({ credentials }: Backend, exchange: Exchange): Promise<string[]> {
  const { authorization, headers = {}, query = {} } = credentials ?? {};
  const raw = Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value]));
  if (authorization) raw.push('Authorization', `${authorization.scheme} ${authorization.parameter}`);
  if (raw.length > 0 || Object.keys(query).length > 0) return raw;
  const token = await exchange.host.identity.accessToken({ resource: RESOURCE, clientId: undefined });
  keepSecret(exchange, token);
  return ['Authorization', `Bearer ${token}`];
}
