import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, groupChild, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { deliver } from './shared/sinks.ts';
import type { Step } from './step.ts';

/** `<publish-event>`: hands a resolver's result to the subscribers of GraphQL fields. */
export const publishEvent: PolicyDefinition = {
  name: 'publish-event',
  summary: "Publishes a resolver's result to GraphQL subscriptions.",
  page: 'publish-event-policy',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: ['classic', 'v2', 'consumption'],
  standIn: 'the event is recorded and logged; nobody can subscribe to a synthetic field here',
  cardinality: 'any',
  attributes: [],
  content: 'children',
  children: [
    groupChild('targets', 1, [
      {
        name: 'graphql-subscription',
        min: 1,
        max: UNBOUNDED,
        content: 'empty',
        attributes: [required('id', 'string', 'Field of type Subscription.', { expressions: false })],
      },
    ]),
  ],
  compile: compilePublish,
};

function compilePublish(element: PolicyElement, compiler: PolicyCompiler): Step {
  const fields = element.children('targets').flatMap((group) => group.children().map((target) => target.literal('id') ?? ''));
  compiler.reads({ response: true });
  return (exchange) => {
    const payload = exchange.response?.body.text() ?? '';
    const api = exchange.api?.id ?? '';
    for (const field of fields) deliver({ kind: 'publication', api, field, payload }, compiler.info, exchange);
    return undefined;
  };
}
