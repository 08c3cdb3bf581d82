/** What the gateway refuses by itself, before any policy runs, in its exact words. */
import { PolicyError } from '../exchange/policy-error.ts';
import type { Url } from '../exchange/url.ts';
import type { WorkspaceApi } from './model.ts';

/** No operation matches: only the global on-error runs. */
export function notFound(): PolicyError {
  return new PolicyError({
    source: 'configuration',
    reason: 'OperationNotFound',
    message: 'Unable to match incoming request to an operation.',
    status: 404,
    clientMessage: 'Resource not found',
  });
}

/** errors.yaml, built_in_errors: LastError says "to this API", the wire says "to an API". */
const KEY_TEXTS = {
  SubscriptionKeyNotFound: {
    message: 'Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.',
    clientMessage: 'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
  },
  SubscriptionKeyInvalid: {
    message: 'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
    clientMessage: 'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
  },
} as const;

/** The realm is scheme, host and API path (gateway-model, section 8.4). */
export function keyRefused(reason: keyof typeof KEY_TEXTS, url: Url, api: WorkspaceApi): PolicyError {
  // A header holds no other characters (RFC 9110, 5.5).
  const path = api.info.path.replace(/[^\x21\x23-\x5b\x5d-\x7e]+/g, encodeURIComponent);
  const realm = `${url.scheme}://${url.authority}/${path}`;
  const challenge = `AzureApiManagementKey realm="${realm}",name="${api.info.subscriptionKeyParameterNames.header}",type="header"`;
  return new PolicyError({ source: 'authorization', reason, status: 401, headers: ['WWW-Authenticate', challenge], ...KEY_TEXTS[reason] });
}
