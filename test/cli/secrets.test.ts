/** Values of secret named values, keys and tokens never reach a terminal or a CI log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

const SECRET = 'hunter2-of-the-backend';
const EXPORTED = 'exported-secret-value';

const POLICY = documentWith(
  [
    '        <set-header name="X-Backend-Key" exists-action="override"><value>{{backend-key}}</value></set-header>',
    '        <set-variable name="copy" value="@("{{backend-key}}" + "!")" />',
    '        <set-header name="X-Exported" exists-action="override"><value>{{exported}}</value></set-header>',
    '        <trace source="test" severity="error"><message>@("key {{backend-key}}")</message></trace>',
    '        <set-header name="X-Copy" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</value></set-header>',
    '        <set-header name="Authorization" exists-action="delete" />',
  ].join('\n'),
);

const SUITE = `suite: secrets
policies: .
tests:
  - name: a difference beside the secret
    request:
      url: /?subscription-key=${SECRET}-key
      token: { sub: ana, scp: all }
    expect:
      status: 201
      forwarded: { headers: { x-backend-key: other, x-exported: other, authorization: absent } }
      variables: { copy: other }
`;

let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'policy.xml': POLICY,
    'portico.yaml': 'named-values:\n  backend-key: ${env:BACKEND_KEY}\n',
    'named values/exported/namedValueInformation.json': `{ "properties": { "displayName": "exported", "secret": true, "value": "${EXPORTED}" } }`,
    'secrets.test.yaml': SUITE,
    'typed.xml': documentWith('        <rate-limit-by-key calls="{{backend-key}}" renewal-period="60" counter-key="a" />'),
    'typed/policy.xml': documentWith(
      '        <rate-limit-by-key calls="{{backend-key}}" renewal-period="{{exported}}" counter-key="@({{backend-key}})" />',
    ),
    'typed/portico.yaml': `named-values:\n  backend-key: \${env:BACKEND_KEY}\n  exported: { value: ${EXPORTED}, secret: true }\n`,
  });
});
afterAll(() => directory.remove());

describe('secrets', () => {
  it.each([
    ['check', ['check', '.']],
    ['check of a secret that does not fit', ['check', 'typed']],
    ['check of a secret that does not fit, as JSON', ['check', 'typed', '--format', 'json']],
    ['test with differences', ['test', '.']],
    ['test with a trace', ['test', '.', '--trace']],
    ['test as JSON', ['test', '.', '--reporter', 'json']],
    ['test as JUnit', ['test', '.', '--reporter', 'junit']],
    ['explain', ['explain', 'GET', '/']],
  ])('stay out of %s', async (_what, args) => {
    const { code, out, err } = await portico(args, { cwd: directory.path, env: { BACKEND_KEY: SECRET } });
    const text = out + err;
    expect(text.length).toBeGreaterThan(20);
    expect(code).toBeLessThan(2);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(EXPORTED);
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
  });
});
