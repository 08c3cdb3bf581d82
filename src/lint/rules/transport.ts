/** Rules about URLs, addresses and headers on the wire. */
import type { Expression } from '../../csharp/syntax/ast.ts';
import { childElements } from '../../xml/tree.ts';
import { bare, matchSpan } from '../code.ts';
import type { CodeSite, LintDocument, LintRule, PolicySite, Report } from '../model.ts';
import { literalAttribute } from './nulls.ts';

const LOCAL =
  /^https?:\/\/(?:localhost|127\.|\[::1\]|[\w-]+(?::|\/|$)|[\w.-]+\.(?:local|internal|svc|cluster\.local|test)\b|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|host\.docker)/i;

interface Target {
  readonly text: string;
  readonly kind: 'literal' | 'single' | 'multi';
  readonly file: LintDocument['file'];
  readonly span: { readonly start: number; readonly end: number };
}

/** Where calls go: `set-url`, `base-url`, documents of identity providers. */
function targetsOf(document: LintDocument): Target[] {
  return document.policies.flatMap((policy) => [
    ...policy.element.attributes
      .filter(({ name }) => name === 'base-url')
      .map(({ value }) => target(policy, value.text.text, value.kind, value.span)),
    ...childElements(policy.element).flatMap((child) => {
      if (child.name === 'openid-config') {
        return child.attributes
          .filter(({ name }) => name === 'url')
          .map(({ value }) => target(policy, value.text.text, value.kind, value.span));
      }
      if (child.name !== 'set-url') return [];
      return child.children.flatMap((node) =>
        node.kind === 'text' ? [target(policy, node.value.text.text, node.value.kind, node.value.span)] : [],
      );
    }),
  ]);
}

function target(policy: PolicySite, text: string, kind: Target['kind'], span: Target['span']): Target {
  return { text: text.trim(), kind, file: policy.document.file, span };
}

function plainHttp(document: LintDocument, report: Report): void {
  for (const { text, kind, file, span } of targetsOf(document)) {
    const url = kind === 'literal' ? text : /"(http:\/\/[^"{]+)"/.exec(text)?.[1];
    if (url === undefined || !url.startsWith('http://') || LOCAL.test(url)) continue;
    report({ file, span, message: `\`${url}\` is called without TLS`, help: 'write `https://`' });
  }
}

const CALLERS_TEXT = /^context\.Request\.(?:Headers|Url\.Query|OriginalUrl\.Query|MatchedParameters|Body)/;

/** The start of the URL decides the host; a parameter further back does not. */
function urlOfCaller(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    const goesThere = site.attribute === 'base-url' || (site.element.name === 'set-url' && site.attribute === undefined);
    if (!goesThere || !startsWithCaller(site)) continue;
    const { name } = site.policy.name === 'set-url' && site.policy.parent ? site.policy.parent : site.policy;
    const message = `the caller decides where \`${name}\` goes`;
    report({ file: document.file, span: site.value.span, message, help: 'choose among hosts that you name, for example with `choose`' });
  }
}

function startsWithCaller({ tree }: CodeSite): boolean {
  const first = tree.root.kind === 'block' ? undefined : leftmost(tree.root);
  return first !== undefined && CALLERS_TEXT.test(tree.text.slice(first.span.start, first.span.end));
}

/** What a text made by `+`, calls and members begins with; undefined where a condition decides. */
function leftmost(expression: Expression): Expression | undefined {
  const inner = bare(expression);
  if (inner.kind === 'binary') return inner.operator === '+' ? leftmost(inner.left) : undefined;
  if (inner.kind === 'interpolatedString') {
    const [part] = inner.parts;
    return part?.kind === 'hole' ? leftmost(part.expression) : undefined;
  }
  return inner.kind === 'invocation' || inner.kind === 'elementAccess' || inner.kind === 'memberAccess' ? inner : undefined;
}

