/** Rules about message bodies: a stream that can be read once (set-body-policy, "Using the set-body policy"). */
import type { Expression } from '../../csharp/syntax/ast.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { callOf, isExpressionNode, pathOf, placeOf } from '../code.ts';
import type { CodeSite, LintDocument, LintRule, PolicySite, Report } from '../model.ts';
import { around } from '../sites.ts';

interface BodyRead {
  readonly site: CodeSite;
  readonly node: Expression;
  readonly body: 'context.Request.Body' | 'context.Response.Body';
  readonly kept: boolean;
  /** It may not run: it stands in a branch of its expression. */
  readonly branched: boolean;
}

const BRANCHES: ReadonlySet<string> = new Set(['conditional', 'if', 'switch', 'try', 'lambda', 'binary']);
const BODIES: readonly string[] = ['context.Request.Body', 'context.Response.Body'];

function bodyReads(site: CodeSite): BodyRead[] {
  return site.nodes.flatMap(({ node, around: outer }) => {
    const call = callOf(node);
    const body = call?.target === undefined ? undefined : pathOf(call.target);
    if (call === undefined || call.name !== 'As' || body === undefined || !BODIES.includes(body)) return [];
    return [
      {
        site,
        node: call.node,
        body: body as BodyRead['body'],
        kept: keeps(node),
        branched: outer.some(({ kind }) => BRANCHES.has(kind ?? '')),
      },
    ];
  });
}

/** `preserveContent` is given as true, or as something that only the call knows. */
function keeps(node: { readonly kind?: string }): boolean {
  const call = node as Expression;
  if (call.kind !== 'invocation') return false;
  const [argument] = call.args;
  return argument !== undefined && !(argument.expression.kind === 'literal' && argument.expression.value === false);
}

/** Reads in the order in which they run, where one surely runs before the other: not in two branches of a choose. */
function consumedTwice(document: LintDocument, report: Report): void {
  for (const body of BODIES) {
    const consumed: BodyRead[] = [];
    for (const site of document.code) {
      for (const read of bodyReads(site)) {
        if (read.body !== body || insideNewMessage(site.policy)) continue;
        const before = consumed.find((earlier) => ranBefore(earlier, read));
        if (before !== undefined)
          report({ ...place(read), message: `\`${body}\` was consumed before and is read again`, help: keepHelp(before) });
        if (!read.kept) consumed.push(read);
      }
      if (replacesBody(site.policy, body)) consumed.length = 0;
    }
  }
}

const keepHelp = (read: BodyRead) =>
  `keep it at the first read, in line ${read.site.policy.document.file.positionAt(placeOf(read.site, read.node).start).line}: \`As<…>(preserveContent: true)\``;

const place = (read: BodyRead) => ({ file: read.site.policy.document.file, span: placeOf(read.site, read.node) });

/** Whenever the later read runs, the earlier one has run: it stands in no other branch. */
function ranBefore(earlier: BodyRead, later: BodyRead): boolean {
  if (earlier.site.policy.section !== later.site.policy.section) return false;
  if (earlier.site === later.site) return !earlier.branched && !later.branched;
  const branches = branchesAround(later.site.policy);
  return !earlier.branched && branchesAround(earlier.site.policy).every((branch) => branches.includes(branch));
}

function branchesAround(policy: PolicySite): (XmlElement | undefined)[] {
  return [policy, ...around(policy)]
    .map(({ container }) => container)
    .filter((element) => element?.name === 'when' || element?.name === 'otherwise');
}

/** `set-body` puts a new one in place. */
function replacesBody(policy: PolicySite, body: string): boolean {
  if (policy.name !== 'set-body' || insideNewMessage(policy)) return false;
  return (policy.section === 'outbound' ? 'context.Response.Body' : 'context.Request.Body') === body;
}

/** Inside send-request or return-response `set-body` makes another message; reading there still reads the call's own. */
function insideNewMessage(policy: PolicySite): boolean {
  return around(policy).some(({ name }) => name === 'send-one-way-request' || name === 'return-response');
}

