/** Microsoft Entra ID, version 1 and version 2 tokens; key set, discovery and claims as its documentation lists them. */
import type { JWK } from 'jose';
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';
import type { StandInKey } from './stand-in-keys.ts';

export const ENTRA_SETTINGS = {
  tenant: '11111111-2222-3333-4444-555555555555',
  'client-id': '00001111-aaaa-2222-bbbb-3333cccc4444',
  audience: 'api://orders',
  endpoint: 'https://login.microsoftonline.com',
} as const;

type Tenancy = 'single' | 'common' | 'organizations';

/** Entra's kid is the certificate's thumbprint; its keys carry no alg. */
export function entraKey(key: StandInKey, issuer: string): JWK {
  const { n, e } = publicPart(key);
  return {
    kty: 'RSA',
    use: 'sig',
    kid: key.thumbprint,
    x5t: key.thumbprint,
    n,
    e,
    x5c: [key.certificate],
    cloud_instance_name: 'microsoftonline.com',
    issuer,
  } as JWK;
}

function pathTenant(settings: PackSettings, tenancy: Tenancy): string {
  return tenancy === 'single' ? (settings.tenant ?? '') : tenancy;
}

/** Claims of both versions that mean nothing to policies, but are there. */
function opaque(issuedAt: number) {
  return { aio: 'E2ZgYOhbMNvxMnvCxN1y3Bz2AA==', rh: '0.AAAAqh8Y5v1vPkKQ.', uti: `${issuedAt.toString(36)}Kq0mAAAA` };
}

/** `oid`, `sub` and the like of a user or of an application. */
function subject({ kind, settings }: TokenContext) {
  const application = '9a1d3c5e-7b2f-4e6d-8c0a-1f3e5d7b9c2a';
  return kind === 'client-credentials'
    ? { oid: application, sub: application, tid: settings.tenant }
    : { oid: PERSON.id, sub: 'kR3cF9w0pYx1T2uV5bN8mQ6zL7sJ4hG0aD', tid: settings.tenant };
}

function claimsV1(context: TokenContext): Record<string, unknown> {
  const { kind, settings, issuedAt, expiresAt } = context;
  const times = { iat: issuedAt, nbf: issuedAt, exp: expiresAt };
  const { aio, rh, uti } = opaque(issuedAt);
  const client = settings['client-id'];
  if (kind === 'client-credentials') {
    const idp = `https://sts.windows.net/${settings.tenant}/`;
    return { ...times, aio, appid: client, appidacr: '1', idp, idtyp: 'app', ...subject(context), rh, uti, ver: '1.0' };
  }
  const person = { family_name: PERSON.familyName, given_name: PERSON.givenName, ipaddr: '203.0.113.7', name: PERSON.name };
  const names = { unique_name: PERSON.email, upn: PERSON.email };
  if (kind === 'id') return { ...times, amr: ['pwd'], ...person, ...subject(context), nonce: 'portico', ...names, rh, uti, ver: '1.0' };
  return {
    ...times,
    acr: '1',
    aio,
    amr: ['pwd'],
    appid: client,
    appidacr: '0',
    ...person,
    ...subject(context),
    rh,
    scp: 'user_impersonation',
    ...names,
    uti,
    ver: '1.0',
  };
}

export function claimsV2(context: TokenContext): Record<string, unknown> {
  const { kind, settings, issuedAt, expiresAt } = context;
  const times = { iat: issuedAt, nbf: issuedAt, exp: expiresAt };
  const { aio, rh, uti } = opaque(issuedAt);
  const client = settings['client-id'];
  const person = { name: PERSON.name, preferred_username: PERSON.email };
  switch (kind) {
    case 'client-credentials':
      return { ...times, aio, azp: client, azpacr: '1', idtyp: 'app', ...subject(context), rh, uti, ver: '2.0' };
    case 'id':
      return { ...times, aio, ...person, ...subject(context), nonce: 'portico', rh, uti, ver: '2.0' };
    case 'access':
      return { ...times, aio, azp: client, azpacr: '0', ...person, ...subject(context), rh, scp: 'user_impersonation', uti, ver: '2.0' };
  }
}

function documentOf(base: string, versionPath: string): Record<string, unknown> {
  const oauth = `${base}/oauth2${versionPath}`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: versionPath === '' ? ['openid'] : ['openid', 'profile', 'email', 'offline_access'],
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    end_session_endpoint: `${oauth}/logout`,
    userinfo_endpoint: versionPath === '' ? `${base}/openid/userinfo` : 'https://graph.microsoft.com/oidc/userinfo',
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}

function entra(version: 1 | 2, tenancy: Tenancy): ProviderPack {
  const versionPath = version === 1 ? '' : '/v2.0';
  const base = (settings: PackSettings) => `${settings.endpoint}/${pathTenant(settings, tenancy)}`;
  const issuerFor = (settings: PackSettings, tenant: string) =>
    version === 1 ? `https://sts.windows.net/${tenant}/` : `${settings.endpoint}/${tenant}/v2.0`;
  const many = tenancy === 'single' ? {} : { documentIssuer: (settings: PackSettings) => issuerFor(settings, '{tenantid}') };
  const suffix = tenancy === 'single' ? '' : `-${tenancy}`;
  return {
    name: `entra-v${version}${suffix}`,
    title: `Microsoft Entra ID, version ${version} tokens${tenancy === 'single' ? '' : `, \`${tenancy}\` endpoint`}`,
    aliases: tenancy === 'single' ? (version === 2 ? ['entra', 'azure-ad', 'aad'] : ['azure-ad-v1', 'aad-v1']) : [],
    settings: ENTRA_SETTINGS,
    issuer: (settings) => issuerFor(settings, settings.tenant ?? ''),
    ...many,
    discoveryUrl: (settings) => `${base(settings)}${versionPath}${WELL_KNOWN}`,
    jwksUri: (settings) => `${base(settings)}/discovery${versionPath}/keys`,
    document: (settings) => documentOf(base(settings), versionPath),
    kid: (key) => key.thumbprint,
    publish: (key, settings) => entraKey(key, issuerFor(settings, version === 2 ? '{tenantid}' : (settings.tenant ?? ''))),
    header: (_context, key) => (version === 1 ? { typ: 'JWT', x5t: key.thumbprint } : { typ: 'JWT' }),
    claims: version === 1 ? claimsV1 : claimsV2,
    // Version 2 access tokens name the API by its client id; both forms are configured as `audience` here.
    audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
    audienceChosen: (kind) => kind !== 'id',
    lifetime: 3900,
    customSigningKeys: true,
  };
}

export const ENTRA_PACKS: readonly ProviderPack[] = [
  entra(2, 'single'),
  entra(2, 'common'),
  entra(2, 'organizations'),
  entra(1, 'single'),
  entra(1, 'common'),
  entra(1, 'organizations'),
];