function openRedirect(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'set-header' || literalAttribute(policy, 'name')?.toLowerCase() !== 'location') continue;
    for (const site of policy.code) {
      if (!startsWithCaller(site)) continue;
      report({
        file: document.file,
        span: site.value.span,
        message: 'the caller decides where the browser is sent',
        help: 'compare it with addresses that you name',
      });
    }
  }
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function headerName(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'set-header') continue;
    const attribute = policy.element.attributes.find(({ name }) => name === 'name');
    if (attribute?.value.kind !== 'literal') continue;
    const text = attribute.value.text.text;
    if (text.includes('{{') || HEADER_NAME.test(text)) continue;
    const fixed = text.trim().replace(/:$/, '');
    const fix = HEADER_NAME.test(fixed) ? { fix: [{ span: attribute.value.span, text: fixed }] } : {};
    report({
      file: document.file,
      span: attribute.value.span,
      message: `\`${text}\` is no name of a header`,
      help: `write letters, digits and \`-\`${HEADER_NAME.test(fixed) ? `: \`${fixed}\`` : ''}`,
      ...fix,
    });
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT']);

/** Methods are compared by case (RFC 9110, section 9.1). */
function methodCase(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    const holders =
      policy.name === 'set-method' ? [policy.element] : childElements(policy.element).filter(({ name }) => name === 'set-method');
    for (const holder of holders) {
      const [node] = holder.children;
      if (node?.kind !== 'text' || node.value.kind !== 'literal') continue;
      const text = node.value.text.text.trim();
      const upper = text.toUpperCase();
      if (text === upper || !METHODS.has(upper)) continue;
      report({
        file: document.file,
        span: node.value.span,
        message: `\`${text}\` is not the method \`${upper}\`: methods are compared by case`,
        help: `write \`${upper}\``,
        fix: [{ span: node.value.span, text: upper }],
      });
    }
  }
}

/** A literal answer in JSON without its media type. */
function bodyWithoutType(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'return-response') continue;
    const body = policy.children.find(({ name }) => name === 'set-body');
    const headers = policy.children
      .filter(({ name }) => name === 'set-header')
      .map((header) => literalAttribute(header, 'name')?.toLowerCase());
    if (body === undefined || headers.includes('content-type') || headers.includes(undefined)) continue;
    const [node] = body.element.children;
    const text = node?.kind === 'text' || node?.kind === 'cdata' ? node.value.text.text.trim() : '';
    if (!/^[{[]\s*["{\]}]/.test(text) && !/new JObject|JsonConvert\.SerializeObject/.test(text)) continue;
    report({
      file: document.file,
      span: body.element.nameSpan,
      message: 'this answer is JSON and does not say so',
      help: 'add `<set-header name="Content-Type" exists-action="override"><value>application/json</value></set-header>`',
    });
  }
}

function noTimeout(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'send-request' || policy.element.attributes.some(({ name }) => name === 'timeout')) continue;
    report({
      file: document.file,
      span: policy.element.nameSpan,
      message: 'a slow answer holds the caller up for 60 seconds',
      help: 'add a `timeout` in seconds',
    });
  }
}

