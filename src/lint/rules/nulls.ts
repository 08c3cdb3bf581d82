/** Rules about what may be null: answers of send-request, tokens, errors, absent headers. */
import type { Expression } from '../../csharp/syntax/ast.ts';
import type { Placed } from '../../csharp/syntax/walk.ts';
import { bare, callOf, isExpressionNode, pathOf, placeOf, sourceOf, textOf, variableReads } from '../code.ts';
import type { CodeSite, LintDocument, LintOperation, LintRule, PolicySite, Report } from '../model.ts';
import { around } from '../sites.ts';

const place = (site: CodeSite, node: Placed) => ({ file: site.policy.document.file, span: placeOf(site, node) });

/** `x.Member`, `x[…]` or `x()` directly on a node, parentheses and casts between. */
function dereferenced(node: Placed, outer: readonly Placed[]): boolean {
  let inner = node;
  for (const parent of [...outer].reverse() as Expression[]) {
    if (parent.kind === 'parenthesized' || parent.kind === 'cast') {
      inner = parent;
      continue;
    }
    return (parent.kind === 'memberAccess' || parent.kind === 'elementAccess') && parent.target === inner;
  }
  return false;
}

function uncheckedResponse(document: LintDocument, report: Report): void {
  const ignoring = new Set<string>();
  for (const policy of document.policies) {
    if (policy.name !== 'send-request' || literalAttribute(policy, 'ignore-error')?.toLowerCase() !== 'true') continue;
    const name = literalAttribute(policy, 'response-variable-name');
    if (name !== undefined) ignoring.add(name);
  }
  if (ignoring.size === 0) return;
  for (const name of guardedNames(document)) ignoring.delete(name);
  for (const site of document.code) {
    for (const read of variableReads(site)) {
      if (!ignoring.has(read.name) || read.how === 'test' || !dereferenced(read.node, read.around)) continue;
      // The first read fails the call, so what comes behind it has an answer.
      ignoring.delete(read.name);
      report({
        ...place(site, read.node),
        message: `\`${read.name}\` is null when the request fails, since send-request has \`ignore-error="true"\``,
        help: `compare it with null first, or write \`?.\``,
      });
    }
  }
}

/** Variables that some expression compares with null, tests for, or reads with `?.`. */
function guardedNames(document: LintDocument): Set<string> {
  const names = new Set<string>();
  for (const site of document.code) {
    const hasNull = site.nodes.some(({ node }) => isExpressionNode(node) && node.kind === 'literal' && node.type === 'null');
    for (const read of variableReads(site)) {
      const conditional = read.around.some((outer) => (outer as Expression).kind === 'conditionalAccess');
      if (hasNull || conditional || read.how === 'test') names.add(read.name);
    }
  }
  return names;
}

export function literalAttribute(policy: PolicySite, name: string): string | undefined {
  const value = policy.element.attributes.find((attribute) => attribute.name === name)?.value;
  return value?.kind === 'literal' ? value.text.text.trim() : undefined;
}

const MAY_BE_NULL: Readonly<Record<string, string>> = { AsJwt: 'a token', AsBasic: 'Basic credentials' };

function uncheckedToken(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    for (const { node, around: outer } of site.nodes) {
      const call = callOf(node);
      const what = call === undefined ? undefined : MAY_BE_NULL[call.name];
      if (what === undefined || !dereferenced(node, outer) || comparedBefore(site, node)) continue;
      report({ ...place(site, node), message: `\`${call?.name}()\` is null when the text is not ${what}`, help: 'write `?.` behind it' });
    }
  }
}

/** `x.AsBasic() == null || x.AsBasic().UserId …`: the same call was compared with null before, in the same expression. */
function comparedBefore(site: CodeSite, call: Placed): boolean {
  const written = sourceOf(site, call).replace(/\s+/g, '');
  const before = site.tree.text.slice(0, call.span.start).replace(/\s+/g, '');
  return ['==null||', '!=null&&', '!=null?', '==null?', 'isnull||'].some((test) => before.includes(`${written}${test}`));
}

function lastErrorOutside(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    const { section } = site.policy;
    if (section === undefined || section === 'on-error') continue;
    if ([site.policy, ...around(site.policy)].some(({ name }) => name === 'retry' || name.startsWith('validate-'))) continue;
    for (const { node, around: outer } of site.nodes) {
      if (!isExpressionNode(node) || pathOf(node) !== 'context.LastError' || !dereferenced(node, outer)) continue;
      report({
        ...place(site, node),
        message: `\`context.LastError\` is null in \`${section}\` as long as nothing failed`,
        help: 'read it in `on-error`, or write `?.`',
      });
    }
  }
}

const INDEXERS: readonly string[] = [
  'context.Request.Headers',
  'context.Request.Url.Query',
  'context.Request.OriginalUrl.Query',
  'context.Response.Headers',
];

function indexerOfAbsent(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    if (testsForKeys(site)) continue;
    for (const { node } of site.nodes) {
      if (!isExpressionNode(node) || node.kind !== 'elementAccess') continue;
      const path = pathOf(node.target);
      const key = textOf(node.args[0]?.expression);
      if (path === undefined || key === undefined || !INDEXERS.includes(path) || testedAround(site, key)) continue;
      report({
        ...place(site, node),
        message: `\`${sourceOf(site, node)}\` fails when there is no \`${key}\``,
        help: `write \`${path}.GetValueOrDefault("${key}", "")\``,
      });
    }
  }
}

function testsForKeys({ tree }: CodeSite): boolean {
  return /\b(?:ContainsKey|TryGetValue|Any)\b/.test(tree.text);
}

