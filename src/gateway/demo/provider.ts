/**
 * The OpenID provider of `portico run --demo` and of `identity:` in portico.yaml: discovery, key set, and a token endpoint
 * for client credentials. Its keys are those that `portico token mint` signs with. It gives a token to anybody who asks, so
 * it listens on loopback only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { GENERIC } from '../../identity/providers/generic.ts';
import { PACKS } from '../../identity/providers/packs.ts';
import { serve } from '../../identity/providers/served.ts';
import { type ProviderAnswer, StandInProvider } from '../../identity/providers/stand-in.ts';
import { type DemoServer, listen } from './backend.ts';

/** Largest form that is read. */
const LARGEST_FORM = 16 * 1024;

/**
 * Starts listening. The first provider answers at the root, and each one below its name (`/okta-custom/…`). Without
 * providers the root is a plain one whose issuer is its own address, and all packs are there below their names.
 */
export async function startDemoProvider(port = 0, providers: readonly StandInProvider[] = []): Promise<DemoServer> {
  const server = createServer((request, response) => {
    answer(request, response, providers).catch((error: unknown) => {
      const body = JSON.stringify({ error: 'server_error', error_description: String(error) });
      send(response, { status: 500, type: 'application/json', body, delay: 0, down: false });
    });
  });
  return listen(server, port);
}

async function answer(request: IncomingMessage, response: ServerResponse, providers: readonly StandInProvider[]): Promise<void> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const form = new URLSearchParams(request.method === 'POST' ? await readForm(request) : '');
  const { provider, base, path } = placeOf(request.url ?? '/', origin, providers);
  const served = await serve(provider, base, { method: request.method ?? 'GET', path, form, now: Date.now() });
  if (!served) return send(response, { status: 404, type: 'application/json', body: '{"error":"not_found"}', delay: 0, down: false });
  if (served.down) return void response.destroy();
  if (served.delay > 0) await delay(served.delay);
  return send(response, served);
}

/** Whose documents a path asks for. */
function placeOf(path: string, origin: string, providers: readonly StandInProvider[]) {
  const [, name = ''] = path.split(/[/?]/);
  const named = providers.find(({ pack }) => pack.name === name) ?? (providers.length === 0 ? packNamed(name) : undefined);
  if (named) return { provider: named, base: `${origin}/${name}`, path: path.slice(name.length + 1) || '/' };
  return { provider: providers[0] ?? plainProvider(origin), base: origin, path };
}

function packNamed(name: string): StandInProvider | undefined {
  const pack = PACKS.find((one) => one.name === name);
  return pack && new StandInProvider({ pack });
}

function plainProvider(origin: string): StandInProvider {
  return new StandInProvider({ pack: GENERIC, settings: { origin, issuer: origin } });
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_FORM) throw new Error('the form is too large');
  }
  return text;
}

function send(response: ServerResponse, { status, type, body }: ProviderAnswer): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}
