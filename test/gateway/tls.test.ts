/** TLS on the listening side with certificates that openssl made: who gets in, what policies see, which protocols. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, connect as connectNet } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, type GatewayOptions, LoadFailure, startGateway } from '../../src/gateway/gateway.ts';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';

let folder: CertificateFolder;
let lists: { readonly server: Server; readonly address: string };

beforeAll(async () => {
  if (!HAS_OPENSSL) return;
  lists = await listsServer();
  folder = new CertificateFolder();
  folder.make('root', { authority: true, subject: '/CN=Test Root/O=Contoso' });
  folder.make('middle', { issuer: 'root', authority: 0, subject: '/CN=Test Middle' });
  folder.make('server', { issuer: 'root', names: 'DNS:localhost,IP:127.0.0.1' });
  folder.make('api', { issuer: 'root', names: 'DNS:api.example.org' });
  folder.make('wild', { issuer: 'root', names: 'DNS:*.example.net' });
  folder.make('client', { issuer: 'middle', subject: '/CN=client/O=Contoso', names: 'DNS:client.test' });
  folder.make('expired', { issuer: 'root', to: '20210101000000Z' });
  folder.make('early', { issuer: 'root', from: '20480101000000Z' });
  folder.make('alone');
  folder.make('other-root', { authority: true });
  folder.make('stranger', { issuer: 'other-root' });
  folder.make('leaf-issuer', { issuer: 'root' });
  folder.make('forged', { issuer: 'leaf-issuer' });
  folder.make('below', { issuer: 'middle', authority: true });
  folder.make('too-deep', { issuer: 'below' });
  folder.make('revoked', { issuer: 'root' });
  folder.make('listed', { issuer: 'root', extensions: [`crlDistributionPoints=URI:${lists.address}/root.crl`] });
  folder.make('lost', { issuer: 'root', extensions: [`crlDistributionPoints=URI:${lists.address}/nothing.crl`] });
  folder.revoke('root', 'revoked', 'listed');
  folder.join('client-chain.pem', 'client.pem', 'middle.pem');
  folder.join('forged-chain.pem', 'forged.pem', 'leaf-issuer.pem');
  folder.join('deep-chain.pem', 'too-deep.pem', 'below.pem', 'middle.pem');
}, 20_000);

afterAll(() => {
  folder?.remove();
  lists?.server.close();
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Where certificates say that revocation lists are. */
async function listsServer(): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    if (request.url === '/root.crl') response.end(folder.text('root.crl'));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const ECHO =
  '<return-response><set-header name="X-Subject" exists-action="override"><value>@(context.Request.Certificate == null ? "none" : context.Request.Certificate.Subject)</value></set-header><set-header name="X-Url" exists-action="override"><value>@(context.Request.OriginalUrl.ToString())</value></set-header><set-body>@(context.Request.Method + " " + context.Request.Body?.As<string>())</set-body></return-response>';

const TELL =
  '<on-error><set-header name="X-Reason" exists-action="override"><value>@(context.LastError.Reason)</value></set-header></on-error>';

interface Setup {
  readonly inbound?: string;
  readonly yaml?: string;
  readonly options?: Partial<GatewayOptions>;
}

function directory({ inbound = '', yaml }: Setup): string {
  const path = mkdtempSync(join(tmpdir(), 'portico-'));
  cleanups.push(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, 'policy.xml'), `<policies><inbound>${inbound}${ECHO}</inbound><backend /><outbound />${TELL}</policies>`);
  if (yaml !== undefined) writeFileSync(join(path, 'portico.yaml'), yaml);
  return path;
}

async function gateway(setup: Setup): Promise<Gateway> {
  const running = await startGateway({ directory: directory(setup), port: 0, ...setup.options });
  cleanups.push(() => running.stop());
  return running;
}

const yaml = (more = '') => `tls:
  certificate: ${folder.file('server.pem')}
  key: ${folder.file('server.key')}
  ca: ${folder.file('root.pem')}
${more}`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Caller {
  readonly certificate?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly method?: string;
  readonly body?: string;
}

