import { ALL_SCOPES, groupChild, type PolicyDefinition, required, UNBOUNDED } from './definition.ts';
import { notRunYet } from './shared/resolver.ts';

/** `<publish-event>`: hands a resolver's result to the subscribers of GraphQL fields. */
export const publishEvent: PolicyDefinition = {
  name: 'publish-event',
  summary: "Publishes a resolver's result to GraphQL subscriptions.",
  page: 'publish-event-policy',
  sections: [],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  runs: false,
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
  compile: (element) => notRunYet(element.name),
};
