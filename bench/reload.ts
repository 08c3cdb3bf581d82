/**
 * Reloads and deaths under load: the policy is written anew several times a second while callers never pause, then a worker is
 * killed by kill -9. Prints what failed. `tsx bench/reload.ts [requests] [workers]`
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Calls, startClients } from './clients.ts';

const REQUESTS = Number(process.argv[2] ?? 50_000);
const WORKERS = Number(process.argv[3] ?? 2);
const COMMAND = process.env.PORTICO ?? fileURLToPath(new URL('../dist/portico.mjs', import.meta.url));
const CONNECTIONS = 32;
const REQUEST = 'GET /orders/7 HTTP/1.1\r\nHost: localhost\r\n\r\n';

const directory = mkdtempSync(join(tmpdir(), 'portico-reload-'));
const backend = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('backend.ts', import.meta.url))]);
const backendPort = await new Promise<string>((resolve) => backend.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())));

function write(version: number): void {
  const document = `<policies>
  <inbound><set-header name="X-Version" exists-action="override"><value>@("${version}" + context.Request.Method)</value></set-header></inbound>
  <backend><forward-request /></backend>
  <outbound><set-header name="X-Version" exists-action="override"><value>${version}</value></set-header></outbound>
  <on-error />
</policies>
`;
  writeFileSync(join(directory, 'policy.xml'), document);
}

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly told: () => string;
}

function start(...args: string[]): Promise<Started> {
  const all = [COMMAND, 'run', directory, '--port', '0', '--quiet', '--backend', `http://127.0.0.1:${backendPort}`, ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'inherit', 'pipe'] });
  let told = '';
  return new Promise((resolve) => {
    child.stderr?.on('data', (text: Buffer) => {
      told += text.toString();
      const port = /listens on \S+:(\d+)/.exec(told)?.[1];
      if (port) resolve({ child, port: Number(port), told: () => told });
    });
  });
}

async function stop({ child }: Started): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function line(name: string, calls: Calls, seconds: number, more: string): void {
  const others = [...calls.statuses].filter(([status]) => status !== 200).map(([status, count]) => `${count} with ${status}`);
  const rate = Math.round(calls.answered / seconds);
  process.stdout.write(
    `${name}: ${calls.answered} answered (${rate}/s), ${calls.failed} failed, ${calls.refused} refused, not 200: ${others.join(', ') || 'none'}, slowest ${calls.slowest.toFixed(0)} ms; ${more}\n`,
  );
}

async function reloads(name: string, ...args: string[]): Promise<void> {
  write(0);
  const gateway = await start(...args);
  const began = performance.now();
  const clients = startClients(gateway.port, REQUEST, CONNECTIONS);
  for (let version = 1; clients.calls.answered < REQUESTS; version += 1) {
    write(version);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await clients.stop();
  line(name, clients.calls, (performance.now() - began) / 1000, `${gateway.told().match(/^reloaded$/gm)?.length ?? 0} reloads`);
  await stop(gateway);
}

/** Each of the killed worker's connections has one request in flight at most. */
async function deaths(): Promise<void> {
  write(0);
  const gateway = await start('--workers', String(WORKERS));
  const began = performance.now();
  const clients = startClients(gateway.port, REQUEST, CONNECTIONS);
  let owned = 0;
  for (let death = 0; death < 3; death += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const [worker] = execFileSync('pgrep', ['-P', String(gateway.child.pid)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    owned += connectionsOf(Number(worker), gateway.port);
    process.kill(Number(worker), 'SIGKILL');
  }
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await clients.stop();
  line('kill -9 of a worker, three times', clients.calls, (performance.now() - began) / 1000, `the killed workers had ${owned} callers`);
  await stop(gateway);
}

/** Established connections of a process to the port (ss, iproute2); NaN without it. */
function connectionsOf(pid: number, port: number): number {
  try {
    const listed = execFileSync('ss', ['-Htnp', 'state', 'established', `( sport = :${port} )`], { encoding: 'utf8' });
    return listed.split('\n').filter((one) => one.includes(`pid=${pid},`)).length;
  } catch {
    return Number.NaN;
  }
}

try {
  await reloads('one process, reloaded five times a second');
  await reloads(`${WORKERS} workers, reloaded five times a second`, '--workers', String(WORKERS));
  await deaths();
} finally {
  backend.kill();
  rmSync(directory, { recursive: true, force: true });
}
