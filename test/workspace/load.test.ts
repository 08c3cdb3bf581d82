/** Policy directories as the extractor writes them, in all their spellings, and everything that can be wrong with them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnosticRow } from '../../src/source/render.ts';
import { type LoadOptions, loadWorkspace } from '../../src/workspace/load.ts';
import type { Workspace } from '../../src/workspace/model.ts';
import { running } from './running.ts';

type FileTexts = Readonly<Record<string, string | Uint8Array>>;

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function directoryOf(files: FileTexts): string {
  const path = join(mkdtempSync(join(tmpdir(), 'portico-load-')), 'dir');
  made.push(dirname(path));
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

function load(files: FileTexts, options: LoadOptions = {}, name = '.'): Workspace {
  const path = directoryOf(files);
  return loadWorkspace(join(path, name), { shownFrom: path, ...options });
}

/** `file:line:column code message`, warnings marked. */
function problemsOf(files: FileTexts, options: LoadOptions = {}): string[] {
  return load(files, options).problems.map((problem) => {
    const { file, line, column, code, message, severity } = diagnosticRow(problem);
    return `${file}:${line}:${column} ${severity === 'error' ? '' : `${severity} `}${code} ${message}`;
  });
}

const POLICY = '<policies><inbound><base /></inbound></policies>';
const json = (value: unknown) => JSON.stringify({ properties: value });
const OPENAPI = JSON.stringify({
  openapi: '3.0.1',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://imported.example/v1' }],
  paths: {
    '/{id}': { get: { operationId: 'getOrder', responses: {} } },
    '/': { get: { operationId: 'list_orders', responses: {} }, post: { responses: {} } },
  },
});

