/** Keycloak: roles in `realm_access` and `resource_access`, a key for encryption in the same set, `typ` in the claims. */
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';
import { FOREIGN_KEY } from './stand-in-keys.ts';

const base = ({ host, realm }: PackSettings) => `https://${host}/realms/${realm}`;
const protocol = (settings: PackSettings) => `${base(settings)}/protocol/openid-connect`;

export const KEYCLOAK: ProviderPack = {
  name: 'keycloak',
  title: 'Keycloak',
  aliases: [],
  settings: { host: 'keycloak.example.com', realm: 'contoso', 'client-id': 'orders-web', audience: 'orders' },
  issuer: base,
  discoveryUrl: (settings) => `${base(settings)}${WELL_KNOWN}`,
  jwksUri: (settings) => `${protocol(settings)}/certs`,
  document: (settings) => ({
    authorization_endpoint: `${protocol(settings)}/auth`,
    token_endpoint: `${protocol(settings)}/token`,
    introspection_endpoint: `${protocol(settings)}/token/introspect`,
    userinfo_endpoint: `${protocol(settings)}/userinfo`,
    end_session_endpoint: `${protocol(settings)}/logout`,
    check_session_iframe: `${protocol(settings)}/login-status-iframe.html`,
    registration_endpoint: `${base(settings)}/clients-registrations/openid-connect`,
    revocation_endpoint: `${protocol(settings)}/revoke`,
    frontchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'password', 'client_credentials'],
    response_types_supported: ['code', 'none', 'id_token', 'token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: [
      'PS384',
      'ES384',
      'RS384',
      'HS256',
      'HS512',
      'ES256',
      'RS256',
      'HS384',
      'ES512',
      'PS256',
      'PS512',
      'RS512',
    ],
    response_modes_supported: ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'tls_client_auth'],
    scopes_supported: [
      'openid',
      'profile',
      'email',
      'roles',
      'offline_access',
      'microprofile-jwt',
      'web-origins',
      'acr',
      'phone',
      'address',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
  }),
  kid: (key) => key.thumbprint256,
  publish: (key) => ({
    kid: key.thumbprint256,
    kty: 'RSA',
    alg: 'RS256',
    use: 'sig',
    ...publicPart(key),
    x5c: [key.certificate],
    x5t: key.thumbprint,
    'x5t#S256': key.thumbprint256,
  }),
  moreKeys: () => [{ kid: `${FOREIGN_KEY.thumbprint256.slice(0, 30)}-enc`, alg: 'RSA-OAEP', use: 'enc', ...publicPart(FOREIGN_KEY) }],
  header: () => ({ typ: 'JWT' }),
  claims: keycloakClaims,
  audience: ({ kind, settings }) => {
    if (kind === 'id') return settings['client-id'] ?? '';
    return [settings.audience ?? '', 'account'];
  },
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 300,
};

function keycloakClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const client = settings['client-id'] ?? '';
  const head = { exp: expiresAt, iat: issuedAt, jti: `onrtac:${issuedAt.toString(36)}-portico` };
  const roles = {
    realm_access: { roles: ['offline_access', 'uma_authorization'] },
    resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
  };
  if (kind === 'client-credentials') {
    const machine = {
      clientHost: '203.0.113.7',
      clientAddress: '203.0.113.7',
      preferred_username: `service-account-${client}`,
      client_id: client,
    };
    return {
      ...head,
      sub: 'c4a1e7d2-3b5f-4c80-96ad-8f2e1d3b5a70',
      typ: 'Bearer',
      azp: client,
      acr: '1',
      ...roles,
      scope: 'profile email',
      ...machine,
    };
  }
  const person = {
    email_verified: true,
    name: PERSON.name,
    preferred_username: 'ana',
    given_name: PERSON.givenName,
    family_name: PERSON.familyName,
    email: PERSON.email,
  };
  const session = { auth_time: issuedAt, sub: PERSON.id, azp: client, sid: '7e1b3d5f-9a2c-4e68-8b0d-1c3e5f7a9b24', acr: '1' };
  if (kind === 'id') return { ...head, ...session, typ: 'ID', nonce: 'portico', ...person };
  return {
    ...head,
    ...session,
    typ: 'Bearer',
    'allowed-origins': ['https://shop.example'],
    ...roles,
    scope: 'openid profile email',
    ...person,
  };
}
