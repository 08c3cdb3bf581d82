/** What the listener for operations is asked and answers, without its sockets. */

export interface OpsQuestion {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As JSON; undefined when there is none. */
  readonly body: unknown;
}

export interface OpsAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** A page of the listener. */
export interface OpsRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string | RegExp;
  /** Answers callers on other machines, too. */
  readonly isPublic?: boolean;
  answer(question: OpsQuestion): OpsAnswer | Promise<OpsAnswer>;
}

export function json(status: number, value: unknown): OpsAnswer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

export function problem(status: number, message: string): OpsAnswer {
  return json(status, { error: { code: status, message } });
}
