/** `authentication-token` and `authentication-token-store`: as policies and as children of send-request. Known to the schema alone. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import { PolicyError } from '../../exchange/policy-error.ts';
import { errorText } from '../../source/error-text.ts';
import { tryJson } from '../../source/json.ts';
import type { PolicyElement } from '../compiler.ts';
import { type ElementDeclaration, optional, required } from '../definition.ts';
import { callOut } from './call.ts';
import { applyHeader } from './header-element.ts';
import { needed } from './inputs.ts';
import { keepSecret } from './secrets.ts';
import { setVariable } from './variables.ts';

const IGNORE_ERROR = optional('ignore-error', 'boolean', 'Goes on without a token.', { expressions: false, default: 'false' });

export const TOKEN_ELEMENT: ElementDeclaration = {
  name: 'authentication-token',
  content: 'empty',
  attributes: [
    optional('token-type', 'enum', 'Who gives the token.', {
      expressions: false,
      values: ['managed-service-identity', 'token-service'],
      default: 'managed-service-identity',
    }),
    optional('token-service-url', 'string', 'URL of the token service; asked as `?resource=…`, which answers `access_token`.', {
      standIn: 'how the token service is asked is not published: it is asked as a managed identity endpoint is',
    }),
    required('resource-url', 'string', 'What the token is for.'),
    IGNORE_ERROR,
  ],
};

export const TOKEN_STORE_ELEMENT: ElementDeclaration = {
  name: 'authentication-token-store',
  content: 'empty',
  attributes: [
    required('token-id', 'string', 'Token in the store, `service/token`.', {
      standIn: "the connection `service/token` of portico.yaml's `authorizations`",
    }),
    optional('client-id', 'string', 'Identity that may read the store.', { standIn: 'not checked here' }),
    optional('output-token-variable-name', 'string', 'Variable that receives the token; no header is set then.', { expressions: false }),
    IGNORE_ERROR,
  ],
};

/** Gets the token and puts it into its variable, else into the Authorization header of the message. */
export type TokenStep = (exchange: Exchange, headers: Headers) => Promise<void>;

export function tokenStep(element: PolicyElement): TokenStep {
  const resource = needed(element.text('resource-url'), 'resource-url');
  const service = element.text('token-service-url');
  const asksService = element.literal('token-type') === 'token-service';
  return withErrors(element, async (exchange, headers) => {
    const target = resource.read(exchange) ?? '';
    const token = asksService
      ? await serviceToken(service?.read(exchange) ?? '', target, exchange)
      : await exchange.host.identity.accessToken({ resource: target, clientId: undefined });
    authorize(token, headers, exchange);
  });
}

export function tokenStoreStep(element: PolicyElement): TokenStep {
  const id = needed(element.text('token-id'), 'token-id');
  const variable = element.literal('output-token-variable-name');
  return withErrors(element, async (exchange, headers) => {
    const name = id.read(exchange) ?? '';
    const [service = '', token = ''] = name.split('/').slice(-2);
    const connection = exchange.host.identity.connection(service, token);
    if (!connection) throw new Error(`the token store has no token '${name}'`);
    keepSecret(exchange, connection.accessToken);
    if (variable === undefined) authorize(connection.accessToken, headers, exchange);
    else setVariable(exchange, variable, connection.accessToken);
  });
}

function withErrors(element: PolicyElement, work: TokenStep): TokenStep {
  const literal = element.literal('ignore-error');
  const ignores = literal === 'true' || literal === '1';
  return async (exchange, headers) => {
    try {
      await work(exchange, headers);
    } catch (error) {
      if (ignores) return;
      if (error instanceof PolicyError) throw error;
      throw new PolicyError({ reason: null, message: `No access token: ${errorText(error)}` });
    }
  };
}

function authorize(token: string, headers: Headers, exchange: Exchange): void {
  keepSecret(exchange, token);
  applyHeader({ name: 'Authorization', action: 'override', values: [`Bearer ${token}`] }, headers, 'request', exchange);
}

async function serviceToken(text: string, resource: string, exchange: Exchange): Promise<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new Error(`'${text}' is not an absolute URL`);
  url.searchParams.set('resource', resource);
  const { status, body } = await callOut(
    {
      method: 'GET',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: ['Host', url.host, 'Accept', 'application/json'],
      body: null,
      timeoutMilliseconds: 60_000,
    },
    exchange,
  );
  const token = (tryJson(body.text()) as { access_token?: unknown } | null | undefined)?.access_token;
  if (status !== 200 || typeof token !== 'string') throw new Error(`the token service answered with status code ${status}`);
  return token;
}
