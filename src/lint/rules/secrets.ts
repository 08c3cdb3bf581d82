/** Rules about secrets: none in the document, none in logs or answers. */
import { childElements, type XmlElement } from '../../xml/tree.ts';
import { matchSpan, placeOf } from '../code.ts';
import type { LintDocument, LintRule, PolicySite, Report } from '../model.ts';
import { withInner } from '../sites.ts';
import { literalAttribute } from './nulls.ts';

/** Names of headers and parameters whose value is a secret. */
const SECRET_NAME =
  /^(?:authorization|proxy-authorization|ocp-apim-subscription-key|x-functions-key|x-api-key|api-?key|subscription-key|code|sig|client_secret|password|pwd|access_token|token|secret)$/i;

/** Texts that are secrets whatever they are called. */
const SECRET_TEXT: readonly RegExp[] = [
  /AccountKey=[A-Za-z0-9+/=]{20,}/,
  /SharedAccessKey=[A-Za-z0-9+/=]{20,}/,
  /client_secret=(?!\{\{|"|$)[^&\s"'<{]{8,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/,
  /\bsk-[A-Za-z0-9]{20,}/,
  /\b[Bb]asic [A-Za-z0-9+/]{12,}={0,2}/,
];

/** None of these fits a shorter text. */
const SHORTEST = 18;

/** Stand-ins that people write where the secret goes. */
const PLACEHOLDER = /\{\{|\{\d+\}|^\s*$|^[<[{(].*[>\]})]$|your|example|placeholder|changeme|xxx|\.\.\.|\*\*\*|todo/i;

function looksRandom(text: string): boolean {
  return (
    text.length >= 12 && !/\s/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text) && !PLACEHOLDER.test(text) && !/^https?:/.test(text)
  );
}

function secretLiteral(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    for (const element of [policy.element, ...inner(policy.element)]) secretInElement(document, element, report);
    for (const site of policy.code) {
      for (const { text, node } of site.literals) {
        if (isSecretText(text)) report({ file: document.file, span: placeOf(site, node), ...SECRET });
      }
    }
  }
}

/** Elements of the policy itself: those of policies inside come with these. */
function inner(element: XmlElement): XmlElement[] {
  return childElements(element).flatMap((child) => (isOwn(child) ? [child, ...inner(child)] : []));
}

const OWN: ReadonlySet<string> = new Set([
  'value',
  'key',
  'set-url',
  'headers',
  'parameter',
  'client-application-ids',
  'issuer-signing-keys',
  'decryption-keys',
]);
const isOwn = (element: XmlElement) => OWN.has(element.name);

const SECRET = { message: 'this looks like a secret', help: 'make it a named value of type secret, and write `{{name}}`' } as const;

function isSecretText(text: string): boolean {
  return text.length >= SHORTEST && SECRET_TEXT.some((pattern) => pattern.test(text)) && !PLACEHOLDER.test(text);
}

function secretInElement(document: LintDocument, element: XmlElement, report: Report): void {
  for (const { name, value } of element.attributes) {
    if (value.kind !== 'literal') continue;
    const text = value.text.text.trim();
    if ((name === 'password' && looksLikePassword(text)) || isSecretText(text))
      report({ file: document.file, span: value.span, ...SECRET });
  }
  const holder = element.attributes.find(({ name }) => name === 'name')?.value.text.text ?? '';
  const named = (element.name === 'set-header' || element.name === 'set-query-parameter') && SECRET_NAME.test(holder);
  for (const child of [element, ...(named ? childElements(element) : [])])
    secretInText(document, child, named && child.name === 'value', report);
}

/** A password need not look random. */
function looksLikePassword(text: string): boolean {
  return text.length > 0 && !PLACEHOLDER.test(text);
}

function secretInText(document: LintDocument, element: XmlElement, isSecret: boolean, report: Report): void {
  for (const node of element.children) {
    if (node.kind !== 'text' || node.value.kind !== 'literal') continue;
    const text = node.value.text.text.trim();
    const bareText = text.replace(/^(?:bearer|basic|apikey)\s+/i, '');
    if (isSecretText(text) || (isSecret && looksRandom(bareText)) || (element.name === 'key' && looksRandom(text))) {
      report({ file: document.file, span: node.value.span, ...SECRET });
    }
  }
}

const LOGS: ReadonlySet<string> = new Set(['trace', 'log-to-eventhub', 'emit-metric', 'send-one-way-request', 'publish-event']);
const SECRET_READ =
  /Headers(?:\.GetValueOrDefault\(\s*|\[\s*)"(?:Authorization|Ocp-Apim-Subscription-Key|Cookie|X-Functions-Key|X-Api-Key|Set-Cookie)"|context\.Subscription\??\.(?:Key|PrimaryKey|SecondaryKey)|\.Password\b/i;

function secretInLog(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (!LOGS.has(policy.name) || (policy.name === 'send-one-way-request' && !isLogLike(policy))) continue;
    for (const site of withInner(policy).flatMap(({ code }) => code)) {
      const found = SECRET_READ.exec(site.tree.text);
      // A hash or a part of a token tells nobody the token.
      if (found === null || /ComputeHash|AsJwt|\.Substring\(|\.Length|string\.IsNullOrEmpty|Split\(/.test(site.tree.text)) continue;
      report({
        file: document.file,
        span: matchSpan(site, found),
        message: `\`${policy.name}\` writes a secret of the caller to a log`,
        help: 'leave it out, or write a hash of it',
      });
    }
  }
}

function isLogLike(policy: PolicySite): boolean {
  return /log|audit|event/i.test(policy.document.file.text.slice(policy.element.openSpan.start, policy.element.span.end).slice(0, 400));
}

const INTERNAL = /context\.LastError\.Message/;

function errorToCaller(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'set-body' && policy.name !== 'set-header') continue;
    if (policy.section !== 'on-error' || policy.parent?.name === 'send-one-way-request' || policy.parent?.name === 'send-request') continue;
    for (const site of policy.code) {
      const found = INTERNAL.exec(site.tree.text);
      if (found === null) continue;
      report({
        file: document.file,
        span: matchSpan(site, found),
        message: 'the caller learns how the gateway failed inside',
        help: 'log it, and answer with a text of your own and `context.RequestId`',
      });
    }
  }
}

function keyInUrl(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'set-query-parameter') continue;
    const name = literalAttribute(policy, 'name');
    if (name === undefined || !/^(?:api-?key|token|access_token|password|client_secret|subscription-key)$/i.test(name)) continue;
    if (literalAttribute(policy, 'exists-action') === 'delete') continue;
    const span = policy.element.attributes.find((attribute) => attribute.name === 'name')?.value.span ?? policy.element.nameSpan;
    report({
      file: document.file,
      span,
      message: `\`${name}\` goes into the URL, which servers and proxies write to their logs`,
      help: 'send it in a header, if the backend accepts one',
    });
  }
}

export const secretRules: readonly LintRule[] = [
  {
    code: 'PTL601',
    name: 'secret-literal',
    severity: 'warning',
    summary: 'A secret stands in the document.',
    reason: 'Policy documents lie in Git and in the portal. A named value of type secret, or one from a key vault, keeps it out of both.',
    bad: '<authentication-basic username="gateway" password="S3cr3t-Pa55" />',
    good: '<authentication-basic username="gateway" password="{{backend-password}}" />',
    document: secretLiteral,
  },
  {
    code: 'PTL602',
    name: 'secret-in-log',
    severity: 'warning',
    summary: 'A secret of the caller is written to a log, a trace or an event.',
    reason: 'Whoever reads the log can act as the caller.',
    bad: '<inbound><base /><trace source="a"><message>@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</message></trace></inbound>',
    good: '<inbound><base /><trace source="a"><message>@(context.Request.Headers.GetValueOrDefault("X-Correlation-Id", ""))</message></trace></inbound>',
    document: secretInLog,
  },
  {
    code: 'PTL603',
    name: 'error-to-caller',
    severity: 'info',
    summary: 'Details of a failure inside the gateway go to the caller.',
    reason: 'They name policies, backends and claims, which help whoever looks for a way in.',
    bad: '<on-error><base /><set-body>@(context.LastError.Message)</set-body></on-error>',
    good: '<on-error><base /><set-body>@("Something failed; please name " + context.RequestId)</set-body></on-error>',
    document: errorToCaller,
  },
  {
    code: 'PTL604',
    name: 'key-in-url',
    severity: 'info',
    summary: 'A key is sent to the backend as a query parameter.',
    reason: 'URLs are logged on their way; headers usually are not.',
    bad: '<set-query-parameter name="api-key" exists-action="override"><value>{{key}}</value></set-query-parameter>',
    good: '<set-header name="api-key" exists-action="override"><value>{{key}}</value></set-header>',
    document: keyInUrl,
  },
];