describe('loading', () => {
  it('takes a lone document as one API at the root, for every method', () => {
    const { apis, globalPolicy, problems } = load({ 'echo.xml': POLICY }, { backend: 'http://localhost:3000' }, 'echo.xml');
    expect(problems).toEqual([]);
    expect(globalPolicy).toBeUndefined();
    expect(apis).toHaveLength(1);
    expect(apis[0]?.info).toMatchObject({ id: 'echo', path: '', name: 'echo' });
    expect(apis[0]?.info.serviceUrl?.toString()).toBe('http://localhost:3000');
    expect(apis[0]?.subscriptionRequired).toBe(false);
    expect(apis[0]?.operations.map(({ info }) => `${info.method} ${info.urlTemplate}`)).toContain('PATCH /*');
  });

  it('takes a directory with only policy.xml likewise', () => {
    const { apis, globalPolicy, problems } = load({ 'policy.xml': POLICY });
    expect(problems).toEqual([]);
    expect(globalPolicy?.kind).toBe('policies');
    expect(apis.map(({ info }) => info.path)).toEqual(['']);
  });

  it.each([
    ['policy.xml', {}, ['GET https://own.internal/a']],
    ['a lone document', {}, ['GET https://own.internal/a']],
    [
      'policy.xml beside an API: the global document has none above it',
      { 'apis/a/apiInformation.json': json({ path: '', serviceUrl: 'https://own.internal', subscriptionRequired: false }) },
      [],
    ],
  ])('brings the call of the backend with `base` into %s', async (what, more, sent) => {
    const text = '<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound></policies>';
    const options = { backend: 'https://own.internal' };
    const workspace =
      what === 'a lone document' ? load({ 'a.xml': text }, options, 'a.xml') : load({ 'policy.xml': text, ...more }, options);
    const gateway = running(workspace);
    expect((await gateway.call('GET /a')).status).toBe(200);
    expect(gateway.sent).toEqual(sent);
  });

  it('reads an API with everything in it', () => {
    const { apis, problems } = load({
      'apis/orders/apiInformation.json': json({
        displayName: 'Orders',
        path: '/shop/orders/',
        serviceUrl: 'https://orders.internal/v1',
        subscriptionRequired: false,
        protocols: ['https'],
        subscriptionKeyParameterNames: { header: 'X-Key', query: 'key' },
        apiRevision: '3',
        isCurrent: true,
      }),
      'apis/orders/specification.json': OPENAPI,
      'apis/orders/policy.xml': POLICY,
      'apis/orders/operations/getOrder/policy.xml': POLICY,
    });
    expect(problems).toEqual([]);
    const [orders] = apis;
    expect(orders?.info).toMatchObject({
      id: 'orders',
      name: 'Orders',
      path: 'shop/orders',
      protocols: ['https'],
      subscriptionKeyParameterNames: { header: 'X-Key', query: 'key' },
      revision: '3',
      isCurrentRevision: true,
      version: null,
    });
    expect(orders?.subscriptionRequired).toBe(false);
    expect(orders?.policy).toBeDefined();
    expect(orders?.operations.map(({ info, policy }) => [info.id, info.method, info.urlTemplate, policy !== undefined])).toEqual([
      ['getOrder', 'GET', '/{id}', true],
      ['list_orders', 'GET', '/', false],
      ['post', 'POST', '/', false],
    ]);
  });

  it.each([
    ['named values', 'policy fragments', 'version sets'],
    ['namedValues', 'policyFragments', 'versionSets'],
    ['named-values', 'policy-fragments', 'version-sets'],
    ['Named_Values', 'fragments', 'Version Sets'],
  ])('knows the folders as %s, %s, %s', (namedValues, fragments, versionSets) => {
    const workspace = load({
      'policy.xml': POLICY,
      'apis/orders/apiInformation.json': json({ path: 'orders', apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/orders-set' }),
      [`${namedValues}/4711/namedValueInformation.json`]: json({ displayName: 'greeting', value: 'hello' }),
      [`${fragments}/shared/policy.xml`]: '<fragment />',
      [`${versionSets}/orders-set/versionSetInformation.json`]: json({ versioningScheme: 'Header', versionHeaderName: 'X-Version' }),
    });
    expect(workspace.problems).toEqual([]);
    expect(workspace.namedValues.get('greeting')).toEqual({ name: 'greeting', value: 'hello', secret: false });
    expect([...workspace.fragments.keys()]).toEqual(['shared']);
    expect(workspace.apis[0]?.versioning).toEqual({ scheme: 'Header', name: 'X-Version' });
  });

  it.each([
    ['Segment', {}, { scheme: 'Segment', name: 'api-version' }],
    ['Query', { versionQueryName: 'v' }, { scheme: 'Query', name: 'v' }],
    ['header', { versionHeaderName: 'X-V' }, { scheme: 'Header', name: 'X-V' }],
  ])('reads the version scheme %s', (versioningScheme, names, versioning) => {
    const { apis } = load({
      'apis/orders/apiInformation.json': json({ apiVersionSetId: 'set' }),
      'version sets/set/apiVersionSetInformation.json': json({ versioningScheme, ...names }),
    });
    expect(apis[0]?.versioning).toEqual(versioning);
  });

  it('takes files without the envelope `properties`, and YAML specifications', () => {
    const { apis, problems } = load({
      'apis/orders/apiInformation.json': '{ "path": "o", "displayName": "Orders" }',
      'apis/orders/specification.yml':
        'swagger: "2.0"\nhost: api.example\nbasePath: /v2\nschemes: [https]\npaths:\n  /a:\n    get: { operationId: a, responses: {} }\n',
    });
    expect(problems).toEqual([]);
    expect(apis[0]?.info).toMatchObject({ name: 'Orders', path: 'o' });
    expect(apis[0]?.info.serviceUrl?.toString()).toBe('https://api.example/v2');
  });

  it('takes operations from operationInformation.json, which wins over the specification', () => {
    const { apis, problems } = load({
      'apis/orders/specification.json': OPENAPI,
      'apis/orders/operations/get-order/operationInformation.json': json({ method: 'get', urlTemplate: '/one/{id}', displayName: 'One' }),
      'apis/orders/operations/getOrder/operationInformation.json': json({ method: 'GET', urlTemplate: '/{id}/again' }),
    });
    expect(problems).toEqual([]);
    expect(apis[0]?.operations.map(({ info }) => `${info.id} ${info.method} ${info.urlTemplate} ${info.name}`)).toEqual([
      'list_orders GET / list_orders',
      'post POST / POST /',
      'get-order GET /one/{id} One',
      'getOrder GET /{id}/again getOrder',
    ]);
  });

  it('finds the policy of an operation whose folder has the normalised id', () => {
    const { apis, problems } = load({
      'apis/orders/specification.json': OPENAPI,
      'apis/orders/operations/list-orders/policy.xml': POLICY,
    });
    expect(problems).toEqual([]);
    expect(apis[0]?.operations.find(({ info }) => info.id === 'list_orders')?.policy).toBeDefined();
  });

  it('tells revisions of an API apart by `;rev=`', () => {
    const { apis, problems } = load({
      'apis/orders/apiInformation.json': json({ path: 'orders', apiRevision: '2', isCurrent: true }),
      'apis/orders;rev=1/apiInformation.json': json({ path: 'orders', apiRevision: '1' }),
    });
    expect(problems).toEqual([]);
    expect(apis.map(({ info }) => [info.id, info.revision, info.isCurrentRevision])).toEqual([
      ['orders', '2', true],
      ['orders', '1', false],
    ]);
  });

  it('has one current revision: the one that says so, else the one without a suffix', () => {
    const current = (base: object, other: object) =>
      load({
        'apis/orders/apiInformation.json': json({ path: 'orders', apiRevision: '1', ...base }),
        'apis/orders;rev=2/apiInformation.json': json({ apiRevision: '2', ...other }),
      }).apis.map(({ info }) => info.isCurrentRevision);
    expect(current({}, {})).toEqual([true, false]);
    expect(current({}, { isCurrent: true })).toEqual([false, true]);
    expect(current({ isCurrent: false }, { isCurrent: true })).toEqual([false, true]);
    expect(current({ isCurrent: true }, { isCurrent: false })).toEqual([true, false]);
  });

  it('has revisions take what they share from the current one, wherever that stands', () => {
    const { apis } = load({
      'apis/orders/apiInformation.json': json({ path: 'old', subscriptionRequired: false, serviceUrl: 'https://one.internal' }),
      'apis/orders;rev=2/apiInformation.json': json({
        path: 'new',
        isCurrent: true,
        protocols: ['https'],
        serviceUrl: 'https://two.internal',
      }),
    });
    expect(apis.map(({ info, subscriptionRequired }) => [info.path, info.protocols, subscriptionRequired, info.serviceUrl?.host])).toEqual([
      ['new', ['https'], false, 'one.internal'],
      ['new', ['https'], true, 'two.internal'],
    ]);
  });

  it.each([
    ['none', [], '1'],
    ['one of the other revision', ['orders;rev=2'], '2'],
    ['one of each', ['orders;rev=1', 'orders;rev=2'], '1'],
    ['one of a revision that is not there', ['orders;rev=7'], '1'],
  ])('takes a released revision for the current one: %s', (_what, released, current) => {
    const { apis } = load({
      'apis/orders/apiInformation.json': json({ path: 'orders' }),
      'apis/orders;rev=2/apiInformation.json': json({ apiRevision: '2' }),
      ...Object.fromEntries(
        released.map((name, at) => [`apis/orders/releases/r${at}/apiReleaseInformation.json`, json({ apiId: `/apis/${name}` })]),
      ),
    });
    expect(apis.filter(({ info }) => info.isCurrentRevision).map(({ info }) => info.revision)).toEqual([current]);
  });

  it('reads products with folders or with older lists of links', () => {
    const { products, problems } = load({
      'apis/a/apiInformation.json': json({ path: 'a' }),
      'apis/b/apiInformation.json': json({ path: 'b' }),
      'products/new/productInformation.json': json({
        displayName: 'New',
        subscriptionRequired: false,
        state: 'published',
        subscriptionsLimit: 3,
      }),
      'products/new/apis/a/.keep': '',
      'products/new/groups/guests/.keep': '',
      'products/new/policy.xml': POLICY,
      'products/old/productInformation.json': json({ displayName: 'Old', approvalRequired: true }),
      'products/old/apis.json': '[{ "name": "a" }, { "name": "b" }]',
      'products/old/groups.json': '[{ "name": "developers" }]',
    });
    expect(problems).toEqual([]);
    expect(products.map(({ info, apiIds, policy }) => ({ ...info, apis: [...apiIds], policy: policy !== undefined }))).toEqual([
      {
        id: 'new',
        name: 'New',
        approvalRequired: false,
        subscriptionRequired: false,
        subscriptionLimit: 3,
        state: 'Published',
        groups: [{ id: 'guests', name: 'guests' }],
        apis: ['a'],
        policy: true,
      },
      {
        id: 'old',
        name: 'Old',
        approvalRequired: true,
        subscriptionRequired: true,
        subscriptionLimit: null,
        state: 'NotPublished',
        groups: [{ id: 'developers', name: 'developers' }],
        apis: ['a', 'b'],
        policy: false,
      },
    ]);
  });

  it('takes fragments as folders and as files', () => {
    const { fragments } = load({
      'policy.xml': POLICY,
      'policy fragments/one/policy.xml': '<fragment />',
      'policy fragments/two.xml': '<fragment />',
    });
    expect([...fragments.keys()]).toEqual(['one', 'two']);
  });

  it('takes backends with credentials and TLS settings', () => {
    const { backends, problems } = load({
      'policy.xml': POLICY,
      'backends/crm/backendInformation.json': json({
        url: 'https://crm.internal',
        credentials: {
          header: { 'x-functions-key': ['k1', 'k2'] },
          query: { code: ['c'] },
          authorization: { scheme: 'Basic', parameter: 'abc' },
          certificateIds: ['/subscriptions/1/certificates/client'],
        },
        tls: { validateCertificateChain: false },
      }),
    });
    expect(problems.map(({ message }) => message)).toEqual(['there is no certificate `client`']);
    expect(backends.get('crm')).toEqual({
      id: 'crm',
      url: 'https://crm.internal',
      credentials: {
        authorization: { scheme: 'Basic', parameter: 'abc' },
        headers: { 'x-functions-key': ['k1', 'k2'] },
        query: { code: ['c'] },
        certificateId: 'client',
      },
      tls: { validateChain: false, validateName: true },
    });
  });

  it('prefers --backend, then portico.yaml, then the API, then its specification', () => {
    const files = {
      'apis/a/apiInformation.json': json({ path: 'a', serviceUrl: 'https://a.internal' }),
      'apis/b/apiInformation.json': json({ path: 'b', serviceUrl: 'https://b.internal' }),
      'apis/c/specification.json': OPENAPI,
      'apis/d/policy.xml': POLICY,
      'portico.yaml': 'backend: https://default.local\napis:\n  a: { service-url: "https://a.local" }\n',
    };
    const urls = (workspace: Workspace) => workspace.apis.map(({ info }) => info.serviceUrl?.origin);
    expect(urls(load(files))).toEqual(['https://a.local', 'https://b.internal', 'https://imported.example', 'https://default.local']);
    expect(new Set(urls(load(files, { backend: 'http://localhost:1' })))).toEqual(new Set(['http://localhost:1']));
  });

  it('names every file it read, for reload on save', () => {
    const { files, root } = load({ 'policy.xml': POLICY, 'portico.yaml': 'port: 1', 'notes.txt': 'no' });
    expect(files.map((name) => name.slice(root.length + 1)).sort()).toEqual(['policy.xml', 'portico.yaml']);
  });
});

const DATE = (entry: string) => `PTC5003 \`${entry}\` must be a date of ISO 8601 such as \`2026-01-31T00:00:00Z\``;

describe('portico.yaml', () => {
  it('sets what this machine adds', () => {
    const workspace = load(
      {
        'policy.xml': POLICY,
        'apis/orders/apiInformation.json': json({ path: 'orders' }),
        'products/Gold/productInformation.json': json({ displayName: 'Gold' }),
        'named values/key/namedValueInformation.json': json({ displayName: 'key', secret: true }),
        'portico.yaml': [
          'port: 9000',
          'host: 0.0.0.0',
          'named-values:',
          '  key: from-file',
          '  plain: ${env:PLAIN:-fallback}',
          '  open: { value: "${env:TOKEN}", secret: false }',
          'backends:',
          '  short: https://short.internal',
          '  long:',
          '    url: https://long.internal',
          '    credentials: { header: { x-key: abc }, authorization: { scheme: Bearer, parameter: "${env:TOKEN}" } }',
          '    tls: { validate-certificate-name: false }',
          'apis:',
          '  orders: { path: bestellungen, service-url: "https://orders.local", subscription-required: false }',
          'users:',
          '  - { id: ana, email: ana@example.org, first-name: Ana, groups: [staff], identities: [{ id: "1", provider: Aad }] }',
          'subscriptions:',
          '  - { id: s1, primary-key: k1, secondary-key: k2, scope: /apis/orders, user: ana }',
          '  - { id: s2, primary-key: k3, scope: /products/gold, state: Suspended }',
          '  - { id: s3, primary-key: k4 }',
          'limits: { body: 1000, head: 2000, caller-timeout: 5 }',
          'settings: { missing-variable: null, wrong-variable-type: default, backend-id-wins: false, cors-terminate-unmatched: true }',
        ].join('\n'),
      },
      { environment: (name) => (name === 'TOKEN' ? 'secret-token' : undefined) },
    );
    expect(workspace.problems).toEqual([]);
    expect(workspace.local).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      settings: {
        missingVariable: 'null',
        wrongVariableType: 'default',
        backendIdWins: false,
        corsTerminateUnmatched: true,
        bodyLimit: 1000,
      },
      trustedRoots: [],
      callerTimeoutSeconds: 5,
      headLimit: 2000,
    });
    expect([...workspace.namedValues.values()]).toEqual([
      { name: 'key', value: 'from-file', secret: true },
      { name: 'plain', value: 'fallback', secret: true },
      { name: 'open', value: 'secret-token', secret: false },
    ]);
    expect(workspace.backends.get('short')).toEqual({ id: 'short', url: 'https://short.internal' });
    expect(workspace.backends.get('long')).toMatchObject({
      url: 'https://long.internal',
      credentials: { headers: { 'x-key': ['abc'] }, authorization: { scheme: 'Bearer', parameter: 'secret-token' } },
      tls: { validateChain: true, validateName: false },
    });
    expect(workspace.apis[0]?.info.path).toBe('bestellungen');
    expect(workspace.apis[0]?.subscriptionRequired).toBe(false);
    expect(
      workspace.subscriptions.map(({ info, state, scope, user }) => [info.id, info.secondaryKey, state, scope, user?.firstName]),
    ).toEqual([
      ['s1', 'k2', 'active', { kind: 'api', id: 'orders' }, 'Ana'],
      ['s2', '', 'suspended', { kind: 'product', id: 'Gold' }, undefined],
      ['s3', '', 'active', { kind: 'all' }, undefined],
    ]);
  });

  it('says nothing of variables and files of environments that are not chosen', () => {
    const text =
      'environments: { dev: { port: "${env:PORT}", backends: { a: "${env:A}" }, trusted-roots: [none.pem], log: { level: "${env:L}" } } }';
    expect(problemsOf({ 'policy.xml': POLICY, 'portico.yaml': text })).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['port: eighty', '1:7', 'PTC5003 `port` must be a number'],
    ['port: 99999', '1:7', 'PTC5003 `port` must be a port from 0 to 65535'],
    ['port: 1.5', '1:7', 'PTC5003 `port` must be a port from 0 to 65535'],
    ['limits: { head: -1 }', '1:17', 'PTC5003 `limits.head` must be a whole number from 1'],
    ['users: [{ id: a }, { id: a }]', '1:26', 'PTC5176 there are two users of the name `a`'],
    ['prt: 80', '1:1', 'PTC5005 `prt` is not known here'],
    ['environments: { dev: { apis: { orders: { service-ur: "${env:X}" } } } }', '1:42', 'PTC5005 `service-ur` is not known here'],
    ['environments: { dev: { backends: { a: { url: "${env:A}", tsl: {} } } } }', '1:58', 'PTC5005 `tsl` is not known here'],
    ['- a', '1:1', 'PTC5003 the file must be a mapping'],
    ['users: [{ id: a, registration-date: yesterday }]', '1:37', DATE('users[0].registration-date')],
    ['subscriptions: [{ id: a, primary-key: k, end: 2026-13-01 }]', '1:47', DATE('subscriptions[0].end')],
    ['subscriptions: [{ id: a, primary-key: "" }]', '1:39', 'PTC5003 `subscriptions[0].primary-key` must be a text that is not empty'],
    ['a: [', '1:5', 'PTC5002 '],
    ['port: 1\nport: 2', '2:1', 'PTC5002 '],
    ['named-values: { a: ${env:A} }\nport: 1', '1:21', 'PTC5002 `${env:A}` must stand in quotes between braces and brackets'],
    ['named-values: { a: "${env:NOPE}" }', '1:20', 'PTC5007 the environment variable `NOPE` is not set'],
    ['named-values: { a: { sectret: true, value: b } }', '1:22', 'PTC5005 `sectret` is not known here'],
    ['named-values: { a: { secret: true } }', '1:20', 'PTC5004 `named-values.a.value` is missing'],
    ['named-values: { a: { value: b, secret: maybe } }', '1:40', 'PTC5003 `named-values.a.secret` must be `true` or `false`'],
    ['named-values: [a]', '1:15', 'PTC5003 `named-values` must be a mapping'],
    ['backend: localhost', '1:10', 'PTC5008 `backend` is not an absolute URL: `localhost`'],
    ['backends: { a: "ftp://x" }', '1:16', 'PTC5008 `backends.a` is not an absolute URL: `ftp://x`'],
    ['backends: { a: { tls: {} } }', '1:16', 'PTC5004 `url` is missing'],
    ['backends: { a: [b] }', '1:16', 'PTC5003 `backends.a` must be a text'],
    ['backends: { a: { url: "http://x", tls: { chain: true } } }', '1:42', 'PTC5005 `chain` is not known here'],
    ['backends: { a: { url: "http://x", credentials: { headers: {} } } }', '1:50', 'PTC5005 `headers` is not known here'],
    ['apis: { ghost: { path: x } }', '1:16', 'PTC5011 there is no API `ghost`'],
    ['apis: { orders: { paht: x } }', '1:19', 'PTC5005 `paht` is not known here'],
    ['subscriptions: [{ primary-key: k }]', '1:17', 'PTC5004 `subscriptions[0].id` is missing'],
    ['subscriptions: [{ id: a }]', '1:17', 'PTC5004 `subscriptions[0].primary-key` is missing'],
    [
      'subscriptions: [{ id: a, primary-key: k, state: dead }]',
      '1:49',
      'PTC5006 `subscriptions[0].state` must be one of `active`, `suspended`, `submitted`, `rejected`, `cancelled`, `expired`',
    ],
    [
      'subscriptions: [{ id: a, primary-key: k, scope: /teams/a }]',
      '1:49',
      'PTC5003 `subscriptions[0].scope` must be `/apis`, `/apis/<api>` or `/products/<product>`',
    ],
    ['subscriptions: [{ id: a, primary-key: k, user: nobody }]', '1:48', 'PTC5011 there is no user `nobody`'],
    ['subscriptions: { id: a }', '1:16', 'PTC5003 `subscriptions` must be a list'],
    ['users: [{ email: a@b }]', '1:9', 'PTC5004 `users[0].id` is missing'],
    ['users: [{ id: a, identities: [{ id: b, provder: c }] }]', '1:40', 'PTC5005 `provder` is not known here'],
    ['certificates: { a: { certificate: none.pem } }', '1:20', 'PTC5014 certificate `a` cannot be read: '],
    ['certificates: { a: {} }', '1:20', 'PTC5004 `certificates.a.certificate` is missing'],
    ['trusted-roots: [none.pem]', '1:16', 'PTC5001 the file cannot be read: there is no file '],
    ['limits: { bdy: 1 }', '1:11', 'PTC5005 `bdy` is not known here'],
    ['limits: { body: much }', '1:17', 'PTC5003 `limits.body` must be a number'],
    ['settings: { missing-variable: maybe }', '1:31', 'PTC5006 `settings.missing-variable` must be one of `throw`, `null`'],
    ['settings: { consumed-body: throw }', '1:13', 'PTC5005 `consumed-body` is not known here'],
  ])('%s', (text, place, message) => {
    const problems = problemsOf({ 'apis/orders/policy.xml': POLICY, 'portico.yaml': text });
    expect(
      problems.some((problem) => problem.startsWith(`portico.yaml:${place} ${message}`)),
      problems.join('\n'),
    ).toBe(true);
  });

  it('suggests the nearest entry, and lists them all otherwise', () => {
    const helps = load({ 'policy.xml': POLICY, 'portico.yaml': 'limits: { bdy: 1, weather: 2 }' }).problems.map(({ help }) => help);
    expect(helps).toEqual(['did you mean `body`?', expect.stringContaining('write one of `body`, `head`')]);
  });
});

