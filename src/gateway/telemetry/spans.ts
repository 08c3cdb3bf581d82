/** Spans as the gateway makes them; where they go is behind `SpanMaker`: an OpenTelemetry SDK of the user's, or our own export. */
import type { SpanContext } from './trace-context.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly parent: SpanContext | undefined;
  /** `tracestate` of the caller, for sampling by it. */
  readonly state?: string | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly attributes?: Attributes;
}

export interface OpenSpan {
  /** Undefined while no SDK takes spans. */
  readonly context: SpanContext | undefined;
  /** Ends it at milliseconds since 1970. */
  end(at: number, attributes: Attributes, more?: { readonly name?: string; readonly error?: string }): void;
}

export interface SpanMaker {
  start(span: SpanStart): OpenSpan;
  close(): Promise<void>;
}