function consumedThenForwarded(document: LintDocument, report: Report): void {
  for (const { name, policies } of document.sections) {
    if (name !== 'inbound' && name !== 'outbound') continue;
    const body = name === 'inbound' ? 'context.Request.Body' : 'context.Response.Body';
    const inner = new Set(policies.flatMap(allOf));
    if ([...inner].some((policy) => replacesBody(policy, body) || policy.name === 'return-response' || policy.name === 'mock-response'))
      continue;
    const sites = document.code.filter(({ policy }) => inner.has(policy));
    const read = sites.flatMap(bodyReads).find((found) => found.body === body && !found.kept);
    if (read !== undefined) {
      const receiver = name === 'inbound' ? 'the backend' : 'the caller';
      report({
        ...place(read),
        message: `\`${body}\` is consumed here, so ${receiver} gets an empty body`,
        help: 'write `As<…>(preserveContent: true)`',
      });
    }
  }
}

function allOf(policy: PolicySite): PolicySite[] {
  return [policy, ...policy.children.flatMap(allOf)];
}

function bodyOfGet(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    for (const read of bodyReads(site)) {
      if (read.body !== 'context.Response.Body' || site.policy.section !== 'inbound') continue;
      if ([site.policy, ...around(site.policy)].some(({ name }) => name === 'retry')) continue;
      report({ ...place(read), message: 'there is no response yet in `inbound`', help: 'move this policy to `outbound`' });
    }
  }
}

function asWithoutType(document: LintDocument, report: Report): void {
  for (const site of document.code) {
    for (const { node } of site.nodes) {
      const call = callOf(node);
      if (call?.target === undefined || call.name !== 'ToString' || call.args.length > 0 || !isExpressionNode(node)) continue;
      const path = pathOf(call.target);
      if (path === undefined || !BODIES.includes(path)) continue;
      report({
        file: site.policy.document.file,
        span: placeOf(site, node),
        message: `\`${path}.ToString()\` is the name of a class, not the body`,
        help: `write \`${path}.As<string>(preserveContent: true)\``,
      });
    }
  }
}

export const bodyRules: readonly LintRule[] = [
  {
    code: 'PTL101',
    name: 'second-body-read',
    severity: 'warning',
    summary: 'A body that was consumed is read again.',
    reason:
      'A body is a stream: `As<T>()` consumes it, and a second read fails. The first read has to keep it with `preserveContent: true`.',
    bad: '<inbound><base /><set-variable name="a" value="@(context.Request.Body.As<string>())" /><set-variable name="b" value="@(context.Request.Body.As<string>())" /><set-body>@((string)context.Variables["a"])</set-body></inbound>',
    good: '<inbound><base /><set-variable name="a" value="@(context.Request.Body.As<string>(preserveContent: true))" /><set-variable name="b" value="@(context.Request.Body.As<string>(preserveContent: true))" /></inbound>',
    document: consumedTwice,
  },
  {
    code: 'PTL102',
    name: 'consumed-body',
    severity: 'warning',
    summary: 'A body is consumed and not put back before the message goes on.',
    reason: 'What `As<T>()` has consumed is gone: the backend, or the caller, gets an empty body unless `set-body` gives a new one.',
    bad: '<inbound><base /><set-variable name="a" value="@((string)context.Request.Body.As<JObject>()["id"])" /></inbound>',
    good: '<inbound><base /><set-variable name="a" value="@((string)context.Request.Body.As<JObject>(preserveContent: true)["id"])" /></inbound>',
    document: consumedThenForwarded,
  },
  {
    code: 'PTL103',
    name: 'response-before-forward',
    severity: 'warning',
    summary: 'The response is read in inbound, where there is none yet.',
    reason: '`context.Response` gets its content from the backend, which is called after `inbound`.',
    bad: '<inbound><base /><set-variable name="a" value="@(context.Response.Body.As<string>())" /></inbound>',
    good: '<outbound><base /><set-variable name="a" value="@(context.Response.Body.As<string>(preserveContent: true))" /></outbound>',
    document: bodyOfGet,
  },
  {
    code: 'PTL104',
    name: 'body-to-string',
    severity: 'warning',
    summary: '`Body.ToString()` gives the name of a class.',
    reason: 'The text of a body comes from `As<string>()`.',
    bad: '<set-variable name="a" value="@(context.Request.Body.ToString())" />',
    good: '<set-variable name="a" value="@(context.Request.Body.As<string>(preserveContent: true))" />',
    document: asWithoutType,
  },
];
