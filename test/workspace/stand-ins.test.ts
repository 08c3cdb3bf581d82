import { describe, expect, it } from 'vitest';
import type { StandInProvider } from '../../src/identity/providers/stand-in.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { readConfig } from '../../src/workspace/config-file.ts';
import { readStandIns } from '../../src/workspace/stand-ins.ts';
import { standIn } from '../support/stand-ins.ts';

function read(yaml: string, base?: readonly StandInProvider[]) {
  const problems: Diagnostic[] = [];
  const root = readConfig(yaml, 'portico.yaml', (problem) => problems.push(problem));
  const providers = readStandIns(root.get('identity'), base, ['port']);
  return {
    names: providers.map(({ pack }) => pack.name),
    providers,
    problems: problems.map(({ code, message, help, file, span }) => ({ code, message, help, line: file.positionAt(span.start).line })),
  };
}

it.each([
  ['identity: okta', ['okta-custom']],
  ['identity: { provider: entra-v1 }', ['entra-v1']],
  ['identity: [auth0, { provider: keycloak, realm: shop }]', ['auth0', 'keycloak']],
  ['port: 1', []],
])('%s', (yaml, names) => {
  expect(read(yaml)).toMatchObject({ names, problems: [] });
});

it('takes settings and switches', () => {
  const [provider] = read(
    'identity: { provider: b2c, policy: B2C_1_edit, issuer: "https://x/", rotation: finished, no-key-ids: true, port: 1 }',
  ).providers;
  expect(provider?.issuer).toBe('https://x/');
  expect(provider?.discoveryUrl).toContain('/B2C_1_edit/');
  expect(provider?.switches).toMatchObject({ rotation: 'finished', noKeyIds: true, wrongIssuer: false });
});

it('changes the first of those that are there when it names no provider', () => {
  const base = [standIn('okta-custom', { settings: { server: 'orders' } }), standIn('auth0')];
  const { providers, names, problems } = read('identity: { keys: down }', base);
  expect({ names, problems }).toEqual({ names: ['okta-custom', 'auth0'], problems: [] });
  expect(providers[0]).toMatchObject({ settings: { server: 'orders' }, switches: { keys: 'down' } });
});

describe('what is wrong', () => {
  it.each([
    ['identity: okta-costum', 'PTC5005', /did you mean `okta-custom`/],
    ['identity: { provider: entra-v2, tenent: x }', 'PTC5005', /did you mean `tenant`/],
    ['identity: { rotation: finished }', 'PTC5004', /add `identity\.provider`|add `provider`/],
    ['identity:\n  provider: okta\n  rotation: soon', 'PTC5006', /^$/],
    ['identity: { provider: okta, wrong-issuer: perhaps }', 'PTC5006', /^$/],
  ])('in %s is told with its place', (yaml, code, help) => {
    const { problems } = read(yaml);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.help ?? '').toMatch(help);
    expect(problems[0]?.line).toBe(yaml.split('\n').length);
  });
});
