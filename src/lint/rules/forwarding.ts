/** Rules about calls to the backend: none, two, and what a repeated one needs. */
import type { LintDocument, LintOperation, LintRule, Report } from '../model.ts';
import { withInner } from '../sites.ts';
import { literalAttribute } from './nulls.ts';
import { ENDS, nameOf, sequences } from './sequences.ts';

const FORWARDS: ReadonlySet<string> = new Set([
  'base',
  'forward-request',
  'include-fragment',
  'return-response',
  'mock-response',
  'http-data-source',
  'proxy',
]);

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

/** `base` of the global document brings nothing (gateway-model, section 2), except where it is the policy of the only API. */
function noForwardAtAll({ api, documents, sections }: LintOperation, report: Report): void {
  const global = documents.find(({ scope }) => scope === 'global');
  if (api.isImplied || global === undefined || sections.backend.length > 0 || sections.inbound.some(({ name }) => ENDS.has(name))) return;
  const [base] = global.sections.find(({ name }) => name === 'backend')?.policies ?? [];
  if (base?.name === 'base')
    report({
      ...nameOf(base),
      message: '`<base />` brings nothing into the global document: nothing calls the backend',
      help: 'write `<forward-request />`',
    });
}

/** The call ends before the backend, or outbound makes the answer: an empty section says that there is none to call. */
function answersItself({ name, policies }: LintDocument['sections'][number]): boolean {
  return policies.some((policy) => ENDS.has(policy.name) || (name === 'outbound' && policy.name === 'set-body'));
}

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

export const forwardingRules: readonly LintRule[] = [
  {
    code: 'PTL406',
    name: 'no-forward',
    severity: 'warning',
    summary: 'Nothing in the backend section calls the backend.',
    reason:
      'Without `<base />` or `forward-request` the caller gets an empty 200. In the global document `<base />` brings nothing: it needs `forward-request`.',
    bad: '<policies><inbound><base /></inbound><backend></backend><outbound><base /></outbound></policies>',
    good: '<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound></policies>',
    document: noForward,
    operation: noForwardAtAll,
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
