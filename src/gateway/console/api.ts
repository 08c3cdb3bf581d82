/** What the page asks: one function an endpoint, JSON in and out. */
import type { Diagnostic } from '../../source/diagnostic.ts';
import { isJsonObject } from '../../source/json.ts';
import type { Engine } from '../../workspace/engine.ts';
import type { Workspace } from '../../workspace/model.ts';
import type { Gateway } from '../gateway.ts';
import type { Masks } from '../masks.ts';
import type { AllWorkers } from './all-workers.ts';
import { documentRows, LARGEST_DOCUMENT, readDocumentText, saveDocument } from './documents.ts';
import { editedWorkspace } from './edited.ts';
import { headersOf, numberOf, RequestError, textOf } from './http.ts';
import { checkedRoutes, effectivePolicy } from './policies.ts';
import { type ProblemRow, problemRows } from './problems.ts';
import type { TrialRequest } from './trial.ts';
import type { Workbench } from './workbench.ts';

export interface LastLoad {
  /** UTC milliseconds. */
  readonly at: number;
  readonly taken: boolean;
  readonly problems: readonly Diagnostic[];
}

export interface ApiOptions {
  readonly gateway: Gateway;
  readonly workers: AllWorkers;
  readonly masks: () => Masks;
  readonly load: () => LastLoad;
  /** Files are watched: a saved one is taken up without being asked. */
  readonly watches: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

export class ConsoleApi {
  readonly #options: ApiOptions;
  readonly #started = Date.now();
  #workbench: Workbench | undefined;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** Undefined when there is no such thing to read. */
  read(path: string, query: URLSearchParams): unknown {
    const { workers } = this.#options;
    switch (path) {
      case 'state':
        return this.#state();
      case 'calls':
        return workers.calls().then((calls) => ({ calls }));
      case 'call':
        return workers.call(query.get('id') ?? '');
      case 'routes':
        return checkedRoutes(this.#workspace);
      case 'policy':
        return effectivePolicy(this.#engine, query.get('api') ?? '', query.get('operation') ?? '', query.get('product') ?? '');
      case 'counters':
        return this.#counters();
      case 'caches':
        return this.#caches();
      case 'keys':
        return workers.keys();
      case 'backends':
        return workers.backends().then((backends) => ({ backends }));
      case 'documents':
        return { documents: documentRows(this.#workspace) };
      case 'document':
        return readDocumentText(this.#workspace, query.get('file') ?? '');
      default:
        return undefined;
    }
  }

  /** Undefined when there is no such thing to do. */
  async act(path: string, body: Fields): Promise<unknown> {
    switch (path) {
      case 'check':
        return { problems: (await this.#bench()).diagnose(textOf(body, 'file'), documentText(body)) };
      case 'complete':
        return { completions: (await this.#bench()).complete(textOf(body, 'file'), documentText(body), numberOf(body, 'offset')) };
      case 'hover':
        return { hover: (await this.#bench()).hover(textOf(body, 'file'), documentText(body), numberOf(body, 'offset')) };
      case 'format':
        return { text: (await this.#bench()).format(textOf(body, 'file'), documentText(body)) };
      case 'save':
        return this.#save(body);
      case 'try':
        return this.#try(body);
      case 'calls/clear':
        await this.#options.workers.clear();
        return {};
      case 'caches/remove':
        return { removed: await this.#options.workers.removeEntry({ worker: workerIn(body), id: numberOf(body, 'id') }) };
      default:
        return undefined;
    }
  }

  get #engine(): Engine {
    return this.#options.gateway.engine;
  }

  get #workspace(): Workspace {
    return this.#engine.workspace;
  }

  /** Loads when the editor is first used: its tables take their time. */
  async #bench(): Promise<Workbench> {
    const { Workbench } = await import('./workbench.ts');
    this.#workbench ??= new Workbench(
      () => this.#workspace,
      (text) => this.#options.masks().known(text),
    );
    return this.#workbench;
  }

  #problems(problems: readonly Diagnostic[]): ProblemRow[] {
    return problemRows(problems, (text) => this.#options.masks().known(text));
  }

  // ------------------------------------------------------------ reading

  #state(): unknown {
    const { gateway, load, watches } = this.#options;
    const { at, taken, problems } = load();
    return {
      address: gateway.address,
      secureAddress: gateway.secureAddress ?? null,
      directory: this.#masked(this.#workspace.root),
      started: this.#started,
      watches,
      isOneOfMany: gateway.workers?.isShared ?? false,
      apis: this.#workspace.apis.length,
      operations: this.#workspace.apis.reduce((sum, { operations }) => sum + operations.length, 0),
      products: this.#workspace.products.length,
      load: { at, taken, problems: this.#problems(problems) },
    };
  }

  async #counters(): Promise<unknown> {
    const { counters: store } = this.#workspace.local.stores;
    return { now: Date.now(), store, counters: await this.#options.workers.counters(store === 'redis') };
  }

  async #caches(): Promise<unknown> {
    return { now: Date.now(), store: this.#workspace.local.stores.cache, ...(await this.#options.workers.caches()) };
  }

  #masked(text: string): string {
    return this.#options.masks().text(text);
  }

  // ------------------------------------------------------------ doing

  async #save(body: Fields): Promise<unknown> {
    const outcome = saveDocument(this.#workspace, textOf(body, 'file'), documentText(body), textOf(body, 'version'));
    if (outcome.kind === 'saved' && !this.#options.watches) await this.#options.workers.reload();
    return outcome;
  }

  async #try(body: Fields): Promise<unknown> {
    const { gateway, masks } = this.#options;
    const edited = body.text === null ? this.#workspace : editedWorkspace(this.#workspace, this.#knownFile(body), documentText(body));
    const { runTrial } = await import('./trial.ts');
    const outcome = await runTrial({
      workspace: edited,
      request: trialRequest(body),
      masks: masks(),
      expressions: (await this.#bench()).expressions,
      ...(body.real === true ? { real: (workspace: Workspace) => gateway.beside(workspace) } : {}),
    });
    if (outcome.kind === 'failed') return { ...outcome, reason: this.#masked(outcome.reason) };
    return outcome.kind === 'problems' ? { ...outcome, problems: this.#problems(outcome.problems) } : outcome;
  }

  #knownFile(body: Fields): string {
    const file = textOf(body, 'file');
    if (documentRows(this.#workspace).some((row) => row.file === file)) return file;
    throw new RequestError(404, 'it is no policy document of this gateway');
  }
}

/** The process whose entry it is: this one, unless told otherwise. */
function workerIn(body: Fields): number {
  return body.worker === undefined ? process.pid : numberOf(body, 'worker');
}

function documentText(body: Fields): string {
  return textOf(body, 'text', LARGEST_DOCUMENT);
}

function trialRequest(body: Fields): TrialRequest {
  const { token } = body;
  const answer = isJsonObject(body.answer) ? body.answer : { status: 200, body: '' };
  const status = numberOf(answer, 'status');
  if (status < 200 || status > 599) throw new RequestError(400, '`status` is no status of an answer');
  const method = textOf(body, 'method', 32);
  if (!/^[A-Za-z-]+$/.test(method)) throw new RequestError(400, '`method` is no method');
  return {
    method,
    url: textOf(body, 'url'),
    headers: headersOf(body.headers),
    body: textOf(body, 'body', LARGEST_DOCUMENT),
    key: body.key === undefined ? '' : textOf(body, 'key', 1024),
    token: isJsonObject(token) ? token : null,
    answer: { status, headers: headersOf(answer.headers), body: textOf(answer, 'body', LARGEST_DOCUMENT) },
  };
}
