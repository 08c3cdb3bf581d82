/** Responses that operations declare themselves: exports of the CLI, templates, Terraform. */
import { describe, expect, it } from 'vitest';
import { running } from './running.ts';
import { type FileTexts, json, load } from './support.ts';

const MOCK = '<policies><inbound><mock-response status-code="200" content-type="application/json" /></inbound></policies>';
const API = { 'apis/a/apiInformation.json': json({ path: 'a', subscriptionRequired: false }), 'apis/a/policy.xml': MOCK };
const operation = (responses: unknown) => json({ method: 'GET', urlTemplate: '/x', displayName: 'x', responses });
const definition = {
  openapi: '3.0.1',
  paths: {
    '/x': {
      get: {
        operationId: 'x',
        parameters: [{ name: 'q', in: 'query', schema: { type: 'integer' } }],
        responses: { 200: { content: { 'application/json': { example: { from: 'definition' } } } } },
      },
    },
  },
};

describe('responses that an operation declares', () => {
  it.each<[string, FileTexts, string]>([
    [
      'as a sample',
      {
        ...API,
        'apis/a/operations/x/operationInformation.json': operation([
          { statusCode: 200, representations: [{ contentType: 'application/json', sample: '{ "a": 1 }' }] },
        ]),
      },
      '{ "a": 1 }',
    ],
    [
      'as an example',
      {
        ...API,
        'apis/a/operations/x/operationInformation.json': operation([
          { statusCode: 200, representations: [{ contentType: 'application/json', examples: { default: { value: { a: 2 } } } }] },
        ]),
      },
      '{\n  "a": 2\n}',
    ],
    [
      'beside a definition that says more',
      {
        ...API,
        'apis/a/specification.json': JSON.stringify(definition),
        'apis/a/operations/x/operationInformation.json': operation([
          { statusCode: 200, representations: [{ contentType: 'application/json' }] },
        ]),
      },
      '{\n  "from": "definition"\n}',
    ],
    [
      'of no use',
      { ...API, 'apis/a/operations/x/operationInformation.json': operation([{ statusCode: 'all' }, 7, { statusCode: 404 }]) },
      '',
    ],
    [
      'in Terraform',
      {
        'a.tf': `resource "azurerm_api_management_api" "a" {\n  name = "a"\n  path = "a"\n  revision = "1"\n  subscription_required = false\n}
resource "azurerm_api_management_api_operation" "x" {
  operation_id = "x"
  api_name = "a"
  method = "GET"
  url_template = "/x"
  response {
    status_code = 404
  }
  response {
    status_code = 200
    representation {
      content_type = "text/plain"
    }
    representation {
      content_type = "application/json"
      example {
        name = "one"
        value = jsonencode({ a = 3 })
      }
    }
  }
}
resource "azurerm_api_management_api_policy" "p" {\n  api_name = "a"\n  xml_content = ${JSON.stringify(MOCK)}\n}\n`,
      },
      '{"a":3}',
    ],
  ])('%s', async (_, files, body) => {
    const gateway = running(load(files));
    expect(gateway.engine.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await gateway.call('GET /a/x')).toMatchObject({ status: 200, body });
  });

  it.each([
    ['GET /a/x/7?size=s', 200],
    ['GET /a/x/seven?size=s', 400],
    ['GET /a/x/7?size=m', 400],
    ['GET /a/x/7', 400],
  ])('come with parameters to be validated: %s', async (line, status) => {
    const validates =
      '<policies><inbound><validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="ignore" /><return-response /></inbound></policies>';
    const declared = {
      method: 'GET',
      urlTemplate: '/x/{id}',
      templateParameters: [{ name: 'id', type: 'integer', required: true }],
      request: {
        queryParameters: [{ name: 'size', type: '', required: true, values: ['s', 'l'] }],
        headers: [{ name: 'x-h', type: 'string' }],
      },
    };
    const files = { ...API, 'apis/a/policy.xml': validates, 'apis/a/operations/x/operationInformation.json': json(declared) };
    expect(await running(load(files)).call(line)).toMatchObject({ status });
  });

  it('know the rest of a path by the name that exports give it', async () => {
    const rest = [{ name: '*rest', in: 'path', required: true, schema: { type: '' } }];
    const validates =
      '<policies><inbound><validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="prevent"><headers specified-parameter-action="ignore" unspecified-parameter-action="ignore" /></validate-parameters><return-response /></inbound></policies>';
    const { engine, call } = running(
      load({
        ...API,
        'apis/a/policy.xml': validates,
        'apis/a/specification.json': JSON.stringify({
          openapi: '3.0.1',
          paths: { '/y/{*rest}': { get: { operationId: 'y', parameters: rest, responses: {} } } },
        }),
        'apis/a/operations/x/operationInformation.json': json({
          method: 'GET',
          urlTemplate: '/x/{*rest}',
          templateParameters: [{ name: '*rest', type: '' }],
        }),
      }),
    );
    expect(engine.problems).toEqual([]);
    for (const path of ['x/1/2', 'y/1/2']) expect(await call(`GET /a/${path}`)).toMatchObject({ status: 200 });
  });

  it('leave parameters to the definition', () => {
    const { apis } = load({
      ...API,
      'apis/a/specification.json': JSON.stringify(definition),
      'apis/a/operations/x/operationInformation.json': operation([]),
    });
    expect(apis[0]?.operations.map(({ info }) => info.parameters?.map(({ name }) => name))).toEqual([['q']]);
  });
});
