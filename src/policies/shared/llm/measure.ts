/** Finds out how many tokens a call used, without holding up an answer that streams. */
import type { Exchange } from '../../../exchange/exchange.ts';
import type { GatewayResponse } from '../../../exchange/message.ts';
import type { Host } from '../../../host/host.ts';
import { dataOf, EventSplitter, isEventStream } from './events.ts';
import type { Prompt } from './prompt.ts';
import { countTokens, type TokenUsage, UsageReading } from './usage.ts';

export interface Measuring {
  readonly prompt: Prompt;
  /** The result is needed before outbound: any answer that is no event stream is read into memory. */
  readonly early: boolean;
  /** An event stream has begun: only the prompt's estimate is known. */
  started?(exchange: Exchange): void;
  /** The call's tokens; null when it failed and used none. */
  done(usage: TokenUsage | null, exchange: Exchange): void | Promise<void>;
}

/** Measures when the backend has answered; a call that never reaches its backend ends with null. */
export function measure(exchange: Exchange, measuring: Measuring): void {
  let begun = false;
  exchange.whenAnswered((answered) => {
    begun = true;
    return begin(answered, measuring);
  });
  exchange.deferred.push((ended) => (begun ? undefined : measuring.done(null, ended)));
}

async function begin(exchange: Exchange, measuring: Measuring): Promise<void> {
  const response = exchange.ensureResponse();
  if (response.status < 200 || response.status >= 300) return measuring.done(null, exchange);
  const events = isEventStream(response);
  if (!events && (measuring.early || isJson(response))) await response.body.buffer(exchange.settings.bodyLimit);
  if (response.body.isBuffered) return measuring.done(readWhole(response, events, measuring.prompt, exchange), exchange);
  measuring.started?.(exchange);
  response.body.pipe((stream) =>
    watched(
      stream,
      events ? new EventsWatcher(exchange.host) : new WholeWatcher(exchange.settings.bodyLimit, exchange.host),
      measuring,
      exchange,
    ),
  );
}

/** A JSON answer comes in one piece; reading it keeps its Content-Length. */
function isJson(response: GatewayResponse): boolean {
  return /^\s*application\/(?:[^\s;]+\+)?json\b/i.test(response.headers.first('Content-Type') ?? '');
}

function readWhole(response: GatewayResponse, events: boolean, prompt: Prompt, { host }: Exchange): TokenUsage {
  const watcher = events ? new EventsWatcher(host) : new WholeWatcher(Number.POSITIVE_INFINITY, host);
  watcher.push(response.body.bytes());
  return watcher.end().result(() => countTokens(prompt.text, host), prompt.streams);
}

interface Watcher {
  push(chunk: Uint8Array): void;
  end(): UsageReading;
}

/** Passes chunks on at once; also ends when the caller goes away. */
async function* watched(stream: AsyncIterable<Uint8Array>, watcher: Watcher, measuring: Measuring, exchange: Exchange) {
  try {
    for await (const chunk of stream) {
      watcher.push(chunk);
      yield chunk;
    }
  } finally {
    const { prompt } = measuring;
    const usage = watcher.end().result(() => countTokens(prompt.text, exchange.host), prompt.streams);
    await settle(measuring, usage, exchange);
  }
}

async function settle(measuring: Measuring, usage: TokenUsage, exchange: Exchange): Promise<void> {
  try {
    await measuring.done(usage, exchange);
  } catch (error) {
    exchange.host.log('warn', 'tokens could not be counted', { error: String(error) });
  }
}

/** Keeps nothing but counts and the event that is not complete yet. */
class EventsWatcher implements Watcher {
  readonly #splitter = new EventSplitter();
  readonly #reading: UsageReading;

  constructor(host: Host) {
    this.#reading = new UsageReading(host);
  }

  push(chunk: Uint8Array): void {
    for (const event of this.#splitter.push(chunk)) this.#reading.take(dataOf(event));
  }

  end(): UsageReading {
    this.#reading.take(dataOf(this.#splitter.rest()));
    return this.#reading;
  }
}

/** Keeps the answer up to a limit; a longer one counts by its length. */
class WholeWatcher implements Watcher {
  readonly #limit: number;
  readonly #host: Host;
  readonly #decoder = new TextDecoder();
  #text = '';
  #bytes = 0;

  constructor(limit: number, host: Host) {
    this.#limit = limit;
    this.#host = host;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#text = this.#bytes > this.#limit ? '' : this.#text + this.#decoder.decode(chunk, { stream: true });
  }

  end(): UsageReading {
    const reading = new UsageReading(this.#host);
    if (this.#bytes > this.#limit) reading.characters(this.#bytes);
    else reading.whole(this.#text);
    return reading;
  }
}
