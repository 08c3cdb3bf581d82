/** Rules about who gets in: tokens, certificates, origins. */
import { childElements, childNamed, type XmlElement } from '../../xml/tree.ts';
import { matchSpan } from '../code.ts';
import type { LintDocument, LintRule, PolicySite, Report } from '../model.ts';
import { literalAttribute } from './nulls.ts';
import { nameOf } from './sequences.ts';

const TOKEN_CHECKS: ReadonlySet<string> = new Set(['validate-jwt', 'validate-azure-ad-token']);

function attributeSpan(policy: PolicySite, name: string) {
  return policy.element.attributes.find((attribute) => attribute.name === name)?.value.span ?? policy.element.nameSpan;
}

function textsIn(element: XmlElement | undefined): string[] {
  const children = element === undefined ? [] : childElements(element);
  return children.flatMap(({ children: nodes }) => nodes.flatMap((node) => (node.kind === 'text' ? [node.value.text.text.trim()] : [])));
}

function noAudience(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (
      !TOKEN_CHECKS.has(policy.name) ||
      childNamed(policy.element, 'audiences') ||
      checksClaim(policy, ['aud', 'azp', 'appid', 'cid', 'client_id'])
    )
      continue;
    if (policy.name === 'validate-azure-ad-token' && childNamed(policy.element, 'client-application-ids')) continue;
    report({
      ...nameOf(policy),
      message: 'a token for any other API is accepted: no audience is checked',
      help: 'add `<audiences><audience>…</audience></audiences>`',
    });
  }
}

function checksClaim(policy: PolicySite, names: readonly string[]): boolean {
  const claims = childNamed(policy.element, 'required-claims');
  return (
    claims !== undefined &&
    childElements(claims).some((claim) => names.includes(claim.attributes.find(({ name }) => name === 'name')?.value.text.text ?? ''))
  );
}

function anyTenant(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'validate-jwt' || childNamed(policy.element, 'issuers') || checksClaim(policy, ['iss', 'tid'])) continue;
    const config = childElements(policy.element).find(({ name }) => name === 'openid-config');
    const url = config?.attributes.find(({ name }) => name === 'url')?.value;
    if (url === undefined || !/\/(?:common|organizations)\//.test(url.text.text)) continue;
    report({
      file: document.file,
      span: url.span,
      message: 'tokens of every Entra tenant are accepted',
      help: 'add `<issuers>`, or write the id of your tenant',
    });
  }
}

function noIssuer(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'validate-jwt' || childNamed(policy.element, 'issuers') || childNamed(policy.element, 'openid-config')) continue;
    if (!childNamed(policy.element, 'issuer-signing-keys') || checksClaim(policy, ['iss'])) continue;
    report({ ...nameOf(policy), message: 'the issuer of tokens is not checked', help: 'add `<issuers><issuer>…</issuer></issuers>`' });
  }
}

function switchedOff(attribute: string, message: string, names: ReadonlySet<string>) {
  return (document: LintDocument, report: Report): void => {
    for (const policy of document.policies) {
      if (!names.has(policy.name) || literalAttribute(policy, attribute)?.toLowerCase() !== 'false') continue;
      report({ file: document.file, span: attributeSpan(policy, attribute), message, help: `remove \`${attribute}\`` });
    }
  };
}

const LONGEST_SKEW = 300;

function wideSkew(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    const seconds = policy.name === 'validate-jwt' ? Number(literalAttribute(policy, 'clock-skew')) : Number.NaN;
    if (!(seconds > LONGEST_SKEW)) continue;
    report({
      file: document.file,
      span: attributeSpan(policy, 'clock-skew'),
      message: `expired tokens are accepted for ${seconds} more seconds`,
      help: 'write at most 300',
    });
  }
}

const CERTIFICATE_SWITCHES: readonly string[] = ['validate-trust', 'validate-not-after', 'validate-not-before'];

function uncheckedCertificate(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'validate-client-certificate') continue;
    const off = CERTIFICATE_SWITCHES.filter((name) => literalAttribute(policy, name)?.toLowerCase() === 'false');
    const identities = childNamed(policy.element, 'identities');
    const pinned = identities !== undefined && /thumbprint/i.test(document.file.text.slice(identities.span.start, identities.span.end));
    const [first] = off;
    if (first === undefined || pinned) continue;
    report({
      file: document.file,
      span: attributeSpan(policy, first),
      message: 'certificates that anybody can make, or that have expired, are accepted',
      help: `remove \`${first}\`, or name thumbprints in \`identities\``,
    });
  }
}

function unverifiedToken(document: LintDocument, report: Report): void {
  if (document.scope !== undefined || document.document.kind !== 'policies') return;
  if (document.policies.some(({ name }) => TOKEN_CHECKS.has(name) || name === 'include-fragment' || name === 'get-authorization-context'))
    return;
  for (const site of document.code) {
    const decides = site.attribute === 'condition' || site.policy.name.endsWith('-by-key');
    const found = decides && site.policy.section === 'inbound' ? /\.AsJwt\(\)/.exec(site.tree.text) : null;
    if (found === null) continue;
    report({
      file: document.file,
      span: matchSpan(site, found),
      message: '`AsJwt()` only decodes: nobody has checked this token here',
      help: 'check it with `validate-jwt` first, and read its `output-token-variable-name`',
    });
  }
}

