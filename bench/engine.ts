/** What the engine alone costs a call: matching, exchange, policies; no sockets, a forwarder that answers at once. */
import { Body } from '../src/exchange/body.ts';
import { Headers } from '../src/exchange/headers.ts';
import { GatewayResponse } from '../src/exchange/message.ts';
import { Url } from '../src/exchange/url.ts';
import { createNodeHost } from '../src/host/node.ts';
import { MemoryCache } from '../src/stores/cache.ts';
import { MemoryCounters } from '../src/stores/counters.ts';
import { createEngine, type Engine } from '../src/workspace/engine.ts';
import { loadWorkspace } from '../src/workspace/load.ts';
import { median } from './measure.ts';

const HEADERS = ['Host', '127.0.0.1:8080', 'User-Agent', 'bench', 'Accept', 'application/json', 'X-Client', 'mobile'];
const BODY = new Uint8Array(1024);
const host = createNodeHost({ cache: new MemoryCache(Date.now), counters: new MemoryCounters(Date.now) });

function engine(name: string): Engine {
  const made = createEngine(loadWorkspace(`bench/policies/${name}`, { backend: 'http://127.0.0.1:1', environment: () => undefined }), {
    host,
    forwarder: async () => new GatewayResponse(200, 'OK', new Headers(['Content-Type', 'application/json']), new Body(BODY)),
  });
  const errors = made.problems.filter(({ severity }) => severity === 'error');
  if (errors[0]) throw new Error(errors[0].message);
  return made;
}

async function cost(target: Engine, milliseconds = 300): Promise<number> {
  const started = performance.now();
  let calls = 0;
  while (performance.now() - started < milliseconds) {
    for (let at = 0; at < 100; at += 1) {
      await target.run({
        method: 'GET',
        url: new Url('http', '127.0.0.1', 8080, '/orders/7', '?expand=lines'),
        headers: new Headers(HEADERS),
        ipAddress: '127.0.0.1',
        requestId: '0f8fad5b-d9cb-469f-a165-70867728950e',
      });
    }
    calls += 100;
  }
  return ((performance.now() - started) * 1000) / calls;
}

const engines = new Map(['pass', 'five'].map((name) => [name, engine(name)]));
const samples = new Map<string, number[]>([...engines.keys()].map((name) => [name, []]));
for (let round = -2; round < 7; round += 1) {
  for (const [name, target] of engines) {
    const microseconds = await cost(target);
    if (round >= 0) samples.get(name)?.push(microseconds);
  }
}
process.stdout.write('engine alone, one call\n');
for (const [name, values] of samples) process.stdout.write(`  ${name.padEnd(8)} ${median(values).toFixed(2)} us\n`);
