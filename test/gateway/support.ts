/** Gateways, backends and callers on real sockets, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Gateway, type GatewayOptions, startGateway } from '../../src/gateway/gateway.ts';

export class Stage {
  readonly #cleanups: (() => unknown)[] = [];

  /** Ends everything, the last first. */
  async clear(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  after(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  /** A backend below HTTP; gives its address. */
  async tcp(handler: (socket: Socket) => void): Promise<string> {
    const server = createTcp((socket) => {
      socket.on('error', () => {});
      this.after(() => socket.destroy());
      handler(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.after(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  directory(files: Readonly<Record<string, string>>): string {
    const path = mkdtempSync(join(tmpdir(), 'portico-'));
    this.after(() => rmSync(path, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  }

  async gateway(files: Readonly<Record<string, string>>, options: Partial<GatewayOptions> = {}): Promise<Gateway> {
    const running = await startGateway({ directory: this.directory(files), port: 0, ...options });
    this.after(() => running.stop());
    return running;
  }

  /** A backend that does what the test wants; gives its address. */
  async backend(handler: (request: IncomingMessage, response: ServerResponse) => void, more?: (server: Server) => void): Promise<string> {
    const server = createServer(handler);
    more?.(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

export const policy = (inbound = '', outbound = '', onError = '') =>
  `<policies><inbound>${inbound}</inbound><backend><forward-request timeout="2" /></backend><outbound>${outbound}</outbound><on-error>${onError}</on-error></policies>`;

/** One API at `/orders` with `GET` and `POST /{id}`. */
export function ordersApi(inbound: string, more: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return {
    'apis/orders/apiInformation.json': JSON.stringify({ properties: { path: 'orders', displayName: 'Orders', ...more } }),
    'apis/orders/specification.json': JSON.stringify({
      openapi: '3.0.0',
      info: { title: 'Orders', version: '1' },
      paths: {
        '/{id}': {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          get: { operationId: 'get-order', responses: { 200: { description: 'OK' } } },
          post: { operationId: 'post-order', responses: { 200: { description: 'OK' } } },
        },
      },
    }),
    'apis/orders/policy.xml': `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  };
}

/** Sends bytes, part by part, and gives everything that comes back until the gateway closes. */
export function raw(address: string, parts: string | readonly string[], pause = 0): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
    const left = typeof parts === 'string' ? [parts] : [...parts];
    const next = (): void => {
      const part = left.shift();
      if (part === undefined || socket.destroyed) return;
      socket.write(part, 'latin1');
      if (pause > 0) setTimeout(next, pause);
      else next();
    };
    next();
  });
}