function corsWildcard(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'cors') continue;
    const origins = childNamed(policy.element, 'allowed-origins');
    if (!textsIn(origins).includes('*') || origins === undefined) continue;
    const credentials = literalAttribute(policy, 'allow-credentials')?.toLowerCase() === 'true';
    if (!credentials) continue;
    report({
      file: document.file,
      span: origins.span,
      message: 'every site may call with the credentials of the user',
      help: 'name the origins, or leave out `allow-credentials`',
    });
  }
}

function corsAll(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'cors' || literalAttribute(policy, 'allow-credentials')?.toLowerCase() === 'true') continue;
    const parts = ['allowed-origins', 'allowed-methods', 'allowed-headers'].map((name) => childNamed(policy.element, name));
    if (!parts.every((part) => textsIn(part).includes('*'))) continue;
    report({ ...nameOf(policy), message: 'any site may call with any method and any header', help: 'name origins, methods and headers' });
  }
}

const IDENTITY_VALUE = /\bJwt\b|AsJwt\(\)|context\.User\b|Claims\b|context\.Request\.Certificate/;

function spoofableHeader(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    const action = policy.name === 'set-header' && policy.section === 'inbound' ? literalAttribute(policy, 'exists-action') : undefined;
    if ((action !== 'skip' && action !== 'append') || !policy.code.some(({ tree }) => IDENTITY_VALUE.test(tree.text))) continue;
    report({
      file: document.file,
      span: attributeSpan(policy, 'exists-action'),
      message: 'a caller who sends this header himself is believed',
      help: 'write `exists-action="override"`',
    });
  }
}

function forwardedFor(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    if (site.attribute !== 'condition' || site.policy.name !== 'choose') continue;
    const found = /Headers(?:\.GetValueOrDefault\(\s*|\[\s*)"(?:X-Forwarded-For|X-Real-IP)"/i.exec(site.tree.text);
    if (found === null) continue;
    report({
      file: document.file,
      span: matchSpan(site, found),
      message: 'a caller may write any address into this header',
      help: 'use `context.Request.IpAddress` or `ip-filter`, unless a proxy of yours sets it',
    });
  }
}

const DETECTS: ReadonlySet<string> = new Set(['validate-content', 'validate-parameters', 'validate-headers', 'validate-status-code']);

function detectOnly(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (!DETECTS.has(policy.name)) continue;
    const actions = policy.element.attributes.filter(({ name, value }) => name.endsWith('-action') && value.kind === 'literal');
    if (
      actions.length === 0 ||
      !actions.every(({ value }) => value.text.text.trim() === 'ignore') ||
      childElements(policy.element).length > 0
    )
      continue;
    report({
      ...nameOf(policy),
      message: `\`${policy.name}\` checks nothing: every action is \`ignore\``,
      help: 'write `prevent` or `detect`, or remove the policy',
    });
  }
}

