/** A call while it runs, for the page: what came in, each step with what it did, what went out. Plain, masked, bounded. */
import type { ExchangeEvent, StepInfo } from '../../exchange/events.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { errorText } from '../../source/error-text.ts';
import type { Call } from '../../workspace/call.ts';
import type { Masks } from '../masks.ts';
import type { CallWatch } from '../watcher.ts';
import type { CallDetail, CallState, CallSummary, ForwardRow, MessageRow, Note } from './call-rows.ts';
import { noteOf } from './notes.ts';
import { BODY_BYTES, bodyRow, PassingBody } from './passing-body.ts';
import { StepRows } from './step-rows.ts';
import { maskFor, short, shownValue } from './values.ts';

/** Steps and notes of one call, and the characters of their texts; what comes later is counted only. */
const MOST_ENTRIES = 2000;
const MOST_CHARACTERS = 512 * 1024;
const MOST_VARIABLES = 200;

/** What a recording goes by. */
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

/** Listens to one call and keeps what the page may ask for. */
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
  readonly #steps = new StepRows(() => this.#now());
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
    if (event.kind === 'step-finished') this.#steps.close(event.step, 'done');
  };

  finished(exchange: Exchange): void {
    const { masks } = this.#options;
    this.#exchange = exchange;
    this.#steps.closeAll('failed');
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
    const text = errorText(error);
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
    this.#steps.forget();
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
      steps: this.#steps.rows,
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

  #hear(event: ExchangeEvent, exchange: Exchange): void {
    switch (event.kind) {
      case 'step-started':
        this.#entries += 1;
        return this.#steps.start(event.step);
      case 'step-skipped':
        this.#entries += 1;
        return this.#steps.skip(event.step);
      case 'section-started':
        return this.#section(event.section, exchange);
      case 'section-finished':
      case 'step-finished':
        return;
      default:
        this.#note(event.step, noteOf(event, this.#now(), this.#options.masks));
        if (event.kind === 'error-raised' && event.step) this.#steps.close(event.step, 'failed');
        if (event.kind === 'call-made' && event.step?.policy === 'forward-request') this.#forward(event, exchange);
    }
  }

  /** Notes go to the step that runs, else to the call. */
  #note(step: StepInfo | null, note: Note): void {
    const row = step && this.#steps.running(step);
    (row ? row.notes : this.#notes).push(note);
    this.#entries += 1;
    this.#characters += Object.values(note).join('').length;
  }

  /** What is open when the next section begins was left by an error; before outbound the backend's answer is as it came. */
  #section(section: string, exchange: Exchange): void {
    this.#steps.closeAll('failed');
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
