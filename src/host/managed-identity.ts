/**
 * Managed identities for real: tokens of the metadata service of a virtual machine, of the endpoint that App Service,
 * Container Apps and Functions give a process, or of Microsoft Entra ID by an application's own secret.
 */
import type { AccessTokenRequest, Host, HostIdentity } from './host.ts';
import type { Connections } from './stand-in-identity.ts';

/** Where tokens come from; exactly one of the forms of portico.yaml. */
export type ManagedIdentitySource =
  | { readonly kind: 'metadata'; readonly endpoint: string }
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly header: string }
  | { readonly kind: 'application'; readonly tokenUrl: string; readonly clientId: string; readonly clientSecret: string };

type CallingHost = Pick<Host, 'send' | 'now' | 'crypto'>;

/** A token is asked for anew so many milliseconds before it ends. */
const RENEW = 300_000;
const TIMEOUT = 10_000;
const LARGEST_ANSWER = 64 * 1024;

interface Kept {
  readonly token: Promise<string>;
  /** Host milliseconds. */
  renewAt: number;
}

/** Tokens are kept by resource and client until shortly before they end; one question at a time for each. */
export function createManagedIdentity(
  source: ManagedIdentitySource,
  host: () => CallingHost,
  connections: Connections = new Map(),
): HostIdentity {
  const kept = new Map<string, Kept>();
  return {
    accessToken: (request) => {
      const key = `${request.clientId ?? ''} ${request.resource}`;
      const found = kept.get(key);
      if (found && host().now() < found.renewAt) return found.token;
      const entry: Kept = { token: ask(source, request, host(), (until) => (entry.renewAt = until)), renewAt: Number.POSITIVE_INFINITY };
      kept.set(key, entry);
      // A failure is not kept: the next call asks again.
      entry.token.catch(() => kept.delete(key));
      return entry.token;
    },
    connection: (providerId, authorizationId) => connections.get(`${providerId}/${authorizationId}`),
  };
}

async function ask(
  source: ManagedIdentitySource,
  request: AccessTokenRequest,
  host: CallingHost,
  keepUntil: (time: number) => void,
): Promise<string> {
  const { url, method, headers, body } = questionOf(source, request);
  const { origin, pathname, search, host: authority } = new URL(url);
  const bytes = body === undefined ? null : new TextEncoder().encode(body);
  const answer = await host.send({
    method,
    origin,
    path: pathname + search,
    headers: ['Host', authority, 'Accept', 'application/json', ...headers],
    body: bytes,
    timeoutMilliseconds: TIMEOUT,
  });
  const members = await jsonOf(answer.body);
  const { access_token: token, error_description: description, error } = members;
  if (answer.status !== 200 || typeof token !== 'string') {
    const why = [description, error].find((text) => typeof text === 'string');
    throw new Error(`${origin} answered ${answer.status}${why === undefined ? '' : `: ${String(why).slice(0, 300)}`}`);
  }
  keepUntil(endOf(members, host.now()) - RENEW);
  return token;
}

interface Question {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly string[];
  readonly body?: string;
}

function questionOf(source: ManagedIdentitySource, { resource, clientId }: AccessTokenRequest): Question {
  if (source.kind === 'application') {
    // The version 2 endpoint takes scopes; `.default` stands for all that the application may do there.
    const scope = `${resource.replace(/\/$/, '')}/.default`;
    const form = { grant_type: 'client_credentials', client_id: source.clientId, client_secret: source.clientSecret, scope };
    const headers = ['Content-Type', 'application/x-www-form-urlencoded'];
    return { url: source.tokenUrl, method: 'POST', headers, body: new URLSearchParams(form).toString() };
  }
  const url = new URL(source.endpoint);
  url.searchParams.set('api-version', source.kind === 'metadata' ? '2018-02-01' : '2019-08-01');
  url.searchParams.set('resource', resource);
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  const headers = source.kind === 'metadata' ? ['Metadata', 'true'] : ['X-IDENTITY-HEADER', source.header];
  return { url: url.href, method: 'GET', headers };
}

/** `expires_on` in seconds since 1970, or `expires_in` in seconds; texts or numbers. A token without either is not kept. */
function endOf({ expires_on: on, expires_in: lasts }: Readonly<Record<string, unknown>>, now: number): number {
  if (Number(on) > 0) return Number(on) * 1000;
  return Number(lasts) > 0 ? now + Number(lasts) * 1000 : now;
}

async function jsonOf(body: AsyncIterable<Uint8Array> | null): Promise<Readonly<Record<string, unknown>>> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST_ANSWER) throw new Error('the answer is larger than 64 KiB');
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
