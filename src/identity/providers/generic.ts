/** A plain provider with nobody's habits: what tests and `portico run --demo` use when no pack is named. */
import { type ProviderPack, publicPart, WELL_KNOWN } from './pack.ts';
import { CURRENT_KEY, type StandInKey } from './stand-in-keys.ts';

/** Issuer of the stand-in that no pack was chosen for. */
const GENERIC_ISSUER = 'https://identity.portico.test/';

function keyId(key: StandInKey): string {
  return key === CURRENT_KEY ? 'portico-test' : `portico-${key.thumbprint.slice(0, 8)}`;
}

export const GENERIC: ProviderPack = {
  name: 'generic',
  title: 'no provider in particular',
  aliases: ['portico', 'plain', 'demo'],
  settings: { 'client-id': 'test-client', audience: 'api://orders', origin: GENERIC_ISSUER.slice(0, -1) },
  issuer: ({ origin }) => `${origin}/`,
  discoveryUrl: ({ origin }) => `${origin}${WELL_KNOWN}`,
  jwksUri: ({ origin }) => `${origin}/keys`,
  document: ({ origin }) => ({
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    end_session_endpoint: `${origin}/logout`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }),
  kid: keyId,
  publish: (key) => ({ ...publicPart(key), kid: keyId(key), use: 'sig', alg: 'RS256' }),
  header: () => ({ typ: 'JWT' }),
  claims: ({ kind, settings, issuedAt, expiresAt }) => ({
    sub: kind === 'client-credentials' ? settings['client-id'] : 'test-user',
    iat: issuedAt,
    nbf: issuedAt,
    exp: expiresAt,
  }),
  audience: ({ kind, settings }) => (kind === 'id' ? settings['client-id'] : settings.audience) ?? '',
  audienceChosen: (kind) => kind !== 'id',
  lifetime: 3600,
};
