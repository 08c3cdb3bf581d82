/** What `context.LastError` holds. Null fields are null in C#, too. */
export interface LastError {
  /** Element name of the failing policy, or the built-in step: `configuration`, `authorization`, `transfer-response`. */
  readonly source: string;
  readonly reason: string | null;
  readonly message: string;
  /** `global`, `workspace`, `product`, `api`, `operation`. */
  readonly scope: string | null;
  /** `inbound`, `backend`, `outbound`, `on-error`. */
  readonly section: string | null;
  /** Place inside the section, counted from 1 per element name: `choose[3]/when[2]`. */
  readonly path: string | null;
  /** The `id` attribute. */
  readonly policyId: string | null;
}

export interface PolicyErrorDetails {
  /** Default: the element name of the policy that runs. */
  readonly source?: string;
  readonly reason: string | null;
  /** LastError.Message. */
  readonly message: string;
  /** What the caller gets unless on-error changes it; default 500. */
  readonly status?: number;
  /** Reason phrase of the answer; default: that of the status. */
  readonly statusReason?: string;
  /** `message` of the default JSON body; without one it is the generic body of status 500. */
  readonly clientMessage?: string;
  /** Reads that text only after LastError is set: an expression such as `@(context.LastError.Message)`. */
  readonly lateClientMessage?: () => string | null;
  /** The text is a literal of the document, whose author escapes it for JSON himself (failed-…-error-message on the reference pages). */
  readonly messageIsEscaped?: boolean;
  /** Raw headers added to the default answer. */
  readonly headers?: readonly string[];
  /** Keeps `context.Response` as it is instead of the default answer (fail-on-error-status-code). */
  readonly keepResponse?: boolean;
  /** The refusal stands in on-error, too, where other failures end in the generic answer (validation policies). */
  readonly standsInOnError?: boolean;
  readonly path?: string;
  readonly cause?: unknown;
}

/** A policy that refuses the call or fails: the pipeline sets LastError from it and goes to on-error. */
export class PolicyError extends Error {
  readonly details: PolicyErrorDetails;
  /** Filled by the runner at the innermost step, with its place. */
  located: LastError | null = null;

  constructor(details: PolicyErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = 'PolicyError';
    this.details = details;
  }

  get status(): number {
    return this.details.status ?? 500;
  }
}
