import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import { applyBody, BODY_ELEMENT, bodyReader } from './shared/body-element.ts';
import { messageKind, messageOf } from './shared/message.ts';
import type { Step } from './step.ts';

/**
 * `<set-body>`: replaces the body of the section's message. Its page does not list on-error, the policies overview recommends
 * it there and published documents do so.
 */
export const setBody: PolicyDefinition = {
  ...BODY_ELEMENT,
  summary: 'Sets the body of the request or response.',
  page: 'set-body-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileSetBody,
};

function compileSetBody(element: PolicyElement, compiler: PolicyCompiler): Step {
  const read = bodyReader(element, compiler);
  const kind = messageKind(compiler.section);
  return (exchange) => {
    const content = read(exchange);
    applyBody(content, messageOf(exchange, kind), kind, exchange);
  };
}
