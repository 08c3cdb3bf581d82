import { mapView } from '../exchange/context/dictionaries.ts';
import { AuthorizationContext } from '../exchange/context/tokens.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { PolicyError } from '../exchange/policy-error.ts';
import type { PolicyElement } from './compiler.ts';
import { optional, type PolicyDefinition, required } from './definition.ts';
import { needed } from './shared/inputs.ts';
import { keepSecret } from './shared/secrets.ts';
import { setVariable } from './shared/variables.ts';
import type { Step } from './step.ts';

/** `<get-authorization-context>`: reads a credential manager connection's token; locally they stand in portico.yaml. */
export const getAuthorizationContext: PolicyDefinition = {
  name: 'get-authorization-context',
  summary: "Reads the token of a credential manager connection; locally from portico.yaml's `authorizations`.",
  page: 'get-authorization-context-policy',
  sections: ['inbound'],
  scopes: ['global', 'product', 'api', 'operation'],
  gateways: ['classic', 'v2', 'consumption'],
  standIn: "tokens of portico.yaml's `authorizations`",
  cardinality: 'any',
  attributes: [
    required('provider-id', 'string', 'Credential provider.'),
    required('authorization-id', 'string', 'Connection.'),
    required('context-variable-name', 'string', 'Variable that receives the Authorization object.'),
    optional('identity-type', 'enum', 'Identity that the access policy of the connection is checked with; not checked locally.', {
      values: ['managed', 'jwt'],
      default: 'managed',
      standIn: 'access policies of connections are not checked here',
    }),
    optional('identity', 'string', 'Token for `jwt`; not checked locally.', { standIn: 'the token is not checked here' }),
    optional('ignore-error', 'boolean', 'The variable becomes null on error.', { default: 'false' }),
  ],
  content: 'empty',
  compile: compileAuthorization,
};

function compileAuthorization(element: PolicyElement): Step {
  const provider = needed(element.text('provider-id'), 'provider-id');
  const authorization = needed(element.text('authorization-id'), 'authorization-id');
  const variable = needed(element.text('context-variable-name'), 'context-variable-name');
  const identity = element.text('identity');
  const type = element.text('identity-type');
  const ignore = element.boolean('ignore-error');
  return (exchange) => {
    const name = variable.read(exchange) ?? '';
    const ignores = ignore?.read(exchange) ?? false;
    const asked = { provider: provider.read(exchange) ?? '', authorization: authorization.read(exchange) ?? '' };
    const lacksIdentity = type?.read(exchange) === 'jwt' && !identity?.read(exchange);
    const found = lacksIdentity ? undefined : contextOf(exchange, asked.provider, asked.authorization);
    if (!found && !ignores) throw notAvailable(asked.provider, asked.authorization);
    setVariable(exchange, name, found ?? null);
    return undefined;
  };
}

function contextOf(exchange: Exchange, provider: string, authorization: string): AuthorizationContext | undefined {
  const connection = exchange.host.identity.connection(provider, authorization);
  if (!connection) return undefined;
  keepSecret(exchange, connection.accessToken);
  const claims = mapView(exchange.types, exchange.types.type('object'), new Map(Object.entries(connection.claims)));
  return new AuthorizationContext(connection.accessToken, claims);
}

/** errors.yaml: the generic 500; neither reason nor text is documented. */
function notAvailable(provider: string, authorization: string): PolicyError {
  return new PolicyError({ reason: null, message: `The authorization '${authorization}' of provider '${provider}' is not available.` });
}
