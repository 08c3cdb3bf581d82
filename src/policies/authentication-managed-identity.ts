import type { PolicyElement } from './compiler.ts';
import type { PolicyDefinition } from './definition.ts';
import { IDENTITY_ATTRIBUTES, identityStep } from './shared/managed-identity.ts';
import type { Step } from './step.ts';

/** `<authentication-managed-identity>`: gets a token for a resource and sends it to the backend, or keeps it in a variable. */
export const authenticationManagedIdentity: PolicyDefinition = {
  name: 'authentication-managed-identity',
  summary: 'Gets a token with a managed identity; locally a stand-in.',
  page: 'authentication-managed-identity-policy',
  // The page names inbound alone; published samples use outbound, too.
  sections: ['inbound', 'outbound'],
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['classic', 'v2', 'consumption', 'self-hosted'],
  standIn: 'tokens of a stand-in identity, which no Azure service accepts',
  cardinality: 'any',
  attributes: IDENTITY_ATTRIBUTES,
  content: 'empty',
  compile: compileManagedIdentity,
};

function compileManagedIdentity(element: PolicyElement): Step {
  const run = identityStep(element);
  return (exchange) => {
    const running = run(exchange, exchange.request.headers);
    return running?.then(() => undefined);
  };
}
