/** `authentication-managed-identity` as policy and as child of send-request. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { errorText } from '../../source/error-text.ts';
import type { PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional, required } from '../definition.ts';
import { applyHeader } from './header-element.ts';
import { needed } from './inputs.ts';
import { keepSecret } from './secrets.ts';
import { setVariable } from './variables.ts';

const literal = { expressions: false };

export const IDENTITY_ATTRIBUTES: readonly AttributeDeclaration[] = [
  required('resource', 'string', 'Application id or URI of the target.'),
  optional('client-id', 'string', 'Client id of a user assigned identity.', { ...literal, default: 'the system assigned identity' }),
  optional('output-token-variable-name', 'string', 'Variable that receives the token; no header is set then.', literal),
  optional('ignore-error', 'boolean', 'Goes on without a token.', { ...literal, default: 'false' }),
];

/** Gets the token and puts it into its variable, else into the Authorization header of the message. */
export type IdentityStep = (exchange: Exchange, headers: Headers) => Promise<void> | undefined;

export function identityStep(element: PolicyElement): IdentityStep {
  const resource = needed(element.text('resource'), 'resource');
  const clientId = element.literal('client-id');
  const variable = element.literal('output-token-variable-name');
  const ignores = element.literal('ignore-error') === 'true' || element.literal('ignore-error') === '1';
  const use = (exchange: Exchange, headers: Headers, token: string): undefined => {
    keepSecret(exchange, token);
    if (variable !== undefined) setVariable(exchange, variable, token);
    else applyHeader({ name: 'Authorization', action: 'override', values: [`Bearer ${token}`] }, headers, 'request', exchange);
  };
  const failed = (error: unknown): undefined => {
    if (!ignores) throw noToken(error);
  };
  return (exchange, headers) => {
    const request = { resource: resource.read(exchange) ?? '', clientId };
    const token = attempt(() => exchange.host.identity.accessToken(request), failed);
    if (token instanceof Promise) return token.then((text) => use(exchange, headers, text), failed);
    return token === undefined ? undefined : use(exchange, headers, token);
  };
}

function attempt<T>(work: () => T, failed: (error: unknown) => undefined): T | undefined {
  try {
    return work();
  } catch (error) {
    return failed(error);
  }
}

/** errors.yaml: the generic 500; neither reason nor text is documented. */
function noToken(error: unknown): PolicyError {
  const why = errorText(error);
  return new PolicyError({ reason: null, message: `No access token for the managed identity: ${why}`, cause: error });
}
