/** Every folder layout, in shapes that public repositories have; each loads without a problem and answers. */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, lineOf, load, POLICY, problemsOf } from './support.ts';

const OPENAPI =
  'openapi: 3.0.1\ninfo: { title: t, version: "1" }\npaths:\n  /items:\n    get: { operationId: get-items, responses: {} }\n    post: { operationId: create-item, responses: {} }\n';

/** The shapes of the toolkit's sample artifacts: versions, revisions, SOAP, GraphQL, WADL, secrets, links of both ages. */
const TOOLKIT: FileTexts = {
  'policy.xml':
    '<policies>\n\t<inbound />\n\t<backend>\n\t\t<forward-request />\n\t</backend>\n\t<outbound />\n\t<on-error />\n</policies>',
  'apis/basic-api/apiInformation.json': json({
    path: 'basic-api',
    apiRevision: '1',
    authenticationSettings: {},
    displayName: 'Basic',
    protocols: ['https'],
    serviceUrl: 'https://basic.example',
    subscriptionRequired: false,
    subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
  }),
  'apis/basic-api/specification.yaml': OPENAPI,
  'apis/basic-api/policy.xml':
    '<policies><inbound><base /><include-fragment fragment-id="ForwardContext" /><set-header name="env"><value>{{environment}}</value></set-header></inbound><outbound><base /></outbound></policies>',
  'apis/basic-api/operations/get-items/policy.xml': POLICY,
  'apis/basic-api/operations/create-item/policy.xml':
    '<policies><inbound><base /><set-backend-service backend-id="backend1" /></inbound></policies>',
  'apis/basic-api/tags.json': '[{ "name": "tag1" }]',
  'apis/graphql-api/apiInformation.json': json({
    path: 'graphql',
    type: 'graphql',
    serviceUrl: 'https://graphql.example',
    subscriptionRequired: false,
  }),
  'apis/graphql-api/specification.graphql': 'type Query { hero: String }',
  'apis/soap-api/apiInformation.json': json({
    path: 'soap-api',
    type: 'soap',
    serviceUrl: 'https://soap.example',
    subscriptionRequired: false,
  }),
  'apis/wadl-api/apiInformation.json': json({ path: 'wadl-api', subscriptionRequired: false }),
  'apis/wadl-api/specification.wadl':
    '<?xml version="1.0"?>\n<application xmlns="http://wadl.dev.java.net/2009/02"><resources base="https://wadl.example/base"><resource path="/state"><method id="get-state" name="GET" /><resource path="{id}"><method name="DELETE" /></resource></resource></resources></application>',
  'apis/revisioned/apiInformation.json': json({
    path: 'revisioned',
    apiRevision: '1',
    serviceUrl: 'https://r1.example',
    isCurrent: true,
    subscriptionRequired: false,
  }),
  'apis/revisioned/specification.yaml': OPENAPI,
  'apis/revisioned;rev=2/apiInformation.json': json({
    path: 'revisioned',
    apiRevision: '2',
    serviceUrl: 'https://r2.example',
    subscriptionRequired: false,
  }),
  'apis/revisioned;rev=2/specification.yaml': OPENAPI,
  'apis/revisioned;rev=2/policy.xml': POLICY,
  'apis/versioned-v1/apiInformation.json': json({
    path: 'versioned/v1',
    apiVersion: 'v1',
    apiVersionSetId: '/apiVersionSets/set1',
    serviceUrl: 'https://v1.example',
    subscriptionRequired: false,
  }),
  'apis/versioned-v1/specification.json':
    '{ "swagger": "2.0", "info": { "title": "t", "version": "1" }, "paths": { "/x": { "get": { "responses": {} } } } }',
  'version sets/set1/versionSetInformation.json': json({ displayName: 'set', versioningScheme: 'Segment' }),
  'version sets/6286439d9a310d01468c083c/apiVersionSetInformation.json': json({
    displayName: 'old',
    versioningScheme: 'Header',
    versionHeaderName: 'v',
  }),
  'products/starter/productInformation.json': json({
    displayName: 'Starter',
    state: 'published',
    subscriptionRequired: true,
    subscriptionsLimit: 1,
  }),
  'products/starter/apis.json': '[{ "name": "basic-api" }]',
  'products/starter/groups.json': '[{ "name": "developers" }]',
  'products/product1/productInformation.json': json({ displayName: 'One', state: 'notPublished' }),
  'products/product1/apis/revisioned/productApiInformation.json': '{}',
  'products/product1/groups/guests/productGroupInformation.json': '{}',
  'products/product1/policy.xml': POLICY,
  'backends/backend1/backendInformation.json': json({
    url: 'https://backend1.example',
    protocol: 'http',
    credentials: { header: { 'x-functions-key': ['{{key}}'] } },
    resourceId: 'https://management.azure.com/x',
  }),
  'named values/6282504e4634611254a46fe1/namedValueInformation.json': json({
    displayName: 'environment',
    value: 'dev',
    secret: false,
    tags: ['a'],
  }),
  'named values/key/namedValueInformation.json': json({ displayName: 'key', value: 'k', secret: true }),
  'policy fragments/ForwardContext/policy.xml': '<fragment><set-header name="x-forward"><value>1</value></set-header></fragment>',
  'policy fragments/ForwardContext/policyFragmentInformation.json': json({ description: 'd' }),
  'loggers/azuremonitor/loggerInformation.json': json({ loggerType: 'azureMonitor' }),
  'diagnostics/azuremonitor/diagnosticInformation.json': json({ loggerId: '/loggers/azuremonitor' }),
  'gateways/gw/gatewayInformation.json': json({ locationData: { name: 'x' } }),
  'gateways/gw/apis/basic-api/gatewayApiInformation.json': '{}',
  'groups/developers/groupInformation.json': json({ displayName: 'Developers' }),
  'tags/tag1/tagInformation.json': json({ displayName: 'Tag' }),
  'tags/tag1/apis/basic-api/tagApiInformation.json': '{}',
  'tags/tag1/products/starter/tagProductInformation.json': '{}',
  'subscriptions/all/subscriptionInformation.json': json({ scope: '/apis', state: 'active' }),
};

