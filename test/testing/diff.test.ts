import { describe, expect, it } from 'vitest';
import { diffPolicies } from '../../src/testing/diff/diff.ts';
import { probesFor } from '../../src/testing/diff/probes.ts';
import { readSuite } from '../../src/testing/suite.ts';
import { directoryWith } from '../cli/support.ts';

const API = '{ "properties": { "path": "orders", "serviceUrl": "https://orders.internal", "subscriptionRequired": false } }';
const policies = (inbound: string, outbound = '') =>
  directoryWith({
    'apis/orders/apiInformation.json': API,
    'apis/orders/policy.xml': `<policies><inbound><base />${inbound}</inbound><outbound><base />${outbound}</outbound></policies>`,
  });

const CHECK = (value: string) =>
  `<choose><when condition="@(context.Request.Headers.GetValueOrDefault("X-Role", "") != "${value}")"><return-response><set-status code="403" /></return-response></when></choose>`;

async function differences(before: ReturnType<typeof policies>, after: ReturnType<typeof policies>) {
  try {
    const { operations } = await diffPolicies(before.path, after.path);
    return operations.filter(({ operation }) => operation.startsWith('GET')).flatMap(({ cases }) => cases);
  } finally {
    before.remove();
    after.remove();
  }
}

describe('the effect of a change', () => {
  it('is nothing when only the text changed', async () => {
    const header = '<set-header name="X-A" exists-action="override"><value>1</value></set-header>';
    expect(await differences(policies(header), policies(header.replace('>1<', '>@("1")<')))).toEqual([]);
  });

  it('is told by the smallest request that shows it', async () => {
    const [first] = await differences(
      policies(''),
      policies('', '<set-header name="X-A" exists-action="override"><value>1</value></set-header>'),
    );
    expect(first).toEqual({
      request: 'GET /orders/rest/of/path',
      with: [],
      differences: [{ what: 'header x-a', before: 'absent', after: '1' }],
    });
  });

  it('is found behind a condition, with the value that it asks for', async () => {
    const cases = await differences(policies(CHECK('admin')), policies(CHECK('owner')));
    expect(cases.slice(0, 2).map((one) => [one.with, one.differences[0]])).toEqual([
      [['X-Role: admin'], { what: 'status', before: '200', after: '403' }],
      [['X-Role: owner'], { what: 'status', before: '403', after: '200' }],
    ]);
  });

  it('is seen by the backend, too', async () => {
    const cases = await differences(
      policies(''),
      policies('<set-query-parameter name="v" exists-action="override"><value>2</value></set-query-parameter>'),
    );
    expect(cases[0]?.differences).toEqual([
      { what: 'forwarded', before: 'GET https://orders.internal/rest/of/path', after: 'GET https://orders.internal/rest/of/path?v=2' },
    ]);
  });
});

describe('requests of tests', () => {
  it('show what no generated request would', async () => {
    const check =
      '<choose><when condition="@((string)context.Variables.GetValueOrDefault("tier", "") == "gold")"><set-header name="X-Tier"><value>1</value></set-header></when></choose>';
    const [before, after] = [policies(''), policies(check)];
    const text =
      'suite: recorded\npolicies: .\ntests:\n  - name: a gold call\n    request: GET /orders/7\n    given: { variables: { tier: gold } }\n    expect: { status: 404 }\n';
    const suite = readSuite(text, 'a.test.yaml', '/a.test.yaml', () => undefined);
    const { operations } = await diffPolicies(before.path, after.path, [suite]);
    before.remove();
    after.remove();
    expect(operations).toEqual([
      {
        operation: 'recorded > a gold call',
        kind: 'changed',
        cases: [{ request: 'GET /orders/7', with: [], differences: [{ what: 'forwarded header x-tier', before: 'absent', after: '1' }] }],
      },
    ]);
  });
});

describe('probes', () => {
  it('stay bounded and begin with the bare request', () => {
    const headers = new Map(Array.from({ length: 30 }, (_, i) => [`X-${i}`, ['a', 'b']] as const));
    const probes = probesFor('POST', '/orders/{id}', { headers, query: new Map(), claims: new Map(), audiences: [], readsBody: true });
    expect(probes).toHaveLength(200);
    expect(probes[0]).toMatchObject({ line: 'POST /orders/7', says: [] });
  });
});
