/** Okta: custom authorization servers, and the org server whose access tokens are for Okta alone. */
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';
import type { StandInKey } from './stand-in-keys.ts';

const COMMON = { domain: 'dev-1234567.okta.com', 'client-id': '0oa8portico7client5d7' } as const;

const USER = '00u1portico2user3d4';

function documentOf(base: string): Record<string, unknown> {
  return {
    authorization_endpoint: `${base}/v1/authorize`,
    token_endpoint: `${base}/v1/token`,
    userinfo_endpoint: `${base}/v1/userinfo`,
    registration_endpoint: `${base.replace(/\/oauth2.*$/, '')}/oauth2/v1/clients`,
    response_types_supported: ['code', 'token', 'id_token', 'code id_token', 'code token', 'id_token token', 'code id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'password', 'client_credentials'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'groups'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    claims_supported: [
      'iss',
      'ver',
      'sub',
      'aud',
      'iat',
      'exp',
      'jti',
      'auth_time',
      'amr',
      'idp',
      'nonce',
      'name',
      'preferred_username',
      'email',
    ],
    code_challenge_methods_supported: ['S256'],
    introspection_endpoint: `${base}/v1/introspect`,
    revocation_endpoint: `${base}/v1/revoke`,
    end_session_endpoint: `${base}/v1/logout`,
  };
}

/** Scopes are an array, `cid` is the client, `uid` the user; there is no nbf. */
function oktaClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const times = { iat: issuedAt, exp: expiresAt };
  const client = settings['client-id'];
  const id = `${issuedAt.toString(36)}-portico`;
  if (kind === 'client-credentials') return { ver: 1, jti: `AT.${id}`, ...times, cid: client, scp: ['orders.read'], sub: client };
  if (kind === 'access') {
    return {
      ver: 1,
      jti: `AT.${id}`,
      ...times,
      cid: client,
      uid: USER,
      scp: ['openid', 'profile'],
      auth_time: issuedAt,
      sub: PERSON.email,
    };
  }
  const person = { sub: USER, name: PERSON.name, email: PERSON.email, preferred_username: PERSON.email };
  return { ...person, ver: 1, ...times, jti: `ID.${id}`, amr: ['pwd'], idp: '00o1portico', nonce: 'portico', auth_time: issuedAt };
}

const SHARED = {
  document: (settings: PackSettings) => documentOf(oauthBase(settings)),
  kid: (key: StandInKey) => key.thumbprint256,
  publish: (key: StandInKey) => ({ ...publicPart(key), alg: 'RS256', kid: key.thumbprint256, use: 'sig' }),
  claims: oktaClaims,
  lifetime: 3600,
} as const;

function oauthBase({ domain, server }: PackSettings): string {
  return server === undefined ? `https://${domain}/oauth2` : `https://${domain}/oauth2/${server}`;
}

export const OKTA_CUSTOM: ProviderPack = {
  ...SHARED,
  name: 'okta-custom',
  title: 'Okta, custom authorization server',
  aliases: ['okta', 'okta-default'],
  settings: { ...COMMON, server: 'default', audience: 'api://default' },
  issuer: oauthBase,
  discoveryUrl: (settings) => `${oauthBase(settings)}${WELL_KNOWN}`,
  jwksUri: (settings) => `${oauthBase(settings)}/v1/keys`,
  header: () => ({}),
  audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
  audienceChosen: (kind) => kind !== 'id',
};

/** Its access tokens are Okta's own: the audience is the org, and the key is not in the set. */
export const OKTA_ORG: ProviderPack = {
  ...SHARED,
  name: 'okta-org',
  title: 'Okta, org authorization server',
  aliases: [],
  settings: COMMON,
  issuer: ({ domain }) => `https://${domain}`,
  discoveryUrl: ({ domain }) => `https://${domain}${WELL_KNOWN}`,
  jwksUri: ({ domain }) => `https://${domain}/oauth2/v1/keys`,
  header: ({ kind }) => (kind === 'id' ? {} : { typ: 'application/okta-internal-at+jwt' }),
  audience: ({ kind, settings }) => (kind === 'id' ? (settings['client-id'] ?? '') : `https://${settings.domain}`),
  audienceChosen: () => false,
  unpublished: ['access', 'client-credentials'],
};