describe("the toolkit's layout", () => {
  it('loads in all its shapes and answers', async () => {
    const workspace = load(TOOLKIT);
    const doubled =
      'apis/versioned-v1/apiInformation.json:1:23 warning PTC5178 `versioned/v1` ends in the version `v1`, which follows the path once more: `/versioned/v1/v1`';
    expect(workspace.problems.map(lineOf)).toEqual([doubled]);
    const gateway = running(workspace);
    expect(gateway.engine.problems.map(lineOf)).toEqual([doubled]);
    const lines = [
      'GET /basic-api/items',
      'POST /basic-api/items',
      'POST /graphql',
      'POST /soap-api',
      'GET /wadl-api/state',
      'DELETE /wadl-api/state/7',
      'GET /revisioned/items',
      'GET /revisioned;rev=2/items',
      'GET /versioned/v1/v1/x',
    ];
    for (const line of lines) expect([line, (await gateway.call(line)).status]).toEqual([line, 200]);
    expect(gateway.sent).toEqual([
      'GET https://basic.example/items',
      'POST https://backend1.example/items',
      'POST https://graphql.example/',
      'POST https://soap.example/',
      'GET https://wadl.example/base/state',
      'DELETE https://wadl.example/base/state/7',
      'GET https://r1.example/items',
      'GET https://r2.example/items',
      'GET https://v1.example/x',
    ]);
    expect(gateway.requests[1]?.headers).toContain('x-functions-key');
    expect(workspace.notices?.map(({ code }) => code)).toEqual(['PTC5128']);
  });
});

