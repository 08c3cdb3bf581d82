/** ARM templates, compiled Bicep and the resource kit's folders as policy directories. */
import { describe, expect, it } from 'vitest';
import { createFrozenHost } from '../../src/host/frozen.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import type { Diagnostic } from '../../src/source/diagnostic.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { createEngine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import type { Workspace } from '../../src/workspace/model.ts';
import { type FileTexts, lineOf, load, POLICY, problemsOf } from './support.ts';

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
const PARAMETERS = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#';

const template = (resources: unknown, more: object = {}) =>
  JSON.stringify({ $schema: SCHEMA, contentVersion: '1.0.0.0', ...more, resources }, undefined, 2);
const policy = (value: string, more: object = {}) => ({
  type: 'Microsoft.ApiManagement/service/policies',
  name: "[concat(parameters('apimName'), '/policy')]",
  properties: { format: 'rawxml', value, ...more },
});
const NAME = { parameters: { apimName: { type: 'string' } } };

const EXPRESSIONS = createExpressions();
function engineProblems(workspace: Workspace): readonly Diagnostic[] {
  const host = createFrozenHost({
    crypto: nodeCrypto(),
    cache: (now) => new MemoryCache(now),
    counters: (now) => new MemoryCounters(now),
  });
  return createEngine(workspace, { host, expressions: EXPRESSIONS }).problems;
}

describe('an ARM template', () => {
  it('gives APIs, operations, products, named values, backends, fragments and documents of every scope', () => {
    const workspace = load({
      'azuredeploy.json': template(
        [
          policy(POLICY),
          {
            type: 'Microsoft.ApiManagement/service/namedValues',
            name: 'apim/key-1',
            properties: { displayName: 'key', value: "[parameters('key')]" },
          },
          { type: 'Microsoft.ApiManagement/service/properties', name: 'apim/old', properties: { displayName: 'old', value: 'o' } },
          {
            type: 'Microsoft.ApiManagement/service/backends',
            name: 'apim/crm',
            properties: { url: "[format('https://{0}.internal', variables('host'))]" },
          },
          {
            type: 'Microsoft.ApiManagement/service/policyFragments',
            name: 'apim/shared',
            properties: { format: 'rawxml', value: '<fragment />' },
          },
          {
            type: 'Microsoft.ApiManagement/service/apiVersionSets',
            name: 'apim/set',
            properties: { displayName: 'Set', versioningScheme: 'Header', versionHeaderName: 'X-V' },
          },
          {
            type: 'Microsoft.ApiManagement/service/apis',
            name: 'apim/orders',
            properties: {
              path: 'shop/orders',
              displayName: 'Orders',
              serviceUrl: 'https://orders.internal',
              apiVersion: 'v1',
              apiVersionSetId: "[resourceId('Microsoft.ApiManagement/service/apiVersionSets', parameters('apimName'), 'set')]",
            },
            resources: [
              { type: 'operations', name: 'get', properties: { method: 'GET', urlTemplate: '/{id}', displayName: 'Get' } },
              { type: 'operations/policies', name: 'get/policy', properties: { format: 'rawxml', value: POLICY } },
              { type: 'policies', name: 'policy', properties: { format: 'rawxml', value: POLICY } },
            ],
          },
          { type: 'Microsoft.ApiManagement/service/products', name: 'apim/gold', properties: { displayName: 'Gold', state: 'published' } },
          { type: 'Microsoft.ApiManagement/service/products/apis', name: 'apim/gold/orders' },
          {
            type: 'Microsoft.ApiManagement/service/products/policies',
            name: 'apim/gold/policy',
            properties: { format: 'rawxml', value: POLICY },
          },
        ],
        { parameters: { apimName: { type: 'string' }, key: { type: 'securestring' } }, variables: { host: "[concat('c', 'rm')]" } },
      ),
      'azuredeploy.parameters.json': JSON.stringify({ $schema: PARAMETERS, parameters: { key: { value: 's3cret' } } }),
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.globalPolicy?.kind).toBe('policies');
    expect(workspace.namedValues.get('key')?.value).toBe('s3cret');
    expect(workspace.namedValues.get('old')?.value).toBe('o');
    expect(workspace.backends.get('crm')?.url).toBe('https://crm.internal');
    expect([...workspace.fragments.keys()]).toEqual(['shared']);
    const [orders] = workspace.apis;
    expect(orders?.info).toMatchObject({ id: 'orders', path: 'shop/orders', version: 'v1' });
    expect(orders?.versioning).toEqual({ scheme: 'Header', name: 'X-V' });
    expect(orders?.policy).toBeDefined();
    expect(orders?.operations.map(({ info, policy: own }) => [info.id, info.urlTemplate, own !== undefined])).toEqual([
      ['get', '/{id}', true],
    ]);
    expect(workspace.products.map(({ info, apiIds, policy: own }) => [info.id, [...apiIds], own !== undefined])).toEqual([
      ['gold', ['orders'], true],
    ]);
  });

  it('points an error in a policy at the right character of the JSON file, behind escapes', () => {
    const text = `{ "$schema": "${SCHEMA}", "resources": [\n  { "type": "Microsoft.ApiManagement/service/policies", "name": "a/policy", "properties": { "format": "rawxml",\n    "value": "<policies>\\r\\n\\t<inbound><set-header name=\\"x\\"><value>@(nope + \\"\\u00e9\\")</value></set-header></inbound>\\r\\n</policies>" } }\n] }`;
    const problems = engineProblems(load({ 'main.json': text }));
    const column = (text.split('\n')[2] ?? '').indexOf('nope') + 1;
    expect(problems.map(lineOf)).toEqual([`main.json:3:${column} CS0103 The name 'nope' does not exist in the current context`]);
  });

  it('keeps both of two equal errors in documents of one file', () => {
    const broken = '<policies><inbound><nope /></inbound></policies>';
    const api = (name: string) => [
      { type: 'Microsoft.ApiManagement/service/apis', name: `a/${name}`, properties: { path: name } },
      { type: 'Microsoft.ApiManagement/service/apis/policies', name: `a/${name}/policy`, properties: { format: 'rawxml', value: broken } },
    ];
    const problems = engineProblems(load({ 'main.json': template([...api('one'), ...api('two')]) }));
    expect(problems.filter(({ code }) => code === 'PTC1001')).toHaveLength(2);
  });

  it('finds the place behind variables, replace() and format() as Bicep compiles loadTextContent', () => {
    const files = {
      'main.json': template([policy("[replace(variables('$fxv#0'), '__HOST__', parameters('host'))]")], {
        parameters: { apimName: { type: 'string' }, host: { type: 'string', defaultValue: 'https://very.long.example' } },
        variables: { '$fxv#0': '<policies><inbound><set-backend-service base-url="__HOST__" /><mistake /></inbound></policies>' },
      }),
    };
    const text = files['main.json'];
    const line = text.split('\n').findIndex((one) => one.includes('mistake'));
    const column = (text.split('\n')[line] ?? '').indexOf('mistake') + 1;
    expect(engineProblems(load(files)).map(lineOf).join()).toContain(`main.json:${line + 1}:${column} `);
  });

  it('may have lines inside of texts and a comma too many, as deployments take it', () => {
    const text = `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    { "type": "Microsoft.ApiManagement/service/policies", "name": "apim/policy",
      "properties": { "format": "rawxml", "value": "<policies>
        <inbound><return-response /></inbound><backend /><outbound /><on-error />
      </policies>" } },
  ]
}`;
    const workspace = load({ 'azuredeploy.json': text });
    expect(workspace.problems).toEqual([]);
    expect(workspace.globalPolicy?.kind).toBe('policies');
  });

  it('may have comments, as deployments take it, and places behind them hold', () => {
    const text = template([policy(POLICY.replace('<base />', '<nothing />'))], NAME).replace(
      '"contentVersion"',
      '// first\n/* "resources": [] */ "contentVersion"',
    );
    const parameters = `{ // chosen here\n "$schema": "${PARAMETERS}", "parameters": { "apimName": { "value": "apim" } } }`;
    const workspace = load({ 'azuredeploy.json': text, 'azuredeploy.parameters.json': parameters });
    expect(workspace.globalPolicy).toBeDefined();
    const line = text.split('\n').findIndex((one) => one.includes('<nothing />')) + 1;
    expect(engineProblems(workspace).map(lineOf)).toEqual([expect.stringContaining(`azuredeploy.json:${line}:`)]);
  });

  it('reads symbolic names, copies, conditions and the modules of Bicep', () => {
    const workspace = load({
      'main.json': JSON.stringify({
        $schema: SCHEMA,
        languageVersion: '2.0',
        parameters: { names: { type: 'array', defaultValue: ['a', 'b'] } },
        resources: {
          apis: {
            copy: { name: 'apis', count: "[length(parameters('names'))]" },
            type: 'Microsoft.ApiManagement/service/apis',
            name: "[format('{0}/{1}', 'apim', parameters('names')[copyIndex()])]",
            properties: { path: "[format('area/{0}', parameters('names')[copyIndex()])]" },
          },
          off: { condition: false, type: 'Microsoft.ApiManagement/service/apis', name: 'apim/off', properties: { path: 'off' } },
          service: { existing: true, type: 'Microsoft.ApiManagement/service', name: 'apim' },
          module: {
            type: 'Microsoft.Resources/deployments',
            name: 'inner',
            properties: {
              expressionEvaluationOptions: { scope: 'inner' },
              parameters: { document: { value: POLICY } },
              template: {
                parameters: { document: { type: 'string' } },
                resources: [
                  {
                    type: 'Microsoft.ApiManagement/service/policies',
                    name: 'apim/policy',
                    properties: { format: 'rawxml', value: "[parameters('document')]" },
                  },
                ],
              },
            },
          },
        },
      }),
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.apis.map(({ info }) => info.path)).toEqual(['area/a', 'area/b']);
    expect(workspace.globalPolicy).toBeDefined();
    expect(workspace.notices?.map(({ message }) => message)).toEqual(['`apim/off` is left out: its condition is false']);
  });

  it('imports a specification that stands in the API', () => {
    const { apis, problems } = load({
      'main.json': template([
        {
          type: 'Microsoft.ApiManagement/service/apis',
          name: 'a/orders',
          properties: {
            path: 'o',
            format: 'openapi+json',
            value: '{"openapi":"3.0.1","paths":{"/x":{"get":{"operationId":"getX","responses":{}}}}}',
          },
        },
      ]),
    });
    expect(problems.map(lineOf)).toEqual([]);
    expect(apis[0]?.operations.map(({ info }) => `${info.method} ${info.urlTemplate}`)).toEqual(['GET /x']);
  });

  it.each<[string, string, RegExp | undefined]>([
    ['rawxml takes quotes as they are', '<policies><inbound><set-variable name="a" value="@("x" + 1)" /></inbound></policies>', undefined],
    [
      'xml refuses them',
      '<policies><inbound><set-variable name="a" value="@("x" + 1)" /></inbound></policies>',
      /PTC5101 format `xml` does not take `"` as it stands inside an expression$/,
    ],
    ['xml refuses <', '<policies><inbound><set-variable name="a" value="@(1 < 2)" /></inbound></policies>', /PTC5101 .*`<`/],
    ['xml refuses &', '<policies><inbound><set-variable name="a" value="@(true && true)" /></inbound></policies>', /PTC5101 .*`&`/],
    ['xml takes entities', '<policies><inbound><set-variable name="a" value="@(&quot;x&quot; + 1)" /></inbound></policies>', undefined],
    [
      'xml decodes twice',
      '<policies><inbound><set-variable name="a" value="@(&amp;quot;x&amp;quot; + 1)" /></inbound></policies>',
      undefined,
    ],
  ])('%s', (what, value, problem) => {
    const format = what.startsWith('xml') ? 'xml' : 'rawxml';
    const problems = engineProblems(load({ 'main.json': template([policy(value, { format })], NAME) })).map(lineOf);
    if (problem) expect(problems.join('\n')).toMatch(problem);
    else expect(problems).toEqual([]);
  });

  it.each<[string, FileTexts, string[]]>([
    [
      'a parameter without a value',
      { 'main.json': template([policy("[parameters('doc')]")], { parameters: { apimName: {}, doc: {} } }) },
      ['PTC5104 parameter `doc` has no value'],
    ],
    ['an unknown variable', { 'main.json': template([policy("[variables('doc')]")], NAME) }, ['PTC5105 there is no variable `doc`']],
    [
      'an unknown function',
      { 'main.json': template([policy('[magic(1)]')], NAME) },
      ['PTC5106 the function `magic` cannot be worked out here'],
    ],
    [
      'a condition without its branches',
      { 'main.json': template([policy('[if(true())]')], NAME) },
      ['PTC5106 the function `if` cannot be worked out here'],
    ],
    [
      'a broken expression',
      { 'main.json': template([policy("[concat('a']")], NAME) },
      ['PTC5107 the template expression cannot be read: `)` is expected here'],
    ],
    [
      'an unclosed text',
      { 'main.json': template([policy("[concat('a)]")], NAME) },
      ["PTC5107 the template expression cannot be read: the text is not closed with `'`"],
    ],
    [
      'an unknown format',
      { 'main.json': template([policy(POLICY, { format: 'yaml' })], NAME) },
      ['PTC5102 `yaml` is no format of a policy document'],
    ],
    [
      'a link',
      { 'main.json': template([policy('https://x/a.xml', { format: 'rawxml-link' })], NAME) },
      ['PTC5103 `a.xml` is a link, and nothing is downloaded'],
    ],
    [
      'a name that does not fit',
      { 'main.json': template([{ ...policy(POLICY), name: 'a' }]) },
      ['PTC5116 the name `a` does not fit the type `Microsoft.ApiManagement/service/policies`'],
    ],
    [
      'a URL that only deployment knows',
      {
        'main.json': template([
          { type: 'Microsoft.ApiManagement/service/apis', name: 'a/b', properties: { path: 'b', serviceUrl: "[reference('x').url]" } },
        ]),
      },
      ['warning PTC5108 `reference()` has a value only after deployment'],
    ],
    [
      'a document without text',
      { 'main.json': template([{ ...policy(POLICY), properties: { format: 'xml' } }], NAME) },
      ['PTC5119 the policy resource holds no document'],
    ],
  ])('reports %s', (_what, files, expected) => {
    const found = problemsOf(files);
    for (const one of expected) expect(found.join('\n')).toContain(one);
    expect(found[0]).toMatch(/^main\.json:\d+:\d+ /);
  });
});

describe("the resource kit's folder", () => {
  it('reads several templates, parameters, and documents in `policies/`', () => {
    const workspace = load({
      'kit-globalServicePolicy.template.json': template(
        [
          policy("[concat(parameters('PolicyXMLBaseUrl'), '/globalServicePolicy.xml', parameters('PolicyXMLSasToken'))]", {
            format: 'rawxml-link',
          }),
        ],
        { parameters: { apimName: {}, PolicyXMLBaseUrl: {}, PolicyXMLSasToken: {} } },
      ),
      'kit-orders-api.template.json': template(
        [
          {
            type: 'Microsoft.ApiManagement/service/apis',
            name: "[concat(parameters('apimName'), '/orders')]",
            properties: { path: 'orders', isCurrent: true },
          },
          {
            type: 'Microsoft.ApiManagement/service/apis/operations',
            name: "[concat(parameters('apimName'), '/orders/get')]",
            properties: { method: 'GET', urlTemplate: '/{id}', displayName: 'Get' },
          },
        ],
        NAME,
      ),
      'kit-parameters.json': JSON.stringify({ $schema: PARAMETERS, parameters: { apimName: { value: 'contoso' } } }),
      'policies/globalServicePolicy.xml': POLICY,
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.globalPolicy).toBeDefined();
    expect(workspace.apis.map(({ info }) => info.path)).toEqual(['orders']);
  });

  it('reads the documents alone by their names', () => {
    const workspace = load({
      'globalServicePolicy.xml': POLICY,
      'orders-apiPolicy.xml': POLICY,
      'orders-get-operationPolicy.xml': POLICY,
      'gold-productPolicy.xml': POLICY,
    });
    expect(workspace.problems.map(lineOf)).toEqual([
      'orders-get-operationPolicy.xml:1:1 warning PTC5010 operation `get` has a policy but no route',
    ]);
    expect(workspace.globalPolicy).toBeDefined();
    expect(workspace.apis.map(({ info, policy }) => [info.id, policy !== undefined])).toEqual([['orders', true]]);
    expect(workspace.products.map(({ info, policy }) => [info.id, policy !== undefined])).toEqual([['gold', true]]);
  });
});

describe('what a template links to', () => {
  const linked = (file: string) => policy(`[concat(parameters('base'), '/${file}')]`, { format: 'rawxml-link' });
  const deployment = (templateLink: object) => ({ type: 'Microsoft.Resources/deployments', name: 'd', properties: { templateLink } });
  const BASE = { parameters: { apimName: { type: 'string' }, base: { type: 'string' } } };
  const link = (name: string) => deployment({ uri: `[concat(parameters('base'), ' /${name}')]` });

  it.each<[string, FileTexts, readonly string[]]>([
    [
      'a template beside it',
      { 'a-master.template.json': template([link('b.template.json'), policy(POLICY)], BASE), 'b.template.json': template([], BASE) },
      [],
    ],
    [
      'a template that is not there',
      { 'a.json': template([link('gone.template.json'), policy(POLICY)], BASE) },
      ['a.json:18:18 warning PTC5190 the linked template `gone.template.json` is not here, and what it holds is missing'],
    ],
    [
      'a template by its path',
      { 'a.json': template([deployment({ relativePath: 'nested/gone.json' }), policy(POLICY)]) },
      ['a.json:10:27 warning PTC5190 the linked template `gone.json` is not here, and what it holds is missing'],
    ],
    [
      'nothing',
      { 'a.json': template([{ type: 'Microsoft.Resources/deployments', name: 'd', properties: {} }, policy(POLICY)]) },
      ['a.json:5:5 warning PTC5191 the deployment has neither `template` nor a link to one'],
    ],
    [
      'some of the documents in the folder',
      {
        'a.json': template([linked('globalServicePolicy.xml')], BASE),
        'policies/globalServicePolicy.xml': POLICY,
        'policies/orders-apiPolicy.xml': POLICY,
        'policies/notes.xml': POLICY,
      },
      ['policies/orders-apiPolicy.xml:1:1 warning PTC5192 no template links to this document, which is not read'],
    ],
    [
      'documents that it shares with other folders of templates',
      {
        'a.json': template([linked('globalServicePolicy.xml')], BASE),
        '../policies/globalServicePolicy.xml': POLICY,
        '../policies/orders-apiPolicy.xml': POLICY,
      },
      [],
    ],
    [
      'no document: those in the folder are what it was compiled from',
      { 'main.json': template([policy(POLICY)], NAME), 'policies/orders-apiPolicy.xml': POLICY },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(problemsOf({ 'portico.yaml': 'parameters: { base: "https://x/?path=%2Fpolicies%2F" }', ...files })).toEqual(expected);
  });

  it('names the parameter that a resource cannot do without', () => {
    const resource = {
      type: 'Microsoft.ApiManagement/service/apis',
      name: "[format('{0}/{1}', parameters('apimName'), parameters('api'))]",
    };
    const problems = problemsOf({ 'main.json': template([{ ...resource, properties: { path: 'a' } }, policy(POLICY)], NAME) });
    expect(problems).toEqual(['main.json:12:15 PTC5104 parameter `api` has no value']);
  });

  it('shows no mark where the name of the service is not known', () => {
    const resource = { type: 'Microsoft.ApiManagement/service/loggers', name: "[concat(parameters('apimName'), '/l')]", properties: {} };
    const { notices = [] } = load({ 'main.json': template([resource], NAME) });
    expect(notices.map(({ message }) => message)).toEqual([
      '`…/l` of type `Microsoft.ApiManagement/service/loggers` has no part in running policies',
    ]);
  });
});

describe('files of parameters', () => {
  const NAMED = {
    type: 'Microsoft.ApiManagement/service/namedValues',
    name: 'apim/n',
    properties: { displayName: 'n', value: "[parameters('v')]" },
  };
  const file = (v: string, schema = PARAMETERS) => JSON.stringify({ $schema: schema, parameters: { v: { value: v } } });
  const main = template([NAMED, policy(POLICY)], { parameters: { v: { type: 'string' } } });
  const givenTo = (files: FileTexts) => load({ 'main.json': main, ...files }).namedValues.get('n')?.value;

  it.each<[string, FileTexts, string | undefined]>([
    ['that of the template, whatever lies beside it', { 'a.parameters.json': file('a'), 'main.parameters.json': file('main') }, 'main'],
    ['the first', { 'main.parameters.dev.json': file('dev'), 'main.parameters.prod.json': file('prod') }, 'dev'],
    ['one that says to be a template', { 'x-parameters.json': file('kit', SCHEMA) }, 'kit'],
    ['no template', { 'parameters.json': template([], { parameters: { v: { type: 'string' } } }) }, undefined],
  ])('%s', (_, files, expected) => {
    expect(givenTo(files)).toBe(expected);
  });

  it('that disagree are told, until portico.yaml decides', () => {
    const files = { 'main.json': main, 'main.parameters.dev.json': file('dev'), 'main.parameters.prod.json': file('prod') };
    expect(problemsOf(files).map((line) => line.replace(/:1:\d+/, ''))).toEqual([
      'main.parameters.prod.json warning PTC5193 parameter `v` has another value in `main.parameters.dev.json`, which counts',
    ]);
    expect(problemsOf({ ...files, 'portico.yaml': 'parameters: { v: mine }' })).toEqual([]);
    expect(problemsOf({ ...files, 'main.parameters.prod.json': file('dev') })).toEqual([]);
  });
});
