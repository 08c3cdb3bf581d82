/** Who calls: one case a sentence of gateway-model section 8. */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const api = (path: string, more: object = {}) => json({ path, serviceUrl: 'https://b.internal', ...more });
const FILES: FileTexts = {
  'policy.xml':
    '<policies><inbound><set-header name="x-caller" exists-action="override"><value>@((context.Subscription?.Id ?? "-") + "/" + (context.Subscription?.Name ?? "-") + "/" + (context.Subscription?.Key ?? "-") + " " + (context.Product?.Id ?? "-") + " " + (context.User?.Id ?? "-") + ":" + string.Join(",", context.User?.Groups.Select(g => g.Name) ?? new string[0]))</value></set-header></inbound><backend><forward-request /></backend><outbound /><on-error><set-header name="x-error" exists-action="override"><value>@(context.LastError.Source + " " + context.LastError.Reason + " " + context.LastError.Message + " " + (context.Product == null))</value></set-header></on-error></policies>',
  'apis/orders/apiInformation.json': api('shop/orders'),
  'apis/other/apiInformation.json': api('other'),
  'apis/open/apiInformation.json': api('open', { subscriptionRequired: false }),
  'apis/free/apiInformation.json': api('free'),
  'apis/named/apiInformation.json': api('named', { subscriptionKeyParameterNames: { header: 'X-Key', query: 'key' } }),
  'products/gold/productInformation.json': json({ displayName: 'Gold', state: 'notPublished' }),
  'products/gold/apis/orders/productApiInformation.json': '{}',
  'products/silver/productInformation.json': json({ displayName: 'Silver', state: 'published' }),
  'products/silver/apis/orders/productApiInformation.json': '{}',
  'products/public/productInformation.json': json({ displayName: 'Public', subscriptionRequired: false }),
  'products/public/apis/free/productApiInformation.json': '{}',
  'groups/developers/groupInformation.json': json({ displayName: 'Developers' }),
  'groups/developers/users.json': '[{ "name": "ben" }]',
  'users/ben/userInformation.json': json({ email: 'ben@example.org', firstName: 'Ben' }),
  'subscriptions/exported/subscriptionInformation.json': json({
    scope: '/apis/orders',
    displayName: 'Exported',
    state: 'active',
    ownerId: '/users/ben',
  }),
  'subscriptions/audited/subscriptionInformation.json': json({
    scope: '/apis',
    state: 'active',
    expirationDate: '2020-01-01T00:00:00Z',
    endDate: '2020-01-01T00:00:00Z',
  }),
  'subscriptions/sleeping/subscriptionInformation.json': json({ scope: '/apis', displayName: 'Sleeping', state: 'suspended' }),
  'groups/vips/groupInformation.json': json({ displayName: 'Very important' }),
  'subscriptions/of-ana/subscriptionInformation.json': json({ scope: '/apis', state: 'active', ownerId: '/users/ana' }),
  'subscriptions/of-cai/subscriptionInformation.json': json({ scope: '/apis', state: 'active', ownerId: '/users/cai' }),
  'portico.yaml': `users:
  - { id: ana, email: ana@example.org, groups: [Developers, Staff] }
  - { id: cai, registration-date: 2026-01-31, groups: [vips] }
subscriptions:
  - { id: gold, primary-key: gold-1, secondary-key: gold-2, scope: /products/gold, user: ana, name: Gold of Ana }
  - { id: silver, primary-key: silver-1, scope: /products/silver }
  - { id: one-api, primary-key: api-1, scope: /apis/orders }
  - { id: all, primary-key: all-1, scope: /apis }
  - { id: off, primary-key: off-1, scope: /apis, state: suspended }
  - { id: over, primary-key: over-1, scope: /apis, start: 2019-01-01T00:00:00Z, end: 2020-01-01T00:00:00Z }
  - { id: later, primary-key: later-1, scope: /apis, start: 2999-01-01T00:00:00Z }
  - { id: expired, primary-key: expired-1, scope: /apis, state: expired, end: 2999-01-01T00:00:00Z }
  - { id: audited, primary-key: audited-1 }
  - { id: exported, primary-key: exported-1 }
  - { id: sleeping, primary-key: sleeping-1 }
  - { id: of-ana, primary-key: of-ana-1 }
  - { id: of-cai, primary-key: of-cai-1 }
`,
};
const workspace = load(FILES);
const gateway = running(workspace);
const KEY = 'Ocp-Apim-Subscription-Key';
const INVALID =
  '401 authorization SubscriptionKeyInvalid Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription. True';
const MISSING =
  '401 authorization SubscriptionKeyNotFound Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API. True';

async function caller(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = gateway.requests.length;
  const answer = await gateway.call(`GET ${path}`, headers);
  const request = gateway.requests[before];
  if (!request) return `${answer.status} ${answer.header('x-error')}`;
  return request.headers[request.headers.indexOf('x-caller') + 1] ?? '';
}

