/**
 * What a load takes over from the one before. Each case is also held against a load that starts from nothing: whatever is
 * taken over, problems and answers are the same.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Headers } from '../../src/exchange/headers.ts';
import { Url } from '../../src/exchange/url.ts';
import { createFrozenHost } from '../../src/host/frozen.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { diagnosticRow } from '../../src/source/render.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { BackendStates } from '../../src/workspace/backend-runtime.ts';
import { createEngine, type Engine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';

const SERVICES = {
  host: createFrozenHost({
    crypto: nodeCrypto(),
    cache: (now) => new MemoryCache(now),
    counters: (now) => new MemoryCounters(now),
    send: async () => ({ status: 200, reason: 'OK', headers: [], body: null }),
  }),
  expressions: createExpressions(),
  gates: new Map<string, number>(),
  backendStates: new BackendStates(),
};

const info = (properties: object) => JSON.stringify({ properties });
const api = (path: string) => info({ path, displayName: path, subscriptionRequired: false, serviceUrl: 'https://backend.test' });
const policies = (inbound: string) =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;
const says = (text: string) => `<return-response><set-body>${text}</set-body></return-response>`;
const sets = (name: string, value: string) => `<set-variable name="${name}" value="${value}" />`;

/** Names of files are relative; an operation `x` is called at `/api/x`. */
const FILES: Readonly<Record<string, string>> = {
  'portico.yaml': 'subscriptions: [{ id: s, primary-key: k, scope: /products/gold }]\n',
  'policy.xml': `<policies><inbound>${sets('g', 'global')}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`,
  'named values/where/namedValueInformation.json': info({ displayName: 'where', value: 'here' }),
  'policy fragments/part/policy.xml': `<fragment>${sets('f', 'fragment')}</fragment>`,
  'backends/b/backendInformation.json': info({ url: 'https://b.test', protocol: 'http' }),
  'products/gold/productInformation.json': info({ displayName: 'Gold', state: 'published' }),
  'products/gold/policy.xml': policies(sets('p', 'product')),
  'products/gold/apis/a/productApiInformation.json': '{}',
  'apis/a/apiInformation.json': api('a'),
  'apis/a/specification.yaml':
    'openapi: 3.0.1\ninfo: { title: A, version: "1" }\npaths:\n  /one: { get: { operationId: one, responses: {} } }\n  /two: { get: { operationId: two, responses: {} } }\n',
  'apis/a/policy.xml': policies(sets('a', 'api')),
  'apis/a/operations/one/policy.xml': policies(says('@(&quot;{{where}} &quot; + context.Variables.Count)')),
  'apis/a/operations/two/policy.xml': policies(
    `<include-fragment fragment-id="part" /><set-backend-service backend-id="b" />${says('@((string)context.Variables["f"] + context.Request.Url.Host)')}`,
  ),
  'apis/c/apiInformation.json': api('c'),
  'apis/c/specification.json': JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'C', version: '1' },
    paths: { '/three': { get: { operationId: 'three', responses: {} } } },
  }),
  'apis/c/operations/three/policy.xml': policies(says('@((string)context.Variables["g"])')),
  'workspaces/w/workspaceInformation.json': info({ displayName: 'W' }),
  'workspaces/w/named values/where/namedValueInformation.json': info({ displayName: 'where', value: 'there' }),
  'workspaces/w/apis/d/apiInformation.json': api('d'),
  'workspaces/w/apis/d/operations/four/operationInformation.json': info({ method: 'GET', urlTemplate: '/four', displayName: 'four' }),
  'workspaces/w/apis/d/operations/four/policy.xml': policies(says('{{where}}')),
};

const CALLS = ['/a/one', '/a/one?subscription-key=k', '/a/two', '/c/three', '/d/four', '/a/new', '/moved/one'];

/** A directory whose files a test changes, with the engine of its last good load. */
class Reloading {
  readonly directory = mkdtempSync(join(tmpdir(), 'portico-'));
  engine: Engine | undefined;

  /** Undefined takes a file away. */
  write(files: Readonly<Record<string, string | undefined>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.directory, name);
      mkdirSync(dirname(path), { recursive: true });
      if (text === undefined) rmSync(path, { force: true });
      else writeFileSync(path, text);
    }
  }

  /** As a gateway does: the new engine stays when it has no errors. */
  load(): Engine {
    const before = this.engine;
    const workspace = loadWorkspace(this.directory, { shownFrom: this.directory, before: before?.workspace.parsed ?? new Map() });
    const engine = createEngine(workspace, { ...SERVICES, before });
    if (engine.problems.every(({ severity }) => severity !== 'error')) this.engine = engine;
    return engine;
  }

  fresh(): Engine {
    return createEngine(loadWorkspace(this.directory, { shownFrom: this.directory }), { ...SERVICES, backendStates: new BackendStates() });
  }
}

