/**
 * Minutes of full load over policies that keep state: whether memory stays flat after the warm-up (Linux: /proc).
 * `tsx bench/soak.ts [minutes]`; with redis-server installed, shared stores are part of it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clients, startClients } from './clients.ts';

const MINUTES = Number(process.argv[2] ?? 3);
const COMMAND = process.env.PORTICO ?? fileURLToPath(new URL('../dist/portico.mjs', import.meta.url));
const WARM_UP_SECONDS = 30;
const CONNECTIONS = 32;

const POLICY = `<policies>
  <inbound>
    <rate-limit-by-key calls="1000000" renewal-period="10" counter-key="@(context.Request.OriginalUrl.Query.GetValueOrDefault("key", "none"))" />
    <quota-by-key calls="1000000000" renewal-period="300" counter-key="all" />
    <cache-lookup-value key="@("v" + context.Request.OriginalUrl.Query.GetValueOrDefault("key", "none"))" variable-name="v" />
    <choose><when condition="@(!context.Variables.ContainsKey("v"))">
      <cache-store-value key="@("v" + context.Request.OriginalUrl.Query.GetValueOrDefault("key", "none"))" value="@(new JObject(new JProperty("id", context.RequestId), new JProperty("text", new string((char)120, 500))))" duration="2" />
    </when></choose>
    <cache-lookup vary-by-developer="false" vary-by-developer-groups="false" caching-type="internal"><vary-by-query-parameter>key</vary-by-query-parameter></cache-lookup>
  </inbound>
  <backend><forward-request /></backend>
  <outbound><cache-store duration="1" /><set-header name="X-Id" exists-action="override"><value>@(context.RequestId.ToString())</value></set-header></outbound>
  <on-error />
</policies>
`;

const directory = mkdtempSync(join(tmpdir(), 'portico-soak-'));
writeFileSync(join(directory, 'policy.xml'), POLICY);
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const redisPort = 20_000 + Math.floor(Math.random() * 20_000);
const redis = hasRedis
  ? spawn('redis-server', ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
  : undefined;
if (hasRedis) writeFileSync(join(directory, 'portico.yaml'), `stores: { redis: "redis://127.0.0.1:${redisPort}" }\n`);

const backend = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('backend.ts', import.meta.url))]);
const backendPort = await new Promise<string>((resolve) => backend.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())));
const args = [COMMAND, 'run', directory, '--port', '0', '--quiet', '--no-watch', '--backend', `http://127.0.0.1:${backendPort}`];
const gateway = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
const port = await new Promise<number>((resolve, reject) => {
  let told = '';
  gateway.once('exit', (code) => reject(new Error(`the gateway ended with ${code} before it listened:\n${told}`)));
  gateway.stderr.on('data', (text: Buffer) => {
    told += text.toString();
    const found = /listens on \S+:(\d+)/.exec(told)?.[1];
    if (found) resolve(Number(found));
  });
});

const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) / 1024;

/** New keys all the time: what belongs to the old ones has to go. */
const samples: number[] = [];
const answered = { count: 0, failed: 0, wrong: 0 };
function take({ calls }: Clients): void {
  answered.count += calls.answered;
  answered.failed += calls.failed + calls.refused;
  for (const [status, count] of calls.statuses) if (status !== 200) answered.wrong += count;
}
const began = performance.now();
for (let round = 0; performance.now() - began < MINUTES * 60_000; round += 1) {
  const clients = Array.from({ length: 4 }, (_, part) =>
    startClients(port, `GET /orders/7?key=${round}-${part} HTTP/1.1\r\nHost: localhost\r\n\r\n`, CONNECTIONS / 4),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const one of clients) {
    await one.stop();
    take(one);
  }
  if (performance.now() - began > WARM_UP_SECONDS * 1000) samples.push(resident());
}
const seconds = (performance.now() - began) / 1000;
const third = Math.max(1, Math.floor(samples.length / 3));
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
process.stdout.write(
  `${answered.count} calls in ${seconds.toFixed(0)} s (${Math.round(answered.count / seconds)}/s), ${answered.failed} failed, ${answered.wrong} not 200, stores: ${hasRedis ? 'Redis' : 'memory'}\n` +
    `resident after ${WARM_UP_SECONDS} s of warm-up: first third ${mean(samples.slice(0, third)).toFixed(1)} MB, last third ${mean(samples.slice(-third)).toFixed(1)} MB, highest ${Math.max(...samples).toFixed(1)} MB\n`,
);
gateway.kill();
backend.kill();
redis?.kill();
rmSync(directory, { recursive: true, force: true });
