/** Packages that load when a policy first needs them come out of the built bundle in another shape than from node_modules. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

const definition = (version: string) =>
  `openapi: ${version}\ninfo: { title: a, version: "1" }\npaths: { /: { post: { operationId: post, requestBody: { content: { application/json: { schema: { type: object, required: [a] } } } }, responses: { "200": { description: OK } } } } }\n`;

const VALIDATE =
  '<validate-content unspecified-content-type-action="prevent" max-size="100" size-exceeded-action="prevent"><content type="application/json" validate-as="json" action="prevent" /></validate-content>';

const api = (path: string, more = '') =>
  `{"properties":{"path":"${path}","subscriptionRequired":false,"serviceUrl":"https://back.test"${more}}}`;

const FILES = {
  'apis/old/apiInformation.json': api('old'),
  'apis/old/specification.yaml': definition('3.0.3'),
  'apis/old/policy.xml': documentWith(VALIDATE),
  'apis/new/apiInformation.json': api('new'),
  'apis/new/specification.yaml': definition('3.1.0'),
  'apis/new/policy.xml': documentWith(VALIDATE),
  'apis/graph/apiInformation.json': api('graph', ',"type":"graphql"'),
  'apis/graph/specification.graphql': 'type Query { a: Int }\n',
  'apis/graph/policy.xml': documentWith('<validate-graphql-request />'),
  'schemas/x/schemaInformation.json':
    '{"properties":{"schemaType":"xml","value":"<xs:schema xmlns:xs=\\"http://www.w3.org/2001/XMLSchema\\"><xs:element name=\\"a\\" type=\\"xs:int\\"/></xs:schema>"}}',
  'apis/xml/apiInformation.json': api('xml'),
  'apis/xml/policy.xml': documentWith(
    '<validate-content unspecified-content-type-action="prevent" max-size="100" size-exceeded-action="prevent"><content type="application/xml" validate-as="xml" schema-id="x" action="prevent" /></validate-content>',
  ),
  'all.test.yaml': `suite: packages
policies: .
tests:
  - { name: JSON schema, request: { method: POST, url: /old, json: { a: 1 } }, expect: { status: 200 } }
  - { name: JSON schema that refuses, request: { method: POST, url: /old, json: { b: 1 } }, expect: { status: 400 } }
  - { name: JSON schema of 3.1, request: { method: POST, url: /new, json: { a: 1 } }, expect: { status: 200 } }
  - { name: GraphQL, request: { method: POST, url: /graph, json: { query: "{ a }" } }, expect: { status: 200 } }
  - { name: XML schema, request: { method: POST, url: /xml, xml: "<a>1</a>" }, expect: { status: 200 } }
  - { name: XML schema that refuses, request: { method: POST, url: /xml, xml: "<a>b</a>" }, expect: { status: 400 } }
`,
};

let directory = directoryWith({});
beforeAll(() => {
  directory = directoryWith(FILES);
});
afterAll(() => directory.remove());

it('validates as the sources do', async () => {
  const { code, out } = await portico(['test', '.'], { cwd: directory.path });
  expect([code, out]).toEqual([0, expect.stringContaining('6 tests passed, 0 failed')]);
});