async function answer(engine: Engine, target: string): Promise<string> {
  const url = Url.parse(`https://gateway.test${target}`);
  if (!url) throw new Error(target);
  const { status, body } = (await engine.run({ method: 'GET', url, headers: new Headers([]) })).ensureResponse();
  await body.buffer();
  const text = body.isPresent ? new TextDecoder().decode(body.bytes()) : '';
  return `${target} ${status} ${text.replace(/[0-9a-f-]{36}/, 'some id')}`;
}

async function told(engine: Engine): Promise<readonly string[]> {
  const problems = engine.problems.map((problem) => JSON.stringify(diagnosticRow(problem)));
  return [...problems, ...(problems.length > 0 ? [] : await Promise.all(CALLS.map((target) => answer(engine, target))))];
}

/** Operations (`two@gold` for callers of the product) whose policies are those of the other engine. */
function takenOver(before: Engine, now: Engine): string[] {
  const all = (engine: Engine) =>
    new Map(
      engine.workspace.apis.flatMap((one) =>
        one.operations.flatMap((operation) =>
          (one.info.id === 'a' ? ['', 'gold'] : ['']).map((product) => [
            `${operation.info.id}${product && '@'}${product}`,
            engine.policyFor(one, operation, product).sections.inbound.at(-1),
          ]),
        ),
      ),
    );
  const old = all(before);
  return [...all(now)].filter(([name, step]) => step !== undefined && old.get(name) === step).map(([name]) => name);
}

let reloading: Reloading;
beforeEach(() => {
  reloading = new Reloading();
  reloading.write(FILES);
});
afterEach(() => rmSync(reloading.directory, { recursive: true }));

const ALL = ['one', 'one@gold', 'two', 'two@gold', 'three', 'four'];
const NAMED = (value: string, more = {}) => info({ displayName: 'where', value, ...more });

