/** Amazon Cognito: access tokens have no `aud` but `client_id`, and say what they are in `token_use`. */
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';

const pool = ({ region, 'user-pool': id }: PackSettings) => `https://cognito-idp.${region}.amazonaws.com/${id}`;
const hosted = ({ domain, region }: PackSettings) => `https://${domain}.auth.${region}.amazoncognito.com`;

export const COGNITO: ProviderPack = {
  name: 'cognito',
  title: 'Amazon Cognito user pool',
  aliases: ['aws-cognito'],
  settings: { region: 'eu-west-1', 'user-pool': 'eu-west-1_Portico12', domain: 'contoso', 'client-id': '7portico3client9abcdef2345' },
  issuer: pool,
  discoveryUrl: (settings) => `${pool(settings)}${WELL_KNOWN}`,
  jwksUri: (settings) => `${pool(settings)}/.well-known/jwks.json`,
  document: (settings) => ({
    authorization_endpoint: `${hosted(settings)}/oauth2/authorize`,
    end_session_endpoint: `${hosted(settings)}/logout`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'token'],
    revocation_endpoint: `${hosted(settings)}/oauth2/revoke`,
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint: `${hosted(settings)}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    userinfo_endpoint: `${hosted(settings)}/oauth2/userInfo`,
  }),
  kid: (key) => `${key.thumbprint256}=`,
  publish: (key) => ({ alg: 'RS256', kid: `${key.thumbprint256}=`, use: 'sig', ...publicPart(key) }),
  header: () => ({}),
  claims: cognitoClaims,
  audience: ({ kind, settings }) => (kind === 'id' ? (settings['client-id'] ?? '') : null),
  audienceChosen: () => false,
  lifetime: 3600,
};

function cognitoClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const client = settings['client-id'];
  const jti = `${issuedAt.toString(36)}-portico`;
  const times = { auth_time: issuedAt, exp: expiresAt, iat: issuedAt, jti };
  if (kind === 'client-credentials') {
    return { sub: client, token_use: 'access', scope: 'orders/read', version: 2, client_id: client, ...times };
  }
  const groups = { 'cognito:groups': ['readers'] };
  if (kind === 'access') {
    return {
      sub: PERSON.id,
      ...groups,
      version: 2,
      client_id: client,
      token_use: 'access',
      scope: 'openid orders/read',
      username: 'ana',
      ...times,
    };
  }
  return { sub: PERSON.id, ...groups, email_verified: true, 'cognito:username': 'ana', token_use: 'id', email: PERSON.email, ...times };
}
