import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, documentWith, portico } from './support.ts';

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
const POLICY = '<policies>\n  <inbound>\n    <set-variable name="a" value="@("x" + 1)" />\n  </inbound>\n</policies>';
let directory = directoryWith({});

beforeAll(() => {
  directory = directoryWith({
    'openapi.yaml':
      'openapi: 3.1.0\ninfo: { title: My Orders, version: "1" }\nservers: [{ url: "https://orders.example/v1" }]\npaths:\n  /{id}:\n    get: { operationId: getOrder, responses: { "200": { description: ok } } }\n',
    'swagger.json': JSON.stringify({
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: 'old.example',
      basePath: '/api',
      paths: { '/x': { get: { responses: {} } } },
    }),
    'template.json': JSON.stringify({
      $schema: SCHEMA,
      resources: [
        { type: 'Microsoft.ApiManagement/service/policies', name: 'a/policy', properties: { format: 'rawxml', value: POLICY } },
        {
          type: 'Microsoft.ApiManagement/service/namedValues',
          name: 'a/n',
          properties: { displayName: 'key', value: 's3cret', secret: true },
        },
        { type: 'Microsoft.ApiManagement/service/policyFragments', name: 'a/f', properties: { format: 'rawxml', value: '<fragment />' } },
        { type: 'Microsoft.ApiManagement/service/apis', name: 'a/o', properties: { path: 'o', serviceUrl: 'https://o.internal' } },
        {
          type: 'Microsoft.ApiManagement/service/apis/operations',
          name: 'a/o/get',
          properties: { method: 'GET', urlTemplate: '/x', displayName: 'X' },
        },
        {
          type: 'Microsoft.ApiManagement/service/apis/operations/policies',
          name: 'a/o/get/policy',
          properties: { format: 'rawxml', value: POLICY },
        },
        { type: 'Microsoft.ApiManagement/service/products', name: 'a/gold', properties: { displayName: 'Gold' } },
        { type: 'Microsoft.ApiManagement/service/products/apis', name: 'a/gold/o' },
      ],
    }),
    'old/products/p/productInformation.json': '{ "properties": { "displayName": "P" } }',
    'old/products/p/apis.json': '[{ "name": "a" }]',
    'old/apis/a/apiInformation.json': '{ "properties": { "path": "a", "apiVersionSetId": "/subscriptions/1/apiVersionSets/s" } }',
    'old/version sets/s/apiVersionSetInformation.json': '{ "properties": { "versioningScheme": "Segment" } }',
    'broken.tf': 'resource "azurerm_api_management_policy" "p" {\n  xml_content = var.nope\n}\n',
    'evil.json': JSON.stringify({
      $schema: SCHEMA,
      resources: [{ type: 'Microsoft.ApiManagement/service/apis', name: 'a/..', properties: { path: 'o' } }],
    }),
    'empty/readme.txt': '',
  });
});
afterAll(() => directory.remove());

const run = (...args: string[]) => portico(['import', ...args], { cwd: directory.path });
const filesIn = (name: string) =>
  readdirSync(join(directory.path, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.path.length + name.length + 2))
    .sort();
const read = (name: string) => readFileSync(join(directory.path, name), 'utf8');

