import type { Exchange } from '../exchange/exchange.ts';
import { JwtToken } from '../exchange/jwt.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import { queryValues } from '../exchange/query.ts';
import type { TokenKey, TokenOutcome, TokenRequirements } from '../identity/token-validator.ts';
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
import { needed, texts } from './shared/inputs.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };

const KEY_ATTRIBUTES = [
  optional('id', 'string', 'Compared with the kid of the token header.', literal),
  optional('certificate-id', 'string', 'Name of a certificate.', literal),
  optional('n', 'string', 'RSA modulus, base64url.', literal),
  optional('e', 'string', 'RSA exponent, base64url.', literal),
];

const KEY: ChildDeclaration = { ...valueChild('key', 0, UNBOUNDED), attributes: KEY_ATTRIBUTES };

const CLAIM: ChildDeclaration = {
  name: 'claim',
  min: 1,
  max: UNBOUNDED,
  content: 'children',
  attributes: [
    required('name', 'string', 'Claim name as in the token.'),
    optional('match', 'enum', 'Whether all or any of the values must be there.', { values: ['all', 'any'], default: 'all' }),
    optional('separator', 'string', 'Splits a single text into values.'),
  ],
  children: [valueChild('value', 0, UNBOUNDED)],
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
    optional('failed-validation-httpcode', 'integer', 'Status of the refusal.', { default: '401', min: 100, max: 999 }),
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
        optional('host', 'string', 'Known to the schema only.', literal),
      ],
    },
    groupChild('issuer-signing-keys', 0, [KEY]),
    groupChild('decryption-keys', 0, [KEY]),
    groupChild('audiences', 0, [valueChild('audience', 0, UNBOUNDED)]),
    groupChild('issuers', 0, [valueChild('issuer', 0, UNBOUNDED)]),
    groupChild('required-claims', 0, [CLAIM]),
  ],
  unsupportedChildren: ['issuer-signing-tokens'],
  compile: compileValidateJwt,
};

function compileValidateJwt(element: PolicyElement, compiler: PolicyCompiler): Step {
  const token = tokenReader(element);
  const requirements = requirementsReader(element, compiler);
  const refuse = refusalOf(element);
  const output = element.literal('output-token-variable-name');
  return (exchange) => {
    const text = token(exchange);
    if (text === undefined) throw refuse(exchange, 'TokenNotPresent', 'JWT not present.', 'JWT not present.');
    const { tokens } = compiler.services;
    if (!tokens) throw new PolicyError({ reason: 'TokenValidatorMissing', message: 'No token validator is configured.' });
    const outcome = tokens.validate({ token: text, ...requirements(exchange) });
    const settle = (result: TokenOutcome): undefined => {
      tellChecks(result, exchange);
      if (!result.ok) throw refuse(exchange, result.reason, result.message, 'Invalid JWT.');
      exchange.verifiedClaims = auditClaims(result.token.payload);
      if (output !== undefined) setVariable(exchange, output, new JwtToken(result.token.header, result.token.payload));
    };
    return outcome instanceof Promise ? outcome.then(settle) : settle(outcome);
  };
}

/** The claims that an audit needs to tell who called; never the token itself. */
const AUDIT_CLAIMS = ['sub', 'oid', 'appid', 'azp', 'iss'] as const;

function auditClaims(payload: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(AUDIT_CLAIMS.flatMap((name) => (typeof payload[name] === 'string' ? [[name, payload[name]]] : [])));
}

function tellChecks(outcome: TokenOutcome, exchange: Exchange): void {
  if (!exchange.listener) return;
  for (const check of outcome.checks) exchange.emit({ kind: 'token-checked', step: exchange.current, ...check });
}

type Refusal = (exchange: Exchange, reason: string, message: string, shown: string) => PolicyError;

/** The author's text is computed once LastError is set: `@(context.LastError.Message)` is common (observed). */
function refusalOf(element: PolicyElement): Refusal {
  const status = element.number('failed-validation-httpcode');
  const text = element.text('failed-validation-error-message');
  return (exchange, reason, message, shown) => {
    const late = text ? { lateClientMessage: () => text.read(exchange) ?? shown } : {};
    return new PolicyError({ reason, message, status: status?.read(exchange) ?? 401, clientMessage: shown, ...late });
  };
}

