import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { TOKEN_STORE_ELEMENT, tokenStoreStep } from './shared/token-elements.ts';

/** `<authentication-token-store>`: reads a token from the token store; predecessor of get-authorization-context. */
export const authenticationTokenStore: PolicyDefinition = {
  ...TOKEN_STORE_ELEMENT,
  summary: 'Reads a token from the token store (predecessor of get-authorization-context).',
  page: 'get-authorization-context-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  standIn: "connections of portico.yaml's `authorizations`",
  cardinality: 'any',
  compile: (element) => {
    const run = tokenStoreStep(element);
    return (exchange) => run(exchange, exchange.request.headers).then(() => undefined);
  },
};
