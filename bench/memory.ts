/** One gigabyte up and one down through the gateway: how much its resident memory grows (Linux: /proc). */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const MEGABYTES = Number(process.argv[2] ?? 1024);
const CHUNK = Buffer.alloc(1024 * 1024, 'x');

const backend = createServer((incoming, response) => {
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  incoming.on('end', () => {
    if (incoming.method === 'POST') return void response.end(String(size));
    let left = MEGABYTES;
    const send = (): void => {
      while (left > 0) {
        left -= 1;
        if (!response.write(CHUNK)) return void response.once('drain', send);
      }
      response.end();
    };
    send();
  });
});
await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;

function startGateway(): Promise<{ child: ChildProcess; port: number }> {
  const args = ['dist/portico.mjs', 'run', `${here}policies/pass`, '--port', '0', '--backend', address, '--no-watch', '--quiet'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the gateway ended')));
    child.stderr?.on('data', (text: Buffer) => {
      const port = /:(\d+)\s/.exec(text.toString())?.[1];
      if (port) resolve({ child, port: Number(port) });
    });
  });
}

function resident(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function call(port: number, method: 'GET' | 'POST'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(
      { port, host: '127.0.0.1', method, headers: method === 'POST' ? { 'Content-Length': MEGABYTES * CHUNK.length } : {} },
      (answer) => {
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
        });
        answer.on('end', () => resolve(size));
        answer.on('error', reject);
      },
    );
    sending.on('error', reject);
    let left = method === 'POST' ? MEGABYTES : 0;
    const send = (): void => {
      while (left > 0) {
        left -= 1;
        if (!sending.write(CHUNK)) return void sending.once('drain', send);
      }
      sending.end();
    };
    send();
  });
}

const { child, port } = await startGateway();
const pid = child.pid ?? 0;
for (let at = 0; at < 200; at += 1) await fetch(`http://127.0.0.1:${port}/warm`, { method: 'POST', body: 'x' });
const before = resident(pid, 'VmRSS');
const up = await call(port, 'POST');
const afterUp = resident(pid, 'VmRSS');
const down = await call(port, 'GET');
process.stdout.write(
  `memory of the gateway, ${MEGABYTES} MiB each way\n  before ${before.toFixed(0)} MiB, after the upload ${afterUp.toFixed(0)} MiB, after the download ${resident(pid, 'VmRSS').toFixed(0)} MiB, most ever ${resident(pid, 'VmHWM').toFixed(0)} MiB (answers of ${up} and ${down} bytes)\n`,
);
child.removeAllListeners('exit');
child.kill();
backend.close();
process.exit(0);
