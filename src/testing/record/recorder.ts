/**
 * Watches a gateway and writes its calls as tests, one file an operation. Bodies are read whole, so a gateway that is
 * recorded does not stream.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Body } from '../../exchange/body.ts';
import type { Exchange, Forwarder } from '../../exchange/exchange.ts';
import type { Headers } from '../../exchange/headers.ts';
import { type Host, HostError, type IncomingResponse, type OutgoingRequest } from '../../host/host.ts';
import type { CallReceiver } from '../../pipeline/run.ts';
import type { Call } from '../../workspace/call.ts';
import type { Engine } from '../../workspace/engine.ts';
import { secretsOf } from '../case.ts';
import { Settling } from './settle.ts';
import { type Fields, type SeenCall, type SeenExchange, type SeenRequest, type SuiteFacts, testsOf, textOfTests } from './test-writer.ts';

/** Calls kept for one operation. */
const MOST = 200;

interface Tape {
  readonly request: SeenRequest;
  readonly backend: SeenCall[];
  readonly calls: SeenCall[];
}

/** Milliseconds without a call after which the new tests are run once. */
const QUIET = 400;

interface RecordedFile {
  readonly path: string;
  readonly facts: SuiteFacts;
  readonly exchanges: SeenExchange[];
  /** Tests that were run, in the order of the exchanges. */
  readonly settled: Fields[];
}

export class Recorder {
  readonly #directory: string;
  readonly #policies: string;
  readonly #tapes = new AsyncLocalStorage<Tape>();
  readonly #files = new Map<string, RecordedFile>();
  #settler: Settling | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settling: Promise<void> = Promise.resolve();
  readonly #told: (file: string, test: number) => void;

  /** `told` hears of each file that was written, with how many tests it has. */
  constructor(directory: string, policies: string, told: (file: string, tests: number) => void = () => {}) {
    this.#directory = directory;
    this.#policies = resolve(policies);
    this.#told = told;
    mkdirSync(directory, { recursive: true });
  }

  host<T extends Host>(host: T): T {
    return { ...host, send: (request: OutgoingRequest) => this.#send(host, request) };
  }

  forwarder(forwarder: Forwarder): Forwarder {
    return async (exchange, options) => {
      const tape = this.#tapes.getStore();
      if (!tape) return forwarder(exchange, options);
      await exchange.request.body.buffer();
      try {
        // Redirects and the like go through the host, which shall not take them for calls of policies.
        const response = await this.#tapes.exit(() => forwarder(exchange, options));
        if (!isEventStream(response.headers)) await response.body.buffer();
        tape.backend.push({
          request: forwardedRequest(exchange),
          answer: { ...messageOf(response.headers.toWire(), response.body), status: response.status, reason: response.reason },
        });
        return response;
      } catch (error) {
        tape.backend.push({ request: forwardedRequest(exchange), answer: { fault: faultOf(error) } });
        throw error;
      }
    };
  }

  engine(engine: Engine): Engine {
    const start: Engine['start'] = (call, receiver) => void this.#start(engine, call, receiver);
    return new Proxy(engine, { get: (target, name) => (name === 'start' ? start : bound(target, name)) });
  }

  async #start(engine: Engine, call: Call, receiver: CallReceiver): Promise<void> {
    const time = Date.now();
    try {
      await call.body?.buffer();
    } catch {
      // Too large to be kept: it is refused or streamed as ever, without a record.
      return engine.start(call, receiver);
    }
    const request = { method: call.method, url: call.url.toString(), ...messageOf(call.headers.copy().toWire(), call.body) };
    const tape: Tape = { request, backend: [], calls: [] };
    const finished = (exchange: Exchange): void =>
      void this.#finish(tape, exchange, time, call, engine).then(() => receiver.finished(exchange));
    this.#tapes.run(tape, () => engine.start(call, { finished, faulted: (error) => receiver.faulted(error) }));
  }

