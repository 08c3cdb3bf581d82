import type { PolicyCompiler, PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import * as faults from './faults.ts';
import { applyHeader, HEADER_ELEMENT, headerReader, setsNothing } from './shared/header-element.ts';
import { messageKind, messageOf } from './shared/message.ts';
import type { Step } from './step.ts';

/** `<set-header>`: sets, adds to or removes a header of the section's message. */
export const setHeader: PolicyDefinition = {
  ...HEADER_ELEMENT,
  summary: 'Sets, adds to or removes an HTTP header.',
  page: 'set-header-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileSetHeader,
};

function compileSetHeader(element: PolicyElement, compiler: PolicyCompiler): Step {
  if (setsNothing(element)) compiler.report(faults.missingValues('set-header'), element.xml.nameSpan);
  const read = headerReader(element);
  const kind = messageKind(compiler.section);
  return (exchange) => {
    applyHeader(read(exchange), messageOf(exchange, kind).headers, kind, exchange);
  };
}
