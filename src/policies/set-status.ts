import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, ALL_SECTIONS, type PolicyDefinition } from './definition.ts';
import { applyStatus, STATUS_ELEMENT, statusReader } from './shared/status-element.ts';
import type { Step } from './step.ts';

/** `<set-status>`: sets status code and reason of the response; it does not end the call. */
export const setStatus: PolicyDefinition = {
  ...STATUS_ELEMENT,
  summary: 'Sets status code and reason of the response.',
  page: 'set-status-policy',
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileSetStatus,
};

function compileSetStatus(element: PolicyElement): Step {
  const read = statusReader(element);
  return (exchange) => {
    applyStatus(read(exchange), exchange.ensureResponse(), exchange);
  };
}
