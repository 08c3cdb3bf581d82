import { describe, expect, it } from 'vitest';
import { authenticationMap } from '../../src/lint/authentication-map.ts';
import { customRulesOf, readLintConfig, unknownRule } from '../../src/lint/config.ts';
import { applyFixes } from '../../src/lint/fix.ts';
import { type LintOptions, lintAlone, lintWorkspace } from '../../src/lint/lint.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { lintWorkspaceOf } from './support.ts';

const TRACE = '<trace source="a"><message>@(context.Request.Headers.GetValueOrDefault("Cookie", ""))</message></trace>';
const rulesIn = (text: string, options?: LintOptions) => lintAlone(readDocument(text, 'a.xml').document, options).map(({ rule }) => rule);

describe('silencing', () => {
  it.each([
    ['the next line', `<inbound><base />\n<!-- portico-disable-next-line secret-in-log -->\n${TRACE}</inbound>`, 0],
    ['the same line, by code', `<inbound><base />\n${TRACE}<!-- portico-disable-line PTL602 --></inbound>`, 0],
    ['all rules', `<inbound><base />\n${TRACE}<!-- portico-disable-line --></inbound>`, 0],
    ['a stretch', `<inbound><base />\n<!-- portico-disable secret-in-log -->\n${TRACE}\n<!-- portico-enable -->\n${TRACE}</inbound>`, 1],
    ['to the end', `<!-- portico-disable secret-in-log -->\n<inbound><base />\n${TRACE}\n${TRACE}</inbound>`, 0],
    ['another rule', `<inbound><base />\n${TRACE}<!-- portico-disable-line secret-literal --></inbound>`, 1],
    ['a reason names no rule', `<inbound><base />\n${TRACE}<!-- portico-disable-line secret-literal: not secret-in-log --></inbound>`, 1],
    [
      'inside C#',
      `<inbound><base /><trace source="a"><message>@(\n// portico-disable-next-line secret-in-log\ncontext.Request.Headers.GetValueOrDefault("Cookie", ""))</message></trace></inbound>`,
      0,
    ],
  ])('%s', (_, text, left) => {
    expect(rulesIn(text).filter((rule) => rule === 'secret-in-log')).toHaveLength(left);
  });
});

describe('configuration', () => {
  const config = (text: string) => {
    const problems: Diagnostic[] = [];
    const read = readLintConfig(readConfig(text, 'portico.yaml', (problem) => problems.push(problem)).get('lint'));
    return { ...read, problems: problems.map(({ message }) => message) };
  };

  it('takes severities by name or code', () => {
    const { severities, plugins, problems } = config('lint:\n  rules: { secret-in-log: error, PTL701: off }\n  plugins: [house.mjs]\n');
    expect([...severities]).toEqual([
      ['secret-in-log', 'error'],
      ['PTL701', 'off'],
    ]);
    expect({ plugins, problems }).toEqual({ plugins: ['house.mjs'], problems: [] });
    const options = { severities };
    expect(
      lintAlone(readDocument(`<inbound><base />${TRACE}</inbound>`, 'a.xml').document, options).map(({ severity }) => severity),
    ).toEqual(['error']);
  });

  it('refuses what it does not know', () => {
    expect(config('lint:\n  rules: { secret-in-log: loud }\n').problems).toHaveLength(1);
    expect(config('lint:\n  rule: {}\n').problems).toHaveLength(1);
    expect(unknownRule('secret-in-logs', [])).toBe('there is no rule `secret-in-logs`; did you mean `secret-in-log`?');
    expect(unknownRule('PTL602', [])).toBeUndefined();
  });
});

describe('rules of plugins', () => {
  const rule = {
    code: 'ACME1',
    name: 'no-trace',
    severity: 'error',
    summary: 'a trace',
    document: (
      { policies, file }: { policies: readonly { name: string; element: { nameSpan: never } }[]; file: never },
      report: (finding: object) => void,
    ) => {
      for (const policy of policies)
        if (policy.name === 'trace') report({ file, span: policy.element.nameSpan, message: 'a trace', help: 'remove it' });
    },
  };

  it('run beside ours, and may be switched off', () => {
    const custom = customRulesOf({ default: [rule] });
    if (typeof custom === 'string') throw new Error(custom);
    expect(rulesIn(`<inbound><base />${TRACE}</inbound>`, { custom })).toEqual(['no-trace', 'secret-in-log']);
    expect(rulesIn(`<inbound><base />${TRACE}</inbound>`, { custom, severities: new Map([['ACME1', 'off']]) })).toEqual(['secret-in-log']);
  });

  it('that throw are told as errors of the document', () => {
    const oops = () => {
      throw new Error('oops');
    };
    const custom = customRulesOf({ default: { ...rule, document: oops } });
    if (typeof custom === 'string') throw new Error(custom);
    const { document } = readDocument('<inbound><base /></inbound>', 'a.xml');
    expect(lintAlone(document, { custom })).toMatchObject([
      { code: 'ACME1', severity: 'error', message: 'the rule `no-trace` failed: oops' },
    ]);
    const vague = customRulesOf({
      default: { ...rule, document: (_: unknown, report: (finding: object) => void) => report({ message: 'a' }) },
    });
    if (typeof vague === 'string') throw new Error(vague);
    expect(lintAlone(document, { custom: vague })).toMatchObject([
      { message: 'the rule `no-trace` failed: a finding needs `file`, `span` and `message`' },
    ]);
  });

  it.each([
    [{ ...rule, name: 'second-body-read' }, 'second-body-read'],
    [{ ...rule, code: 'PTL101' }, 'PTL101'],
    [[rule, { ...rule, name: 'other' }], 'ACME1'],
  ])('%# have names of their own', (exported, id) => {
    expect(customRulesOf({ default: exported })).toBe(`there is a rule \`${id}\` already`);
  });

  it.each([[{}], [{ default: { ...rule, code: '' } }], [{ default: [rule, { ...rule, document: undefined }] }], [null]])(
    '%# is no rule',
    (module) => {
      expect(customRulesOf(module)).toMatch(/^rule [12] needs `code`/);
    },
  );
});

