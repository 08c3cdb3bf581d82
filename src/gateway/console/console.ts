/**
 * The console of `portico run --console`: a page about a running gateway on a listener of its own. It is bound to the
 * loopback address and to nothing else, and answers only who has the token of the printed address.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Diagnostic } from '../../source/diagnostic.ts';
import { errorText } from '../../source/error-text.ts';
import type { Call } from '../../workspace/call.ts';
import type { Workspace } from '../../workspace/model.ts';
import type { Gateway } from '../gateway.ts';
import { listen } from '../listen.ts';
import { Masks } from '../masks.ts';
import type { CallWatch, GatewayWatcher } from '../watcher.ts';
import { Gathering } from '../workers-gather.ts';
import { AllWorkers } from './all-workers.ts';
import { ConsoleApi, type LastLoad } from './api.ts';
import type { CallSummary } from './call-rows.ts';
import { Guard } from './guard.ts';
import { pageHeaders, RequestError, readJson, sendJson, sendText } from './http.ts';
import { OtherCalls } from './other-calls.ts';
import { OwnState } from './own-state.ts';
import { findPage, pageText } from './page.ts';
import { Recording } from './recording.ts';
import { CallRing } from './ring.ts';
import { EventStream } from './stream.ts';
import { type WatchedStores, watchStores } from './watched-stores.ts';

const LOOPBACK = '127.0.0.1';
const BASE = '/debug';

export interface ConsoleOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** What the gateway loaded first. */
  readonly workspace: Workspace;
  /** Files are watched by the gateway. */
  readonly watches: boolean;
  /** Of all workers; a process alone makes its own. */
  readonly token?: string | undefined;
  /** The page's file. Default: the one beside the program. */
  readonly page?: string;
}

/** Made before the gateway serves, so that it misses nothing; `open` starts the page's listener. */
export class Console implements GatewayWatcher {
  readonly #options: ConsoleOptions;
  readonly #calls = new CallRing();
  readonly #events = new EventStream<CallSummary>();
  readonly #guard: Guard;
  readonly #server: Server;
  #port = 0;
  #stores: WatchedStores | undefined;
  #gateway: Gateway | undefined;
  #api: ConsoleApi | undefined;
  #others: OtherCalls | undefined;
  #masks: { readonly workspace: Workspace; readonly masks: Masks };
  #load: LastLoad = { at: Date.now(), taken: true, problems: [] };

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#guard = new Guard(() => this.#port, options.token);
    this.#masks = { workspace: options.workspace, masks: new Masks(options.workspace) };
    this.#server = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => void this.#handle(request, response));
  }

  /** With its token; only whoever has it is answered. */
  get address(): string {
    return `http://${LOOPBACK}:${this.#port}${BASE}?token=${this.#guard.token}`;
  }

  /** Listens. Rejects when the port is taken. */
  async open(gateway: Gateway): Promise<void> {
    this.#gateway = gateway;
    const masks = () => this.#currentMasks();
    const own = new OwnState({ gateway, calls: this.#calls, stores: this.#stores, masks });
    const gathering = gateway.workers ?? new Gathering(() => null, false);
    const workers = new AllWorkers(gathering, own);
    if (gathering.isShared) this.#others = new OtherCalls(workers, this.#events);
    this.#api = new ConsoleApi({
      gateway,
      workers,
      masks,
      load: () => this.#load,
      watches: this.#options.watches,
    });
    this.#port = await listen(this.#server, this.#options.port, LOOPBACK);
  }

  async close(): Promise<void> {
    this.#others?.stop();
    this.#events.close();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  // ------------------------------------------------------------ looking on

  stores(stores: Parameters<GatewayWatcher['stores']>[0]): WatchedStores {
    this.#stores = watchStores(stores);
    return this.#stores;
  }

  begins(call: Call, requestId: string): CallWatch {
    const recording = new Recording({
      id: requestId,
      call,
      masks: this.#currentMasks(),
      time: Date.now(),
      clock: () => performance.now(),
      changed: (changed) => this.#changed(changed),
    });
    this.#calls.add(recording);
    this.#changed(recording);
    return recording;
  }

  loaded(problems: readonly Diagnostic[], taken: boolean): void {
    this.#load = { at: Date.now(), taken, problems };
    this.#events.tell('loaded', { at: this.#load.at, taken, errors: problems.filter(({ severity }) => severity === 'error').length });
  }

  #changed(recording: Recording): void {
    if (!this.#calls.has(recording)) return;
    this.#calls.changed(recording);
    this.#calls.settle();
    this.#events.change(recording.id, () => recording.summary());
  }

  /** Those of the state in service: secrets may come with a reload. */
  #currentMasks(): Masks {
    const workspace = this.#gateway?.engine.workspace ?? this.#options.workspace;
    if (this.#masks.workspace !== workspace) this.#masks = { workspace, masks: new Masks(workspace) };
    return this.#masks.masks;
  }

  // ------------------------------------------------------------ answering

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      if (error instanceof RequestError) {
        // What is left of a body that is too large is not read.
        if (error.status === 413) response.setHeader('Connection', 'close');
        return sendJson(response, { error: error.message }, error.status);
      }
      const reason = errorText(error);
      sendJson(response, { error: this.#currentMasks().text(reason) }, 500);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = targetOf(request);
    const refusal = this.#guard.refuses(request, url);
    if (refusal) return sendText(response, refusal.status, refusal.reason);
    if (url.pathname === BASE || url.pathname === `${BASE}/`) return this.#page(request, response);
    const path = url.pathname.startsWith(`${BASE}/api/`) ? url.pathname.slice(`${BASE}/api/`.length) : '';
    if (path === 'events' && request.method === 'GET') return this.#listen(response);
    const result = await this.#ask(request, path, url.searchParams);
    if (result === undefined) throw new RequestError(404, 'there is no such thing');
    sendJson(response, result);
  }

  #ask(request: IncomingMessage, path: string, query: URLSearchParams): unknown {
    if (request.method === 'GET') return this.#api?.read(path, query);
    if (request.method === 'POST') return readJson(request).then((body) => this.#api?.act(path, body));
    throw new RequestError(405, 'use GET or POST');
  }

  #listen(response: ServerResponse): void {
    if (!this.#events.add(response)) throw new RequestError(429, 'too many pages are open');
    this.#others?.follow();
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') throw new RequestError(405, 'use GET');
    const path = this.#options.page ?? findPage();
    if (path === undefined) throw new RequestError(503, 'the page is missing from this installation: `npm run build` makes it');
    const nonce = randomBytes(18).toString('base64');
    response.writeHead(200, pageHeaders(nonce));
    response.end(pageText(path, nonce));
  }
}

function targetOf({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url, `http://${LOOPBACK}`);
  } catch {
    throw new RequestError(400, 'the target is no path');
  }
}