function regexOfCaller(document: LintDocument, report: Report): void {
  const pattern =
    /(?:new Regex\(|Regex\.(?:IsMatch|Match|Matches|Replace|Split)\([^,()]*(?:\([^()]*\)[^,()]*)*,\s*)\s*\(?(?:\(string\))?context\.Request\./;
  for (const site of document.code) {
    const found = pattern.exec(site.tree.text);
    if (found === null) continue;
    report({
      file: document.file,
      span: matchSpan(site, found),
      message: 'the caller writes this regular expression',
      help: 'put the text through `Regex.Escape`',
    });
  }
}

export const transportRules: readonly LintRule[] = [
  {
    code: 'PTL801',
    name: 'plain-http',
    severity: 'warning',
    summary: 'A call leaves the gateway without TLS.',
    reason: 'Tokens and data can be read and changed on the way. Hosts of the same machine or network are not reported.',
    bad: '<set-backend-service base-url="http://api.example.com/v1" />',
    good: '<set-backend-service base-url="https://api.example.com/v1" />',
    document: plainHttp,
  },
  {
    code: 'PTL802',
    name: 'url-of-caller',
    severity: 'warning',
    summary: 'The caller decides which host the gateway calls.',
    reason: 'The gateway reaches hosts that the caller does not, and brings its credentials along.',
    bad: '<inbound><base /><set-backend-service base-url="@(context.Request.Headers.GetValueOrDefault("X-Backend", ""))" /></inbound>',
    good: '<inbound><base /><set-backend-service base-url="@(context.Request.Headers.GetValueOrDefault("X-Region", "") == "eu" ? "https://eu.api.test" : "https://us.api.test")" /></inbound>',
    document: urlOfCaller,
  },
  {
    code: 'PTL803',
    name: 'open-redirect',
    severity: 'warning',
    summary: 'The caller decides where a redirect leads.',
    reason: 'A link to your API then leads anywhere, with your name on it.',
    bad: '<return-response><set-status code="302" reason="Found" /><set-header name="Location"><value>@(context.Request.Url.Query.GetValueOrDefault("next", "/"))</value></set-header></return-response>',
    good: '<return-response><set-status code="302" reason="Found" /><set-header name="Location"><value>@("https://shop.test/" + Uri.EscapeDataString(context.Request.Url.Query.GetValueOrDefault("next", "")))</value></set-header></return-response>',
    document: openRedirect,
  },
  {
    code: 'PTL804',
    name: 'header-name',
    severity: 'warning',
    summary: 'A name is not one that a header may have.',
    reason: 'The call fails when the header is set (RFC 9110, section 5.1).',
    bad: '<set-header name="X-User Name"><value>1</value></set-header>',
    good: '<set-header name="X-User-Name"><value>1</value></set-header>',
    document: headerName,
  },
  {
    code: 'PTL805',
    name: 'method-case',
    severity: 'warning',
    summary: 'A method is written in lower case.',
    reason: '`get` is another method than `GET`, and few backends know it.',
    bad: '<set-method>post</set-method>',
    good: '<set-method>POST</set-method>',
    document: methodCase,
  },
  {
    code: 'PTL806',
    name: 'body-without-type',
    severity: 'info',
    summary: 'An answer in JSON has no Content-Type.',
    reason: 'Callers that go by the media type read it as text.',
    bad: '<return-response><set-status code="400" /><set-body>{ "error": "bad" }</set-body></return-response>',
    good: '<return-response><set-status code="400" /><set-header name="Content-Type"><value>application/json</value></set-header><set-body>{ "error": "bad" }</set-body></return-response>',
    document: bodyWithoutType,
  },
  {
    code: 'PTL807',
    name: 'no-timeout',
    severity: 'info',
    summary: 'A request of a policy has no timeout of its own.',
    reason: 'The default of 60 seconds is longer than most callers wait.',
    bad: '<send-request mode="new" response-variable-name="a"><set-url>https://auth.example.com/check</set-url></send-request>',
    good: '<send-request mode="new" response-variable-name="a" timeout="5"><set-url>https://auth.example.com/check</set-url></send-request>',
    document: noTimeout,
  },
  {
    code: 'PTL808',
    name: 'regex-of-caller',
    severity: 'warning',
    summary: 'The caller writes a regular expression that the gateway runs.',
    reason: 'A pattern can take for ever on purpose.',
    bad: '<set-variable name="a" value="@(Regex.IsMatch("orders", context.Request.Headers.GetValueOrDefault("X-Filter", "")))" />',
    good: '<set-variable name="a" value="@(Regex.IsMatch(context.Request.Headers.GetValueOrDefault("X-Filter", ""), "^[a-z]+$"))" />',
    document: regexOfCaller,
  },
];
