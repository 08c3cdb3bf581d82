/** `managed-identity` of portico.yaml: where tokens of managed identities come from on this machine. */
import type { ManagedIdentitySource } from '../host/managed-identity.ts';
import type { Entry } from './config-file.ts';
import * as faults from './faults.ts';

/** The instance metadata service, at the same address on every virtual machine. */
const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token';
const AUTHORITY = 'https://login.microsoftonline.com';

/** `metadata`, or a mapping: `endpoint` and `header`, or `tenant`, `client-id` and `client-secret`. Absent: the stand-in. */
export function readManagedIdentity(entry: Entry): ManagedIdentitySource | undefined {
  if (!entry.exists) return undefined;
  if (!entry.isMapping) return entry.choice(['stand-in', 'metadata']) === 'metadata' ? { kind: 'metadata', endpoint: METADATA } : undefined;
  entry.onlyMembers(['endpoint', 'header', 'tenant', 'client-id', 'client-secret', 'authority']);
  const endpoint = entry.get('endpoint');
  if (!endpoint.exists) return readApplication(entry);
  const url = endpoint.text() ?? '';
  const header = entry.get('header').text();
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    endpoint.report(faults.badUrl(endpoint.name, url));
    return undefined;
  }
  return header === undefined ? { kind: 'metadata', endpoint: url } : { kind: 'endpoint', endpoint: url, header };
}

function readApplication(entry: Entry): ManagedIdentitySource | undefined {
  const tenant = entry.get('tenant').requiredText();
  const clientId = entry.get('client-id').requiredText();
  const clientSecret = entry.get('client-secret').requiredText();
  const authority = entry.get('authority').text() ?? AUTHORITY;
  if (tenant === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  if (!/^https?:\/\//i.test(authority) || !URL.canParse(authority)) {
    entry.get('authority').report(faults.badUrl(entry.get('authority').name, authority));
    return undefined;
  }
  return {
    kind: 'application',
    tokenUrl: `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    clientId,
    clientSecret,
  };
}
