import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, groupChild, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { deliver, tell } from './shared/sinks.ts';
import type { Step } from './step.ts';

/** `<publish-event>`: hands a resolver's result to the subscribers of GraphQL fields. */
export const publishEvent: PolicyDefinition = {
  name: 'publish-event',
  summary: "Publishes a resolver's result to GraphQL subscriptions.",
  page: 'publish-event-policy',
  sections: [],
  scopes: ALL_SCOPES,
  gateways: ['classic', 'v2', 'consumption'],
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
    for (const field of fields) {
      const record = { kind: 'publication', api, field, payload } as const;
      // The sink stands in for subscribers only where there are none.
      if (exchange.host.publications?.publish(record)) tell(record, compiler.info, exchange);
      else deliver(record, compiler.info, exchange);
    }
    return undefined;
  };
}
