/** The backend of the benchmarks: answers everything with 1 KB. Prints its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = Buffer.from(JSON.stringify({ id: 7, text: 'x'.repeat(1000) }));
const HEADERS = ['Content-Type', 'application/json', 'Content-Length', String(BODY.length)];

const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  request.resume();
  response.writeHead(200, 'OK', HEADERS);
  response.end(BODY);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