describe('repairs', () => {
  it('are made from the end, and only once where they overlap', () => {
    const { document } = readDocument('<set-header name="X-A:"><value>@("a")</value></set-header>', 'a.xml');
    const findings = lintAlone(document);
    expect(applyFixes(document.file.text, [...findings, ...findings])).toEqual({
      text: '<set-header name="X-A"><value>a</value></set-header>',
      count: 2,
    });
  });
});

describe('policy directories', () => {
  const GLOBAL =
    '<policies><inbound><rate-limit-by-key calls="1" renewal-period="1" counter-key="@(context.Request.IpAddress)" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>';
  const API =
    '<policies><inbound><base /><include-fragment fragment-id="user" /><set-header name="X-A"><value>@((string)context.Variables["user"])</value></set-header><rate-limit-by-key calls="1" renewal-period="1" counter-key="@(context.Request.IpAddress)" /></inbound></policies>';

  it('are judged over scopes and fragments', () => {
    const findings = lintWorkspace(
      lintWorkspaceOf(API, {
        'policy.xml': GLOBAL,
        'policy fragments/user/policy.xml': '<fragment><set-variable name="user" value="anna" /></fragment>',
      }),
    );
    expect(
      findings
        .filter(({ severity }) => severity === 'warning')
        .map(({ rule, file }) => [rule, file.name.replace(/.*portico-lint-\w+\//, '')]),
    ).toEqual([['equal-counter-keys', 'apis/orders/policy.xml']]);
  });

  it('may hold fragments that include each other', () => {
    const all = Array.from({ length: 10 }, (_, i) => `<include-fragment fragment-id="f${i}" />`).join('');
    const fragments = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`policy fragments/f${i}/policy.xml`, `<fragment>${all}</fragment>`]),
    );
    expect(lintWorkspace(lintWorkspaceOf(`<policies><inbound><base />${all}</inbound></policies>`, fragments))).toEqual([]);
  });

  it('have a map of checks', () => {
    const open = authenticationMap(lintWorkspaceOf(API, { 'policy.xml': GLOBAL }));
    expect(open.every(({ authenticated, checks }) => !authenticated && checks.length === 0)).toBe(true);
    const jwt =
      '<validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /></validate-jwt>';
    const [checked] = authenticationMap(
      lintWorkspaceOf(`<policies><inbound><base />${jwt}</inbound></policies>`, { 'policy.xml': GLOBAL }),
    );
    expect(checked).toMatchObject({ authenticated: true, checks: [{ check: 'validate-jwt', conditional: false }] });
    const branch = `<choose><when condition="@(context.Request.Method == "GET")">${jwt}</when></choose>`;
    const [halfway] = authenticationMap(
      lintWorkspaceOf(`<policies><inbound><base />${branch}</inbound></policies>`, { 'policy.xml': GLOBAL }),
    );
    expect(halfway).toMatchObject({ authenticated: false, checks: [{ check: 'validate-jwt', conditional: true }] });
  });

  it('know the policies of workspaces', () => {
    const workspace = lintWorkspaceOf(API, {
      'policy fragments/user/policy.xml': '<fragment><set-variable name="user" value="anna" /></fragment>',
      'workspaces/team/workspaceInformation.json': '{ "properties": { "displayName": "Team" } }',
      'workspaces/team/policy.xml': '<policies><inbound><include-fragment fragment-id="check" /></inbound></policies>',
      'workspaces/team/policy fragments/check/policy.xml':
        '<fragment><validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" /></validate-jwt></fragment>',
      'workspaces/team/apis/own/apiInformation.json':
        '{ "properties": { "path": "own", "serviceUrl": "https://own.internal", "subscriptionRequired": false } }',
      'workspaces/team/apis/own/policy.xml': '<policies><inbound><base /></inbound></policies>',
    });
    const own = authenticationMap(workspace).filter(({ api }) => api === 'own');
    expect(own.map(({ authenticated }) => authenticated)).toEqual(own.map(() => true));
    expect(own).not.toEqual([]);
    expect(lintWorkspace(workspace).map(({ rule, file }) => [rule, file.name.replace(/.*portico-lint-\w+\//, '')])).toEqual([
      ['missing-base', 'workspaces/team/policy.xml'],
      ['no-audience', 'workspaces/team/policy fragments/check/policy.xml'],
    ]);
  });
});
