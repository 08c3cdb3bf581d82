/** Rules about what runs, what never runs, and what runs twice. */
import { childElements } from '../../xml/tree.ts';
import { pathOf } from '../code.ts';
import type { CodeSite, LintDocument, LintOperation, LintRule, PolicySite, Report } from '../model.ts';
import { withInner } from '../sites.ts';
import { literalAttribute } from './nulls.ts';

const nameOf = (policy: PolicySite) => ({ file: policy.document.file, span: policy.element.nameSpan });

/** Lists of policies that run one after another. */
function sequences(document: LintDocument): (readonly PolicySite[])[] {
  const tops = document.sections.map(({ policies }) => policies);
  const inner = document.policies.flatMap(({ name, children }) =>
    name === 'wait' ? [] : [...groupBy(children, ({ container }) => container).values()],
  );
  return [...tops, ...inner];
}

function groupBy<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

const ENDS: ReadonlySet<string> = new Set(['return-response', 'mock-response']);

function unreachable(document: LintDocument, report: Report): void {
  for (const policies of sequences(document)) {
    const end = policies.findIndex(({ name }) => ENDS.has(name));
    const next = end < 0 ? undefined : policies[end + 1];
    if (next !== undefined)
      report({
        ...nameOf(next),
        message: `\`${next.name}\` never runs: \`${policies[end]?.name}\` before it ends the call`,
        help: 'remove it, or move it before',
      });
  }
}

/** A file that stands alone shows by its other sections that it inherits; global documents have nothing to inherit. */
function missingBase(document: LintDocument, report: Report): void {
  if (document.scope === 'global') return;
  const sections = document.sections.filter(({ name }) => name !== undefined);
  const inherits = document.scope !== undefined || sections.some(hasBase);
  if (!inherits) return;
  for (const section of sections) {
    if (hasBase(section) || section.element === undefined || section.policies.length === 0) continue;
    if (
      section.policies.some(({ name }) => ENDS.has(name)) ||
      section.policies
        .flatMap(withInner)
        .some(({ name }) => name === 'forward-request' || (section.name === 'backend' && name === 'include-fragment'))
    )
      continue;
    report({
      file: document.file,
      span: section.element.nameSpan,
      message: `\`${section.name}\` has no \`<base />\`, so policies of wider scopes do not run`,
      help: 'add `<base />` where they shall run',
    });
  }
}

function hasBase({ policies }: LintDocument['sections'][number]): boolean {
  return policies.flatMap(withInner).some(({ name }) => name === 'base');
}

function constantCondition(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    if (site.attribute !== 'condition') continue;
    const { root } = site.tree;
    if (root.kind !== 'literal' || root.type !== 'bool') continue;
    report({
      file: document.file,
      span: site.value.span,
      message: `this condition is always ${String(root.value)}`,
      help: 'remove the branch, or write the condition',
    });
  }
}

function sameCondition(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'choose') continue;
    const seen = new Set<string>();
    for (const site of policy.code) {
      const text = site.tree.text.replace(/\s+/g, '');
      if (site.attribute === 'condition' && seen.has(text)) {
        report({
          file: document.file,
          span: site.value.span,
          message: 'this branch never runs: an earlier one has the same condition',
          help: 'correct the condition, or remove the branch',
        });
      }
      seen.add(text);
    }
  }
}

function emptyBranch(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'choose') continue;
    const branches = childElements(policy.element);
    for (const [i, node] of branches.entries()) {
      if (node.children.some(({ kind }) => kind === 'element' || kind === 'comment')) continue;
      // `when` that all is well, do nothing, else refuse: the branches behind it are what it is for.
      if (branches.slice(i + 1).some((behind) => childElements(behind).length > 0)) continue;
      report({
        file: document.file,
        span: node.nameSpan,
        message: `\`${node.name}\` holds no policy`,
        help: node.name === 'otherwise' ? 'remove it' : 'negate the condition of the branch that does something',
      });
    }
  }
}

function noForward(document: LintDocument, report: Report): void {
  for (const { name, element, policies } of document.sections) {
    if (name !== 'backend' || element === undefined || document.scope !== undefined) continue;
    const all = policies.flatMap(withInner);
    if (all.some(({ name: inner }) => FORWARDS.has(inner))) continue;
    if (policies.length === 0 && document.sections.some(answersItself)) continue;
    report({
      file: document.file,
      span: element.nameSpan,
      message: 'nothing in `backend` calls the backend',
      help: 'write `<base />` or `<forward-request />`',
    });
  }
}

