/**
 * Gateway against the bare proxy beside it: work per CPU time of the serving process, rounds interleaved. Ratios are made
 * within each round and their median is shown, so that what else the machine does weighs on both sides.
 * Usage: tsx bench/gateway.ts [seconds a round] [rounds]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from './load.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const milliseconds = Number(process.argv[2] ?? 3) * 1000;
const rounds = Number(process.argv[3] ?? 5);
const CONNECTIONS = 64;

interface Served {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly request: string;
  readonly expect: number;
}

const children: ChildProcess[] = [];

/** Starts a program and gives what the pattern finds in its output. */
function start(args: readonly string[], pattern: RegExp, env: NodeJS.ProcessEnv = {}): Promise<{ pid: number; found: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    children.push(child);
    let text = '';
    let found = false;
    const read = (chunk: Buffer): void => {
      // What follows is the access log.
      if (found) return;
      text += chunk.toString();
      const match = pattern.exec(text);
      found = match?.[1] !== undefined;
      if (match?.[1]) resolve({ pid: child.pid ?? 0, found: match[1] });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${text}`)));
  });
}

/** CPU nanoseconds of all threads of a process so far. */
function cpu(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
}

function requestText(port: number, more: string): string {
  return `GET /orders/7?expand=lines HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: bench\r\nAccept: application/json\r\nX-Client: mobile\r\n${more}\r\n`;
}

const TSX = ['--import', 'tsx'];
const backend = await start([...TSX, `${here}backend.ts`], /^(\d+)$/m);

async function gateway(name: string, more: string, env: NodeJS.ProcessEnv, options: readonly string[] = ['--quiet']): Promise<Served> {
  const args = [
    'dist/portico.mjs',
    'run',
    `${here}policies/${name}`,
    '--port',
    '0',
    '--backend',
    `http://127.0.0.1:${backend.found}`,
    '--no-watch',
    ...options,
  ];
  const { pid, found } = await start(args, /listens on http:\/\/127\.0\.0\.1:(\d+)/, env);
  return { name, pid, port: Number(found), request: requestText(Number(found), more), expect: 200 };
}

const bare = await start([...TSX, `${here}bare-proxy.ts`, backend.found], /^(\d+)$/m);
const provider = await start([...TSX, `${here}provider.ts`], /^(http\S+)$/m);
const token = await (async () => {
  const answer = await fetch(`${provider.found}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders.read' }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
})();
const authorization = `Authorization: Bearer ${token}\r\n`;

const served: Served[] = [
  { name: 'bare proxy', pid: bare.pid, port: Number(bare.found), request: requestText(Number(bare.found), ''), expect: 200 },
  { ...(await gateway('pass', '', {})), name: 'pass-through' },
  { ...(await gateway('pass', '', {}, ['--quiet', '--ops-port', '0'])), name: 'pass-through, metrics' },
  { ...(await gateway('pass', '', {}, ['--ops-port', '0'])), name: 'pass-through, metrics and access log' },
  { ...(await gateway('five', '', {})), name: 'five policies with expressions' },
  { ...(await gateway('pass', authorization, {})), name: 'pass-through, with a token header' },
  { ...(await gateway('token', authorization, { PORTICO_OPENID: provider.found })), name: 'validate-jwt, repeated RS256 token' },
];

const costs = new Map<string, number[]>(served.map(({ name }) => [name, []]));
for (const one of served) await load(one.port, one.request, CONNECTIONS, 1500);
for (let round = 0; round < rounds; round += 1) {
  for (const { name, pid, port, request, expect } of served) {
    const before = cpu(pid);
    const { answers, statuses } = await load(port, request, CONNECTIONS, milliseconds);
    if (statuses.size !== 1 || !statuses.has(expect)) throw new Error(`${name} answered ${JSON.stringify([...statuses])}`);
    costs.get(name)?.push((cpu(pid) - before) / answers / 1000);
  }
}
for (const child of children) child.kill();

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
/** Each policy's gateway against the one without it. */
const WITHOUT: Readonly<Record<string, string>> = {
  'pass-through, metrics': 'pass-through',
  'pass-through, metrics and access log': 'pass-through',
  'five policies with expressions': 'pass-through',
  'validate-jwt, repeated RS256 token': 'pass-through, with a token header',
};

function ratio(name: string, base: string): number {
  return median((costs.get(base) ?? []).map((cost, round) => cost / (costs.get(name)?.[round] ?? Number.NaN)));
}

process.stdout.write(
  `gateway, ${CONNECTIONS} connections, 1 KB answers, ${rounds} rounds of ${milliseconds / 1000} s, Node ${process.version}\n`,
);
for (const [name, values] of costs) {
  const cost = median(values).toFixed(1).padStart(7);
  const without = WITHOUT[name];
  const compared = without === undefined ? '' : `, of ${without} ${ratio(name, without).toFixed(2)}`;
  process.stdout.write(
    `  ${name.padEnd(36)} ${cost} us CPU a request   work per CPU time ${ratio(name, 'bare proxy').toFixed(2)}${compared}\n`,
  );
}
process.exit(0);
