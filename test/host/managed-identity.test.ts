/** Real tokens of managed identities: what is asked, how long an answer is kept, what a failure says. */
import { describe, expect, it } from 'vitest';
import type { OutgoingRequest } from '../../src/host/host.ts';
import { createManagedIdentity, type ManagedIdentitySource } from '../../src/host/managed-identity.ts';
import { jsonAnswer, testHost } from '../support/hosts.ts';

const METADATA: ManagedIdentitySource = { kind: 'metadata', endpoint: 'http://169.254.169.254/metadata/identity/oauth2/token' };
const ENDPOINT: ManagedIdentitySource = { kind: 'endpoint', endpoint: 'http://localhost:42356/msi/token', header: 'secret-header' };
const APPLICATION: ManagedIdentitySource = {
  kind: 'application',
  tokenUrl: 'https://login.test/tenant/oauth2/v2.0/token',
  clientId: 'app',
  clientSecret: 'application-secret',
};

function identity(source: ManagedIdentitySource, answer: () => { readonly status?: number; readonly body: unknown }) {
  const asked: OutgoingRequest[] = [];
  const host = testHost({
    send: async (request) => {
      asked.push(request);
      const { status, body } = answer();
      return jsonAnswer(body, status);
    },
  });
  return { host, asked, identity: createManagedIdentity(source, () => host) };
}

const request = { resource: 'https://vault.azure.net', clientId: undefined };

describe('a managed identity', () => {
  it.each<readonly [string, ManagedIdentitySource, string, readonly string[], string | null]>([
    [
      'of a virtual machine',
      METADATA,
      'GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net',
      ['Metadata', 'true'],
      null,
    ],
    [
      'of App Service',
      ENDPOINT,
      'GET http://localhost:42356/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net',
      ['X-IDENTITY-HEADER', 'secret-header'],
      null,
    ],
    [
      'by an application',
      APPLICATION,
      'POST https://login.test/tenant/oauth2/v2.0/token',
      ['Content-Type', 'application/x-www-form-urlencoded'],
      'grant_type=client_credentials&client_id=app&client_secret=application-secret&scope=https%3A%2F%2Fvault.azure.net%2F.default',
    ],
  ])('%s', async (_name, source, line, headers, body) => {
    const { identity: made, asked } = identity(source, () => ({ body: { access_token: 't', expires_in: '3600' } }));
    expect(await made.accessToken(request)).toBe('t');
    const [sent] = asked;
    expect(`${sent?.method} ${sent?.origin}${sent?.path}`).toBe(line);
    expect(sent?.headers.join('|')).toContain(headers.join('|'));
    expect(sent?.body instanceof Uint8Array ? new TextDecoder().decode(sent.body) : null).toBe(body);
  });

  it('names a user assigned one', async () => {
    const { identity: made, asked } = identity(METADATA, () => ({ body: { access_token: 't', expires_in: 60 } }));
    await made.accessToken({ ...request, clientId: 'c1' });
    expect(asked[0]?.path).toContain('&client_id=c1');
  });

  it('is asked once for calls at once, and again five minutes before its token ends', async () => {
    let count = 0;
    const {
      host,
      identity: made,
      asked,
    } = identity(METADATA, () => {
      count += 1;
      return { body: { access_token: `t${count}`, expires_in: 3600 } };
    });
    expect(await Promise.all([made.accessToken(request), made.accessToken(request)])).toEqual(['t1', 't1']);
    host.advance(3_299_000);
    expect(await made.accessToken(request)).toBe('t1');
    host.advance(2_000);
    expect(await made.accessToken(request)).toBe('t2');
    expect(await made.accessToken({ ...request, resource: 'https://other.test' })).toBe('t3');
    expect(asked).toHaveLength(3);
  });

  it('is asked again after a failure, which says why and nothing secret', async () => {
    let fails = true;
    const { identity: made } = identity(APPLICATION, () =>
      fails
        ? { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' } }
        : { body: { access_token: 't', expires_on: '4102444800' } },
    );
    const failure = await Promise.resolve(made.accessToken(request)).catch((error: unknown) => String(error));
    expect(failure).toBe('Error: https://login.test answered 401: AADSTS7000215: Invalid client secret.');
    fails = false;
    expect(await made.accessToken(request)).toBe('t');
  });
});