/** The call ends before the backend, or outbound makes the answer: an empty section says that there is none to call. */
function answersItself({ name, policies }: LintDocument['sections'][number]): boolean {
  return policies.some((policy) => ENDS.has(policy.name) || (name === 'outbound' && policy.name === 'set-body'));
}

const FORWARDS: ReadonlySet<string> = new Set([
  'base',
  'forward-request',
  'include-fragment',
  'return-response',
  'mock-response',
  'http-data-source',
  'proxy',
]);

function secondForward(document: LintDocument, report: Report): void {
  for (const policies of sequences(document)) {
    const calls = policies.filter(({ name, section }) => section === 'backend' && (name === 'forward-request' || name === 'base'));
    const second = calls[1];
    if (second === undefined || !calls.some(({ name }) => name === 'forward-request')) continue;
    report({ ...nameOf(second), message: 'the backend is called a second time', help: 'keep either `<base />` or `<forward-request />`' });
  }
}

function crowdedBackend(document: LintDocument, report: Report): void {
  for (const { name, policies } of document.sections) {
    const second = policies[1];
    if (name !== 'backend' || second === undefined) continue;
    report({
      ...nameOf(second),
      message: '`backend` holds more than one policy',
      help: 'put them into one `choose`, `retry` or `limit-concurrency`, or move what may run there to `inbound`',
    });
  }
}

function forwardTwice({ sections }: LintOperation, report: Report): void {
  const direct = sections.backend.filter(({ name }) => name === 'forward-request');
  const second = direct[1];
  if (second !== undefined)
    report({
      ...nameOf(second),
      message: 'the backend is called a second time: a wider scope forwards, too',
      help: 'remove it, or leave out `<base />`',
    });
}

function unbufferedRetry(document: LintDocument, report: Report): void {
  for (const retry of document.policies) {
    if (retry.name !== 'retry') continue;
    const forward = retry.children.flatMap(withInner).find(({ name }) => name === 'forward-request');
    if (forward === undefined || literalAttribute(forward, 'buffer-request-body') === 'true') continue;
    if (forward.element.attributes.some(({ name, value }) => name === 'buffer-request-body' && value.kind !== 'literal')) continue;
    report({
      ...nameOf(forward),
      message: 'a retried request has no body any more: the first attempt has consumed it',
      help: 'write `buffer-request-body="true"`',
    });
  }
}

/** `retry` tests its condition after its policies: one that looks at the response needs something inside that makes one. */
function retryWithoutCall(document: LintDocument, report: Report): void {
  for (const retry of document.policies) {
    if (retry.name !== 'retry' || retry.section === undefined) continue;
    const inner = retry.children.flatMap(withInner);
    const looks = retry.code.some(({ attribute, tree }) => attribute === 'condition' && tree.text.includes('context.Response'));
    if (!looks || inner.length === 0 || inner.some(({ name }) => FORWARDS.has(name) || name === 'send-request')) continue;
    report({
      ...nameOf(retry),
      message: 'no policy inside this `retry` changes the response that its condition looks at',
      help: 'put `forward-request` inside',
    });
  }
}

function lonelyWait(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'wait' || policy.children.length > 1) continue;
    report({ ...nameOf(policy), message: '`wait` has fewer than two policies to run side by side', help: 'remove `wait` around them' });
  }
}

function deepNesting(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    let depth = 0;
    for (let at: PolicySite | undefined = policy; at !== undefined; at = at.parent) if (at.name === 'choose') depth += 1;
    if (policy.name === 'choose' && depth === 4) {
      report({
        ...nameOf(policy),
        message: 'this is the fourth `choose` inside of another',
        help: 'move a part into a fragment, or join the conditions',
      });
    }
  }
}

const LONGEST_CODE = 60;

function longCode(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    const lines = linesOfCode(site.tree.text);
    if (lines <= LONGEST_CODE) continue;
    report({
      file: document.file,
      span: { start: site.value.span.start, end: site.value.span.start + 2 },
      message: `this expression has ${lines} lines of code`,
      help: 'share its parts through variables, or move the work into the backend',
    });
  }
}

