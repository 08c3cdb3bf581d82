/** Identity providers of tests from code, and in test files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestGateway } from '../../src/testing/index.ts';
import { Runner } from '../../src/testing/runner.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { directoryWith, documentWith } from '../cli/support.ts';

const OKTA = 'https://dev-1234567.okta.com/oauth2/default/.well-known/openid-configuration';

const directory = directoryWith({
  'policy.xml': documentWith(`        <validate-jwt header-name="Authorization">
            <openid-config url="${OKTA}" />
            <audiences><audience>api://default</audience></audiences>
            <required-claims><claim name="scp"><value>a</value></claim></required-claims>
        </validate-jwt>`),
});
afterAll(() => directory.remove());

const policies = join(directory.path, 'policy.xml');
const expressions = createExpressions();

describe('from code', () => {
  it('a pack mints and answers, and switches change it for a request', async () => {
    const gateway = await createTestGateway({ policies, expressions, identity: { provider: 'okta-custom' } });
    const ask = (token: object, identity?: object) =>
      gateway.request('GET /', {
        token: token as Record<string, unknown>,
        ...(identity ? { identity: identity as Record<string, unknown> } : {}),
      });
    expect((await ask({ scp: ['a'] })).status).toBe(200);
    expect((await ask({ scp: ['a'] }, { rotation: 'switched' })).status).toBe(200);
    await expect(ask({ scp: ['a'] }, { wrongly: true })).rejects.toThrow('`wrongly`');
    expect((await ask({ kind: 'id' })).error?.reason).toBe('TokenAudienceNotAllowed');
    expect((await ask({ scp: ['a'], 'signed-by': 'stranger' })).error?.reason).toBe('TokenSignatureInvalid');
    expect((await ask({ provider: 'auth0', scp: ['a'] })).error?.reason).toBe('TokenIssuerNotAllowed');
  });

  it('without a pack every provider is stood in for, and options are claims', async () => {
    const gateway = await createTestGateway({ policies, expressions });
    expect((await gateway.request('GET /', { token: { scp: ['a'], kind: 'id', provider: 'me' } })).status).toBe(200);
  });

  it('another address than the pack has is refused with what there is', async () => {
    const gateway = await createTestGateway({ policies, expressions, identity: 'auth0' });
    const { error } = await gateway.request('GET /', { token: { scp: ['a'] } });
    expect(error?.message).toMatch(/auth0 answers https:\/\/contoso\.eu\.auth0\.com\/\.well-known/);
  });

  it('an unknown pack is refused', async () => {
    await expect(createTestGateway({ policies, expressions, identity: 'okto' })).rejects.toThrow(/`okto` is not known/);
  });
});

it('from a test file', async () => {
  const file = join(directory.path, 'a.test.yaml');
  writeFileSync(
    file,
    `policies: policy.xml
identity: okta-custom
tests:
  - name: accepted
    request: { url: /, token: { scp: [a] } }
    expect: { status: 200 }
  - name: down
    identity: { discovery: down }
    request: { url: /, token: { scp: [a] } }
    expect: { status: 401, error: { message: /IDX20803/ } }
  - name: claims whose names are options
    request: { url: /, token: { claims: { scp: [a], kind: x } } }
    expect: { status: 200 }
  - name: a key that was changed without notice is found within five minutes
    steps:
      - { request: { url: /, token: { scp: [a] } }, expect: { status: 200 } }
      - { identity: { rotation: unannounced }, request: { url: /, token: { scp: [a] } }, expect: { status: 401, error: { reason: TokenSignatureKeyNotFound } } }
      - { at: 6m, identity: { rotation: finished }, request: { url: /, token: { scp: [a] } }, expect: { status: 200 } }
`,
  );
  const { tests, problems } = await new Runner().run(file);
  expect(problems).toEqual([]);
  expect(
    tests.flatMap(({ name, differences, failure }) => (differences.length > 0 || failure ? [{ name, differences, failure }] : [])),
  ).toEqual([]);
  expect(tests).toHaveLength(4);
});

it('without a pack knows a stranger who signs', async () => {
  const path = join(directory.path, 'plain.xml');
  writeFileSync(
    path,
    documentWith(
      '<validate-jwt header-name="Authorization"><openid-config url="https://id.example/.well-known/openid-configuration" /></validate-jwt><return-response />',
    ),
  );
  const gateway = await createTestGateway({ policies: path, expressions });
  const ask = (token: Record<string, unknown>) => gateway.request('GET /', { token });
  expect((await ask({})).status).toBe(200);
  expect((await ask({ 'signed-by': 'stranger' })).error?.reason).toBe('TokenSignatureInvalid');
  await expect(ask({ 'signed-by': 'nobody' })).rejects.toThrow('`signed-by` of a token is `stranger`, or left out: it is `nobody`');
});
