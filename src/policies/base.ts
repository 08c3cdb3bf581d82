import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';

/** `<base />`: the place of the next wider scope's section. The pipeline puts that section's steps here. */
export const base: PolicyDefinition = {
  name: 'base',
  summary: 'Runs the same section of the next wider scope here.',
  page: 'set-edit-policies',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [],
  content: 'empty',
  compile: () => () => undefined,
};
