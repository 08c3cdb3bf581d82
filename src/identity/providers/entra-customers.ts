/** Microsoft's providers for customers: Entra External ID (ciamlogin.com) and Azure AD B2C (b2clogin.com). */
import { claimsV2, ENTRA_SETTINGS, entraKey } from './entra.ts';
import { type PackSettings, PERSON, type ProviderPack, publicPart, type TokenContext, WELL_KNOWN } from './pack.ts';

const externalBase = ({ domain, tenant }: PackSettings) => `https://${domain}.ciamlogin.com/${tenant}`;
const externalIssuer = ({ tenant }: PackSettings) => `https://${tenant}.ciamlogin.com/${tenant}/v2.0`;

/** Its issuer has the tenant's id as host, whatever name the document is asked under. */
export const EXTERNAL_ID: ProviderPack = {
  name: 'entra-external-id',
  title: 'Microsoft Entra External ID',
  aliases: ['external-id', 'entra-external', 'ciam'],
  settings: {
    tenant: ENTRA_SETTINGS.tenant,
    domain: 'contoso',
    'client-id': ENTRA_SETTINGS['client-id'],
    audience: ENTRA_SETTINGS.audience,
  },
  issuer: externalIssuer,
  discoveryUrl: (settings) => `${externalBase(settings)}/v2.0${WELL_KNOWN}`,
  jwksUri: (settings) => `${externalBase(settings)}/discovery/v2.0/keys`,
  document: (settings) => ({
    token_endpoint: `${externalBase(settings)}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    authorization_endpoint: `${externalBase(settings)}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${externalBase(settings)}/oauth2/v2.0/logout`,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    cloud_instance_name: 'microsoftonline.com',
  }),
  kid: (key) => key.thumbprint,
  publish: (key, settings) => entraKey(key, externalIssuer(settings)),
  header: () => ({ typ: 'JWT' }),
  claims: claimsV2,
  audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 3900,
};

const b2cHost = ({ domain }: PackSettings) => `https://${domain}.b2clogin.com`;
const b2cBase = (settings: PackSettings) => `${b2cHost(settings)}/${settings.domain}.onmicrosoft.com/${settings.policy}`;

/** The user flow stands in the address and in `tfp`, not in the issuer, whose end is a slash. */
export const B2C: ProviderPack = {
  name: 'entra-b2c',
  title: 'Azure AD B2C',
  aliases: ['b2c', 'azure-ad-b2c'],
  settings: {
    tenant: ENTRA_SETTINGS.tenant,
    domain: 'contoso',
    policy: 'B2C_1_signin',
    'client-id': ENTRA_SETTINGS['client-id'],
    audience: ENTRA_SETTINGS['client-id'],
  },
  issuer: (settings) => `${b2cHost(settings)}/${settings.tenant}/v2.0/`,
  discoveryUrl: (settings) => `${b2cBase(settings)}/v2.0${WELL_KNOWN}`,
  jwksUri: (settings) => `${b2cBase(settings)}/discovery/v2.0/keys`,
  document: (settings) => ({
    authorization_endpoint: `${b2cBase(settings)}/oauth2/v2.0/authorize`,
    token_endpoint: `${b2cBase(settings)}/oauth2/v2.0/token`,
    end_session_endpoint: `${b2cBase(settings)}/oauth2/v2.0/logout`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    response_types_supported: ['code', 'code id_token', 'code token', 'code id_token token', 'id_token', 'id_token token', 'token'],
    scopes_supported: ['openid'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['name', 'emails', 'sub', 'idp', 'tfp', 'iss', 'iat', 'exp', 'aud', 'acr', 'nonce', 'auth_time'],
  }),
  // Neither alg nor certificates; a kid that is no thumbprint.
  kid: (key) => key.thumbprint256,
  publish: (key) => ({ kid: key.thumbprint256, use: 'sig', ...publicPart(key) }),
  header: () => ({ typ: 'JWT' }),
  claims: b2cClaims,
  audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 3600,
};

function b2cClaims({ kind, settings, issuedAt, expiresAt }: TokenContext): Record<string, unknown> {
  const times = { exp: expiresAt, nbf: issuedAt, iat: issuedAt };
  if (kind === 'client-credentials') {
    return {
      ver: '1.0',
      ...times,
      sub: settings['client-id'],
      azp: settings['client-id'],
      azpacr: '1',
      tid: settings.tenant,
      tfp: settings.policy,
    };
  }
  const person = { sub: PERSON.id, oid: PERSON.id, name: PERSON.name, emails: [PERSON.email], idp: 'LocalAccount', tfp: settings.policy };
  if (kind === 'id') return { ver: '1.0', ...times, ...person, nonce: 'portico', auth_time: issuedAt };
  return { ver: '1.0', ...times, ...person, scp: 'read', azp: settings['client-id'] };
}