describe('a key', () => {
  it('loads without problems', () => expect(workspace.problems).toEqual([]));

  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['in the header opens', '/shop/orders', { [KEY]: 'all-1' }, 'all/all/all-1 - -:'],
    ['in the query opens', '/shop/orders?subscription-key=all-1', {}, 'all/all/all-1 - -:'],
    ['in the query counts only without the header', '/shop/orders?subscription-key=all-1', { [KEY]: 'wrong' }, INVALID],
    ['may have other names', '/named', { 'X-Key': 'all-1' }, 'all/all/all-1 - -:'],
    ['may have another name in the query', '/named?key=all-1', {}, 'all/all/all-1 - -:'],
    ['under the usual name is none where names are others', '/named', { [KEY]: 'all-1' }, MISSING],
    ['of a product brings product and owner', '/shop/orders', { [KEY]: 'gold-1' }, 'gold/Gold of Ana/gold-1 gold ana:Developers,Staff'],
    ['that is the secondary one counts as much', '/shop/orders', { [KEY]: 'gold-2' }, 'gold/Gold of Ana/gold-2 gold ana:Developers,Staff'],
    ['selects its own of several products', '/shop/orders', { [KEY]: 'silver-1' }, 'silver/silver/silver-1 silver -:'],
    ['of a product without the API is refused', '/other', { [KEY]: 'gold-1' }, INVALID],
    ['of an API brings no product', '/shop/orders', { [KEY]: 'api-1' }, 'one-api/one-api/api-1 - -:'],
    ['of another API is refused', '/other', { [KEY]: 'api-1' }, INVALID],
    ['that is unknown is refused', '/shop/orders', { [KEY]: 'nobody' }, INVALID],
    ['of a suspended subscription is refused', '/shop/orders', { [KEY]: 'off-1' }, INVALID],
    ['of an expired subscription is refused', '/shop/orders', { [KEY]: 'expired-1' }, INVALID],
    ['opens behind its end while the state is active', '/shop/orders', { [KEY]: 'over-1' }, 'over/over/over-1 - -:'],
    ['opens before its start while the state is active', '/shop/orders', { [KEY]: 'later-1' }, 'later/later/later-1 - -:'],
    ['opens behind exported dates while the state is active', '/shop/orders', { [KEY]: 'audited-1' }, 'audited/audited/audited-1 - -:'],
    ['that is wrong is refused even where none is needed', '/open', { [KEY]: 'nobody' }, INVALID],
    ['that is right brings its subscription even where none is needed', '/open', { [KEY]: 'all-1' }, 'all/all/all-1 - -:'],
    ['left out is missing', '/shop/orders', {}, MISSING],
    ['left out is no matter for an open API', '/open', {}, '-/-/- - -:'],
    ['left out gives the product that needs none, without user and subscription', '/free', {}, '-/-/- public -:'],
    [
      'of portico.yaml opens what the exported subscription says',
      '/shop/orders',
      { [KEY]: 'exported-1' },
      'exported/Exported/exported-1 - ben:Developers',
    ],
    [
      'of an exported subscription belongs to the user of portico.yaml',
      '/open',
      { [KEY]: 'of-ana-1' },
      'of-ana/of-ana/of-ana-1 - ana:Developers,Staff',
    ],
    [
      'of a user in an exported group brings its display name',
      '/open',
      { [KEY]: 'of-cai-1' },
      'of-cai/of-cai/of-cai-1 - cai:Very important',
    ],
    ['in the query ignores the case of its name', '/shop/orders?Subscription-Key=all-1', {}, 'all/all/all-1 - -:'],
    ['of an exported subscription opens nothing else', '/other', { [KEY]: 'exported-1' }, INVALID],
    ['keeps the exported state', '/shop/orders', { [KEY]: 'sleeping-1' }, INVALID],
  ])('%s', async (_what, path, headers, expected) => expect(await caller(path, headers)).toBe(expected));

  it('is asked for with exact texts', async () => {
    const missing = await gateway.call('GET /shop/orders?x=1');
    expect(missing.body).toBe(
      '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API." }',
    );
    expect(new TextEncoder().encode(missing.body)).toHaveLength(152);
    expect(missing.header('Content-Type')).toBe('application/json');
    expect(missing.header('WWW-Authenticate')).toBe(
      'AzureApiManagementKey realm="https://gateway.test/shop/orders",name="Ocp-Apim-Subscription-Key",type="header"',
    );
    const invalid = await gateway.call('GET /named', { 'X-Key': 'no' });
    expect(new TextEncoder().encode(invalid.body)).toHaveLength(143);
    expect(invalid.header('WWW-Authenticate')).toBe('AzureApiManagementKey realm="https://gateway.test/named",name="X-Key",type="header"');
  });

  it('goes on to the backend', async () => {
    await gateway.call('GET /shop/orders?subscription-key=all-1');
    expect(gateway.sent.at(-1)).toBe('GET https://b.internal/?subscription-key=all-1');
  });
});