/** Texts over several lines count as one, comments and blank lines not at all. */
function linesOfCode(text: string): number {
  const pattern = /(\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  const code = text.replace(pattern, (_, literal: string | undefined) => (literal === undefined ? '' : '""'));
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

function repeatedCode(document: LintDocument, report: Report): void {
  const byText = groupBy(document.code.filter(isCostly), ({ tree }) => tree.text.replace(/\s+/g, ''));
  for (const sites of byText.values()) {
    const third = sites[2];
    if (third === undefined) continue;
    report({
      file: document.file,
      span: third.value.span,
      message: `the same expression stands here ${sites.length} times`,
      help: 'compute it once with `set-variable`',
    });
  }
}

/** Long enough to be worth a variable, and not a mere read of one. */
function isCostly({ tree }: CodeSite): boolean {
  return tree.text.length > 80 && tree.root.kind !== 'block' && pathOf(tree.root) === undefined;
}

function duplicateHeader(document: LintDocument, report: Report): void {
  for (const policies of sequences(document)) {
    policies.forEach((policy, i) => {
      const next = policies[i + 1];
      if (policy.name !== 'set-header' || next?.name !== 'set-header') return;
      const name = literalAttribute(policy, 'name')?.toLowerCase();
      const action = literalAttribute(next, 'exists-action') ?? 'override';
      if (name === undefined || literalAttribute(next, 'name')?.toLowerCase() !== name || (action !== 'override' && action !== 'delete'))
        return;
      if (next.code.some(({ tree }) => tree.text.toLowerCase().includes(name))) return;
      report({
        ...nameOf(policy),
        message: `the header \`${literalAttribute(policy, 'name')}\` is set again at once`,
        help: 'remove one of both',
      });
    });
  }
}

export const flowRules: readonly LintRule[] = [
  {
    code: 'PTL401',
    name: 'unreachable-policy',
    severity: 'warning',
    summary: 'A policy stands behind one that ends the call.',
    reason: '`return-response` and `mock-response` end the call; nothing behind them runs.',
    bad: '<inbound><base /><return-response><set-status code="200" /></return-response><set-header name="X-A"><value>1</value></set-header></inbound>',
    good: '<inbound><base /><set-header name="X-A"><value>1</value></set-header><return-response><set-status code="200" /></return-response></inbound>',
    document: unreachable,
  },
  {
    code: 'PTL402',
    name: 'missing-base',
    severity: 'warning',
    summary: 'A section has no `<base />`.',
    reason:
      'Policies of wider scopes, token checks and limits among them, do not run for a section that leaves it out. A file that stands alone is reported when another of its sections has one.',
    bad: '<policies><inbound><set-header name="X-A"><value>1</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
    good: '<policies><inbound><base /><set-header name="X-A"><value>1</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
    document: missingBase,
  },
  {
    code: 'PTL403',
    name: 'constant-condition',
    severity: 'warning',
    summary: 'A condition is always true or always false.',
    reason: 'A switch left over from a test turns a check off for everybody.',
    bad: '<choose><when condition="@(true)"><set-method>POST</set-method></when></choose>',
    good: '<choose><when condition="@(context.Request.Method == "PUT")"><set-method>POST</set-method></when></choose>',
    document: constantCondition,
  },
  {
    code: 'PTL404',
    name: 'same-condition',
    severity: 'warning',
    summary: 'Two branches of a choose have the same condition.',
    reason: 'The first whose condition holds runs; the second never does.',
    bad: '<choose><when condition="@(context.Request.Method == "PUT")"><set-method>POST</set-method></when><when condition="@(context.Request.Method == "PUT")"><set-method>GET</set-method></when></choose>',
    good: '<choose><when condition="@(context.Request.Method == "PUT")"><set-method>POST</set-method></when><when condition="@(context.Request.Method == "GET")"><set-method>GET</set-method></when></choose>',
    document: sameCondition,
  },
  {
    code: 'PTL405',
    name: 'empty-branch',
    severity: 'info',
    summary: 'A branch of a choose does nothing.',
    reason: 'It hides which case was meant to do something.',
    bad: '<choose><when condition="@(context.Request.Method == "PUT")"><set-method>POST</set-method></when><otherwise></otherwise></choose>',
    good: '<choose><when condition="@(context.Request.Method == "PUT")"><set-method>POST</set-method></when></choose>',
    document: emptyBranch,
  },
  {
    code: 'PTL406',
    name: 'no-forward',
    severity: 'warning',
    summary: 'Nothing in the backend section calls the backend.',
    reason: 'Without `<base />` or `forward-request` the caller gets an empty 200.',
    bad: '<policies><inbound><base /></inbound><backend></backend><outbound><base /></outbound></policies>',
    good: '<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound></policies>',
    document: noForward,
  },
  {
    code: 'PTL407',
    name: 'second-forward',
    severity: 'warning',
    summary: 'The backend section calls the backend twice.',
    reason: '`<base />` brings the `forward-request` of the wider scope, so another one repeats the call, side effects included.',
    bad: '<backend><base /><forward-request timeout="10" /></backend>',
    good: '<backend><forward-request timeout="10" /></backend>',
    document: secondForward,
    operation: forwardTwice,
  },
  {
    code: 'PTL408',
    name: 'unbuffered-retry',
    severity: 'warning',
    summary: 'A forward inside retry does not buffer the request.',
    reason: 'The first attempt consumes the body; a further one has none to send unless `buffer-request-body="true"`.',
    bad: '<backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><forward-request /></retry></backend>',
    good: '<backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><forward-request buffer-request-body="true" /></retry></backend>',
    document: unbufferedRetry,
  },
  {
    code: 'PTL409',
    name: 'retry-without-call',
    severity: 'warning',
    summary: 'A retry looks at the response, and nothing inside changes it.',
    reason: 'Its condition stays as it is, so all attempts are used up without a further call.',
    bad: '<outbound><base /><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><set-variable name="a" value="1" /></retry></outbound>',
    good: '<backend><retry condition="@(context.Response.StatusCode == 503)" count="2" interval="1"><forward-request buffer-request-body="true" /></retry></backend>',
    document: retryWithoutCall,
  },
  {
    code: 'PTL410',
    name: 'lonely-wait',
    severity: 'info',
    summary: 'A wait has nothing to run side by side.',
    reason: '`wait` runs its policies in parallel; one alone gains nothing.',
    bad: '<wait for="all"><send-request mode="new" response-variable-name="a"><set-url>https://a.internal/</set-url></send-request></wait>',
    good: '<send-request mode="new" response-variable-name="a"><set-url>https://a.internal/</set-url></send-request>',
    document: lonelyWait,
  },
  {
    code: 'PTL411',
    name: 'deep-nesting',
    severity: 'info',
    summary: 'Four chooses stand inside each other.',
    reason: 'Nobody can tell any more which calls get there.',
    bad: `${'<choose><when condition="@(context.Request.Method == "PUT")">'.repeat(4)}<set-method>POST</set-method>${'</when></choose>'.repeat(4)}`,
    good: `${'<choose><when condition="@(context.Request.Method == "PUT")">'.repeat(3)}<set-method>POST</set-method>${'</when></choose>'.repeat(3)}`,
    document: deepNesting,
  },
  {
    code: 'PTL412',
    name: 'long-code',
    severity: 'info',
    summary: 'An expression has more than 60 lines of code.',
    reason: 'Code of that size needs tests and tools that a policy cannot give it.',
    bad: `<set-variable name="a" value="@{\n    var sum = 0;\n${'    sum += 1;\n'.repeat(60)}    return sum;\n}" />`,
    good: '<set-variable name="a" value="@{\n    return 1;\n}" />',
    document: longCode,
  },
  {
    code: 'PTL413',
    name: 'repeated-code',
    severity: 'info',
    summary: 'The same long expression stands in a document three times or more.',
    reason: 'One place to change is better than three, and it runs once per call.',
    bad: '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For", "").Split(new[] { \',\' })[0].Trim())" />'
      .repeat(3)
      .replace('"a"', '"b"'),
    good: '<set-variable name="a" value="@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For", "").Split(new[] { \',\' })[0].Trim())" />',
    document: repeatedCode,
  },
  {
    code: 'PTL414',
    name: 'duplicate-header',
    severity: 'warning',
    summary: 'A header is set twice in a row.',
    reason: 'The first value is lost.',
    bad: '<set-header name="X-A"><value>1</value></set-header><set-header name="x-a"><value>2</value></set-header>',
    good: '<set-header name="X-A"><value>1</value></set-header><set-header name="X-B"><value>2</value></set-header>',
    document: duplicateHeader,
  },
  {
    code: 'PTL415',
    name: 'crowded-backend',
    severity: 'warning',
    summary: 'The backend section holds more than one policy.',
    reason: 'API Management asks for exactly one element there: the rest goes into it, or into `inbound`.',
    bad: '<backend><set-variable name="a" value="1" /><forward-request /></backend>',
    good: '<backend><limit-concurrency key="a" max-count="9"><set-variable name="a" value="1" /><forward-request /></limit-concurrency></backend>',
    document: crowdedBackend,
  },
];
