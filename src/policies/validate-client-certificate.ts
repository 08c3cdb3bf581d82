import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { CertificateInfo, Host } from '../host/host.ts';
import { issuerOf } from '../identity/certificates/chain.ts';
import { CertificateChecker, type CertificateRules, type CertificateVerdict } from '../identity/certificates/checker.ts';
import { attributeNamed } from '../xml/tree.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, groupChild, optional, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { valueSpan } from './shared/attribute-span.ts';
import { addDecision, tellChecks } from './shared/decision.ts';
import type { Step } from './step.ts';

const literal = { expressions: false };
const switchedOn = { ...literal, default: 'true' };

/** Most identities that the reference page allows. */
const MOST_IDENTITIES = 10;

/** `<validate-client-certificate>`: checks the certificate that the caller showed against rules and accepted identities. */
export const validateClientCertificate: PolicyDefinition = {
  name: 'validate-client-certificate',
  summary: "Checks the caller's TLS certificate against rules and accepted identities.",
  page: 'validate-client-certificate-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    optional('validate-revocation', 'boolean', 'Asks whether it was revoked.', switchedOn),
    optional('validate-trust', 'boolean', 'Needs a chain to a trusted authority.', switchedOn),
    optional('validate-not-before', 'boolean', 'Checks the start of its validity.', switchedOn),
    optional('validate-not-after', 'boolean', 'Checks the end of its validity.', switchedOn),
    optional('ignore-error', 'boolean', 'Goes on after a failure.', { ...literal, default: 'false' }),
  ],
  content: 'children',
  children: [
    groupChild('identities', 0, [
      {
        name: 'identity',
        min: 1,
        max: MOST_IDENTITIES,
        content: 'empty',
        attributes: [
          optional('thumbprint', 'string', 'SHA-1 thumbprint.', literal),
          optional('serial-number', 'string', 'Serial number.', literal),
          optional('common-name', 'string', 'CN of the subject.', literal),
          optional('subject', 'string', 'Whole subject.', literal),
          optional('dns-name', 'string', 'A DNS name among the alternative names.', literal),
          optional('issuer-subject', 'string', 'Whole name of the issuer.', literal),
          optional('issuer-thumbprint', 'string', "Thumbprint of the issuer's certificate.", literal),
          optional('issuer-certificate-id', 'string', "Uploaded certificate that must be the issuer's.", literal),
        ],
        oneOf: [
          { names: ['issuer-certificate-id', 'issuer-subject'], required: false },
          { names: ['issuer-certificate-id', 'issuer-thumbprint'], required: false },
        ],
      },
    ]),
  ],
  compile: compileValidate,
};

/** Whether a certificate is one of those an identity means. */
type Matcher = (certificate: CertificateInfo, host: Host) => boolean;

function compileValidate(element: PolicyElement, compiler: PolicyCompiler): Step {
  const rules = rulesOf(element);
  const ignores = element.has('ignore-error') && !isFalse(element.literal('ignore-error'));
  const groups = element.children('identities');
  const identities = groups.flatMap((group) => group.children('identity').map((identity) => identityMatcher(identity, compiler)));
  const checker = compiler.services.certificates ?? new CertificateChecker();
  return (exchange) => {
    const { certificate } = exchange.request;
    const settle = ({ reason, checks }: CertificateVerdict): undefined => {
      tellChecks(checks, exchange);
      const matched = groups.length === 0 || (certificate !== null && identities.some((matches) => matches(certificate, exchange.host)));
      const failed = reason ?? (matched ? undefined : 'ClientCertificateIdentityNotMatched');
      decided(exchange, failed, certificate);
      if (failed !== undefined && !ignores) throw refusal(failed);
    };
    if (!certificate) return settle(NOT_FOUND);
    const verdict = checker.check(certificate, rules, exchange.host);
    return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
  };
}

const NOT_FOUND: CertificateVerdict = {
  reason: 'ClientCertificateNotFound',
  checks: [{ check: 'client certificate', expected: 'present', actual: 'absent', passed: false }],
};

