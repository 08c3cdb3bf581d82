/**
 * Managed identities without Azure: tokens made here, shaped like those of Microsoft Entra ID and signed with a key that
 * everybody knows. No service accepts them; the log says so at the first token for each resource.
 */
import { base64Url } from './base64.ts';
import type { AccessTokenRequest, ConnectionToken, Host, HostIdentity } from './host.ts';

/** Connections by `provider/authorization`. */
export type Connections = ReadonlyMap<string, ConnectionToken>;

const ISSUER = 'https://portico.invalid/stand-in';
const KEY = 'portico stand-in key: not a secret';
const LIFETIME_SECONDS = 3600;
/** A token is made anew so many seconds before it ends. */
const RENEW_SECONDS = 300;

interface Kept {
  readonly token: string;
  /** Seconds since 1970. */
  readonly renewAt: number;
}

/** Makes the stand-in; deterministic on the host's clock. It only fails for an empty resource. */
export function createStandInIdentity(host: Pick<Host, 'now' | 'crypto' | 'log'>, connections: Connections = new Map()): HostIdentity {
  const kept = new Map<string, Kept>();
  return {
    accessToken: (request) => {
      if (request.resource.trim() === '') throw new Error('a token needs a resource');
      const now = Math.floor(host.now() / 1000);
      const key = `${request.clientId ?? ''} ${request.resource}`;
      const found = kept.get(key);
      if (found && now < found.renewAt) return found.token;
      if (!found) host.log('warn', 'managed identity: this token is a stand-in that no service accepts', { resource: request.resource });
      const token = makeToken(request, now, host);
      kept.set(key, { token, renewAt: now + LIFETIME_SECONDS - RENEW_SECONDS });
      return token;
    },
    connection: (providerId, authorizationId) => connections.get(`${providerId}/${authorizationId}`),
  };
}

/** Claims of a version 1 token for an application. */
function makeToken({ resource, clientId }: AccessTokenRequest, now: number, host: Pick<Host, 'crypto'>): string {
  const appid = clientId ?? 'system-assigned';
  const header = { typ: 'JWT', alg: 'HS256', kid: 'portico-stand-in' };
  const payload = { aud: resource, iss: ISSUER, iat: now, nbf: now, exp: now + LIFETIME_SECONDS, appid, sub: appid, ver: '1.0' };
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
  const signature = host.crypto.hmac('sha256', new TextEncoder().encode(KEY), new TextEncoder().encode(signed));
  return `${signed}.${base64Url(signature)}`;
}

function encode(text: string): string {
  return base64Url(new TextEncoder().encode(text));
}