describe("the CLI's layout", () => {
  const CLI: FileTexts = {
    'apis/orders/apiInformation.json': json({ path: 'orders', serviceUrl: 'https://o.example', subscriptionRequired: false }),
    'apis/orders/operations/get/operationInformation.json': json({
      method: 'GET',
      urlTemplate: '/{id}',
      displayName: 'Get',
      templateParameters: [{ name: 'id', type: 'string', required: true, values: [] }],
    }),
    'apis/orders/operations/get/policy.xml': POLICY,
    'apis/orders/operations/get/tags/t/tagInformation.json': '{}',
    'apis/orders/wiki.md': '# wiki',
    'apis/people/apiInformation.json': json({ path: 'people', type: 'graphql', subscriptionRequired: false }),
    'apis/people/resolvers/query-hero/resolverInformation.json': json({ displayName: 'hero', path: 'Query/hero' }),
    'apis/people/resolvers/query-hero/policy.xml':
      '<http-data-source><http-request><set-method>GET</set-method><set-url>https://x.example</set-url></http-request></http-data-source>',
    'apis/people/schemas/graphql/schemaInformation.json': json({
      contentType: 'application/vnd.ms-azure-apim.graphql.schema',
      document: { value: 'type Query { hero: String }' },
    }),
    'products/gold/productInformation.json': json({ displayName: 'Gold' }),
    'products/gold/apis.json': '[{ "name": "orders", "scope": "service" }]',
    'namedValues/a/namedValueInformation.json': json({ displayName: 'secret', secret: true, value: '*** REDACTED ***' }),
    'policyFragments/shared/policyFragmentInformation.json': json({
      format: 'rawxml',
      value: '<fragment>\n  <set-header name="a"><value>@("x")</value></set-header>\n</fragment>',
    }),
    'versionSets/v/versionSetInformation.json': json({ versioningScheme: 'Segment' }),
    'schemas/person/schemaInformation.json': json({ schemaType: 'json', document: { type: 'object' } }),
    'policyRestrictions/r/policyRestrictionInformation.json': json({ scope: '/products/gold', requireBase: 'true' }),
    'documentations/d/documentationInformation.json': json({ title: 't', content: 'c' }),
    'portico.yaml': 'named-values: { secret: s }',
  };

  it('loads with fragments inside JSON, resolvers, operations and links', () => {
    const workspace = load(CLI);
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(running(workspace).engine.problems.map(lineOf)).toEqual([]);
    expect([...workspace.fragments.keys()]).toEqual(['shared']);
    expect(workspace.apis[1]).toMatchObject({
      kind: 'graphql',
      resolvers: [{ type: 'Query', field: 'hero' }],
      info: { graphqlSchema: 'type Query { hero: String }' },
    });
    expect(workspace.products[0]?.apiIds).toEqual(new Set(['orders']));
    expect(workspace.schemas.has('person')).toBe(true);
  });

  it('reads what is MCP about an API from its own file, too, with errors there', () => {
    const server = (more: object) => ({
      'apis/orders/apiInformation.json': json({ path: 'orders', serviceUrl: 'https://o.example', subscriptionRequired: false }),
      'apis/orders/operations/get/operationInformation.json': json({ method: 'GET', urlTemplate: '/x' }),
      'apis/tools/apiInformation.json': json({ path: 'tools', type: 'mcp', subscriptionRequired: false }),
      'apis/tools/mcpServerInformation.json': json(more),
    });
    const tools = server({ mcpTools: [{ name: 'one', operationId: '/apis/orders/operations/get' }] });
    const { problems, apis } = load(tools);
    expect(problems.map(lineOf)).toEqual([]);
    expect(apis.find(({ info }) => info.id === 'tools')?.tools?.map(({ name }) => name)).toEqual(['one']);
    const endpoint = { mcpProperties: { endpoints: { mcp: { uriTemplate: '/x' } } } };
    expect(problemsOf(server({ backendId: 'gone', ...endpoint }))).toEqual([
      'apis/tools/mcpServerInformation.json:1:28 PTC5011 there is no backend `gone`',
    ]);
  });

  it('does not take a redacted secret for its value', () => {
    const mentions = '<policies><inbound><set-body>{{secret}}</set-body></inbound></policies>';
    expect(problemsOf({ ...CLI, 'policy.xml': mentions, 'portico.yaml': '' })).toEqual([
      'namedValues/a/namedValueInformation.json:1:15 warning PTC5013 named value `secret` has no value here',
    ]);
  });

  it('points into the JSON file that holds a fragment', () => {
    const value = '<fragment>\n  <nope />\n</fragment>';
    const text = JSON.stringify({ properties: { format: 'rawxml', value } });
    const workspace = load({
      'policy.xml': '<policies><inbound><include-fragment fragment-id="f" /></inbound></policies>',
      'policyFragments/f/policyFragmentInformation.json': text,
    });
    expect(running(workspace).engine.problems.map(lineOf)[0]).toMatch(
      new RegExp(`^policyFragments/f/policyFragmentInformation\\.json:1:${text.indexOf('nope') + 1} PTC1001 `),
    );
  });

  it('names a resolver path that leads nowhere', () => {
    expect(
      problemsOf({
        'apis/p/apiInformation.json': json({ type: 'graphql', path: 'p' }),
        'apis/p/resolvers/x/resolverInformation.json': json({ path: 'hero' }),
      })[0],
    ).toContain('PTC5003 `path` must be a type and a field');
  });
});

