import type { PolicyElement } from './compiler.ts';
import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { PROXY_ELEMENT, proxyReader } from './shared/proxy-element.ts';
import type { Step } from './step.ts';

/** `<proxy>`: sends the call to the backend through an HTTP proxy; of several the last one counts. */
export const proxy: PolicyDefinition = {
  ...PROXY_ELEMENT,
  summary: 'Sends the backend call through an HTTP proxy.',
  page: 'proxy-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  cardinality: 'any',
  compile: compileProxy,
};

function compileProxy(element: PolicyElement): Step {
  const read = proxyReader(element);
  return (exchange) => {
    const chosen = read(exchange);
    exchange.proxy = chosen;
    if (!exchange.listener) return;
    exchange.emit({
      kind: 'value-written',
      step: exchange.current,
      target: 'backend',
      name: 'proxy',
      before: undefined,
      after: chosen.url,
    });
  };
}
