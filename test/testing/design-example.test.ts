/** The example that the format was decided with passes as it was written. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Runner } from '../../src/testing/runner.ts';

const POLICY = `<policies>
    <inbound>
        <validate-jwt header-name="Authorization" require-scheme="Bearer">
            <openid-config url="https://login.example/.well-known/openid-configuration" />
            <audiences><audience>{{audience}}</audience></audiences>
            <required-claims><claim name="scp" match="any" separator=" "><value>orders.read</value></claim></required-claims>
        </validate-jwt>
        <set-header name="Authorization" exists-action="delete" />
        <set-backend-service base-url="https://orders.internal" />
        <set-query-parameter name="id"><value>@(context.Request.Url.Path.Split('/').Last())</value></set-query-parameter>
        <rewrite-uri template="/api" />
    </inbound>
    <on-error>
        <set-header name="WWW-Authenticate" exists-action="override"><value>Bearer</value></set-header>
    </on-error>
</policies>`;

const SUITE = `suite: orders
policies: ..                    # a policy directory, or one document
clock: 2026-01-01T00:00:00Z
named-values: { audience: api://orders }
tests:
  - name: a caller without a token is refused
    request: GET /orders/7
    expect:
      status: 401
      headers: { www-authenticate: /Bearer/ }
      body: { statusCode: 401, message: JWT not present. }
      forwarded: none
  - name: the order number goes to the backend as a query parameter
    request: { method: GET, url: /orders/7, token: { scp: orders.read } }
    backend: { status: 200, json: { id: 7 } }
    expect:
      forwarded: { url: "https://orders.internal/api?id=7", headers: { authorization: absent } }
      status: 200
`;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portico-example-'));
  mkdirSync(join(directory, 'tests'));
  writeFileSync(join(directory, 'policy.xml'), POLICY);
  writeFileSync(join(directory, 'tests/orders.test.yaml'), SUITE);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('passes', async () => {
  const { problems, tests } = await new Runner().run(join(directory, 'tests/orders.test.yaml'));
  expect(problems).toEqual([]);
  expect(tests.map(({ differences, failure }) => [differences, failure])).toEqual([
    [[], undefined],
    [[], undefined],
  ]);
});