describe('portico import', () => {
  it('turns a template into the native layout, once and again', async () => {
    const first = await run('template.json', '--out', 'out');
    expect(first).toMatchObject({ code: 0 });
    expect(filesIn('out')).toEqual([
      'apis/o/apiInformation.json',
      'apis/o/operations/get/operationInformation.json',
      'apis/o/operations/get/policy.xml',
      'named values/n/namedValueInformation.json',
      'policy fragments/f/policy.xml',
      'policy fragments/f/policyFragmentInformation.json',
      'policy.xml',
      'products/gold/apis/o/productApiInformation.json',
      'products/gold/productInformation.json',
    ]);
    expect(first.out).toContain('wrote out/policy.xml\n');
    expect(first.out).toMatch(/\n9 files written, 0 unchanged\n$/);
    expect(first.err).toContain('the value of secret `key` is not written');
    expect(read('out/named values/n/namedValueInformation.json')).not.toContain('s3cret');
    expect(read('out/policy.xml')).toBe(`${POLICY}\n`);
    const again = await run('template.json', '--out', 'out');
    expect(again.out).toMatch(/\n0 files written, 9 unchanged\n$/);
    const check = await portico(['check', '--no-lint', 'out'], { cwd: directory.path });
    expect(check.code, check.out).toBe(0);
  });

  it('turns OpenAPI 3 and 2 into an API', async () => {
    expect((await run('openapi.yaml', '--out', 'api')).code).toBe(0);
    expect(filesIn('api')).toEqual([
      'apis/my-orders/apiInformation.json',
      'apis/my-orders/policy.xml',
      'apis/my-orders/specification.yaml',
    ]);
    expect(JSON.parse(read('api/apis/my-orders/apiInformation.json'))).toMatchObject({
      properties: { displayName: 'My Orders', path: 'my-orders', serviceUrl: 'https://orders.example/v1' },
    });
    expect((await run('swagger.json', '--out', 'api', '--name', 'old', '--path', 'legacy/v1')).code).toBe(0);
    const routes = await portico(['routes', 'api', '--format', 'json'], { cwd: directory.path });
    const { routes: rows } = JSON.parse(routes.out) as { routes: { method: string; path: string; backend: string }[] };
    expect(rows.map(({ method, path, backend }) => `${method} ${path} ${backend}`)).toEqual([
      'GET /my-orders/{id} https://orders.example/v1',
      'GET /legacy/v1/x https://old.example/api',
    ]);
  });

  it('brings older artifacts into the present form', async () => {
    expect((await run('old', '--out', 'new')).code).toBe(0);
    expect(filesIn('new')).toEqual([
      'apis/a/apiInformation.json',
      'products/p/apis/a/productApiInformation.json',
      'products/p/productInformation.json',
      'version sets/s/versionSetInformation.json',
    ]);
    expect(read('new/apis/a/apiInformation.json')).toContain('"/apiVersionSets/s"');
  });

  it('keeps what links are to, and tags', async () => {
    const service = (type: string, name: string, properties: object) => ({
      type: `Microsoft.ApiManagement/service/${type}`,
      name: `a/${name}`,
      properties,
    });
    writeFileSync(
      join(directory.path, 'links.json'),
      JSON.stringify({
        $schema: SCHEMA,
        resources: [
          service('apis', 'o', { path: 'o' }),
          service('apis/tags', 'o/blue', {}),
          service('products', 'gold', { displayName: 'Gold' }),
          service('products/apiLinks', 'gold/1234', {
            apiId: '/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/a/apis/o',
          }),
          service('products/groupLinks', 'gold/5678', { groupId: '/groups/staff' }),
        ],
      }),
    );
    expect(await run('links.json', '--out', 'linked')).toMatchObject({ code: 0 });
    expect(filesIn('linked')).toEqual([
      'apis/o/apiInformation.json',
      'apis/o/tags/blue/tagInformation.json',
      'products/gold/apis/o/productApiInformation.json',
      'products/gold/groups/staff/productGroupInformation.json',
      'products/gold/productInformation.json',
    ]);
  });

  it('writes nothing over files that say something else, unless forced', async () => {
    await run('openapi.yaml', '--out', 'guarded');
    const refused = await run('openapi.yaml', '--out', 'guarded', '--path', 'other');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toBe(
      'in the way: guarded/apis/my-orders/apiInformation.json\nnothing is written: 1 file would change (--force overwrites)\n',
    );
    expect((await run('openapi.yaml', '--out', 'guarded', '--path', 'other', '--force')).out).toContain('1 file written, 2 unchanged');
  });

  it.each([
    ['a folder', 'elsewhere', 'apis'],
    ['a file that is not there', 'nowhere.xml', 'apis/my-orders/policy.xml'],
  ])('writes nothing through a link out of the directory to %s, not even forced', async (what, target, link) => {
    const out = `linked ${what}`;
    mkdirSync(join(directory.path, 'elsewhere'), { recursive: true });
    mkdirSync(join(directory.path, out, 'apis/my-orders'), { recursive: true });
    const at = join(directory.path, out, link);
    if (link === 'apis') rmSync(at, { recursive: true });
    symlinkSync(join(directory.path, target), at);
    const refused = await run('openapi.yaml', '--out', out, '--force');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`a link leads out of \`${out}\`: ${out}/apis/my-orders/policy.xml\n`);
    expect(readdirSync(join(directory.path, 'elsewhere'))).toEqual([]);
  });

  it('writes nothing with --dry-run', async () => {
    expect((await run('openapi.yaml', '--out', 'dry', '--dry-run')).out).toContain('would write dry/apis/my-orders/policy.xml');
    expect(existsSync(join(directory.path, 'dry'))).toBe(false);
  });

  it.each([
    ['a source with errors', ['broken.tf'], 1, /^broken\.tf:2:17: error PTC5105[\s\S]*\nnothing is written: correct the source first\n$/],
    ['a name that leaves the directory', ['evil.json'], 1, /`\.\.` is no name for a folder/],
    ['an empty directory', ['empty'], 1, /PTC5129/],
    ['no source', ['nowhere'], 2, /there is no file or directory `nowhere`/],
    ['a wrong name', ['openapi.yaml', '--name', '../x'], 2, /is no name of an API/],
  ])('refuses %s', async (_what, args, code, message) => {
    const ran = await run(...args, '--out', 'refused');
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(message);
    expect(existsSync(join(directory.path, 'refused'))).toBe(false);
  });

  it('needs to know where to', async () => {
    expect((await run('openapi.yaml')).code).toBe(2);
  });
});

