import type { Exchange } from '../exchange/exchange.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { groupChild, optional, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { bodyReader } from './shared/body-element.ts';
import { DAPR_ATTRIBUTES, daprCaller, inPath, withTemplate } from './shared/dapr.ts';
import { needed } from './shared/inputs.ts';
import type { Step } from './step.ts';

/** `<invoke-dapr-binding>`: calls an output binding through the Dapr sidecar. */
export const invokeDaprBinding: PolicyDefinition = {
  name: 'invoke-dapr-binding',
  summary: 'Calls a Dapr output binding.',
  page: 'invoke-dapr-binding-policy',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['self-hosted'],
  cardinality: 'any',
  attributes: [
    required('name', 'string', 'Binding.'),
    optional('operation', 'string', 'What the binding shall do.', { expressions: false, default: 'create' }),
    ...DAPR_ATTRIBUTES,
  ],
  content: 'children',
  children: [
    groupChild('metadata', 0, [
      {
        name: 'item',
        min: 0,
        max: UNBOUNDED,
        content: 'text',
        attributes: [required('key', 'string', 'Name.', { expressions: false })],
        text: { type: 'string', expressions: true, required: false },
      },
    ]),
    { name: 'data', min: 0, max: 1, content: 'body', attributes: [], text: { type: 'any', expressions: true, required: false } },
  ],
  compile: compileBinding,
};

function compileBinding(element: PolicyElement, compiler: PolicyCompiler): Step {
  const name = needed(element.text('name'), 'name');
  const payload = payloadReader(element, compiler);
  const call = daprCaller(element);
  return (exchange) => {
    const path = `bindings/${inPath(name.read(exchange) ?? '')}`;
    return call({ path, body: payload(exchange), contentType: 'application/json' }, exchange);
  };
}

/** `{ data, metadata, operation }`; what is not written is left out. */
function payloadReader(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => string {
  const operation = JSON.stringify(element.literal('operation') ?? 'create');
  const isJson = element.has('content-type');
  const [child] = element.children('data');
  const data = child && bodyReader(withTemplate(child, element), compiler);
  const [group] = element.children('metadata');
  const items = group?.children('item').map((item) => [item.literal('key') ?? '', item.content()] as const);
  return (exchange) => {
    const members: string[] = [];
    if (data) members.push(`"data":${jsonOf(data(exchange) ?? '', isJson)}`);
    if (items)
      members.push(`"metadata":${JSON.stringify(Object.fromEntries(items.map(([key, value]) => [key, value?.read(exchange) ?? ''])))}`);
    return `{${[...members, `"operation":${operation}`].join(',')}}`;
  };
}

/** Content said to be JSON stands as it is, so that its numbers keep their digits; anything else is a text. */
function jsonOf(content: string | Uint8Array, isJson: boolean): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return isJson && parses(text) ? text.trim() : JSON.stringify(text);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
