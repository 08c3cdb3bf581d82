import type { TokenKey } from '../identity/token-validator.ts';
import type { Input, PolicyCompiler, PolicyElement } from './compiler.ts';
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
import { combined, needed, type Reader, texts } from './shared/inputs.ts';
import { REFUSAL_STATUS } from './shared/refusal-status.ts';
import { CLAIM_ELEMENT, claimReader, type RequirementsReader, textList, tokenStep } from './shared/token-element.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

const KEY_ATTRIBUTES = [
  optional('id', 'string', 'Compared with the kid of the token header.', literal),
  optional('certificate-id', 'string', 'Name of a certificate.', literal),
  optional('n', 'string', 'RSA modulus, base64url.', literal),
  optional('e', 'string', 'RSA exponent, base64url.', literal),
];

const SIGNING_KEY: ChildDeclaration = { ...valueChild('key', 0, UNBOUNDED), attributes: KEY_ATTRIBUTES };

const DECRYPTION_KEY: ChildDeclaration = {
  ...valueChild('key', 1, UNBOUNDED),
  attributes: KEY_ATTRIBUTES.filter(({ name }) => name === 'id' || name === 'certificate-id'),
};

/** `<validate-jwt>`: requires a token and checks signature, lifetime, issuer, audience and claims. */
export const validateJwt: PolicyDefinition = {
  name: 'validate-jwt',
  summary: 'Requires a JWT and checks signature, lifetime, issuer, audience and claims.',
  page: 'validate-jwt-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    optional('header-name', 'string', 'Request header that carries the token.'),
    optional('query-parameter-name', 'string', 'Query parameter that carries the token.'),
    optional('token-value', 'string', 'Expression that yields the bare token.'),
    optional('failed-validation-httpcode', 'integer', 'Status of the refusal.', { default: '401', ...REFUSAL_STATUS }),
    optional('failed-validation-error-message', 'string', 'Message of the refusal.', { default: 'generic text' }),
    optional('require-expiration-time', 'boolean', 'Token must carry exp.', { default: 'true' }),
    optional('require-scheme', 'string', 'Scheme word that must precede the token in Authorization.'),
    optional('require-signed-tokens', 'boolean', 'Refuses unsigned tokens.', { default: 'true' }),
    optional('clock-skew', 'integer', 'Tolerance on nbf and exp in seconds.', { default: '0', min: 0 }),
    optional('output-token-variable-name', 'string', 'Variable that receives the validated token.', literal),
  ],
  oneOf: [{ names: ['header-name', 'query-parameter-name', 'token-value'], required: true }],
  content: 'children',
  children: [
    {
      name: 'openid-config',
      min: 0,
      max: UNBOUNDED,
      content: 'empty',
      attributes: [
        required('url', 'string', 'Address of an OpenID Connect discovery document.'),
        optional('validate-connectivity', 'boolean', 'Probe when the policy is saved; no effect on requests.', literal),
        optional('host', 'string', 'Known to the schema only.', { ...literal, inert: true }),
      ],
    },
    { ...groupChild('issuer-signing-keys', 0, [SIGNING_KEY]), unsupportedChildren: ['zumo-master-key'] },
    groupChild('decryption-keys', 0, [DECRYPTION_KEY]),
    groupChild('audiences', 0, [valueChild('audience', 0, UNBOUNDED)]),
    groupChild('issuers', 0, [valueChild('issuer', 0, UNBOUNDED)]),
    groupChild('required-claims', 0, [CLAIM_ELEMENT]),
  ],
  unsupportedChildren: ['issuer-signing-tokens'],
  compile: compileValidateJwt,
};

function compileValidateJwt(element: PolicyElement, compiler: PolicyCompiler): Step {
  return tokenStep(element, compiler, requirementsReader(element, compiler));
}

function requirementsReader(element: PolicyElement, compiler: PolicyCompiler): RequirementsReader {
  const expiration = element.boolean('require-expiration-time');
  const signed = element.boolean('require-signed-tokens');
  const skew = element.number('clock-skew');
  const configs = texts(element.children('openid-config').map((child) => addressOf(child, compiler)));
  const signing = keysOf(element, 'issuer-signing-keys', compiler);
  const decryption = keysOf(element, 'decryption-keys', compiler);
  const audiences = textList(element, 'audiences', 'audience');
  const issuers = textList(element, 'issuers', 'issuer');
  const claims = element.children('required-claims').flatMap((group) => group.children('claim').map(claimReader));
  const parts = [expiration, signed, skew, configs, ...signing, ...decryption, audiences, issuers, ...claims];
  return combined(parts, (exchange) => ({
    requireExpirationTime: expiration?.read(exchange) ?? true,
    requireSignedTokens: signed?.read(exchange) ?? true,
    clockSkewSeconds: skew?.read(exchange) ?? 0,
    openIdConfigs: configs.read(exchange),
    signingKeys: signing.map((key) => key.read(exchange)),
    decryptionKeys: decryption.map((key) => key.read(exchange)),
    audiences: audiences.read(exchange),
    issuers: issuers.read(exchange),
    requiredClaims: claims.map((claim) => claim.read(exchange)),
  }));
}

/** The service asks the address when the policy is saved: one that cannot be asked is refused. */
function addressOf(config: PolicyElement, compiler: PolicyCompiler): Input<string | null> {
  const url = needed(config.text('url'), 'url');
  const { constant } = url;
  if (typeof constant === 'string' && !constant.includes('{{') && !/^https?:\/\/[^/]/i.test(constant))
    compiler.report(faults.notAbsoluteUrl('url', constant), valueSpan(config, 'url'));
  return url;
}

function keysOf(element: PolicyElement, group: string, compiler: PolicyCompiler): Reader<TokenKey>[] {
  return element.children(group).flatMap((one) => one.children('key').map((key) => keyReader(key, compiler)));
}

function keyReader(key: PolicyElement, compiler: PolicyCompiler): Reader<TokenKey> {
  const id = key.literal('id');
  const certificateId = key.literal('certificate-id');
  const n = key.literal('n');
  const e = key.literal('e');
  const content = key.content();
  checkKey(key, compiler);
  const named = id === undefined ? {} : { id };
  return combined([content], (exchange) => {
    if (certificateId !== undefined) return { ...named, certificateId };
    if (n !== undefined && e !== undefined) return { ...named, rsa: { n, e } };
    return { ...named, secret: content?.read(exchange) ?? '' };
  });
}

function checkKey(key: PolicyElement, compiler: PolicyCompiler): void {
  const content = key.content();
  const hasText = content !== undefined && content.constant !== '';
  const hasRsa = key.has('n') && key.has('e');
  const forms = [hasText, key.has('certificate-id'), hasRsa].filter(Boolean).length;
  if (forms !== 1 || key.has('n') !== key.has('e')) compiler.report(faults.keyForm(), key.xml.nameSpan);
  const id = key.literal('certificate-id');
  if (id !== undefined && !compiler.standalone && !id.includes('{{') && !compiler.services.hasCertificate(id))
    compiler.report(faults.unknownCertificate(id), valueSpan(key, 'certificate-id'));
}
