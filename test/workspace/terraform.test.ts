/** Terraform files as policy directories: heredocs, files, templates, variables, and everything that cannot be known. */
import { describe, expect, it } from 'vitest';
import { createFrozenHost } from '../../src/host/frozen.ts';
import { nodeCrypto } from '../../src/host/node-crypto.ts';
import { MemoryCache } from '../../src/stores/cache.ts';
import { MemoryCounters } from '../../src/stores/counters.ts';
import { createEngine } from '../../src/workspace/engine.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import type { Workspace } from '../../src/workspace/model.ts';
import { type FileTexts, json, lineOf, load, POLICY, problemsOf } from './support.ts';

const EXPRESSIONS = createExpressions();
function engineProblems(workspace: Workspace): string[] {
  const host = createFrozenHost({
    crypto: nodeCrypto(),
    cache: (now) => new MemoryCache(now),
    counters: (now) => new MemoryCounters(now),
  });
  return createEngine(workspace, { host, expressions: EXPRESSIONS }).problems.map(lineOf);
}

const policyOf = (value: string) => `resource "azurerm_api_management_policy" "p" {\n  xml_content = ${value}\n}\n`;

const MAIN = `
# The instance itself lives elsewhere.
variable "backend_host" {
  type    = string
  default = "orders.internal"
}
locals {
  prefix  = "shop"
  headers = { "x-env" = upper("dev") }
}
resource "azurerm_api_management" "apim" {
  name = "contoso"
}
resource "azurerm_api_management_api" "orders" {
  name                  = "orders"
  api_management_name   = azurerm_api_management.apim.name
  resource_group_name   = "rg"
  revision              = "1"
  display_name          = "Orders"
  path                  = "\${local.prefix}/orders"
  protocols             = ["https"]
  service_url           = "https://\${var.backend_host}/v1"
  subscription_required = false
  version               = "v1"
  version_set_id        = azurerm_api_management_api_version_set.set.id
  subscription_key_parameter_names {
    header = "X-Key"
    query  = "key"
  }
}
resource "azurerm_api_management_api_version_set" "set" {
  name = "orders-set"
  display_name = "Orders"
  versioning_scheme = "Query"
  version_query_name = "v"
}
resource "azurerm_api_management_api_operation" "get" {
  operation_id = "get-order"
  api_name     = azurerm_api_management_api.orders.name
  display_name = "Get"
  method       = "GET"
  url_template = "/{id}"
  template_parameter {
    name = "id"
    type = "string"
    required = true
  }
}
resource "azurerm_api_management_api_policy" "orders" {
  api_name    = azurerm_api_management_api.orders.name
  xml_content = <<XML
<policies>
  <inbound>
    <base />
    <set-header name="x-env"><value>\${local.headers["x-env"]}</value></set-header>
    <set-variable name="v" value="@($"{context.RequestId} $\${context.Operation.Id}")" />
  </inbound>
</policies>
XML
}
resource "azurerm_api_management_api_operation_policy" "get" {
  api_name     = azurerm_api_management_api_operation.get.api_name
  operation_id = azurerm_api_management_api_operation.get.operation_id
  xml_content  = file("\${path.module}/policies/get.xml")
}
resource "azurerm_api_management_policy" "global" {
  api_management_id = azurerm_api_management.apim.id
  xml_content = templatefile("policies/global.xml.tftpl", { audience = "api://orders" })
}
resource "azurerm_api_management_product" "gold" {
  product_id = "gold"
  display_name = "Gold"
  published = true
}
resource "azurerm_api_management_product_api" "gold" {
  product_id = azurerm_api_management_product.gold.product_id
  api_name   = azurerm_api_management_api.orders.name
}
resource "azurerm_api_management_product_policy" "gold" {
  product_id  = "gold"
  xml_content = "${POLICY}"
}
resource "azurerm_api_management_named_value" "values" {
  for_each     = { a = "1", b = "2" }
  name         = "nv-\${each.key}"
  display_name = each.key
  value        = each.value
}
resource "azurerm_api_management_backend" "crm" {
  name     = "crm"
  protocol = "http"
  url      = "https://crm.internal"
  credentials {
    header = { x-key = "{{a}}" }
  }
  tls {
    validate_certificate_chain = false
  }
  circuit_breaker_rule {
    name = "r"
    trip_duration = "PT30S"
    accept_retry_after_enabled = true
    failure_condition {
      count = 3
      interval_duration = "PT1M"
      status_code_range {
        min = 500
        max = 599
      }
    }
  }
}
resource "azurerm_api_management_policy_fragment" "shared" {
  name   = "shared"
  format = "rawxml"
  value  = <<-EOT
    <fragment>
      <set-header name="a"><value>b</value></set-header>
    </fragment>
  EOT
}
resource "azurerm_api_management_subscription" "s" {
  subscription_id = "s1"
  display_name = "S"
  product_id = azurerm_api_management_product.gold.id
  state = "active"
  primary_key = "k1"
}
`;
const FILES: FileTexts = {
  'main.tf': MAIN,
  'policies/get.xml': POLICY,
  'policies/global.xml.tftpl':
    '<policies><inbound><set-variable name="aud" value="${audience}" /></inbound><backend><forward-request /></backend></policies>',
};