describe("the extension's files", () => {
  it('find their API, operation and the service', () => {
    const workspace = load({
      'contoso.policy.cshtml': POLICY,
      'contoso-orders-openapi.json': JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'Orders', version: '1' },
        servers: [{ url: 'https://o.example' }],
        paths: { '/{id}': { get: { operationId: 'getOrder', responses: {} } } },
      }),
      'contoso-orders.policy.cshtml': POLICY,
      'contoso-orders-getorder.policy.cshtml': POLICY,
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.globalPolicy?.file.name).toBe('contoso.policy.cshtml');
    expect(workspace.apis.map(({ info, policy }) => [info.id, info.path, policy !== undefined])).toEqual([['orders', 'orders', true]]);
    expect(workspace.apis[0]?.operations.map(({ info, policy }) => [info.id, policy !== undefined])).toEqual([['getOrder', true]]);
  });

  it('take one document alone', () => {
    expect(load({ 'contoso-orders.policy.cshtml': POLICY }, {}, 'contoso-orders.policy.cshtml').apis).toHaveLength(1);
  });
});

describe('workspaces', () => {
  it('are a scope between global and product, with names of their own', async () => {
    const header = (value: string) =>
      `<policies><inbound><base /><set-header name="x-path" exists-action="append"><value>${value}</value></set-header></inbound></policies>`;
    const workspace = load({
      'policy.xml': '<policies><inbound><set-header name="x-path"><value>global</value></set-header></inbound></policies>',
      'named values/n/namedValueInformation.json': json({ displayName: 'n', value: 'of the instance' }),
      'apis/plain/apiInformation.json': json({ path: 'plain', subscriptionRequired: false, serviceUrl: 'https://p.example' }),
      'workspaces/team/workspaceInformation.json': json({ displayName: 'Team' }),
      'workspaces/team/policy.xml': header('{{n}} @'),
      'workspaces/team/named values/n/namedValueInformation.json': json({ displayName: 'n', value: 'of the team' }),
      'workspaces/team/backends/b/backendInformation.json': json({ url: 'https://team.example' }),
      'workspaces/team/apis/own/apiInformation.json': json({ path: 'own', subscriptionRequired: false }),
      'workspaces/team/apis/own/policy.xml':
        '<policies><inbound><base /><set-backend-service backend-id="b" /><set-header name="x-space" exists-action="override"><value>@(context.Workspace.Name)</value></set-header></inbound></policies>',
    });
    const gateway = running(workspace);
    expect(gateway.engine.problems.map(lineOf)).toEqual([]);
    await gateway.call('GET /own/x');
    expect(gateway.sent).toEqual(['GET https://team.example/x']);
    expect(gateway.engine.backends.snapshot()).toMatchObject([{ id: 'team/b', calls: 1 }]);
    const headers = gateway.requests[0]?.headers ?? [];
    expect(headers.filter((_, at) => headers[at - 1] === 'x-path')).toEqual(['global,of the team @']);
    expect(headers[headers.indexOf('x-space') + 1]).toBe('Team');
    const blind = load({
      'backends/b/backendInformation.json': json({ url: 'https://instance.example' }),
      'named values/n/namedValueInformation.json': json({ displayName: 'n', value: 'x' }),
      'workspaces/team/apis/own/apiInformation.json': json({ path: 'own' }),
      'workspaces/team/apis/own/policy.xml':
        '<policies><inbound><set-backend-service backend-id="b" /><set-header name="x"><value>{{n}}</value></set-header></inbound></policies>',
    });
    expect(running(blind).engine.problems).toHaveLength(2);
  });
});

