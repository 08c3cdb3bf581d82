/** Named values whose value stays in Azure: Key Vault references and secrets that were not exported (gateway-model, section 4). */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { testHost } from '../support/hosts.ts';
import { running } from './running.ts';
import { type FileTexts, json, lineOf, load } from './support.ts';

const EXPRESSIONS = createExpressions();
const VAULT = { displayName: 'vault-key', secret: true, keyVault: { secretIdentifier: 'https://v.vault.azure.net/secrets/s' } };
const policy = (value: string, more = '') =>
  `<policies><inbound><set-header name="X" exists-action="override"><value>${value}</value></set-header>${more}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`;
const files = (value: string, more = ''): FileTexts => ({
  'named values/1/namedValueInformation.json': json(VAULT),
  'policy.xml': policy(value, more),
  'apis/a/apiInformation.json': json({ path: '', subscriptionRequired: false, serviceUrl: 'https://own.internal' }),
});
const problems = (texts: FileTexts, assumesValues: boolean) =>
  createEngine(load(texts), { host: testHost(), expressions: EXPRESSIONS, assumesValues }).problems.map(lineOf);
const REMINDER = 'named values/1/namedValueInformation.json:1:15 warning PTC5013 named value `vault-key` has no value here';

describe('a named value that has no value here', () => {
  it.each(['{{vault-key}}', 'key {{ vault-key }}', '@("{{vault-key}}" + 1)', '@({{vault-key}} + 1)'])(
    'is none of the errors that a check finds: %s',
    (value) => {
      expect(problems(files(value), true)).toEqual([REMINDER]);
    },
  );

  it('does not hide what is wrong beside it', () => {
    expect(problems(files('@("{{vault-key}}" + nope)', '<set-variable name="a" value="{{vualt-key}}" />'), true)).toEqual([
      REMINDER,
      "policy.xml:1:93 CS0103 The name 'nope' does not exist in the current context",
      'policy.xml:1:149 PTC1021 the named value `vualt-key` does not exist',
    ]);
  });

  it('keeps a gateway from running the document that needs it, and says so', () => {
    expect(problems(files('{{vault-key}}'), false)).toEqual([
      REMINDER,
      'policy.xml:1:73 PTC1042 the named value `vault-key` has no value here',
    ]);
  });

  it.each<[string, FileTexts, readonly string[]]>([
    ['nobody mentions', {}, []],
    ['a logger mentions', { 'loggers/l/loggerInformation.json': json({ credentials: { connectionString: '{{vault-key}}' } }) }, []],
    [
      'a backend mentions',
      { 'backends/b/backendInformation.json': json({ url: 'https://b', credentials: { header: { 'x-key': ['{{vault-key}}'] } } }) },
      [REMINDER],
    ],
    ['a fragment mentions', { 'policy fragments/f/policy.xml': '<fragment><set-body>{{ vault-key }}</set-body></fragment>' }, [REMINDER]],
  ])('is reminded of only where it has a part in running: one that %s', (_, more, expected) => {
    expect(problems({ ...files('plain'), ...more }, true)).toEqual(expected);
  });

  it('is suggested for a name that is nearly its own', () => {
    const texts = files('{{vault-kye}}');
    const { problems } = createEngine(load(texts), { host: testHost(), expressions: EXPRESSIONS });
    expect(problems.find(({ code }) => code === 'PTC1021')?.help).toBe('write `vault-key`');
  });

  it('gets one in portico.yaml, which stays secret', async () => {
    const gateway = running(load({ ...files('{{vault-key}}'), 'portico.yaml': 'named-values: { vault-key: from-here }\n' }));
    expect(gateway.engine.problems).toEqual([]);
    await gateway.call('GET /x');
    expect(gateway.requests[0]?.headers).toContain('from-here');
    expect(gateway.engine.workspace.namedValues.get('vault-key')?.secret).toBe(true);
  });
});

describe('what the service does not create', () => {
  const one = (displayName: string, value: string): FileTexts => ({
    'policy.xml': policy('x'),
    'named values/1/namedValueInformation.json': json({ displayName, value }),
  });
  it.each<[string, FileTexts, string[]]>([
    [
      'a name with a blank',
      one('my key', 'v'),
      ['named values/1/namedValueInformation.json:1:30 PTC5134 `my key` cannot name a named value'],
    ],
    [
      'a name without an end',
      one('n'.repeat(257), 'v'),
      [`named values/1/namedValueInformation.json:1:30 PTC5134 \`${'n'.repeat(257)}\` cannot name a named value`],
    ],
    [
      'a value without an end',
      one('long', 'v'.repeat(4097)),
      ['named values/1/namedValueInformation.json:1:45 PTC5135 named value `long` has 4097 characters'],
    ],
    ['the longest of both', one('n'.repeat(256), 'v'.repeat(4096)), []],
    ['all characters of a name', one('a.B-c_9', 'v'), []],
  ])('%s', (_what, texts, expected) => {
    expect(load(texts).problems.map(lineOf)).toEqual(expected);
  });
});

describe('portico.yaml, for workspaces', () => {
  const team = {
    'workspaces/team/workspaceInformation.json': json({ displayName: 'Team' }),
    'workspaces/team/named values/1/namedValueInformation.json': json(VAULT),
    'workspaces/team/backends/b/backendInformation.json': json({ url: 'https://team.example' }),
    'workspaces/team/apis/own/apiInformation.json': json({ path: 'own', subscriptionRequired: false }),
    'workspaces/team/apis/own/policy.xml':
      '<policies><inbound><base /><set-backend-service backend-id="b" /><set-header name="X"><value>{{vault-key}}</value></set-header></inbound><backend><base /></backend><outbound /><on-error /></policies>',
  };

  it('gives values and addresses to what they have', async () => {
    const yaml = 'named-values: { vault-key: local }\nbackends: { b: "http://localhost:3000" }\n';
    const gateway = running(load({ ...team, 'portico.yaml': yaml }));
    expect(gateway.engine.problems).toEqual([]);
    await gateway.call('GET /own/x');
    expect(gateway.sent).toEqual(['GET http://localhost:3000/x']);
    expect(gateway.requests[0]?.headers).toContain('local');
  });

  it('brings them nothing of the instance', () => {
    const other = { ...team, 'workspaces/team/apis/own/policy.xml': policy('{{instance-key}}') };
    const { problems } = running(load({ ...other, 'portico.yaml': 'named-values: { instance-key: i, vault-key: v }\n' })).engine;
    expect(problems.map(({ code }) => code)).toEqual(['PTC1021']);
  });
});
