/** One call as the page shows it: what came in, each step with what it did, what went out. Plain, masked, bounded. */
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Call } from '../../workspace/engine.ts';
import type { Masks } from '../masks.ts';
import type { CallWatch } from '../watcher.ts';
import { maskFor, short, shownValue } from './values.ts';

/** Bytes of a body that are kept. */
const BODY_BYTES = 16 * 1024;
/** Steps and notes of one call, and the characters of their texts; what comes later is counted only. */
const MOST_ENTRIES = 2000;
const MOST_CHARACTERS = 512 * 1024;
const MOST_VARIABLES = 200;

export type CallState = 'running' | 'done' | 'failed' | 'broken';

export interface CallSummary {
  readonly id: string;
  /** UTC milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly url: string;
  readonly state: CallState;
  readonly status: number | null;
  /** Milliseconds until the last byte, or until now. */
  readonly duration: number | null;
  readonly api: string | null;
  readonly operation: string | null;
  readonly product: string | null;
  readonly subscription: string | null;
  readonly backend: string | null;
  readonly error: CallError | null;
}

export interface CallError {
  readonly source: string;
  readonly reason: string;
  readonly message: string;
  readonly section: string | null;
  readonly path: string | null;
}

export interface MessageRow {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: BodyRow | null;
}

export interface BodyRow {
  readonly text: string;
  /** All bytes that passed. */
  readonly bytes: number;
  readonly truncated: boolean;
  /** Not text: only its size is shown. */
  readonly binary: boolean;
}

export interface ForwardRow {
  readonly method: string;
  readonly url: string;
  readonly headers: MessageRow['headers'];
  readonly body: BodyRow | null;
  readonly status: number | null;
  readonly error: string | null;
  /** What came back; null when nothing did. */
  readonly answer: { readonly headers: MessageRow['headers'] } | null;
}

export type Note =
  | {
      readonly kind: 'wrote';
      readonly at: number;
      readonly target: string;
      readonly name: string;
      readonly before: string | null;
      readonly after: string | null;
    }
  | { readonly kind: 'expression'; readonly at: number; readonly code: string; readonly value: string | null }
  | { readonly kind: 'branch'; readonly at: number; readonly branch: string }
  | {
      readonly kind: 'call';
      readonly at: number;
      readonly method: string;
      readonly url: string;
      readonly status: number | null;
      readonly error: string | null;
    }
  | { readonly kind: 'message'; readonly at: number; readonly source: string; readonly severity: string; readonly text: string }
  | {
      readonly kind: 'token';
      readonly at: number;
      readonly check: string;
      readonly expected: string;
      readonly actual: string;
      readonly passed: boolean;
    }
  | { readonly kind: 'error'; readonly at: number; readonly source: string; readonly reason: string; readonly text: string };

export interface StepRow {
  readonly policy: string;
  readonly section: string;
  readonly scope: string;
  readonly path: string;
  readonly policyId: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly depth: number;
  /** Milliseconds since the call came in. */
  readonly start: number;
  end: number | null;
  state: 'running' | 'done' | 'failed' | 'skipped';
  readonly notes: Note[];
}

export interface CallDetail extends CallSummary {
  readonly request: MessageRow & { readonly ip: string };
  readonly response: (MessageRow & { readonly reason: string }) | null;
  readonly forwarded: readonly ForwardRow[];
  readonly steps: readonly StepRow[];
  /** Notes of no step. */
  readonly notes: readonly Note[];
  readonly variables: readonly (readonly [name: string, value: string | null])[];
  /** Steps and notes beyond the bound. */
  readonly dropped: number;
}

export interface RecordingOptions {
  readonly id: string;
  readonly call: Call;
  readonly masks: Masks;
  /** UTC milliseconds. */
  readonly time: number;
  /** Milliseconds of a steady clock. */
  readonly clock: () => number;
  /** Told when there is more to show. */
  readonly changed: (recording: Recording) => void;
}

/** Bytes of a body that passes by: the first ones are kept. */
class PassingBody {
  #kept: Uint8Array[] = [];
  #size = 0;
  bytes = 0;