describe('environments of portico.yaml', () => {
  const yaml = `port: 1
named-values: { a: base, b: kept }
subscriptions: [{ id: s, primary-key: base }, { id: t, primary-key: kept }]
environments:
  dev:
    port: 2
    named-values: { a: dev }
    subscriptions: [{ id: s, primary-key: dev, scope: /apis }, { id: u, primary-key: new }]
  bad: { prot: 3 }
`;
  const files = { 'policy.xml': POLICY, 'portico.yaml': yaml.replace('  bad: { prot: 3 }\n', '') };

  it('lie over the rest', () => {
    const workspace = load(files, { environmentName: 'dev' });
    expect(workspace.local.port).toBe(2);
    expect([...workspace.namedValues.values()].map(({ name, value }) => `${name}=${value}`)).toEqual(['a=dev', 'b=kept']);
    expect(workspace.subscriptions.map(({ info }) => `${info.id}=${info.primaryKey}`)).toEqual(['s=dev', 't=kept', 'u=new']);
  });

  it('are chosen by PORTICO_ENV, too', () => {
    expect(load(files, { environment: (name) => (name === 'PORTICO_ENV' ? 'dev' : undefined) }).local.port).toBe(2);
    expect(load({ 'policy.xml': POLICY }, { environment: () => 'dev' }).problems).toEqual([]);
  });

  it('are checked even when they are not chosen', () => {
    expect(problemsOf({ 'policy.xml': POLICY, 'portico.yaml': yaml })).toEqual(['portico.yaml:9:10 PTC5005 `prot` is not known here']);
  });

  it('must be there when they are asked for', () => {
    expect(problemsOf(files, { environmentName: 'prod' })).toEqual(['portico.yaml:5:3 PTC5011 there is no environment `prod`']);
    expect(problemsOf({ 'policy.xml': POLICY }, { environmentName: 'prod' })).toEqual(['dir:1:1 PTC5011 there is no environment `prod`']);
  });
});

it("takes the first form of the toolkit's layout, with folders by version and revision", async () => {
  const api = (name: string, more: object) =>
    JSON.stringify({
      name,
      properties: { path: 'my', subscriptionRequired: false, serviceUrl: `https://${name.replace(/\W/g, '-')}.internal`, ...more },
    });
  const set = { apiVersionSetId: '/subscriptions/1/service/s/apiVersionSets/62' };
  const files = {
    'policy.xml': POLICY,
    'apis/My API/apiVersionSet.json': '{ "name": "62", "properties": { "versioningScheme": "Segment" } }',
    'apis/My API/Original/1/apiInformation.json': api('my', { apiRevision: '1', isCurrent: true, ...set }),
    'apis/My API/Original/1/policy.xml': POLICY,
    'apis/My API/Original/2/apiInformation.json': api('my;rev=2', { apiRevision: '2', ...set }),
    'apis/My API/v2/1/apiInformation.json': api('my-v2', { apiRevision: '1', apiVersion: 'v2', isCurrent: true, ...set }),
  };
  const workspace = load(files);
  expect(workspace.problems.map(lineOf)).toEqual([]);
  const gateway = running(workspace);
  for (const path of ['/my/x', '/my;rev=2/x', '/my/v2/x']) await gateway.call(`GET ${path}`);
  expect(gateway.sent).toEqual(['GET https://my.internal/x', 'GET https://my-rev-2.internal/x', 'GET https://my-v2.internal/x']);
});

