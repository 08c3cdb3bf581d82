/**
 * The access log: one JSON object a line, under the names of the service's gateway log (gateway-model, section 13), with
 * the caller's verified claims that an audit needs. Tokens, keys, query strings and bodies never get in.
 */
import type { Exchange } from '../exchange/exchange.ts';
import type { SpanContext } from './telemetry/trace-context.ts';

export type WriteLine = (line: string) => void;

export interface AccessRecord {
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly milliseconds: number;
  /** 0: the caller was gone before there was an answer. */
  readonly status: number;
  /** Of the call's span, when it is recorded. */
  readonly span?: SpanContext | undefined;
}

/** Hears of each answer, besides the log. */
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

export function accessLine(record: AccessRecord): string {
  return JSON.stringify(accessFields(record));
}

export function accessFields({ exchange, requestId, milliseconds, status, span }: AccessRecord) {
  const { request, api, operation, product, subscription, user, lastError, verifiedClaims } = exchange;
  return {
    time: new Date(exchange.timestamp).toISOString(),
    level: lastError ? ('warn' as const) : ('info' as const),
    msg: 'request',
    correlationId: requestId,
    callerIpAddress: request.ipAddress,
    method: request.originalMethod,
    url: request.originalUrl.origin + request.originalUrl.path,
    responseCode: status,
    isRequestSuccess: status > 0 && status < 400 && lastError?.source !== 'transfer-response',
    totalTime: Math.round(milliseconds * 10) / 10,
    apiId: api?.id,
    apiRevision: api?.revision,
    operationId: operation?.id,
    productId: product?.id,
    apimSubscriptionId: subscription?.id,
    userId: user?.id,
    backendId: exchange.forwardedTo ?? exchange.backend?.id,
    claims: verifiedClaims ?? undefined,
    lastError: lastError
      ? { source: lastError.source, reason: lastError.reason, scope: lastError.scope, section: lastError.section }
      : undefined,
    traceId: span?.traceId,
    spanId: span?.spanId,
  };
}
