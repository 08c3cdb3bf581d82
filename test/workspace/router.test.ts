import { describe, expect, it } from 'vitest';
import type { ApiInfo } from '../../src/exchange/entities.ts';
import type { WorkspaceApi } from '../../src/workspace/model.ts';
import { createRouter } from '../../src/workspace/router.ts';

function api(
  path: string,
  operations: readonly string[],
  more: Partial<ApiInfo> = {},
  versioning?: WorkspaceApi['versioning'],
): WorkspaceApi {
  const info: ApiInfo = {
    id: `${path || 'root'}${more.version ?? ''}${more.revision ?? ''}`,
    name: path,
    path,
    protocols: ['https'],
    serviceUrl: null,
    subscriptionKeyParameterNames: { header: 'k', query: 'k' },
    isCurrentRevision: true,
    revision: '1',
    version: null,
    ...more,
  };
  const made = operations.map((line) => {
    const [method = '', urlTemplate = ''] = line.split(' ');
    return { info: { id: line, name: line, method, urlTemplate }, policy: undefined };
  });
  return { info, subscriptionRequired: false, operations: made, policy: undefined, versioning };
}

const ROUTER = createRouter([
  api('', ['GET /*']),
  api('shop', [
    'GET /orders/{id}',
    'GET /orders/mine',
    'GET /orders/{id}/lines/{line}',
    'GET /files/{name}.{ext}',
    'GET /tree/{*path}',
    'POST /orders',
    'GET /Items({key})',
    "GET /Quoted('{key}')",
    'GET /café/{x}',
    'GET /a%20b',
  ]),
  api('größe', ['GET /x']),
  api('zo%C3%AB', ['GET /x']),
  api('shop/orders', ['GET /{id}']),
  api('sum', ['GET /add?a={a}&b={b}', 'GET /add', 'GET /add?mode=fast']),
  api('versioned', ['GET /x'], { version: 'v1' }, { scheme: 'Segment', name: '' }),
  api('versioned', ['GET /x'], { version: 'v2' }, { scheme: 'Segment', name: '' }),
  api('versioned', ['GET /x'], {}),
  api('byheader', ['GET /x'], { version: 'v1' }, { scheme: 'Header', name: 'Api-Version' }),
  api('byquery', ['GET /x'], { version: 'v1' }, { scheme: 'Query', name: 'api-version' }),
  api('byquery', ['GET /x'], {}, { scheme: 'Query', name: 'api-version' }),
  api('revised', ['GET /x'], { revision: '1' }),
  api('revised', ['GET /x'], { revision: '2', isCurrentRevision: false }),
]);

function found(line: string, headers: Readonly<Record<string, string>> = {}): string {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query] = target.split('?');
  const match = ROUTER.match({
    method,
    path,
    query: query === undefined ? '' : `?${query}`,
    header: (name) => headers[name.toLowerCase()],
  });
  if (!match) return 'nothing';
  const parameters = Object.entries(match.parameters).map(([name, value]) => `${name}=${value}`);
  return [match.api.info.id, match.operation.info.id, ...parameters].join(' | ') + (match.rest === path ? '' : ` | rest ${match.rest}`);
}

describe('a request matches', () => {
  it.each([
    ['GET /anything/at/all', 'root | GET /*'],
    ['GET /', 'root | GET /*'],
    ['POST /anything', 'nothing'],
    ['POST /shop/orders', 'nothing'],
    ['GET /shop/orders/7', 'shop/orders | GET /{id} | id=7 | rest /7'],
    ['GET /SHOP/Orders/7', 'shop/orders | GET /{id} | id=7 | rest /7'],
    ['GET /shop/files/a.b.txt', 'shop | GET /files/{name}.{ext} | name=a.b | ext=txt | rest /files/a.b.txt'],
    ['GET /shop/files/plain', 'nothing'],
    ['GET /shop/tree/a/b%20c', 'shop | GET /tree/{*path} | path=a/b c | rest /tree/a/b%20c'],
    ['GET /shop/tree', 'shop | GET /tree/{*path} | path= | rest /tree'],
    ['GET /shop/Items(5)', 'shop | GET /Items({key}) | key=5 | rest /Items(5)'],
    ['GET /shopping', 'root | GET /*'],
    ['GET /sum/add?a=1&b=2', 'sum | GET /add?a={a}&b={b} | a=1 | b=2 | rest /add'],
    ['GET /sum/add?mode=fast', 'sum | GET /add?mode=fast | rest /add'],
    ['GET /sum/add?mode=slow', 'sum | GET /add | rest /add'],
    ['GET /versioned/v2/x', 'versionedv2 | GET /x | rest /x'],
    ['GET /versioned/x', 'versioned | GET /x | rest /x'],
    ['GET /byheader/x', 'nothing'],
    ['GET /byquery/x?api-version=V1', 'byqueryv1 | GET /x | rest /x'],
    ['GET /byquery/x', 'byquery | GET /x | rest /x'],
    ['GET /byquery/x?api-version=', 'byquery | GET /x | rest /x'],
    ['GET /byquery/x?api-version=v9', 'nothing'],
    ['GET /versioned/%762/x', 'versionedv2 | GET /x | rest /x'],
    ['GET /shop;rev=1/orders/7', 'shop | GET /orders/{id} | id=7 | rest /orders/7'],
    ['GET /shop/orders;rev=1/7', 'shop/orders | GET /{id} | id=7 | rest /7'],
    ['GET /revised/x', 'revised1 | GET /x | rest /x'],
    ['GET /revised;rev=2/x', 'revised2 | GET /x | rest /x'],
    ['GET /revised;rev=9/x', 'nothing'],
    ['GET /shop/caf%C3%A9/%C3%A9', 'shop | GET /café/{x} | x=é | rest /caf%C3%A9/%C3%A9'],
    ['GET /shop/CAF%c3%89/1', 'shop | GET /café/{x} | x=1 | rest /CAF%c3%89/1'],
    ['GET /shop/a%20B', 'shop | GET /a%20b | rest /a%20B'],
    ['GET /%73hop/%66iles/a%2Eb', 'shop | GET /files/{name}.{ext} | name=a | ext=b | rest /%66iles/a%2Eb'],
    ['GET /shop/Quoted(%27a%2Fb%27)', "shop | GET /Quoted('{key}') | key=a/b | rest /Quoted(%27a%2Fb%27)"],
    ['GET /shop%2Forders/7', 'root | GET /*'],
    ['GET /gr%C3%B6%C3%9Fe/x', 'größe | GET /x | rest /x'],
    ['GET /zo%C3%AB/x', 'zo%C3%AB | GET /x | rest /x'],
    ['GET /shop/orders/%E0%A4%A', 'shop/orders | GET /{id} | id=%E0%A4%A | rest /%E0%A4%A'],
  ])('%s', (line, expected) => {
    expect(found(line)).toBe(expected);
  });

  it('by a version header', () => {
    expect(found('GET /byheader/x', { 'api-version': 'v1' })).toBe('byheaderv1 | GET /x | rest /x');
  });

  it('a literal before a parameter', () => {
    const router = createRouter([api('o', ['GET /{id}', 'GET /mine', 'GET /{id}/a', 'GET /mine/b'])]);
    const match = (path: string) => router.match({ method: 'GET', path, query: '', header: () => undefined })?.operation.info.id;
    expect([match('/o/mine'), match('/o/7'), match('/o/mine/a'), match('/o/mine/b')]).toEqual([
      'GET /mine',
      'GET /{id}',
      'GET /{id}/a',
      'GET /mine/b',
    ]);
  });
});
