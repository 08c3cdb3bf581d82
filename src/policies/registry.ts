/** All policies of the reference, of its schema files and of the authoring library. */
import { authenticationBasic } from './authentication-basic.ts';
import { authenticationCertificate } from './authentication-certificate.ts';
import { authenticationManagedIdentity } from './authentication-managed-identity.ts';
import { authenticationToken } from './authentication-token.ts';
import { authenticationTokenStore } from './authentication-token-store.ts';
import { azureOpenaiEmitTokenMetric } from './azure-openai-emit-token-metric.ts';
import { azureOpenaiSemanticCacheLookup } from './azure-openai-semantic-cache-lookup.ts';
import { azureOpenaiSemanticCacheStore } from './azure-openai-semantic-cache-store.ts';
import { azureOpenaiTokenLimit } from './azure-openai-token-limit.ts';
import { base } from './base.ts';
import { block } from './block.ts';
import { cacheLookup } from './cache-lookup.ts';
import { cacheLookupValue } from './cache-lookup-value.ts';
import { cacheRemoveValue } from './cache-remove-value.ts';
import { cacheStore } from './cache-store.ts';
import { cacheStoreValue } from './cache-store-value.ts';
import { cacheValue } from './cache-value.ts';
import { checkHeader } from './check-header.ts';
import { choose } from './choose.ts';
import { cors } from './cors.ts';
import { cosmosdbDataSource } from './cosmosdb-data-source.ts';
import { crossDomain } from './cross-domain.ts';
import type { ElementDeclaration, PolicyDefinition } from './definition.ts';
import { emitMetric } from './emit-metric.ts';
import { findAndReplace } from './find-and-replace.ts';
import { forwardRequest } from './forward-request.ts';
import { getAuthorizationContext } from './get-authorization-context.ts';
import { graphqlDataSource } from './graphql-data-source.ts';
import { httpDataSource } from './http-data-source.ts';
import { includeFragment } from './include-fragment.ts';
import { invokeDaprBinding } from './invoke-dapr-binding.ts';
import { invokeRequest } from './invoke-request.ts';
import { ipFilter } from './ip-filter.ts';
import { jsonToXmlPolicy } from './json-to-xml/index.ts';
import { jsonp } from './jsonp.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { llmContentSafety } from './llm-content-safety.ts';
import { llmEmitTokenMetric } from './llm-emit-token-metric.ts';
import { llmSemanticCacheLookup } from './llm-semantic-cache-lookup.ts';
import { llmSemanticCacheStore } from './llm-semantic-cache-store.ts';
import { llmTokenLimit } from './llm-token-limit.ts';
import { logToEventhub } from './log-to-eventhub.ts';
import { mockResponse } from './mock-response.ts';
import { proxy } from './proxy.ts';
import { publishEvent } from './publish-event.ts';
import { publishToDapr } from './publish-to-dapr.ts';
import { quota } from './quota.ts';
import { quotaByKey } from './quota-by-key.ts';
import { rateLimit } from './rate-limit.ts';
import { rateLimitByKey } from './rate-limit-by-key.ts';
import { redirectContentUrls } from './redirect-content-urls.ts';
import { retry } from './retry.ts';
import { returnResponse } from './return-response.ts';
import { rewriteUri } from './rewrite-uri.ts';
import { sendOneWayRequest } from './send-one-way-request.ts';
import { sendRequest } from './send-request.ts';
import { sendServiceBusMessage } from './send-service-bus-message.ts';
import { setBackendService } from './set-backend-service.ts';
import { setBody } from './set-body.ts';
import { setGraphqlResolver } from './set-graphql-resolver.ts';
import { setHeader } from './set-header.ts';
import { setMethod } from './set-method.ts';
import { setQueryParameter } from './set-query-parameter.ts';
import { setRequestMetricDimensionValue } from './set-request-metric-dimension-value.ts';
import { setStatus } from './set-status.ts';
import { setUrl } from './set-url.ts';
import { setVariablePolicy } from './set-variable.ts';
import { sqlDataSource } from './sql-data-source.ts';
import { trace } from './trace.ts';
import { validateAzureAdToken } from './validate-azure-ad-token.ts';
import { validateClientCertificate } from './validate-client-certificate.ts';
import { validateContent } from './validate-content.ts';
import { validateGraphqlRequest } from './validate-graphql-request.ts';
import { validateHeaders } from './validate-headers.ts';
import { validateJwt } from './validate-jwt.ts';
import { validateOdataRequest } from './validate-odata-request.ts';
import { validateParameters } from './validate-parameters.ts';
import { validateStatusCode } from './validate-status-code.ts';
import { wait } from './wait.ts';
import { xmlToJsonPolicy } from './xml-to-json/index.ts';
import { xslTransform } from './xsl-transform/index.ts';

