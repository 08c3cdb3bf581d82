/** `identity:` of portico.yaml: the gateway asks stand-ins in place of the providers that they imitate. */
import { type Host, HostError, type IncomingResponse, type OutgoingRequest } from '../../host/host.ts';
import type { ProviderAnswer, StandInProvider } from '../../identity/providers/stand-in.ts';

/** The host with those addresses answered here; everything else goes out. `providers` is asked each time: a reload changes them. */
export function withStandIns(host: Host, providers: () => readonly StandInProvider[]): Host {
  return { ...host, send: (request) => ask(providers(), request, host) ?? host.send(request) };
}

function ask(providers: readonly StandInProvider[], request: OutgoingRequest, host: Host): Promise<IncomingResponse> | undefined {
  for (const provider of providers) {
    const answer = provider.answer(request.origin + request.path);
    if (answer) return played(answer, request, host);
  }
  return undefined;
}

async function played(answer: ProviderAnswer, { timeoutMilliseconds }: OutgoingRequest, host: Host): Promise<IncomingResponse> {
  if (answer.down) throw new HostError('connect', 'the stand-in provider is down');
  await host.sleep(Math.min(answer.delay, timeoutMilliseconds));
  if (answer.delay > timeoutMilliseconds) throw new HostError('timeout', 'the stand-in provider is too slow');
  return { status: answer.status, reason: '', headers: ['Content-Type', answer.type], body: once(answer.body) };
}

async function* once(body: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(body);
}
