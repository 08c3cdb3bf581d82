import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

/** `<set-variable>`: a literal is a string, an expression keeps its .NET type; null is stored as null. */
export const setVariablePolicy: PolicyDefinition = {
  name: 'set-variable',
  summary: 'Stores a value in context.Variables.',
  page: 'set-variable-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  attributes: [
    required('name', 'string', 'Variable name.', { expressions: false }),
    required('value', 'any', 'Value.', { verbatim: true }),
  ],
  content: 'empty',
  compile: compileSetVariable,
};

function compileSetVariable(element: PolicyElement): Step {
  const name = element.literal('name') ?? '';
  const value = needed(element.object('value'), 'value');
  return (exchange) => {
    setVariable(exchange, name, value.read(exchange) ?? null);
  };
}
