/** Synthetic GraphQL APIs, XML schemas and cross-domain files as a directory has them. */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { lineOf, load, problemsOf } from './support.ts';

const SCHEMA = 'type Query { film(id: ID!): Film, all: [Film] }\ntype Film { id: ID title: String }\n';
const RESOLVER =
  '<http-data-source><http-request><set-method>GET</set-method><set-url>@("https://films.test/" + context.GraphQL.Arguments["id"])</set-url></http-request></http-data-source>';
const API = (more: object = {}) => JSON.stringify({ properties: { path: 'films', type: 'graphql', subscriptionRequired: false, ...more } });

const FILMS = {
  'apis/films/apiInformation.json': API(),
  'apis/films/specification.graphql': SCHEMA,
  'apis/films/resolvers/film/resolverInformation.json': '{"properties":{"path":"Query/film"}}',
  'apis/films/resolvers/film/policy.xml': RESOLVER,
};

const QUERY = JSON.stringify({ query: '{ film(id: 3) { id } all { id } }' });

describe('a GraphQL API', () => {
  it('with resolvers answers itself, behind the policies of inbound', async () => {
    const { call, sent } = running(load(FILMS));
    const { status, body } = await call('POST /films', { 'content-type': 'application/json' }, QUERY);
    expect([status, JSON.parse(body), sent]).toEqual([200, { data: { film: null, all: null } }, ['GET https://films.test/3']]);
  });

  it('with a service and no resolvers is passed through', async () => {
    const { call, sent } = running(
      load({ 'apis/films/apiInformation.json': API({ serviceUrl: 'https://graph.test/v1' }), 'apis/films/specification.graphql': SCHEMA }),
    );
    await call('POST /films', {}, QUERY);
    expect(sent).toEqual(['POST https://graph.test/v1']);
  });

  it('has two operations: others are not found', async () => {
    const { call } = running(load(FILMS));
    expect((await call('PUT /films')).status).toBe(404);
    expect((await call('GET /films/more')).status).toBe(404);
  });

  it.each([
    ['{"properties":{"path":"Query/fulm"}}', '1:23 PTC5011 there is no field `Query/fulm`'],
    ['{"properties":{"path":"Quary/film"}}', '1:23 PTC5011 there is no field `Quary/film`'],
  ])('wants a field for each resolver: %s', (text, problem) => {
    const { problems } = load({ ...FILMS, 'apis/films/resolvers/film/resolverInformation.json': text });
    expect(problems.map(lineOf)).toEqual([expect.stringContaining(problem)]);
  });

  it('has its resolvers checked with the rest', () => {
    const { engine } = running(load({ ...FILMS, 'apis/films/resolvers/film/policy.xml': RESOLVER.replace('GraphQL', 'Graphql') }));
    expect(engine.problems.map(lineOf)).toEqual([expect.stringMatching(/resolvers\/film\/policy\.xml:1:\d+ CS1061 /)]);
  });
});

describe('the schema of a GraphQL API', () => {
  const withSchema = (schema: string) => problemsOf({ ...FILES_WITHOUT_RESOLVERS, 'apis/films/specification.graphql': schema });
  const FILES_WITHOUT_RESOLVERS = { 'apis/films/apiInformation.json': API({ serviceUrl: 'https://graph.test' }) };

  it.each([
    ['is read', SCHEMA, []],
    [
      'must be one',
      'type Query {\n  a: Int\n  b Int\n}',
      ['3:5 PTC5147 the GraphQL schema cannot be read: Syntax Error: Expected ":", found Name "Int"'],
    ],
    [
      'should know its types',
      'type Query {\n  a: Itn\n}',
      ['2:6 warning PTC5148 the GraphQL schema does not hold together: Unknown type "Itn". Did you mean "Int" or "ID"?'],
    ],
    ['has a size', `# ${'x'.repeat(4 * 1024 * 1024)}\n${SCHEMA}`, ['1:1 PTC5149 the schema has more than 4194304 bytes']],
  ])('%s', (_name, schema, expected) => {
    expect(withSchema(schema)).toEqual(expected.map((line) => `apis/films/specification.graphql:${line}`));
  });
});

const XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:int"/></xs:schema>';

it('an XML schema of the service validates bodies', async () => {
  const workspace = load({
    'schemas/ints/schemaInformation.json': JSON.stringify({ properties: { schemaType: 'xml', value: XSD } }),
    'policy.xml':
      '<policies><inbound><validate-content unspecified-content-type-action="prevent" max-size="100" size-exceeded-action="prevent"><content type="text/xml" validate-as="xml" schema-id="ints" action="prevent" /></validate-content></inbound></policies>',
    'portico.yaml': 'backend: https://back.test',
  });
  expect(workspace.problems).toEqual([]);
  const { call } = running(workspace);
  expect((await call('POST /', { 'content-type': 'text/xml' }, '<a>1</a>')).status).toBe(200);
  expect((await call('POST /', { 'content-type': 'text/xml' }, '<a>x</a>')).body).toContain("The 'a' element is invalid");
});

it('the file of cross-domain lies outside of every API', async () => {
  const { call } = running(
    load({
      ...FILMS,
      'policy.xml':
        '<policies><inbound><cross-domain><cross-domain-policy /></cross-domain></inbound><backend><forward-request /></backend></policies>',
    }),
  );
  const { status, body } = await call('GET /crossdomain.xml');
  expect([status, body]).toEqual([200, '<cross-domain-policy></cross-domain-policy>']);
  expect((await call('GET /other.xml')).status).toBe(404);
});

describe('stand-ins of portico.yaml', () => {
  const SQL =
    '<sql-data-source><connection-info><connection-string>Server=a;Database=b</connection-string></connection-info><request><sql-statement>SELECT 1</sql-statement></request></sql-data-source>';

  it('take statements and Service Fabric calls', async () => {
    const { call, sent } = running(
      load({
        ...FILMS,
        'apis/films/resolvers/film/policy.xml': SQL,
        'policy.xml':
          '<policies><inbound><choose><when condition="@(context.Request.Headers.ContainsKey("X-Fabric"))"><set-backend-service base-url="https://a.test" sf-service-instance-name="fabric:/a" /></when></choose></inbound><backend><forward-request /></backend></policies>',
        'apis/other/apiInformation.json': '{"properties":{"path":"other","subscriptionRequired":false,"serviceUrl":"https://b.test"}}',
        'portico.yaml': 'stand-ins: { sql: "http://sql.test/q", service-fabric: { "fabric:/a": "http://fabric.test" } }',
      }),
    );
    await call('POST /films', {}, QUERY);
    await call('GET /other/x', { 'X-Fabric': '1' });
    expect(sent).toEqual(['POST http://sql.test/q', 'GET http://fabric.test/x']);
  });

  it('must be URLs under names that are known', () => {
    expect(problemsOf({ ...FILMS, 'portico.yaml': 'stand-ins: { sql: nowhere, cosmos: "http://a" }' })).toEqual([
      expect.stringContaining('`nowhere`'),
      expect.stringContaining('PTC5005'),
    ]);
  });
});
