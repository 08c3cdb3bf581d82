/** Rules about limits and caches: who is counted, and what is shared between callers. */
import type { LintDocument, LintOperation, LintRule, PolicySite, Report } from '../model.ts';
import { literalAttribute } from './nulls.ts';

const KEYED: ReadonlySet<string> = new Set(['rate-limit-by-key', 'quota-by-key', 'llm-token-limit', 'azure-openai-token-limit']);

function keyOf(policy: PolicySite) {
  return policy.element.attributes.find(({ name }) => name === 'counter-key')?.value;
}

function equalKeys(policies: readonly PolicySite[], report: Report): void {
  const seen = new Map<string, PolicySite>();
  for (const policy of policies) {
    const key = KEYED.has(policy.name) ? keyOf(policy) : undefined;
    if (key === undefined) continue;
    const id = `${policy.name} ${key.kind} ${key.text.text.replace(/\s+/g, '')}`;
    const first = seen.get(id);
    if (first !== undefined && first !== policy && !exclusive(first, policy)) {
      const { line } = first.document.file.positionAt(first.element.span.start);
      report({
        file: policy.document.file,
        span: key.span,
        message: `this counter is the one of line ${line} of ${first.document.file.name}: each call counts twice`,
        help: 'add a text of its own to one of the keys',
      });
    }
    if (first === undefined) seen.set(id, policy);
  }
}

/** They stand in two branches of one choose, however deep in them. */
function exclusive(one: PolicySite, other: PolicySite): boolean {
  const branches = branchesOf(other);
  return branchesOf(one).some(([choose, branch]) => branches.some(([same, another]) => same === choose && another !== branch));
}

function branchesOf(site: PolicySite): [PolicySite, PolicySite['container']][] {
  const found: [PolicySite, PolicySite['container']][] = [];
  for (let at: PolicySite | undefined = site; at?.parent !== undefined; at = at.parent)
    if (at.parent.name === 'choose') found.push([at.parent, at.container]);
  return found;
}

/** The key says itself that it counts all callers, or what it protects. */
const SAYS_SHARED = /global|total|shared|overall|\ball\b|backend|service|svc|gateway|apim/i;

function sharedByAll(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    const key = KEYED.has(policy.name) ? keyOf(policy) : undefined;
    if (key?.kind !== 'literal' || key.text.text.includes('{{') || SAYS_SHARED.test(key.text.text)) continue;
    report({
      file: document.file,
      span: key.span,
      message: 'all callers share this counter: its key is the same for each',
      help: 'write an expression, for example `@(context.Subscription.Id)`',
    });
  }
}

const CALLER_CHOOSES =
  /Headers(?:\.GetValueOrDefault\(|\[)\s*"(?:X-Forwarded-For|X-Real-IP|X-Client-IP|Forwarded|User-Agent|X-Client-Id)"/i;

function keyOfCallersChoice(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    const key = KEYED.has(policy.name) ? keyOf(policy) : undefined;
    const found = key === undefined || key.kind === 'literal' ? null : CALLER_CHOOSES.exec(key.text.text);
    if (key === undefined || found === null) continue;
    report({
      file: document.file,
      span: key.span,
      message: 'a caller escapes this limit by sending another header',
      help: 'count by `context.Request.IpAddress`, the subscription or a validated token',
    });
  }
}

function limitBeforeAuthentication({ policies }: LintOperation, report: Report): void {
  const check = policies.findIndex(({ name }) => name === 'validate-jwt' || name === 'validate-azure-ad-token');
  if (check < 0) return;
  for (const policy of policies.slice(0, check)) {
    const key = KEYED.has(policy.name) ? keyOf(policy) : undefined;
    if (key === undefined || !/\.AsJwt\(\)/.test(key.text.text)) continue;
    report({
      file: policy.document.file,
      span: key.span,
      message: 'this counts by a token that was not checked yet',
      help: 'put the limit behind the token check and read its output variable',
    });
  }
}

function sharedCache(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'cache-lookup' || literalAttribute(policy, 'allow-private-response-caching') !== 'true') continue;
    const varies = policy.element.children.some(
      (node) => node.kind === 'element' && /authorization/i.test(document.file.text.slice(node.span.start, node.span.end)),
    );
    if (varies || literalAttribute(policy, 'vary-by-developer') !== 'false') continue;
    report({
      file: document.file,
      span: policy.element.nameSpan,
      message: 'a private answer is stored for everybody',
      help: 'add `<vary-by-header>Authorization</vary-by-header>` or `vary-by-developer="true"`',
    });
  }
}