describe('what is wrong with a directory', () => {
  it.each<[string, FileTexts, string[]]>([
    ['is empty', { 'readme.txt': '' }, ['dir:1:1 PTC5009 `dir` holds no policy document and no API']],
    ['has empty folders', { 'products/a/readme.txt': '' }, ['dir:1:1 PTC5009 `dir` holds no policy document and no API']],
    ['is an export of named values alone', { 'named values/n/namedValueInformation.json': json({ displayName: 'n', value: '1' }) }, []],
    ['is an export of fragments alone', { 'policy fragments/f.xml': '<fragment />' }, []],
    [
      'has broken JSON',
      { 'apis/a/apiInformation.json': '{ "properties": { "path": "a" }' },
      ['apis/a/apiInformation.json:1:32 PTC5002 the JSON ends before it is complete'],
    ],
    [
      'has a file that is no text',
      { 'policy.xml': new Uint8Array([0xff, 0xfe, 0x00]) },
      ['policy.xml:1:1 PTC5001 the file cannot be read: it is not UTF-8 text'],
    ],
    [
      'has files that are no mappings',
      { 'policy.xml': POLICY, 'apis/a/apiInformation.json': 'nonsense', 'backends/b/backendInformation.json': '' },
      [
        'apis/a/apiInformation.json:1:1 PTC5003 the file must be a mapping',
        'backends/b/backendInformation.json:1:1 PTC5003 the file must be a mapping',
      ],
    ],
    [
      'has a relative service URL',
      { 'apis/a/apiInformation.json': json({ serviceUrl: 'a.internal' }) },
      ['apis/a/apiInformation.json:1:29 PTC5008 `properties.serviceUrl` is not an absolute URL: `a.internal`'],
    ],
    [
      'names a version set that is not there',
      { 'apis/a/apiInformation.json': json({ apiVersionSetId: '/apiVersionSets/none' }) },
      ['apis/a/apiInformation.json:1:34 PTC5011 there is no version set `none`'],
    ],
    [
      'has an unknown version scheme',
      {
        'apis/a/apiInformation.json': json({ apiVersionSetId: 'set' }),
        'version sets/set/versionSetInformation.json': json({ versioningScheme: 'Cookie' }),
      },
      [
        'version sets/set/versionSetInformation.json:1:35 PTC5006 `properties.versioningScheme` must be one of `Segment`, `Header`, `Query`',
      ],
    ],
    [
      'has an operation policy without a route',
      { 'apis/a/specification.json': OPENAPI, 'apis/a/operations/lost/policy.xml': POLICY },
      ['apis/a/operations/lost/policy.xml:1:1 warning PTC5010 operation `lost` has a policy but no route'],
    ],
    [
      'has an operation without a template',
      { 'apis/a/operations/one/operationInformation.json': json({ method: 'GET' }) },
      ['apis/a/operations/one/operationInformation.json:1:15 PTC5004 `properties.urlTemplate` is missing'],
    ],
    [
      'has two APIs at one path',
      { 'apis/a/apiInformation.json': json({ path: 'x' }), 'apis/b/apiInformation.json': json({ path: '/X/' }) },
      ['apis/b/apiInformation.json:1:23 PTC5012 the path `/X` is taken by API `a`'],
    ],
    [
      'has a secret without value',
      {
        'policy.xml': '<policies><inbound><set-body>{{key}}</set-body></inbound></policies>',
        'named values/1/namedValueInformation.json': json({ displayName: 'key', secret: true }),
      },
      ['named values/1/namedValueInformation.json:1:15 warning PTC5013 named value `key` has no value here'],
    ],
    [
      'has a specification that is none',
      { 'apis/a/specification.yaml': 'title: Orders' },
      ['apis/a/specification.yaml:1:1 PTC5015 the specification cannot be imported: it has neither `openapi` nor `swagger`'],
    ],
    [
      'has a backend without a proper URL',
      { 'policy.xml': POLICY, 'backends/b/backendInformation.json': json({ url: 'ftp://b' }) },
      ['backends/b/backendInformation.json:1:22 PTC5008 `properties.url` is not an absolute URL: `ftp://b`'],
    ],
    [
      'has a link without a name',
      { 'policy.xml': POLICY, 'products/p/apis.json': '[{ "id": "a" }]' },
      ['products/p/apis.json:1:2 PTC5004 `[0].name` is missing'],
    ],
    [
      'has a policy that is not well-formed',
      { 'policy.xml': '<policies><inbound></policies>' },
      ['policy.xml:1:11 PTC0003 `<inbound>` is never closed'],
    ],
  ])('that %s', (_what, files, problems) => {
    expect(problemsOf(files)).toEqual(problems);
  });

  it('lets portico.yaml give a secret its value', () => {
    const files = {
      'policy.xml': POLICY,
      'named values/1/namedValueInformation.json': json({ displayName: 'key', secret: true }),
      'portico.yaml': 'named-values: { key: "${env:KEY}" }',
    };
    expect(problemsOf(files, { environment: () => 'v' })).toEqual([]);
  });
});
