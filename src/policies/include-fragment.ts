import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';

/** `<include-fragment>`: the pipeline puts the fragment's policies in its place. */
export const includeFragment: PolicyDefinition = {
  name: 'include-fragment',
  summary: 'Inserts a policy fragment.',
  page: 'include-fragment-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [required('fragment-id', 'string', 'Fragment name.', { expressions: false })],
  content: 'empty',
  compile: () => () => undefined,
};
