import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { METHOD_ELEMENT, methodText } from './shared/method-element.ts';
import type { Step } from './step.ts';

/** `<set-method>`: changes the request's method; the matched operation stays. */
export const setMethod: PolicyDefinition = {
  ...METHOD_ELEMENT,
  summary: 'Changes the HTTP method of the request.',
  page: 'set-method-policy',
  sections: ['inbound', 'on-error'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileSetMethod,
};

function compileSetMethod(element: PolicyElement): Step {
  const content = needed(element.content(), 'set-method');
  return (exchange) => {
    const before = exchange.request.method;
    exchange.request.method = methodText(content.read(exchange));
    if (exchange.listener)
      exchange.emit({ kind: 'value-written', step: exchange.current, target: 'method', name: '', before, after: exchange.request.method });
  };
}
