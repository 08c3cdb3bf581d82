/**
 * The yardstick: node:http in, undici `dispatch` out, everything tuned and no feature but slow-client protection. Raw
 * headers both ways, a stack of idle clients, small answers in one piece. Usage: bare-proxy BACKEND-PORT. Prints its port.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type Dispatcher } from 'undici';

const origin = `http://127.0.0.1:${process.argv[2]}`;
const idle: Client[] = [];

class Handler {
  readonly #client: Client;
  readonly #response: ServerResponse;
  #status = 0;
  #headers: string[] = [];
  #first: Buffer | undefined;
  #started = false;

  constructor(client: Client, response: ServerResponse) {
    this.#client = client;
    this.#response = response;
  }

  onConnect(): void {}

  onHeaders(status: number, raw: Buffer[]): boolean {
    this.#status = status;
    this.#headers = raw.map((part) => part.toString('latin1'));
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#first && !this.#started) {
      this.#first = chunk;
      return true;
    }
    this.#start();
    return this.#response.write(chunk);
  }

  onComplete(): void {
    idle.push(this.#client);
    if (this.#started) {
      this.#response.end();
      return;
    }
    this.#response.writeHead(this.#status, this.#headers);
    this.#response.end(this.#first);
  }

  onError(): void {
    this.#response.destroy();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#response.writeHead(this.#status, this.#headers);
    if (this.#first) this.#response.write(this.#first);
  }
}

const server = createServer(
  { headersTimeout: 60_000, requestTimeout: 0, keepAliveTimeout: 75_000, connectionsCheckingInterval: 5_000, noDelay: true },
  (request, response) => {
    const client = idle.pop() ?? new Client(origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 });
    const headers: string[] = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const name = request.rawHeaders[at] ?? '';
      if (name.length === 10 && name.toLowerCase() === 'connection') continue;
      headers.push(name, request.rawHeaders[at + 1] ?? '');
    }
    client.dispatch(
      { path: request.url ?? '/', method: request.method as Dispatcher.HttpMethod, headers, body: null },
      new Handler(client, response),
    );
  },
);
server.setTimeout(60_000);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