  /** Recording never stands in the way of an answer. */
  async #finish(tape: Tape, exchange: Exchange, time: number, { ipAddress }: Call, engine: Engine): Promise<void> {
    try {
      const { body, headers, status, reason } = exchange.ensureResponse();
      if (!isEventStream(headers)) await body.buffer();
      const answer = { ...messageOf(headers.toWire(), body), status, reason };
      this.#write(exchange, { ...tape, ip: ipAddress, time, ...givenIds(exchange), keyRefused: isKeyRefusal(exchange), answer }, engine);
    } catch (error) {
      exchange.host.log('warn', 'a call was not recorded', { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #write({ api, operation }: Exchange, seen: SeenExchange, engine: Engine): void {
    const name = [api?.id ?? 'no-operation', ...(operation ? [operation.id] : [])].join('.').replace(/[^\w.-]+/g, '-');
    const file = this.#files.get(name) ?? {
      path: join(this.#directory, `${name}.test.yaml`),
      facts: { suite: name, policies: this.#policiesAsNamed(), secrets: secretsOf(engine.workspace) },
      exchanges: [],
      settled: [],
    };
    if (file.exchanges.length >= MOST) return;
    file.exchanges.push(seen);
    this.#files.set(name, file);
    writeTests(file);
    this.#told(file.path, file.exchanges.length);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#settle(), QUIET).unref();
  }

  #policiesAsNamed(): string {
    return (relative(resolve(this.#directory), this.#policies) || '.').replaceAll('\\', '/');
  }

  /** Runs what was recorded since the last time, and writes it as it will pass. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#settle();
  }

  #settle(): Promise<void> {
    this.#settling = this.#settling.then(async () => {
      for (const file of this.#files.values()) await this.#settleFile(file);
    });
    return this.#settling;
  }

  /** A record that cannot be run stays as it was written. */
  async #settleFile(file: RecordedFile): Promise<void> {
    const tests = testsOf(file.facts, file.exchanges);
    const fresh = tests.slice(file.settled.length);
    if (fresh.length === 0) return;
    try {
      const wanted = fresh.map((test, at) => ({ test, earlier: likeIt(tests.slice(0, file.settled.length + at), test) }));
      file.settled.push(...(await this.#tried().settled(wanted)));
    } catch {
      file.settled.push(...fresh);
    }
    writeTests(file);
  }

  #tried(): Settling {
    this.#settler ??= new Settling(this.#directory, this.#policiesAsNamed());
    return this.#settler;
  }

  async #send(host: Host, request: OutgoingRequest): Promise<IncomingResponse> {
    const tape = this.#tapes.getStore();
    if (!tape || isDiscovery(request)) return host.send(request);
    const seen = {
      method: request.method,
      url: request.origin + request.path,
      headers: request.headers,
      body: await bytesOf(request.body),
    };
    try {
      const answer = await host.send({ ...request, body: request.body === null ? null : seen.body });
      const body = await bytesOf(answer.body);
      tape.calls.push({ request: seen, answer: { status: answer.status, reason: answer.reason, headers: answer.headers, body } });
      return { ...answer, body: answer.body === null ? null : once(body) };
    } catch (error) {
      tape.calls.push({ request: seen, answer: { fault: faultOf(error) } });
      throw error;
    }
  }
}

function writeTests({ path, facts, exchanges, settled }: RecordedFile): void {
  writeFileSync(path, textOfTests(facts, [...settled, ...testsOf(facts, exchanges).slice(settled.length)]));
}

/** Tests with the same method and path. */
function likeIt(tests: readonly Fields[], test: Fields): Fields[] {
  const line = lineOf(test);
  return tests.filter((one) => lineOf(one) === line);
}

function lineOf({ request }: Fields): string {
  if (typeof request === 'string') return request.replace(/\?.*$/s, '');
  const { method = 'GET', url = '' } = request as Fields;
  return `${String(method)} ${String(url).replace(/\?.*$/s, '')}`;
}

/** A member as if it were asked of the object itself. */
function bound(target: object, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name, target);
  return typeof member === 'function' ? (member.bind(target) as unknown) : member;
}

/** Tests have a provider of their own. */
function isDiscovery({ path }: OutgoingRequest): boolean {
  return /\/\.well-known\/|\/(?:jwks|keys|certs)(?:[/?]|$)/.test(path);
}

function messageOf(headers: readonly string[], body: Body | undefined): { readonly headers: readonly string[]; readonly body: Uint8Array } {
  return { headers, body: body?.isPresent && body.isBuffered ? body.bytes() : new Uint8Array(0) };
}

/** Events may go on for ever: they pass as they come, and are not kept. */
function isEventStream(headers: Headers): boolean {
  return headers.first('Content-Type')?.toLowerCase().startsWith('text/event-stream') ?? false;
}

function forwardedRequest({ request }: Exchange): SeenRequest {
  return { method: request.method, url: request.base.origin + request.target, ...messageOf(request.headers.toWire(), request.body) };
}

function faultOf(error: unknown): 'refuse' | 'reset' | 'timeout' {
  const cause = error instanceof HostError ? error : error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof HostError)) return 'refuse';
  return cause.reason === 'timeout' ? 'timeout' : cause.reason === 'connect' ? 'refuse' : 'reset';
}

/** What the key of the call stood for: tests need no key. */
function givenIds({ product, subscription, user }: Exchange): Pick<SeenExchange, 'product' | 'subscription' | 'user'> {
  return { product: product?.id, subscription: subscription?.id, user: user?.id };
}

function isKeyRefusal({ lastError }: Exchange): boolean {
  return lastError?.reason?.startsWith('SubscriptionKey') ?? false;
}

async function bytesOf(body: OutgoingRequest['body'] | IncomingResponse['body']): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
