import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { notRunYet } from './shared/resolver.ts';

/** `<set-url>`: the address that a resolver calls. In send-request it is a child of its own kind. */
export const setUrl: PolicyDefinition = {
  name: 'set-url',
  summary: 'Sets the URL that a GraphQL resolver calls.',
  page: 'http-data-source-policy',
  sections: [],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  runs: false,
  attributes: [],
  content: 'text',
  text: { type: 'string', expressions: true, required: true },
  compile: (element) => notRunYet(element.name),
};
