/** Whose token this is and what it is for, by the habits of the providers; nothing here is trusted, it only chooses advice. */
import { textOf } from '../../source/json.ts';

export interface Recognized {
  /** Name of the pack that makes such tokens. */
  readonly provider: string | undefined;
  readonly kind: 'access' | 'application' | 'id' | undefined;
  /** Microsoft Graph's own token. */
  readonly graph: boolean;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Application ids and addresses of Microsoft Graph and its predecessor. */
const GRAPH = /^(?:(?:spn:)?0000000[23]-0000-0000-c000-000000000000|https:\/\/graph\.(?:microsoft\.com|windows\.net|microsoft\.us)\/?)$/i;

export function recognize(header: Claims, payload: Claims): Recognized {
  const provider = providerOf(header, payload);
  return { provider, kind: kindOf(provider, payload), graph: audiences(payload).some((one) => GRAPH.test(one)) };
}

/** Issuer patterns, most telling first. */
const ISSUERS: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/sts\.(?:windows\.net|chinacloudapi\.cn)\//, 'entra-v1'],
  [/^https:\/\/[^/]+\.ciamlogin\.com\//, 'entra-external-id'],
  [/^https:\/\/[^/]+\.b2clogin\.com\//, 'entra-b2c'],
  [/^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn)\/[^/]+\/v2\.0\/?$/, 'entra-v2'],
  [/^https:\/\/[^/]+\/oauth2\/[^/]+$/, 'okta-custom'],
  [/^https:\/\/[^/]+\.okta(?:preview|-emea)?\.com\/?$/, 'okta-org'],
  [/^https:\/\/auth\.pingone\./, 'pingone'],
  [/^https:\/\/[^/]+\.auth0\.com\/$/, 'auth0'],
  [/\/realms\/[^/]+$/, 'keycloak'],
  [/^https:\/\/cognito-idp\.[^/]+\.amazonaws\.com\//, 'cognito'],
];

function providerOf(header: Claims, payload: Claims): string | undefined {
  const issuer = textOf(payload.iss) ?? '';
  const byIssuer = ISSUERS.find(([pattern]) => pattern.test(issuer))?.[1];
  if (byIssuer === 'entra-v2' && ('tfp' in payload || /^b2c_1/i.test(textOf(payload.acr) ?? ''))) return 'entra-b2c';
  if (byIssuer !== undefined) return byIssuer;
  if ('pi.atm' in header) return 'pingfederate';
  if (header.typ === 'application/okta-internal-at+jwt') return 'okta-org';
  if ('gty' in payload || /^(?:auth0|google-oauth2)\|/.test(textOf(payload.sub) ?? '')) return 'auth0';
  if ('realm_access' in payload || 'resource_access' in payload) return 'keycloak';
  return 'token_use' in payload ? 'cognito' : undefined;
}

function kindOf(provider: string | undefined, payload: Claims): Recognized['kind'] {
  if (payload.token_use === 'id' || payload.typ === 'ID' || /^ID\./.test(textOf(payload.jti) ?? '')) return 'id';
  if ('at_hash' in payload || 'c_hash' in payload) return 'id';
  const hasRights = ['scp', 'scope', 'roles', 'permissions', 'cid', 'azp', 'appid'].some((name) => name in payload);
  if ('nonce' in payload && !hasRights) return 'id';
  if (isEntra(provider) && !hasRights && 'name' in payload) return 'id';
  if (payload.idtyp === 'app' || payload.gty === 'client-credentials' || /@clients$/.test(textOf(payload.sub) ?? '')) return 'application';
  if (isEntra(provider) && !('scp' in payload) && payload.oid !== undefined && payload.oid === payload.sub) return 'application';
  const client = textOf(payload.cid) ?? textOf(payload.client_id);
  if (client !== undefined && (payload.sub === client || payload.sub === undefined)) return 'application';
  return hasRights ? 'access' : undefined;
}

export function isEntra(provider: string | undefined): boolean {
  return provider === 'entra-v1' || provider === 'entra-v2' || provider === 'entra-external-id';
}

/** `aud` as a list. */
export function audiences({ aud }: Claims): string[] {
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) ? aud.filter((one): one is string => typeof one === 'string') : [];
}