export const accessRules: readonly LintRule[] = [
  {
    code: 'PTL701',
    name: 'no-audience',
    severity: 'warning',
    summary: 'A token check does not check the audience.',
    reason: 'A token that the same provider issued for any other API gets in.',
    bad: '<validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /></validate-jwt>',
    good: '<validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /><audiences><audience>api://orders</audience></audiences></validate-jwt>',
    document: noAudience,
  },
  {
    code: 'PTL702',
    name: 'any-tenant',
    severity: 'warning',
    summary: 'Tokens of every Entra tenant are accepted.',
    reason:
      'The `common` and `organizations` metadata name no issuer, so the check of the issuer accepts every tenant unless `issuers` or a claim narrows it.',
    bad: '<validate-jwt header-name="Authorization"><openid-config url="https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-jwt header-name="Authorization"><openid-config url="https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt>',
    document: anyTenant,
  },
  {
    code: 'PTL703',
    name: 'no-issuer',
    severity: 'warning',
    summary: 'A token check with keys of its own does not check the issuer.',
    reason: 'Whoever else holds the key can issue tokens for anybody.',
    bad: '<validate-jwt header-name="Authorization"><issuer-signing-keys><key>{{key}}</key></issuer-signing-keys><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-jwt header-name="Authorization"><issuer-signing-keys><key>{{key}}</key></issuer-signing-keys><audiences><audience>a</audience></audiences><issuers><issuer>b</issuer></issuers></validate-jwt>',
    document: noIssuer,
  },
  {
    code: 'PTL704',
    name: 'unsigned-tokens',
    severity: 'warning',
    summary: 'Tokens without a signature are accepted.',
    reason: 'Anybody can write such a token.',
    bad: '<validate-jwt header-name="Authorization" require-signed-tokens="false"><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-jwt header-name="Authorization"><audiences><audience>a</audience></audiences></validate-jwt>',
    document: switchedOff('require-signed-tokens', 'tokens that nobody signed are accepted', TOKEN_CHECKS),
  },
  {
    code: 'PTL705',
    name: 'endless-tokens',
    severity: 'warning',
    summary: 'Tokens without an end are accepted.',
    reason: 'A token that leaks opens the API for ever.',
    bad: '<validate-jwt header-name="Authorization" require-expiration-time="false"><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-jwt header-name="Authorization"><audiences><audience>a</audience></audiences></validate-jwt>',
    document: switchedOff('require-expiration-time', 'tokens that never expire are accepted', TOKEN_CHECKS),
  },
  {
    code: 'PTL706',
    name: 'wide-clock-skew',
    severity: 'info',
    summary: 'Expired tokens are accepted for more than five minutes.',
    reason: 'Clocks that are kept in step by NTP differ by less than a second.',
    bad: '<validate-jwt header-name="Authorization" clock-skew="3600"><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-jwt header-name="Authorization" clock-skew="60"><audiences><audience>a</audience></audiences></validate-jwt>',
    document: wideSkew,
  },
  {
    code: 'PTL707',
    name: 'unchecked-certificate',
    severity: 'warning',
    summary: 'A check of client certificates is switched off in part.',
    reason: 'Without trust and dates a certificate proves nothing, unless its thumbprint is named.',
    bad: '<validate-client-certificate validate-trust="false"><identities><identity subject="CN=a" /></identities></validate-client-certificate>',
    good: '<validate-client-certificate validate-trust="true"><identities><identity subject="CN=a" /></identities></validate-client-certificate>',
    document: uncheckedCertificate,
  },
  {
    code: 'PTL708',
    name: 'unverified-token',
    severity: 'warning',
    summary: 'A decision is made by a token that is only decoded.',
    reason: '`AsJwt()` does not check signature, dates, audience or issuer.',
    bad: '<policies><inbound><choose><when condition="@(context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt()?.Subject == "anna")"><set-method>GET</set-method></when></choose></inbound></policies>',
    good: '<policies><inbound><validate-jwt header-name="Authorization" output-token-variable-name="jwt"><openid-config url="https://login.test/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt><choose><when condition="@(((Jwt)context.Variables["jwt"]).Subject == "anna")"><set-method>GET</set-method></when></choose></inbound></policies>',
    document: unverifiedToken,
  },
  {
    code: 'PTL709',
    name: 'cors-any-origin-with-credentials',
    severity: 'warning',
    summary: 'CORS allows every origin to call with credentials.',
    reason: 'Any page that a user visits may act as the user.',
    bad: '<cors allow-credentials="true"><allowed-origins><origin>*</origin></allowed-origins></cors>',
    good: '<cors allow-credentials="true"><allowed-origins><origin>https://shop.test/</origin></allowed-origins></cors>',
    document: corsWildcard,
  },
  {
    code: 'PTL710',
    name: 'cors-everything',
    severity: 'info',
    summary: 'CORS allows every origin, method and header.',
    reason: 'Right for a public API, usually left over from development elsewhere.',
    bad: '<cors><allowed-origins><origin>*</origin></allowed-origins><allowed-methods><method>*</method></allowed-methods><allowed-headers><header>*</header></allowed-headers></cors>',
    good: '<cors><allowed-origins><origin>*</origin></allowed-origins><allowed-methods><method>GET</method></allowed-methods><allowed-headers><header>*</header></allowed-headers></cors>',
    document: corsAll,
  },
  {
    code: 'PTL711',
    name: 'spoofable-header',
    severity: 'warning',
    summary: 'A header that tells the backend who calls is kept when the caller sends one.',
    reason: 'With `skip` or `append` the backend reads what the caller wrote.',
    bad: '<inbound><base /><set-header name="X-User" exists-action="skip"><value>@(((Jwt)context.Variables["jwt"]).Subject)</value></set-header></inbound>',
    good: '<inbound><base /><set-header name="X-User" exists-action="override"><value>@(((Jwt)context.Variables["jwt"]).Subject)</value></set-header></inbound>',
    document: spoofableHeader,
  },
  {
    code: 'PTL712',
    name: 'forwarded-address',
    severity: 'info',
    summary: 'A decision is made by an address that the caller may invent.',
    reason: '`X-Forwarded-For` is a header like any other.',
    bad: '<inbound><base /><choose><when condition="@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For", "") == "10.0.0.1")"><set-method>GET</set-method></when></choose></inbound>',
    good: '<inbound><base /><choose><when condition="@(context.Request.IpAddress == "10.0.0.1")"><set-method>GET</set-method></when></choose></inbound>',
    document: forwardedFor,
  },
  {
    code: 'PTL713',
    name: 'validation-without-effect',
    severity: 'warning',
    summary: 'A validation policy ignores everything it finds.',
    reason: 'It costs time and refuses nothing.',
    bad: '<validate-status-code unspecified-status-code-action="ignore" />',
    good: '<validate-status-code unspecified-status-code-action="prevent" />',
    document: detectOnly,
  },
];