function call(
  { address }: { readonly address: string },
  { certificate, key = certificate, servername, method = 'GET', body }: Caller = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = certificate === undefined ? {} : { cert: folder.text(`${certificate}.pem`), key: folder.text(`${key}.key`) };
    const outgoing = httpsRequest(`${address}/x?y=1`, {
      ca: folder.text('root.pem'),
      agent: false,
      method,
      ...own,
      ...(servername ? { servername } : {}),
    });
    outgoing.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Status, LastError.Reason and message of a call with a certificate. */
async function outcome(running: Gateway, caller: Caller): Promise<string> {
  const { status, headers, body } = await call(running, caller);
  return status === 200
    ? `200 ${headers['x-subject']}`
    : `${status} ${headers['x-reason']} ${(JSON.parse(body) as { message: string }).message}`;
}

const INVALID = 'Invalid client certificate';

describe.skipIf(!HAS_OPENSSL)('TLS (needs openssl)', () => {
  it('serves HTTP/1.1 callers, who are asked for nothing', async () => {
    const running = await gateway({ yaml: yaml() });
    expect(running.address).toMatch(/^https:/);
    const answer = await call(running, { method: 'POST', body: 'hello' });
    expect([answer.status, answer.body, answer.headers['x-subject']]).toEqual([200, 'POST hello', 'none']);
    expect(answer.headers['x-url']).toBe(`${running.address}/x?y=1`);
  });

  it('may be switched on from the command line', async () => {
    const tls = {
      certificate: folder.file('server.pem'),
      key: folder.file('server.key'),
      authorities: [folder.file('root.pem')],
      clientCertificate: 'request',
    } as const;
    const running = await gateway({ inbound: '<validate-client-certificate />', options: { tls } });
    expect(await outcome(running, { certificate: 'client-chain', key: 'client' })).toBe('200 O=Contoso, CN=client');
  });

  it('stands beside the plain port when it has one of its own', async () => {
    const running = await gateway({ yaml: yaml('  port: 0\n') });
    expect((await fetch(running.address)).status).toBe(200);
    expect((await call({ address: running.secureAddress ?? '' })).status).toBe(200);
  });

  describe('validate-client-certificate', () => {
    it.each<readonly [string, string, Caller, string]>([
      ['an intermediate in the handshake', '', { certificate: 'client-chain', key: 'client' }, '200 O=Contoso, CN=client'],
      ['its intermediate missing', '', { certificate: 'client' }, `401 ClientCertificateNotTrusted ${INVALID}`],
      ['none', '', {}, '401 ClientCertificateNotFound Client certificate missing'],
      ['an expired one', '', { certificate: 'expired' }, `401 ClientCertificateExpired ${INVALID}`],
      ['one of the future', '', { certificate: 'early' }, `401 ClientCertificateNotYetValid ${INVALID}`],
      ['an expired one where dates do not matter', 'validate-not-after="false"', { certificate: 'expired' }, '200 CN=expired'],
      ['a self-signed one', '', { certificate: 'alone' }, `401 ClientCertificateNotTrusted ${INVALID}`],
      ['a self-signed one where trust does not matter', 'validate-trust="false"', { certificate: 'alone' }, '200 CN=alone'],
      ['one of another authority', '', { certificate: 'stranger' }, `401 ClientCertificateNotTrusted ${INVALID}`],
      ['one that a mere client issued', '', { certificate: 'forged-chain', key: 'forged' }, `401 ClientCertificateNotTrusted ${INVALID}`],
      [
        'one below the length its authority may have',
        '',
        { certificate: 'deep-chain', key: 'too-deep' },
        `401 ClientCertificateNotTrusted ${INVALID}`,
      ],
      ['one that its list names', '', { certificate: 'listed' }, `401 ClientCertificateRevoked ${INVALID}`],
      ['one that its list names, unasked', 'validate-revocation="false"', { certificate: 'listed' }, '200 CN=listed'],
      ['one whose list cannot be had', '', { certificate: 'lost' }, `401 ClientCertificateRevoked ${INVALID}`],
      ['one without a list', '', { certificate: 'revoked' }, '200 CN=revoked'],
    ])('%s', async (_name, attributes, caller, expected) => {
      const running = await gateway({
        inbound: `<validate-client-certificate ${attributes} />`,
        yaml: yaml('  client-certificate: request\n'),
      });
      expect(await outcome(running, caller)).toBe(expected);
    });

    it('reads revocation lists beside portico.yaml', async () => {
      const running = await gateway({
        inbound: '<validate-client-certificate />',
        yaml: yaml(`  client-certificate: request\n  crl: ${folder.file('root.crl')}\n`),
      });
      expect(await outcome(running, { certificate: 'revoked' })).toBe(`401 ClientCertificateRevoked ${INVALID}`);
      expect(await outcome(running, { certificate: 'leaf-issuer' })).toBe('200 CN=leaf-issuer');
    });

    it('compares subject, issuer and thumbprint', async () => {
      const identity = 'common-name="client" subject="O=Contoso, CN=client" issuer-subject="CN=Test Middle" dns-name="client.test"';
      const running = await gateway({
        inbound: `<validate-client-certificate><identities><identity thumbprint="00" /><identity ${identity} /></identities></validate-client-certificate>`,
        yaml: yaml('  client-certificate: request\n'),
      });
      expect(await outcome(running, { certificate: 'client-chain', key: 'client' })).toBe('200 O=Contoso, CN=client');
      expect(await outcome(running, { certificate: 'revoked' })).toBe(`401 ClientCertificateIdentityNotMatched ${INVALID}`);
    });
  });

  it('lets nobody in without a certificate where one is required', async () => {
    const running = await gateway({ yaml: yaml('  client-certificate: require\n') });
    await expect(call(running)).rejects.toThrow();
    expect((await call(running, { certificate: 'alone' })).headers['x-subject']).toBe('CN=alone');
  });

  it('keeps the chain of a resumed session', async () => {
    const running = await gateway({
      inbound: '<validate-client-certificate />',
      yaml: yaml('  client-certificate: request\n  max-version: "1.2"\n'),
    });
    const { port } = new URL(running.address);
    const own = {
      cert: folder.text('client-chain.pem'),
      key: folder.text('client.key'),
      ca: folder.text('root.pem'),
      servername: 'localhost',
    };
    const first = await ask(connectTls({ port: Number(port), host: '127.0.0.1', ...own }));
    const again = await ask(connectTls({ port: Number(port), host: '127.0.0.1', ...own, session: first.session }));
    expect([first.resumed, again.resumed]).toEqual([false, true]);
    expect([first.status, again.status]).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  });

  it('shows each host its own certificate', async () => {
    const one = (name: string) => `{ certificate: "${folder.file(`${name}.pem`)}", key: "${folder.file(`${name}.key`)}" }`;
    const running = await gateway({ yaml: yaml(`  sni:\n    api.example.org: ${one('api')}\n    "*.example.net": ${one('wild')}\n`) });
    for (const [name, subject] of [
      ['api.example.org', 'api'],
      ['A.EXAMPLE.NET', 'wild'],
      ['a.b.example.net', 'server'],
      ['localhost', 'server'],
    ] as const)
      expect(await subjectShown(running, name)).toBe(subject);
  });

  it.each([
    ['min-version: "1.3"', 'TLSv1.2', undefined],
    ['min-version: "1.3"', 'TLSv1.3', 'TLSv1.3'],
    ['max-version: "1.2"', undefined, 'TLSv1.2'],
  ] as const)('%s: a caller of %s gets %s', async (line, version, expected) => {
    const running = await gateway({ yaml: yaml(`  ${line}\n`) });
    expect(await protocolWith(running, version)).toBe(expected);
  });

  it('takes a PKCS#12 file, old ciphers included', async () => {
    folder.pfx('server', 'secret', ['-legacy']);
    const running = await gateway({
      yaml: `tls:\n  pfx: ${folder.file('server.pfx')}\n  password: \${env:PFX}\n`,
      options: { environment: (name) => (name === 'PFX' ? 'secret' : undefined) },
    });
    expect((await call(running)).status).toBe(200);
  });

  it('shows new connections a certificate that was renewed on disk', async () => {
    folder.join('live.pem', 'server.pem');
    folder.join('live.key', 'server.key');
    const running = await gateway({ yaml: `tls: { certificate: "${folder.file('live.pem')}", key: "${folder.file('live.key')}" }` });
    expect(await subjectShown(running, 'localhost')).toBe('server');
    folder.join('live.pem', 'api.pem');
    folder.join('live.key', 'api.key');
    expect(await running.reload()).toBe(true);
    expect(await subjectShown(running, 'localhost')).toBe('api');
  });

  it.each<readonly [string, () => string, RegExp]>([
    [
      'a key of another certificate',
      () => `tls: { certificate: "${folder.file('server.pem')}", key: "${folder.file('api.key')}" }`,
      /certificate `tls` cannot be read: the key does not belong to the certificate/,
    ],
    [
      'a file that is not there',
      () => 'tls: { certificate: no.pem, key: no.key }',
      /certificate `tls` cannot be read: there is no file `.*no\.pem`/,
    ],
    ['a certificate without key', () => `tls: { certificate: "${folder.file('server.pem')}" }`, /`tls` names no certificate with its key/],
    ['a wrong password', () => `tls: { pfx: "${folder.file('server.pfx')}", password: no }`, /cannot be read: the password is wrong/],
    ['an authority that is none', () => yaml(`  crl: ${folder.file('root.key')}\n`), /the file cannot be read: `.*root\.key`/],
    [
      'an unknown mode',
      () => yaml('  client-certificate: maybe\n'),
      /`tls\.client-certificate` must be one of `none`, `request`, `require`/,
    ],
    ['versions the wrong way round', () => yaml('  min-version: "1.3"\n  max-version: "1.2"\n'), /`max-version` is below `min-version`/],
  ])('refuses %s', async (_name, text, message) => {
    const failure = await gateway({ yaml: text() }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LoadFailure);
    expect((failure as LoadFailure).problems.map((problem) => problem.message).join('\n')).toMatch(message);
  });
});

describe.skipIf(!HAS_OPENSSL)('HTTP/2 (needs openssl)', () => {
  it('runs through the same path, many calls at once on one connection', async () => {
    const running = await gateway({ inbound: '<validate-client-certificate />', yaml: yaml('  client-certificate: request\n') });
    const session = http2(running, { cert: folder.text('client-chain.pem'), key: folder.text('client.key') });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        callHttp2(session, { ':method': 'POST', ':path': `/n?at=${at}`, cookie: ['a=1', 'b=2'] }, `body ${at}`),
      ),
    );
    for (const [at, { status, headers, body }] of answers.entries()) {
      expect([status, body, headers['x-subject']]).toEqual([200, `POST body ${at}`, 'O=Contoso, CN=client']);
      expect(headers['x-url']).toBe(`${running.address.replace('127.0.0.1', 'localhost')}/n?at=${at}`);
    }
  });

  it('forwards to HTTP/1.1 backends, streams answers, keeps repeated headers apart', async () => {
    const backend = createServer((request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Seen', request.rawHeaders.join('|')]);
      response.write('one ');
      setTimeout(() => response.end('two'), 20);
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => backend.close());
    const path = mkdtempSync(join(tmpdir(), 'portico-'));
    cleanups.push(() => rmSync(path, { recursive: true, force: true }));
    writeFileSync(
      join(path, 'policy.xml'),
      '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>',
    );
    writeFileSync(join(path, 'portico.yaml'), yaml());
    const running = await startGateway({
      directory: path,
      port: 0,
      backend: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    });
    cleanups.push(() => running.stop());
    const session = http2(running);
    const { status, headers, body } = await callHttp2(session, { cookie: ['a=1', 'b=2'] });
    expect([status, body, headers['set-cookie']]).toEqual([200, 'one two', ['a=1', 'b=2']]);
    expect(headers['x-seen']).toContain('cookie|a=1; b=2');
    expect(headers['x-seen']).not.toContain(':path');
    expect((await callHttp2(session, { ':method': 'HEAD' })).body).toBe('');
  });

  it('ends sessions when the gateway stops, after the calls that run', async () => {
    const running = await startGateway({
      directory: directory({ yaml: yaml() }),
      port: 0,
    });
    const session = http2(running);
    expect((await callHttp2(session, {})).status).toBe(200);
    const closed = new Promise((resolve) => session.once('close', resolve));
    await running.stop();
    await closed;
  });

  it('is not disturbed by callers that reset streams, end sessions, send CONNECT, or speak no TLS', async () => {
    const running = await gateway({ yaml: yaml() });
    const { port } = new URL(running.address);
    const session = http2(running);
    for (const code of [0, 1, 8]) {
      const stream = session.request({ ':path': '/', ':method': 'POST' });
      stream.on('error', () => {});
      stream.write('part of a body');
      await new Promise((resolve) => setTimeout(resolve, 5));
      stream.close(code);
    }
    const connecting = session.request({ ':method': 'CONNECT', ':authority': 'x:1' });
    expect(await new Promise((resolve) => connecting.once('response', (headers) => resolve(headers[':status'])))).toBe(405);
    const broken = http2(running);
    broken.on('error', () => {});
    broken.request({ ':path': '/' }).on('error', () => {});
    broken.destroy();
    const plain = connectNet(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => plain.once('close', resolve));
    plain.on('error', () => {});
    plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed;
    expect((await callHttp2(session, { ':path': '/x' })).status).toBe(200);
    expect((await call(running)).status).toBe(200);
  });

  it('is not offered when it is switched off', async () => {
    const running = await gateway({ yaml: yaml('  http2: false\n') });
    const { port } = new URL(running.address);
    const socket = connectTls({
      port: Number(port),
      host: '127.0.0.1',
      ca: folder.text('root.pem'),
      servername: 'localhost',
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });
});

function http2({ address }: Gateway, own: object = {}) {
  const session = connectHttp2(address.replace('127.0.0.1', 'localhost'), {
    ca: folder.text('root.pem'),
    ...own,
    lookup: (_name: string, _options: object, done: (error: null, found: { address: string; family: number }[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]),
  } as object);
  cleanups.push(() => session.destroy());
  return session;
}

function callHttp2(session: ReturnType<typeof connectHttp2>, headers: Record<string, string | string[]>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/', ...headers });
    let status = 0;
    let answered: IncomingMessage['headers'] = {};
    let text = '';
    stream.on('response', (found) => {
      status = Number(found[':status']);
      answered = found as IncomingMessage['headers'];
    });
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    stream.on('end', () => resolve({ status, headers: answered, body: text }));
    stream.on('error', reject);
    stream.end(body);
  });
}

function ask(socket: TLSSocket): Promise<{ readonly session: Buffer | undefined; readonly resumed: boolean; readonly status: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let session: Buffer | undefined;
    let resumed = false;
    socket.on('secureConnect', () => (resumed = socket.isSessionReused()));
    socket.on('session', (found: Buffer) => (session = found));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve({ session, resumed, status: text.split('\r\n')[0] ?? '' }));
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });
}

function subjectShown({ address }: Gateway, servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: Number(new URL(address).port), host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function protocolWith({ address }: Gateway, version: 'TLSv1.2' | 'TLSv1.3' | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const limits = version === undefined ? {} : { minVersion: version, maxVersion: version };
    const socket = connectTls({ port: Number(new URL(address).port), host: '127.0.0.1', rejectUnauthorized: false, ...limits }, () => {
      resolve(socket.getProtocol() ?? undefined);
      socket.destroy();
    });
    socket.on('error', () => resolve(undefined));
  });
}
