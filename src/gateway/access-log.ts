/**
 * The access log: one JSON object a line, under the names of the service's gateway log (gateway-model, section 13), with
 * the caller's verified claims that an audit needs. Tokens, keys, query strings and bodies never get in.
 */
import type { Exchange } from '../exchange/exchange.ts';
import type { Redaction } from './redaction.ts';
import type { SpanContext } from './telemetry/trace-context.ts';

export type WriteLine = (line: string) => void;

export interface AccessRecord {
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly milliseconds: number;
  /** 0: the caller was gone before there was an answer. */
  readonly status: number;
  /** `1.1`, `2.0`. */
  readonly httpVersion: string;
  /** The last call to a backend; absent when there was none. */
  readonly backend?: BackendAnswer | undefined;
  /** Of the call's span, when it is recorded. */
  readonly span?: SpanContext | undefined;
}

/** What a backend was asked, and how it answered. */
export interface BackendAnswer {
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  /** 0: no head came. */
  readonly status: number;
  /** Until the head was there. */
  readonly milliseconds: number;
}

/** Hears of each answer. */
export interface AccessSink {
  answered(record: AccessRecord): void;
}

/** Collects lines and writes them in one go a little later: a system call per request would cost more than the request. */
export class LineWriter {
  readonly #write: WriteLine;
  #lines = '';
  #scheduled = false;

  constructor(write: WriteLine) {
    this.#write = write;
  }

  line(text: string): void {
    this.#lines += `${text}\n`;
    if (this.#lines.length > 64 * 1024) this.flush();
    else if (!this.#scheduled) this.#schedule();
  }

  flush(): void {
    const text = this.#lines;
    this.#lines = '';
    if (text !== '') this.#write(text);
  }

  #schedule(): void {
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.flush();
    }, 50).unref();
  }
}

/** The level of a call's record. */
export function accessLevel({ exchange }: AccessRecord): 'info' | 'warn' {
  return exchange.lastError ? 'warn' : 'info';
}

export function accessFields(record: AccessRecord, redaction: Redaction) {
  const { exchange, requestId, milliseconds, status, httpVersion, backend, span } = record;
  const { request, api, operation, product, subscription, user, lastError, verifiedClaims } = exchange;
  return {
    time: new Date(exchange.timestamp).toISOString(),
    level: accessLevel(record),
    msg: 'request',
    correlationId: requestId,
    callerIpAddress: request.ipAddress,
    method: request.originalMethod,
    url: request.originalUrl.origin + request.originalUrl.path,
    clientProtocol: `HTTP/${httpVersion}`,
    responseCode: status,
    isRequestSuccess: status > 0 && status < 400 && lastError?.source !== 'transfer-response',
    totalTime: tenths(milliseconds),
    apiId: api?.id,
    apiRevision: api?.revision,
    operationId: operation?.id,
    productId: product?.id,
    apimSubscriptionId: subscription?.id,
    userId: user?.id,
    backendId: exchange.forwardedTo ?? exchange.backend?.id,
    ...(backend && {
      backendMethod: backend.method,
      backendUrl: redaction.known(backend.url),
      backendResponseCode: backend.status,
      backendTime: tenths(backend.milliseconds),
    }),
    claims: verifiedClaims ?? undefined,
    lastError: lastError
      ? {
          source: lastError.source,
          reason: lastError.reason,
          message: redaction.text(exchange.mask(lastError.message)),
          scope: lastError.scope,
          section: lastError.section,
        }
      : undefined,
    traceId: span?.traceId,
    spanId: span?.spanId,
  };
}

/** Milliseconds as they are logged. */
function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