it('calls resources of the first form by the names inside the files, others by their folders', () => {
  const named = (name: string, properties: object) => JSON.stringify({ name, properties });
  const { products, problems } = load({
    'policy.xml': POLICY,
    'products/Gold Plan/productInformation.json': named('gold', { displayName: 'Gold Plan' }),
    'products/silver/productInformation.json': named('gold', { displayName: 'Silver Plan' }),
    'products/bronze/productInformation.json': JSON.stringify({ name: 'x', displayName: 'bronze' }),
    'subscriptions/s/subscriptionInformation.json': json({ scope: '/products/gold' }),
  });
  expect(problems.map(lineOf)).toEqual([]);
  expect(products.map(({ info }) => `${info.id}: ${info.name}`)).toEqual(['gold: Gold Plan', 'bronze: bronze', 'silver: Silver Plan']);
});

describe("override files of the toolkit's publisher", () => {
  const files: FileTexts = {
    'artifacts/policy.xml': POLICY,
    'artifacts/apis/orders/apiInformation.json': json({ path: 'orders', serviceUrl: 'https://prod.example', displayName: 'Orders' }),
    'artifacts/named values/n/namedValueInformation.json': json({ displayName: 'n', value: 'prod' }),
    'artifacts/backends/b/backendInformation.json': json({ url: 'https://prod.example', credentials: { header: { a: ['1'] } } }),
    'artifacts/portico.yaml': 'environments: { dev: { configuration: ../configuration.dev.yaml } }',
    'configuration.dev.yaml': `apimServiceName: dev
apis:
  - name: orders
    properties: { serviceUrl: "https://dev.example" }
namedValues:
  - name: n
    properties: { value: "{#[DEV_VALUE]#}" }
backends:
  - name: b
    properties:
      url: https://dev.example
  - name: ghost
    properties: { url: https://x }
loggers: []
policies:
  - name: policy
    properties:
      format: rawxml
      value: |
        <policies>
          <inbound><nope /></inbound>
        </policies>
`,
  };

  it('are pointed at where their environment is asked for and nothing says it', () => {
    const { 'artifacts/portico.yaml': _, ...others } = files;
    const helps = (environmentName: string) => load(others, { environmentName }, 'artifacts').problems.map(({ help }) => help);
    expect(helps('dev')).toEqual(['write `environments: { dev: { configuration: ../configuration.dev.yaml } }` into portico.yaml']);
    expect(helps('prod')).toEqual(['add it under `environments` in portico.yaml, or correct the name']);
  });

  it('are laid over the artifacts', () => {
    const path = { environmentName: 'dev', environment: (name: string) => (name === 'DEV_VALUE' ? 'filled' : undefined) };
    const workspace = load(files, path, 'artifacts');
    expect(workspace.problems.map(lineOf)).toEqual(['configuration.dev.yaml:12:11 warning PTC5011 there is no backend `ghost`']);
    expect(workspace.apis[0]?.info.serviceUrl?.host).toBe('dev.example');
    expect(workspace.apis[0]?.info.name).toBe('Orders');
    expect(workspace.namedValues.get('n')?.value).toBe('filled');
    expect(workspace.backends.get('b')).toMatchObject({ url: 'https://dev.example', credentials: { headers: { a: ['1'] } } });
    expect(running(workspace).engine.problems.map(lineOf)).toContainEqual(
      expect.stringMatching(/^configuration\.dev\.yaml:21:21 PTC1001 /),
    );
    expect(load(files, {}, 'artifacts').apis[0]?.info.serviceUrl?.host).toBe('prod.example');
  });

  it('are laid over names in any case', () => {
    const text = 'apis:\n  - name: orders\n    properties: { ServiceURL: "https://dev.example" }\n';
    const { apis, problems } = load({ ...files, 'configuration.dev.yaml': text }, { environmentName: 'dev' }, 'artifacts');
    expect(problems).toEqual([]);
    expect(apis[0]?.info.serviceUrl?.host).toBe('dev.example');
  });

  it('may name their schema, and are told of slips', () => {
    const text = '$schema: https://x/y.json\nenvironment: { name: dev }\ngatewayz: []\napis:\n  - { name: orders, polices: [] }\n';
    const { problems } = load({ ...files, 'configuration.dev.yaml': text }, { environmentName: 'dev' }, 'artifacts');
    expect(problems.map(lineOf)).toEqual([
      'configuration.dev.yaml:3:1 warning PTC5005 `gatewayz` is not known here',
      'configuration.dev.yaml:5:21 warning PTC5005 `polices` is not known here',
    ]);
    expect(problems.map(({ help }) => help)).toEqual(['did you mean `gateways`?', 'did you mean `policies`?']);
  });

  it('tell of tokens that nothing fills in', () => {
    const text = 'namedValues:\n  - name: n\n    properties: { value: "{#[TOKEN]#}" }\n';
    const { problems } = load({ ...files, 'configuration.dev.yaml': text }, { environmentName: 'dev' }, 'artifacts');
    expect(problems.map(lineOf)).toEqual(['configuration.dev.yaml:3:17 warning PTC5007 the environment variable `TOKEN` is not set']);
    expect(problems.map(({ help }) => help)).toEqual(['set `TOKEN`, as the pipeline does before it publishes']);
  });

  it('replace lists whole', () => {
    const pool = (...ids: readonly string[]) => ({ type: 'Pool', pool: { services: ids.map((id) => ({ id: `/backends/${id}` })) } });
    const text = `backends:\n  - name: p\n    properties: { pool: { services: [{ id: /backends/c }] } }\n`;
    const backends = Object.fromEntries(
      ['b', 'c'].map((id) => [`artifacts/backends/${id}/backendInformation.json`, json({ url: `https://${id}.example` })]),
    );
    const made = {
      ...files,
      ...backends,
      'artifacts/backends/p/backendInformation.json': json(pool('b', 'c')),
      'configuration.dev.yaml': text,
    };
    const { backends: found } = load(made, { environmentName: 'dev' }, 'artifacts');
    expect(found.get('p')?.pool?.members.map(({ id }) => id)).toEqual(['c']);
  });

  it('change the revisions of an API with it', () => {
    const revision = json({ path: 'orders', apiRevision: '2', serviceUrl: 'https://prod.example/2' });
    const { apis } = load(
      { ...files, 'artifacts/apis/orders;rev=2/apiInformation.json': revision },
      { environmentName: 'dev' },
      'artifacts',
    );
    expect(apis.map(({ info }) => `${info.revision} ${info.serviceUrl}`)).toEqual(['1 https://dev.example', '2 https://dev.example']);
  });

  it.each([
    ['{#TOKEN#}', 'filled'],
    ['{# TOKEN #}-{#[TOKEN]#}', 'filled-filled'],
    ['{#[TOKEN#}', '{#[TOKEN#}'],
  ])('fill %s in as its pipeline does', (value, expected) => {
    const text = `namedValues:\n  - name: n\n    properties: { value: "${value}" }\n`;
    const options = { environmentName: 'dev', environment: (name: string) => (name === 'TOKEN' ? 'filled' : undefined) };
    expect(load({ ...files, 'configuration.dev.yaml': text }, options, 'artifacts').namedValues.get('n')?.value).toBe(expected);
  });

  it('replace the document of the instance under either name', () => {
    const text = `servicePolicies:\n  - name: policy\n    properties: { value: "<policies><inbound><nope /></inbound></policies>" }\n`;
    const workspace = load({ ...files, 'configuration.dev.yaml': text }, { environmentName: 'dev' }, 'artifacts');
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.globalPolicy?.file.text).toContain('<nope />');
  });

  it('replace fragments', () => {
    const text = `policyFragments:\n  - name: f\n    properties: { value: '<fragment><nope /></fragment>' }\n`;
    const fragment = { 'artifacts/policy fragments/f/policy.xml': '<fragment />', 'configuration.dev.yaml': text };
    const { fragments } = load({ ...files, ...fragment }, { environmentName: 'dev' }, 'artifacts');
    expect(fragments.get('f')?.file.text).toContain('<nope />');
  });

  it('switch a document to the format `xml`', () => {
    const text = 'policies:\n  - { name: policy, properties: { format: xml } }\n';
    const policy = '<policies><inbound><nope><set-method>@("PUT")</set-method><set-body>@(1 < 2)</set-body></inbound></policies>';
    const at = (environmentName?: string) =>
      problemsOf({ ...files, 'artifacts/policy.xml': policy, 'configuration.dev.yaml': text }, { environmentName }, 'artifacts');
    const asIs = at();
    expect(asIs.map((line) => line.split(' ')[1])).toEqual(['PTC0003']);
    expect(at('dev').filter((line) => !asIs.includes(line))).toEqual([
      'artifacts/policy.xml:1:73 PTC5101 format `xml` does not take `<` as it stands inside an expression',
    ]);
  });

  it('have their own places in messages', () => {
    const broken = { ...files, 'configuration.dev.yaml': 'apis:\n  - name: orders\n    properties: { serviceUrl: nowhere }\n' };
    const { problems } = load(broken, { environmentName: 'dev' }, 'artifacts');
    expect(problems.map(lineOf)).toEqual(['configuration.dev.yaml:3:31 PTC5008 `properties.serviceUrl` is not an absolute URL: `nowhere`']);
  });
});

