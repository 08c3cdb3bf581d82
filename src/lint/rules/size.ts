/** Rules about what is too deep, too long, or said twice. */
import { pathOf } from '../code.ts';
import type { CodeSite, LintDocument, LintRule, PolicySite, Report } from '../model.ts';
import { literalAttribute } from './nulls.ts';
import { groupBy, nameOf, sequences } from './sequences.ts';

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

export const sizeRules: readonly LintRule[] = [
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
];