/** The bare token from the one configured source; undefined when there is none. */
function tokenReader(element: PolicyElement): (exchange: Exchange) => string | undefined {
  const header = element.text('header-name');
  const query = element.text('query-parameter-name');
  const value = element.text('token-value');
  const scheme = element.text('require-scheme');
  return (exchange) => {
    if (header) return fromHeader(header.read(exchange) ?? '', scheme?.read(exchange) ?? undefined, exchange);
    if (query) return queryValues(exchange.request.queryString, query.read(exchange) ?? '')[0] || undefined;
    return value?.read(exchange)?.trim() || undefined;
  };
}

/** Authorization: what follows the first blank, whatever the scheme unless one is required. Elsewhere a leading Bearer is dropped. */
function fromHeader(name: string, scheme: string | undefined, exchange: Exchange): string | undefined {
  const text = exchange.request.headers.first(name)?.trim() ?? '';
  const blank = text.indexOf(' ');
  const word = blank < 0 ? '' : text.slice(0, blank);
  const rest = text.slice(blank + 1).trim();
  if (name.toLowerCase() !== 'authorization') return (word.toLowerCase() === 'bearer' ? rest : text) || undefined;
  if (scheme !== undefined && word.toLowerCase() !== scheme.toLowerCase()) return undefined;
  return rest || undefined;
}

function requirementsReader(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => Omit<TokenRequirements, 'token'> {
  const expiration = element.boolean('require-expiration-time');
  const signed = element.boolean('require-signed-tokens');
  const skew = element.number('clock-skew');
  const configs = texts(element.children('openid-config').map((child) => needed(child.text('url'), 'url')));
  const signing = keysOf(element, 'issuer-signing-keys', compiler);
  const decryption = keysOf(element, 'decryption-keys', compiler);
  const audiences = listOf(element, 'audiences', 'audience');
  const issuers = listOf(element, 'issuers', 'issuer');
  const claims = element.children('required-claims').flatMap((group) => group.children('claim').map(claimReader));
  return (exchange) => ({
    requireExpirationTime: expiration?.read(exchange) ?? true,
    requireSignedTokens: signed?.read(exchange) ?? true,
    clockSkewSeconds: skew?.read(exchange) ?? 0,
    openIdConfigs: configs.read(exchange),
    signingKeys: signing.map((read) => read(exchange)),
    decryptionKeys: decryption.map((read) => read(exchange)),
    audiences: audiences.read(exchange),
    issuers: issuers.read(exchange),
    requiredClaims: claims.map((read) => read(exchange)),
  });
}

function listOf(element: PolicyElement, group: string, name: string): Input<readonly string[]> {
  return texts(element.children(group).flatMap((one) => one.children(name).map((child) => needed(child.content(), name))));
}

function claimReader(claim: PolicyElement) {
  const name = needed(claim.text('name'), 'name');
  const match = claim.text('match');
  const separator = claim.text('separator');
  const values = texts(claim.children('value').map((child) => needed(child.content(), 'value')));
  return (exchange: Exchange) => ({
    name: name.read(exchange) ?? '',
    match: match?.read(exchange) === 'any' ? ('any' as const) : ('all' as const),
    separator: separator?.read(exchange) ?? null,
    values: values.read(exchange),
  });
}

type KeyReader = (exchange: Exchange) => TokenKey;

function keysOf(element: PolicyElement, group: string, compiler: PolicyCompiler): KeyReader[] {
  return element.children(group).flatMap((one) => one.children('key').map((key) => keyReader(key, compiler)));
}

function keyReader(key: PolicyElement, compiler: PolicyCompiler): KeyReader {
  const id = key.literal('id');
  const certificateId = key.literal('certificate-id');
  const n = key.literal('n');
  const e = key.literal('e');
  const content = key.content();
  checkKey(key, compiler);
  const named = id === undefined ? {} : { id };
  return (exchange) => {
    if (certificateId !== undefined) return { ...named, certificateId };
    if (n !== undefined && e !== undefined) return { ...named, rsa: { n, e } };
    return { ...named, secret: content?.read(exchange) ?? '' };
  };
}

function checkKey(key: PolicyElement, compiler: PolicyCompiler): void {
  const content = key.content();
  const hasText = content !== undefined && content.constant !== '';
  const hasRsa = key.has('n') && key.has('e');
  const forms = [hasText, key.has('certificate-id'), hasRsa].filter(Boolean).length;
  if (forms !== 1 || key.has('n') !== key.has('e')) compiler.report(faults.keyForm(), key.xml.nameSpan);
  const id = key.literal('certificate-id');
  if (id !== undefined && !compiler.standalone && !id.includes('{{') && !compiler.services.hasCertificate(id))
    compiler.report(faults.unknownCertificate(id), key.xml.nameSpan);
}
