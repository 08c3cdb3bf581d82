import type { PolicyElement } from './compiler.ts';
import { type PolicyDefinition, required } from './definition.ts';
import { registerResolver } from './shared/registered-resolvers.ts';
import type { Step } from './step.ts';

/** `<set-graphql-resolver>`: the retired preview form of resolvers; forward-request behind it resolves the request with them. */
export const setGraphqlResolver: PolicyDefinition = {
  name: 'set-graphql-resolver',
  summary: 'Resolves a GraphQL field (retired preview form).',
  page: 'set-graphql-resolver-policy',
  sections: ['backend'],
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['classic'],
  cardinality: 'any',
  attributes: [
    required('parent-type', 'string', 'GraphQL type that holds the field.', { expressions: false }),
    required('field', 'string', 'Name of the field.', { expressions: false }),
  ],
  content: 'policies',
  only: ['http-data-source'],
  compile: compileResolver,
};

function compileResolver(element: PolicyElement): Step {
  const path = `${element.literal('parent-type') ?? ''}/${element.literal('field') ?? ''}`;
  const steps = element.steps();
  return (exchange) => {
    registerResolver(path, steps, exchange);
    return undefined;
  };
}
