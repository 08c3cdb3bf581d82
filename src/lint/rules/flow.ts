/** Rules about what runs and what never runs. */
import { childElements } from '../../xml/tree.ts';
import type { LintDocument, LintRule, Report } from '../model.ts';
import { withInner } from '../sites.ts';
import { ENDS, nameOf, sequences } from './sequences.ts';

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

function lonelyWait(document: LintDocument, report: Report): void {
  for (const policy of document.policies) {
    if (policy.name !== 'wait' || policy.children.length > 1) continue;
    report({ ...nameOf(policy), message: '`wait` has fewer than two policies to run side by side', help: 'remove `wait` around them' });
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
      'Policies of wider scopes, token checks and limits among them, do not run for a section that leaves it out. A file that stands alone is reported when another of its sections has one. A section that holds nothing at all is taken as meant.',
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
    code: 'PTL410',
    name: 'lonely-wait',
    severity: 'info',
    summary: 'A wait has nothing to run side by side.',
    reason: '`wait` runs its policies in parallel; one alone gains nothing.',
    bad: '<wait for="all"><send-request mode="new" response-variable-name="a"><set-url>https://a.internal/</set-url></send-request></wait>',
    good: '<send-request mode="new" response-variable-name="a"><set-url>https://a.internal/</set-url></send-request>',
    document: lonelyWait,
  },
];