describe('a reload takes over the policies that it would compile to the same', () => {
  it.each<[what: string, change: Readonly<Record<string, string | undefined>>, taken: readonly string[]]>([
    ['nothing', {}, ALL],
    ['a file that is none of the directory', { 'notes.txt': 'x' }, ALL],
    ['an operation', { 'apis/a/operations/one/policy.xml': policies(says('new')) }, ['two', 'two@gold', 'three', 'four']],
    ['blanks before it', { 'apis/a/operations/one/policy.xml': `\n${policies(says('{{where}}'))}` }, ['two', 'two@gold', 'three', 'four']],
    ['an operation that is gone', { 'apis/c/operations/three/policy.xml': undefined }, ['one', 'one@gold', 'two', 'two@gold', 'four']],
    ['an API', { 'apis/a/policy.xml': policies(sets('a', 'new') + sets('b', 'new')) }, ['three', 'four']],
    ['an API that has none any more', { 'apis/a/policy.xml': undefined }, ['three', 'four']],
    ['a product', { 'products/gold/policy.xml': policies(sets('p', 'new') + sets('q', 'x')) }, ['one', 'two', 'three', 'four']],
    ['the global document', { 'policy.xml': FILES['policy.xml']?.replace('global', 'new') }, []],
    ['a global document that is gone', { 'policy.xml': undefined, 'apis/c/operations/three/policy.xml': policies(says('x')) }, []],
    ['a named value', { 'named values/where/namedValueInformation.json': NAMED('new') }, []],
    ['a named value that became secret', { 'named values/where/namedValueInformation.json': NAMED('here', { secret: true }) }, []],
    ['a named value of portico.yaml', { 'portico.yaml': `${FILES['portico.yaml']}named-values: { where: local }\n` }, []],
    ['a named value of a workspace', { 'workspaces/w/named values/where/namedValueInformation.json': NAMED('new') }, ALL.slice(0, 5)],
    ['a fragment', { 'policy fragments/part/policy.xml': `<fragment>${sets('f', 'new')}</fragment>` }, []],
    ['one more fragment', { 'policy fragments/more/policy.xml': '<fragment />' }, []],
    ['a backend', { 'backends/b/backendInformation.json': info({ url: 'https://new.test', protocol: 'http' }) }, []],
    ['a setting', { 'portico.yaml': `${FILES['portico.yaml']}settings: { missing-variable: null }\n` }, []],
    ['members that are let through', { 'portico.yaml': `${FILES['portico.yaml']}expressions: { allow: [System.DateTime.Now] }\n` }, []],
    ['a schema of the service', { 'schemas/s/schemaInformation.json': info({ schemaType: 'json', document: { type: 'object' } }) }, []],
    ['the path of an API', { 'apis/a/apiInformation.json': api('moved') }, ALL],
    [
      'one more operation',
      { 'apis/a/specification.yaml': `${FILES['apis/a/specification.yaml']}  /new: { get: { operationId: new, responses: {} } }\n` },
      ALL,
    ],
  ])('after a change of %s', async (_what, change, taken) => {
    const before = reloading.load();
    expect((await told(before)).join('\n')).toContain('/a/two 200 fragmentb.test');
    reloading.write(change);
    const now = reloading.load();
    expect(await told(now)).toEqual(await told(reloading.fresh()));
    expect(now.problems).toEqual([]);
    expect(takenOver(before, now)).toEqual(taken);
  });

  it('and tells again what it has to say about files that did not change', () => {
    reloading.write({
      'apis/a/specification.yaml':
        'openapi: 3.0.1\npaths:\n  /one: { get: { operationId: one, parameters: [{ $ref: "other.yaml#/x" }] } }\n',
      'apis/c/operations/three/policy.xml': policies('<set-variable name="x" value="@(1 +)" />'),
      'apis/c/apiInformation.json': info({ path: 'c', protocols: 1, isCurrent: 'maybe' }),
      'backends/b/backendInformation.json': '{ "properties": { "url": "https://b.test" ',
    });
    const first = reloading.load();
    reloading.engine = first;
    expect(first.problems.length).toBeGreaterThan(3);
    expect(reloading.load().problems.map(diagnosticRow)).toEqual(first.problems.map(diagnosticRow));
  });

  it('of the last good load, after one with errors', async () => {
    const before = reloading.load();
    reloading.write({ 'named values/where/namedValueInformation.json': undefined });
    expect(reloading.load().problems.map(({ code }) => code)).toEqual(['PTC1021']);
    reloading.write({ 'named values/where/namedValueInformation.json': NAMED('here') });
    const now = reloading.load();
    expect(takenOver(before, now)).toEqual(ALL);
    expect(await told(now)).toEqual(await told(reloading.fresh()));
  });

  it.skipIf(!HAS_OPENSSL)('with certificates, which calls look up (needs openssl)', () => {
    const folder = new CertificateFolder();
    try {
      folder.make('partner', { authority: true });
      const entry = `certificates: { partner: { certificate: "${folder.file('partner.pem')}", key: "${folder.file('partner.key')}" } }\n`;
      reloading.write({ 'portico.yaml': FILES['portico.yaml'] + entry });
      const before = reloading.load();
      expect(before.problems).toEqual([]);
      expect(takenOver(before, reloading.load())).toEqual(ALL);
      reloading.write({ 'portico.yaml': `${FILES['portico.yaml']}${entry.replace('partner:', 'other:')}` });
      expect(takenOver(before, reloading.load())).toEqual([]);
    } finally {
      folder.remove();
    }
  });

  it('with a rich portico.yaml, too', () => {
    reloading.write({
      'portico.yaml': `
subscriptions: [{ id: s, primary-key: k, scope: /products/gold }]
named-values: { secret: { value: x, secret: true } }
backends: { more: { url: 'https://more.test' } }
identity: { provider: entra-v2, tenant: 11111111-2222-3333-4444-555555555555 }
stand-ins: { sql: 'http://127.0.0.1:1/' }
log: { level: warn }
limits: { token-cache: 10 }
`,
    });
    const before = reloading.load();
    expect(before.problems).toEqual([]);
    expect(takenOver(before, reloading.load())).toEqual(ALL);
  });
});

it('A template is the same after a reload, with whatever parameters', async () => {
  const resource = (type: string, name: string, properties: object) => ({
    type: `Microsoft.ApiManagement/service/${type}`,
    name: `[concat('s/', ${name})]`,
    properties,
  });
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { text: { type: 'string', defaultValue: 'default' } },
    resources: [
      resource('apis', "'a'", { path: 'a', displayName: "[parameters('text')]", subscriptionRequired: false }),
      resource('apis/operations', "'a/one'", { method: 'GET', urlTemplate: '/one', displayName: 'one' }),
      resource('apis/operations/policies', "'a/one/policy'", {
        format: 'rawxml',
        value:
          "[concat('<policies><inbound><return-response><set-body>', parameters('text'), '</set-body></return-response></inbound></policies>')]",
      }),
    ],
  };
  const given = (text: string) => ({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
    parameters: { text: { value: text } },
  });
  reloading.write(Object.fromEntries(Object.keys(FILES).map((name) => [name, undefined])));
  for (const name of ['apis', 'backends', 'products', 'named values', 'policy fragments', 'workspaces'])
    rmSync(join(reloading.directory, name), { recursive: true });
  reloading.write({ 'service.template.json': JSON.stringify(template) });
  for (const text of [undefined, 'one', 'two', undefined]) {
    reloading.write({ 'service.parameters.json': text && JSON.stringify(given(text)) });
    const now = reloading.load();
    expect((await told(now))[0]).toBe(`/a/one 200 ${text ?? 'default'}`);
    expect(await told(now)).toEqual(await told(reloading.fresh()));
  }
});

