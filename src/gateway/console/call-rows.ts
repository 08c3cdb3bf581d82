/** One call as the page shows it, as plain data: the page imports these types, too. */

export type CallState = 'running' | 'done' | 'failed' | 'broken';

/** A row of the list of calls. */
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

/** `context.LastError` of a call. */
export interface CallError {
  readonly source: string;
  readonly reason: string;
  readonly message: string;
  readonly section: string | null;
  readonly path: string | null;
}

/** Headers and body of a request or response. */
export interface MessageRow {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: BodyRow | null;
}

/** The beginning of a body. */
export interface BodyRow {
  readonly text: string;
  /** All bytes that passed. */
  readonly bytes: number;
  readonly truncated: boolean;
  /** Not text: only its size is shown. */
  readonly binary: boolean;
}

/** What went to a backend. */
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

/** Something that a step did; `at` is milliseconds since the call came in. */
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

/** A policy that ran, or was skipped. */
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

/** Everything about one call. */
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
