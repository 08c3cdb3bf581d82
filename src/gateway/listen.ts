/** Opening a port. */
import type { AddressInfo, Server } from 'node:net';

/** Listens and gives the port, which the system chooses for port 0. Rejects when the port cannot be had. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