it('A chain of reloads never differs from loads that start from nothing', async () => {
  const variants: readonly (readonly [file: string, ...texts: readonly (string | undefined)[]])[] = [
    ['policy.xml', FILES['policy.xml'], FILES['policy.xml']?.replace('global', 'other'), undefined],
    ['apis/a/policy.xml', FILES['apis/a/policy.xml'], policies(`${sets('a', '{{where}}')}<no-such-policy />`), undefined],
    ['apis/a/operations/one/policy.xml', policies(says('1')), policies(says('@(1 +)')), policies(says('@("{{where}}".Length)')), undefined],
    ['named values/where/namedValueInformation.json', NAMED('here'), NAMED('a&quot;b'), NAMED('2', { secret: true }), undefined, '{'],
    [
      'policy fragments/part/policy.xml',
      FILES['policy fragments/part/policy.xml'],
      `<fragment>${sets('f', '{{where}}')}</fragment>`,
      undefined,
    ],
    ['backends/b/backendInformation.json', FILES['backends/b/backendInformation.json'], info({ url: 'https://other.test' }), undefined],
    ['products/gold/policy.xml', FILES['products/gold/policy.xml'], policies('<include-fragment fragment-id="part" />'), undefined],
    [
      'apis/a/specification.yaml',
      FILES['apis/a/specification.yaml'],
      'openapi: 3.0.1\npaths: { /new: { get: { operationId: one } } }',
      '{',
    ],
    ['workspaces/w/named values/where/namedValueInformation.json', NAMED('there'), NAMED('elsewhere'), undefined],
    ['portico.yaml', FILES['portico.yaml'], `${FILES['portico.yaml']}expressions: { allow: [System.DateTime.Now] }\n`, undefined],
  ];
  reloading.load();
  let seed = 7;
  const choose = (count: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * count);
  };
  let good = 0;
  for (let round = 0; round < 60; round += 1) {
    // Every few rounds all is put in order, so that there is a good state to take over from.
    if (round % 4 === 0) reloading.write(FILES);
    const [file = '', ...texts] = variants[choose(variants.length)] ?? [''];
    reloading.write({ [file]: texts[choose(texts.length)] });
    const now = reloading.load();
    if (now === reloading.engine) good += 1;
    expect(await told(now), `round ${round}, ${file}`).toEqual(await told(reloading.fresh()));
  }
  expect(good).toBeGreaterThan(15);
  expect(good).toBeLessThan(60);
}, 20_000);

it('What is kept is what the last good load read', () => {
  const kept = () => [...(reloading.engine?.workspace.parsed?.keys() ?? [])].filter((path) => path.endsWith('policy.xml')).length;
  reloading.load();
  const all = kept();
  expect(all).toBe(Object.keys(FILES).filter((name) => name.endsWith('policy.xml')).length);
  for (let round = 0; round < 3; round += 1) {
    reloading.write({ [`policy fragments/f${round}/policy.xml`]: '<fragment><no-such-policy /></fragment>' });
    expect(reloading.load()).not.toBe(reloading.engine);
    reloading.write({ [`policy fragments/f${round}/policy.xml`]: undefined });
  }
  expect(kept()).toBe(all);
  reloading.write({ 'apis/c/operations/three/policy.xml': undefined });
  reloading.load();
  expect(kept()).toBe(all - 1);
});

it('The engine before is let go', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const engines: WeakRef<Engine>[] = [];
  const workspaces: WeakRef<object>[] = [];
  for (let round = 0; round < 3; round += 1) {
    reloading.write({ 'apis/a/operations/one/policy.xml': policies(says(String(round))) });
    const engine = reloading.load();
    engines.push(new WeakRef(engine));
    workspaces.push(new WeakRef(engine.workspace));
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  expect(engines.map((one) => one.deref() !== undefined)).toEqual([false, false, true]);
  expect(workspaces.map((one) => one.deref() !== undefined)).toEqual([false, false, true]);
});
