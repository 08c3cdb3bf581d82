/** A folder as the APIOps toolkit exports one, with an API of every kind: each call answers as it would in the service. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Running, running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const open = (path: string, more: object = {}) =>
  json({ path, serviceUrl: `https://${path}.internal`, protocols: ['https'], subscriptionRequired: false, ...more });
const openApi = (...paths: readonly string[]) =>
  JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'x', version: '1' },
    servers: [{ url: 'https://contoso.azure-api.net/elsewhere' }],
    paths: Object.fromEntries(
      paths.map((line) => {
        const [id, method = '', path = ''] = line.split(' ');
        return [path, { [method]: { operationId: id, responses: { 200: { description: 'ok' } } } }];
      }),
    ),
  });
const policy = (inbound: string) =>
  `<policies>\n\t<inbound>\n\t\t${inbound}\n\t</inbound>\n\t<backend>\n\t\t<base />\n\t</backend>\n</policies>`;
const header = (name: string, value: string) => `<set-header name="${name}"><value>${value}</value></set-header>`;

const WSDL = `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
  <wsdl:binding name="b"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Ask"><soap:operation soapAction="urn:ask"/></wsdl:operation></wsdl:binding>
</wsdl:definitions>`;
const WADL = `<application xmlns="http://wadl.dev.java.net/2009/02"><resources base="https://old.internal">
  <resource path="/{id}"><method id="read" name="GET"/></resource></resources></application>`;

const FOLDER: FileTexts = {
  'policy.xml': `<policies><inbound>${header('X-Global', '{{stage}}')}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`,
  'named values/5f1e/namedValueInformation.json': json({ displayName: 'stage', value: 'test', secret: false, tags: [] }),
  'named values/5f2e/namedValueInformation.json': json({ displayName: 'jobs_key', secret: true, tags: [] }),
  'version sets/5f3e/versionSetInformation.json': json({ displayName: 'shop', versioningScheme: 'Segment' }),
  'backends/jobs/backendInformation.json': json({
    url: 'https://jobs.internal/api',
    protocol: 'http',
    resourceId: 'https://management.azure.com/subscriptions/[id]/resourceGroups/rg/providers/Microsoft.Web/sites/jobs',
    credentials: { header: { 'x-functions-key': ['{{jobs_key}}'] } },
  }),
  'apis/shop/apiInformation.json': open('shop', {
    apiVersionSetId: '/subscriptions/[id]/apiVersionSets/5f3e',
    apiRevision: '1',
    isCurrent: true,
  }),
  'apis/shop/specification.json': openApi('list get /items'),
  'apis/shop;rev=2/apiInformation.json': open('shop', { apiRevision: '2', serviceUrl: 'https://shop-next.internal' }),
  'apis/shop;rev=2/specification.json': openApi('list get /items', 'details get /items/{id}'),
  'apis/shop;rev=2/operations/list/policy.xml': policy(header('X-Revision', '2')),
  'apis/shop-v2/apiInformation.json': open('shop', {
    apiVersion: 'v2',
    apiVersionSetId: '/apiVersionSets/5f3e',
    subscriptionRequired: true,
  }),
  'apis/shop-v2/specification.json': openApi('list get /items'),
  'apis/jobs/apiInformation.json': open('jobs'),
  'apis/jobs/specification.json': openApi('post-job post /start'),
  'apis/jobs/operations/post-job/policy.xml': policy('<base /><set-backend-service id="apim-generated-policy" backend-id="jobs" />'),
  'apis/flow/apiInformation.json': open('flow'),
  'apis/flow/specification.json': openApi('invoke get /manual/paths/invoke'),
  'apis/flow/operations/invoke/policy.xml': policy(
    '<rewrite-uri template="/manual/paths/invoke/?api-version=2016-06-01&amp;sp=/triggers/manual/run&amp;sig={{jobs_key}}" />',
  ),
  'apis/graph/apiInformation.json': open('graph', { type: 'graphql', serviceUrl: 'https://graph.internal/graphql/' }),
  'apis/graph/specification.graphql': 'type Query { hello: String }',
  'apis/soap/apiInformation.json': open('soap', { type: 'soap', serviceUrl: 'https://soap.internal/service' }),
  'apis/soap/specification.wsdl': WSDL,
  'apis/old/apiInformation.json': open('old'),
  'apis/old/specification.wadl': WADL,
  'apis/all/apiInformation.json': open('', { serviceUrl: 'https://root.internal' }),
  'apis/all/specification.json': openApi('status get /status'),
  'products/starter/productInformation.json': json({ displayName: 'Starter', state: 'published', subscriptionRequired: true }),
  'products/starter/apis.json': '[{ "name": "shop-v2" }]',
  'products/starter/groups.json': '[{ "name": "developers" }]',
  'products/starter/policy.xml': policy(`<base />${header('X-Product', '@(context.Product.Name)')}`),
  'subscriptions/team/subscriptionInformation.json': json({ displayName: 'team', scope: '/products/starter', state: 'active' }),
  'tags/red/tagInformation.json': json({ displayName: 'Red' }),
  'apis/shop/tags.json': '[{ "name": "red" }]',
  'portico.yaml': 'named-values: { jobs_key: s3cret }\nsubscriptions:\n  - { id: team, primary-key: k1 }\n',
};

describe('an exported folder', () => {
  let gateway: Running;
  beforeAll(() => {
    gateway = running(load(FOLDER));
  });

  it('has no problems', () => expect(gateway.engine.problems.filter(({ severity }) => severity === 'error')).toEqual([]));

  const KEY = { 'Ocp-Apim-Subscription-Key': 'k1' };
  it.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    ['GET /status', {}, 'GET https://root.internal/status', ['X-Global: test']],
    ['GET /shop/items?a=1', {}, 'GET https://shop.internal/items?a=1', ['X-Global: test']],
    ['GET /shop;rev=2/items', {}, 'GET https://shop-next.internal/items', ['X-Revision: 2']],
    ['GET /shop;rev=2/items/7', {}, 'GET https://shop-next.internal/items/7', ['X-Global: test']],
    ['GET /shop/v2/items', KEY, 'GET https://shop.internal/items', ['X-Global: test', 'X-Product: Starter']],
    ['POST /jobs/start', {}, 'POST https://jobs.internal/api/start', ['X-Global: test', 'x-functions-key: s3cret']],
    [
      'GET /flow/manual/paths/invoke',
      {},
      'GET https://flow.internal/manual/paths/invoke/?api-version=2016-06-01&sp=/triggers/manual/run&sig=s3cret',
      [],
    ],
    ['POST /graph', { 'Content-Type': 'application/json' }, 'POST https://graph.internal/graphql/', ['X-Global: test']],
    ['POST /soap', { SOAPAction: '"urn:ask"' }, 'POST https://soap.internal/service', ['X-Global: test']],
    ['POST /soap?soapAction=urn:ask', {}, 'POST https://soap.internal/service?soapAction=urn:ask', ['X-Global: test']],
    ['GET /old/7', {}, 'GET https://old.internal/7', ['X-Global: test']],
  ])('%s', async (line, headers, sent, written) => {
    const { status } = await gateway.call(line, headers);
    expect([status, gateway.sent.at(-1)]).toEqual([200, sent]);
    const raw = gateway.requests.at(-1)?.headers ?? [];
    const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []));
    expect(pairs.filter((pair) => /^(?:X-(?:Global|Revision|Product)|x-functions-key):/.test(pair))).toEqual(written);
  });

  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['GET /shop/items/7', {}, 404],
    ['GET /shop;rev=3/items', {}, 404],
    ['GET /shop/v3/items', {}, 404],
    ['GET /shop/v2/items', {}, 401],
    ['GET /shop/v2/items', { 'Ocp-Apim-Subscription-Key': 'other' }, 401],
    ['GET /shop/items', KEY, 401],
    ['PUT /jobs/start', {}, 404],
    ['POST /soap', { SOAPAction: 'urn:other' }, 404],
    ['POST /graph/more', {}, 404],
    ['POST /old/7', {}, 404],
  ])('refuses %s with %j: %i', async (line, headers, status) => {
    const before = gateway.sent.length;
    expect((await gateway.call(line, headers)).status).toBe(status);
    expect(gateway.sent).toHaveLength(before);
  });
});
