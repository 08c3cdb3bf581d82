/** Tokens that tests mint for validate-azure-ad-token, offline and against a gateway that runs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { LiveRunner } from '../../src/testing/against.ts';
import { createTestGateway } from '../../src/testing/index.ts';
import { Runner } from '../../src/testing/runner.ts';
import { createExpressions } from '../../src/workspace/expressions.ts';
import { directoryWith, documentWith } from '../cli/support.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const entra = (lists: string) => documentWith(`<validate-azure-ad-token tenant-id="${TENANT}">${lists}</validate-azure-ad-token>`);

const directory = directoryWith({
  'audience.xml': entra('<audiences><audience>api://parcels</audience></audiences>'),
  'application.xml': entra(
    '<backend-application-ids><application-id>0f0f0f0f-0000-4000-8000-000000000001</application-id></backend-application-ids>',
  ),
  'live/policy.xml': entra('<audiences><audience>api://parcels</audience></audiences>'),
  'live/portico.yaml': `identity: { provider: entra-v2, tenant: ${TENANT} }\n`,
  'live/a.test.yaml': `policies: .
tests:
  - { name: in, request: { url: /a, token: { scp: read } }, expect: { status: 200 } }
  - { name: for another, request: { url: /a, token: { aud: "api://other" } }, expect: { status: 401 } }
`,
});
afterAll(() => directory.remove());

it.each(['audience.xml', 'application.xml'])('token: {} is accepted by %s', async (name) => {
  const gateway = await createTestGateway({ policies: join(directory.path, name), expressions: createExpressions() });
  const { status, error } = await gateway.request('GET /', { token: {} });
  expect([status, error?.message]).toEqual([200, undefined]);
});

describe('a gateway with the stand-in that the tests name', () => {
  const backend = createServer((_request, response) => response.end('{}'));
  let gateway: Gateway | undefined;
  beforeAll(async () => {
    await new Promise<void>((done) => backend.listen(0, '127.0.0.1', done));
    gateway = await startGateway({
      directory: join(directory.path, 'live'),
      port: 0,
      watch: false,
      backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    backend.close();
  });

  it('accepts and refuses what the offline run does', async () => {
    const file = join(directory.path, 'live/a.test.yaml');
    const failed = ({ tests }: Awaited<ReturnType<Runner['run']>>) =>
      tests.flatMap(({ name, differences, failure }) => (differences.length > 0 || failure ? [{ name, differences, failure }] : []));
    expect(failed(await new Runner().run(file))).toEqual([]);
    const live = await new LiveRunner({ url: gateway?.address ?? '', timeout: 3000 }).run(file);
    expect([failed(live), live.tests.length]).toEqual([[], 2]);
  });
});