function rulesOf(element: PolicyElement): CertificateRules {
  const on = (name: string) => !isFalse(element.literal(name));
  return {
    notBefore: on('validate-not-before'),
    notAfter: on('validate-not-after'),
    revocation: on('validate-revocation'),
    trust: on('validate-trust'),
  };
}

function isFalse(literal: string | undefined): boolean {
  return literal === 'false' || literal === '0';
}

/** For the audit: who showed the certificate, and what became of it. */
function decided(exchange: Exchange, reason: string | undefined, certificate: CertificateInfo | null): void {
  const claims: Readonly<Record<string, string>> = certificate
    ? { subject: certificate.subject, issuer: certificate.issuer, serialNumber: certificate.serialNumber }
    : {};
  addDecision(exchange, {
    outcome: reason === undefined ? 'accepted' : 'refused',
    reason: reason ?? null,
    claims,
    keyId: certificate?.thumbprint ?? null,
  });
}

function identityMatcher(element: PolicyElement, compiler: PolicyCompiler): Matcher {
  const tests = MATCHERS.flatMap(([name, make]): Matcher[] => {
    const text = element.literal(name);
    return text === undefined ? [] : [make(text)];
  });
  checkIdentity(element, compiler);
  return (certificate, host) => tests.every((matches) => matches(certificate, host));
}

function checkIdentity(element: PolicyElement, compiler: PolicyCompiler): void {
  if (!MATCHERS.some(([name]) => attributeNamed(element.xml, name))) compiler.report(faults.emptyIdentity(), element.xml.nameSpan);
  const id = element.literal('issuer-certificate-id');
  if (id !== undefined && !compiler.standalone && !compiler.services.hasCertificate(id))
    compiler.report(faults.unknownCertificate(id), valueSpan(element, 'issuer-certificate-id'));
}

/** Names compare in .NET's text form, numbers without case (inferred in the fact sheet). */
const MATCHERS: readonly (readonly [string, (text: string) => Matcher])[] = [
  ['thumbprint', (text) => (certificate) => sameHex(certificate.thumbprint, text)],
  ['serial-number', (text) => (certificate) => sameHex(certificate.serialNumber, text)],
  ['common-name', (text) => (certificate) => commonName(certificate.subject) === text],
  ['subject', (text) => (certificate) => certificate.subject === text.trim()],
  ['dns-name', (text) => (certificate) => certificate.dnsNames.some((name) => name.toLowerCase() === text.toLowerCase())],
  ['issuer-subject', (text) => (certificate) => certificate.issuer === text.trim()],
  ['issuer-thumbprint', (text) => (certificate, host) => sameHex(issuerOf(certificate, host)?.thumbprint ?? '', text)],
  ['issuer-certificate-id', (text) => (certificate, host) => isIssuedBy(certificate, text, host)],
];

function isIssuedBy(certificate: CertificateInfo, id: string, host: Host): boolean {
  const issuer = host.certificates.find(id);
  return issuer !== undefined && host.crypto.isIssuedBy(certificate, issuer.info);
}

function sameHex(a: string, b: string): boolean {
  return a !== '' && a.toLowerCase() === b.replace(/[\s:]/g, '').toLowerCase();
}

/** One part of a name in .NET's text form: quoted where it holds commas, its own quotes doubled. */
const NAME_PART = /([^=]*)=(?:"((?:[^"]|"")*)"|([^,]*))(?:, |$)/gy;

/** The CN part of a name. Parts are read from the start, so that nothing inside another part's quotes counts as one. */
function commonName(subject: string): string | undefined {
  for (const [, name, quoted, plain] of subject.matchAll(NAME_PART)) {
    if (name === 'CN') return quoted?.replaceAll('""', '"') ?? plain;
  }
  return undefined;
}

/** Observed texts; which rule failed is only told to on-error. */
function refusal(reason: string): PolicyError {
  const text = reason === 'ClientCertificateNotFound' ? 'Client certificate missing' : 'Invalid client certificate';
  return new PolicyError({ reason, message: text, status: 401, clientMessage: text });
}
