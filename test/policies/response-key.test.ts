/** Which calls share an entry of the response cache. */
import { describe, expect, test } from 'vitest';
import type { ExchangeOptions } from '../../src/exchange/exchange.ts';
import { responseKey, type Variations } from '../../src/policies/shared/response-cache.ts';
import { newExchange, type PolicyCase } from './runner.ts';

const NOTHING: Variations = { headers: [], query: null, byDeveloper: false, byGroups: false };

interface Caller {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly request?: PolicyCase['request'];
  readonly api?: { readonly id: string; readonly revision: string };
  readonly operation?: string;
}

function keyOf(variations: Variations, { user, groups = [], request = {}, api, operation }: Caller): string {
  const info = user && {
    id: user,
    email: '',
    firstName: '',
    lastName: '',
    note: null,
    registrationDate: '',
    identities: [],
    groups: groups.map((id) => ({ id, name: id })),
  };
  const exchange = {
    user: info || null,
    ...(api ? { api: { ...api, name: '', path: '', protocols: [], serviceUrl: null, isCurrentRevision: true, version: null } } : {}),
    ...(operation ? { operation: { id: operation, method: 'GET', name: '', urlTemplate: '/' } } : {}),
  } as unknown as Partial<ExchangeOptions>;
  return responseKey(newExchange({ name: 'key', exchange, request, expect: {} }), variations);
}

const at = (query: string): Caller => ({ request: { url: `https://gateway.test/orders/7${query}` } });
const withHeaders = (headers: Record<string, string>): Caller => ({ request: { headers } });

describe('one entry for', () => {
  const cases: readonly [name: string, variations: Partial<Variations>, one: Caller, other: Caller][] = [
    ['all users', {}, { user: 'a' }, { user: 'b' }],
    ['one user with any groups', { byDeveloper: true }, { user: 'a', groups: ['x'] }, { user: 'a' }],
    ['one set of groups in any order', { byGroups: true }, { user: 'a', groups: ['x', 'y'] }, { user: 'b', groups: ['y', 'x'] }],
    ['query parameters in any order', {}, at('?a=1&b=2'), at('?b=2&a=1')],
    ['names of query parameters in any case', {}, at('?A=1'), at('?a=1')],
    ['any value of parameters that are not named', { query: ['a'] }, at('?a=1&b=2'), at('?a=1&b=3')],
    ['any value of headers that are not named', { headers: ['Accept'] }, withHeaders({ 'X-A': '1' }), withHeaders({ 'X-A': '2' })],
    ['names of headers in any case', { headers: ['ACCEPT'] }, withHeaders({ accept: 'a' }), withHeaders({ Accept: 'a' })],
  ];
  test.each(cases)('%s', (_name, variations, one, other) => {
    expect(keyOf({ ...NOTHING, ...variations }, one)).toBe(keyOf({ ...NOTHING, ...variations }, other));
  });
});

describe('entries of their own for', () => {
  const cases: readonly [name: string, variations: Partial<Variations>, one: Caller, other: Caller][] = [
    ['users', { byDeveloper: true }, { user: 'a' }, { user: 'b' }],
    ['a user and nobody', { byDeveloper: true }, { user: 'a' }, {}],
    ['sets of groups', { byGroups: true }, { user: 'a', groups: ['x'] }, { user: 'a', groups: ['x', 'y'] }],
    ['a group with a comma and two groups', { byGroups: true }, { user: 'a', groups: ['x,y'] }, { user: 'a', groups: ['x', 'y'] }],
    ['values of a header', { headers: ['Accept'] }, withHeaders({ Accept: 'a' }), withHeaders({ Accept: 'b' })],
    ['a header and none', { headers: ['Accept'] }, withHeaders({ Accept: '' }), withHeaders({})],
    ['values of a query parameter', {}, at('?a=1'), at('?a=2')],
    ['values of a query parameter in another order', {}, at('?a=1&a=2'), at('?a=2&a=1')],
    ['a named parameter and none', { query: ['a'] }, at('?a='), at('')],
    ['paths', {}, at(''), { request: { url: 'https://gateway.test/orders/8' } }],
    ['APIs', {}, { api: { id: 'a', revision: '1' } }, { api: { id: 'b', revision: '1' } }],
    ['revisions', {}, { api: { id: 'a', revision: '1' } }, { api: { id: 'a', revision: '2' } }],
    ['operations', {}, { operation: 'a' }, { operation: 'b' }],
  ];
  test.each(cases)('%s', (_name, variations, one, other) => {
    expect(keyOf({ ...NOTHING, ...variations }, one)).not.toBe(keyOf({ ...NOTHING, ...variations }, other));
  });
});
