/** Where keys come from: the providers over the network, or files in their place. */
import { createFrozenHost } from '../host/frozen.ts';
import { type Host, type HostCertificates, HostError, type IncomingResponse, type OutgoingRequest } from '../host/host.ts';
import { createNodeHost, type NodeHost } from '../host/node.ts';
import { nodeCrypto } from '../host/node-crypto.ts';
import { concludedIssuer } from '../identity/explain/concluded-issuer.ts';
import { WELL_KNOWN } from '../identity/providers/pack.ts';
import type { StandInProvider } from '../identity/providers/stand-in.ts';
import { MemoryCache } from '../stores/cache.ts';
import { MemoryCounters } from '../stores/counters.ts';
import { UsageError } from './output.ts';
import { readJson } from './token-files.ts';

export interface SourceOptions {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly offline: boolean;
  /** File with a JSON Web Key Set. */
  readonly keys: string | undefined;
  /** File with a discovery document. */
  readonly openidConfig: string | undefined;
  readonly certificates: HostCertificates;
  readonly standIns: readonly StandInProvider[];
  readonly trustedRoots: readonly string[];
}

export interface TokenSources {
  readonly host: Host;
  /** Nothing gives the keys of providers. */
  readonly blind: boolean;
  /** What the user should know about where the keys came from. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

export function tokenSources(options: SourceOptions): TokenSources {
  const keys = options.keys === undefined ? undefined : readSet(options.keys);
  const document = options.openidConfig === undefined ? undefined : readDocument(options.openidConfig);
  const notes: string[] = [];
  const network: { host?: NodeHost } = {};
  const send = (request: OutgoingRequest): Promise<IncomingResponse> => {
    const address = request.origin + request.path;
    const local = fromFiles(address, keys, document, notes) ?? fromStandIns(address, options.standIns);
    if (local !== undefined) return Promise.resolve(jsonAnswer(local));
    if (options.offline) return Promise.reject(new HostError('connect', 'the provider is not asked (--offline)'));
    network.host ??= networkHost(options.trustedRoots);
    return network.host.send(request);
  };
  return {
    host: createFrozenHost({ ...stores(), now: options.at, certificates: options.certificates, send }),
    blind: options.offline && keys === undefined && options.standIns.length === 0,
    notes,
    close: async () => network.host?.close(),
  };
}

/** What a host needs that nobody looks at here. */
export function stores() {
  return {
    crypto: nodeCrypto(),
    cache: (now: () => number) => new MemoryCache(now),
    counters: (now: () => number) => new MemoryCounters(now),
  };
}

export function networkHost(trustedRoots: readonly string[] = []): NodeHost {
  return createNodeHost({
    cache: new MemoryCache(Date.now),
    counters: new MemoryCounters(Date.now),
    ...(trustedRoots.length > 0 ? { trustedRoots } : {}),
  });
}

/** Where the key set of a file is said to be. */
const KEYS_OF_FILE = 'https://keys.portico.invalid/';

function fromFiles(
  address: string,
  keys: object | undefined,
  document: Readonly<Record<string, unknown>> | undefined,
  notes: string[],
): object | undefined {
  if (address === KEYS_OF_FILE) return keys;
  if (!address.includes(WELL_KNOWN)) return undefined;
  if (document) return keys ? { ...document, jwks_uri: KEYS_OF_FILE } : document;
  if (!keys) return undefined;
  const issuer = concludedIssuer(address).issuer;
  const note = `the issuer \`${issuer}\` is concluded from the address of the discovery document; \`--openid-config FILE\` gives it for certain`;
  if (!notes.includes(note)) notes.push(note);
  return { issuer, jwks_uri: KEYS_OF_FILE };
}

function fromStandIns(address: string, standIns: readonly StandInProvider[]): object | undefined {
  for (const standIn of standIns) {
    const answer = standIn.answer(address);
    if (answer) return JSON.parse(answer.body) as object;
  }
  return undefined;
}

function readSet(name: string): object {
  const value = readJson(name);
  if (Array.isArray(value.keys)) return value;
  if (typeof value.kty === 'string') return { keys: [value] };
  throw new UsageError(`\`${name}\` is no key set: it has no list \`keys\``);
}

function readDocument(name: string): Record<string, unknown> {
  const value = readJson(name);
  if (typeof value.issuer === 'string') return value;
  throw new UsageError(`\`${name}\` is no discovery document: it has no \`issuer\``);
}

/** An answer with this as its JSON body. */
export function jsonAnswer(value: object): IncomingResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(JSON.stringify(value));
  }
  return { status: 200, reason: 'OK', headers: ['Content-Type', 'application/json'], body: body() };
}