describe('portico init', () => {
  it('makes a directory whose check and test pass, and does not overwrite it', async () => {
    const setup = { cwd: directory.path };
    expect((await portico(['init', 'fresh'], setup)).code).toBe(0);
    expect(read('fresh/portico.yaml')).toMatch(/^# yaml-language-server: \$schema=.*portico\.schema\.json\n/);
    expect(read('fresh/hello.test.yaml')).toMatch(/^# yaml-language-server: \$schema=.*portico-test\.schema\.json\n/);
    expect((await portico(['check', 'fresh'], setup)).out).toContain('0 errors, 0 warnings');
    expect((await portico(['test', 'fresh'], setup)).out).toContain('3 tests passed, 0 failed');
    const again = await portico(['init', 'fresh'], setup);
    expect(again.code).toBe(1);
    expect(again.err).toContain('in the way: fresh/policy.xml');
    expect((await portico(['init', 'fresh', '--force'], setup)).code).toBe(0);
  });
});

describe('other layouts on the command line', () => {
  it('are checked where they stand', async () => {
    const { code, out } = await portico(['check', 'broken.tf', '--format', 'json'], { cwd: directory.path });
    expect(code).toBe(1);
    expect((JSON.parse(out) as { problems: unknown[] }).problems).toMatchObject([
      { file: 'broken.tf', line: 2, column: 17, code: 'PTC5105' },
    ]);
  });

  it('name what has no part with --verbose', async () => {
    const { out } = await portico(['check', 'empty', '--verbose', '--no-lint'], { cwd: directory.path });
    expect(out).toContain('info PTC5115: `readme.txt` is no part of the layout and was not read');
  });

  it('take an environment', async () => {
    const other = directoryWith({
      'policy.xml': documentWith(''),
      'apis/a/apiInformation.json': '{ "properties": { "path": "a" } }',
      'portico.yaml': 'apis: { a: { path: plain } }\nenvironments: { dev: { apis: { a: { service-url: "https://dev" } } } }\n',
    });
    const routes = async (...args: string[]) => portico(['routes', '--format', 'json', ...args], { cwd: other.path });
    expect((await routes()).out).toContain('"backend": null');
    const dev = await routes('--env', 'dev');
    expect(dev.out).toContain('"backend": "https://dev');
    expect(dev.out).toContain('/plain/');
    const wrong = await routes('--env', 'prod');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('PTC5011: there is no environment `prod`');
    other.remove();
  });
});