/** In the order of the reference index: access, throttling, routing, transformation, control flow, logging. */
export const POLICIES: readonly PolicyDefinition[] = [
  base,
  validateJwt,
  validateAzureAdToken,
  validateClientCertificate,
  checkHeader,
  ipFilter,
  authenticationBasic,
  authenticationCertificate,
  authenticationManagedIdentity,
  getAuthorizationContext,
  authenticationToken,
  authenticationTokenStore,
  rateLimit,
  rateLimitByKey,
  quota,
  quotaByKey,
  limitConcurrency,
  cors,
  crossDomain,
  jsonp,
  setBackendService,
  proxy,
  forwardRequest,
  rewriteUri,
  validateContent,
  validateGraphqlRequest,
  validateOdataRequest,
  validateParameters,
  validateHeaders,
  validateStatusCode,
  setHeader,
  setQueryParameter,
  setMethod,
  setBody,
  setStatus,
  findAndReplace,
  redirectContentUrls,
  jsonToXmlPolicy,
  xmlToJsonPolicy,
  xslTransform,
  setVariablePolicy,
  cacheLookup,
  cacheStore,
  cacheLookupValue,
  cacheStoreValue,
  cacheRemoveValue,
  cacheValue,
  sendRequest,
  sendOneWayRequest,
  invokeRequest,
  returnResponse,
  mockResponse,
  choose,
  retry,
  wait,
  includeFragment,
  block,
  httpDataSource,
  sqlDataSource,
  cosmosdbDataSource,
  graphqlDataSource,
  setUrl,
  publishEvent,
  setGraphqlResolver,
  trace,
  logToEventhub,
  emitMetric,
  setRequestMetricDimensionValue,
  llmEmitTokenMetric,
  azureOpenaiEmitTokenMetric,
  llmTokenLimit,
  azureOpenaiTokenLimit,
  llmContentSafety,
  llmSemanticCacheLookup,
  llmSemanticCacheStore,
  azureOpenaiSemanticCacheLookup,
  azureOpenaiSemanticCacheStore,
  sendServiceBusMessage,
  publishToDapr,
  invokeDaprBinding,
];

const BY_NAME: ReadonlyMap<string, PolicyDefinition> = new Map(POLICIES.map((policy) => [policy.name, policy]));

/** Every name that API Management knows. */
export const KNOWN_POLICIES: readonly string[] = [...BY_NAME.keys()];

/** The definition of a policy that runs. */
export function policyNamed(name: string): PolicyDefinition | undefined {
  return BY_NAME.get(name);
}

/** Whether API Management knows the name. */
export function isKnownPolicy(name: string): boolean {
  return BY_NAME.has(name);
}

/** The policies that have such a child: `choose` of `when`. */
export function policiesWithChild(name: string): readonly string[] {
  const holds = (element: ElementDeclaration): boolean => element.children?.some((child) => child.name === name || holds(child)) ?? false;
  return POLICIES.filter(holds).map((policy) => policy.name);
}
