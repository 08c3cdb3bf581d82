/**
 * The slowest call while a large directory is read again: APIs of 20 operations, each with a specification and policies of its
 * own, under callers that never pause. `tsx bench/reload-large.ts [operations …]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startClients } from './clients.ts';

const COMMAND = process.env.PORTICO ?? fileURLToPath(new URL('../dist/portico.mjs', import.meta.url));
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [2000, 10_000];
const OPERATIONS = 20;
const CONNECTIONS = 8;
const REQUEST = 'GET /ping/7 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const ROUNDS = 3;

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function document(inbound: string): string {
  return `<policies>
  <inbound><base />${inbound}</inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>
`;
}

const OPERATION = (api: number, at: number, version = 0) =>
  document(`
    <set-variable name="id" value="@(context.Request.MatchedParameters["id"] + "-${api}-${at}-${version}")" />
    <choose>
      <when condition="@(context.Request.Headers.GetValueOrDefault("X-Kind", "") == "k${at}")">
        <set-header name="X-Kind" exists-action="override"><value>@((string)context.Variables["id"])</value></set-header>
      </when>
      <otherwise><rewrite-uri template="/v${at}/things" /></otherwise>
    </choose>
    <set-header name="X-Where" exists-action="override"><value>{{where}}</value></set-header>`);

function specification(api: number): string {
  const paths = Array.from({ length: OPERATIONS }, (_, at) => {
    const content = `{ application/json: { schema: { $ref: '#/components/schemas/Thing' } } }`;
    return `  /things${at}/{id}:
    get:
      operationId: get-${at}
      summary: Thing ${at}
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: OK, content: ${content} } }
`;
  });
  return `openapi: 3.0.1
info: { title: API ${api}, version: '1' }
paths:
${paths.join('')}components:
  schemas:
    Thing: { type: object, properties: { id: { type: string }, parts: { type: array, items: { type: integer } } } }
`;
}

function information(path: string): string {
  return JSON.stringify({ properties: { displayName: path, path, protocols: ['http'], subscriptionRequired: false } });
}

function writeDirectory(directory: string, operations: number): void {
  write(join(directory, 'named values/where/namedValueInformation.json'), namedValue('here'));
  write(join(directory, 'apis/ping/apiInformation.json'), information('ping'));
  write(join(directory, 'apis/ping/policy.xml'), document('<return-response><set-status code="200" reason="OK" /></return-response>'));
  for (let api = 0; api < operations / OPERATIONS; api += 1) {
    const folder = join(directory, 'apis', `api${api}`);
    write(join(folder, 'apiInformation.json'), information(`area${api}`));
    write(join(folder, 'specification.yaml'), specification(api));
    for (let at = 0; at < OPERATIONS; at += 1) write(join(folder, 'operations', `get-${at}`, 'policy.xml'), OPERATION(api, at));
  }
}

function namedValue(value: string): string {
  return JSON.stringify({ properties: { displayName: 'where', value } });
}

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  reloaded(): Promise<void>;
}

function start(directory: string): Promise<Started> {
  const child = spawn(process.execPath, [COMMAND, 'run', directory, '--port', '0', '--quiet', '--no-watch'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let heard = (_text: string): void => {};
  const told = (wanted: RegExp) => new Promise<string>((resolve) => (heard = (text) => wanted.test(text) && resolve(text)));
  child.stderr?.on('data', (text: Buffer) => heard(text.toString()));
  return told(/listens on/).then((text) => {
    const port = Number(/listens on \S+:(\d+)/.exec(text)?.[1]);
    return { child, port, reloaded: () => told(/^(?:not )?reloaded$/m).then(() => undefined) };
  });
}

/** Milliseconds until the new state was in service, and of the slowest call until then. */
async function reload(
  { child, port, reloaded }: Started,
  change: () => void,
): Promise<{ readonly took: number; readonly slowest: number }> {
  const clients = startClients(port, REQUEST, CONNECTIONS);
  await delay(300);
  clients.calls.slowest = 0;
  change();
  const began = performance.now();
  const done = reloaded();
  child.kill('SIGHUP');
  await done;
  const took = performance.now() - began;
  await clients.stop();
  if (clients.calls.failed > 0) throw new Error(`${clients.calls.failed} calls failed`);
  return { took, slowest: clients.calls.slowest };
}

async function measure(operations: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'portico-reload-'));
  try {
    writeDirectory(directory, operations);
    const gateway = await start(directory);
    const changes: Readonly<Record<string, (round: number) => void>> = {
      'one policy': (round) => write(join(directory, 'apis/api3/operations/get-5/policy.xml'), OPERATION(3, 5, round + 1)),
      'a named value': (round) => write(join(directory, 'named values/where/namedValueInformation.json'), namedValue(`there${round}`)),
    };
    for (const [name, change] of Object.entries(changes)) {
      const found = [];
      for (let round = 0; round < ROUNDS; round += 1) found.push(await reload(gateway, () => change(round)));
      const list = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(', ');
      process.stdout.write(
        `${operations} operations, ${name} changed: in service after ${list(found.map(({ took }) => took))} ms, slowest call ${list(found.map(({ slowest }) => slowest))} ms\n`,
      );
    }
    gateway.child.kill('SIGTERM');
    await new Promise((resolve) => gateway.child.once('exit', resolve));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

for (const operations of SIZES) await measure(operations);