  see(chunk: Uint8Array | string): void {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.bytes += data.length;
    const room = BODY_BYTES - this.#size;
    if (room <= 0) return;
    // Copied: who sent it may use the memory again.
    this.#kept.push(data.slice(0, room));
    this.#size += Math.min(room, data.length);
  }

  row(masks: Masks): BodyRow | null {
    if (this.bytes === 0) return null;
    return bodyRow(Buffer.concat(this.#kept), this.bytes, masks);
  }
}

function bodyRow(kept: Uint8Array, bytes: number, masks: Masks): BodyRow {
  const truncated = kept.length < bytes;
  const text = decode(kept, truncated);
  if (text === undefined) return { text: '', bytes, truncated, binary: true };
  return { text: masks.body(text), bytes, truncated, binary: false };
}

/** Undefined for what is no text. The last characters of a cut text may be incomplete. */
function decode(bytes: Uint8Array, truncated: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

export class Recording implements CallWatch {
  readonly id: string;
  readonly #options: Omit<RecordingOptions, 'call'>;
  readonly #method: string;
  readonly #ip: string;
  #call: Call | undefined;
  readonly #started: number;
  readonly #request: MessageRow['headers'];
  readonly #url: string;
  readonly #requestBody = new PassingBody();
  readonly #responseBody = new PassingBody();
  readonly #steps: StepRow[] = [];
  readonly #open: { readonly info: StepInfo; readonly row: StepRow }[] = [];
  readonly #notes: Note[] = [];
  readonly #forwarded: (Omit<ForwardRow, 'answer'> & { answer: ForwardRow['answer'] })[] = [];
  #exchange: Exchange | undefined;
  #state: CallState = 'running';
  #ended: number | null = null;
  #isComplete = false;
  #entries = 0;
  #dropped = 0;
  #response: CallDetail['response'] = null;
  #status: number | null = null;
  #variables: CallDetail['variables'] = [];
  #characters = 0;
  #summary: CallSummary | undefined;

  constructor({ call, ...given }: RecordingOptions) {
    const masks = given.masks.forCall(call.headers.raw);
    const options = { ...given, masks };
    const { id, clock } = options;
    this.id = id;
    this.#options = options;
    this.#call = call;
    this.#method = call.method;
    this.#ip = call.ipAddress ?? '';
    this.#started = clock();
    this.#request = masks.headers(call.headers.raw);
    this.#url = masks.url(call.url.toString());
    this.#characters = call.headers.raw.join('').length + this.#url.length;
    call.body?.pipe((stream) => this.#passing(stream));
  }

  /** Roughly what it holds on to. */
  get bytes(): number {
    return 4000 + this.#characters * 2 + this.#entries * 300 + 2 * BODY_BYTES;
  }

  /** Never throws: a value that cannot be shown is no reason for a call to fail. */
  readonly listener = (event: ExchangeEvent, exchange: Exchange): void => {
    this.#exchange ??= exchange;
    try {
      if (this.#entries >= MOST_ENTRIES || this.#characters >= MOST_CHARACTERS) this.#dropped += 1;
      else this.#hear(event, exchange);
    } catch {
      this.#dropped += 1;
    }
    if (event.kind === 'step-finished') this.#close(event.step, 'done');
  };

  finished(exchange: Exchange): void {
    const { masks } = this.#options;
    this.#exchange = exchange;
    this.#closeAll('failed');
    const { status, reason, headers } = exchange.ensureResponse();
    this.#status = status;
    this.#response = { reason, headers: masks.headers(headers.toWire()), body: null };
    this.#variables = [...exchange.variables.entries()]
      .slice(0, MOST_VARIABLES)
      .map(([name, value]) => [name, this.#variable(name, value, exchange)]);
    this.#state = exchange.lastError ? 'failed' : 'done';
    this.#summary = this.#summarize();
    this.#options.changed(this);
  }

  #variable(name: string, value: unknown, exchange: Exchange): string | null {
    try {
      return shownValue(value, (text) => exchange.mask(maskFor('variable', name, this.#options.masks)(text)));
    } catch {
      return 'a value that cannot be shown';
    }
  }

  faulted(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#note(null, { kind: 'error', at: this.#now(), source: 'gateway', reason: 'InternalError', text: this.#options.masks.text(text) });
    this.#status = 500;
    this.#state = 'failed';
  }

  sent(chunk: Uint8Array | string): void {
    this.#responseBody.see(chunk);
  }

  ended(): void {
    this.#isComplete = true;
  }

  closed(): void {
    this.#ended = this.#now();
    if (!this.#isComplete) this.#state = 'broken';
    this.#summary = this.#summarize();
    // Nothing is kept alive that is not shown: sockets, bodies, engines of earlier loads.
    this.#exchange = undefined;
    this.#call = undefined;
    this.#open.length = 0;
    this.#options.changed(this);
  }

  summary(): CallSummary {
    return { ...(this.#summary ?? this.#summarize()), state: this.#state, duration: this.#ended };
  }

  detail(): CallDetail {
    const { masks } = this.#options;
    const body = this.#responseBody.row(masks);
    return {
      ...this.summary(),
      request: { headers: this.#request, body: this.#requestBody.row(masks), ip: this.#ip },
      response: this.#response && { ...this.#response, body },
      forwarded: this.#forwarded,
      steps: this.#steps,
      notes: this.#notes,
      variables: this.#variables,
      dropped: this.#dropped,
    };
  }

  /** The request's body, for calls whose body is in memory from the start. */
  readBody(): void {
    const body = this.#call?.body;
    if (body?.isPresent && body.isBuffered && this.#requestBody.bytes === 0) this.#requestBody.see(body.bytes());
  }

  // ------------------------------------------------------------ hearing

  #hear(event: ExchangeEvent, exchange: Exchange): void {
    switch (event.kind) {
      case 'step-started':
        return this.#start(event.step);
      case 'step-skipped':
        return this.#skip(event.step);
      case 'section-started':
        return this.#section(event.section, exchange);
      case 'section-finished':
      case 'step-finished':
        return;
      default:
        this.#note(event.step, this.#noteOf(event));
        if (event.kind === 'error-raised') this.#fail(event.step);
        if (event.kind === 'call-made' && event.step?.policy === 'forward-request') this.#forward(event, exchange);
    }
  }

  #noteOf(event: Exclude<ExchangeEvent, { kind: `step-${string}` | `section-${string}` }>): Note {
    const { masks } = this.#options;
    const at = this.#now();
    const text = (value: string) => short(masks.text(value));
    switch (event.kind) {
      case 'value-written': {
        const { target, name, before, after } = event;
        const mask = maskFor(target, name, masks);
        return { kind: 'wrote', at, target, name, before: shownValue(before, mask), after: shownValue(after, mask) };
      }
      case 'expression-evaluated':
        return {
          kind: 'expression',
          at,
          code: text(event.expression.trim()),
          value: shownValue(event.value, (value) => masks.text(value)),
        };
      case 'branch-taken':
        return { kind: 'branch', at, branch: event.branch };
      case 'call-made':
        return {
          kind: 'call',
          at,
          method: event.method,
          url: short(masks.url(event.url)),
          status: event.status,
          error: event.error ?? null,
        };
      case 'message':
        return { kind: 'message', at, source: event.source, severity: event.severity, text: text(event.message) };
      case 'token-checked':
        return { kind: 'token', at, check: event.check, expected: text(event.expected), actual: text(event.actual), passed: event.passed };
      case 'error-raised':
        return { kind: 'error', at, source: event.error.source, reason: event.error.reason ?? '', text: text(event.error.message) };
    }
  }

  /** Notes go to the step that runs, else to the call. */
  #note(step: StepInfo | null, note: Note): void {
    const row = step && this.#open.findLast(({ info }) => info === step)?.row;
    (row ? row.notes : this.#notes).push(note);
    this.#entries += 1;
    this.#characters += Object.values(note).join('').length;
  }

  #start(info: StepInfo): void {
    const row = this.#rowOf(info, 'running');
    this.#steps.push(row);
    this.#open.push({ info, row });
    this.#entries += 1;
  }

  #skip(info: StepInfo): void {
    this.#steps.push({ ...this.#rowOf(info, 'skipped'), end: this.#now() });
    this.#entries += 1;
  }

  #rowOf(info: StepInfo, state: StepRow['state']): StepRow {
    const { policy, section, scope, path, policyId, file, span } = info;
    const { line, column } = file.positionAt(span.start);
    const parent = this.#open.findLast((one) => isAround(one.info, info))?.row;
    const depth = parent ? parent.depth + 1 : 0;
    return {
      policy,
      section,
      scope,
      path,
      policyId,
      file: file.name,
      line,
      column,
      depth,
      start: this.#now(),
      end: null,
      state,
      notes: [],
    };
  }

  /** Steps inside of it that failed without a word end with it. */
  #close(info: StepInfo, state: StepRow['state']): void {
    const at = this.#open.findLastIndex((one) => one.info === info);
    if (at < 0) return;
    for (const { info: inner, row } of this.#open.splice(at).reverse()) {
      const isInside = inner === info || isAround(info, inner);
      if (isInside) this.#end(row, inner === info ? state : 'failed');
      else this.#open.push({ info: inner, row });
    }
  }

  #fail(step: StepInfo | null): void {
    if (step) this.#close(step, 'failed');
  }

  #closeAll(state: StepRow['state']): void {
    for (const { row } of this.#open.splice(0)) this.#end(row, state);
  }

  #end(row: StepRow, state: StepRow['state']): void {
    row.end = this.#now();
    row.state = state;
  }

  /** What is open when the next section begins was left by an error; before outbound the backend's answer is as it came. */
  #section(section: string, exchange: Exchange): void {
    this.#closeAll('failed');
    const last = this.#forwarded.at(-1);
    if (section !== 'outbound' || !last || last.answer || last.status === null || !exchange.response) return;
    last.answer = { headers: this.#options.masks.headers(exchange.response.headers.raw) };
  }

  #forward({ method, url, status, error }: Extract<ExchangeEvent, { kind: 'call-made' }>, { request }: Exchange): void {
    const { masks } = this.#options;
    const body = request.body.isBuffered && request.body.isPresent ? request.body.bytes() : undefined;
    this.#forwarded.push({
      method,
      url: masks.url(url),
      headers: masks.headers(request.headers.toWire()),
      body: body && body.length > 0 ? bodyRow(body.slice(0, BODY_BYTES), body.length, masks) : null,
      status,
      error: error ?? null,
      answer: null,
    });
  }

  async *#passing(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      this.#requestBody.see(chunk);
      yield chunk;
    }
  }

  // ------------------------------------------------------------ reading

  #now(): number {
    return this.#options.clock() - this.#started;
  }

  #summarize(): CallSummary {
    const { time, masks } = this.#options;
    const exchange = this.#exchange;
    const error = exchange?.lastError;
    return {
      id: this.id,
      time,
      method: this.#method,
      url: this.#url,
      state: this.#state,
      status: this.#status,
      duration: this.#ended,
      api: exchange?.api?.id ?? null,
      operation: exchange?.operation?.id ?? null,
      product: exchange?.product?.id ?? null,
      subscription: exchange?.subscription?.id ?? null,
      backend: exchange?.forwardedTo ?? exchange?.backend?.id ?? null,
      error: error
        ? {
            source: error.source,
            reason: error.reason ?? '',
            message: short(masks.text(error.message)),
            section: error.section,
            path: error.path,
          }
        : null,
    };
  }
}

/** Whether a step stands inside another one: by its path, or through a fragment. */
function isAround(outer: StepInfo, inner: StepInfo): boolean {
  if (outer === inner || outer.section !== inner.section) return false;
  return inner.path.startsWith(`${outer.path}/`) || (outer.policy === 'include-fragment' && outer.file !== inner.file);
}
