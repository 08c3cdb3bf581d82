/** The small backend of `portico run --demo`: an order service that shows what reaches it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DemoServer {
  /** `http://127.0.0.1:port` */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts listening on a free port of the loopback address (or the one given). */
export async function startDemoBackend(port = 0): Promise<DemoServer> {
  return listen(createServer(answer), port);
}

const ORDERS: readonly { readonly id: number; readonly customer: string; readonly total: number }[] = [
  { id: 7, customer: 'ana', total: 129.5 },
  { id: 8, customer: 'ben', total: 40 },
];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://backend');
  const id = /^\/orders\/(\d+)$/.exec(url.pathname)?.[1];
  if (url.pathname === '/orders') return send(response, 200, ORDERS);
  if (id !== undefined) return sendOrder(response, Number(id));
  send(response, 200, { method: request.method, path: request.url, headers: request.headers });
}

function sendOrder(response: ServerResponse, id: number): void {
  const order = ORDERS.find((one) => one.id === id);
  if (order) send(response, 200, order);
  else send(response, 404, { error: `there is no order ${id}` });
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'X-Powered-By': 'demo-backend',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Listens on loopback and tells where. */
export function listen(server: ReturnType<typeof createServer>, port: number): Promise<DemoServer> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const stop = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ address, stop });
    });
  });
}
