import type { Exchange } from '../exchange/exchange.ts';
import { FORWARD_DEFAULTS, forwardThroughHost } from '../exchange/forward.ts';
import type { GatewayResponse } from '../exchange/message.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type ChildDeclaration, groupChild, type PolicyDefinition, required, UNBOUNDED, valueChild } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { plainOf } from './shared/plain-value.ts';
import { checkResponse, finishField, PREVIEW_GATEWAYS, RESPONSE_PART } from './shared/resolver.ts';
import { runSteps, type Step } from './step.ts';

const VARIABLE: ChildDeclaration = {
  name: 'variable',
  min: 1,
  max: UNBOUNDED,
  content: 'text',
  text: { type: 'any', expressions: true, required: false },
  attributes: [required('name', 'string', 'Name without `$`.', { expressions: false })],
};

const REQUEST: ChildDeclaration = {
  name: 'request',
  min: 1,
  max: 1,
  content: 'children',
  attributes: [],
  policies: [
    'authentication-basic',
    'authentication-certificate',
    'authentication-managed-identity',
    'get-authorization-context',
    'set-backend-service',
    'set-url',
    'set-header',
    'include-fragment',
  ],
  children: [valueChild('document', 1, 1, { required: true }), valueChild('operationName', 0, 1), groupChild('variables', 0, [VARIABLE])],
};

/** `<graphql-data-source>`: the document of a GraphQL resolver that asks another GraphQL service. Known to the schema alone. */
export const graphqlDataSource: PolicyDefinition = {
  name: 'graphql-data-source',
  summary: 'Resolves a GraphQL field by a GraphQL request.',
  page: 'api-management-policies',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: PREVIEW_GATEWAYS,
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [REQUEST, RESPONSE_PART],
  compile: compileGraphql,
};

function compileGraphql(element: PolicyElement, compiler: PolicyCompiler): Step {
  checkResponse(element, compiler);
  const request = element.children('request')[0];
  const before = request?.steps() ?? [];
  const payload = payloadReader(request);
  const response = element.children('response')[0]?.steps();
  return async (exchange) => {
    await runSteps(before, exchange);
    exchange.request.method = 'POST';
    exchange.request.headers.set('Content-Type', ['application/json']);
    exchange.request.body.set(JSON.stringify(payload(exchange)));
    const answer = await forwardThroughHost(exchange, FORWARD_DEFAULTS);
    await answer.body.buffer(exchange.settings.bodyLimit);
    const asAnswered = answer.body.bytes();
    await finishField(answer, response, exchange);
    if (exchange.response === answer && answer.body.bytes() === asAnswered) unwrap(answer);
    return undefined;
  };
}

function payloadReader(request: PolicyElement | undefined): (exchange: Exchange) => object {
  const document = needed(request?.children('document')[0]?.content(), 'document');
  const operation = request?.children('operationName')[0]?.content();
  const variables = (request?.children('variables') ?? []).flatMap((group) => group.children('variable'));
  const readers = variables.map((one) => [one.literal('name') ?? '', one.contentObject()] as const);
  return (exchange) => ({
    query: document.read(exchange) ?? '',
    ...(operation ? { operationName: operation.read(exchange) } : {}),
    ...(readers.length > 0
      ? { variables: Object.fromEntries(readers.map(([name, value]) => [name, value ? plainOf(value.read(exchange)) : ''])) }
      : {}),
  });
}

/** The field's value is the data; of one field alone, that field's. Errors without data fail the field. */
function unwrap(answer: GatewayResponse): void {
  let value: { data?: unknown; errors?: readonly { message?: unknown }[] };
  try {
    value = JSON.parse(answer.body.text()) as typeof value;
  } catch {
    return;
  }
  const { data = null, errors } = value;
  if (data === null && errors?.[0])
    throw new PolicyError({ reason: null, message: String(errors[0].message ?? 'The GraphQL request failed.') });
  const fields = typeof data === 'object' && data !== null ? Object.values(data) : [];
  answer.body.set(JSON.stringify(fields.length === 1 ? fields[0] : data));
}
