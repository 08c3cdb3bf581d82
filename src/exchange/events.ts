/** What the runner and the policies tell listeners: trace, coverage, provenance, debugger and metrics are listeners. */
import type { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import type { Exchange } from './exchange.ts';
import type { LastError } from './policy-error.ts';

export type SectionName = 'inbound' | 'backend' | 'outbound' | 'on-error';
export type ScopeName = 'global' | 'workspace' | 'product' | 'api' | 'operation';

/** Which policy element a step came from. */
export interface StepInfo {
  /** Element name. */
  readonly policy: string;
  readonly section: SectionName;
  readonly scope: ScopeName;
  /** `choose[3]/when[2]/set-header[1]`, counted from 1 per element name. */
  readonly path: string;
  /** The `id` attribute. */
  readonly policyId: string | null;
  readonly file: SourceFile;
  /** The element. */
  readonly span: Span;
}

export type ExchangeEvent =
  | { readonly kind: 'section-started' | 'section-finished'; readonly section: SectionName }
  | { readonly kind: 'step-started' | 'step-finished' | 'step-skipped'; readonly step: StepInfo }
  | { readonly kind: 'expression-evaluated'; readonly step: StepInfo | null; readonly expression: string; readonly value: unknown }
  /** `branch`: `when[2]`, `otherwise`, `none`, `try 2` … */
  | { readonly kind: 'branch-taken'; readonly step: StepInfo | null; readonly branch: string }
  /** `target`: `request.header`, `response.header`, `query`, `variable`, `request.body`, `url`, `method`, `status` … */
  | {
      readonly kind: 'value-written';
      readonly step: StepInfo | null;
      readonly target: string;
      readonly name: string;
      readonly before: unknown;
      readonly after: unknown;
    }
  | {
      readonly kind: 'call-made';
      readonly step: StepInfo | null;
      readonly method: string;
      readonly url: string;
      readonly status: number | null;
      readonly error?: string;
    }
  | {
      readonly kind: 'message';
      readonly step: StepInfo | null;
      readonly source: string;
      readonly severity: TraceSeverity;
      readonly message: string;
      readonly metadata?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'token-checked';
      readonly step: StepInfo | null;
      readonly check: string;
      readonly expected: string;
      readonly actual: string;
      readonly passed: boolean;
    }
  | { readonly kind: 'error-raised'; readonly error: LastError; readonly step: StepInfo | null };

export type TraceSeverity = 'verbose' | 'information' | 'error';

/** Receives events while the call runs; it must not throw and must not change the exchange. */
export type ExchangeListener = (event: ExchangeEvent, exchange: Exchange) => void;
