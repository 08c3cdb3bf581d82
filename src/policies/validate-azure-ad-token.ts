import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import {
  ALL_SCOPES,
  type ChildDeclaration,
  groupChild,
  optional,
  type PolicyDefinition,
  required,
  UNBOUNDED,
  valueChild,
} from './definition.ts';
import * as faults from './faults.ts';
import { valueSpan } from './shared/attribute-span.ts';
import { combined, needed } from './shared/inputs.ts';
import { REFUSAL_STATUS } from './shared/refusal-status.ts';
import { CLAIM_ELEMENT, claimReader, type RequirementsReader, textList, tokenStep } from './shared/token-element.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

const APPLICATION = valueChild('application-id', 1, UNBOUNDED, literal);

const KEY: ChildDeclaration = {
  name: 'key',
  min: 1,
  max: UNBOUNDED,
  content: 'empty',
  attributes: [
    required('certificate-id', 'string', 'Certificate that decrypts.', literal),
    optional('id', 'string', 'Known to the schema only.', literal),
  ],
};

/** `<validate-azure-ad-token>`: requires a token of Microsoft Entra ID for given applications, audiences and claims. */
export const validateAzureAdToken: PolicyDefinition = {
  name: 'validate-azure-ad-token',
  summary: 'Requires a token of Microsoft Entra ID and checks tenant, applications, audiences and claims.',
  page: 'validate-azure-ad-token-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('tenant-id', 'string', 'Tenant GUID, domain or URL; `organizations` or `common` for many tenants.'),
    optional('header-name', 'string', 'Request header that carries the token.', { default: 'Authorization' }),
    optional('query-parameter-name', 'string', 'Query parameter that carries the token.'),
    optional('token-value', 'string', 'Expression that yields the bare token.'),
    optional('authentication-endpoint', 'string', 'Sign-in host of national clouds.', {
      ...literal,
      default: 'https://login.microsoftonline.com',
    }),
    optional('failed-validation-httpcode', 'integer', 'Status of the refusal.', { default: '401', ...REFUSAL_STATUS }),
    optional('failed-validation-error-message', 'string', 'Message of the refusal.', { default: 'generic text' }),
    optional('output-token-variable-name', 'string', 'Variable that receives the validated token.', literal),
    optional('require-scheme', 'string', 'Known to the schema only: scheme word that must precede the token.', { default: 'Bearer' }),
    optional('allow-protected-forwarded-tokens', 'boolean', 'Known to the schema only.', { inert: true }),
    optional('allow-proof-of-possession-tokens', 'boolean', 'Known to the schema only.', { inert: true }),
  ],
  oneOf: [{ names: ['header-name', 'query-parameter-name', 'token-value'], required: false }],
  content: 'children',
  anyOrder: true,
  children: [
    groupChild('backend-application-ids', 0, [APPLICATION]),
    groupChild('client-application-ids', 0, [APPLICATION]),
    groupChild('audiences', 0, [valueChild('audience', 1, UNBOUNDED)]),
    groupChild('required-claims', 0, [CLAIM_ELEMENT]),
    groupChild('decryption-keys', 0, [KEY]),
  ],
  compile: compileValidate,
};

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  return tokenStep(element, compiler, requirementsReader(element, compiler), { header: 'Authorization', scheme: 'Bearer' });
}

function requirementsReader(element: PolicyElement, compiler: PolicyCompiler): RequirementsReader {
  const tenant = needed(element.text('tenant-id'), 'tenant-id');
  const endpoint = endpointOf(element.literal('authentication-endpoint'));
  const backends = textList(element, 'backend-application-ids', 'application-id');
  const clients = textList(element, 'client-application-ids', 'application-id');
  const audiences = textList(element, 'audiences', 'audience');
  const claims = element.children('required-claims').flatMap((group) => group.children('claim').map(claimReader));
  const decryptionKeys = element
    .children('decryption-keys')
    .flatMap((group) => group.children('key').map((key) => decryptionKey(key, compiler)));
  return combined([tenant, audiences, backends, clients, ...claims], (exchange) => ({
    requireExpirationTime: true,
    requireSignedTokens: true,
    clockSkewSeconds: 0,
    openIdConfigs: [`${endpoint}/${tenantOf(tenant.read(exchange) ?? '')}/v2.0/.well-known/openid-configuration`],
    signingKeys: [],
    decryptionKeys,
    audiences: audiences.read(exchange),
    moreAudiences: backends.read(exchange),
    issuers: [],
    clientApplications: clients.read(exchange),
    tenantIssuer: `${tokenService(endpoint)}/{tenantid}/`,
    requiredClaims: claims.map((claim) => claim.read(exchange)),
  }));
}

const DEFAULT_ENDPOINT = 'https://login.microsoftonline.com';

/** The scheme may be left out. */
function endpointOf(literal: string | undefined): string {
  const text = (literal ?? DEFAULT_ENDPOINT).replace(/\/+$/, '');
  return /^https?:\/\//i.test(text) ? text : `https://${text}`;
}

/** Issuers of version 1 tokens: China has its own, all other clouds share one. */
function tokenService(endpoint: string): string {
  return /chinacloudapi\.cn$|microsoftonline\.cn$/i.test(endpoint) ? 'https://sts.chinacloudapi.cn' : 'https://sts.windows.net';
}

/** A URL names the tenant in the first part of its path. */
function tenantOf(text: string): string {
  const bare = text.trim().replace(/^https?:\/\/[^/]+\//i, '');
  return bare.split('/')[0] ?? '';
}

function decryptionKey(key: PolicyElement, compiler: PolicyCompiler) {
  const certificateId = key.literal('certificate-id') ?? '';
  if (certificateId !== '' && !compiler.standalone && !compiler.services.hasCertificate(certificateId))
    compiler.report(faults.unknownCertificate(certificateId), valueSpan(key, 'certificate-id'));
  return { certificateId };
}
