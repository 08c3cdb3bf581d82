/** The issuer that belongs to the address of a discovery document, for when the document cannot be had. */
import { WELL_KNOWN } from '../providers/pack.ts';

export interface ConcludedIssuer {
  readonly issuer: string;
  /** False where the document says what the address does not, such as a tenant's id behind its name. */
  readonly certain: boolean;
}

const MICROSOFT = /^https:\/\/login\.(microsoftonline|partner\.microsoftonline|chinacloudapi)\.[^/]+\/([^/]+)(\/v2\.0)?$/;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** OpenID Connect Discovery, section 4.3: issuer and suffix are the address. Microsoft's and Auth0's are known to differ. */
export function concludedIssuer(address: string): ConcludedIssuer {
  const [issuer = ''] = address.split(WELL_KNOWN);
  const match = MICROSOFT.exec(issuer);
  if (!match) return other(issuer);
  const [, cloud = '', tenant = '', second] = match;
  const many = /^(?:common|organizations|consumers)$/.test(tenant);
  const filled = many ? '{tenantid}' : tenant;
  const certain = many || GUID.test(tenant);
  if (second !== undefined) return { issuer: `${new URL(issuer).origin}/${filled}/v2.0`, certain };
  return { issuer: `https://sts.${cloud === 'microsoftonline' ? 'windows.net' : 'chinacloudapi.cn'}/${filled}/`, certain };
}

function other(issuer: string): ConcludedIssuer {
  if (/^https:\/\/[^/]+\.auth0\.com$/.test(issuer)) return { issuer: `${issuer}/`, certain: true };
  return { issuer, certain: /^https:\/\/[^/]+\.(?:okta\.com|oktapreview\.com|amazonaws\.com)\//.test(`${issuer}/`) };
}
