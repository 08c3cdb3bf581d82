import { ALL_SCOPES, type PolicyDefinition, required } from './definition.ts';
import { notRunYet } from './shared/resolver.ts';

/** `<set-graphql-resolver>`: the retired preview form of resolvers. */
export const setGraphqlResolver: PolicyDefinition = {
  name: 'set-graphql-resolver',
  summary: 'Resolves a GraphQL field (retired preview form).',
  page: 'set-graphql-resolver-policy',
  sections: ['backend'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  runs: false,
  attributes: [
    required('parent-type', 'string', 'GraphQL type that holds the field.', { expressions: false }),
    required('field', 'string', 'Name of the field.', { expressions: false }),
  ],
  content: 'policies',
  only: ['http-data-source'],
  compile: (element) => notRunYet(element.name),
};
