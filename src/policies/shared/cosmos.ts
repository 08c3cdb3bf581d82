/** Requests of the Azure Cosmos DB REST API (SQL API, version 2018-12-31): addresses, headers, authorization. */
import type { Exchange } from '../../exchange/exchange.ts';
import type { OutgoingRequest } from '../../host/host.ts';
import { invalidValue } from '../evaluation.ts';
import { settingOf } from './connection-string.ts';
import { keepSecret } from './secrets.ts';

/** Where the container is and how it is opened. */
export interface CosmosAccount {
  /** `AccountEndpoint=https://…;AccountKey=…;` */
  readonly connectionString: string;
  readonly database: string;
  readonly container: string;
  /** A token of this identity instead of the key; `clientId` undefined means the system assigned one. */
  readonly identity: { readonly clientId: string | undefined } | undefined;
}

export interface CosmosCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Item; undefined for calls on the container. */
  readonly id: string | undefined;
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

const VERSION = '2018-12-31';
const TIMEOUT = 65_000;

export async function cosmosRequest(account: CosmosAccount, call: CosmosCall, exchange: Exchange): Promise<OutgoingRequest> {
  const endpoint = settingOf(account.connectionString, ['accountendpoint']);
  if (!URL.canParse(endpoint)) throw invalidValue(`The connection string has no usable AccountEndpoint.`);
  const url = new URL(endpoint);
  const container = `dbs/${account.database}/colls/${account.container}`;
  const link = call.id === undefined ? container : `${container}/docs/${call.id}`;
  const date = new Date(exchange.host.now()).toUTCString();
  const authorization = await authorizationOf(account, { method: call.method, link, date, origin: url.origin }, exchange);
  const body = call.body === undefined ? null : new TextEncoder().encode(call.body);
  const target = `${url.pathname.replace(/\/$/, '')}/${container}/docs${call.id === undefined ? '' : `/${call.id}`}`;
  return {
    method: call.method,
    origin: url.origin,
    path: target.split('/').map(encodeURIComponent).join('/'),
    headers: [
      ...['Host', url.host, 'Authorization', encodeURIComponent(authorization), 'x-ms-date', date, 'x-ms-version', VERSION],
      ...['Accept', 'application/json', ...call.headers],
      ...(body ? ['Content-Length', String(body.length)] : []),
    ],
    body,
    timeoutMilliseconds: TIMEOUT,
  };
}

interface Signed {
  readonly method: string;
  readonly link: string;
  readonly date: string;
  readonly origin: string;
}

async function authorizationOf({ connectionString, identity }: CosmosAccount, signed: Signed, exchange: Exchange): Promise<string> {
  if (identity) {
    const token = await exchange.host.identity.accessToken({ resource: signed.origin, clientId: identity.clientId });
    keepSecret(exchange, token);
    return `type=aad&ver=1.0&sig=${token}`;
  }
  const key = bytesOf(settingOf(connectionString, ['accountkey']));
  // Access control on Cosmos DB resources: verb, kind, link, date, an empty line; all but the link in lower case.
  const text = `${signed.method.toLowerCase()}\ndocs\n${signed.link}\n${signed.date.toLowerCase()}\n\n`;
  const signature = exchange.host.crypto.hmac('sha256', key, new TextEncoder().encode(text));
  return `type=master&ver=1.0&sig=${base64(signature)}`;
}

function bytesOf(key: string): Uint8Array {
  if (key === '') throw invalidValue('The connection string has no AccountKey.');
  try {
    return Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
  } catch {
    throw invalidValue('The AccountKey of the connection string is not Base64.');
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