describe('Terraform files', () => {
  it('give everything that the provider sends', () => {
    const workspace = load(FILES);
    expect(engineProblems(workspace)).toEqual([]);
    const [orders] = workspace.apis;
    expect(orders?.info).toMatchObject({
      id: 'orders',
      path: 'shop/orders',
      version: 'v1',
      protocols: ['https'],
      subscriptionKeyParameterNames: { header: 'X-Key', query: 'key' },
    });
    expect(orders?.info.serviceUrl?.toString()).toBe('https://orders.internal/v1');
    expect(orders?.versioning).toEqual({ scheme: 'Query', name: 'v' });
    expect(orders?.subscriptionRequired).toBe(false);
    expect(orders?.operations.map(({ info, policy }) => [info.id, info.urlTemplate, policy?.file.name])).toEqual([
      ['get-order', '/{id}', 'policies/get.xml'],
    ]);
    expect(workspace.globalPolicy?.file.text).toContain('value="api://orders"');
    expect(orders?.policy?.file.text).toContain('<value>DEV</value>');
    expect(orders?.policy?.file.text).toContain('$"{context.RequestId} ${context.Operation.Id}"');
    expect(workspace.products.map(({ info, apiIds }) => [info.id, info.state, [...apiIds]])).toEqual([['gold', 'Published', ['orders']]]);
    expect([...workspace.namedValues.values()].map(({ name, value }) => `${name}=${value}`)).toEqual(['a=1', 'b=2']);
    expect(workspace.backends.get('crm')).toMatchObject({
      url: 'https://crm.internal',
      credentials: { headers: { 'x-key': ['1'] } },
      tls: { validateChain: false, validateName: true },
      circuitBreaker: {
        count: 3,
        intervalMilliseconds: 60_000,
        tripMilliseconds: 30_000,
        acceptRetryAfter: true,
        statusRanges: [{ min: 500, max: 599 }],
      },
    });
    expect(workspace.fragments.get('shared')?.file.text).toMatch(/^<fragment>\n {2}<set-header/);
    expect(workspace.subscriptions.map(({ info, scope, state }) => [info.id, info.primaryKey, scope, state])).toEqual([
      ['s1', 'k1', { kind: 'product', id: 'gold' }, 'active'],
    ]);
  });

  it('takes values from tfvars, portico.yaml and TF_VAR_ variables', () => {
    const host = (files: FileTexts, environment = {}) =>
      load({ ...FILES, ...files }, { environment: (name) => (environment as Record<string, string>)[name] }).apis[0]?.info.serviceUrl?.host;
    expect(host({ 'terraform.tfvars': 'backend_host = "tfvars.internal"' })).toBe('tfvars.internal');
    expect(host({ 'terraform.tfvars': 'backend_host = "t"', 'x.auto.tfvars': 'backend_host = "auto.internal"' })).toBe('auto.internal');
    expect(host({ 'portico.yaml': 'parameters: { backend_host: yaml.internal }' })).toBe('yaml.internal');
    expect(host({}, { TF_VAR_backend_host: 'env.internal' })).toBe('env.internal');
  });

  it('points at the heredoc, the file and the template that an error stands in', () => {
    const policy = (content: string) => `resource "azurerm_api_management_policy" "p" {\n  xml_content = ${content}\n}\n`;
    const inHeredoc = policy('<<-X\n    <policies>\n      <inbound><nope /></inbound>\n    </policies>\n  X');
    expect(engineProblems(load({ 'main.tf': inHeredoc }))[0]).toMatch(/^main\.tf:4:17 PTC1001 /);
    const inFile = engineProblems(
      load({ 'main.tf': policy('file("p.xml")'), 'p.xml': '<policies>\n<inbound><nope /></inbound></policies>' }),
    );
    expect(inFile[0]).toMatch(/^p\.xml:2:11 PTC1001 /);
    const template = '<policies>\n<inbound><set-header name="${name}"><value>x</value></set-header><nope /></inbound></policies>';
    const inTemplate = engineProblems(
      load({ 'main.tf': policy('templatefile("p.tpl", { name = "a-long-name-of-a-header" })'), 'p.tpl': template }),
    );
    expect(inTemplate[0]).toBe(
      `p.tpl:2:${template.split('\n')[1]?.indexOf('nope') ? (template.split('\n')[1] ?? '').indexOf('nope') + 1 : 0} PTC1001 ${inTemplate[0]?.split('PTC1001 ')[1]}`,
    );
  });

  it('reads local modules with their inputs', () => {
    const workspace = load({
      'main.tf': 'module "api" {\n  source = "./modules/api"\n  name = "orders"\n}\n',
      'modules/api/main.tf':
        'variable "name" {}\nresource "azurerm_api_management_api" "a" {\n  name = var.name\n  path = "x/${var.name}"\n  revision = "1"\n}\n',
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.apis.map(({ info }) => info.path)).toEqual(['x/orders']);
  });

  it('reads azapi resources', () => {
    const workspace = load({
      'main.tf': `resource "azapi_resource" "pool" {
  type      = "Microsoft.ApiManagement/service/backends@2024-05-01"
  name      = "pool"
  parent_id = azurerm_api_management.x.id
  body = { properties = { type = "Pool", pool = { services = [{ id = "/backends/a", weight = 3 }] } } }
}
resource "azapi_resource" "a" {
  type = "Microsoft.ApiManagement/service/backends@2024-05-01"
  name = "a"
  body = jsonencode({ properties = { url = "https://a.internal", protocol = "http" } })
}
resource "azapi_resource" "p" {
  type = "Microsoft.ApiManagement/service/policies@2024-05-01"
  body = { properties = { format = "rawxml", value = "${POLICY}" } }
}
`,
    });
    expect(workspace.problems.map(lineOf)).toEqual([]);
    expect(workspace.backends.get('pool')?.pool?.members).toEqual([{ id: 'a', priority: 1, weight: 3 }]);
    expect(workspace.backends.get('a')?.url).toBe('https://a.internal');
    expect(workspace.globalPolicy).toBeDefined();
  });

  it.each<[string, FileTexts, string]>([
    ['a variable without a value', { 'a.tf': `variable "x" {}\n${policyOf('var.x')}` }, 'a.tf:3:17 PTC5104 variable `x` has no value'],
    ['an unknown variable', { 'a.tf': policyOf('var.nope') }, 'a.tf:2:17 PTC5105 there is no value `var.nope`'],
    ['a missing file', { 'a.tf': policyOf('file("nope.xml")') }, 'a.tf:2:17 PTC5109 there is no file `nope.xml`'],
    [
      'a template variable without a value',
      { 'a.tf': policyOf('templatefile("p.tpl", {})'), 'p.tpl': '<policies>\n  ${host}\n</policies>' },
      'p.tpl:2:5 PTC5105 there is no template variable `host`',
    ],
    ['an unknown function', { 'a.tf': policyOf('uuidv5("a", "b")') }, 'a.tf:2:17 PTC5106 the function `uuidv5` cannot be worked out here'],
    [
      'what only a deployment knows',
      { 'a.tf': policyOf('azurerm_linux_function_app.f.default_hostname') },
      'a.tf:2:17 PTC5108 `azurerm_linux_function_app.f.default_hostname` has a value only after deployment',
    ],
    ['an unclosed block', { 'a.tf': 'resource "azurerm_api_management_policy" "p" {\n' }, 'a.tf:2:1 PTC5112 `}` is missing'],
    ['an unclosed text', { 'a.tf': policyOf('"abc') }, 'a.tf:2:21 PTC5112 the text is not closed with `"`'],
    ['an unclosed heredoc', { 'a.tf': policyOf('<<EOT\nabc') }, 'a.tf:2:17 PTC5112 the heredoc is not closed with `EOT`'],
    ['an open directive', { 'a.tf': policyOf('"%{ if true }a"') }, 'a.tf:2:31 PTC5112 `%{ endif }` is missing'],
    [
      'a directive that closes nothing',
      { 'a.tf': policyOf('"a%{ endfor }"') },
      'a.tf:2:28 PTC5112 `%{ endfor }` has nothing before it that it belongs to',
    ],
    ['a directive in the wrong place', { 'a.tf': policyOf('"%{ for a in [] }a%{ endif }"') }, 'a.tf:2:35 PTC5112 `%{ endfor }` is missing'],
    ['a value that needs itself', { 'a.tf': `locals { a = local.a }\n${policyOf('local.a')}` }, 'a.tf:1:14 PTC5112 the value needs itself'],
    [
      'a backend that only a deployment knows, mildly',
      {
        'a.tf':
          'resource "azurerm_api_management_api" "a" {\n  name = "a"\n  path = "a"\n  revision = "1"\n  service_url = "https://${azurerm_linux_web_app.o.default_hostname}"\n}',
      },
      'a.tf:5:28 warning PTC5108 `azurerm_linux_web_app.o.default_hostname` has a value only after deployment',
    ],
    [
      'a secret that only a deployment knows',
      {
        'a.tf':
          'resource "azurerm_api_management_named_value" "a" {\n  name = "a"\n  display_name = "key"\n  secret = true\n  value = azurerm_key_vault_secret.s.value\n}',
        'b.tf': policyOf('"<policies><inbound><set-body>{{key}}</set-body></inbound></policies>"'),
      },
      'a.tf:1:1 warning PTC5013 named value `key` has no value here',
    ],
    [
      'a link',
      { 'a.tf': 'resource "azurerm_api_management_policy" "p" {\n  xml_link = "https://x/p.xml"\n}' },
      'a.tf:2:14 PTC5103 `https://x/p.xml` is a link, and nothing is downloaded',
    ],
    [
      'a policy without text',
      { 'a.tf': 'resource "azurerm_api_management_policy" "p" {\n}' },
      'a.tf:1:1 PTC5119 the policy resource holds no document',
    ],
    ['a missing name', { 'a.tf': 'resource "azurerm_api_management_api" "p" {\n}' }, 'a.tf:1:1 PTC5112 `name` is missing'],
  ])('report %s', (_what, files, expected) => {
    expect(problemsOf(files)).toContain(expected);
  });

  it('takes one file alone', () => {
    expect(load(FILES, {}, 'main.tf').apis).toHaveLength(1);
  });
});

describe('what Terraform leaves to the provider', () => {
  const instance = (policy: string) => `resource "azurerm_api_management" "apim" {\n  name = "x"\n${policy}\n}`;
  const DOCUMENT = '<policies><inbound><set-body>global</set-body></inbound></policies>';

  it.each([
    ['as a block', `  policy {\n    xml_content = <<XML\n${DOCUMENT}\nXML\n  }`],
    ['as a list', `  policy = [{\n    xml_content = "${DOCUMENT}"\n    xml_link = null\n  }]`],
  ])('the instance holds the global document itself, %s', (_, text) => {
    expect(load({ 'a.tf': instance(text) }).globalPolicy?.file.text.trim()).toBe(DOCUMENT);
  });

  it('points into the document of the instance', () => {
    const workspace = load({ 'a.tf': instance('  policy {\n    xml_content = "<policies><inbound><nope /></inbound></policies>"\n  }') });
    expect(engineProblems(workspace)).toEqual(['a.tf:4:40 PTC1001 `nope` is not a policy']);
  });

  it('points into a file that a heredoc holds alone', () => {
    const main =
      'locals {\n  text = file("p.xml")\n}\nresource "azurerm_api_management_policy" "p" {\n  xml_content = <<XML\n${local.text}\nXML\n}\n';
    const workspace = load({ 'a.tf': main, 'p.xml': '<policies>\n  <inbound>\n    <nope />\n  </inbound>\n</policies>\n' });
    expect(engineProblems(workspace)).toEqual(['p.xml:3:6 PTC1001 `nope` is not a policy']);
  });

  it('makes up the names of subscriptions', () => {
    const files = {
      'a.tf':
        'resource "azurerm_api_management_subscription" "team" {\n  display_name = "Team"\n  state = "active"\n}\nresource "azurerm_api_management_subscription" "each" {\n  for_each = toset(["a"])\n  display_name = each.key\n}',
      'b.tf': policyOf(`"${POLICY}"`),
    };
    const { subscriptions, problems } = load(files);
    expect([subscriptions.map(({ info }) => `${info.id} ${info.name}`), problems]).toEqual([['team Team', 'each-a a'], []]);
  });

  it('finds the parents of azapi resources by their names', () => {
    const resource = (label: string, type: string, name: string, parent: string, properties: string) =>
      `resource "azapi_resource" "${label}" {\n  type = "Microsoft.ApiManagement/service${type}@2024-05-01"\n  name = "${name}"\n  parent_id = ${parent}\n  body = { properties = ${properties} }\n}\n`;
    const specification = JSON.stringify({ openapi: '3.0.0', paths: { '/a': { get: { operationId: 'a', responses: {} } } } });
    const workspace = load({
      'a.tf': [
        resource('s', '', 'instance', 'azurerm_resource_group.rg.id', '{}'),
        resource(
          'p',
          '/apis',
          'orders',
          'azapi_resource.s.id',
          `{ path = "o", format = "openapi", value = ${JSON.stringify(specification)} }`,
        ),
        resource('q', '/apis/policies', 'policy', 'azapi_resource.p.id', `{ format = "rawxml", value = "${POLICY}" }`),
        resource(
          'r',
          '/apis/operations/policies',
          'policy',
          '"${azapi_resource.p.id}/operations/a"',
          `{ format = "rawxml", value = "${POLICY}" }`,
        ),
        resource('l', '/apis', 'linked', 'azapi_resource.s.id', '{ path = "l", format = "openapi-link", value = "https://x/y.json" }'),
      ].join(''),
    });
    expect(workspace.problems.map(lineOf)).toEqual([
      'a.tf:29:73 warning PTC5194 the API definition `https://x/y.json` is a link, and nothing is downloaded: every method and path is an operation',
    ]);
    const [orders] = workspace.apis;
    expect([
      orders?.info.id,
      orders?.policy?.file.text,
      orders?.operations.map(({ info, policy }) => [info.id, policy?.file.text]),
    ]).toEqual(['orders', POLICY, [['a', POLICY]]]);
  });

  it.each<[string, string, string]>([
    ['ids of other resources', policyOf('"${random_pet.p.id}"'), 'a.tf:2:20 PTC5108 `random_pet.p.id` has a value only after deployment'],
    [
      'resources that nobody declares',
      policyOf('azurerm_api_management_product.gone.id'),
      'a.tf:2:17 PTC5105 there is no resource `azurerm_api_management_product.gone`',
    ],
    [
      'folders of modules that are not there',
      'module "m" {\n  source = "./gone"\n}',
      'a.tf:1:1 warning PTC5196 module `m` was not read: there is no folder `./gone`',
    ],
  ])('has no value for %s', (_, text, expected) => {
    expect(
      problemsOf({ 'a.tf': `${text}\nresource "random_pet" "p" {}\n`, 'b.tf': policyOf(`"${POLICY}"`).replace('"p"', '"q"') }),
    ).toEqual([expected]);
  });
});

describe('texts of Terraform', () => {
  /** The text that an expression comes to, as a named value. */
  const textOf = (expression: string, more: FileTexts = {}, locals = '') =>
    load({
      'a.tf': `locals {\n${locals}\n}\nresource "azurerm_api_management_named_value" "v" {\n  name = "v"\n  display_name = "v"\n  value = ${expression}\n}\nresource "azurerm_api_management_policy" "p" {\n  xml_content = "${POLICY}"\n}\n`,
      ...more,
    }).namedValues.get('v')?.value;

  it.each([
    ['"%{ if 1 == 1 }yes%{ else }no%{ endif }"', 'yes'],
    ['"%{ if 1 == 2 }yes%{ else }no%{ endif }"', 'no'],
    ['"a%{ if false }b%{ endif }c"', 'ac'],
    ['"%{ for x in ["a", "b"] }<${x}>%{ endfor }"', '<a><b>'],
    ['"%{ for k, v in { x = 1, y = 2 } }${k}=${v};%{ endfor }"', 'x=1;y=2;'],
    ['"%{ for i, v in ["a", "b"] }${i}${v}%{ endfor }"', '0a1b'],
    ['"%{ for x in [1, 2] }%{ for y in [3, 4] }${x}${y},%{ endfor }%{ endfor }"', '13,14,23,24,'],
    ['"%%{ if }"', '%{ if }'],
    ['"a ${~ "b" ~} c"', 'abc'],
    ['"a %{~ if true ~} b %{~ endif ~} c"', 'abc'],
    ['<<EOT\n%{ for x in ["a", "b"] ~}\n  ${x}\n%{ endfor ~}\nend\nEOT', '  a\n  b\nend\n'],
    ['<<EOT\nstart\n  %{~ if true }\n  x\n  %{ endif ~}\nend\nEOT', 'start\n\n  x\n  end\n'],
    ['<<-EOT\n    %{ for x in ["a"] ~}\n      ${x}\n    %{ endfor ~}\n    end\n    EOT', '      a\n    end\n'],
    ['<<-EOT\n      a\n        b\n    c\n    EOT', '  a\n    b\nc\n'],
    ['join(",", [{ n = "a" }, { n = "b" }][*].n)', 'a,b'],
    ['join(",", local.list.*.n[*])', 'p,q'],
    ['local.list.*.n[1]', 'q'],
    ['join(",", local.list[*].n)', 'p,q'],
    ['coalesce("", null, "x")', 'x'],
    ['try(local.gone, "x")', 'x'],
    ['indent(2, "a\\nb")', 'a\n  b'],
    ['join("", reverse(sort(distinct(compact(["b", "", "a", "b"])))))', 'ba'],
    ['substr(md5("a"), 0, 6)', '0cc175'],
    ['trim("--a-b--", "-")', 'a-b'],
    ['zipmap(["a"], ["x"])["a"]', 'x'],
    ['join(",", azurerm_api_management_named_value.v[*].name)', 'v'],
    ['try(jsondecode("{"), "none")', 'none'],
    ['jsondecode("null") == null ? "null" : "other"', 'null'],
    ['try(lower(), "none")', 'none'],
    ['try(sha256(), "none")', 'none'],
    ['join(",", fileset(".", "?.tf"))', 'a.tf'],
    ['join(",", fileset(".", "*?.tf"))', 'a.tf'],
    ['urlencode("\\ud83d")', '%EF%BF%BD'],
    ['urlencode(substr("\\U0001f600", 0, 1))', '%EF%BF%BD'],
  ])('%s', (expression, expected) => {
    expect(textOf(expression, {}, '  list = [{ n = "p" }, { n = "q" }]')).toBe(expected);
  });

  it('say where they cannot be worked out', () => {
    const problems = (value: string) => problemsOf({ 'a.tf': policyOf(value) });
    expect(problems('jsondecode("{")')).toEqual(['a.tf:2:17 PTC5112 the text is no JSON']);
    expect(problems('upper()')).toEqual(['a.tf:2:17 PTC5112 a text is expected here']);
    const azapi = `resource "azapi_resource" "b" {\n  type = "Microsoft.ApiManagement/service/backends@2022-08-01"\n  name = "b"\n  body = "{"\n}\n`;
    expect(problemsOf({ 'a.tf': azapi + policyOf(`"${POLICY}"`) })).toEqual(['a.tf:4:10 PTC5112 the text is no JSON']);
  });

  it('take blanks and comments of any length', () => {
    expect(textOf(`"x"${'\n# why\n'.repeat(4_000_000)}`)).toBe('x');
  });

  it('in files have directives, and problems point into them', () => {
    const template = `<policies>\n  <inbound>\n    %{ for origin in origins ~}\n    <set-body>\${origin}</set-body>\n    %{ endfor ~}\n    %{ if strict }<nope />%{ endif }\n  </inbound>\n</policies>`;
    const main =
      'resource "azurerm_api_management_policy" "p" {\n  xml_content = templatefile("p.tftpl", { origins = ["a", "b"], strict = true })\n}\n';
    const workspace = load({ 'a.tf': main, 'p.tftpl': template });
    expect(workspace.globalPolicy?.file.text).toContain('<set-body>a</set-body>\n        <set-body>b</set-body>');
    expect(engineProblems(workspace)).toEqual(['p.tftpl:6:20 PTC1001 `nope` is not a policy']);
  });

  it.each([
    [
      'values made of values',
      Array.from({ length: 40 }, (_, at) => `  a${at} = "${at === 0 ? 'x'.repeat(1_000) : `\${local.a${at - 1}}`.repeat(2)}"`).join('\n'),
      'local.a39',
    ],
    [
      'loops inside loops',
      '  l = ["a","b","c","d","e","f","g","h","i","j"]',
      `"${'%{ for x in local.l }'.repeat(9)}y${'%{ endfor }'.repeat(9)}"`,
    ],
    [
      'texts that replace texts',
      '  a = "aaaaaaaaaa"\n  b = replace(local.a, "a", local.a)\n  c = replace(local.b, "a", local.b)\n  d = replace(local.c, "a", local.c)',
      'local.d',
    ],
    [
      'lists of lists',
      Array.from({ length: 60 }, (_, at) => `  a${at} = ${at === 0 ? '["x"]' : `[local.a${at - 1}, local.a${at - 1}]`}`).join('\n'),
      'jsonencode(local.a59)',
    ],
    [
      'lists beside lists',
      Array.from({ length: 60 }, (_, at) => `  a${at} = ${at === 0 ? '["x"]' : `concat(local.a${at - 1}, local.a${at - 1})`}`).join('\n'),
      'jsonencode(local.a59)',
    ],
  ])(
    'end: %s',
    (_, locals, value) => {
      const [problem = ''] = problemsOf({ 'a.tf': `locals {\n${locals}\n}\n${policyOf(value)}` });
      expect(problem).toMatch(/PTC5112 the (?:values take too much work|text is longer than 4 MiB)/);
    },
    20_000,
  );
});

describe('hundreds of instances', () => {
  const entriesOf = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `    e${at} = ${text(at)}`).join('\n');
  const files = {
    'a.tf': `locals {
  apis = {
${entriesOf(20, (at) => `{ path = "p${at}" }`)}
  }
  ops = {
${entriesOf(600, (at) => `{ api = "e${at % 20}", url = "/r${at}", roles = ["x", "y"] }`)}
  }
}
resource "azurerm_api_management_api" "apis" {
  for_each = local.apis
  name     = each.key
  path     = each.value.path
}
resource "azurerm_api_management_api_operation" "ops" {
  for_each     = local.ops
  api_name     = azurerm_api_management_api.apis[each.value.api].name
  operation_id = each.key
  method       = "GET"
  url_template = lookup(local.ops, each.key).url
  display_name = local.ops[each.key].url
}
resource "azurerm_api_management_api_operation_policy" "p" {
  for_each     = local.ops
  api_name     = azurerm_api_management_api.apis[each.value.api].name
  operation_id = azurerm_api_management_api_operation.ops[each.key].operation_id
  xml_content  = "${POLICY}"
}
`,
  };

  it('find each other, soon', () => {
    const started = performance.now();
    const { apis, problems } = load(files);
    expect(problems.map(lineOf)).toEqual([]);
    expect(apis.flatMap(({ operations }) => operations).filter(({ policy }) => policy)).toHaveLength(600);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe('variables without a value', () => {
  const backend = 'resource "azurerm_api_management_backend" "b" {\n  name = "b"\n  protocol = "http"\n  url = "https://${var.host}"\n}\n';
  const uses = '<policies><inbound><set-backend-service backend-id=\\"b\\" /></inbound></policies>';

  it('are told once', () => {
    const api = (name: string) =>
      `resource "azurerm_api_management_api" "${name}" {\n  name = "\${var.shop}-${name}"\n  path = "${name}"\n  revision = "1"\n}\n`;
    expect(problemsOf({ 'a.tf': `variable "shop" {}\n${api('a')}${api('b')}${policyOf(`"${POLICY}"`)}` })).toEqual([
      'a.tf:3:13 PTC5104 variable `shop` has no value',
    ]);
  });

  it('in the URL of a backend leave the backend there', () => {
    const workspace = load({ 'a.tf': `variable "host" {}\n${backend}${policyOf(`"${uses}"`)}` });
    expect(engineProblems(workspace)).toEqual(['a.tf:5:20 warning PTC5104 variable `host` has no value']);
  });

  it('differ from texts that are missing', () => {
    const api =
      'resource "azurerm_api_management_api" "a" {\n  name = "a"\n  path = "a"\n  revision = "1"\n  import {\n    content_format = "openapi"\n    content = "{}"\n  }\n}\n';
    expect(problemsOf({ 'a.tf': api + policyOf(`"${POLICY}"`) })).toEqual(['a.tf:5:3 PTC5112 `content_value` is missing']);
  });
});

describe('modules of Terraform', () => {
  const api = (path: string) =>
    `resource "azurerm_api_management_api" "a" {\n  name = var.name\n  path = "${path}"\n  revision = "1"\n  service_url = var.url\n}\noutput "api_name" {\n  value = azurerm_api_management_api.a.name\n}\nvariable "name" {}\nvariable "url" {\n  default = "https://default.internal"\n}\n`;
  const policy = (apiName: string) =>
    `resource "azurerm_api_management_api_policy" "p" {\n  api_name = ${apiName}\n  xml_content = file("policies/p.xml")\n}\n`;
  const MODULES: FileTexts = { 'modules/api/main.tf': api('${var.name}'), 'policies/p.xml': POLICY };

  it('give their outputs to those who call them', () => {
    const main = `module "shop" {\n  source = "./modules/api"\n  name = "shop"\n}\n${policy('module.shop.api_name')}`;
    const { apis, problems } = load({ ...MODULES, 'main.tf': main });
    expect([apis.map(({ info, policy: own }) => [info.id, info.path, own?.file.name]), problems]).toEqual([
      [['shop', 'shop', 'policies/p.xml']],
      [],
    ]);
  });

  it('are told of once, whoever calls them', () => {
    const call = (name: string) => `module "${name}" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n}\n`;
    const files = { 'a.tf': call('one') + call('two') + policyOf(`"${POLICY}"`), 'm/main.tf': 'locals {\n  a =\n}\n' };
    expect(problemsOf(files)).toEqual(['m/main.tf:2:6 PTC5112 a value is expected here']);
  });

  it('are called once for each instance', () => {
    const main =
      'module "each" {\n  for_each = { a = "x", b = "y" }\n  source = "./modules/api"\n  name = "${each.key}-${each.value}"\n}\nmodule "none" {\n  count = 0\n  source = "./modules/api"\n  name = "none"\n}\n';
    const { apis } = load({ ...MODULES, 'main.tf': `${main}${policy('module.each["b"].api_name')}` });
    expect(apis.map(({ info, policy: own }) => [info.id, own !== undefined])).toEqual([
      ['b-y', true],
      ['a-x', false],
    ]);
  });

  it('name files from the folder that Terraform runs in', () => {
    const { apis, problems } = load({
      'main.tf': 'module "m" {\n  source = "./modules/m"\n}\n',
      'modules/m/main.tf':
        'resource "azurerm_api_management_api" "a" {\n  name = "a"\n  path = "a"\n  revision = "1"\n}\nresource "azurerm_api_management_api_policy" "p" {\n  api_name = "a"\n  xml_content = file("${path.module}/own.xml")\n}\nresource "azurerm_api_management_policy" "g" {\n  xml_content = file("${path.root}/g.xml")\n}\n',
      'modules/m/own.xml': POLICY,
      'g.xml': POLICY,
    });
    expect([apis[0]?.policy?.file.name, problems]).toEqual(['modules/m/own.xml', []]);
  });

  it.each([
    [
      'a value that only a deployment knows is told where it is given',
      'module "m" {\n  source = "./modules/api"\n  name = "m"\n  url = azurerm_linux_web_app.w.url\n}\nresource "azurerm_linux_web_app" "w" {}\n',
      'main.tf:4:9 warning PTC5108 `azurerm_linux_web_app.w.url` has a value only after deployment',
    ],
    [
      'an output that is not there',
      `module "m" {\n  source = "./modules/api"\n  name = "m"\n}\n${policy('module.m.gone')}`,
      'main.tf:6:14 PTC5105 there is no output `gone`',
    ],
    ['a module that is not there', policy('module.gone.api_name'), 'main.tf:2:14 PTC5105 there is no module `gone`'],
    [
      'modules that ask each other',
      'module "a" {\n  source = "./modules/api"\n  name = module.b.api_name\n}\nmodule "b" {\n  source = "./modules/api"\n  name = module.a.api_name\n}\n',
      'main.tf:7:10 PTC5108 `module.a.api_name` has a value only after deployment',
    ],
  ])('%s', (_, main, expected) => {
    const [problem] = problemsOf({ ...MODULES, 'main.tf': `${main}${policyOf(`"${POLICY}"`)}` });
    expect(problem).toBe(expected);
  });
});

describe('a directory that could be of two layouts', () => {
  const main = (text: string) => `resource "azurerm_api_management_policy" "p" {\n  xml_content = ${text}\n}\n`;
  const template = (type: string) =>
    JSON.stringify({
      $schema: 'https://x/deploymentTemplate.json#',
      resources: [{ type, name: 'x/policy', properties: { format: 'rawxml', value: POLICY } }],
    });

  it.each<[string, FileTexts, string | undefined]>([
    [
      'Terraform, with its documents in folders of native names',
      { 'main.tf': main('file("apis/a/policy.xml")'), 'apis/a/policy.xml': POLICY },
      'apis/a/policy.xml',
    ],
    [
      'Terraform, with its document beside it',
      { 'main.tf': main('file("policy.xml")'), 'policy.xml': POLICY, 'schemas/a.json': '{}' },
      'policy.xml',
    ],
    [
      'a template, with definitions in a folder',
      { 'main.json': template('Microsoft.ApiManagement/service/policies'), 'apis/a.json': '{}' },
      'main.json',
    ],
    [
      'an export, with the Terraform of the instance',
      { 'main.tf': main(`"${POLICY}"`), 'apis/a/apiInformation.json': json({ path: 'a' }) },
      undefined,
    ],
    [
      'native folders, with other Terraform',
      { 'main.tf': 'resource "azurerm_resource_group" "g" {}', 'apis/a/policy.xml': POLICY },
      undefined,
    ],
  ])('%s', (_, files, expected) => {
    const { globalPolicy } = load(files);
    expect(globalPolicy && (globalPolicy.file.name || 'main.json')).toBe(expected);
  });
});
