/** `backends` of portico.yaml: a URL, or everything that a backend entity may say. */
import { absoluteUrl } from './absolute-url.ts';
import { backendCredentials, readBreaker, readPool } from './backends.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';
import type { BackendDefinition } from './model.ts';

/** Empty for an entry without a usable URL, which is reported. */
export function readBackend([id, entry]: [string, Entry]): BackendDefinition[] {
  if (!entry.isMapping) {
    const url = absoluteUrl(entry);
    return url === undefined ? [] : [{ id, url }];
  }
  entry.onlyMembers(['url', 'credentials', 'tls', 'proxy', 'pool', 'circuit-breaker']);
  entry.get('credentials').onlyMembers(['authorization', 'header', 'query', 'certificate', 'managed-identity']);
  entry.get('credentials').get('managed-identity').onlyMembers(['resource', 'client-id']);
  entry.get('credentials').get('authorization').onlyMembers(['scheme', 'parameter']);
  entry.get('tls').onlyMembers(['validate-certificate-chain', 'validate-certificate-name']);
  entry.get('proxy').onlyMembers(['url', 'username', 'password']);
  const pool = readLocalPool(entry);
  const breaker = readLocalBreaker(entry.get('circuit-breaker'));
  if (!pool && !entry.get('url').exists) entry.report(faults.missingEntry('url'));
  const url = pool ? '' : absoluteUrl(entry.get('url'));
  if (url === undefined) return [];
  return [{ id, url, ...backendCredentials(entry), ...(pool ? { pool } : {}), ...(breaker ? { circuitBreaker: breaker } : {}) }];
}

function readLocalPool(entry: Entry): BackendDefinition['pool'] {
  const pool = entry.get('pool');
  pool.onlyMembers(['services', 'session-affinity']);
  pool.get('session-affinity').onlyMembers(['source', 'name']);
  for (const member of pool.get('services').isList ? pool.get('services').items() : [])
    if (member.isMapping) member.onlyMembers(['id', 'priority', 'weight']);
  return readPool(entry);
}

function readLocalBreaker(entry: Entry): BackendDefinition['circuitBreaker'] {
  entry.onlyMembers(['name', 'failure-condition', 'trip-duration', 'accept-retry-after']);
  const condition = entry.get('failure-condition');
  condition.onlyMembers(['count', 'percentage', 'interval', 'status-code-ranges', 'error-reasons']);
  for (const range of condition.get('status-code-ranges').isList ? condition.get('status-code-ranges').items() : [])
    range.onlyMembers(['min', 'max']);
  return readBreaker(entry);
}
