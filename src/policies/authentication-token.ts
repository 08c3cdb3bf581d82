import { ALL_SCOPES, type PolicyDefinition } from './definition.ts';
import { TOKEN_ELEMENT, tokenStep } from './shared/token-elements.ts';

/** `<authentication-token>`: gets a token from a managed identity or a token service and sends it to the backend. */
export const authenticationToken: PolicyDefinition = {
  ...TOKEN_ELEMENT,
  summary: 'Gets a token for the backend (older form of authentication-managed-identity).',
  page: 'authentication-managed-identity-policy',
  sections: ['inbound'],
  scopes: ALL_SCOPES,
  standIn: 'tokens of the stand-in identity, unless portico.yaml names a real one',
  cardinality: 'any',
  compile: (element) => {
    const run = tokenStep(element);
    return (exchange) => run(exchange, exchange.request.headers).then(() => undefined);
  },
};
