/** What `explain` says about an API that is not the one. */
import { describe, expect, it } from 'vitest';
import { nearMisses } from '../../src/workspace/near-misses.ts';
import { createRouter } from '../../src/workspace/router.ts';
import { type FileTexts, json, load } from './support.ts';

const FILES: FileTexts = {
  'apis/root/apiInformation.json': json({ path: '' }),
  'apis/root;rev=2/apiInformation.json': json({ path: '', apiRevision: '2' }),
  'apis/shop/apiInformation.json': json({ path: 'shop' }),
  'apis/orders/apiInformation.json': json({ path: 'shop/orders' }),
  'apis/v/apiInformation.json': json({ path: 'v', apiVersionSetId: '/apiVersionSets/v' }),
  'apis/v1/apiInformation.json': json({ path: 'v', apiVersionSetId: '/apiVersionSets/v', apiVersion: 'v1' }),
  'apis/none/apiInformation.json': json({ path: 'none' }),
  'apis/none/specification.json': JSON.stringify({ openapi: '3.0.1', info: { title: 'none', version: '1' }, paths: {} }),
  'version sets/v/versionSetInformation.json': json({ displayName: 'v', versioningScheme: 'Header', versionHeaderName: 'X-V' }),
  ...Object.fromEntries(
    ['root', 'root;rev=2', 'shop', 'orders', 'v', 'v1'].map((api) => [
      `apis/${api}/operations/get/operationInformation.json`,
      json({ method: 'GET', urlTemplate: api === 'orders' ? '/{id}' : '/orders/x/y', displayName: 'get' }),
    ]),
  ),
};
const { apis } = load(FILES);

function reasons(path: string, headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const request = { method: 'GET', path, query: '', header: (name: string) => headers[name] };
  const misses = nearMisses(apis, request, createRouter(apis).match(request));
  return Object.fromEntries(misses.map((miss) => [`${miss.api} ${miss.path}`, miss.reasons.join('; ')]));
}

describe('an API that is not the one', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string, string]>([
    ['is shorter than another', '/shop/orders/x/y', {}, 'shop /shop/orders/x/y', 'the longer API path `/shop/orders` wins'],
    [
      'has a longer path than the revision lets begin',
      '/shop;rev=1/orders/7',
      {},
      'orders /shop/orders',
      '`;rev=1` must stand behind `/shop/orders`',
    ],
    [
      'has no version',
      '/v/orders/x/y',
      { 'X-V': 'v9' },
      'v /v',
      'version `v9` is asked for in header `X-V`, and this is the API without one',
    ],
    ['has another version', '/v/orders/x/y', { 'X-V': 'v9' }, 'v1 /v', 'version `v1` is expected in header `X-V`, not `v9`'],
    ['declares nothing', '/none/x', {}, 'none /none', 'it declares no operation'],
    ['has another revision', '/orders/x/y', {}, 'root /;rev=2', 'revision 2 needs `;rev=2`'],
  ])('%s', (_what, path, headers, miss, reason) => expect(reasons(path, headers)).toMatchObject({ [miss]: reason }));
});
