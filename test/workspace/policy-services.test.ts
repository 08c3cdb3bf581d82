/** What a directory holds for policies that name it: connections, schemas, API definitions, certificates. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { Url } from '../../src/exchange/url.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import type { Call } from '../../src/workspace/call.ts';
import { certificatesOf } from '../../src/workspace/certificates.ts';
import { createEngine } from '../../src/workspace/engine.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { testHost } from '../support/hosts.ts';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

const policy = (inbound: string) => `<policies><inbound>${inbound}</inbound><backend /><outbound /><on-error /></policies>`;

function directory(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'portico-services-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function call(root: string, path: string, parts: Partial<Call> = {}) {
  const workspace = loadWorkspace(root);
  const host = testHost({ connections: workspace.connections, certificates: certificatesOf(workspace, nodeCrypto()) });
  const engine = createEngine(workspace, { host });
  const url = Url.parse(`https://gateway.test${path}`);
  if (!url) throw new Error('bad URL');
  const exchange = await engine.run({ method: 'POST', url, headers: new Headers(), ...parts });
  return { problems: engine.problems.map(({ code, message }) => `${code} ${message}`), exchange };
}

it('reads connections, in both forms', async () => {
  const root = directory({
    'portico.yaml': 'authorizations:\n  github:\n    me: { access-token: gho_1, claims: { scope: repo } }\n    bot: gho_2\n',
    'apis/a/apiInformation.json': '{"path":"a","subscriptionRequired":false}',
    'apis/a/policy.xml': policy(
      `<get-authorization-context provider-id="github" authorization-id="me" context-variable-name="me" />
       <get-authorization-context provider-id="github" authorization-id="bot" context-variable-name="bot" />
       <return-response><set-body>@{
         var me = (Authorization)context.Variables["me"];
         return me.AccessToken + " " + me.Claims["scope"] + " " + ((Authorization)context.Variables["bot"]).AccessToken;
       }</set-body></return-response>`,
    ),
  });
  const { problems, exchange } = await call(root, '/a/x');
  expect(problems).toEqual([]);
  expect(exchange.response?.body.text()).toBe('gho_1 repo gho_2');
});

it('names what is wrong with a connection', () => {
  const root = directory({ 'portico.yaml': 'authorizations:\n  github:\n    me: { token: gho_1 }\n', 'policy.xml': policy('') });
  expect(loadWorkspace(root).problems.map(({ code }) => code)).toHaveLength(2);
});

it('checks bodies by the API definition and by schemas of the service', async () => {
  const content = (schema: string) =>
    `<validate-content unspecified-content-type-action="prevent" max-size="1000" size-exceeded-action="prevent">
       <content type="application/json" validate-as="json" action="prevent" ${schema} /></validate-content><return-response />`;
  const openapi = {
    openapi: '3.0.1',
    info: { title: 'A', version: '1' },
    paths: {
      '/own': { post: { operationId: 'own', requestBody: json({ type: 'object', required: ['a'] }), responses: {} } },
      '/shared': { post: { operationId: 'shared', responses: {} } },
    },
  };
  const root = directory({
    'apis/a/apiInformation.json': '{"path":"a","subscriptionRequired":false}',
    'apis/a/specification.json': JSON.stringify(openapi),
    'apis/a/operations/own/policy.xml': policy(content('')),
    'apis/a/operations/shared/policy.xml': policy(content('schema-id="shop"')),
    'schemas/shop/globalSchemaInformation.json': '{"properties":{"schemaType":"json","document":{"type":"array"}}}',
  });
  const post = async (path: string, body: string) => {
    const { problems, exchange } = await call(root, path, {
      headers: new Headers(['Content-Type', 'application/json']),
      body: Body.text(body),
    });
    expect(problems).toEqual([]);
    return exchange.response?.status;
  };
  expect(await post('/a/own', '{"a":1}')).toBe(200);
  expect(await post('/a/own', '{}')).toBe(400);
  expect(await post('/a/shared', '[]')).toBe(200);
  expect(await post('/a/shared', '{}')).toBe(400);
});

function json(schema: object) {
  return { content: { 'application/json': { schema } } };
}

it('gives a GraphQL API its schema', async () => {
  const root = directory({
    'apis/g/apiInformation.json': '{"path":"g","subscriptionRequired":false}',
    'apis/g/specification.graphql': 'type Query { hero: String }',
    'apis/g/policy.xml': policy('<validate-graphql-request /><return-response />'),
  });
  const asked = async (query: string) => (await call(root, '/g', { body: Body.text(JSON.stringify({ query })) })).exchange.response?.status;
  expect(await asked('{ hero }')).toBe(200);
  expect(await asked('{ villain }')).toBe(400);
});

it('finds certificates by id and thumbprint, and those that issued others', () => {
  const root = directory({
    'portico.yaml': 'certificates:\n  client: { certificate: client.pem }\ntrusted-roots: [authority.pem]\n',
    'policy.xml': policy('<authentication-certificate thumbprint="349193512b3391f01ca76860be011fea141c0ff6" />'),
  });
  for (const name of ['client.pem', 'authority.pem']) cpSync(join('test/policies/certificates', name), join(root, name));
  const workspace = loadWorkspace(root);
  const certificates = certificatesOf(workspace, nodeCrypto());
  expect(certificates.find('client')).toBe(certificates.find('349193512b3391f01ca76860be011fea141c0ff6'));
  expect(certificates.find('authority')).toBeUndefined();
  expect(certificates.authorities?.map(({ subject }) => subject)).toEqual([
    'CN=Test Authority, C=NL',
    'CN=client, O="Contoso, Inc.", C=NL',
  ]);
  expect(createEngine(workspace, { host: testHost() }).problems).toEqual([]);
});