/** A `when` around asks for the key, or check-header demands it. */
function testedAround(site: CodeSite, key: string): boolean {
  const { file, policies } = site.policy.document;
  const outer = [site.policy, ...around(site.policy)].map(({ container }) => container).filter((element) => element?.name === 'when');
  const asked = outer.some((element) => element?.attributes.some(({ span }) => file.text.slice(span.start, span.end).includes(key)));
  return (
    asked ||
    policies.some((policy) => policy.name === 'check-header' && literalAttribute(policy, 'name')?.toLowerCase() === key.toLowerCase())
  );
}

const OPTIONAL: readonly string[] = ['context.Subscription', 'context.User', 'context.Product'];

/** Without a key there is no subscription, and with it no product and no user. */
function absentSubscription({ api, policies }: LintOperation, report: Report): void {
  if (api.subscriptionRequired) return;
  for (const site of policies.flatMap(({ code }) => code)) {
    for (const { node, around: outer } of site.nodes) {
      if (!isExpressionNode(node) || node.kind !== 'memberAccess') continue;
      const path = pathOf(node);
      if (path === undefined || !OPTIONAL.includes(path) || !dereferenced(node, outer) || comparedWithNull(site, path)) continue;
      report({
        ...place(site, node),
        message: `\`${path}\` is null for a call without a key, and the API \`${api.info.id}\` asks for none`,
        help: `write \`${path}?.\``,
      });
    }
  }
}

function comparedWithNull(site: CodeSite, path: string): boolean {
  const shown = path.replaceAll('.', '\\.');
  return new RegExp(`${shown}\\s*(?:!=|==|is\\b|\\?\\.)`).test(site.tree.text);
}

function firstOfNone(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    for (const { node } of site.nodes) {
      const call = callOf(node);
      if (call?.target === undefined || (call.name !== 'First' && call.name !== 'Single') || fromKnown(bare(call.target))) continue;
      if (/\bAny\s*\(|\bCount\b|\bContainsKey\b/.test(site.tree.text)) continue;
      report({
        ...place(site, node),
        message: `\`${call.name}()\` fails when there is no element`,
        help: `write \`${call.name}OrDefault()\` and handle null`,
      });
    }
  }
}

/** An indexer's array has an element, or the indexer failed; `Split` always gives one. */
function fromKnown(target: Expression): boolean {
  return target.kind === 'elementAccess' || callOf(target)?.name === 'Split';
}

export const nullRules: readonly LintRule[] = [
  {
    code: 'PTL301',
    name: 'unchecked-response',
    severity: 'warning',
    summary: 'The answer of a request that may fail is read without a check for null.',
    reason: 'With `ignore-error="true"` the variable is null after a failure or a timeout, and reading it fails the call all the same.',
    bad: '<inbound><base /><send-request mode="new" response-variable-name="auth" timeout="5" ignore-error="true"><set-url>https://auth.internal/</set-url></send-request><set-variable name="ok" value="@(((IResponse)context.Variables["auth"]).StatusCode == 200)" /></inbound>',
    good: '<inbound><base /><send-request mode="new" response-variable-name="auth" timeout="5" ignore-error="true"><set-url>https://auth.internal/</set-url></send-request><set-variable name="ok" value="@(((IResponse)context.Variables["auth"])?.StatusCode == 200)" /></inbound>',
    document: uncheckedResponse,
  },
  {
    code: 'PTL302',
    name: 'unchecked-token',
    severity: 'warning',
    summary: 'The result of `AsJwt()` or `AsBasic()` is read without a check for null.',
    reason: 'Both give null for a text that is no token or no credentials; any caller can send one.',
    bad: '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt().Subject)" />',
    good: '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt()?.Subject)" />',
    document: uncheckedToken,
  },
  {
    code: 'PTL303',
    name: 'last-error-outside',
    severity: 'warning',
    summary: '`context.LastError` is read where it is null.',
    reason: 'It holds the failure that led to `on-error`; elsewhere there is none.',
    bad: '<outbound><base /><set-header name="X-Error"><value>@(context.LastError.Message)</value></set-header></outbound>',
    good: '<on-error><base /><set-header name="X-Error"><value>@(context.LastError.Message)</value></set-header></on-error>',
    document: lastErrorOutside,
  },
  {
    code: 'PTL304',
    name: 'absent-key',
    severity: 'info',
    summary: 'A header or query parameter is read by indexer, which fails when the caller leaves it out.',
    reason: 'The failure is a 500 for a mistake of the caller. `GetValueOrDefault` gives a default instead.',
    bad: '<set-variable name="a" value="@(context.Request.Headers["X-Tenant"][0])" />',
    good: '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("X-Tenant", ""))" />',
    document: indexerOfAbsent,
  },
  {
    code: 'PTL305',
    name: 'absent-subscription',
    severity: 'warning',
    summary: 'Subscription, product or user is read although the API asks for no key.',
    reason: 'They are null for a call without a key. Reported only for policy directories, where that is known.',
    bad: '<inbound><set-header name="X-A"><value>@(context.Subscription.Id)</value></set-header></inbound>',
    good: '<inbound><set-header name="X-A"><value>@(context.Subscription?.Id ?? "none")</value></set-header></inbound>',
    operation: absentSubscription,
  },
  {
    code: 'PTL306',
    name: 'first-of-none',
    severity: 'info',
    summary: '`First()` or `Single()` is called on what may be empty.',
    reason: 'Both fail when there is no element; a caller or a backend may send none.',
    bad: '<set-variable name="a" value="@(context.Request.Url.Query.Where(q => q.Key == "a").First().Value[0])" />',
    good: '<set-variable name="a" value="@(context.Request.Url.Query.Where(q => q.Key == "a").FirstOrDefault().Value?[0])" />',
    document: firstOfNone,
  },
];
