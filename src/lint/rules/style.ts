/** Rules about what could be written more plainly, and what has a successor. */
import { attributeNamed } from '../../xml/tree.ts';
import type { LintDocument, LintRule, Report } from '../model.ts';

/** What the reference has retired, or whose clients are gone, with what to write today. */
const SUCCESSORS: Readonly<Record<string, { readonly why: string; readonly help: string }>> = {
  'set-graphql-resolver': { why: 'is retired', help: 'make resolvers of the API: `resolvers/<name>/policy.xml`' },
  'cross-domain': { why: 'serves Flash and Silverlight, which no browser runs any more', help: 'remove it; for browsers write `cors`' },
  jsonp: { why: 'is for browsers without CORS, and lets other sites read what the caller may', help: 'write `cors`' },
};

function deprecated(document: LintDocument, report: Report): void {
  for (const { name, element } of document.policies) {
    const known = SUCCESSORS[name];
    if (known) report({ file: document.file, span: element.nameSpan, message: `\`${name}\` ${known.why}`, help: known.help });
  }
}

function entraByHand(document: LintDocument, report: Report): void {
  for (const { name, element } of document.policies) {
    const config =
      name === 'validate-jwt' ? element.children.find((node) => node.kind === 'element' && node.name === 'openid-config') : undefined;
    const url = config?.kind === 'element' ? attributeNamed(config, 'url') : undefined;
    if (url === undefined || !/^https:\/\/login\.microsoftonline\.com\/(?!common|organizations|consumers)/.test(url.value.text.text))
      continue;
    report({
      file: document.file,
      span: element.nameSpan,
      message: 'a token of Entra ID is checked by the general policy',
      help: '`validate-azure-ad-token` needs only tenant, client applications and audiences',
    });
  }
}

/** A text that means the same with and without the expression around it. */
const PLAIN = /^[^"\\{}<>&@\r\n\t]*$/;

function needlessExpression(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    const { root } = site.tree;
    if (root.kind !== 'literal' || root.type !== 'string' || typeof root.value !== 'string') continue;
    if (
      !PLAIN.test(root.value) ||
      root.value.trim() !== root.value ||
      root.value === '' ||
      document.file.text.slice(site.value.span.start, site.value.span.end).includes("'")
    )
      continue;
    report({
      file: document.file,
      span: site.value.span,
      message: 'an expression around a plain text',
      help: `write \`${root.value}\``,
      fix: [{ span: site.value.span, text: root.value }],
    });
  }
}

const COMMENTED_POLICY =
  /^<!--\s*<(?:set-|validate-|choose|return-|send-|rate-|quota|cache-|cors|rewrite-|forward-|authentication-|trace|retry|mock-)[\s\S]*>\s*-->$/;

function commentedOut(document: LintDocument, report: Report): void {
  const visit = (nodes: LintDocument['document']['nodes']): void => {
    for (const node of nodes) {
      if (node.kind === 'element') visit(node.children);
      if (node.kind !== 'comment' || !COMMENTED_POLICY.test(document.file.text.slice(node.span.start, node.span.end))) continue;
      report({
        file: document.file,
        span: { start: node.span.start, end: node.span.start + 4 },
        message: 'a policy stands in a comment',
        help: 'remove it: Git remembers it',
      });
    }
  };
  visit(document.document.nodes);
}

export const styleRules: readonly LintRule[] = [
  {
    code: 'PTL901',
    name: 'deprecated-policy',
    severity: 'info',
    summary: 'A policy is retired, or its clients are gone.',
    reason: '`set-graphql-resolver` was a preview of resolvers; `cross-domain` and `jsonp` come from before CORS.',
    bad: '<inbound><base /><cross-domain><cross-domain-policy><allow-http-request-headers-from domain="*" headers="*" /></cross-domain-policy></cross-domain></inbound>',
    good: '<inbound><base /><cors><allowed-origins><origin>https://app.test</origin></allowed-origins><allowed-methods><method>GET</method></allowed-methods></cors></inbound>',
    document: deprecated,
  },
  {
    code: 'PTL902',
    name: 'entra-by-hand',
    severity: 'info',
    summary: 'A token of Entra ID is checked with `validate-jwt`.',
    reason: '`validate-azure-ad-token` is made for it: shorter, and hard to get wrong.',
    bad: '<validate-jwt header-name="Authorization"><openid-config url="https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt>',
    good: '<validate-azure-ad-token tenant-id="72f988bf-86f1-41af-91ab-2d7cd011db47"><client-application-ids><application-id>a</application-id></client-application-ids></validate-azure-ad-token>',
    document: entraByHand,
  },
  {
    code: 'PTL903',
    name: 'needless-expression',
    severity: 'info',
    summary: 'An expression holds nothing but a text.',
    reason: 'The text alone means the same and costs nothing.',
    bad: '<set-header name="X-A"><value>@("orders")</value></set-header>',
    good: '<set-header name="X-A"><value>orders</value></set-header>',
    document: needlessExpression,
  },
  {
    code: 'PTL904',
    name: 'commented-policy',
    severity: 'info',
    summary: 'A policy stands in a comment.',
    reason: 'Readers wonder whether it is meant to run. Git remembers what was there.',
    bad: '<inbound><base /><!-- <set-header name="X-A"><value>1</value></set-header> --></inbound>',
    good: '<inbound><base /><!-- the number of orders --><set-header name="X-A"><value>1</value></set-header></inbound>',
    document: commentedOut,
  },
];
