/** A stand-in at an address of this machine: its documents with their addresses moved there, and a token endpoint. */
import { TOKEN_KINDS, WELL_KNOWN } from './pack.ts';
import type { ProviderAnswer, StandInProvider } from './stand-in.ts';

/** A request as a server sees it. */
export interface ServedRequest {
  readonly method: string;
  /** Path and query below the stand-in's base. */
  readonly path: string;
  /** The form of a POST. */
  readonly form: URLSearchParams;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Answers under `base` what the provider answers at its own addresses; `/.well-known/openid-configuration` right below
 * `base` works for every pack. Undefined for anything else.
 */
export async function serve(provider: StandInProvider, base: string, request: ServedRequest): Promise<ProviderAnswer | undefined> {
  const url = new URL(request.path, 'http://stand-in');
  if (url.pathname === pathOf(provider.document().token_endpoint)) return token(provider, request);
  const genuine = genuineAddress(provider, url);
  const answer = genuine === undefined ? undefined : provider.answer(genuine + url.search);
  return answer && { ...answer, body: moved(answer.body, provider, base) };
}

function genuineAddress(provider: StandInProvider, { pathname }: URL): string | undefined {
  const known = [provider.discoveryUrl, provider.pack.jwksUri(provider.settings)];
  return known.find((address) => pathOf(address) === pathname) ?? (pathname === WELL_KNOWN ? provider.discoveryUrl : undefined);
}

/** Endpoints move to `base`; the issuer stays what it is, so that policies are tested with the genuine one. */
function moved(body: string, provider: StandInProvider, base: string): string {
  if (!body.startsWith('{"issuer"')) return body;
  const origins = new Set([provider.discoveryUrl, String(provider.document().token_endpoint)].map((address) => new URL(address).origin));
  const document = JSON.parse(body) as Record<string, unknown>;
  const entries = Object.entries(document).map(([name, value]): [string, unknown] => {
    if (name === 'issuer' || typeof value !== 'string' || !URL.canParse(value)) return [name, value];
    const url = new URL(value);
    return [name, origins.has(url.origin) ? base + url.pathname + url.search : value];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/**
 * RFC 6749, section 4.4: anybody gets a token. `scope`, `client_id`, `audience` or `resource` decide what is in it; `kind`
 * and `claims` (JSON) are ours.
 */
async function token(provider: StandInProvider, { method, form, now }: ServedRequest): Promise<ProviderAnswer> {
  if (method !== 'POST') return json(405, { error: 'invalid_request', error_description: 'a token is asked for with POST' });
  if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
  const claims = readClaims(form.get('claims'));
  if (!claims) return json(400, { error: 'invalid_request', error_description: '`claims` is no JSON object' });
  const kind = TOKEN_KINDS.find((one) => one === form.get('kind')) ?? 'client-credentials';
  const audience = form.get('audience') ?? form.get('resource') ?? undefined;
  const scope = form.get('scope') ?? '';
  const access = await provider.mint({
    kind,
    now,
    claims: { ...requested(provider, scope, form.get('client_id')), ...claims },
    ...(audience === undefined ? {} : { audience: [audience] }),
  });
  const member = kind === 'id' ? 'id_token' : 'access_token';
  return json(200, { [member]: access, token_type: 'Bearer', expires_in: provider.pack.lifetime, ...(scope === '' ? {} : { scope }) });
}

/** Claims for scope and client, under the names that the provider's own tokens have. */
function requested(provider: StandInProvider, scope: string, client: string | null): Record<string, unknown> {
  const { settings, pack } = provider;
  const shape = pack.claims({ settings, kind: 'access', issuedAt: 0, expiresAt: 0 });
  const name = 'scope' in shape ? 'scope' : 'scp';
  const value = Array.isArray(shape[name]) ? scope.split(' ') : scope;
  const clientNames = ['azp', 'appid', 'cid', 'client_id'].filter((one) => one in shape);
  return {
    ...(scope === '' ? {} : { [name]: value }),
    ...(client === null ? {} : Object.fromEntries(clientNames.map((one) => [one, client]))),
    ...(client !== null && pack.name === 'generic' ? { sub: client, azp: client, oid: client } : {}),
  };
}

function readClaims(text: string | null): Record<string, unknown> | undefined {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, value: object): ProviderAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value), delay: 0, down: false };
}

function pathOf(address: unknown): string {
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).pathname : '';
}