describe('a directory without a layout', () => {
  it('names the one below it', () => {
    const { problems } = load({ 'readme.md': '', 'artifacts/policy.xml': POLICY });
    expect(problems.map(({ help }) => help)).toEqual(['write a `policy.xml` there, or name another directory, such as `artifacts`']);
  });
});

describe('files that nearly belong to the layout', () => {
  const A = { 'apis/a/apiInformation.json': json({ path: 'a' }) };
  it.each<[string, FileTexts, readonly string[]]>([
    [
      'information under another spelling',
      { 'apis/a/api_information.json': json({ path: '/x' }), 'apis/a/policy.xml': POLICY },
      ['apis/a/api_information.json:1:1 warning PTC5136 the file is not read: the layout has `apiInformation.json` in its place'],
    ],
    [
      'information as YAML',
      { 'apis/a/apiInformation.yaml': 'properties: {}', 'apis/a/policy.xml': POLICY },
      ['apis/a/apiInformation.yaml:1:1 warning PTC5136 the file is not read: the layout has `apiInformation.json` in its place'],
    ],
    [
      'a resource as a file in place of a folder',
      { ...A, 'namedValues/audience.json': json({ displayName: 'audience', value: '' }) },
      [
        'namedValues/audience.json:1:1 warning PTC5136 the file is not read: the layout has `audience/namedValueInformation.json` in its place',
      ],
    ],
    [
      'an API definition under another name',
      { ...A, 'apis/a/openapispec.yaml': '\uFEFF# mine\r\nopenapi: "3.0.1"\r\npaths: {}\r\n' },
      ['apis/a/openapispec.yaml:1:1 warning PTC5136 the file is not read: the layout has `specification.yaml` in its place'],
    ],
    [
      'an API definition under another name, as JSON',
      { ...A, 'apis/a/orders.json': '{ "swagger": "2.0", "paths": {} }' },
      ['apis/a/orders.json:1:1 warning PTC5136 the file is not read: the layout has `specification.json` in its place'],
    ],
    [
      'files that are something else',
      {
        ...A,
        'apis/a/specification.json': '{ "openapi": "3.0.1", "paths": {} }',
        'apis/a/openapi.v1.json': '{ "openapi": "3.0.1" }',
        'namedValues/list.json': '[]',
        'apis/a/notes.yaml': 'about: openapi',
      },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(problemsOf(files)).toEqual(expected);
  });
});
