/** undici's agents, one for each way of TLS and each proxy; undici loads at the first call. */
import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import type { OutgoingRequest } from './host.ts';
import { type TlsWorld, tlsKey, tlsOptions } from './node-tls.ts';
import { proxyKey, proxyToken } from './node-tunnel.ts';
import { loadUndici } from './node-undici.ts';

/** Most ways of TLS that keep connections. */
const MOST_AGENTS = 200;

export class Agents {
  readonly #world: TlsWorld;
  readonly #agents = new Map<string, Promise<Agent | ProxyAgent>>();

  constructor(world: TlsWorld) {
    this.#world = world;
  }

  for(request: OutgoingRequest): Promise<Dispatcher> {
    const key = `${tlsKey(request, this.#world)}|${isTunnelled(request) ? proxyKey(request.proxy) : ''}`;
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = this.#create(request);
      this.#agents.set(key, agent);
      this.#forgetOldest();
    }
    return agent;
  }

  async close(): Promise<void> {
    for (const agent of this.#agents.values()) await agent.then((one) => one.close()).catch(() => {});
    this.#agents.clear();
  }

  /** Certificates from expressions may be new with each call. Calls that run finish. */
  #forgetOldest(): void {
    const [oldest] = this.#agents;
    if (!oldest || this.#agents.size <= MOST_AGENTS) return;
    this.#agents.delete(oldest[0]);
    oldest[1].then((agent) => agent.close()).catch(() => {});
  }

  async #create(request: OutgoingRequest): Promise<Agent | ProxyAgent> {
    const undici = await loadUndici();
    const connect = await tlsOptions(request, this.#world);
    if (!isTunnelled(request) || !request.proxy) return new undici.Agent({ connect });
    const token = proxyToken(request.proxy);
    return new undici.ProxyAgent({ uri: request.proxy.url, requestTls: connect, ...(token === undefined ? {} : { token }) });
  }
}

/** Proxies have agents of their own for https, whose tunnels they open; http goes through the plain ones. */
function isTunnelled({ origin, proxy }: OutgoingRequest): boolean {
  return proxy !== undefined && origin.startsWith('https:');
}