function lookupWithoutStore(document: LintDocument, report: Report): void {
  if (document.document.kind !== 'policies') return;
  const names = new Set(document.policies.map(({ name }) => name));
  const lookup = document.policies.find(({ name }) => name === 'cache-lookup');
  const outbound = document.sections.find(({ name }) => name === 'outbound');
  const open = outbound?.policies.some(({ name }) => name === 'include-fragment' || name === 'base');
  if (lookup === undefined || names.has('cache-store') || (open && document.scope !== undefined)) return;
  if (names.has('include-fragment')) return;
  report({
    file: document.file,
    span: lookup.element.nameSpan,
    message: '`cache-lookup` never finds anything: no `cache-store` fills the cache',
    help: 'add `<cache-store duration="…" />` to `outbound`',
  });
}

export const limitRules: readonly LintRule[] = [
  {
    code: 'PTL501',
    name: 'equal-counter-keys',
    severity: 'warning',
    summary: 'Two limits of a call share a counter.',
    reason: 'Limits with the same key count together, so each call counts twice and the smaller limit is reached at half.',
    bad: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="1" counter-key="@(context.Request.IpAddress)" /><rate-limit-by-key calls="100" renewal-period="60" counter-key="@(context.Request.IpAddress)" /></inbound>',
    good: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="1" counter-key="@(context.Request.IpAddress)" /><rate-limit-by-key calls="100" renewal-period="60" counter-key="@(context.Request.IpAddress + "/minute")" /></inbound>',
    document: ({ policies }, report) => equalKeys(policies, report),
    operation: ({ policies }, report) => equalKeys(policies, report),
  },
  {
    code: 'PTL502',
    name: 'constant-counter-key',
    severity: 'info',
    summary: 'A counter has the same key for every caller.',
    reason: 'One caller can use up the limit of all. A key that says so, such as `global` or `orders-backend`, is taken for meant.',
    bad: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="orders" /></inbound>',
    good: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" /></inbound>',
    document: sharedByAll,
  },
  {
    code: 'PTL503',
    name: 'evadable-limit',
    severity: 'warning',
    summary: 'A counter is keyed by a header that the caller is free to choose.',
    reason: 'Another value in the header is another counter, so there is no limit for who wants none.',
    bad: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For", ""))" /></inbound>',
    good: '<inbound><base /><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.IpAddress)" /></inbound>',
    document: keyOfCallersChoice,
  },
  {
    code: 'PTL504',
    name: 'limit-by-unchecked-token',
    severity: 'warning',
    summary: 'A counter is keyed by a token before it is checked.',
    reason: 'Anybody can make a token with another subject. Reported only for policy directories, where the order of all scopes is known.',
    bad: '<inbound><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt()?.Subject)" /><validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt></inbound>',
    good: '<inbound><validate-jwt header-name="Authorization" output-token-variable-name="jwt"><openid-config url="https://login.test/.well-known/openid-configuration" /><audiences><audience>a</audience></audiences></validate-jwt><rate-limit-by-key calls="10" renewal-period="60" counter-key="@(((Jwt)context.Variables["jwt"]).Subject)" /></inbound>',
    operation: limitBeforeAuthentication,
  },
  {
    code: 'PTL505',
    name: 'shared-private-cache',
    severity: 'warning',
    summary: 'Private answers are cached for all callers.',
    reason:
      'With `allow-private-response-caching="true"` an answer to a call with Authorization is stored; the next caller gets it unless the cache varies by who asks.',
    bad: '<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" allow-private-response-caching="true" /></inbound><backend><base /></backend><outbound><base /><cache-store duration="60" /></outbound></policies>',
    good: '<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" allow-private-response-caching="true"><vary-by-header>Authorization</vary-by-header></cache-lookup></inbound><backend><base /></backend><outbound><base /><cache-store duration="60" /></outbound></policies>',
    document: sharedCache,
  },
  {
    code: 'PTL506',
    name: 'lookup-without-store',
    severity: 'warning',
    summary: 'A cache is asked that nothing fills.',
    reason: '`cache-lookup` finds only what `cache-store` put there.',
    bad: '<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><backend><base /></backend><outbound></outbound></policies>',
    good: '<policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" /></inbound><backend><base /></backend><outbound><base /><cache-store duration="60" /></outbound></policies>',
    document: lookupWithoutStore,
  },
];
