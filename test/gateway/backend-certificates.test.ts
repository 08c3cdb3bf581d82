/** Client certificates towards backends, verified by backends that insist on them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/gateway.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';

let folder: CertificateFolder;
let backend: { readonly server: Server; readonly address: string; connections: number };

beforeAll(async () => {
  if (!HAS_OPENSSL) return;
  folder = new CertificateFolder();
  folder.make('root', { authority: true });
  folder.make('middle', { issuer: 'root', authority: true });
  folder.make('server', { issuer: 'root', names: 'IP:127.0.0.1' });
  folder.make('one', { issuer: 'root' });
  folder.make('two', { issuer: 'root' });
  folder.make('three', { issuer: 'middle' });
  folder.make('stranger');
  for (const name of ['one', 'two']) folder.pfx(name, 'secret');
  folder.pfx('three', 'secret', ['-legacy', '-certfile', 'middle.pem']);
  backend = await startBackend();
}, 20_000);

afterAll(() => {
  backend?.server.closeAllConnections();
  backend?.server.close();
  folder?.remove();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Only lets clients in whose certificate the root vouches for, and says who they are. */
async function startBackend() {
  const tls = { cert: folder.text('server.pem'), key: folder.text('server.key'), ca: folder.text('root.pem'), requestCert: true };
  const server = createServer(tls, (request, response) =>
    response.end(String((request.socket as TLSSocket).getPeerCertificate().subject.CN)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const started = { server, address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: 0 };
  server.on('secureConnection', () => (started.connections += 1));
  return started;
}

async function gateway(inbound: string, yaml = '') {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(
    join(path, 'policy.xml'),
    `<policies><inbound>${inbound}</inbound><backend><forward-request /></backend><outbound /><on-error><set-header name="X-Why" exists-action="override"><value>@(context.LastError.Message)</value></set-header></on-error></policies>`,
  );
  const certificates = `
  one: { certificate: ${folder.file('one.pem')}, key: ${folder.file('one.key')} }
  two: { pfx: ${folder.file('two.pfx')}, password: secret }
  three: { pfx: ${folder.file('three.pfx')}, password: secret }
  stranger: { certificate: ${folder.file('stranger.pem')}, key: ${folder.file('stranger.key')} }`;
  writeFileSync(
    join(path, 'portico.yaml'),
    `backend: ${backend.address}\ntrusted-roots: ${folder.file('root.pem')}\ncertificates:${certificates}\n${yaml}`,
  );
  const running = await startGateway({ directory: path, port: 0 });
  cleanups.push(() => running.stop());
  return running;
}

const text = async (address: string, headers = {}) => {
  const answer = await fetch(address, { headers });
  return `${answer.status} ${answer.status === 200 ? await answer.text() : answer.headers.get('x-why')}`;
};

describe.skipIf(!HAS_OPENSSL)('authentication-certificate (needs openssl)', () => {
  it.each<readonly [string, string | (() => string), string]>([
    ['by id, from PEM files', 'certificate-id="one"', '200 one'],
    ['by id, from a PKCS#12 file', 'certificate-id="two"', '200 two'],
    ['by id, from one with old ciphers, its issuer sent along', 'certificate-id="three"', '200 three'],
    ['by an expression', 'certificate-id="@("o" + "ne")"', '200 one'],
    [
      'by bytes',
      () => `body="@(Convert.FromBase64String("${Buffer.from(folder.pfx('two', 'secret')).toString('base64')}"))" password="secret"`,
      '200 two',
    ],
    [
      'by bytes with old ciphers',
      () =>
        `body="@(Convert.FromBase64String("${Buffer.from(folder.pfx('one', 'secret', ['-legacy'])).toString('base64')}"))" password="secret"`,
      '200 one',
    ],
    ['by an id that nobody knows', 'certificate-id="@("no" + "body")"', "500 The certificate 'nobody' was not found."],
  ])('%s', async (_name, attributes, expected) => {
    const running = await gateway(`<authentication-certificate ${typeof attributes === 'string' ? attributes : attributes()} />`);
    expect(await text(running.address)).toBe(expected);
  });

  it('of an authority that the backend does not know fails the call', async () => {
    const running = await gateway('<authentication-certificate certificate-id="stranger" />');
    expect(await text(running.address)).toMatch(/^500 /);
  });

  it('with a wrong password fails the call and nothing else', async () => {
    const bytes = Buffer.from(folder.pfx('two', 'secret')).toString('base64');
    const running = await gateway(
      `<authentication-certificate body="@(Convert.FromBase64String("${bytes}"))" password="@(context.Request.Headers.GetValueOrDefault("X-Password", "no"))" />`,
    );
    expect(await text(running.address)).toMatch(/^500 /);
    expect(await text(running.address, { 'X-Password': 'secret' })).toBe('200 two');
  });

  it('has connections of its own for each certificate, and keeps them', async () => {
    const running = await gateway(
      '<authentication-certificate certificate-id="@(context.Request.Headers.GetValueOrDefault("X-Who", ""))" />',
    );
    const before = backend.connections;
    for (const who of ['one', 'two', 'one', 'two', 'one']) expect(await text(running.address, { 'X-Who': who })).toBe(`200 ${who}`);
    expect(backend.connections - before).toBe(2);
  });

  it('may be named by the backend entity', async () => {
    const running = await gateway(
      '<set-backend-service backend-id="secured" />',
      `backends:\n  secured: { url: "${backend.address}", credentials: { certificate: one } }\n`,
    );
    expect(await text(running.address)).toBe('200 one');
  });

  it('goes with send-request alone where it stands inside', async () => {
    const running = await gateway(
      `<send-request mode="new" response-variable-name="r"><set-url>${backend.address}/x</set-url><set-method>GET</set-method><authentication-certificate certificate-id="two" /></send-request><return-response><set-body>@(((IResponse)context.Variables["r"]).Body.As<string>())</set-body></return-response>`,
    );
    expect(await text(running.address)).toBe('200 two');
  });
});
