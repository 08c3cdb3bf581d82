/** Calls through HTTP proxies, whatever client makes them: undici, node's own for expectations, HTTP/2. */
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CertificateFolder, HAS_OPENSSL } from '../support/openssl.ts';
import { Stage } from './support.ts';

let folder: CertificateFolder;
beforeAll(() => {
  if (!HAS_OPENSSL) return;
  folder = new CertificateFolder();
  folder.make('root', { authority: true });
  folder.make('server', { issuer: 'root', names: 'DNS:localhost' });
}, 20_000);
afterAll(() => folder?.remove());

const stage = new Stage();
afterEach(() => stage.clear());

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.after(() => server.close());
  return (server.address() as AddressInfo).port;
};

/** A proxy that answers whole URLs itself and opens tunnels; gives its address and what it was asked. */
async function proxy(): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const address = await stage.backend(
    (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']} ${request.headers.expect ?? ''}`.trim());
      request.resume().on('end', () => response.end('from the proxy'));
    },
    (server) =>
      server.on('connect', (request, socket: Duplex) => {
        asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
        const onward = connect(Number(String(request.url).split(':')[1]), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
        stage.after(() => onward.destroy());
        for (const side of [socket, onward]) side.on('error', () => {});
        socket.pipe(onward).pipe(socket);
      }),
  );
  return { address, asked };
}

const files = (backend: string, to: string, forward: string) => ({
  'policy.xml': `<policies><inbound><set-backend-service backend-id="b" /></inbound><backend><forward-request timeout="2" ${forward} /></backend><outbound /><on-error /></policies>`,
  'portico.yaml': `${HAS_OPENSSL ? `trusted-roots: ${folder.file('root.pem')}\n` : ''}backends: { b: { url: "${backend}", proxy: { url: "${to}", username: u, password: p } } }\n`,
});

const post = async (address: string): Promise<string> => {
  const answer = await fetch(`${address}/a`, { method: 'POST', body: 'x' });
  return `${answer.status} ${await answer.text()}`;
};

describe('a backend entity with a proxy', () => {
  it.each([
    ['', 'POST http://nowhere.test/base/a Basic dTpw'],
    ['continue-timeout="1"', 'POST http://nowhere.test/base/a Basic dTpw 100-continue'],
  ])('has it asked for whole URLs of http (%s)', async (forward, expected) => {
    const { address, asked } = await proxy();
    const running = await stage.gateway(files('http://nowhere.test/base', address, forward));
    expect([await post(running.address), asked]).toEqual(['200 from the proxy', [expected]]);
  });

  it.skipIf(!HAS_OPENSSL).each(['', 'continue-timeout="1"', 'http-version="2"', 'http-version="2or1"'])(
    'has it open tunnels to https (%s; needs openssl)',
    async (forward) => {
      const { address, asked } = await proxy();
      const tls = { cert: folder.text('server.pem'), key: folder.text('server.key') };
      const secure = forward.includes('"2"')
        ? (await import('node:http2')).createSecureServer(tls, (_request, response) => response.end('secured'))
        : createHttps(tls, (request, response) => void request.resume().on('end', () => response.end('secured')));
      secure.on('session', (session: { destroy(): void }) => stage.after(() => session.destroy()));
      const port = await listening(secure);
      const running = await stage.gateway(files(`https://localhost:${port}`, address, forward));
      expect(await post(running.address)).toBe('200 secured');
      expect(new Set(asked)).toEqual(new Set([`CONNECT localhost:${port} Basic dTpw`]));
    },
  );

  it('has it open tunnels to HTTP/2 without TLS', async () => {
    const { address, asked } = await proxy();
    const server = createHttp2((_request, response) => void response.end('clear'));
    server.on('session', (session) => stage.after(() => session.destroy()));
    const port = await listening(server);
    const running = await stage.gateway(files(`http://localhost:${port}`, address, 'http-version="2"'));
    expect([await post(running.address), asked]).toEqual(['200 clear', [`CONNECT localhost:${port} Basic dTpw`]]);
  });

  it('is told by its address what is no proxy', async () => {
    await expect(stage.gateway(files('http://a.test', 'socks5://b:1', ''))).rejects.toThrow('the policy directory has errors');
  });
});
