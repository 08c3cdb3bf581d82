/** Auth0: the issuer ends in a slash, access tokens of users are also for the userinfo endpoint. */
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';

const base = ({ domain }: PackSettings) => `https://${domain}`;

export const AUTH0: ProviderPack = {
  name: 'auth0',
  title: 'Auth0',
  aliases: [],
  settings: { domain: 'contoso.eu.auth0.com', 'client-id': 'q7Portico3Client9Xy2Lm5Kn8', audience: 'https://orders.example.com' },
  issuer: (settings) => `${base(settings)}/`,
  discoveryUrl: (settings) => `${base(settings)}${WELL_KNOWN}`,
  jwksUri: (settings) => `${base(settings)}/.well-known/jwks.json`,
  document: (settings) => ({
    authorization_endpoint: `${base(settings)}/authorize`,
    token_endpoint: `${base(settings)}/oauth/token`,
    device_authorization_endpoint: `${base(settings)}/oauth/device/code`,
    userinfo_endpoint: `${base(settings)}/userinfo`,
    mfa_challenge_endpoint: `${base(settings)}/mfa/challenge`,
    registration_endpoint: `${base(settings)}/oidc/register`,
    revocation_endpoint: `${base(settings)}/oauth/revoke`,
    end_session_endpoint: `${base(settings)}/oidc/logout`,
    scopes_supported: ['openid', 'profile', 'offline_access', 'name', 'email', 'address', 'phone'],
    response_types_supported: ['code', 'token', 'id_token', 'code token', 'code id_token', 'token id_token', 'code token id_token'],
    code_challenge_methods_supported: ['S256', 'plain'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    claims_supported: ['aud', 'auth_time', 'created_at', 'email', 'exp', 'iat', 'iss', 'name', 'nickname', 'sub'],
    request_uri_parameter_supported: false,
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
  }),
  kid: (key) => key.thumbprint256.slice(0, 21),
  publish: (key) => ({
    ...publicPart(key),
    use: 'sig',
    kid: key.thumbprint256.slice(0, 21),
    x5t: key.thumbprint,
    x5c: [key.certificate],
    alg: 'RS256',
  }),
  header: () => ({ typ: 'JWT' }),
  claims: auth0Claims,
  audience: ({ kind, settings }) => {
    if (kind === 'id') return settings['client-id'] ?? '';
    return kind === 'access' ? [settings.audience ?? '', `${base(settings)}/userinfo`] : (settings.audience ?? '');
  },
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 86_400,
};

function auth0Claims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const times = { iat: issuedAt, exp: expiresAt };
  const client = settings['client-id'];
  if (kind === 'client-credentials')
    return { sub: `${client}@clients`, ...times, scope: 'read:orders', gty: 'client-credentials', azp: client };
  const sub = 'auth0|64f1porticoana0000000001';
  if (kind === 'access') return { sub, ...times, scope: 'openid profile read:orders', azp: client, permissions: ['read:orders'] };
  const person = { nickname: 'ana', name: PERSON.name, email: PERSON.email, email_verified: true };
  return { ...person, sub, ...times, sid: 'portico-session', nonce: 'portico' };
}
