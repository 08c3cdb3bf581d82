/** CORS preflights over the scopes: what answers, before any key is asked for (policies-a, cors). */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const cors = (origin: string) =>
  `<policies><inbound><cors><allowed-origins><origin>https://${origin}.test</origin></allowed-origins></cors><base /><set-header name="x-ran" exists-action="override"><value>yes</value></set-header></inbound></policies>`;
const apiOf = (path: string, subscriptionRequired: boolean) => json({ path, subscriptionRequired, serviceUrl: 'https://b.internal' });
const get = json({ method: 'GET', urlTemplate: '/{id}', displayName: 'get' });
const FILES: FileTexts = {
  'apis/closed/apiInformation.json': apiOf('closed', true),
  'apis/closed/operations/get/operationInformation.json': get,
  'apis/closed/operations/get/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'apis/closed/policy.xml': cors('api'),
  'apis/plain/apiInformation.json': apiOf('plain', true),
  'apis/plain/operations/get/operationInformation.json': get,
  'apis/free/apiInformation.json': apiOf('free', true),
  'apis/free/operations/get/operationInformation.json': get,
  'apis/own/apiInformation.json': apiOf('own', false),
  'apis/own/policy.xml': cors('api'),
  'apis/own/operations/get/operationInformation.json': get,
  'apis/own/operations/options/operationInformation.json': json({ method: 'OPTIONS', urlTemplate: '/{id}', displayName: 'options' }),
  'products/gold/productInformation.json': json({ displayName: 'Gold' }),
  'products/gold/policy.xml': cors('gold'),
  'products/gold/apis/closed/productApiInformation.json': '{}',
  'products/gold/apis/plain/productApiInformation.json': '{}',
  'products/open/productInformation.json': json({ displayName: 'Open', subscriptionRequired: false }),
  'products/open/policy.xml': cors('open'),
  'products/open/apis/free/productApiInformation.json': '{}',
  'portico.yaml': 'subscriptions:\n  - { id: gold, primary-key: gold-1, scope: /products/gold }\n',
};
const gateway = running(load(FILES));

async function preflight(path: string, origin: string, asked = 'GET'): Promise<string> {
  const before = gateway.requests.length;
  const answer = await gateway.call(`OPTIONS ${path}`, { Origin: `https://${origin}.test`, 'Access-Control-Request-Method': asked });
  const forwarded = gateway.requests.length > before ? ' forwarded' : '';
  return `${answer.status} ${answer.header('Access-Control-Allow-Origin') ?? '-'}${forwarded}`;
}

describe('a preflight', () => {
  it.each([
    ['is answered by the API without a key', '/closed/1', 'api', 'GET', '200 https://api.test'],
    ['of an unknown origin gets an empty 200', '/closed/1', 'evil', 'GET', '200 -'],
    ['for a method without operation gets 404', '/closed/1', 'api', 'DELETE', '404 -'],
    [
      'is answered by the product whose key stands in the query',
      '/plain/1?subscription-key=gold-1',
      'gold',
      'GET',
      '200 https://gold.test',
    ],
    ['asks the API first, the product then', '/closed/1?subscription-key=gold-1', 'gold', 'GET', '200 https://gold.test'],
    ['without a key knows no product', '/plain/1', 'gold', 'GET', '404 -'],
    ['with a wrong key knows no product, and gets no 401', '/plain/1?subscription-key=no', 'gold', 'GET', '404 -'],
    ['is answered by a product that needs no key', '/free/1', 'open', 'GET', '200 https://open.test'],
    ['goes to an OPTIONS operation where there is one', '/own/1', 'api', 'GET', '200 https://api.test forwarded'],
  ])('%s', async (_what, path, origin, asked, expected) => expect(await preflight(path, origin, asked)).toBe(expected));
});
