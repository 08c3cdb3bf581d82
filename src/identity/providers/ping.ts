/** Ping Identity: PingOne's cloud and PingFederate. */
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';
import { CURRENT_KEY, CURVE_KEY, type StandInKey } from './stand-in-keys.ts';

const pingOneBase = ({ host, environment }: PackSettings) => `https://${host}/${environment}/as`;

/** Scopes are one text; `env` and `org` only stand in tokens for Ping's own API. */
export const PING_ONE: ProviderPack = {
  name: 'pingone',
  title: 'PingOne',
  aliases: ['ping', 'ping-one'],
  settings: {
    host: 'auth.pingone.eu',
    environment: '2f8a1c3e-5b7d-4960-8e1f-3a5c7e9b1d24',
    'client-id': '6c0e2a4f-8b1d-4f36-9a7c-5e3d1b9f7a20',
    audience: 'orders',
  },
  issuer: pingOneBase,
  discoveryUrl: (settings) => `${pingOneBase(settings)}${WELL_KNOWN}`,
  jwksUri: (settings) => `${pingOneBase(settings)}/jwks`,
  document: (settings) => ({
    authorization_endpoint: `${pingOneBase(settings)}/authorize`,
    pushed_authorization_request_endpoint: `${pingOneBase(settings)}/par`,
    token_endpoint: `${pingOneBase(settings)}/token`,
    userinfo_endpoint: `${pingOneBase(settings)}/userinfo`,
    end_session_endpoint: `${pingOneBase(settings)}/signoff`,
    check_session_iframe: `${pingOneBase(settings)}/checksession`,
    introspection_endpoint: `${pingOneBase(settings)}/introspect`,
    revocation_endpoint: `${pingOneBase(settings)}/revoke`,
    claims_parameter_supported: false,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'],
    response_types_supported: ['code', 'id_token', 'token id_token', 'code id_token', 'code token', 'code token id_token'],
    response_modes_supported: ['pi.flow', 'query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'implicit', 'client_credentials', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    code_challenge_methods_supported: ['plain', 'S256'],
  }),
  kid: pingOneKid,
  publish: (key) => ({ ...publicPart(key), use: 'sig', kid: pingOneKid(key), x5t: key.thumbprint, x5c: [key.certificate] }),
  header: () => ({}),
  claims: pingOneClaims,
  audience: ({ kind, settings }) => (kind === 'id' ? (settings['client-id'] ?? '') : [settings.audience ?? '']),
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 3600,
};

/** The first key of an environment is called `default`. */
function pingOneKid(key: StandInKey): string {
  return key === CURRENT_KEY ? 'default' : key.thumbprint256.slice(0, 20);
}

function pingOneClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const times = { iat: issuedAt, exp: expiresAt };
  const client = settings['client-id'];
  const jti = `${issuedAt.toString(36)}-portico`;
  if (kind === 'client-credentials') return { client_id: client, jti, ...times, scope: 'orders:read' };
  const session = { sid: '0b9f4a7e-1d35-4c82-8f60-7a2c4e6d8b13', auth_time: issuedAt };
  if (kind === 'access') return { client_id: client, jti, ...times, scope: 'openid orders:read', sub: PERSON.id, ...session };
  const person = { sub: PERSON.id, preferred_username: PERSON.email, given_name: PERSON.givenName, family_name: PERSON.familyName };
  return { ...times, ...person, email: PERSON.email, acr: 'Single_Factor', amr: ['pwd'], nonce: 'portico', ...session };
}

/** Every claim is the administrator's choice; these are the ones that the JSON token manager suggests. RSA and EC keys share the set. */
export const PING_FEDERATE: ProviderPack = {
  name: 'pingfederate',
  title: 'PingFederate, JSON token manager',
  aliases: ['ping-federate'],
  settings: { host: 'sso.example.com:9031', 'client-id': 'orders-web', audience: 'orders', manager: 'jwt' },
  issuer: ({ host }) => `https://${host}`,
  discoveryUrl: ({ host }) => `https://${host}${WELL_KNOWN}`,
  jwksUri: ({ host }) => `https://${host}/pf/JWKS`,
  document: ({ host }) => ({
    authorization_endpoint: `https://${host}/as/authorization.oauth2`,
    token_endpoint: `https://${host}/as/token.oauth2`,
    revocation_endpoint: `https://${host}/as/revoke_token.oauth2`,
    userinfo_endpoint: `https://${host}/idp/userinfo.openid`,
    introspection_endpoint: `https://${host}/as/introspect.oauth2`,
    registration_endpoint: `https://${host}/as/clients.oauth2`,
    ping_revoked_sris_endpoint: `https://${host}/pf-ws/rest/sessionMgmt/revokedSris`,
    ping_end_session_endpoint: `https://${host}/idp/startSLO.ping`,
    end_session_endpoint: `https://${host}/idp/startSLO.ping`,
    scopes_supported: ['openid', 'profile', 'email'],
    response_types_supported: ['code', 'token', 'id_token', 'code token', 'code id_token', 'token id_token', 'code token id_token'],
    response_modes_supported: ['fragment', 'query', 'form_post'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: [
      'none',
      'HS256',
      'HS384',
      'HS512',
      'RS256',
      'RS384',
      'RS512',
      'ES256',
      'ES384',
      'ES512',
      'PS256',
    ],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    claim_types_supported: ['normal'],
    claims_parameter_supported: false,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
  }),
  kid: (key) => key.thumbprint256.slice(0, 22),
  publish: (key) => ({ kty: 'RSA', kid: key.thumbprint256.slice(0, 22), use: 'sig', ...publicPart(key) }),
  moreKeys: () => [{ ...publicPart(CURVE_KEY), kid: CURVE_KEY.thumbprint256.slice(0, 22), use: 'sig' }],
  header: ({ kind, settings }) => (kind === 'id' ? {} : { 'pi.atm': settings.manager ?? 'jwt' }),
  claims: pingFederateClaims,
  audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 7200,
};

function pingFederateClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const client = settings['client-id'];
  const jti = `${issuedAt.toString(36)}portico`;
  if (kind === 'client-credentials') return { scope: ['orders.read'], client_id: client, jti, iat: issuedAt, exp: expiresAt };
  if (kind === 'access') return { scope: ['openid', 'orders.read'], client_id: client, jti, sub: 'ana', iat: issuedAt, exp: expiresAt };
  return {
    sub: 'ana',
    jti,
    iat: issuedAt,
    exp: expiresAt,
    auth_time: issuedAt,
    nonce: 'portico',
    acr: 'urn:pingfederate',
    email: PERSON.email,
  };
}
