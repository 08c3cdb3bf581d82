/** Rules about variables: set on some path, read as the type they have (set-variable-policy). */

import type { XmlElement } from '../../xml/tree.ts';
import { placeOf, type VariableRead, variableReads } from '../code.ts';
import type { LintDocument, LintOperation, LintRule, PolicySite, Report } from '../model.ts';

/** A policy that sets a variable. */
interface VariableWrite {
  readonly name: string;
  /** Class name of what it holds, where that is known. */
  readonly type: string | undefined;
  readonly policy: PolicySite;
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  'send-request response-variable-name': 'IResponse',
  'validate-jwt output-token-variable-name': 'Jwt',
  'validate-azure-ad-token output-token-variable-name': 'Jwt',
};

function writesOf(policies: readonly PolicySite[]): VariableWrite[] {
  return policies.flatMap((policy) =>
    policy.element.attributes.flatMap(({ name, value }): VariableWrite[] => {
      const isName = policy.name === 'set-variable' ? name === 'name' : /(?:^|-)variable(?:-name)?$/.test(name);
      if (!isName || value.kind !== 'literal') return [];
      const type = policy.name === 'set-variable' ? setType(policy) : OUTPUT_TYPES[`${policy.name} ${name}`];
      return [{ name: value.text.text.trim(), type, policy }];
    }),
  );
}

/** A literal is a string; of an expression only the plain ones are told. */
function setType(policy: PolicySite): string | undefined {
  const value = policy.element.attributes.find(({ name }) => name === 'value')?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'literal') return 'string';
  const root = policy.code.find(({ attribute }) => attribute === 'value')?.tree.root;
  if (root?.kind === 'literal') return root.type === 'null' ? undefined : root.type;
  return root?.kind === 'interpolatedString' ? 'string' : undefined;
}

/** What a value of a type may be cast to; a type that is not here is not judged. */
const CASTS: Readonly<Record<string, readonly string[]>> = {
  string: ['string', 'String', 'object', 'Object'],
  int: ['int', 'Int32', 'object', 'Object'],
  bool: ['bool', 'Boolean', 'object', 'Object'],
  IResponse: ['IResponse', 'object', 'Object'],
  Jwt: ['Jwt', 'object', 'Object'],
};

function impossibleCast(document: LintDocument, report: Report): void {
  const types = writtenTypes(document);
  for (const read of document.code.flatMap(variableReads)) {
    if (read.type === undefined || read.how === 'test') continue;
    const type = types.get(read.name);
    const { type: wanted } = read;
    if (type === undefined || (CASTS[type] ?? [wanted]).includes(wanted)) continue;
    report({
      ...placeOfRead(read),
      message: `\`${read.name}\` holds a ${type}, which cannot be cast to ${wanted}`,
      help:
        type === 'string'
          ? `read it as a string and convert it, for example with \`Convert\` or \`${wanted}.Parse\``
          : `write \`(${type})\``,
    });
  }
}

/** The type of each variable that is always written with the same one. */
function writtenTypes(document: LintDocument): ReadonlyMap<string, string | undefined> {
  const types = new Map<string, string | undefined>();
  for (const { name, type } of writesOf(document.policies)) types.set(name, types.has(name) && types.get(name) !== type ? undefined : type);
  return types;
}

const placeOfRead = (read: VariableRead) => ({ file: read.site.policy.document.file, span: placeOf(read.site, read.node) });

/** Only where everything that runs is known can it be said that nobody sets a variable. */
function unsetVariable(operation: LintOperation, report: Report): void {
  const written = new Set(writesOf(operation.policies).map(({ name }) => name));
  const reads = operation.policies.flatMap(({ code }) => code).flatMap(variableReads);
  const tested = new Set(reads.filter(({ how }) => how === 'test').map(({ name }) => name));
  for (const read of reads) {
    if (read.how === 'test' || written.has(read.name) || tested.has(read.name)) continue;
    report({
      ...placeOfRead(read),
      message: `no policy sets the variable \`${read.name}\``,
      help:
        read.how === 'indexer'
          ? 'set it before, or read it with `GetValueOrDefault`: this fails on every call'
          : 'set it before: this gives the default on every call',
    });
  }
}

/** A name that nobody sets, next to one that differs in a letter or two: a typing error even in a file that stands alone. */
function misspelt(document: LintDocument, report: Report): void {
  const written = [...new Set(writesOf(document.policies).map(({ name }) => name))];
  for (const read of document.code.flatMap(variableReads)) {
    if (written.includes(read.name)) continue;
    const meant = written.find((name) => name.length > 3 && name.toLowerCase() === read.name.toLowerCase());
    if (meant === undefined) continue;
    report({
      ...placeOfRead(read),
      message: `the variable \`${read.name}\` is set as \`${meant}\`, and names of variables are compared by case`,
      help: `write \`${meant}\``,
    });
  }
}

/** A literal of the same text anywhere counts as a use, and so does the name in a Liquid template. */
function unusedVariable(operation: LintOperation, report: Report): void {
  const literals = new Set(operation.policies.flatMap(({ code }) => code).flatMap((site) => site.literals.map(({ text }) => text)));
  const templates = [...new Set(operation.policies.map(({ document }) => document))].map(({ file }) => file.text).join('\n');
  for (const { name, policy } of writesOf(operation.policies)) {
    if (
      policy.name !== 'set-variable' ||
      literals.has(name) ||
      templates.includes(`variables.${name}`) ||
      templates.includes(`Variables.${name}`)
    )
      continue;
    if (templates.includes(`ariables['${name}']`) || templates.includes(`ariables["${name}"]`)) continue;
    const attribute = policy.element.attributes.find((other) => other.name === 'name');
    report({
      file: policy.document.file,
      span: attribute?.value.span ?? policy.element.nameSpan,
      message: `nothing reads the variable \`${name}\``,
      help: 'remove the policy',
    });
  }
}

/** `set-variable` twice in a row: the first value is lost. */
function overwritten(document: LintDocument, report: Report): void {
  const before = new Map<XmlElement | undefined, PolicySite>();
  for (const next of document.policies) {
    const first = before.get(next.container);
    before.set(next.container, next);
    if (first?.name !== 'set-variable' || next.name !== 'set-variable') continue;
    const [one] = writesOf([first]);
    const [two] = writesOf([next]);
    if (one === undefined || two?.name !== one.name || next.code.flatMap(variableReads).some(({ name }) => name === one.name)) continue;
    report({
      file: first.document.file,
      span: first.element.nameSpan,
      message: `\`${one.name}\` is set again at once, so this value is lost`,
      help: 'remove one of both',
    });
  }
}

export const variableRules: readonly LintRule[] = [
  {
    code: 'PTL201',
    name: 'unset-variable',
    severity: 'warning',
    summary: 'A variable is read that no policy of the operation sets.',
    reason:
      'The indexer fails for a name that is not there; `GetValueOrDefault` always gives the default. Reported only for policy directories, where everything that runs is known.',
    bad: '<inbound><set-header name="X-A"><value>@((string)context.Variables["user"])</value></set-header></inbound>',
    good: '<inbound><set-variable name="user" value="anna" /><set-header name="X-A"><value>@((string)context.Variables["user"])</value></set-header></inbound>',
    operation: unsetVariable,
  },
  {
    code: 'PTL202',
    name: 'variable-case',
    severity: 'warning',
    summary: 'A variable is read by another case than it is set.',
    reason: 'Names of variables are compared by case.',
    bad: '<inbound><base /><set-variable name="userId" value="7" /><set-header name="X-A"><value>@(context.Variables.GetValueOrDefault<string>("userid"))</value></set-header></inbound>',
    good: '<inbound><base /><set-variable name="userId" value="7" /><set-header name="X-A"><value>@(context.Variables.GetValueOrDefault<string>("userId"))</value></set-header></inbound>',
    document: misspelt,
  },
  {
    code: 'PTL203',
    name: 'impossible-cast',
    severity: 'warning',
    summary: 'A variable is cast to a type that it does not hold.',
    reason: 'The cast compiles, since variables are objects, and fails on every call. A literal value is always a string.',
    bad: '<inbound><base /><set-variable name="limit" value="5" /><set-header name="X-A"><value>@(((int)context.Variables["limit"]).ToString())</value></set-header></inbound>',
    good: '<inbound><base /><set-variable name="limit" value="@(5)" /><set-header name="X-A"><value>@(((int)context.Variables["limit"]).ToString())</value></set-header></inbound>',
    document: impossibleCast,
  },
  {
    code: 'PTL204',
    name: 'unused-variable',
    severity: 'info',
    summary: 'A variable is set that nothing reads.',
    reason: 'It costs work on every call, and usually a rename was not finished. Reported only for policy directories.',
    bad: '<inbound><set-variable name="user" value="anna" /></inbound>',
    good: '<inbound><set-variable name="user" value="anna" /><set-header name="X-A"><value>@((string)context.Variables["user"])</value></set-header></inbound>',
    operation: unusedVariable,
  },
  {
    code: 'PTL205',
    name: 'overwritten-variable',
    severity: 'warning',
    summary: 'A variable is set twice in a row.',
    reason: 'The first value is never seen.',
    bad: '<set-variable name="a" value="1" /><set-variable name="a" value="2" />',
    good: '<set-variable name="a" value="1" /><set-variable name="b" value="2" />',
    document: overwritten,
  },
];
